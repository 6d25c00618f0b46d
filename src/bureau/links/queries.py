"""读取外部名册和比对结果: which version is in force on a day, what an account may see of its lines, the queue, the sample."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from bureau.links import sampling, states
from bureau.links.coverage import coverage_of, standing
from bureau.links.models import Decision, Link, OutsideRegister, SchoolAge
from bureau.people.models import User
from bureau.people.scope import Reach, scope_of
from bureau.registry import queries as registered

State = OutsideRegister.State
COMPARED = Q(state=State.MATCHED) | Q(state=State.MATCHING, matched_at__isnull=False)


def in_county(user: User, county_code: str) -> bool:
    """Whether an account's area takes in the whole county."""
    scope = scope_of(user)
    return scope.reach is Reach.EVERYTHING or (scope.reach is Reach.COUNTY and scope.code == county_code)


def own_school(user: User) -> str:
    """The school of an account that sees only its school; "" for others."""
    scope = scope_of(user)
    return scope.code if scope.reach is Reach.SCHOOL else ""


def visible(user: User, county_code: str) -> QuerySet[OutsideRegister]:
    """The versions of a county that an account may see as files: those of its county, and a school its own; newest first."""
    found = OutsideRegister.objects.filter(county_code=county_code).select_related("by")
    if in_county(user, county_code):
        return found
    school = own_school(user)
    return found.filter(coverage="schools", places=[school]) if school else found.none()


def registers_in_force(county_code: str, day: date | None) -> list[OutsideRegister]:
    """正在使用的名册 on the day, by source and newest first (by data day, the later upload of two of one day).

    Several of one source where a newer one covers only part of what an older one covers; none whose last day has passed.
    """
    if day is None:
        return []
    lasting = Q(until=None) | Q(until__gte=day)
    rows = OutsideRegister.objects.filter(COMPARED, lasting, county_code=county_code, day__lte=day)
    found: dict[str, list[OutsideRegister]] = {}
    for register in rows.select_related("by").order_by("-day", "-id"):
        found.setdefault(register.source, []).append(register)
    return [one for source in sorted(found) for one in standing(found[source])]


def lapsed(county_code: str, day: date) -> dict[str, OutsideRegister]:
    """{source: the newest version whose last day has passed}."""
    rows = OutsideRegister.objects.filter(COMPARED, county_code=county_code, until__lt=day)
    return {register.source: register for register in rows.order_by("day", "id")}


def lines_in_force(registers: Sequence[OutsideRegister]) -> Q:
    """Condition on links: those of the registers, without the lines of places for which a newer register of the source speaks."""
    if all(one.coverage == "county" for one in registers):
        return Q(of__in=[one.pk for one in registers])
    wanted = Q(pk__in=[])
    for _source, several in groupby(registers, key=lambda one: one.source):
        newer: list[OutsideRegister] = []
        for register in several:
            own = Q(of=register.pk)
            for one in newer:
                by_home = one.coverage == "townships"
                own &= ~Q(line__township_code__in=one.places) if by_home else ~Q(school_code__in=one.places)
            wanted |= own
            newer.append(register)
    return wanted


def replaced_by(register: OutsideRegister) -> OutsideRegister | None:
    """The version that takes this one's place from its own day on."""
    later = Q(day__gt=register.day) | Q(day=register.day, id__gt=register.pk)
    rows = OutsideRegister.objects.filter(
        COMPARED & later, county_code=register.county_code, source=register.source
    )
    own = coverage_of(register)
    return next((one for one in rows.order_by("day", "-id") if coverage_of(one).includes(own)), None)


def ages_of(county_code: str) -> tuple[int, int]:
    """学龄口径: the county's, or the assumed one."""
    saved = SchoolAge.objects.filter(county_code=county_code).first()
    return (saved.youngest, saved.oldest) if saved else (states.SCHOOL_FROM, states.SCHOOL_TO)


def counted_from(county_code: str, day: date) -> date:
    """学龄按哪一学年算: the day of the student register that says who studies on `day`, or the day itself before there is one.

    A child that has come of age since cannot stand in it, and is not missing from it.
    """
    days = registered.days_with_data(county_code, "students")
    return next((one for one in days if one <= day), day)


