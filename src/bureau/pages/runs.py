"""测算记录: the history of assessments, asking for a new one, one with its fingerprints, and two side by side."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.results import pack_words
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission
from bureau.registry import queries as registered
from bureau.runs import actions, queries, rules, shown
from bureau.runs.models import Run
from bureau.work.tasks import assess
from junheng.tables import SHEETS


def _runs(here: Page) -> Any:
    return Run.objects.filter(county_code=here.county_code).select_related("asked_by")


@page(Permission.SEE_SCHOOLS)
def runs(request: SignedIn) -> HttpResponseBase:
    """The history."""
    here = current(request)
    packs = {name: pack_words(name) for name in actions.packs()}
    table = Table(
        request,
        "runs",
        (
            Column("id", _("编号"), kind="number", link=lambda row: reverse("run", args=[row["id"]])),
            Column("day", _("数据日期"), kind="date"),
            Column("pack", _("标准"), choices=packs, codes=packs),
            Column("pack_version", _("标准版本"), text=lambda row: row["pack_version"][:12] or "–"),
            Column("state", _("状态"), kind="verdict", codes=dict(Run.State.choices), choices=dict(Run.State.choices), computed=True, sort="state", lookup="state"),
            Column("asked_by__display_name", _("发起人"), text=lambda row: row["asked_by__display_name"] or _("系统")),
            Column("asked_at", _("发起时间"), kind="time"),
            Column("finished_at", _("完成时间"), kind="time", text=lambda row: "" if row["finished_at"] is None else f"{row['finished_at']:%Y-%m-%d %H:%M}", hidden=True),
            Column("seconds", _("用时"), kind="number", unit=_("秒"), digits=1),
            Column("snapshot_sha256", _("快照指纹"), text=lambda row: row["snapshot_sha256"][:12] or "–"),
        ),
        _runs(here),
        what=_("次测算"),
        order="-id",
        fill=_words,
        extra=("state",),
        row_link=lambda row: reverse("run", args=[row["id"]]),
        empty=_("还没有测算过。提交导入后系统会自动测算，也可以点“发起测算”。"),
        caption=_("测算记录"),
    )  # fmt: skip
    if table.wants_export:
        return export(request, table, title=_("测算记录"))
    waiting = queries.open_runs(here.county_code)
    return show(
        request,
        "runs.html",
        title=_("测算记录"),
        table=table,
        waiting=waiting,
        packs=packs,
        days=here.days,
        refusal=rules.why_not_ask(role=request.user.role, has_data=bool(here.days), running=bool(waiting)),
        done=_runs(here).filter(state="done", pack=queries.DEFAULT_PACK)[:60],
    )


def _words(rows: list[dict[str, Any]]) -> None:
    words = dict(Run.State.choices)
    for row in rows:
        row["state"] = words.get(row["state"], row["state"])


@require_GET
@page(Permission.SEE_SCHOOLS)
def progress(request: SignedIn) -> HttpResponse:
    """The part that asks again every two seconds while something is under way."""
    here = current(request)
    waiting = queries.open_runs(here.county_code)
    response = show(request, "runs_progress.html", title="", waiting=waiting)
    if not waiting:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@page(Permission.RUN)
def ask(request: SignedIn) -> HttpResponse:
    """Ask for a new assessment; the worker does it."""
    here = current(request)
    waiting = queries.open_runs(here.county_code)
    refusal = rules.why_not_ask(role=request.user.role, has_data=bool(here.days), running=bool(waiting))
    pack = request.POST.get("pack", "")
    day = next((day for day in here.days if day.isoformat() == request.POST.get("day")), None)
    if refusal is None and (pack not in actions.packs() or day is None):
        refusal = _("请选择数据日期和标准")
    if refusal or day is None:
        messages.error(request, refusal or "")
    else:
        run = actions.ask(county_code=here.county_code, day=day, pack=pack, by=request.user, at=now())
        assess.enqueue(run.pk)
        messages.success(request, _("已排队测算，可以离开这一页，完成后结果会自动更新"))
    return HttpResponseRedirect(reverse("runs"))


def _run(here: Page, pk: object) -> Run:
    found: Run | None = _runs(here).filter(pk=pk).first() if str(pk).isdigit() else None
    if found is None:
        raise not_found(_("没有这次测算，或者它不是这个县的。"))
    return found


@page(Permission.SEE_SCHOOLS)
def run(request: SignedIn, pk: int) -> HttpResponse:
    """One assessment: what it rests on, so that it can be made again."""
    here = current(request)
    found = _run(here, pk)
    versions = registered.versions(found.county_code, list(found.register_versions))
    return show(
        request,
        "run.html",
        title=_("第 %(n)s 次测算") % {"n": found.pk},
        crumbs=[(_("测算记录"), reverse("runs"))],
        run=found,
        pack_words=pack_words(found.pack),
        registers=[
            (SHEETS[sheet].title if sheet in SHEETS else sheet, version, versions.get(sheet, 0))
            for sheet, version in found.register_versions.items()
        ],
        stale=queries.is_stale(found, versions),
        problems=found.note.splitlines(),
        counts=shown.stage_counts(found, here.scope) if found.state == "done" else {},
        others=_runs(here).filter(state="done", pack=found.pack).exclude(pk=found.pk)[:60],
    )


@page(Permission.SEE_SCHOOLS)
def compare(request: SignedIn) -> HttpResponse:
    """Two assessments: which schools changed sides, which gaps grew, which coefficients moved."""
    here = current(request)
    before, after = _run(here, request.GET.get("before", "")), _run(here, request.GET.get("after", ""))
    if before.state != "done" or after.state != "done" or before.pack != after.pack:
        raise not_found(_("只能比较同一标准的两次已完成的测算。"))
    better, worse = shown.turned(before, after, here.scope)
    was = {(row.stage, row.code): row for row in shown.coefficients(before, here.scope)}
    lines = {row.code: row for row in shown.county_lines(before, here.scope)}
    return show(
        request,
        "run_compare.html",
        title=_("比较第 %(a)s 次与第 %(b)s 次测算") % {"a": before.pk, "b": after.pk},
        crumbs=[(_("测算记录"), reverse("runs"))],
        before=before,
        after=after,
        better=better,
        worse=worse,
        indicators=shown.indicator_changes(
            shown.shortfalls(before, here.scope), shown.shortfalls(after, here.scope)
        ),
        coefficients=[
            {"now": row, "then": then, "change": row.cv - then.cv}
            for row in shown.coefficients(after, here.scope)
            if (then := was.get((row.stage, row.code))) is not None
            and row.cv is not None
            and then.cv is not None
        ],
        lines=[
            {"now": row, "then": lines[row.code]}
            for row in shown.county_lines(after, here.scope)
            if row.code in lines and lines[row.code].verdict != row.verdict
        ],
        same_pack=before.pack_version == after.pack_version,
    )
