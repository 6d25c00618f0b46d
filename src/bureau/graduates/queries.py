"""就读与去向的读取: graduates and their destinations, a child's path, and who studies outside the county."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from bureau.graduates import awards, rules
from bureau.graduates.models import ComeList, Derivation, Destination, Leaver, ListLine, Support
from bureau.links.facts import facts_of
from bureau.people.scope import Scope
from bureau.registry import queries as registered
from bureau.registry.models import School
from junheng.policy.clauses import LAST_GRADE, PUPIL_STAGES

GRADUATED = Q(kind="graduated")
UNPLACED = Q(current=None) | Q(current__kind__in=["idle", "other", "unknown"])
UNKNOWN = Q(current=None) | Q(current__kind="unknown")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """县外就读的孩子, as aid asks of it: a stage of PUPIL_STAGES, the school year it is in, and what is known of the family."""

    student_key: str
    stage: str
    grade: int
    facts: Mapping[str, bool | None]
    school_name: str
    place: str
    since: date
    source: str
    told: Mapping[str, awards.Told]  # those of the facts that a list of awards said


@dataclass(frozen=True, slots=True)
class Step:
    """一段经历. `until` is empty while it lasts; `source` says where it is known from."""

    since: date
    until: date | None
    what: str
    place: str
    stage: str
    source: str


def in_scope(scope: Scope) -> Q:
    """Condition on leavers: by the school that they left."""
    return scope.schools()


def leavers(county_code: str, scope: Scope) -> QuerySet[Leaver]:
    """毕业和转出学生 in the account's area."""
    return Leaver.objects.filter(in_scope(scope), county_code=county_code)


def years(county_code: str) -> list[int]:
    """Years with graduates, newest first."""
    found = Leaver.objects.filter(county_code=county_code).order_by("-year")
    return list(found.values_list("year", flat=True).distinct())


def stages(county_code: str, year: int) -> list[str]:
    """毕业学段 of a year."""
    found = Leaver.objects.filter(GRADUATED, county_code=county_code, year=year).order_by("stage")
    return list(found.values_list("stage", flat=True).distinct())


def path(county_code: str, student_key: str) -> list[Step]:
    """一个孩子的路: each school and stage of the register in turn, then what lists and people said, oldest first."""
    steps: list[Step] = []
    history = [row for row in registered.history("students", student_key) if row.county_code == county_code]
    names = _school_names({row.school_code for row in history})
    for row in history:
        if row.enrolment_status not in ("在读", "休学"):
            if steps and steps[-1].until is None:
                steps[-1] = _ended(steps[-1], row.status_on or row.valid_from)
            continue
        stage = _stage_words(row.stage, row.grade)
        name = names.get(row.school_code, row.school_code)
        if steps and (steps[-1].stage, steps[-1].place) == (stage, name):
            steps[-1] = Step(steps[-1].since, row.valid_to, "就读", name, stage, "学生登记册")
            continue
        since = row.entered_on if not steps and row.entered_on else row.valid_from
        if steps:
            steps[-1] = _ended(steps[-1], row.valid_from)
        steps.append(Step(since, row.valid_to, "就读", name, stage, "学生登记册"))
    said = (
        Destination.objects.filter(
            leaver__in=list(
                Leaver.objects.filter(county_code=county_code, student_key=student_key).values_list(
                    "pk", flat=True
                )
            ),
            replaced_at=None,
        )
        .exclude(source="register")
        .select_related("line__of")
        .order_by("day", "id")
    )
    for one in said:
        source = one.line.of.title if one.line else str(one.get_source_display())
        steps.append(Step(one.day, None, rules.KINDS[one.kind], _where(one), one.study_stage, source))
    found = sorted(steps, key=lambda step: step.since)
    for place, after in enumerate(found[1:]):
        if found[place].until is None:
            found[place] = _ended(found[place], after.since)
    return found


def _ended(step: Step, day: date) -> Step:
    return Step(step.since, max(day, step.since), step.what, step.place, step.stage, step.source)


def _stage_words(stage: str | None, grade: str | None) -> str:
    return "普高" if stage == "高中" else stage or ""


def _where(one: Destination) -> str:
    return one.school_name or one.employer or one.place


def _school_names(codes: Iterable[str]) -> dict[str, str]:
    rows = School.objects.filter(replaced_by=None, key__in=list(codes)).order_by("valid_from")
    return {code: name for code, name in rows.values_list("key", "school_name") if name}


