"""小表精算: the same indicators, verdicts and coefficients in numpy, for a county's worth of facts held in memory.

The table expressions in `resources` and `coefficients` are for tables that stay tables (a region, the nation); planning
a query costs more than a county's arithmetic. Here a what-if answers in milliseconds. Both are compared with each other
and with a plain twin in the tests. NaN stands for 未报 inside this module only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.measures.fact_table import STAGES
from junheng.measures.model import MET, NOT_APPLICABLE, NOT_MET, NOT_REPORTED, FactRow, Verdict
from junheng.measures.resources import CLEAN, NOISE
from junheng.policy import PackDay, Resource

Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Judged:
    """一项指标在各校的结果: lists as long as the facts. `met` None: not reported or not tested."""

    numerator: list[float | None]
    value: list[float | None]
    threshold: list[float | None]
    ratio: list[float | None]
    met: list[bool | None]
    floor: list[bool]
    gap: list[float | None]
    surplus: list[float | None]
    borderline: list[bool]


@dataclass(frozen=True)
class ExactResult:
    """小表精算的结果: one `Judged` for each indicator code, and each fact's school verdict, in the order given."""

    indicators: dict[str, Judged]
    verdicts: list[Verdict]


def exact(facts: Sequence[FactRow], rules: PackDay) -> ExactResult:
    """As `resources.judged`, for facts in memory."""
    students = students_of(facts)
    stages = [fact.stage for fact in facts]
    zero = np.zeros(len(facts), np.int64)
    met_count, failing, below = zero.copy(), zero.copy(), zero.copy()
    indicators, tested = {}, 0
    for r in rules.pack.resources:
        have = amounts_of(facts, r.numerator)
        value = have * (r.scale * r.per) / students
        threshold = _thresholds(r, rules, stages) if rules.has(r.code) else np.full(len(facts), np.nan)
        met, floor = _tests(r, rules, have, students, value, threshold)
        known = ~np.isnan(value) & ~np.isnan(threshold)
        spare = have - threshold * students / (r.scale * r.per)
        short, over = np.round(-spare, CLEAN), np.maximum(np.round(spare, CLEAN), 0.0)
        gap = np.where(met, 0.0, np.ceil(short) if r.whole else short)
        surplus = np.floor(over) if r.whole else over
        ratio = value / threshold
        near = np.abs(ratio - 1) <= rules.number("borderline.margin") * (1 + NOISE)
        indicators[r.code] = Judged(
            numerator=_plain(have),
            value=_plain(value),
            threshold=_plain(threshold),
            ratio=_plain(ratio),
            met=[m if k else None for m, k in zip(met.tolist(), known.tolist(), strict=True)],
            floor=floor.tolist(),
            gap=_plain(np.where(known, gap, np.nan)),
            surplus=_plain(np.where(known, surplus, np.nan)),
            borderline=near.tolist(),
        )
        if rules.has(r.code):
            tested += 1
            met_count += met & known
            failing += ~met & known
            below += ~floor & known
    return ExactResult(indicators, _verdicts(facts, rules, tested, met_count, failing, below))


def students_of(facts: Sequence[FactRow]) -> Numbers:
    """Pupils as floats; NaN where they are not reported or not positive."""
    return np.array([f.students if f.students and f.students > 0 else np.nan for f in facts], np.float64)


def amounts_of(facts: Sequence[FactRow], numerator: str) -> Numbers:
    """One numerator as floats; NaN where it is not reported or negative."""
    raw = [fact.amounts.get(numerator) for fact in facts]
    return np.array([x if x is not None and x >= 0 else np.nan for x in raw], np.float64)


def _tests(
    r: Resource, rules: PackDay, have: Numbers, students: Numbers, value: Numbers, threshold: Numbers
) -> tuple[Truths, Truths]:
    if rules.text("rounding.test") == "rounded":
        power = 10.0 ** int(rules.by_stage("rounding.decimals")["学校"])
        left, right = np.floor(value * power + (0.5 + 1e-9)) / power, threshold
    else:
        left, right = have * (r.scale * r.per), threshold * students
    floor = rules.number("school.floor") if rules.has("school.floor") else 0.0
    return left >= right * (1 - NOISE), left >= right * (floor * (1 - NOISE))


def _thresholds(r: Resource, rules: PackDay, stages: Sequence[str]) -> Numbers:
    values = rules.by_stage(r.code)
    return np.array([values.get(stage, np.nan) for stage in stages], np.float64)


def _verdicts(
    facts: Sequence[FactRow],
    rules: PackDay,
    tested: int,
    met: NDArray[np.int64],
    failing: NDArray[np.int64],
    below: NDArray[np.int64],
) -> list[Verdict]:
    if not tested or not rules.has("school.minimum_met"):
        return [NOT_APPLICABLE] * len(facts)
    may_fail = tested - int(rules.number("school.minimum_met"))
    answer: list[Verdict] = []
    for fact, m, f, b in zip(facts, met.tolist(), failing.tolist(), below.tolist(), strict=True):
        if not fact.in_scope:
            answer.append(NOT_APPLICABLE)
        elif f > may_fail or b:
            answer.append(NOT_MET)
        else:
            answer.append(NOT_REPORTED if m + f < tested else MET)
    return answer


def exact_coefficients(facts: Sequence[FactRow], rules: PackDay) -> list[dict[str, Any]]:
    """As `coefficients.coefficients`: one {column: value} for each (county, stage), ordered."""
    groups: dict[tuple[str, str], list[int]] = {}
    for position, fact in enumerate(facts):
        if fact.in_scope:
            groups.setdefault((fact.county, fact.stage), []).append(position)
    students = students_of(facts)
    amounts = {r.code: amounts_of(facts, r.numerator) for r in rules.pack.resources}
    answer = []
    for county, stage in sorted(groups, key=lambda key: (key[0], _place(key[1]))):
        inside = np.array(groups[county, stage])
        row: dict[str, Any] = {"county": county, "stage": stage}
        for r in rules.pack.resources:
            row |= _spread(r, students[inside], amounts[r.code][inside])
        answer.append(row)
    return answer


def _spread(r: Resource, students: Numbers, amounts: Numbers) -> dict[str, Any]:
    known = ~np.isnan(students) & ~np.isnan(amounts)
    pupils, amount = students[known], amounts[known]
    total = float(pupils.sum())
    mean = deviation = None
    if total:
        level = float(amount.sum()) / total
        square = float((pupils * (amount / pupils - level) ** 2).sum())
        mean, deviation = level * r.scale * r.per, float(np.sqrt(square / total)) * r.scale * r.per
    return {
        f"{r.code}_mean": mean,
        f"{r.code}_deviation": deviation,
        f"{r.code}_schools": int(known.sum()),
        f"{r.code}_students": total,
        f"{r.code}_unreported": int((~known).sum()),
    }


def _plain(numbers: Numbers) -> list[float | None]:
    return [None if number != number else number for number in numbers.tolist()]


def _place(stage: str) -> int:
    return STAGES.index(stage) if stage in STAGES else len(STAGES)
