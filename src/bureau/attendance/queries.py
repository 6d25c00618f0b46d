"""考勤的读取: homerooms, roll calls, absences, streaks, pupil-days; always those in force."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from bureau.attendance import rules
from bureau.attendance.models import ClassDay, Homeroom, Limits
from bureau.attendance.rows import (
    AT_ONCE,
    absence_rows,
    absences,
    class_day_rows,
    class_of,
    days_called,
    on_the_roll,
    pupils,
    ref_of,
    school_calendar,
)
from bureau.attendance.shapes import (
    AbsenceRow,
    ChildAttendance,
    ClassDayRow,
    ClassRef,
    PupilDays,
    Streak,
)
from bureau.attendance.streaks import STREAK_REACH, child, seen_since, streaks, streaks_with
from bureau.people.models import User

__all__ = [
    "STREAK_REACH",
    "AbsenceRow",
    "ChildAttendance",
    "ClassDayRow",
    "ClassRef",
    "PupilDays",
    "Streak",
    "absences",
    "child",
    "class_of",
    "days_called",
    "on_the_roll",
    "pupils",
    "ref_of",
    "school_calendar",
    "seen_since",
    "streaks",
    "streaks_with",
]


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


def roll_pinyin(ref: ClassRef, on: date) -> dict[str, str]:
    """{student key: pinyin} of one class, to find a name by its first letters."""
    rows = on_the_roll(ref.county_code, on, ref.school_code)
    rows = rows.filter(grade=ref.grade, class_number=ref.class_number)
    return {key: pinyin or "" for key, pinyin in rows.values_list("key", "pinyin")}


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


def class_days(county_code: str, since: date, until: date, *, school_code: str = "") -> Iterator[ClassDayRow]:
    """点名 in force between two days, both included."""
    rows = class_day_rows(county_code, since, until, school_code)
    for row in rows.values_list(*ClassDayRow._fields).iterator(AT_ONCE * 5):
        yield ClassDayRow(*row)


def counts_by_school(county_code: str, day: date) -> dict[str, dict[str, int]]:
    """{school code: {classes, roll, away_halves, absent, late}} of the roll calls of one day."""
    rows: QuerySet[Any, Any] = class_day_rows(county_code, day, day).values("school_code")
    sums = {name: Sum(name) for name in ("roll", "away_halves", "absent", "late")}
    return {row.pop("school_code"): row for row in rows.annotate(classes=Count("pk"), **sums)}


def rates_by_day(county_code: str, since: date, until: date, condition: Q) -> list[dict[str, Any]]:
    """[{day, classes, roll, away_halves, absent}] for the trend; `condition` narrows to an account's area."""
    rows: QuerySet[Any, Any] = class_day_rows(county_code, since, until).filter(condition).values("day")
    sums = {"roll": Sum("roll"), "away_halves": Sum("away_halves"), "absent": Sum("absent")}
    return list(rows.annotate(classes=Count("pk"), **sums).order_by("day"))


def pupil_days(county_code: str, since: date, until: date, *, school_code: str = "") -> list[PupilDays]:
    """学生到校人天 by class and month, of the classes that called the roll at least once in the month."""
    days = school_calendar(county_code).between(since, until)
    by_month: dict[date, int] = defaultdict(int)
    for day in days:
        by_month[day.replace(day=1)] += 1
    rows = (
        class_day_rows(county_code, since, until, school_code)
        .annotate(month=TruncMonth("day"))
        .values_list("school_code", "grade", "class_number", "month")
        .annotate(entered=Count("pk"), rolls=Sum("roll"), away=Sum("away_halves"))
        .order_by("school_code", "grade", "class_number", "month")
    )
    return [
        PupilDays(school, grade, number, month, by_month[month], entered, rolls, away)
        for school, grade, number, month, entered, rolls, away in rows
    ]


def tables(county_code: str, since: date, until: date) -> dict[str, dict[str, list[Any]]]:
    """考勤的表, for detectors: {table: {column: values}}; pupils by their keys, which name no one."""
    return {
        "absences": _table(
            absence_rows(county_code, since, until),
            ("student_key", "school_code", "grade", "class_number", "day", "kind", "halves"),
        ),
        "class_days": _table(
            class_day_rows(county_code, since, until),
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


def newest_before(county_code: str, day: date) -> int:
    """The newest roll call of an earlier day, also a correction: it changes when the past does."""
    rows = ClassDay.objects.filter(county_code=county_code, day__lt=day).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def first_day(county_code: str) -> date | None:
    """The day of the first roll call of a county."""
    found: date | None = ClassDay.objects.filter(county_code=county_code).aggregate(day=Min("day"))["day"]
    return found
