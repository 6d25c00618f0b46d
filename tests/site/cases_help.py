"""What the tests of cases share: roll calls with one pupil away, a night's comparison, and the steps to a close."""

from datetime import UTC, date, datetime, timedelta

from bureau.attendance import actions as attendance
from bureau.attendance.shapes import ClassRef, Named
from bureau.cases import actions, sweeping, tables
from bureau.cases.models import Case, Sweep
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.registry.models import Student
from bureau.workdays import actions as workdays
from bureau.workdays.queries import calendar
from site_rows import COUNTY, NOW

START = date(2026, 3, 9)
PDF = Upload("证明.pdf", b"%PDF-1.7 demo")


def at(day: date) -> datetime:
    """Nine in the morning."""
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def know_holidays() -> None:
    """The published holidays of the year."""
    workdays.load_published(year=2026, by=None, at=NOW)


def pupil(school: str, *, skip: int = 0) -> Student:
    """A pupil of compulsory age of a school."""
    return Student.objects.filter(
        county_code=COUNTY,
        school_code=school,
        valid_to=None,
        replaced_by=None,
        enrolment_status="在读",
        stage__in=["小学", "初中"],
    ).order_by("key")[skip]


def ref_of(child: Student) -> ClassRef:
    """The child's class."""
    return ClassRef(COUNTY, child.school_code, child.grade or "", child.class_number or 0)


def school_days(first: date, count: int) -> list[date]:
    """Working days from a day on."""
    known, found, day = calendar(), [], first
    while len(found) < count:
        if known.works(day):
            found.append(day)
        day += timedelta(days=1)
    return found


def call_the_roll(child: Student, days: list[date], *, away: bool, by: User) -> None:
    """One class on several days: only this child is away, or nobody."""
    for day in days:
        named = [Named(child.key, "unexcused")] if away else []
        attendance.enter(ref=ref_of(child), day=day, absences=named, by=by, at=at(day), today=days[-1])


def night(day: date, *, only: str = "") -> dict[str, Sweep]:
    """比对 of a day."""
    county = tables.gather(COUNTY, today=day)
    done = sweeping.sweep(county_code=COUNTY, county=county, at=at(day), today=day, only=only)
    return {sweep.ledger: sweep for sweep in done}


def case_of(child: Student, ledger: str) -> Case:
    """The newest case of a child in a ledger."""
    return Case.objects.filter(ledger=ledger, subject_key=child.key).latest("id")


def move(case: Case, name: str, by: User, day: date, text: str = "演示：已办", **fields: object) -> Case:
    """One step."""
    step = fields.pop("files", ())
    assert isinstance(step, list | tuple)
    return actions.move(
        case_id=case.pk, move=name, fields=fields, text=text, files=list(step), by=by, at=at(day), today=day
    )
