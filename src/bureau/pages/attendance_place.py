"""考勤页面共用: which class an address means, who may see it, and how a class and a day are named."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bureau.attendance import queries, rules
from bureau.attendance.shapes import ClassRef
from bureau.attendance.terms import SchoolCalendar
from bureau.pages.access import SignedIn, not_found
from bureau.pages.classes import class_name
from bureau.pages.days import day_from
from bureau.people.scope import scope_of
from bureau.registry.models import School
from junheng.tables import codes

# Those who take the roll, and those who may see who is at school.
MAY_SEE = ("leader", "office", "school", "teacher", "township", "inspector", "auditor")
LISTS = ("leader", "office", "school", "township", "inspector", "auditor")
DIRECT = ("leader", "office", "school")


@dataclass(frozen=True, slots=True)
class Place:
    """一个班 on the screen."""

    ref: ClassRef
    school: str
    own: bool

    @property
    def name(self) -> str:
        """三年级2班."""
        return said_class(self.ref)

    @property
    def arguments(self) -> tuple[str, str, int]:
        """What stands in its addresses."""
        return self.ref.school_code, self.ref.grade, self.ref.class_number


def said_class(ref: ClassRef) -> str:
    """三年级2班."""
    return class_name({"grade": ref.grade, "class_number": ref.class_number})


def class_page(ref: ClassRef, day: date | None = None, name: str = "attendance-class") -> str:
    """The address of a class's roll call on a day."""
    address = reverse(name, args=[ref.school_code, ref.grade, ref.class_number])
    return f"{address}?day={day:%Y-%m-%d}" if day else address


def in_order(refs: Iterable[ClassRef]) -> list[ClassRef]:
    """By school, then grade as schools count them, then number."""
    grades = {code: place for place, code in enumerate(codes("grade"))}
    return sorted(refs, key=lambda ref: (ref.school_code, grades.get(ref.grade, 99), ref.class_number))


def place_of(request: SignedIn, school_code: str, grade: str, number: int) -> Place:
    """The class of an address. 404 for one outside the account's area or, for a teacher, not one's own."""
    school = (
        School.objects.filter(scope_of(request.user).schools(), school_code=school_code, replaced_by=None)
        .order_by("-valid_from")
        .first()
    )
    if school is None or grade not in codes("grade"):
        raise not_found(_("没有这个班，或者它不在您的辖区内。"))
    ref = ClassRef(school.county_code, school_code, grade, number)
    own = ref in queries.classes_of(request.user, localdate())
    refusal = rules.why_not_open(role=request.user.role, in_area=True, own_class=own)
    if refusal:
        raise not_found(refusal)
    return Place(ref, school.school_name or school_code, own)


def asked_day(request: SignedIn, known: SchoolCalendar, *, today: date) -> date:
    """The day of the address, else the newest school day."""
    with suppress(ValueError):
        return day_from(request.GET.get("day", ""))
    return known.last(today) or today


def beside(known: SchoolCalendar, day: date, *, today: date) -> tuple[date | None, date | None]:
    """The school days before and after a day, none after today."""
    from_before = known.last(date.fromordinal(day.toordinal() - 1))
    later = known.between(
        date.fromordinal(day.toordinal() + 1), min(today, date.fromordinal(day.toordinal() + 60))
    )
    return from_before, later[0] if later else None


def home_county(request: SignedIn, county_code: str) -> str:
    """The county of a teacher's school; of everybody else the page's."""
    if request.user.role != "teacher":
        return county_code
    found = School.objects.filter(school_code=request.user.school_code, replaced_by=None)
    return found.values_list("county_code", flat=True).first() or county_code
