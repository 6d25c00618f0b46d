"""计划文件: the list of plans of the county, and the page of one plan with its versions, outline and original."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, page
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import download, export
from bureau.pages.plan_found import found_plan, why_not_edit_here
from bureau.pages.plan_reader_text import Marks, draw_part, parts
from bureau.pages.plan_upload import progress_of
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, Refused, may
from bureau.plans import document_actions as actions
from bureau.plans.document_queries import reading_openings, summaries, versions, visible_plans
from bureau.plans.document_rules import reasons_not_to_publish, why_not_move
from bureau.plans.document_states import WORDS, Event
from bureau.plans.models import Plan

BADGES = {
    "reading": ("blank", "○"), "failed": ("not-met", "✗"), "in_review": ("near", "!"), "published": ("met", "✓"),
    "replaced": ("blank", "○"), "withdrawn": ("blank", "○"),
}  # fmt: skip


def plan_address(row: Row) -> str:
    """The page of one plan."""
    return reverse("plan", args=[row["id"]])


def columns() -> tuple[Column, ...]:
    """The columns of the list."""
    states = {str(code): words for code, words in WORDS.items()}
    return (
        Column("title", _("计划"), link=plan_address),
        Column("document_number", _("文号"), text=lambda row: row["document_number"] or "–"),
        Column("issuer", _("发文机关"), text=lambda row: row["issuer"] or "–"),
        Column("dated", _("成文日期"), "code", text=lambda row: row["dated"] or "–"),
        Column("ends", _("计划期至"), "date", text=lambda row: f"{row['ends']:%Y-%m-%d}" if row["ends"] else "–"),
        Column("version", _("版本"), "number", text=lambda row: _("第%(n)s版") % {"n": row["version"]}),
        Column("state", _("状态"), "code", codes=states, choices=states),
        Column("open", _("待核对"), "number", computed=True),
        Column("doubts", _("其中存疑"), "number", computed=True),
        Column("tasks_count", _("任务"), "number", computed=True),
        Column("targets_count", _("目标"), "number", computed=True),
        Column("uploaded_by__display_name", _("上传"), "code", hidden=True),
        Column("uploaded_at", _("上传时间"), "time", hidden=True),
        Column("published_by__display_name", _("发布"), "code", hidden=True, text=lambda row: row["published_by__display_name"] or "–"),
        Column("file_name", _("文件"), hidden=True),
    )  # fmt: skip


def _fill(rows: list[dict[str, Any]]) -> None:
    found = summaries([row["id"] for row in rows])
    for row in rows:
        one = found[row["id"]]
        row["open"], row["doubts"] = one["open"], one["doubts"]
        row["tasks_count"], row["targets_count"] = one["tasks"], one["targets"]


@require_GET
@page(Permission.SEE_PLANS)
def plans(request: SignedIn) -> HttpResponse:
    """计划文件 of the county, newest first."""
    here = current(request)
    editor = may(request.user.role, Permission.EDIT_PLANS)
    empty = (
        _(
            "还没有计划文件。请点“上传计划文件”，可以直接上传 Word、PDF 或网页，系统会找出里面的任务、目标和时限。"
        )
        if editor
        else _("本县还没有发布计划。业务科室发布以后，这里会列出计划，任务和目标随之产生。")
    )
    table = Table(
        request,
        "plans",
        columns(),
        visible_plans(request.user, here.county_code),
        what=_("份计划"),
        search=("title", "document_number", "issuer"),
        search_hint=_("标题、文号或发文机关"),
        order="-id",
        row_link=plan_address,
        fill=_fill,
        empty=empty,
        caption=_("计划文件"),
    )
    if table.wants_export:
        return export(request, table, title=_("计划文件"), permission=Permission.SEE_PLANS)
    return show(request, "plans/plans.html", title=_("计划文件"), table=table, can_upload=editor)


@require_GET
@page(Permission.SEE_PLANS)
def plan(request: SignedIn, pk: int) -> HttpResponse:
    """One plan: what it is, how far it is, its versions and its outline."""
    one = found_plan(request, pk)
    seen = visible_plans(request.user, one.county_code)
    context: dict[str, Any] = {
        "plan": one,
        "state": WORDS[one.state],
        "state_class": BADGES[one.state][0],
        "state_sign": BADGES[one.state][1],
        "versions": [version for version in versions(one) if seen.filter(pk=version.pk).exists()],
        "outline": _outline(one),
        "why_not_edit": why_not_edit_here(request, one),
        "why_not_withdraw": why_not_move(one.state, Event.WITHDRAW),
        "why_not_discard": why_not_move(one.state, Event.DISCARD),
        "can_publish": may(request.user.role, Permission.PUBLISH_PLANS),
        "can_edit": may(request.user.role, Permission.EDIT_PLANS),
        "next": seen.filter(previous=one).first(),
        "tasks": one.tasks.filter(dropped="").count(),
        "targets": one.targets.count(),
    }
    if one.state == Plan.State.IN_REVIEW:
        context["reasons"] = reasons_not_to_publish(reading_openings(one))
    if one.state == Plan.State.READING:
        context |= progress_of(one)
    return show(
        request, "plans/plan.html", title=one.title, crumbs=[(_("计划文件"), reverse("plans"))], **context
    )


def _outline(one: Plan) -> list[dict[str, Any]]:
    tasks: dict[str, int] = {}
    nodes = list(one.nodes.all())
    published = one.published_at is not None
    keys = (
        one.tasks.values_list("node_key", flat=True)
        if published
        else [node.key for node in nodes if node.is_task]
    )
    for key in keys:
        tasks[key] = tasks.get(key, 0) + 1
    below: dict[str, int] = dict(tasks)
    for node in sorted(nodes, key=lambda node: -node.level):
        if node.parent_key:
            below[node.parent_key] = below.get(node.parent_key, 0) + below.get(node.key, 0)
    return [
        {"node": node, "indent": min(node.level, 6) - 1, "tasks": below.get(node.key, 0)} for node in nodes
    ]


@require_GET
@page(Permission.SEE_PLANS)
def text(request: SignedIn, pk: int) -> HttpResponse:
    """The text alone, for reading and printing."""
    one = found_plan(request, pk)
    bare = Marks([], list(one.nodes.all()))
    drawn = [draw_part(one.source, part, bare) for part in parts(one.source)]
    crumbs = [(_("计划文件"), reverse("plans")), (one.title, reverse("plan", args=[one.pk]))]
    return show(request, "plans/text.html", title=_("计划全文"), crumbs=crumbs, plan=one, parts=drawn)


@require_GET
@page(Permission.SEE_PLANS)
def file(request: SignedIn, pk: int) -> HttpResponse:
    """原件, as it was uploaded; each download is logged."""
    one = found_plan(request, pk)
    try:
        data = actions.original(plan=one, by=request.user, at=now(), address=client_address(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("plan", args=[one.pk]))
    return download(data, one.file_name, "application/octet-stream")


@require_POST
@page(Permission.PUBLISH_PLANS)
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """撤下, with the reason."""
    one = found_plan(request, pk)
    reason = request.POST.get("reason", "").strip()[:200]
    try:
        actions.withdraw(plan=one, reason=reason, by=request.user, at=now(), address=client_address(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("计划已撤下，没有办完的事项不再执行；已办的记录都还在。"))
    return HttpResponseRedirect(reverse("plan", args=[one.pk]))


@require_POST
@page(Permission.EDIT_PLANS)
def details(request: SignedIn, pk: int) -> HttpResponse:
    """更正计划信息."""
    one = found_plan(request, pk)
    posted = request.POST
    try:
        days = [
            _day(posted.get(name, ""), words)
            for name, words in (("starts", _("计划期开始")), ("ends", _("计划期结束")))
        ]
        actions.set_details(
            plan=one,
            title=posted.get("title", ""),
            document_number=posted.get("document_number", ""),
            issuer=posted.get("issuer", ""),
            dated=posted.get("dated", ""),
            starts=days[0],
            ends=days[1],
            by=request.user,
            at=now(),
            address=client_address(request),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("计划信息已保存。"))
    return HttpResponseRedirect(reverse("plan-reader", args=[one.pk]) + "?tab=details")


def _day(value: str, words: str) -> date | None:
    if not value.strip():
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise Refused(
            _("%(name)s“%(value)s”不是日期，请写成 2027-12-31") % {"name": words, "value": value[:20]}
        ) from None
