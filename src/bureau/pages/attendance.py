"""考勤: whose classes have called the roll today, who is away, and since when; a teacher's own classes, a school's, a county's."""

from datetime import date, timedelta

from django.http import HttpResponse, HttpResponseBase
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bureau.attendance import queries
from bureau.attendance.terms import SchoolCalendar
from bureau.pages.access import SignedIn, page
from bureau.pages.attendance_overview import day_parts, of_school, of_schools
from bureau.pages.attendance_place import MAY_SEE, asked_day, class_page, home_county, said_class
from bureau.pages.context import current, show


@page(roles=MAY_SEE)
def attendance(request: SignedIn) -> HttpResponseBase:
    """The day: for a teacher the own classes, for a school its classes, for the bureau its schools."""
    here = current(request)
    county = home_county(request, here.county_code)
    known = queries.school_calendar(county)
    today = localdate()
    day = asked_day(request, known, today=today)
    if request.user.role == "teacher":
        return _mine(request, county, known, day, today)
    school = request.user.school_code or request.GET.get("school", "")
    return (
        of_school(request, here, known, day, today, school)
        if school
        else of_schools(request, here, known, day, today)
    )


def _mine(request: SignedIn, county: str, known: SchoolCalendar, day: date, today: date) -> HttpResponse:
    """本人的班: one card each, with the last ten school days."""
    days = known.between(day - timedelta(days=30), day)[-10:]
    cards = []
    for ref in queries.classes_of(request.user, today):
        entries = {
            one.day: one
            for one in queries.class_days(county, days[0], day, school_code=ref.school_code)
            if (one.grade, one.class_number) == (ref.grade, ref.class_number)
        } if days else {}  # fmt: skip
        cards.append(
            {
                "name": said_class(ref),
                "entry": entries.get(day),
                "address": class_page(ref, day),
                "matrix": class_page(ref, name="attendance-matrix"),
                "days": [{"day": one, "entry": entries.get(one), "address": class_page(ref, one)} for one in days],
            }
        )  # fmt: skip
    return show(
        request,
        "attendance/mine.html",
        title=_("今天谁没来"),
        cards=cards,
        **day_parts(request, known, day, today),
    )
