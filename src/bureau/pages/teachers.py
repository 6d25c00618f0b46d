"""教师: the list of teachers in scope, masked."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.people_columns import masked, school_names, with_school
from bureau.pages.schools import empty
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission
from bureau.registry import finding
from junheng.tables import codes


def teacher_address(row: Row) -> str:
    """The teacher's own page."""
    return reverse("teacher", args=[row["id"]])


def columns(schools: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns of the list."""
    yes_no = {"1": _("是"), "0": _("否"), "": _("未报")}

    def code(name: str, heading: str, list_name: str = "", *, hidden: bool = False) -> Column:
        names = codes(list_name or name)
        return Column(name, heading, "code", codes=names, choices=names, hidden=hidden)

    return (
        Column("person_name", _("姓名"), sort="pinyin", link=teacher_address),
        code("sex", _("性别")),
        Column("school_name", _("学校"), computed=True, sort="school_code"),
        Column("school_code", _("学校标识码"), "code", choices=schools, hidden=True),
        code("post_kind", _("岗位类别")),
        code("teaching_stage", _("任教学段"), "stage"),
        code("subject", _("任教学科")),
        code("education", _("学历")),
        code("title", _("职称")),
        code("backbone", _("骨干级别")),
        Column("certificate", _("持教师资格证"), "flag", choices=yes_no),
        code("establishment", _("编制类型")),
        Column("posted_on", _("到现校年月"), "date", hidden=True),
        Column("rotation_eligible", _("符合交流条件"), "flag", choices=yes_no, hidden=True),
        Column("rotating", _("当年交流轮岗"), "flag", choices=yes_no, hidden=True),
        Column("training_hours", _("近五年培训"), "number", unit=_("学时")),
        Column("weekly_lessons", _("周课时"), "number", unit=_("节"), hidden=True),
        Column("birth_date", _("出生日期"), "date", hidden=True),
        Column("id_number", _("身份证件号"), sort=None, hidden=True),
        Column("phone", _("联系电话"), sort=None, hidden=True),
    )


def table(request: SignedIn) -> Table:
    """The list as the address asks for it."""
    here = current(request)
    names = school_names(here)
    beside = with_school(names)

    def fill(rows: list[dict[str, Any]]) -> None:
        beside(rows)
        masked(rows, ids=("id_number",), phones=("phone",))

    return Table(
        request,
        "teachers",
        columns(names),
        here.rows("teachers"),
        what=_("名教职工"),
        search=finding.teachers,
        search_hint=_("姓名、拼音、身份证号或后四位"),
        order="pinyin",
        extra=("school_code",),
        fill=fill,
        row_link=teacher_address,
        empty=empty(here, _("教师")),
        caption=_("教师名单"),
        version=here.version("schools", "teachers"),
    )


@page(Permission.SEE_SCHOOLS)
def teachers(request: SignedIn) -> HttpResponse:
    """The list, 50 to a page."""
    found = table(request)
    if found.wants_export:
        return export(request, found, title=_("教师名单"), searched=finding.for_the_log(found.query))
    return show(request, "register.html", title=_("教师"), table=found, sheet="teachers")
