"""学生: the list of students in scope, masked; each look at it is logged."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.people_columns import masked, school_names, with_school
from bureau.pages.schools import empty
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission
from bureau.registry import finding
from junheng.tables import codes


def student_address(row: Row) -> str:
    """The student's own page."""
    return reverse("student", args=[row["id"]])


def columns(schools: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns of the list."""
    yes_no = {"1": _("是"), "0": _("否"), "": _("未报")}

    def code(name: str, heading: str, *, hidden: bool = False, filtered: bool = True) -> Column:
        names = codes(_LISTS.get(name, name))
        return Column(name, heading, "code", codes=names, choices=names if filtered else None, hidden=hidden)

    def flag(name: str, heading: str, *, hidden: bool = False) -> Column:
        return Column(name, heading, "flag", choices=yes_no, hidden=hidden)

    return (
        Column("person_name", _("姓名"), sort="pinyin", link=student_address),
        code("sex", _("性别")),
        Column("school_name", _("学校"), computed=True, sort="school_code"),
        # The filter belongs to a column of the model; the name beside it is filled in.
        Column("school_code", _("学校标识码"), "code", choices=schools, hidden=True),
        code("stage", _("学段")),
        Column("grade", _("年级"), "code", codes=codes("grade"), choices=codes("grade"), sort="grade_order"),
        Column("class_number", _("班号"), "number"),
        code("enrolment_status", _("学籍状态")),
        Column("id_number", _("身份证件号"), sort=None),
        Column("enrolment_number", _("全国学籍号"), sort=None, hidden=True),
        Column("birth_date", _("出生日期"), "date", hidden=True),
        code("ethnicity", _("民族"), hidden=True),
        Column("home_township", _("现住乡镇"), hidden=True),
        Column("home_village", _("现住村"), hidden=True),
        flag("registered_household", _("建档立卡户")),
        flag("minimum_living", _("低保")),
        flag("left_behind", _("留守儿童")),
        flag("migrant", _("随迁子女"), hidden=True),
        flag("orphan", _("孤儿"), hidden=True),
        flag("destitute", _("特困供养"), hidden=True),
        code("disability", _("残疾类型"), hidden=True),
        code("attendance_way", _("就读方式"), hidden=True),
        Column("home_distance", _("上学距离"), "number", unit=_("公里"), hidden=True),
        Column("guardian_name", _("监护人"), hidden=True),
        Column("guardian_phone", _("监护人电话"), sort=None),
    )


_LISTS = {"guardian_relation": "relation"}


def table(request: SignedIn) -> Table:
    """The list as the address asks for it."""
    here = current(request)
    names = school_names(here)
    beside = with_school(names)

    def fill(rows: list[dict[str, Any]]) -> None:
        beside(rows)
        masked(rows, ids=("id_number", "enrolment_number"), phones=("guardian_phone",))

    return Table(
        request,
        "students",
        columns(names),
        finding.in_grade_order(here.rows("students")),
        what=_("名学生"),
        search=finding.students,
        search_hint=_("姓名、拼音、身份证号或后四位、学籍号"),
        order="pinyin",
        extra=("school_code",),
        fill=fill,
        row_link=student_address,
        empty=empty(here, _("学生")),
        caption=_("学生名单"),
        version=here.version("schools", "students"),
    )


@page(Permission.SEE_CHILDREN)
def students(request: SignedIn) -> HttpResponse:
    """The list, 50 to a page."""
    here, found = current(request), table(request)
    searched = finding.for_the_log(found.query)
    if found.wants_export:
        return export(request, found, title=_("学生名单"), searched=searched)
    answer = show(request, "students.html", title=_("学生"), table=found)
    read_access(
        by=request.user,
        verb=Verb.VIEW,
        obj=("students", here.county_code),
        detail={
            "day": here.on,
            "found": found.count,
            "shown": len(found.lines),
            "page": found.number,
            "search": searched,
            "filters": found.chosen,
        },
        at=now(),
        address=client_address(request),
    )
    return answer
