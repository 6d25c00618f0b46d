"""就读与去向: the graduates of a year with where they went; those without a place first."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_GET, require_POST

from bureau.graduates import actions, figures, queries, rules
from bureau.graduates.models import Destination, Leaver
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.people_columns import school_names
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, Refused
from bureau.registry.finding import by_name
from bureau.work.graduates_tasks import derive_graduates

VIEWS = {
    "all": N("全部"),
    "unplaced": N("未落实"),
    "unknown": N("去向不详"),
    "registered": N("困难家庭"),
    "registered-unplaced": N("困难家庭未落实"),
    "moved": N("转出"),
}
KINDS = {str(code): str(words) for code, words in Destination.Kind.choices}
SOURCES = {str(code): str(words) for code, words in Destination.Source.choices}


def address(row: Row) -> str:
    """One child's file."""
    return reverse("graduate", args=[row["id"]])


def chosen(request: SignedIn, here: Page) -> tuple[int | None, str, list[int], list[str]]:
    """(year, stage, years on offer, stages on offer) as the address asks; the newest year and all its stages otherwise."""
    years = queries.years(here.county_code)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else (years[0] if years else None)
    stages = queries.stages(here.county_code, year) if year else []
    stage = request.GET.get("stage", "")
    return year, stage if stage in stages else "", years, stages


def views_of(rows: QuerySet[Leaver]) -> dict[str, QuerySet[Leaver]]:
    """The views of the list."""
    graduated = rows.filter(queries.GRADUATED)
    return {
        "all": graduated,
        "unplaced": graduated.filter(queries.UNPLACED),
        "unknown": graduated.filter(queries.UNKNOWN),
        "registered": graduated.filter(registered=True),
        "registered-unplaced": graduated.filter(queries.UNPLACED, registered=True),
        "moved": rows.filter(kind="moved"),
    }


def _in_view(groups: Sequence[figures.Standing], view: str) -> int:
    """How many of a view: the same conditions as in `views_of`, over groups that are known already."""
    chosen: dict[str, Callable[[figures.Standing], bool]] = {
        "all": lambda one: True,
        "unplaced": lambda one: one.unplaced,
        "unknown": lambda one: one.unknown,
        "registered": lambda one: one.registered,
        "registered-unplaced": lambda one: one.registered and one.unplaced,
    }
    if view == "moved":
        return sum(one.n for one in groups if one.kind == "moved")
    return sum(one.n for one in groups if one.kind == "graduated" and chosen[view](one))


@require_GET
@page(Permission.SEE_AID)
def listing(request: SignedIn) -> HttpResponse:
    """The list of one year."""
    here, today = current(request), localdate()
    year, stage, years, stages = chosen(request, here)
    rows = queries.leavers(here.county_code, here.scope).filter(year=year or 0)
    if stage:
        rows = rows.filter(stage=stage)
    views = views_of(rows)
    view = request.GET.get("view", "all")
    view = view if view in views else "all"
    names = school_names(here)
    table = leaver_table(request, "graduates", views[view], names, empty=_empty(years))
    if table.wants_export:
        return export(request, table, title=_("%(year)s年毕业生去向") % {"year": year or ""})
    groups = figures.standings(rows)
    counts = figures.counts(groups) | {"supported": figures.supported(views["all"])}
    last = queries.derivations(here.county_code).first()
    if last is not None and last.state not in ("queued", "running"):
        last = None
    answer = show(
        request,
        "graduates/list.html",
        title=_("毕业生去向"),
        table=table,
        view=view,
        tabs=[(key, _(words), _in_view(groups, key)) for key, words in VIEWS.items()],
        year=year,
        years=years,
        stage=stage,
        stages=stages,
        counts=counts,
        share=_share(counts),
        chart=_chart(counts) if counts["all"] else None,
        kinds=[(KINDS[kind], counts[kind]) for kind in KINDS] + [(_("没有登记"), counts["none"])],
        running=last,
        why_not_update=rules.why_not_update(
            by=request.user, year=year or today.year, running=last is not None, registers=True
        ),
        next_year=max([*years, today.year]),
    )
    log_children(request, table, "graduates", {"year": year, "stage": stage, "view": view})
    return answer


def log_children(request: SignedIn, table: Table, name: str, detail: Mapping[str, object]) -> None:
    """记查阅 of a list of children."""
    here = current(request)
    read_access(
        by=request.user, verb=Verb.VIEW, obj=(name, here.county_code),
        detail={**detail, "found": table.count, "shown": len(table.lines), "page": table.number, "search": table.query[:20]},
        at=now(), address=client_address(request),
    )  # fmt: skip


