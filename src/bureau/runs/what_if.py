"""假设推演: the stored facts of a run, changed in memory and judged again; nothing is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bureau.people.scope import Scope
from bureau.runs import compute, shown
from bureau.runs.models import Run, SchoolResult
from junheng.measures import Assessment, Edit, FactRow, Merge, judged_facts
from junheng.measures import what_if as judge
from junheng.policy import Pack

MOST_CHANGES = 500


class NotPossibleError(ValueError):
    """推演不了: the sentence says which change, and why."""


@dataclass(frozen=True)
class Base:
    """推演的起点: the facts of the schools an account sees, and the standard of that run."""

    run: Run
    pack: Pack
    facts: list[FactRow]

    def key(self, name: str) -> tuple[str, str, str]:
        """“学校标识码|学段” as the page writes it → the key of the fact."""
        code, _, stage = name.partition("|")
        for fact in self.facts:
            if (fact.school_code or fact.school) == code and fact.stage == stage:
                return fact.key
        raise NotPossibleError(f"推演里没有“{code}”的{stage}，可能已不在辖区或登记册里，请重置后再试")


def base(run: Run, scope: Scope) -> Base:
    """The stored facts as rows to work on."""
    rows = shown.schools(run, scope).order_by("township_code", "school_code", "stage")
    return Base(run, _pack(run), [fact_of(row, run.county_code) for row in rows])


def fact_of(row: SchoolResult, county: str) -> FactRow:
    """A stored school result back into the fact it was drawn from."""
    fact: Mapping[str, Any] = row.fact or {}
    return FactRow(
        county=county,
        school_code=row.school_code,
        school=row.school,
        stage=row.stage,
        students=row.students,
        amounts=dict(row.amounts),
        kind=row.kind,
        organizer=row.organizer,
        locale=row.locale,
        grades=row.grades,
        classes=row.classes,
        in_scope=row.in_scope,
        reason=row.reason,
        reliefs=tuple(fact.get("reliefs", ())),
        split=str(fact.get("split", "")),
    )


def before(start: Base) -> Assessment:
    """The assessment without any change."""
    return judged_facts(start.facts, start.pack, start.run.day)


def after(start: Base, edits: Sequence[Mapping[str, Any]], merges: Sequence[Mapping[str, Any]]) -> Assessment:
    """The assessment with the changes; `edits` are {key, column, value}, `merges` {closed, into}.

    Raises NotPossibleError with a sentence.
    """
    if len(edits) + len(merges) > MOST_CHANGES:
        raise NotPossibleError(f"一次最多推演 {MOST_CHANGES} 处改动，请先重置一部分")
    changes = [Edit(start.key(str(one["key"])), str(one["column"]), _amount(one["value"])) for one in edits]
    joins = [Merge(start.key(str(one["closed"])), start.key(str(one["into"]))) for one in merges]
    try:
        return judge(start.facts, changes, joins, start.pack, day=start.run.day)
    except ValueError as error:
        raise NotPossibleError(str(error)) from error


def _amount(value: object) -> float | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
        raise NotPossibleError(f"“{value}”不是可用的数，请改成数字")
    return float(value)


def _pack(run: Run) -> Pack:
    return _pack_once(run.pk, run.county_code, run.pack)


@lru_cache(maxsize=16)
def _pack_once(run_id: int, county_code: str, pack: str) -> Pack:
    """Reading a pack takes longer than a whole county's arithmetic; a run keeps its own."""
    return compute.county_pack(county_code, pack)
