"""资源配置指标: value, verdict and gap of every resource indicator, and the school verdict, as table expressions.

In: facts, one row per (county, school_code, school, stage), with `students`, `in_scope` and the numerators of the pack.
Out: the same rows with, for each indicator code C: `C` the value, `C_met`, `C_gap`; and `passes`, `failing`, `below`
(under the floor), `unreported`, `verdict`. Blank in, blank out: 未报 is never 0.
"""

from collections.abc import Sequence
from functools import reduce

import narwhals as nw

from junheng.measures.model import MET, NOT_APPLICABLE, NOT_MET, NOT_REPORTED
from junheng.measures.rows import Frame, blank
from junheng.policy import PackDay, Resource

# Binary fractions carry noise near 1e-16; reported amounts have at most six decimals. A difference below one part in
# 10^12 is therefore noise and never a real shortfall.
NOISE = 1e-12
CLEAN = 6


def by_stage(values: dict[str, float]) -> nw.Expr:
    """The number of the row's stage; blank for a stage that the standard does not name."""
    answer = blank(nw.Float64)
    for stage, value in values.items():
        answer = nw.when(nw.col("stage") == nw.lit(stage)).then(nw.lit(float(value))).otherwise(answer)
    return answer


def usable(facts: Frame, resources: Sequence[Resource]) -> Frame:
    """Facts in which pupils that are not positive and amounts that are negative are blank: nothing divides by zero."""
    students = nw.when(nw.col("students") > 0).then(nw.col("students")).otherwise(blank(nw.Int64))
    amounts = []
    for name in dict.fromkeys(resource.numerator for resource in resources):
        amount = nw.col(name).cast(nw.Float64)
        amounts.append(nw.when(amount >= 0).then(amount).otherwise(blank(nw.Float64)).alias(name))
    return facts.with_columns(students.alias("students"), *amounts)


def value_of(resource: Resource) -> nw.Expr:
    """numerator × scale × per ÷ pupils, in the indicator's unit."""
    return nw.col(resource.numerator) * nw.lit(resource.scale * resource.per) / nw.col("students")


def rounded(value: nw.Expr, decimals: int) -> nw.Expr:
    """Half away from zero, as clerks round: engines differ on exact halves, so it is spelled out."""
    power = float(10**decimals)
    return (value * nw.lit(power) + nw.lit(0.5 + 1e-9)).floor() / nw.lit(power)


def judged(facts: Frame, rules: PackDay) -> Frame:
    """学校评估: facts with indicators and the three-valued school verdict (see the module's head)."""
    resources = rules.pack.resources
    frame = usable(facts, resources)
    frame = frame.with_columns(*[value_of(resource).alias(resource.code) for resource in resources])
    tested = [resource for resource in resources if rules.has(resource.code)]
    if not tested or not rules.has("school.minimum_met"):
        return frame.with_columns(
            *[nw.lit(0).alias(name) for name in ("passes", "failing", "below", "unreported")],
            nw.lit(NOT_APPLICABLE).alias("verdict"),
        )
    floor = rules.number("school.floor")
    frame = frame.with_columns(
        *[_need(resource, rules).alias(f"{resource.code}_need") for resource in tested]
    )
    frame = frame.with_columns(*[test for resource in tested for test in _tests(resource, rules, floor)])
    frame = frame.with_columns(
        *[_gap(resource).alias(f"{resource.code}_gap") for resource in tested],
        _count([nw.col(f"{r.code}_met") for r in tested]).alias("passes"),
        _count([~nw.col(f"{r.code}_met") for r in tested]).alias("failing"),
        _count([~nw.col(f"{r.code}_floor") for r in tested]).alias("below"),
    )
    unreported = nw.lit(len(tested)) - nw.col("passes") - nw.col("failing")
    may_fail = len(tested) - int(rules.number("school.minimum_met"))
    frame = frame.with_columns(
        unreported.alias("unreported"), _verdict(may_fail, unreported).alias("verdict")
    )
    return frame.drop(*[f"{r.code}_{part}" for r in tested for part in ("need", "floor")])


def _need(resource: Resource, rules: PackDay) -> nw.Expr:
    """How much of the numerator the threshold asks of this school."""
    factor = nw.lit(resource.scale * resource.per)
    return by_stage(rules.by_stage(resource.code)) * nw.col("students") / factor


def _tests(resource: Resource, rules: PackDay, floor: float) -> list[nw.Expr]:
    """`_met` and `_floor`: amounts are compared with what is needed, not quotients with thresholds."""
    have, need = nw.col(resource.numerator), nw.col(f"{resource.code}_need")
    if rules.text("rounding.test") == "rounded":
        have = rounded(nw.col(resource.code), int(rules.by_stage("rounding.decimals")["学校"]))
        need = by_stage(rules.by_stage(resource.code))
    return [
        (have >= need * nw.lit(1 - NOISE)).alias(f"{resource.code}_met"),
        (have >= need * nw.lit(floor * (1 - NOISE))).alias(f"{resource.code}_floor"),
    ]


def _gap(resource: Resource) -> nw.Expr:
    """What is missing in the numerator's unit: 0 when met, whole for people and rooms, blank when not reported."""
    short = (nw.col(f"{resource.code}_need") - nw.col(resource.numerator)).round(CLEAN)
    gap = short.ceil() if resource.whole else short
    return nw.when(nw.col(f"{resource.code}_met")).then(nw.lit(0.0)).otherwise(gap)


def _count(flags: Sequence[nw.Expr]) -> nw.Expr:
    """How many are true; blank counts as no."""
    ones = [flag.cast(nw.Int64).fill_null(0) for flag in flags]
    return reduce(lambda left, right: left + right, ones)


def _verdict(may_fail: int, unreported: nw.Expr) -> nw.Expr:
    certain_failure = (nw.col("failing") > may_fail) | (nw.col("below") > 0)
    undecided = nw.when(unreported > 0).then(nw.lit(NOT_REPORTED)).otherwise(nw.lit(MET))
    inside = nw.when(certain_failure).then(nw.lit(NOT_MET)).otherwise(undecided)
    return nw.when(nw.col("in_scope")).then(inside).otherwise(nw.lit(NOT_APPLICABLE))
