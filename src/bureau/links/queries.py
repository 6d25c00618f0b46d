"""读取外部名册和比对结果: which version is in force on a day, what an account may see of its lines, the queue, the sample."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from bureau.links import rules, states
from bureau.links.models import Decision, Link, OutsideRegister, SchoolAge
from bureau.people.models import User
from bureau.people.scope import Reach, scope_of

State = OutsideRegister.State
COMPARED = Q(state=State.MATCHED) | Q(state=State.MATCHING, matched_at__isnull=False)


def in_county(user: User, county_code: str) -> bool:
    """Whether an account's area takes in the whole county."""
    scope = scope_of(user)
    return scope.reach is Reach.EVERYTHING or (scope.reach is Reach.COUNTY and scope.code == county_code)


def visible(county_code: str) -> QuerySet[OutsideRegister]:
    """All versions of a county, newest first."""
    return OutsideRegister.objects.filter(county_code=county_code).select_related("by")


def registers_in_force(county_code: str, day: date | None) -> dict[str, OutsideRegister]:
    """{source: the version in force on the day}: the newest by data day, the later upload of two of one day."""
    if day is None:
        return {}
    found: dict[str, OutsideRegister] = {}
    rows = OutsideRegister.objects.filter(COMPARED, county_code=county_code, day__lte=day)
    for register in rows.order_by("day", "id"):
        found[register.source] = register
    return found


def replaced_by(register: OutsideRegister) -> OutsideRegister | None:
    """The version that takes this one's place from its own day on."""
    later = Q(day__gt=register.day) | Q(day=register.day, id__gt=register.pk)
    rows = OutsideRegister.objects.filter(
        COMPARED & later, county_code=register.county_code, source=register.source
    )
    return rows.order_by("day", "-id").first()


def ages_of(county_code: str) -> tuple[int, int]:
    """学龄口径: the county's, or the assumed one."""
    saved = SchoolAge.objects.filter(county_code=county_code).first()
    return (saved.youngest, saved.oldest) if saved else (states.SCHOOL_FROM, states.SCHOOL_TO)


def links_for(
    user: User, county_code: str, registers: Mapping[str, OutsideRegister] | None = None
) -> QuerySet[Link]:
    """比对结果 that an account may see: all of its county's; a township those who live there, a school those of its own pupils."""
    if registers is None:
        found = Link.objects.filter(of__county_code=county_code)
    else:
        found = Link.objects.filter(of__in=[register.pk for register in registers.values()])
    scope = scope_of(user)
    match scope.reach:
        case Reach.EVERYTHING:
            return found
        case Reach.COUNTY:
            return found if scope.code == county_code else found.none()
        case Reach.TOWNSHIP:
            return found.filter(line__township_code=scope.code)
        case Reach.SCHOOL:
            return found.filter(school_code=scope.code, state__in=(*states.LINKED, "to_check", "second"))
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
    return dict(Link.objects.filter(of=register).values_list("state").annotate(n=Count("pk")))


def counts_of(registers: Mapping[str, OutsideRegister]) -> dict[int, dict[str, int]]:
    """{register: {state: lines}} in one query."""
    found: dict[int, dict[str, int]] = {register.pk: {} for register in registers.values()}
    rows = Link.objects.filter(of__in=found).values_list("of", "state").annotate(n=Count("pk"))
    for of, state, n in rows.order_by():
        found[of][state] = n
    return found


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
            found = links.filter(sampled=True, decision=None, machine="automatic")
        case _:
            found = links.filter(state="to_check")
    return found.order_by("-urgency", "pk")


def sample_of(register: OutsideRegister) -> dict[str, Any]:
    """抽查 of one register, with how many lines were linked automatically."""
    none = {"drawn": 0, "answered": 0, "reviewed": 0, "wrong": 0, "rate": None}
    return samples_of([register.pk]).get(register.pk, none) | {
        "automatic": register.counts.get("automatic", 0)
    }


def samples_of(registers: list[int]) -> dict[int, dict[str, Any]]:
    """抽查 of several registers in one query: drawn, answered, reviewed, wrong and the error rate."""
    rows = Link.objects.filter(of__in=registers, sampled=True).values_list(
        "of", "decision__audit", "decision__verdict"
    )
    found: dict[int, dict[str, Any]] = {}
    for of, audit, verdict in rows:
        one = found.setdefault(of, {"drawn": 0, "answered": 0, "reviewed": 0, "wrong": 0})
        one["drawn"] += 1
        if audit:
            one["answered"] += 1
            one["reviewed"] += verdict != "visit"
            one["wrong"] += verdict == "different"
    for one in found.values():
        one["rate"] = rules.error_rate(one["wrong"], one["reviewed"])
    return found


def newest_decision(county_code: str) -> str:
    """Changes with every decision, second look and undoing of the county."""
    rows = Decision.objects.filter(county_code=county_code)
    newest = rows.aggregate(a=Max("at"), b=Max("second_at"), c=Max("undone_at"))
    return "|".join(str(moment) for moment in newest.values())


def may_see_file(user: User, county_code: str) -> bool:
    """Whether an account may see a register as a whole: those of the county, not a township or a school."""
    return in_county(user, county_code)


def decisions_of(link: Link) -> QuerySet[Decision]:
    """一行的全部认定, undone ones too, newest first."""
    rows = Decision.objects.filter(
        county_code=link.of.county_code, source=link.of.source, line_key=link.line.key
    )
    return rows.select_related("by", "second", "undone_by")
