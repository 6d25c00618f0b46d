"""目标: what the plans promise, with today's figure, verdict and forecast computed from the registers."""

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bureau.pages.access import SignedIn, page
from bureau.pages.cells import number
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission
from bureau.plans import duty_queries, target_queries
from bureau.plans.target_models import Target
from bureau.plans.target_rules import VERDICTS, figure, goal_words
from bureau.plans.task_queries import current_plans

VIEW_WORDS = {
    "all": gettext_noop("全部"),
    "behind": gettext_noop("落后"),
    "on_course": gettext_noop("按进度"),
    "met": gettext_noop("已达到"),
    "no_data": gettext_noop("无数据"),
    "unbound": gettext_noop("未绑定"),
}
EMPTY = {
    "behind": gettext_noop("没有落后的目标。"),
    "on_course": gettext_noop("没有“按进度”的目标。"),
    "met": gettext_noop("还没有达到的目标。"),
    "no_data": gettext_noop("每个目标都有数据。"),
    "unbound": gettext_noop("每个目标都已绑定指标或设为填报数列。"),
}


def target_address(row: Any) -> str:
    """The page of one target."""
    return reverse("target", args=[row["id"]])


def standing(target: Target) -> str:
    """The verdict in words; an unbound target says so instead of having no data."""
    unbound = not target.measure and not target.reported
    return "未绑定" if unbound else VERDICTS[target.verdict]


def fill_targets(rows: list[dict[str, Any]]) -> None:
    """Goal, figure, forecast and standing of the targets of one page."""
    found = target_queries.targets_by_id([row["id"] for row in rows])
    titles = target_queries.titles({one.measure for one in found.values()})
    for row in rows:
        target = found[row["id"]]
        latest, forecast = target.outlook.get("latest"), target.outlook.get("forecast")
        row["goal"] = goal_words(target)
        row["latest"] = latest["value"] if latest else None
        row["latest_day"] = latest["day"] if latest else "–"
        row["expected"] = target.outlook.get("expected")
        row["forecast"] = figure(forecast["value"], target.unit) if forecast else "–"
        row["standing"] = standing(target)
        row["measured"] = titles.get(target.measure) or (_("填报数列") if target.reported else _("未绑定"))
        row["leads"] = "、".join(one.name for one in target.task.leads.all()) if target.task else "–"
        row["sentence"] = target.outlook.get("sentence", "")


@page(Permission.SEE_PLANS)
def listing(request: SignedIn) -> HttpResponseBase:
    """All targets of the plans in force."""
    here = current(request)
    plans = current_plans(request.user, here.county_code)
    every = target_queries.targets(plans)
    counts = target_queries.view_counts(every)
    view = request.GET.get("view", "all")
    view = view if view in VIEW_WORDS else "all"
    named = {str(pk): title for pk, title in plans.values_list("pk", "title")}
    codes = sorted({code for code in every.order_by().values_list("measure", flat=True).distinct() if code})
    years = sorted({due.year for due in every.order_by().values_list("due", flat=True).distinct() if due})
    titles = target_queries.titles(codes)
    table = Table(
        request,
        "targets",
        (
            Column("indicator", _("指标"), link=target_address),
            Column("goal", _("目标值"), computed=True, sort="value"),
            Column("latest", _("最近数据"), kind="number", computed=True, sort=None, why=lambda row: reverse("why-target", args=[row["id"]]) if row["latest"] is not None else ""),
            Column("latest_day", _("数据日期"), computed=True, sort=None),
            Column("standing", _("结论"), kind="verdict", computed=True, sort="verdict", lookup="verdict", choices={code: _(words) for code, words in VERDICTS.items()}),
            Column("expected", _("进度线"), kind="number", computed=True, sort=None, note=_("按基期到时限的直线，数据日期应有的值")),
            Column("forecast", _("到期预测"), computed=True, sort=None),
            Column("due", _("完成时限"), kind="date", text=lambda row: f"{row['due']:%Y-%m-%d}" if row["due"] else _("未写明")),
            Column("due__year", _("到期年份"), kind="code", hidden=True, choices={str(year): str(year) for year in years}, text=lambda row: str(row["due__year"] or "–")),
            Column("measured", _("绑定指标"), computed=True, sort=None, lookup="measure", choices=titles),
            Column("leads", _("牵头单位"), computed=True, sort=None, lookup="task__leads", choices=duty_queries.unit_choices(plans)),
            Column("plan", _("计划"), codes=named, choices=named, hidden=True),
            Column("sentence", _("说明"), computed=True, sort=None, hidden=True),
        ),
        target_queries.in_view(every, view).distinct(),
        what=_("个目标"),
        search=("indicator", "scope", "task__title"),
        search_hint=_("指标、范围、任务"),
        order="plan,number",
        extra=("unit", "verdict"),
        row_link=target_address,
        fill=fill_targets,
        empty=_(EMPTY[view]) if view in EMPTY else _("还没有目标。计划发布后，文件里的量化目标会列在这里。"),
        caption=_("目标"),
    )  # fmt: skip
    if table.wants_export:
        return export(request, table, title=_("目标"), permission=Permission.SEE_PLANS)
    return show(
        request,
        "targets.html",
        title=_("目标"),
        table=table,
        counts=counts,
        share=number(counts["met"] / counts["all"], percent=True, digits=0) if counts["all"] else "",
        views=[
            {
                "words": _(words),
                "count": counts[name],
                "address": f"{request.path}?view={name}",
                "here": name == view,
                "bad": name == "behind" and counts[name] > 0,
            }
            for name, words in VIEW_WORDS.items()
        ],
    )
