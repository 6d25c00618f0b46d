"""结果行: judged facts and coefficients, already computed, as the frozen rows of an assessment."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
from junheng.measures.resources import CLEAN, NOISE
from junheng.policy import PackDay, Resource


@dataclass(frozen=True)
class _Rule:
    """What one resource needs from the pack, looked up once."""

    resource: Resource
    thresholds: dict[str, float]
    clause: str


def _rules(rules: PackDay) -> list[_Rule]:
    answer = []
    for resource in rules.pack.resources:
        tested = rules.has(resource.code)
        clause = rules.clause(resource.code if tested else "composite_limit")
        answer.append(_Rule(resource, rules.by_stage(resource.code) if tested else {}, clause))
    return answer


def school_results(
    facts: Sequence[FactRow], judged: Sequence[Mapping[str, Any]], rules: PackDay
) -> tuple[list[SchoolResult], list[IndicatorResult]]:
    """One SchoolResult a fact and one IndicatorResult a fact and indicator; `judged[i]` belongs to `facts[i]`."""
    wanted, margin = _rules(rules), rules.number("borderline.margin")
    schools, indicators = [], []
    for fact, row in zip(facts, judged, strict=True):
        own = [_indicator(fact, row, rule, margin) for rule in wanted]
        indicators.extend(own)
        near = tuple(i.code for i in own if i.verdict == NOT_MET and row.get(f"{i.code}_floor"))
        below = tuple(i.code for i in own if i.verdict == NOT_MET and not row.get(f"{i.code}_floor"))
        schools.append(
            SchoolResult(
                county=fact.county,
                school_code=fact.school_code,
                school=fact.school,
                stage=fact.stage,
                kind=fact.kind,
                organizer=fact.organizer,
                locale=fact.locale,
                students=fact.students,
                grades=fact.grades,
                classes=fact.classes,
                in_scope=fact.in_scope,
                reason=fact.reason,
                passes=sum(i.verdict == MET for i in own),
                unreported=sum(i.verdict == NOT_REPORTED for i in own),
                near=near,
                below_floor=below,
                verdict=row["verdict"],
                remark=_remark(own, near, below),
            )
        )
    return schools, indicators


def _indicator(fact: FactRow, row: Mapping[str, Any], rule: _Rule, margin: float) -> IndicatorResult:
    resource, code = rule.resource, rule.resource.code
    threshold = rule.thresholds.get(fact.stage)
    value: float | None = row[code]
    verdict = _verdict(fact, value, threshold, row.get(f"{code}_met"))
    ratio = value / threshold if value is not None and threshold else None
    gap = surplus = None
    if verdict in (MET, NOT_MET) and fact.students and threshold is not None:
        gap = float(row[f"{code}_gap"])
        need = threshold * fact.students / (resource.scale * resource.per)
        over = max(0.0, round((row[resource.numerator] or 0.0) - need, CLEAN))
        surplus = float(math.floor(over)) if resource.whole else over
    return IndicatorResult(
        county=fact.county,
        school_code=fact.school_code,
        school=fact.school,
        stage=fact.stage,
        code=code,
        title=resource.title,
        value=value,
        numerator=row[resource.numerator],
        denominator=fact.students,
        unit=resource.unit,
        threshold=threshold,
        ratio=ratio,
        verdict=verdict,
        gap=gap,
        gap_unit=resource.numerator_unit,
        surplus=surplus,
        borderline=verdict in (MET, NOT_MET) and ratio is not None and abs(ratio - 1) <= margin * (1 + NOISE),
        clause=rule.clause,
        relief=_relief(fact, resource),
        split=fact.split if resource.split else "",
    )


def _verdict(fact: FactRow, value: float | None, threshold: float | None, met: bool | None) -> Verdict:
    if not fact.in_scope or threshold is None:
        return NOT_APPLICABLE
    if value is None or met is None:
        return NOT_REPORTED
    return MET if met else NOT_MET


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
