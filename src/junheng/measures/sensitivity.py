"""敏感性: which schools drive a difference coefficient, and the smallest single change that brings it within its limit.

With T = ΣP, M = Σx, Q = Σx²/P the coefficient is CV² = T·Q/M² − 1. Changing one school's amount by δ keeps T and gives
Q' = Q + (2xδ + δ²)/P and M' = M + δ, so that CV ≤ L becomes a quadratic inequality in δ with a closed solution:

    (T/P − K)·δ² + 2(xT/P − KM)·δ + (TQ − KM²) ≤ 0        K = 1 + L²
"""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np

from junheng.measures.exact import Numbers, amounts_of, students_of
from junheng.measures.fact_table import STAGES
from junheng.measures.model import FactRow
from junheng.measures.resources import NOISE
from junheng.measures.what_if_model import Sensitivity, SmallestChange, VarianceShare
from junheng.policy import Pack, Resource


def sensitivity(facts: Sequence[FactRow], pack: Pack, *, day: date) -> Sensitivity:
    """方差贡献与最小改动 for every county, stage and coefficient. Only coefficients tested singly can be failing."""
    rules = pack.on(day)
    limits = rules.by_stage("coefficient_limit") if rules.has("coefficient_limit") else {}
    inside = [fact for fact in facts if fact.in_scope]
    answer = Sensitivity([], [], [])
    for county in sorted({fact.county for fact in inside}):
        for stage in STAGES:
            group = [fact for fact in inside if fact.county == county and fact.stage == stage]
            for resource in pack.resources:
                _one(group, resource, limits.get(stage), answer)
    return answer


def _one(group: Sequence[FactRow], r: Resource, limit: float | None, answer: Sensitivity) -> None:
    students, amounts = students_of(group), amounts_of(group, r.numerator)
    known = ~np.isnan(students) & ~np.isnan(amounts)
    pupils, amount = students[known], amounts[known]
    if not amount.sum():
        return
    schools = [fact for fact, use in zip(group, known, strict=True) if use]
    level = amount.sum() / pupils.sum()
    parts = pupils * (amount / pupils - level) ** 2
    total = float(parts.sum())
    shares = parts / total if total else np.zeros(len(parts))
    values = amount / pupils * r.scale * r.per
    found = [
        VarianceShare(
            fact.county, fact.stage, r.code, fact.school_code, fact.school, int(p), float(value), float(share)
        )
        for fact, p, value, share in zip(schools, pupils, values, shares, strict=True)
    ]
    answer.shares.extend(sorted(found, key=lambda row: -row.share))
    before = math.sqrt(total / pupils.sum()) / level
    if limit is None or before <= limit * (1 + NOISE):
        return
    change = _smallest(pupils, amount, limit, whole=r.whole)
    place = (schools[0].county, schools[0].stage, r.code)
    if change is None:
        answer.hopeless.append(place)
        return
    position, delta, after = change
    fact = schools[position]
    answer.changes.append(
        SmallestChange(
            *place, fact.school_code, fact.school, delta, r.numerator_unit, float(before), after, limit
        )
    )


def _smallest(
    pupils: Numbers, amount: Numbers, limit: float, *, whole: bool
) -> tuple[int, float, float] | None:
    """(position, δ, coefficient afterwards) with the least |δ|; None when no single school can do it."""
    candidates: list[tuple[float, int, float]] = []
    squares, total, everyone = (amount**2 / pupils).sum(), amount.sum(), pupils.sum()
    k = 1 + limit * limit
    a = everyone / pupils - k
    b = 2 * (amount * everyone / pupils - k * total)
    c = everyone * squares - k * total * total
    under = b * b - 4 * a * c
    for position in np.flatnonzero((under >= 0) & (a != 0)).tolist():
        root = math.sqrt(under[position])
        for sign in (-1.0, 1.0):
            delta = float((-b[position] + sign * root) / (2 * a[position]))
            settled = _settled(pupils, amount, position, delta, limit, whole=whole)
            if settled is not None:
                candidates.append((abs(settled), int(position), settled))
    if not candidates:
        return None
    _, best, delta = min(candidates)
    return best, delta, _after(pupils, amount, best, delta)


def _settled(
    pupils: Numbers, amount: Numbers, position: int, delta: float, limit: float, *, whole: bool
) -> float | None:
    """δ made usable: whole for people and rooms (away from zero), else to the second decimal; None if it does not work."""
    step = 1.0 if whole else 0.01
    away = math.ceil(abs(delta) / step - 1e-9) * step
    for steps in (0, 1):
        change = round(math.copysign(away + steps * step, delta), 2)
        if amount[position] + change < 0:
            return None
        if _after(pupils, amount, position, change) <= limit * (1 + NOISE):
            return change
    return None


def _after(pupils: Numbers, amount: Numbers, position: int, delta: float) -> float:
    changed = amount.copy()
    changed[position] += delta
    level = changed.sum() / pupils.sum()
    if not level:
        return math.inf
    return float(np.sqrt((pupils * (changed / pupils - level) ** 2).sum() / pupils.sum()) / level)
