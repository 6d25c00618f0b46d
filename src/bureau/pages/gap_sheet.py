"""整改计划表: download the ledger's plan columns, fill them in Excel, see every difference, save all or none."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.gaps import actions, plan_sheet, queries
from bureau.gaps.models import Gap
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.context import current, show
from bureau.pages.export import download as as_file
from bureau.pages.gaps import VIEW_WORDS, ledger_table
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused

KEPT = "gap_plan"


@require_GET
@page(Permission.EXPORT)
def download(request: SignedIn) -> HttpResponse:
    """The plan workbook of exactly the lines that the list shows."""
    here = current(request)
    view = request.GET.get("view", "open")
    table = ledger_table(request, here, view if view in VIEW_WORDS else "open")
    ids = [row["id"] for row in table.fetch()]
    gaps = queries.ledger(here.scope, here.county_code).in_bulk(ids)
    content = plan_sheet.workbook(gaps[pk] for pk in ids)
    read_access(
        by=request.user,
        verb=Verb.EXPORT,
        obj=("gap_plan", here.county_code),
        detail={"rows": len(ids), "filters": table.describe},
        at=now(),
        address=client_address(request),
    )
    name = f"{here.county_name}整改计划{localdate():%Y%m%d}.xlsx"
    return as_file(content, name)


@page(Permission.EDIT_GAPS)
def upload(request: SignedIn) -> HttpResponse:
    """First the differences, then saving them; the file itself is not kept."""
    problems: list[str] = []
    differences: list[dict[str, Any]] = []
    if request.method == "POST" and "apply" in request.POST:
        return _apply(request)
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problems = [_("没有选择文件，请先选择填好的计划表")]
        else:
            rows, problems = plan_sheet.read(file.read())
            differences, more = _compare(request, rows)
            problems += more
            request.session[KEPT] = [] if problems else [one["kept"] for one in differences]
    return show(
        request,
        "gap_upload.html",
        title=_("上传整改计划表"),
        crumbs=[(_("缺口台账"), reverse("gaps"))],
        problems=problems,
        differences=differences,
        posted=request.method == "POST",
    )


def _compare(request: SignedIn, rows: list[plan_sheet.Row]) -> tuple[list[dict[str, Any]], list[str]]:
    """What would change, line by line, and the rows that name no line of this account."""
    gaps = queries.ledger(current(request).scope).in_bulk([row.gap for row in rows])
    differences, problems = [], []
    for row in rows:
        gap = gaps.get(row.gap)
        if gap is None:
            problems.append(
                f"第{row.number}行“编号”：台账里没有编号 {row.gap}，或者它不在您的辖区内，请删去这一行"
            )
            continue
        fields = [
            (heading, _words(getattr(gap, name)), _words(row.plan.get(name)))
            for heading, name in plan_sheet.EDITED.items()
            if name in row.plan and getattr(gap, name) != row.plan.get(name)
        ]
        if fields:
            differences.append({"gap": gap, "fields": fields, "kept": _kept(gap, row.plan)})
    return differences, problems


def _kept(gap: Gap, plan: actions.Plan) -> dict[str, Any]:
    """For the session: the new values, and the old ones so that a change in between is noticed."""
    new = {name: _plain(value) for name, value in plan.items() if getattr(gap, name) != value}
    return {"id": gap.pk, "new": new, "old": {name: _plain(getattr(gap, name)) for name in new}}


def _apply(request: SignedIn) -> HttpResponse:
    kept = request.session.pop(KEPT, [])
    gaps = queries.ledger(current(request).scope).in_bulk([one["id"] for one in kept])
    moved = [
        gaps[one["id"]].school
        for one in kept
        if one["id"] in gaps
        and any(_plain(getattr(gaps[one["id"]], name)) != old for name, old in one["old"].items())
    ]
    if not kept:
        messages.error(request, _("没有待保存的差异，请重新上传计划表"))
    elif moved:
        text = _("核对期间有人改过：%(schools)s。请重新下载计划表再填，以免覆盖别人的修改。")
        messages.error(request, text % {"schools": "、".join(dict.fromkeys(moved))})
    else:
        changes = {one["id"]: _plan(one["new"]) for one in kept}
        try:
            count = actions.plan(
                changes=changes, by=request.user, at=now(), today=localdate(), address=client_address(request)
            )
            messages.success(request, _("计划表已保存：%(n)s 条") % {"n": f"{count:,}"})
            return HttpResponseRedirect(reverse("gaps"))
        except Refused as refusal:
            messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("gaps-upload"))


def _plan(new: dict[str, Any]) -> actions.Plan:
    plan: actions.Plan = {**new}  # type: ignore[typeddict-item]
    if isinstance(new.get("due"), str):
        plan["due"] = date.fromisoformat(new["due"])
    return plan


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _words(value: object) -> str:
    return _("空") if value in (None, "") else f"{value:g}" if isinstance(value, float) else str(value)
