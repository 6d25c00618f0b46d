"""实施方案的读取: prices, covered schools, days with meals, and the pupils who are entitled."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from bureau.attendance.queries import school_calendar
from bureau.entitlements.queries import county_book
from bureau.nutrition import rules
from bureau.nutrition.models import Covered, MealDay, Price, Setting
from bureau.nutrition.supply_rules import ASSUMED_COMPLAINT_DAYS
from bureau.people.scope import Reach, Scope
from bureau.registry import queries as registered
from junheng.policy.clauses import Book

CLAUSE = "cn.nutrition"
# What was only remembered (M) is no price: somebody must enter it with its document.
KNOWN = ("V", "V3", "D")
COMPULSORY = ("1", "2", "3", "4", "5", "6", "7", "8", "9")
# How many schools are asked for by name rather than all at once.
FEW = 20


@dataclass(frozen=True, slots=True)
class Standard:
    """膳食补助标准 of a day: fen a pupil-day, where the money comes from and which document says so."""

    fen: int
    source: str
    cite: str
    since: date | None
    clause: str = ""

    @property
    def yuan(self) -> float:
        """元, to be shown."""
        return self.fen / 100


@dataclass(frozen=True, slots=True)
class Suggested:
    """名单与登记册的差别: a school with pupils marked 享受营养餐 that is not on the list, or one on it without any."""

    school_code: str
    name: str
    pupils: int
    urban: bool


def price_on(county_code: str, day: date, book: Book | None = None) -> Standard | None:
    """The county's own confirmed price of the day, else that of the clause; None when neither is known well enough.

    `book` spares reading the county's clauses again.
    """
    own = (
        Price.objects.filter(
            county_code=county_code, since__lte=day, withdrawn_at=None, confirmed_by__isnull=False
        )
        .order_by("-since")
        .first()
    )
    stated = clause_price(county_code, day, book)
    if own is not None and (stated is None or stated.since is None or own.since >= stated.since):
        return Standard(own.fen, own.source, own.document, own.since)
    return stated


def clause_price(county_code: str, day: date, book: Book | None = None) -> Standard | None:
    """The price that the aid clause of the day lays down."""
    book = book or county_book(county_code)
    clause = next((one for one in book.clauses if one.id == CLAUSE), None)
    rate = clause.on(day) if clause else None
    if clause is None or rate is None or rate.cite.status not in KNOWN or not rate.payable_in(county_code):
        return None
    fen = next(iter(rate.fen.values()), 0) // max(rate.units, 1)
    return Standard(fen, clause.name, book.cite(rate), rate.since, clause.id) if fen else None


def prices(county_code: str) -> QuerySet[Price]:
    """本县登记的标准, withdrawn ones too."""
    return Price.objects.filter(county_code=county_code).select_related("by", "confirmed_by")


def in_force(day: date) -> Q:
    """Coverage that holds on a day."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


def covered(county_code: str, day: date) -> QuerySet[Covered]:
    """实施学校 on the day."""
    return Covered.objects.filter(in_force(day), county_code=county_code)


def covered_in(county_code: str, month: date) -> dict[str, str]:
    """{school code: mode} of the schools covered on any day of the month."""
    last = month_end(month)
    found = Covered.objects.filter(
        Q(until=None) | Q(until__gte=month), county_code=county_code, since__lte=last
    ).order_by("since")
    return dict(found.values_list("school_code", "mode"))


def month_end(month: date) -> date:
    """The last day of a month."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def meal_days(county_code: str, month: date) -> dict[str, dict[date, bool]]:
    """{school code or "" for all: {day: serves}} of the month's changes."""
    found: dict[str, dict[date, bool]] = defaultdict(dict)
    rows = MealDay.objects.filter(county_code=county_code, day__gte=month, day__lte=month_end(month))
    for school, day, serves in rows.values_list("school_code", "day", "serves"):
        found[school][day] = serves
    return found


def changed_days(county_code: str, since: date) -> QuerySet[MealDay]:
    """供餐日调整 from a day on."""
    return MealDay.objects.filter(county_code=county_code, day__gte=since)


def serving_days(county_code: str, month: date, school_code: str = "") -> list[date]:
    """应供餐日 of a school, or of the county."""
    changes = meal_days(county_code, month)
    school_days = school_calendar(county_code).month(month.year, month.month)
    own = {**changes.get("", {}), **changes.get(school_code, {})}
    return rules.serving_days(school_days, own, month)


