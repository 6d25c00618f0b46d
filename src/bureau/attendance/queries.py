"""考勤的读取: homerooms, school days, roll calls, absences, streaks, pupil-days; always those in force."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from bureau.attendance import rules
from bureau.attendance.models import Absence, ClassDay, Homeroom, Limits, Term
from bureau.attendance.shapes import (
    AbsenceRow,
    ChildAttendance,
    ClassDayRow,
    ClassRef,
    PupilDays,
    Streak,
)
from bureau.attendance.terms import SchoolCalendar, Span
from bureau.people.models import User
from bureau.registry.queries import rows_on
from bureau.workdays.queries import calendar

__all__ = ["AbsenceRow", "ChildAttendance", "ClassDayRow", "ClassRef", "PupilDays", "Streak"]

# No streak is looked for further back than this; a pupil away so long has a case since long.
STREAK_REACH = 150
AT_ONCE = 800


# --- who and when --------------------------------------------------------------------------------------------------


def school_calendar(county_code: str) -> SchoolCalendar:
    """校历: three small queries; keep it for one request or task."""
    terms = Term.objects.filter(county_code=county_code).order_by("since")
    return SchoolCalendar(calendar(), {one.name: Span(one.name, one.since, one.until) for one in terms})


def reach(county_code: str) -> rules.Reach:
    """补登时限 of a county."""
    row = Limits.objects.filter(county_code=county_code).first()
    return rules.Reach(row.teacher_days, row.school_days, assumed=False) if row else rules.Reach()


def homerooms_on(day: date) -> Q:
    """The condition “in charge on the day”."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))


def classes_of(user: User, on: date) -> list[ClassRef]:
    """本人的班 on a day."""
    rows = Homeroom.objects.filter(homerooms_on(on), user=user)
    return [ref_of(one) for one in rows.order_by("school_code", "grade", "class_number")]


def homerooms(county_code: str, on: date, *, school_code: str = "") -> dict[ClassRef, Homeroom]:
    """Who is in charge of which class on the day."""
    rows = Homeroom.objects.filter(homerooms_on(on), county_code=county_code).select_related("user")
    if school_code:
        rows = rows.filter(school_code=school_code)
    return {ref_of(one): one for one in rows}


def homeroom_of(ref: ClassRef, on: date) -> Homeroom | None:
    """班主任 of a class on a day."""
    return Homeroom.objects.filter(homerooms_on(on), **ref._asdict()).select_related("user").first()


def homeroom_history(ref: ClassRef) -> QuerySet[Homeroom]:
    """Everybody who has been in charge of a class, newest first."""
    return Homeroom.objects.filter(**ref._asdict()).select_related("user", "by").order_by("-since", "-id")


def ref_of(row: Any) -> ClassRef:
    """The class of a row."""
    return ClassRef(row.county_code, row.school_code, row.grade, row.class_number)


# --- the roll ------------------------------------------------------------------------------------------------------


def on_the_roll(county_code: str, on: date, school_code: str = "") -> QuerySet[Any, Any]:
    """在读学生 with a class, in the student register of the day."""
    rows = rows_on("students", on, county_code).filter(enrolment_status="在读", class_number__isnull=False)
    return rows.filter(school_code=school_code) if school_code else rows


def rolls(county_code: str, on: date, *, school_code: str = "") -> dict[ClassRef, int]:
    """{class: pupils on its roll}; over a whole county this reads the register once, so remember it."""
    rows = on_the_roll(county_code, on, school_code).order_by()
    found = rows.values_list("school_code", "grade", "class_number").annotate(n=Count("pk"))
    return {ClassRef(county_code, school, grade, number): n for school, grade, number, n in found}


def roll(ref: ClassRef, on: date) -> dict[str, str]:
    """{student key: name} of one class, in the order of the names' pinyin."""
    rows = on_the_roll(ref.county_code, on, ref.school_code)
    rows = rows.filter(grade=ref.grade, class_number=ref.class_number).order_by("pinyin", "pk")
    return dict(rows.values_list("key", "person_name"))


def class_of(county_code: str, student_key: str, on: date) -> ClassRef | None:
    """The class whose roll a pupil is on."""
    row = (
        on_the_roll(county_code, on)
        .filter(key=student_key)
        .values_list("school_code", "grade", "class_number")
        .first()
    )
    return ClassRef(county_code, *row) if row else None


# --- what was entered ----------------------------------------------------------------------------------------------


def entry(ref: ClassRef, day: date) -> ClassDay | None:
    """点名 in force of a class on a day."""
    return ClassDay.objects.filter(**ref._asdict(), day=day, replaced_at=None).select_related("by").first()


def versions(ref: ClassRef, day: date) -> QuerySet[ClassDay]:
    """Every version of a roll call, newest first."""
    return (
        ClassDay.objects.filter(**ref._asdict(), day=day)
        .select_related("by")
        .prefetch_related("absences")
        .order_by("-id")
    )