def students_elsewhere(county_code: str, day: date) -> list[Elsewhere]:
    """县外和更高学段就读的孩子 on a day: those whose destination is study outside the county's schools and still lasts.

    `facts` is what was known when the child left, with the registers of other offices that still know it laid over it, and
    what lists of awards say.
    """
    rows = (
        Destination.objects.filter(
            leaver__county_code=county_code,
            kind="study",
            in_county=False,
            study_stage__in=[stage for stage in PUPIL_STAGES if stage in rules.STUDY_STAGES],
            replaced_at=None,
        )
        .select_related("leaver", "line__of")
        .order_by("day", "id")
    )
    newest: dict[str, Destination] = {row.leaver.student_key: row for row in rows}
    known = facts_of(county_code, day) if newest else {}
    told = awards.told_on(county_code, day) if newest else {}
    enrolled = dict(
        registered.rows_on("students", day, county_code)
        .filter(key__in=rows.values("leaver__student_key"), enrolment_status__in=["在读", "休学"])
        .values_list("key", "valid_from")
    )
    found = []
    for key, one in newest.items():
        # A register that came after the destination has the child back in the county; an older one only has not heard yet.
        if key in enrolled and enrolled[key] > one.day:
            continue
        # Who is admitted in July studies from September on; until then the child belongs to the school that it leaves.
        grade = rules.school_grade(one.day, day)
        if one.day > day or not 1 <= grade <= LAST_GRADE[one.study_stage]:
            continue
        facts: dict[str, bool | None] = dict(one.leaver.facts)
        facts |= {name: answer.value for name, answer in known.get(key, {}).items()}
        decided = told.get(key, {})
        facts |= {name: answer.value for name, answer in decided.items()}
        source = one.line.of.title if one.line else "人工登记"
        found.append(
            Elsewhere(
                key, one.study_stage, grade, facts, one.school_name, one.place, one.day, source, decided
            )
        )
    return found


def newest_said(county_code: str, day: date) -> tuple[date, int, str] | None:
    """就读登记到哪一天: (day, number and, as text, when one was last replaced) of studies outside the county begun by `day`.

    It changes with each that comes or goes, and with each list of awards; None where there never was one.
    """
    rows = Destination.objects.filter(kind="study", in_county=False, day__lte=day)
    newest = _first_of(county_code, rows.order_by("-id").values_list("leaver__county_code", "day", "pk"))
    if newest is None:
        return None
    ended = rows.filter(replaced_at__isnull=False).order_by("-replaced_at")
    last = _first_of(county_code, ended.values_list("leaver__county_code", "replaced_at"))
    return (newest[1], newest[2], f"{last[1] if last else ''}{awards.stamp(county_code)}")


def _first_of(county_code: str, rows: QuerySet[Any, Any]) -> tuple[Any, ...] | None:
    # By the county here and not in the query, which would begin with all who left its schools.
    return next((row for row in rows.iterator(100) if row[0] == county_code), None)


def county_school_names(county_code: str) -> frozenset[str]:
    """校名 of the county's schools, as any register had them: study there is study in the county."""
    names = School.objects.filter(county_code=county_code, replaced_by=None).values_list(
        "school_name", flat=True
    )
    return frozenset(name for name in names if name)


def child(county_code: str, pk: int, scope: Scope) -> Leaver | None:
    """One leaver in the account's area."""
    return leavers(county_code, scope).filter(pk=pk).select_related("current", "current__line__of").first()


def of_child(one: Leaver) -> QuerySet[Leaver]:
    """Every time this child left a stage."""
    rows = Leaver.objects.filter(county_code=one.county_code, student_key=one.student_key)
    return rows.select_related("current").order_by("year", "id")


def destinations(one: Leaver) -> QuerySet[Destination]:
    """What was ever said of where the child went, newest first."""
    return one.destinations.select_related("by", "line__of")


def supports(one: Leaver) -> QuerySet[Support]:
    """一人一策 of a child."""
    return one.supports.select_related("by", "done_by", "confirmed_by")


def lists(county_code: str) -> QuerySet[ComeList]:
    """外来名单."""
    return ComeList.objects.filter(county_code=county_code).select_related("by", "withdrawn_by")


def lines(of: ComeList, scope: Scope) -> QuerySet[ListLine]:
    """Lines of a list: all for the bureau; for others those that point at a child of theirs."""
    rows = of.lines.all()
    if scope.reach in ("county", "everything"):
        return rows
    return rows.filter(leaver__in=Leaver.objects.filter(in_scope(scope)).values("pk"))


def derivations(county_code: str) -> QuerySet[Derivation]:
    """更新的记录, newest first."""
    return Derivation.objects.filter(county_code=county_code).select_related("by")
