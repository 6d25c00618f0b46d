"""去向的数: counts of a list, rates by school, class and township, and where the children of registered families are."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from bureau.entitlements import lists
from bureau.entitlements.evaluation_models import EvaluatedChild, Evaluation, Profile
from bureau.graduates import rules
from bureau.graduates.models import Leaver, Support
from bureau.graduates.queries import GRADUATED, UNPLACED, leavers
from bureau.people.scope import Scope
from bureau.registry import queries as registered

HARDSHIPS = ("建档立卡", "低保", "特困")


@dataclass
class Rate:
    """去向合计 of one class, school or township, of all its graduates and of those of registered families."""

    key: str
    school_code: str
    class_number: int | None
    graduates: int = 0
    kinds: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    registered: int = 0
    registered_kinds: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def share(self, *kinds: str) -> float | None:
        """Share of all graduates; None when there are none."""
        return sum(self.kinds[kind] for kind in kinds) / self.graduates if self.graduates else None

    def registered_share(self, *kinds: str) -> float | None:
        """Share of the graduates of registered families."""
        found = sum(self.registered_kinds[kind] for kind in kinds)
        return found / self.registered if self.registered else None


@dataclass(frozen=True, slots=True)
class Standing:
    """去向的一组: how many leavers of one kind, of registered families or not, with one destination (None: nothing is known)."""

    kind: str
    registered: bool
    destination: str | None
    n: int

    @property
    def unplaced(self) -> bool:
        """未落实: no study, work or army."""
        return self.destination in (None, "idle", "other", "unknown")

    @property
    def unknown(self) -> bool:
        """去向不详."""
        return self.destination in (None, "unknown")


def standings(rows: QuerySet[Leaver]) -> list[Standing]:
    """All groups of some leavers, in one question to the database."""
    found = rows.order_by().values_list("kind", "registered", "current__kind").annotate(n=Count("pk"))
    return [Standing(*one) for one in found]


def supported(rows: QuerySet[Leaver]) -> int:
    """困难家庭未落实而有帮扶措施的人数."""
    return rows.filter(UNPLACED, registered=True, pk__in=Support.objects.values("leaver")).count()


def counts(groups: Sequence[Standing]) -> dict[str, int]:
    """毕业生合计: all, by kind of destination, without any, of registered families and those of them without a place."""
    graduated = [one for one in groups if one.kind == "graduated"]
    poor = [one for one in graduated if one.registered]
    found = {
        "all": sum(one.n for one in graduated),
        "none": sum(one.n for one in graduated if one.destination is None),
        "registered": sum(one.n for one in poor),
        "registered_study": sum(one.n for one in poor if one.destination == "study"),
        "registered_unplaced": sum(one.n for one in poor if one.unplaced),
    }
    return found | {kind: sum(one.n for one in graduated if one.destination == kind) for kind in rules.KINDS}


def rates(county_code: str, year: int, stage: str, by: str, scope: Scope) -> list[Rate]:
    """去向率 by school, class or township."""
    rows = (
        leavers(county_code, scope)
        .filter(GRADUATED, year=year, stage=stage)
        .order_by()
        .values("school_code", "class_number", "township_code", "registered", "current__kind")
        .annotate(n=Count("pk"))
    )
    found: dict[tuple[str, int | None], Rate] = {}
    for row in rows:
        number = row["class_number"] if by == "class" else None
        name = row["township_code"] if by == "township" else row["school_code"]
        rate = found.setdefault((name, number), Rate(name, row["school_code"], number))
        kind = row["current__kind"] or "none"
        rate.graduates += row["n"]
        rate.kinds[kind] += row["n"]
        if row["registered"]:
            rate.registered += row["n"]
            rate.registered_kinds[kind] += row["n"]
    return [found[key] for key in sorted(found, key=lambda key: (key[0], key[1] or 0))]


@dataclass(frozen=True, slots=True)
class Studies:
    """就读信息库的合计 of registered children: in the county by stage, elsewhere by stage, placed otherwise, not known."""

    in_county: dict[str, int]
    elsewhere: dict[str, int]
    placed: dict[str, int]
    unknown: int

    @property
    def all(self) -> int:
        """所有困难家庭的孩子."""
        counted = (*self.in_county.values(), *self.elsewhere.values(), *self.placed.values())
        return sum(counted) + self.unknown


@dataclass(frozen=True, slots=True)
class Judged:
    """名册核定的困难情形, as of a day: the evaluation of aid that rests on that day's register, and what each situation means."""

    evaluation: Evaluation
    facts: Mapping[int, Mapping[str, bool | None]]

    @property
    def version(self) -> str:
        """Changes with the evaluation."""
        return f"evaluation {self.evaluation.pk}"