def _class_days(county_code: str, since: date, until: date, school_code: str = "") -> QuerySet[ClassDay]:
    rows = ClassDay.objects.filter(
        county_code=county_code, day__gte=since, day__lte=until, replaced_at=None
    ).order_by()
    return rows.filter(school_code=school_code) if school_code else rows


def _absences(county_code: str, since: date, until: date, school_code: str = "") -> QuerySet[Absence]:
    rows = Absence.objects.filter(
        county_code=county_code, day__gte=since, day__lte=until, replaced_at=None
    ).order_by()
    return rows.filter(school_code=school_code) if school_code else rows


def absences(
    county_code: str, since: date, until: date, *, student_key: str = "", school_code: str = ""
) -> Iterator[AbsenceRow]:
    """缺勤 in force between two days, both included."""
    rows = _absences(county_code, since, until, school_code)
    if student_key:
        rows = rows.filter(student_key=student_key)
    for row in rows.order_by("day", "id").values_list(*AbsenceRow._fields).iterator(AT_ONCE * 5):
        yield AbsenceRow(*row)


def class_days(county_code: str, since: date, until: date, *, school_code: str = "") -> Iterator[ClassDayRow]:
    """点名 in force between two days, both included."""
    rows = _class_days(county_code, since, until, school_code)
    for row in rows.values_list(*ClassDayRow._fields).iterator(AT_ONCE * 5):
        yield ClassDayRow(*row)


def counts_by_school(county_code: str, day: date) -> dict[str, dict[str, int]]:
    """{school code: {classes, roll, away_halves, absent, late}} of the roll calls of one day."""
    rows: QuerySet[Any, Any] = _class_days(county_code, day, day).values("school_code")
    sums = {name: Sum(name) for name in ("roll", "away_halves", "absent", "late")}
    return {row.pop("school_code"): row for row in rows.annotate(classes=Count("pk"), **sums)}


def rates_by_day(county_code: str, since: date, until: date, condition: Q) -> list[dict[str, Any]]:
    """[{day, classes, roll, away_halves, absent}] for the trend; `condition` narrows to an account's area."""
    rows: QuerySet[Any, Any] = _class_days(county_code, since, until).filter(condition).values("day")
    sums = {"roll": Sum("roll"), "away_halves": Sum("away_halves"), "absent": Sum("absent")}
    return list(rows.annotate(classes=Count("pk"), **sums).order_by("day"))


def pupil_days(county_code: str, since: date, until: date, *, school_code: str = "") -> list[PupilDays]:
    """学生到校人天 by class and month, of the classes that called the roll at least once in the month."""
    days = school_calendar(county_code).between(since, until)
    by_month: dict[date, int] = defaultdict(int)
    for day in days:
        by_month[day.replace(day=1)] += 1
    rows = (
        _class_days(county_code, since, until, school_code)
        .annotate(month=TruncMonth("day"))
        .values_list("school_code", "grade", "class_number", "month")
        .annotate(entered=Count("pk"), rolls=Sum("roll"), away=Sum("away_halves"))
        .order_by("school_code", "grade", "class_number", "month")
    )
    return [
        PupilDays(school, grade, number, month, by_month[month], entered, rolls, away)
        for school, grade, number, month, entered, rolls, away in rows
    ]


# --- away in a row -------------------------------------------------------------------------------------------------


def streaks(
    county_code: str, on: date, *, at_least: int = 1, school_code: str = "", keys: Sequence[str] = ()
) -> list[Streak]:
    """连续缺勤 up to each class's last roll call by `on`: only pupils whole days away on that call, longest first."""
    since = on - timedelta(days=STREAK_REACH)
    last: dict[ClassRef, date] = {
        ClassRef(county_code, school, grade, number): day
        for school, grade, number, day in _class_days(county_code, since, on, school_code)
        .values_list("school_code", "grade", "class_number")
        .annotate(last=Max("day"))
    }
    rows = _absences(county_code, since, on, school_code).filter(halves=2)
    rows = rows.exclude(kind__in=rules.NO_ABSENCE)
    if keys:
        rows = rows.filter(student_key__in=keys)
    now = {
        key: ClassRef(county_code, school, grade, number)
        for key, school, grade, number, day in rows.filter(day__in=set(last.values())).values_list(
            "student_key", "school_code", "grade", "class_number", "day"
        )
        if last.get(ClassRef(county_code, school, grade, number)) == day
    }
    away: dict[str, dict[date, str]] = defaultdict(dict)
    for part in _parts(now):
        before = rows.filter(student_key__in=part).values_list("student_key", "day", "kind")
        for key, day, kind in before:
            away[key][day] = kind
    # Away on the last call only: the calls before it need not be known.
    longer = {now[key] for key in now if len(away[key]) > 1}
    first = min((min(away[key]) for key in now), default=on)
    called = _called(county_code, first, on, school_code, longer)
    days = school_calendar(county_code).between(first, on)
    found = []
    for key, ref in now.items():
        one = rules.streak(days, called.get(ref, {last[ref]}), away[key])
        if one and one.days >= at_least:
            found.append(Streak(key, *ref[1:], one.days, one.since, one.last, one.unexcused, one.unknown))
    return sorted(found, key=lambda one: (-one.days, one.school_code, one.grade, one.class_number))