def links_for(
    user: User, county_code: str, registers: Sequence[OutsideRegister] | None = None
) -> QuerySet[Link]:
    """比对结果 that an account may see: all of its county's; a township those who live there, a school those of its own pupils."""
    if registers is None:
        found = Link.objects.filter(of__county_code=county_code)
    else:
        found = Link.objects.filter(lines_in_force(registers))
    scope = scope_of(user)
    match scope.reach:
        case Reach.EVERYTHING:
            return found
        case Reach.COUNTY:
            return found if scope.code == county_code else found.none()
        case Reach.TOWNSHIP:
            return found.filter(line__township_code=scope.code)
        case Reach.SCHOOL:
            own = Q(state__in=(*states.LINKED, "to_check", "second"), school_code=scope.code)
            return found.filter(own | Q(line__school_code=scope.code))
        case _:
            return found.none()


def lines_of(county_code: str, student_key: str) -> QuerySet[Link]:
    """一个孩子在各名册中的行, newest version first; only where it is linked."""
    return (
        Link.objects.filter(of__county_code=county_code, student_key=student_key, state__in=states.LINKED)
        .exclude(of__state=State.WITHDRAWN)
        .select_related("line", "of", "decision")
        .order_by("-of__day", "-of__id")
    )


def counts_by_state(register: OutsideRegister) -> dict[str, int]:
    """{state: lines}."""
    return dict(Link.objects.filter(of=register).values_list("state").annotate(n=Count("*")))


def school_names(county_code: str) -> dict[str, str]:
    """{school code: name} of a county's newest student data."""
    day = registered.latest_day(county_code)
    if day is None:
        return {}
    rows = registered.rows_on("schools", day, county_code).order_by("school_name")
    return {code: name or code for code, name in rows.values_list("school_code", "school_name")}


# --- desks -------------------------------------------------------------------------------------------------------

DESKS = ("check", "second", "missing", "sample")


def desk(links: QuerySet[Link], name: str, *, user: User) -> QuerySet[Link]:
    """待办 of one desk, most urgent first: pairs to check, to be looked at by a second person, missing children, the sample."""
    match name:
        case "second":
            found = links.filter(state="second").exclude(decision__by=user)
        case "missing":
            found = links.filter(state="unmatched").exclude(near_key="")
        case "sample":
            # Written so that no database takes the index of decisions, in which nearly every line has none.
            found = links.alias(judged=Coalesce("decision_id", 0)).filter(
                sampled=True, judged=0, machine="automatic"
            )
        case _:
            found = links.filter(state="to_check")
    return found.order_by("-urgency", "pk")


def sample_of(register: OutsideRegister) -> dict[str, Any]:
    """抽查 of one register, with how many lines were linked automatically."""
    none = {"drawn": 0, "answered": 0, "reviewed": 0, "wrong": 0, "rate": None}
    return samples_of([register]).get(register.source, none) | {
        "automatic": register.counts.get("automatic", 0)
    }


def samples_of(registers: Sequence[OutsideRegister]) -> dict[str, dict[str, Any]]:
    """{source: 抽查} of the registers in one query: drawn, answered, reviewed, wrong and the error rate."""
    source_of = {register.pk: register.source for register in registers}
    rows = Link.objects.filter(of__in=list(source_of), sampled=True).values_list(
        "of", "decision__audit", "decision__verdict"
    )
    found: dict[str, dict[str, Any]] = {}
    for of, audit, verdict in rows:
        one = found.setdefault(source_of[of], {"drawn": 0, "answered": 0, "reviewed": 0, "wrong": 0})
        one["drawn"] += 1
        if audit:
            one["answered"] += 1
            one["reviewed"] += verdict != "visit"
            one["wrong"] += verdict == "different"
    for one in found.values():
        one["rate"] = sampling.error_rate(one["wrong"], one["reviewed"])
    return found


def newest_decision(county_code: str) -> str:
    """Changes with every decision, second look and undoing of the county."""
    rows = Decision.objects.filter(county_code=county_code)
    newest = rows.aggregate(a=Max("at"), b=Max("second_at"), c=Max("undone_at"))
    return "|".join(str(moment) for moment in newest.values())


def may_see_file(user: User, register: OutsideRegister) -> bool:
    """Whether an account may see a register as a whole: those of its county, and a school the one that covers it alone."""
    school = own_school(user)
    own = bool(school) and register.coverage == "schools" and register.places == [school]
    return own or in_county(user, register.county_code)


def decisions_of(link: Link) -> QuerySet[Decision]:
    """一行的全部认定, undone ones too, newest first."""
    rows = Decision.objects.filter(
        county_code=link.of.county_code, source=link.of.source, line_key=link.line.key
    )
    return rows.select_related("by", "second", "undone_by")
