"""比对用的表 of one county: what the registers, roll calls, outside registers and cases say on a day, as columns for detectors.

Nothing here holds a name, a number or an address: a child is its key.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

from bureau.attendance import queries as attendance
from bureau.cases.models import Case
from bureau.cases.verdicts import verdicts
from bureau.links import facts, findings
from bureau.links.line_table import line_table
from bureau.links.models import OutsideRegister
from bureau.links.queries import registers_in_force
from bureau.registry import queries as registered
from bureau.registry.queries import raw, rows_on

Columns = dict[str, list[Any]]
ATTENDANCE_DAYS = 60

_STUDENT = (
    "key", "school_code", "stage", "grade", "class_number", "sex", "birth_date", "household_kind", "home_township",
    "home_village", "entered_on", "attendance_way", "enrolment_status", "status_on", "migrant", "left_behind", "orphan",
    "disability", "inclusion", "registered_household", "minimum_living", "destitute", "home_distance",
)  # fmt: skip
_FLAGS = ("migrant", "left_behind", "orphan", "registered_household", "minimum_living", "destitute")
_DATES = ("birth_date", "entered_on", "status_on")


@dataclass(frozen=True, slots=True)
class County:
    """一县的表, and the data day of each, so that a typed "done" is only contradicted by newer data."""

    tables: dict[str, Columns]
    days: dict[str, date]
    dates: dict[str, date] = field(default_factory=dict)


def gather(county_code: str, *, today: date, wanted: Collection[str] | None = None) -> County:
    """全部的表 as of today, or of them those that are `wanted`: what no query reads need not be fetched.

    The student register is the newest, and the one before it.
    """

    def asked(*names: str) -> bool:
        return wanted is None or any(name in wanted for name in names)

    days = [day for day in registered.days_with_data(county_code, "students") if day <= today]
    tables: dict[str, Columns] = {}
    known: dict[str, date] = {}
    if days:
        townships = dict(rows_on("schools", days[0], county_code).values_list("school_code", "township_code"))
        tables["students"] = _students(county_code, days[0], today, townships)
        tables["students_before"] = _students(county_code, days[1], today, townships) if len(days) > 1 else {}
        tables |= _places(county_code, days[0], tables["students"], townships)
        if asked("teachers"):
            tables["teachers"] = _teachers(county_code, days[0])
        if asked("facts"):
            tables["facts"] = _facts(county_code, today)
        known |= dict.fromkeys(("students", "students_before", "schools", "classes", "teachers"), days[0])
        known["facts"] = today
    tables |= attendance.tables(county_code, today - timedelta(days=ATTENDANCE_DAYS), today)
    called = tables["class_days"]["day"]
    if called:
        known |= dict.fromkeys(("absences", "class_days", "streaks"), max(called))
    registers = registers_in_force(county_code, today) if days else []
    if registers and asked("outside_lines", "outside_missing"):
        tables["outside_missing"] = _missing(county_code, today)
        if asked("outside_lines"):
            lines = line_table(county_code, today)
            tables["outside_lines"] = _renamed(lines, {"born": "birth_date"})
        words = dict(OutsideRegister.Source.choices)
        for name in ("outside_lines", "outside_missing"):
            if name in tables:
                tables[name]["source"] = [str(words.get(one, one)) for one in tables[name]["source"]]
        known |= dict.fromkeys(
            ("outside_lines", "outside_missing"), max([days[0], *(one.day for one in registers)])
        )
    tables["cases"] = cases_table(county_code)
    tables["verdicts"], concluded = verdicts(county_code)
    if concluded is not None:
        known["verdicts"] = concluded
    dates = {"register_day": days[0], "register_day_before": days[min(1, len(days) - 1)]} if days else {}
    return County(tables, known, dates)


def _students(county_code: str, day: date, today: date, townships: dict[str, str | None]) -> Columns:
    rows = rows_on("students", day, county_code).values_list(*_STUDENT)
    columns = _columns(_STUDENT, list(raw(rows)))
    columns["student_key"] = columns.pop("key")
    for name in _FLAGS:
        columns[name] = [None if value is None else bool(value) for value in columns[name]]
    for name in _DATES:
        columns[name] = [
            date.fromisoformat(value) if isinstance(value, str) else value for value in columns[name]
        ]
    columns["age"] = [age_on(born, today) for born in columns["birth_date"]]
    columns["township_code"] = [townships.get(school) for school in columns["school_code"]]
    return columns


def age_on(born: date | None, day: date) -> int | None:
    """周岁."""
    return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _places(
    county_code: str, day: date, students: Columns, townships: dict[str, str | None]
) -> dict[str, Columns]:
    here = [status == "在读" for status in students["enrolment_status"]]
    schools, grades, numbers = students["school_code"], students["grade"], students["class_number"]
    pupils: Counter[Any] = Counter()
    boarders: Counter[Any] = Counter()
    in_class: Counter[Any] = Counter()
    in_grade: dict[Any, set[Any]] = {}
    for at, school in enumerate(schools):
        if here[at]:
            pupils[school] += 1
            boarders[school] += students["attendance_way"][at] == "住校"
            in_class[(school, grades[at], numbers[at])] += 1
            in_grade.setdefault(school, set()).add(grades[at])
    wanted = ("school_code", "township_code", "school_kind", "organizer", "locale", "boarding", "has_charter")
    school = _columns(wanted, list(raw(rows_on("schools", day, county_code).values_list(*wanted))))
    for name in ("boarding", "has_charter"):
        school[name] = [None if value is None else bool(value) for value in school[name]]
    school["pupils"] = [pupils[code] for code in school["school_code"]]
    school["boarders"] = [boarders[code] for code in school["school_code"]]
    school["grades"] = [len(in_grade.get(code, ())) for code in school["school_code"]]
    fields = ("school_code", "stage", "grade", "class_number", "class_students")
    room = _columns(fields, list(raw(rows_on("classes", day, county_code).values_list(*fields))))
    keys = list(zip(room["school_code"], room["grade"], room["class_number"], strict=True))
    room["class_key"] = [
        f"{code}/{grade or ''}/{number if number is not None else ''}" for code, grade, number in keys
    ]
    room["pupils"] = [in_class[key] for key in keys]
    return {"schools": school, "classes": room}


def _teachers(county_code: str, day: date) -> Columns:
    staff = ("key", "school_code", "post_kind", "subject", "posted_on", "training_hours", "rotating")
    teacher = _columns(staff, list(raw(rows_on("teachers", day, county_code).values_list(*staff))))
    teacher["teacher_key"] = teacher.pop("key")
    teacher["rotating"] = [None if value is None else bool(value) for value in teacher["rotating"]]
    return teacher


def _facts(county_code: str, today: date) -> Columns:
    rows = [
        (key, fact, known.value, known.source, known.since, known.until)
        for key, by_fact in facts.facts_of(county_code, today).items()
        for fact, known in by_fact.items()
        if known.value
    ]
    return _columns(("student_key", "fact", "value", "register", "since", "until"), rows)


def _missing(county_code: str, today: date) -> Columns:
    rows = findings.not_enrolled(county_code, today)
    names = [one.name for one in fields(findings.Missing)]
    return {name: [getattr(row, name) for row in rows] for name in names}


def cases_table(county_code: str) -> Columns:
    """个案的表: every case of the county, ended ones too."""
    fields = (
        "ledger", "subject_key", "item", "state", "phase", "opened_on", "state_since", "closed_on", "school_code",
    )  # fmt: skip
    rows = Case.objects.filter(county_code=county_code).values_list(*fields)
    return _columns(fields, list(rows))


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Columns:
    parts = [list(part) for part in zip(*rows, strict=True)] or [[] for _ in names]
    return dict(zip(names, parts, strict=True))


def _renamed(columns: Columns, names: dict[str, str]) -> Columns:
    return {names.get(name, name): values for name, values in columns.items()}