def serving_of(
    county_code: str, month: date, schools: Iterable[str], until: date | None = None
) -> dict[str, list[date]]:
    """{school: 应供餐日 up to a day} of many schools: the calendar is read once."""
    changes = meal_days(county_code, month)
    school_days = school_calendar(county_code).month(month.year, month.month)
    usual = rules.serving_days(school_days, changes.get("", {}), month)
    found = {
        school: rules.serving_days(school_days, {**changes.get("", {}), **changes[school]}, month)
        if school in changes
        else usual
        for school in schools
    }
    return {school: [day for day in days if until is None or day <= until] for school, days in found.items()}


def doubts(county_code: str, month: date) -> str | None:
    """假定: what of the calendar nobody has confirmed."""
    return school_calendar(county_code).doubts(month, month_end(month))


def fed_pupils(county_code: str, day: date, schools: Iterable[str]) -> dict[tuple[str, str, int], int]:
    """享受人数: {(school, grade, class number): pupils 在读 and marked 享受营养餐} of the register on the day."""
    wanted = set(schools)
    found = fed(county_code, day)
    if len(wanted) <= FEW:
        # A few schools are read through the index of schools; all of them faster in one go.
        found = found.filter(school_code__in=wanted)
    rows = found.order_by().values("school_code", "grade", "class_number").annotate(n=Count("pk"))
    return {
        (row["school_code"], row["grade"], row["class_number"] or 0): row["n"]
        for row in rows
        if row["school_code"] in wanted
    }


def fed(county_code: str, day: date) -> QuerySet[Any, Any]:
    """享受营养餐的学生: 在读 on the day, in grades one to nine, and marked so by their school."""
    rows = registered.rows_on("students", day, county_code)
    return rows.filter(nutrition_meals=True, enrolment_status="在读", grade__in=COMPULSORY)


def fed_by_school(county_code: str, day: date) -> dict[str, int]:
    """{school: 享受人数} of the whole register of a day; to be remembered by pages."""
    rows = fed(county_code, day).order_by().values_list("school_code").annotate(n=Count("pk"))
    return dict(rows)


def suggestions(
    county_code: str, day: date, listed_on: date | None = None, pupils: Mapping[str, int] | None = None
) -> tuple[list[Suggested], list[Suggested]]:
    """(to add, to end): schools by the register of `day` against the list of `listed_on` (the same day unless given).

    `pupils` is `fed_by_school` of the day, where it is known already. Urban schools are marked, for a person to look at.
    """
    if pupils is None:
        pupils = fed_by_school(county_code, day)
    schools = {
        code: (name, locale)
        for code, name, locale in registered.rows_on("schools", day, county_code).values_list(
            "school_code", "school_name", "locale"
        )
    }
    on_list = set(covered(county_code, listed_on or day).values_list("school_code", flat=True))

    def one(code: str) -> Suggested:
        name, locale = schools.get(code, (code, ""))
        return Suggested(code, name or code, pupils.get(code, 0), (locale or "").startswith("11"))

    missing = [one(code) for code in schools if pupils.get(code) and code not in on_list]
    return missing, [one(code) for code in sorted(on_list) if not pupils.get(code)]


def complaint_days(county_code: str) -> tuple[int, Setting | None]:
    """How many working days an answer may take, and who said so (None: assumed)."""
    said = Setting.objects.filter(county_code=county_code).select_related("by").first()
    return (said.complaint_days if said else ASSUMED_COMPLAINT_DAYS), said


def complaint_schools(county_code: str, today: date) -> dict[str, tuple[str, str]]:
    """可以投诉的学校: {code: (name, township)} of the schools in the programme; of all where no list is kept yet."""
    day = registered.latest_day(county_code) or today
    schools = {
        code: (name or code, township or "")
        for code, name, township in registered.rows_on("schools", day, county_code)
        .order_by("township_code", "pinyin")
        .values_list("school_code", "school_name", "township_code")
    }
    on_list = set(covered(county_code, today).values_list("school_code", flat=True))
    return {code: one for code, one in schools.items() if code in on_list} or schools


def is_mine(scope: Scope, county_code: str, school_code: str, fallback: date) -> bool:
    """Whether the school lies in the account's area, by the newest register; before there is one, by the day given."""
    if scope.reach in (Reach.EVERYTHING, Reach.COUNTY):
        return scope.covers(county_code=county_code)
    day = registered.latest_day(county_code) or fallback
    township = (
        registered.rows_on("schools", day, county_code)
        .filter(school_code=school_code)
        .values_list("township_code", flat=True)
        .first()
    )
    return township is not None and scope.covers(
        school_code=school_code, township_code=township, county_code=county_code
    )
