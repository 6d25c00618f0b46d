"""督办: the slips of a county, or of one's own unit; late ones first."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from bureau.pages.access import SignedIn, page
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, why_not
from bureau.supervision import queries
from bureau.supervision.models import Slip
from bureau.supervision.states import OPEN_STATES, WORDS
from bureau.workdays.queries import calendar

VIEWS = {
    "open": gettext_noop("未办结"),
    "late": gettext_noop("已逾期"),
    "answered": gettext_noop("待复核"),
    "draft": gettext_noop("拟稿"),
    "closed": gettext_noop("已销号"),
    "all": gettext_noop("全部"),
}
KINDS = {str(value): str(label) for value, label in Slip.Kind.choices}
LEVELS = {str(value): str(label) for value, label in Slip.Level.choices}
EXTRA = ("state", "year", "serial", "organisation_id")


def _address(row: Any) -> str:
    return reverse("slip", args=[row["id"]])


def _columns() -> tuple[Column, ...]:
    kinds = {key: _(words) for key, words in KINDS.items()}
    return (
        Column("number", _("编号"), computed=True, sort="serial", link=_address),
        Column("kind", _("种类"), codes=kinds, choices=kinds),
        Column("title", _("事项"), link=_address),
        Column("organisation__name", _("承办单位")),
        Column(
            "level",
            _("等级"),
            codes={k: _(v) for k, v in LEVELS.items()},
            choices={k: _(v) for k, v in LEVELS.items()},
        ),
        Column("working_days", _("期限"), kind="number", unit=_("工作日")),
        Column(
            "due",
            _("办结期限"),
            kind="date",
            text=lambda row: f"{row['due']:%Y-%m-%d}" if row["due"] else "–",
        ),
        Column("left", _("剩余"), computed=True, sort="due", note=_("距办结期限的工作日，按工作日历")),
        Column(
            "standing",
            _("状态"),
            kind="verdict",
            computed=True,
            sort="state",
            lookup="state",
            choices={str(state): _(words) for state, words in WORDS.items()},
        ),
        Column(
            "inspection__title", _("来自督查"), hidden=True, text=lambda row: row["inspection__title"] or "–"
        ),
        Column(
            "duty__task__title", _("所督任务"), hidden=True, text=lambda row: row["duty__task__title"] or "–"
        ),
    )


@require_GET
@page(Permission.SEE_PLANS)
def slips(request: SignedIn) -> HttpResponseBase:
    """督办单: all that the account may see."""
    here, today, days = current(request), localdate(), calendar()
    every = queries.visible_slips(request.user, here.county_code)
    views = {
        "open": every.filter(state__in=OPEN_STATES),
        "late": every.filter(state__in=["issued", "received"], due__lt=today),
        "answered": every.filter(state="answered"),
        "draft": every.filter(state="draft"),
        "closed": every.filter(state="closed"),
        "all": every,
    }
    view = request.GET.get("view", "open")
    view = view if view in views else "open"

    def fill(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            serial = row["serial"]
            prefix = queries.PREFIX[Slip.Kind(row["kind"])]
            row["number"] = f"{prefix}〔{row['year']}〕{serial}号" if serial else _("未编号")
            late = row["due"] and row["due"] < today and row["state"] in ("issued", "received")
            row["standing"] = "已超期" if late else WORDS[row["state"]]
            row["left"] = "–"
            if row["due"] and row["state"] in ("issued", "received"):
                left = days.between(today, row["due"])
                row["left"] = (
                    _("%(n)s 个工作日") % {"n": left}
                    if left >= 0
                    else _("逾期 %(n)s 个工作日") % {"n": -left}
                )

    table = Table(
        request,
        "slips",
        _columns(),
        views[view],
        what=_("张"),
        search=("title", "requirement", "organisation__name"),
        search_hint=_("事项、要求、单位"),
        order="due" if view in ("open", "late") else "-id",
        extra=EXTRA,
        row_link=_address,
        fill=fill,
        empty=_("没有督办单。逾期的任务和落后的目标都可以一键拟稿督办。"),
        caption=_("督办单"),
    )
    if table.wants_export:
        return export(request, table, title=_("督办单"), permission=Permission.SEE_PLANS)
    return _shown(request, table, view, {name: found.count() for name, found in views.items()})


def _shown(request: SignedIn, table: Table, view: str, counts: dict[str, int]) -> HttpResponse:
    supervises = why_not(request.user.role, Permission.SUPERVISE)
    tabs = [
        {
            "words": _(words),
            "count": counts[name],
            "address": f"{request.path}?view={name}",
            "here": name == view,
            "bad": name == "late" and counts[name] > 0,
        }
        for name, words in VIEWS.items()
        if name != "draft" or not supervises
    ]
    return show(
        request, "supervision/slips.html", title=_("督办"), table=table, tabs=tabs, supervises=supervises
    )
