"""小表精算: the same indicators, verdicts and coefficients in numpy, for a county's worth of facts held in memory.

The table expressions in `resources` and `coefficients` are for tables that stay tables (a region, the nation); planning
a query costs more than a county's arithmetic. Here a what-if answers in milliseconds. Both are compared with each other
and with a plain twin in the tests. NaN stands for 未报 inside this module only.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.measures.fact_table import STAGES
from junheng.measures.model import MET, NOT_APPLICABLE, NOT_MET, NOT_REPORTED, FactRow
from junheng.measures.resources import CLEAN, NOISE
from junheng.policy import PackDay, Resource

Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]


def exact_rows(facts: Sequence[FactRow], rules: PackDay) -> list[dict[str, Any]]:
    """As `resources.judged`: one {column: value} a fact, in the order given."""
    resources = rules.pack.resources
    students = students_of(facts)
    stages = [fact.stage for fact in facts]
    columns: dict[str, list[Any]] = {}
    tested = [r for r in resources if rules.has(r.code)]
    met_count = np.zeros(len(facts), np.int64)
    failing, below = met_count.copy(), met_count.copy()
    for r in resources:
        have = amounts_of(facts, r.numerator)
        known = ~np.isnan(have) & ~np.isnan(students)
        value = have * (r.scale * r.per) / students
        columns[r.numerator], columns[r.code] = _plain(have), _plain(value)
        if r not in tested:
            continue
        met, floor, known = _tests(r, rules, stages, have, students, value, known)
        columns[f"{r.code}_met"] = [bool(m) if k else None for m, k in zip(met, known, strict=True)]
        columns[f"{r.code}_floor"] = [bool(f) if k else None for f, k in zip(floor, known, strict=True)]
        columns[f"{r.code}_gap"] = _plain(
            np.where(known, _gap(r, rules, stages, have, students, met), np.nan)
        )
        met_count += met & known
        failing += ~met & known
        below += ~floor & known
    columns["verdict"] = _verdicts(facts, rules, len(tested), met_count, failing, below)
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def students_of(facts: Sequence[FactRow]) -> Numbers:
    """Pupils as floats; NaN where they are not reported or not positive."""
    return np.array([f.students if f.students and f.students > 0 else np.nan for f in facts], np.float64)


def amounts_of(facts: Sequence[FactRow], numerator: str) -> Numbers:
    """One numerator as floats; NaN where it is not reported or negative."""
    raw = [fact.amounts.get(numerator) for fact in facts]
    return np.array([x if x is not None and x >= 0 else np.nan for x in raw], np.float64)


def _tests(
    r: Resource,
    rules: PackDay,
    stages: Sequence[str],
    have: Numbers,
    students: Numbers,
    value: Numbers,
    known: Truths,
) -> tuple[Truths, Truths, Truths]:
    threshold = _thresholds(r, rules, stages)
    if rules.text("rounding.test") == "rounded":
        power = 10.0 ** int(rules.by_stage("rounding.decimals")["学校"])
        left, right = np.floor(value * power + (0.5 + 1e-9)) / power, threshold
    else:
        left, right = have * (r.scale * r.per), threshold * students
    floor = rules.number("school.floor") if rules.has("school.floor") else 0.0
    known = known & ~np.isnan(threshold)
    return left >= right * (1 - NOISE), left >= right * (floor * (1 - NOISE)), known


def _thresholds(r: Resource, rules: PackDay, stages: Sequence[str]) -> Numbers:
    values = rules.by_stage(r.code)
    return np.array([values.get(stage, np.nan) for stage in stages], np.float64)


def _gap(
    r: Resource, rules: PackDay, stages: Sequence[str], have: Numbers, students: Numbers, met: Truths
) -> Numbers:
    short = np.round(_thresholds(r, rules, stages) * students / (r.scale * r.per) - have, CLEAN)
    return np.where(met, 0.0, np.ceil(short) if r.whole else short)


def _verdicts(
    facts: Sequence[FactRow],
    rules: PackDay,
    tested: int,
    met: NDArray[np.int64],
    failing: NDArray[np.int64],
    below: NDArray[np.int64],
) -> list[str]:
    if not tested or not rules.has("school.minimum_met"):
        return [NOT_APPLICABLE] * len(facts)
    may_fail = tested - int(rules.number("school.minimum_met"))
    answer: list[str] = []
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