def _empty(years: list[int]) -> str:
    if years:
        return _("没有符合条件的毕业生。")
    return _("还没有毕业生。导入学生登记册以后，用“从登记册更新”取初三、高三毕业生。")


def leaver_table(
    request: SignedIn, name: str, rows: QuerySet[Leaver], names: Mapping[str, str], *, empty: str
) -> Table:
    """The table of leavers, the same on every page."""

    def fill(found: list[dict[str, Any]]) -> None:
        for row in found:
            row["school_name"] = names.get(row["school_code"], row["school_code"])
            row["where"] = (
                row["current__school_name"] or row["current__employer"] or row["current__place"] or "–"
            )

    kinds = {kind: _(words) for kind, words in KINDS.items()} | {"": _("没有登记")}
    return Table(
        request,
        name,
        (
            Column("person_name", _("姓名"), sort="pinyin", link=address),
            Column("sex", _("性别"), "code", codes={"1": N("男"), "2": N("女")}, hidden=True),
            Column("school_name", _("毕业学校"), computed=True, sort="school_code"),
            Column("school_code", _("学校标识码"), "code", choices=names, hidden=True),
            Column("stage", _("学段")),
            Column("class_number", _("班号"), "number"),
            Column("registered", _("困难家庭"), "flag", choices={"1": _("是"), "0": _("否")}),
            Column(
                "current__kind", _("去向"), codes=kinds, choices=kinds,
                text=lambda row: kinds[row["current__kind"] or ""],
            ),
            Column("current__study_stage", _("就读学段"), text=lambda row: _(row["current__study_stage"] or "–")),
            Column("where", _("就读学校或单位"), computed=True, sort="current__school_name"),
            Column("current__major", _("专业"), hidden=True, text=lambda row: row["current__major"] or "–"),
            Column(
                "current__source", _("来源"), hidden=True,
                text=lambda row: _(SOURCES.get(row["current__source"] or "", "–")),
            ),
            Column("current__day", _("自"), "date", hidden=True),
            Column("home_township", _("现住乡镇"), hidden=True),
            Column("year", _("年份"), hidden=True, text=lambda row: str(row["year"])),
        ),
        rows,
        what=_("名学生"),
        search=_search,
        search_hint=_("姓名或拼音"),
        order="school_code,class_number,pinyin",
        extra=("school_code", "current__employer", "current__place", "current__school_name"),
        fill=fill,
        row_link=address,
        empty=empty,
        caption=_("毕业生名单"),
    )  # fmt: skip


def _search(text: str) -> Q:
    return by_name(text, field="person_name")


def _share(counts: Mapping[str, int]) -> dict[str, float | None]:
    every, poor = counts["all"], counts["registered"]
    return {
        "study": counts["study"] / every if every else None,
        "placed": sum(counts[kind] for kind in rules.PLACED) / every if every else None,
        "registered_study": counts["registered_study"] / poor if poor else None,
        "unknown": (counts["none"] + counts["unknown"]) / every if every else None,
    }


def _chart(counts: Mapping[str, int]) -> dict[str, Any]:
    names = [*KINDS, "none"]
    words = [_(KINDS[name]) if name in KINDS else _("没有登记") for name in names]
    return {
        "grid": {"left": 8, "right": 64, "top": 6, "bottom": 6},
        "tooltip": {"trigger": "item", "formatter": "tooltip"},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {"type": "category", "inverse": True, "data": words},
        "series": [
            {
                "name": _("人数"),
                "type": "bar",
                "barMaxWidth": 18,
                "data": [counts[name] for name in names],
                "label": {"show": True, "position": "right", "formatter": "number"},
            }
        ],
    }


@require_POST
@page(Permission.MATCH_REGISTERS)
def update(request: SignedIn) -> HttpResponse:
    """从登记册更新 one year, in the background."""
    here = current(request)
    typed = request.POST.get("year", "")
    year = int(typed) if typed.isdecimal() and len(typed) == 4 else None
    try:
        of = actions.ask_update(
            county_code=here.county_code,
            year=year,
            by=request.user,
            at=now(),
            address=client_address(request),
        )
        derive_graduates.enqueue(of.pk)
        messages.success(request, _("已开始更新，完成后这里显示新名单"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("graduates") + (f"?year={year}" if year else ""))


@require_POST
@page(Permission.MATCH_REGISTERS)
def cancel(request: SignedIn) -> HttpResponse:
    """取消更新."""
    here, key = current(request), request.POST.get("of", "")
    of = queries.derivations(here.county_code).filter(pk=int(key) if key.isdecimal() else 0).first()
    try:
        if of is None:
            raise Refused("更新已经结束")
        actions.cancel_update(of=of, by=request.user, at=now(), address=client_address(request))
        messages.success(request, _("正在取消更新"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("graduates"))