def _parts(keys: Iterable[str]) -> Iterator[list[str]]:
    known = list(dict.fromkeys(keys))
    for start in range(0, len(known), AT_ONCE):
        yield known[start : start + AT_ONCE]


def _called(
    county_code: str, since: date, until: date, school_code: str, wanted: Iterable[ClassRef]
) -> Mapping[ClassRef, frozenset[date]]:
    """{class: days with a roll call} of the wanted classes."""
    classes = set(wanted)
    found: dict[ClassRef, set[date]] = defaultdict(set)
    if not classes:
        return {}
    rows = _class_days(county_code, since, until, school_code)
    for school, grade, number, day in rows.values_list(
        "school_code", "grade", "class_number", "day"
    ).iterator(AT_ONCE * 5):
        ref = ClassRef(county_code, school, grade, number)
        if ref in classes:
            found[ref].add(day)
    return {ref: frozenset(days) for ref, days in found.items()}


def seen_since(county_code: str, keys: Iterable[str], since: date, *, on: date) -> dict[str, date]:
    """到校的第一天: {student key: first roll call after `since` on which the pupil was on the roll and not named away}."""
    found: dict[str, date] = {}
    for part in _parts(keys):
        refs = {
            key: ClassRef(county_code, school, grade, number)
            for key, school, grade, number in on_the_roll(county_code, on)
            .filter(key__in=part)
            .values_list("key", "school_code", "grade", "class_number")
        }
        called = _called(county_code, since + timedelta(days=1), on, "", refs.values())
        rows = _absences(county_code, since + timedelta(days=1), on).filter(student_key__in=part)
        away = set(rows.filter(halves=2).values_list("student_key", "day"))
        for key, ref in refs.items():
            present = [day for day in sorted(called.get(ref, ())) if (key, day) not in away]
            if present:
                found[key] = present[0]
    return found


def child(county_code: str, student_key: str, since: date, until: date) -> ChildAttendance:
    """一名学生的考勤 between two days."""
    rows = tuple(absences(county_code, since, until, student_key=student_key))
    ref = class_of(county_code, student_key, until)
    if ref is None and rows:
        ref = ClassRef(county_code, *rows[-1][2:5])
    entered = _called(county_code, since, until, ref.school_code, [ref]).get(ref, ()) if ref else ()
    away = sum(row.halves for row in rows if row.kind not in rules.NO_ABSENCE)
    # Only the own school's roll calls: a page about one child does not read the county's.
    away_now = streaks(county_code, until, keys=[student_key], school_code=ref.school_code) if ref else []
    one = next(iter(away_now), None)
    streak = rules.Streak(one.days, one.since, one.last, one.unexcused, one.unknown) if one else None
    return ChildAttendance(rows, max(len(entered), len({row.day for row in rows})), away, streak)


def tables(county_code: str, since: date, until: date) -> dict[str, dict[str, list[Any]]]:
    """考勤的表, for detectors: {table: {column: values}}; pupils by their keys, which name no one."""
    return {
        "absences": _table(
            _absences(county_code, since, until),
            ("student_key", "school_code", "grade", "class_number", "day", "kind", "halves"),
        ),
        "class_days": _table(
            _class_days(county_code, since, until),
            ("school_code", "grade", "class_number", "day", "roll", "away_halves"),
        ),
        "streaks": _columns(
            ("student_key", "school_code", "grade", "class_number", "days", "since", "last", "unexcused", "unknown"),
            [
                (one.student_key, one.school_code, one.grade, one.class_number, one.days, one.since, one.last, one.unexcused, one.unknown)
                for one in streaks(county_code, until)
            ],
        ),
    }  # fmt: skip


def _table(rows: QuerySet[Any, Any], fields: Sequence[str]) -> dict[str, list[Any]]:
    return _columns(fields, list(rows.values_list(*fields)))


def _columns(fields: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    values = [list(part) for part in zip(*rows, strict=True)] or [[] for _ in fields]
    return dict(zip(fields, values, strict=True))


def first_day(county_code: str) -> date | None:
    """The day of the first roll call of a county."""
    found: date | None = ClassDay.objects.filter(county_code=county_code).aggregate(day=Min("day"))["day"]
    return found
