"""学校: the list of schools with their verdicts, as a table or on a map."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.maps import dots
from bureau.pages.remember import remembered
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission
from bureau.registry import finding
from bureau.runs import queries as runs
from bureau.runs.models import SchoolResult
from junheng.tables import codes

# The worst stage of a school speaks for it on the list and on the map.
WORST_FIRST = ("未达标", "未报", "达标", "不适用")


def school_address(row: Row) -> str:
    """The school file."""
    return reverse("school", args=[row["school_code"]])


def columns(rows: list[dict[str, Any]]) -> tuple[Column, ...]:
    """The columns of the list; the filters offer what occurs."""
    places = sorted((row["township_code"] or "~", row["township"]) for row in rows if row["township"])
    townships = {name: name for _code, name in places}

    def met(name: str) -> Mapping[str, str]:
        there = {row[name] for row in rows}
        return {code: label for code, label in codes(name).items() if code in there}

    return (
        Column("school_name", _("学校"), link=school_address, sort="pinyin"),
        Column("school_code", _("学校标识码"), "code"),
        Column("school_kind", _("办学类型"), "code", codes=codes("school_kind"), choices=met("school_kind")),
        Column("township_name", _("乡镇"), choices=townships, lookup="township", sort="township_code"),
        Column("locale", _("城乡类型"), "code", codes=codes("locale"), choices=met("locale")),
        Column("organizer", _("举办者"), "code", codes=codes("organizer"), choices=met("organizer"), hidden=True),
        Column("boarding", _("寄宿制"), "flag", choices={"True": _("是"), "False": _("否")}, hidden=True),
        Column("students", _("在校生"), "number", unit=_("人"), total=True),
        Column("classes", _("班级"), "number", unit=_("个"), total=True),
        Column("per_class", _("平均班额"), "number", unit=_("人"), digits=1),
        Column("teachers", _("专任教师"), "number", unit=_("人"), total=True),
        Column("failing", _("未达标指标"), "number", unit=_("项"), text=_failing, note=_("七项资源配置指标中未达标的项数，各学段相加")),
        Column("verdict", _("综合评估"), "verdict", choices={word: _(word) for word in WORST_FIRST}),
    )  # fmt: skip


def _failing(row: Row) -> str:
    return "–" if row["verdict"] == "不适用" else "" if row["failing"] is None else str(row["failing"])


def rows(here: Page) -> list[dict[str, Any]]:
    """All schools in scope with counts and verdicts; a county has a few hundred, so they are sorted in memory."""
    if here.on is None:
        return []
    fields = (
        "id", "school_code", "school_name", "school_kind", "township", "township_code", "locale", "organizer", "boarding",
        "longitude", "latitude", "pinyin",
    )  # fmt: skip
    found = list(here.schools().values(*fields))
    version = here.version("schools", "students", "teachers", "classes")
    place = f"{here.on} {here.scope}"
    students = remembered(
        version, f"students by school {place}", lambda: finding.students_by_school(here.rows("students"))
    )
    teachers = remembered(
        version, f"teachers by school {place}", lambda: finding.teachers_by_school(here.rows("teachers"))
    )
    classes = remembered(
        version, f"classes by school {place}", lambda: finding.classes_by_school(here.rows("classes"))
    )
    verdicts = _verdicts(here)
    for row in found:
        code = row["school_code"]
        row["township_name"] = row["township"]
        row["students"] = students.get(code, 0) if students else None
        row["teachers"] = teachers.get(code, 0) if teachers else None
        row["classes"] = classes.get(code, (0, None))[0] if classes else None
        row["per_class"] = row["students"] / row["classes"] if row["students"] and row["classes"] else None
        row["verdict"], row["failing"] = verdicts.get(code, ("不适用", None))
    return found


def _verdicts(here: Page) -> dict[str, tuple[str, int | None]]:
    run = runs.newest_run(here.county_code, on=here.on)
    if run is None:
        return {}
    found: dict[str, tuple[str, int | None]] = {}
    results = SchoolResult.objects.filter(run=run).values_list(
        "school_code", "verdict", "near", "below_floor"
    )
    for code, verdict, near, below in results:
        failing = None if verdict == "不适用" else len(near) + len(below)
        was, before = found.get(code, ("不适用", None))
        worst = min(was, verdict, key=WORST_FIRST.index)
        found[code] = (worst, before if failing is None else failing + (before or 0))
    return found


def table(request: SignedIn) -> Table:
    """The list as the address asks for it."""
    here = current(request)
    found = rows(here)
    return Table(
        request,
        "schools",
        columns(found),
        found,
        what=_("所学校（机构）"),
        match=finding.matches_school,
        search_hint=_("校名、拼音或标识码"),
        order="pinyin",
        row_link=school_address,
        empty=empty(here, _("学校")),
        caption=_("学校名单"),
    )


@page(Permission.SEE_SCHOOLS)
def schools(request: SignedIn) -> HttpResponse:
    """The list; `?view=map` shows the same schools on the map."""
    here, found = current(request), table(request)
    if found.wants_export:
        return export(request, found, title=_("学校名单"))
    on_map = request.GET.get("view") == "map"
    return show(
        request,
        "schools.html",
        title=_("学校"),
        table=found,
        on_map=on_map,
        list_address=found.address({"view": None}),
        map_address=found.address({"view": "map"}),
        chart=dots(found.found) if on_map else None,
        county=here.county_code,
    )


def empty(here: Page, what: str) -> str:
    """Why a register shows nothing, and what to do."""
    if here.on is None:
        return _("还没有导入过数据。请先到“数据 › 导入”上传%(what)s等表格。") % {"what": what}
    return _("%(day)s的登记册中没有您辖区内的%(what)s。可换一个日期，或到“数据 › 导入”上传。") % {
        "day": f"{here.on:%Y-%m-%d}",
        "what": what,
    }
