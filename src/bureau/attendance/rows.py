"""考勤的行: the school calendar, the roll, and the roll calls and absences in force that every answer is made of."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from bureau.attendance.models import Absence, ClassDay, Term
from bureau.attendance.shapes import AbsenceRow, ClassRef
from bureau.attendance.terms import SchoolCalendar, Span
from bureau.registry.queries import raw, rows_on
from bureau.workdays.queries import calendar

AT_ONCE = 800


def school_calendar(county_code: str) -> SchoolCalendar:
    """校历: three small queries; keep it for one request or task."""
    terms = Term.objects.filter(county_code=county_code).order_by("since")
    return SchoolCalendar(calendar(), {one.name: Span(one.name, one.since, one.until) for one in terms})


def on_the_roll(county_code: str, on: date, school_code: str = "") -> QuerySet[Any, Any]:
    """在读学生 with a class, in the student register of the day."""
    rows = rows_on("students", on, county_code).filter(enrolment_status="在读", class_number__isnull=False)
    return rows.filter(school_code=school_code) if school_code else rows


def pupils(county_code: str, on: date, keys: Sequence[str]) -> Iterator[tuple[str, int, str, str, str, int]]:
    """(student key, id, name, school, grade, class number) of those of these children who are on a roll of the county."""
    fields = ("key", "pk", "person_name", "school_code", "grade", "class_number", "county_code")
    for start in range(0, len(keys), AT_ONCE):
        # Without the county the database goes by the keys; with it, through every pupil of the county.
        rows = rows_on("students", on).filter(
            key__in=keys[start : start + AT_ONCE], enrolment_status="在读", class_number__isnull=False
        )
        for *row, county in rows.values_list(*fields):
            if county == county_code:
                yield tuple(row)


def class_of(county_code: str, student_key: str, on: date) -> ClassRef | None:
    """The class whose roll a pupil is on."""
    row = (
        on_the_roll(county_code, on)
        .filter(key=student_key)
        .values_list("school_code", "grade", "class_number")
        .first()
    )
    return ClassRef(county_code, *row) if row else None


def ref_of(row: Any) -> ClassRef:
    """The class of a row."""
    return ClassRef(row.county_code, row.school_code, row.grade, row.class_number)


def class_day_rows(county_code: str, since: date, until: date, school_code: str = "") -> QuerySet[ClassDay]:
    """点名 in force between two days, both included."""
    rows = ClassDay.objects.filter(day__gte=since, day__lte=until, replaced_at=None).order_by()
    # A school is of one county: named alone it is found through the index of classes, not through every day of the county.
    return rows.filter(school_code=school_code) if school_code else rows.filter(county_code=county_code)


def absence_rows(county_code: str, since: date, until: date, school_code: str = "") -> QuerySet[Absence]:
    """缺勤 in force between two days, both included."""
    rows = Absence.objects.filter(
        county_code=county_code, day__gte=since, day__lte=until, replaced_at=None
    ).order_by()
    return rows.filter(school_code=school_code) if school_code else rows


def absences(
    county_code: str, since: date, until: date, *, student_key: str = "", school_code: str = ""
) -> Iterator[AbsenceRow]:
    """缺勤 in force between two days, both included."""
    rows = absence_rows(county_code, since, until, school_code)
    if student_key:
        rows = rows.filter(student_key=student_key)
    for row in rows.order_by("day", "id").values_list(*AbsenceRow._fields).iterator(AT_ONCE * 5):
        yield AbsenceRow(*row)


def days_called(
    county_code: str, since: date, until: date, *, school_code: str = ""
) -> dict[ClassRef, set[date]]:
    """点过名的日子 of each class between two days, both included."""
    found: dict[ClassRef, set[date]] = defaultdict(set)
    days: dict[object, date] = {}
    rows = class_day_rows(county_code, since, until, school_code)
    for school, grade, number, day in raw(rows.values_list("school_code", "grade", "class_number", "day")):
        if day not in days:
            days[day] = date.fromisoformat(day) if isinstance(day, str) else day
        found[ClassRef(county_code, school, grade, number)].add(days[day])
    return found
