"""结果行: judged facts and coefficients, already computed, as the frozen rows of an assessment."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from junheng.measures.exact import ExactResult, Judged
from junheng.measures.model import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    NOT_REPORTED,
    CoefficientResult,
    CompositeResult,
    FactRow,
    IndicatorResult,
    SchoolResult,
    Verdict,
)
from junheng.measures.resources import NOISE
from junheng.policy import PackDay, Resource


def school_results(
    facts: Sequence[FactRow], found: ExactResult, rules: PackDay
) -> tuple[list[SchoolResult], list[IndicatorResult]]:
    """One SchoolResult a fact, and one IndicatorResult a fact and indicator, in the order of the facts."""
    by_code = [_indicators(facts, r, found.indicators[r.code], rules) for r in rules.pack.resources]
    floors = [found.indicators[r.code].floor for r in rules.pack.resources]
    schools: list[SchoolResult] = []
    indicators: list[IndicatorResult] = []
    groups = zip(*by_code, strict=True)
    for fact, own, floor, verdict in zip(
        facts, groups, zip(*floors, strict=True), found.verdicts, strict=True
    ):
        indicators.extend(own)
        near: list[str] = []
        below: list[str] = []
        for indicator, enough in zip(own, floor, strict=True):
            if indicator.verdict == NOT_MET:
                (near if enough else below).append(indicator.code)
        schools.append(
            SchoolResult(
                fact.county,
                fact.school_code,
                fact.school,
                fact.stage,
                fact.kind,
                fact.organizer,
                fact.locale,
                fact.students,
                fact.grades,
                fact.classes,
                fact.in_scope,
                fact.reason,
                sum(i.verdict == MET for i in own),
                sum(i.verdict == NOT_REPORTED for i in own),
                tuple(near),
                tuple(below),
                verdict,
                _remark(own, near, below),
            )
        )
    return schools, indicators


def _indicators(
    facts: Sequence[FactRow], r: Resource, judged: Judged, rules: PackDay
) -> list[IndicatorResult]:
    """One indicator of all facts. Arguments by position: a what-if makes thousands of these within 20 ms."""
    clause = rules.clause(r.code if rules.has(r.code) else "composite_limit")
    columns = zip(
        facts, judged.value, judged.numerator, judged.threshold, judged.ratio, judged.met, judged.gap,
        judged.surplus, judged.borderline, strict=True,
    )  # fmt: skip
    answer = []
    for fact, value, numerator, threshold, ratio, met, gap, surplus, borderline in columns:
        if not fact.in_scope or threshold is None:
            verdict: Verdict = NOT_APPLICABLE
        elif met is None:
            verdict = NOT_REPORTED
        else:
            verdict = MET if met else NOT_MET
        told = verdict in (MET, NOT_MET)
        answer.append(
            IndicatorResult(
                fact.county,
                fact.school_code,
                fact.school,
                fact.stage,
                r.code,
                r.title,
                value,
                numerator,
                fact.students,
                r.unit,
                threshold,
                ratio,
                verdict,
                gap if told else None,
                r.numerator_unit,
                surplus if told else None,
                borderline and told,
                clause,
                _relief(fact, r),
                fact.split if r.split else "",
            )
        )
    return answer


_RELIEF_OF = {"arts_sports_teachers": "arts_sports_shared", "sports_area": "sports_extra"}


def _relief(fact: FactRow, resource: Resource) -> str:
    relief = _RELIEF_OF.get(resource.numerator, "")
    return relief if relief in fact.reliefs else ""


def _remark(own: Sequence[IndicatorResult], near: Sequence[str], below: Sequence[str]) -> str:
    met = [i.code for i in own if i.verdict == MET]
    blank = [i.code for i in own if i.verdict == NOT_REPORTED]
    parts = [
        (met, "达标"),
        (near, "未达标但达到余项下限"),
        (below, "低于余项下限"),
        (blank, "未报"),
    ]
    return "；".join(f"{'、'.join(codes)}{words}" for codes, words in parts if codes)


def coefficient_results(
    found: Sequence[Mapping[str, Any]], rules: PackDay
) -> tuple[list[CoefficientResult], list[CompositeResult]]:
    """Coefficients and composites of every (county, stage), in the pack's order of indicators."""
    single = rules.by_stage("coefficient_limit") if rules.has("coefficient_limit") else {}
    whole = rules.by_stage("composite_limit") if rules.has("composite_limit") else {}
    clause = rules.clause("coefficient_limit" if single else "composite_limit")
    coefficients, composites = [], []
    for row in found:
        own = [_coefficient(row, resource, single, clause, rules) for resource in rules.pack.resources]
        coefficients.extend(own)
        composites.append(_composite(row, own, whole.get(row["stage"]), clause, rules))
    return coefficients, composites


def _coefficient(
    row: Mapping[str, Any], r: Resource, limits: Mapping[str, float], clause: str, rules: PackDay
) -> CoefficientResult:
    mean, deviation = row[f"{r.code}_mean"], row[f"{r.code}_deviation"]
    cv = deviation / mean if mean else None
    limit = limits.get(row["stage"])
    verdict = _limited(cv, limit, rules)
    if mean is not None and cv is None:
        verdict = NOT_APPLICABLE
    return CoefficientResult(
        county=row["county"],
        stage=row["stage"],
        code=r.code,
        title=r.title,
        unit=r.unit,
        mean=mean,
        deviation=deviation,
        cv=cv,
        limit=limit,
        verdict=verdict,
        schools=int(row[f"{r.code}_schools"] or 0),
        students=int(row[f"{r.code}_students"] or 0),
        unreported=int(row[f"{r.code}_unreported"] or 0),
        clause=clause,
    )


def _composite(
    row: Mapping[str, Any],
    own: Sequence[CoefficientResult],
    limit: float | None,
    clause: str,
    rules: PackDay,
) -> CompositeResult:
    known = [c.cv for c in own if c.cv is not None]
    cv = math.fsum(known) / len(known) if known else None
    complete = len(known) == len(own)
    return CompositeResult(
        county=row["county"],
        stage=row["stage"],
        cv=cv,
        limit=limit,
        verdict=_limited(cv if complete else None, limit, rules),
        counted=len(known),
        expected=len(own),
        clause=clause,
    )


def _limited(cv: float | None, limit: float | None, rules: PackDay) -> Verdict:
    if limit is None:
        return NOT_APPLICABLE
    if cv is None:
        return NOT_REPORTED
    if rules.text("rounding.test") == "rounded":
        power = 10 ** int(rules.by_stage("rounding.decimals")["差异系数"])
        cv = math.floor(cv * power + 0.5 + 1e-9) / power
    return MET if cv <= limit * (1 + NOISE) else NOT_MET