def judged(county_code: str, day: date) -> Judged | None:
    """The newest evaluation in force of the day's register; None where there is none, and the school's entry is all there is."""
    one = next((one for one in lists.evaluated(county_code) if one.register_day == day), None)
    if one is None:
        return None
    rows = Profile.objects.filter(evaluation=one).values_list("number", "facts")
    return Judged(one, {number: {name: facts.get(name) for name in HARDSHIPS} for number, facts in rows})


def registered_pupils(rows: QuerySet[Any, Any], known: Judged | None) -> QuerySet[Any, Any]:
    """困难家庭的在读学生 of the student register: the register of origin decides; without an evaluation what the school entered.

    Who is on leave is not evaluated: of him the school's entry is all there is.
    """
    entered = Q(registered_household=True) | Q(minimum_living=True) | Q(destitute=True)
    if known is None:
        return rows.filter(entered, enrolment_status__in=["在读", "休学"])
    poor = [number for number, facts in known.facts.items() if any(facts.values())]
    # Looked up for each pupil: a list by name needs fifty of them, not the twelve thousand keys.
    told = EvaluatedChild.objects.filter(
        evaluation=known.evaluation, student_key=OuterRef("key"), profile__in=poor
    )
    return rows.filter(Exists(told) | Q(entered, enrolment_status="休学"))


def hardships(known: Judged, keys: Collection[str]) -> dict[str, Mapping[str, bool | None]]:
    """{student: 建档立卡, 低保 and 特困 as the registers say}, of those evaluated."""
    rows = EvaluatedChild.objects.filter(evaluation=known.evaluation, student_key__in=list(keys))
    return {key: known.facts[profile] for key, profile in rows.values_list("student_key", "profile")}


def away(
    county_code: str, scope: Scope, day: date, newest: Collection[int] | None = None
) -> QuerySet[Leaver]:
    """困难家庭 who left and are in no school of the county on the day: each child once, its newest leaving.

    `newest` are the ids of those of the whole county, where they are known already.
    """
    ids = away_ids(county_code, day) if newest is None else newest
    return leavers(county_code, scope).filter(pk__in=ids)


def away_ids(county_code: str, day: date) -> list[int]:
    """Of the whole county; to be remembered until the register or the leavers change."""
    rows = Leaver.objects.filter(county_code=county_code, registered=True)
    # Worked out here: a subquery for each child takes a hundred times as long.
    newest = dict(rows.order_by("year", "id").values_list("student_key", "pk"))
    keys = list(newest)
    enrolled: set[str] = set()
    for start in range(0, len(keys), 1_000):
        found = registered.rows_on("students", day).filter(
            key__in=keys[start : start + 1_000], enrolment_status__in=["在读", "休学"]
        )
        enrolled.update(
            key for key, county in found.values_list("key", "county_code") if county == county_code
        )
    return [pk for key, pk in newest.items() if key not in enrolled]


def in_county(pupils: QuerySet[Any, Any], known: Judged | None) -> dict[str, int]:
    """{stage: 困难家庭的在读学生}; to be remembered until the register or the evaluation changes."""
    found = registered_pupils(pupils, known).order_by().values_list("stage").annotate(n=Count("pk"))
    return {stage or "未报": n for stage, n in found}


def studies(here: Mapping[str, int], gone: QuerySet[Leaver]) -> Studies:
    """就读信息库的合计; `here` as `in_county` answers."""
    out: dict[str, int] = {}
    placed: dict[str, int] = {}
    unknown = 0
    rows = gone.order_by().values("current__kind", "current__study_stage").annotate(n=Count("pk"))
    for row in rows:
        kind, stage = row["current__kind"], row["current__study_stage"]
        if kind == "study":
            out[stage] = out.get(stage, 0) + row["n"]
        elif kind in (None, "unknown"):
            unknown += row["n"]
        else:
            placed[kind] = placed.get(kind, 0) + row["n"]
    return Studies(dict(here), out, placed, unknown)
