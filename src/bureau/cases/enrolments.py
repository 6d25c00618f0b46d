"""一人多籍: a child whose identity number stands on the student register a second time is named where its case is worked on.

A pupil may seem gone from one school because he sits in another under another enrolment number; then the register is to be put
right first, and nobody is to be persuaded to return.
"""

from dataclasses import dataclass
from datetime import date

from bureau.cases.models import Case
from bureau.cases.subjects import class_words
from bureau.people.models import Area
from bureau.registry.models import School, Student
from bureau.registry.queries import on

STUDYING = "在读"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """另一条在读学籍. Of another county only its name is told: who may see the pupil there is not ours to decide."""

    county: str
    school: str = ""
    class_name: str = ""


def others_of(case: Case, day: date) -> list[Enrolment]:
    """同一证件号的其他在读学籍 on the day, whatever number they go under; [] for what is no pupil or has no identity number."""
    if case.subject != "student":
        return []
    rows = Student.objects.filter(on(day)).order_by("county_code", "school_code")
    mine = rows.filter(county_code=case.county_code, key=case.subject_key)
    look = mine.values_list("id_number_lookup", flat=True).first()
    if not look:
        return []
    same = rows.filter(id_number_lookup=look, enrolment_status=STUDYING)
    same = same.exclude(county_code=case.county_code, key=case.subject_key)
    found = list(same.values_list("county_code", "school_code", "grade", "class_number"))
    if not found:
        return []
    counties = dict(Area.objects.filter(kind="county").values_list("code", "name"))
    here = School.objects.filter(on(day), county_code=case.county_code)
    schools = dict(here.values_list("school_code", "school_name"))
    return [
        Enrolment("", schools.get(school) or school, class_words(grade, number))
        if county == case.county_code
        else Enrolment(counties.get(county, county))
        for county, school, grade, number in found
    ]
