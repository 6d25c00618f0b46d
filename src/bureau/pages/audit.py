"""审计线索: what the queries over paid lines found; one finding with its evidence; settled by one person, confirmed by another."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.awards_shared import BUREAU_ONLY, amount, in_yuan, looked, performed
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.payments import finding_actions as actions
from bureau.payments import finding_rules as rules
from bureau.payments import money
from bureau.payments.models import Finding
from bureau.payments.states import FINDING_WORDS
from bureau.people.rules import Permission
from bureau.work import payment_tasks

EVENT_WORDS = {
    "found": N("查到"),
    "vanish": N("数据显示已消除"),
    "reappear": N("数据又出现"),
    "settle": N("处理"),
    "confirm": N("复核"),
    "send_back": N("退回重查"),
}


def _address(row: Row) -> str:
    return reverse("finding", args=[row["id"]])


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def listing(request: SignedIn) -> HttpResponseBase:
    """线索, open ones by amount first."""
    here = current(request)
    every = actions.visible(here.county_code)
    counts = dict(every.order_by().values_list("state").annotate(n=Count("id")))
    asked = request.GET.get("view", "open")
    view = asked if asked in (*FINDING_WORDS, "all") else "open"
    rows = in_yuan(every if view == "all" else every.filter(state=view))

    def fill(lines: list[dict[str, Any]]) -> None:
        for line in lines:
            line["standing"] = FINDING_WORDS[line["state"]]

    table = Table(
        request,
        "findings",
        (
            Column("title", _("线索"), link=_address, sort=None),
            Column("kind", _("种类"), codes=rules.KINDS, choices=rules.KINDS),
            Column("school_name", _("学校"), text=lambda row: row["school_name"] or "–"),
            amount(_("涉及金额")),
            Column("first_seen", _("首次发现"), kind="date"),
            Column("last_seen", _("最近发现"), kind="date", hidden=True),
            Column("standing", _("状态"), kind="verdict", computed=True, sort="state"),
        ),
        rows,
        what=_("条线索"),
        search=("title", "person_name", "school_name"),
        search_hint=_("姓名、学校、内容"),
        order="-fen,id",
        extra=("state",),
        row_link=_address,
        fill=fill,
        empty=_("没有线索。每晚自动查一遍；也可以现在查。"),
        caption=_("审计线索"),
    )
    if table.wants_export:
        return export(request, table, title=_("审计线索"))
    looked(request, ("finding", ""), {"shown": len(table.lines), "view": view})
    kinds = every.filter(state="open").order_by().values_list("kind").annotate(n=Count("id"))
    return show(
        request,
        "payments/audit.html",
        title=_("审计线索"),
        table=table,
        tabs=[
            (f"{request.path}?view={name}", _(words), counts.get(name, 0), name == view)
            for name, words in FINDING_WORDS.items()
        ]
        + [(f"{request.path}?view=all", _("全部"), sum(counts.values()), view == "all")],
        kinds=[
            (rules.KINDS.get(kind, kind), n, f"{request.path}?view=open&kind={kind}") for kind, n in kinds
        ],
        seen=every.aggregate(day=Max("last_seen"))["day"],
    )


@require_POST
@page(Permission.SEE_AID, but=(*BUREAU_ONLY, "auditor"))
def run(request: SignedIn) -> HttpResponse:
    """现在查一遍, in the worker."""
    payment_tasks.audit.enqueue(current(request).county_code)
    messages.success(request, _("已开始查，查完自动列在这里；可以先去做别的事"))
    return HttpResponseRedirect(reverse("audit"))


def _found(request: SignedIn, pk: int) -> Finding:
    rows = actions.visible(current(request).county_code).filter(pk=pk)
    one = rows.select_related("settled_by", "confirmed_by").first()
    if one is None:
        raise not_found(_("没有这条线索，或者它不在您的辖区。"))
    return one


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def finding(request: SignedIn, pk: int) -> HttpResponse:
    """一条线索."""
    one, role = _found(request, pk), request.user.role
    looked(request, ("finding", str(pk)), {"person": one.person_key})
    outcomes = tuple(Finding.Outcome.values)
    return show(
        request,
        "payments/finding.html",
        title=rules.KINDS.get(one.kind, one.kind),
        crumbs=[(_("审计线索"), reverse("audit"))],
        finding=one,
        yuan=money.yuan(one.fen),
        standing=FINDING_WORDS[one.state],
        outcomes=Finding.Outcome.choices,
        events=[
            (event, _(EVENT_WORDS.get(event.what, event.what))) for event in one.events.select_related("by")
        ],
        why_not_settle=rules.why_not_settle(
            one, by_role=role, outcome=outcomes[0], outcomes=outcomes, reason="-----"
        ),
        why_not_confirm=rules.why_not_confirm(one, by_id=request.user.pk, by_role=role),
        why_not_send_back=rules.why_not_send_back(one, by_role=role, reason="-"),
    )


@require_POST
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """处理, 复核, 退回重查."""
    one, by, at, address = _found(request, pk), request.user, now(), client_address(request)
    text = request.POST.get("text", "")
    outcome = request.POST.get("outcome", "")
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "settle": (
            lambda: actions.settle(finding=one, outcome=outcome, reason=text, by=by, at=at, address=address),
            _("已处理，请另一人复核"),
        ),
        "confirm": (
            lambda: actions.confirm(finding=one, remark=text, by=by, at=at, address=address),
            _("已办结"),
        ),
        "send-back": (
            lambda: actions.send_back(finding=one, reason=text, by=by, at=at, address=address),
            _("已退回重查"),
        ),
    }
    if action not in steps:
        raise not_found(_("没有这个操作。"))
    do, said = steps[action]
    return performed(request, do, said, reverse("finding", args=[pk]))
