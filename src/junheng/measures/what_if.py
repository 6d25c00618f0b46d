"""假设推演: edited cells and merged schools → all resource verdicts again, without saving anything.

Works on the facts of an assessment in memory (numpy), so that a county answers in milliseconds. Amounts are edited as they
stand in the facts, that is after the split of a multi-stage school.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from junheng.measures.exact import exact, exact_coefficients
from junheng.measures.fact_table import numerators
from junheng.measures.model import Assessment, FactRow, IndicatorResult, SchoolResult
from junheng.measures.results import coefficient_results, school_results
from junheng.measures.what_if_model import Edit, Merge
from junheng.policy import Pack, PackDay

Key = tuple[str, str, str]


def what_if(
    facts: Sequence[FactRow], edits: Sequence[Edit], merges: Sequence[Merge], pack: Pack, *, day: date
) -> Assessment:
    """推演: the resource part of an assessment after `merges`, then `edits`. Facts given are not changed.

    ValueError, as a Chinese sentence, when an edit or merge names a school, stage or column that is not there, or a
    negative amount.
    """
    rules = pack.on(day)
    changed = edited(merged(facts, merges), edits, pack)
    return judged_facts([rescoped(fact, rules) for fact in changed], pack, day)


def judged_facts(facts: Sequence[FactRow], pack: Pack, day: date) -> Assessment:
    """事实 → 评估: schools, indicators, coefficients and composites of facts held in memory."""
    rules = pack.on(day)
    schools, indicators = school_results(facts, exact(facts, rules), rules)
    coefficients, composites = coefficient_results(exact_coefficients(facts, rules), rules)
    return Assessment(
        pack=pack.id,
        version=pack.version,
        day=day,
        schools=schools,
        indicators=indicators,
        coefficients=coefficients,
        composites=composites,
        facts=list(facts),
    )


def merged(facts: Sequence[FactRow], merges: Sequence[Merge]) -> list[FactRow]:
    """撤并: pupils and amounts are added; what either school has not reported stays 未报."""
    held = {fact.key: fact for fact in facts}
    for merge in merges:
        closed, into = _find(held, merge.closed), _find(held, merge.into)
        if closed.key == into.key:
            raise ValueError(f"“{closed.school}”不能并入自己，请另选一所学校")
        if closed.stage != into.stage:
            raise ValueError(
                f"“{closed.school}”（{closed.stage}）与“{into.school}”（{into.stage}）学段不同，不能合并"
            )
        held[into.key] = replace(
            into,
            students=_sum(closed.students, into.students),
            classes=_sum(closed.classes, into.classes),
            amounts={name: _sum(closed.amounts.get(name), value) for name, value in into.amounts.items()},
        )
        del held[closed.key]
    return list(held.values())


def edited(facts: Sequence[FactRow], edits: Sequence[Edit], pack: Pack) -> list[FactRow]:
    """改数: each edit sets one cell; the last edit of a cell counts."""
    held = {fact.key: fact for fact in facts}
    names = numerators(pack)
    for edit in edits:
        fact = _find(held, edit.key)
        if edit.value is not None and edit.value < 0:
            raise ValueError(f"“{fact.school}”的数值不能是负数（{edit.value}），请改正")
        if edit.column == "students":
            students = None if edit.value is None else round(edit.value)
            held[edit.key] = replace(fact, students=students)
        elif edit.column in names:
            held[edit.key] = replace(fact, amounts=fact.amounts | {edit.column: edit.value})
        else:
            raise ValueError(f"没有“{edit.column}”这一项，可改：students、{'、'.join(names)}")
    return list(held.values())


def rescoped(fact: FactRow, rules: PackDay) -> FactRow:
    """A teaching point enters or leaves the scope as its pupils change; everything else keeps its scope."""
    if fact.kind not in rules.names("scope.teaching_point_kinds") or fact.kind in rules.names(
        "scope.excluded_kinds"
    ):
        return fact
    minimum = rules.number("scope.teaching_point_minimum")
    small = fact.students is not None and fact.students < minimum
    return replace(fact, in_scope=not small, reason=f"不足{minimum:g}人的教学点不计入统计" if small else "")


def facts_of(
    schools: Sequence[SchoolResult], indicators: Sequence[IndicatorResult], pack: Pack
) -> list[FactRow]:
    """存档结果 → 事实: facts rebuilt from stored results, in the order of `schools`."""
    numerator = {resource.code: resource.numerator for resource in pack.resources}
    amounts: dict[tuple[str, str, str, str], dict[str, float | None]] = {}
    for row in indicators:
        own = amounts.setdefault((row.county, row.school_code, row.school, row.stage), {})
        own[numerator[row.code]] = row.numerator
    return [
        FactRow(
            county=school.county,
            school_code=school.school_code,
            school=school.school,
            stage=school.stage,
            students=school.students,
            amounts=amounts.get((school.county, school.school_code, school.school, school.stage), {}),
            kind=school.kind,
            organizer=school.organizer,
            locale=school.locale,
            grades=school.grades,
            classes=school.classes,
            in_scope=school.in_scope,
            reason=school.reason,
        )
        for school in schools
    ]


def _find(held: dict[Key, FactRow], key: Key) -> FactRow:
    if key not in held:
        raise ValueError(f"没有学校“{key[1]}”的{key[2]}，可能已被合并，请重新选择")
    return held[key]


Amount = TypeVar("Amount", int, float)


def _sum(left: Amount | None, right: Amount | None) -> Amount | None:
    return None if left is None or right is None else left + right
