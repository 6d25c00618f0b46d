"""班级: every class with its students, and whether it is above the limit of the latest assessment."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row, said
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.people_columns import school_names, with_school
from bureau.pages.schools import empty
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission
from bureau.registry import finding
from bureau.runs import queries as runs
from bureau.runs.models import ClassFinding
from junheng.tables import codes


def class_address(row: Row) -> str:
    """The class's own page."""
    return reverse("class", args=[row["id"]])


def table(request: SignedIn) -> Table:
    """The list as the address asks for it; what an assessment found too large says by how many."""
    here = current(request)
    names = school_names(here)
    beside = with_school(names)
    run = runs.newest_run(here.county_code, on=here.on)

    def fill(rows: list[dict[str, Any]]) -> None:
        beside(rows)
        schools = {row["school_code"] for row in rows}
        found = {
            (one.school_code, one.grade, one.class_number): one
            for one in (ClassFinding.objects.filter(run=run, school_code__in=schools) if run else ())
        }
        for row in rows:
            one = found.get((row["school_code"], row["grade"], row["class_number"]))
            row["over"] = one.over if one else 0 if run and row["class_students"] is not None else None
            row["band"] = said(one.band or "超过上限") if one else _("正常") if run else None

    columns = (
        Column("school_name", _("学校"), computed=True, sort="school_code", link=class_address),
        Column("school_code", _("学校标识码"), "code", choices=names, hidden=True),
        Column("stage", _("学段"), "code", codes=codes("stage"), choices=codes("stage")),
        Column("grade", _("年级"), "code", codes=codes("grade"), choices=codes("grade"), sort="grade_order"),
        Column("class_number", _("班号"), "number"),
        Column(
            "class_kind",
            _("班级类型"),
            "code",
            codes=codes("class_kind"),
            choices=codes("class_kind"),
            hidden=True,
        ),
        Column("class_students", _("学生数"), "number", unit=_("人"), total=True),
        Column(
            "over", _("超出上限"), "number", unit=_("人"), computed=True, note=_("按最近一次测算的标准上限")
        ),
        Column("band", _("班额"), computed=True),
        Column("class_teacher", _("班主任"), hidden=True),
    )
    return Table(
        request,
        "classes",
        columns,
        finding.in_grade_order(here.rows("classes")),
        what=_("个班级"),
        search=finding.of_schools,
        search_hint=_("校名、拼音或标识码"),
        order="school_code,grade_order,class_number",
        extra=("school_code", "grade", "class_number", "class_students"),
        fill=fill,
        row_link=class_address,
        empty=empty(here, _("班级")),
        caption=_("班级名单"),
        version=here.version("schools", "classes"),
    )


@page(Permission.SEE_SCHOOLS)
def classes(request: SignedIn) -> HttpResponse:
    """The list, 50 to a page."""
    found = table(request)
    if found.wants_export:
        return export(request, found, title=_("班级名单"))
    return show(request, "register.html", title=_("班级"), table=found, sheet="classes")


def class_name(row: Row) -> str:
    """三年级2班."""
    grade = said(codes("grade").get(row["grade"], row["grade"]))
    return _("%(grade)s%(number)s班") % {"grade": grade, "number": row["class_number"]}
