"""服务期: what teachers owe in service for money received, what is due today, and what came back."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.entitlements.queries import county_book
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.awards_shared import BUREAU_ONLY, amount, looked, number_in, performed
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.payments import award_queries, fund_queries, money
from bureau.payments import service_actions as actions
from bureau.payments import service_rules as rules
from bureau.payments.models import Fund, Repayment, ServiceTerm
from bureau.payments.models.funds import Source
from bureau.payments.persons import Asked, find
from bureau.payments.sheet_reading import day_of
from bureau.people.rules import Permission, Refused, why_not


def _address(row: Row) -> str:
    return reverse("service-term", args=[row["id"]])


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def listing(request: SignedIn) -> HttpResponseBase:
    """服务期 of all teachers; who has left and still owes comes first."""
    here, today = current(request), localdate()
    due = dict(actions.due(here.county_code, today=today))
    rows = sorted(actions.terms(here.county_code), key=lambda one: (one not in due, one.starts))
    lines = [_line(one, due.get(one, 0)) for one in rows]
    table = Table(
        request,
        "service",
        (
            Column("name", _("姓名"), link=_address),
            Column("starts", _("服务起"), kind="date"),
            Column("ends", _("服务满"), kind="date"),
            amount(_("已发金额")),
            Column("method", _("退还办法")),
            Column("standing", _("状态"), kind="verdict"),
            Column("owed", _("应退"), kind="number", unit=_("元"), digits=2, total=True),
            Column("repaid", _("已退"), kind="number", unit=_("元"), digits=2, total=True),
            Column(
                "due",
                _("今天到期未退"),
                kind="number",
                unit=_("元"),
                digits=2,
                total=True,
                tint=lambda row: "deep" if row["due"] else "",
            ),
        ),
        lines,
        what=_("人"),
        search=("name",),
        search_hint=_("姓名"),
        row_link=_address,
        empty=_("没有登记服务期。发放安家费等有服务年限的资助后，在这里登记合同。"),
        caption=_("服务期"),
    )
    if table.wants_export:
        return export(request, table, title=_("教师服务期"))
    return show(
        request,
        "payments/service.html",
        title=_("教师服务期"),
        crumbs=[(_("评审与公示"), reverse("awards"))],
        table=table,
        due=len(due),
        due_yuan=money.yuan(sum(due.values())),
        manages=why_not(request.user.role, Permission.MANAGE_FUNDS),
        funds=fund_queries.funds(here.county_code),
        sources=Source.choices,
        methods=ServiceTerm.Method.choices,
        clauses=[
            (one.id, one.name)
            for one in award_queries.clauses(
                county_book(here.county_code), here.county_code, person_kind="teacher"
            )
        ],
        today=today,
    )


def _line(one: ServiceTerm, due: int) -> dict[str, Any]:
    owed = actions.owed_fen(one)
    repaid = sum(paid.fen for paid in one.repayments.all())
    standing = "服务中" if one.left_on is None else "已退清" if repaid >= owed else "应退未退"
    return {
        "id": one.pk, "name": one.teacher_name, "starts": one.starts, "ends": rules.end_of(one.starts, one.years),
        "yuan": one.fen / 100, "method": one.get_method_display(), "standing": standing, "owed": owed / 100,
        "repaid": repaid / 100, "due": due / 100,
    }  # fmt: skip


@require_POST
@page(Permission.MANAGE_FUNDS)
def create(request: SignedIn) -> HttpResponse:
    """登记服务期."""
    here = current(request)

    def do() -> None:
        asked = Asked(
            id_number=request.POST.get("id_number", ""),
            name=request.POST.get("name", "").strip(),
            school=request.POST.get("school", "").strip(),
        )
        person = find(here.county_code, "teacher", [asked])[0]
        if isinstance(person, str):
            raise Refused(person)
        fen = money.fen_of(request.POST.get("amount", ""))
        if isinstance(fen, str):
            raise Refused(fen)
        years = number_in(request, "years")
        actions.begin(
            county_code=here.county_code, teacher=person, clause=request.POST.get("clause", ""), fund=_fund(request), source=request.POST.get("source", ""),
            fen=fen, starts=day_of(request.POST.get("starts", "")), years=years, method=request.POST.get("method", ""),
            contract=request.POST.get("contract", ""), by=request.user, at=now(), address=client_address(request),
        )  # fmt: skip

    return performed(request, do, _("已登记服务期"), reverse("service-terms"))


def _fund(request: SignedIn) -> Fund:
    found = (
        fund_queries.funds(current(request).county_code).filter(pk=number_in(request, "fund") or 0).first()
    )
    if found is None:
        raise Refused("请选择基金")
    if request.POST.get("source", "") not in fund_queries.sources_of(found):
        raise Refused(f"“{found.name}”没有这个来源")
    return found


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def term(request: SignedIn, pk: int) -> HttpResponse:
    """一个服务期: the schedule of what would be owed, and what came back."""
    one, today = _found(request, pk), localdate()
    looked(request, ("service_term", str(pk)), {"teacher": one.teacher_key})
    table = rules.schedule(fen=one.fen, starts=one.starts, years=one.years, method=one.method)
    owed, open_fen = actions.owed_fen(one), actions.open_fen(one)
    now_owed = rules.owed(
        fen=one.fen, starts=one.starts, years=one.years, left=max(today, one.starts), method=one.method
    )
    return show(
        request,
        "payments/service_one.html",
        title=_("%(name)s的服务期") % {"name": one.teacher_name},
        crumbs=[(_("评审与公示"), reverse("awards")), (_("教师服务期"), reverse("service-terms"))],
        term=one,
        yuan=money.yuan(one.fen),
        ends=rules.end_of(one.starts, one.years),
        schedule=[(day, money.yuan(fen), day <= today) for day, fen in table],
        owed=money.yuan(owed),
        open_yuan=money.yuan(open_fen),
        open_fen=open_fen,
        if_today=money.yuan(now_owed),
        repayments=[
            (paid, money.yuan(paid.fen), hasattr(paid.movement, "reversed_by"))
            for paid in Repayment.objects.filter(term=one).select_related("by", "movement__reversed_by")
        ],
        manages=why_not(request.user.role, Permission.MANAGE_FUNDS),
        why_not_leave=rules.why_not_leave(
            role=request.user.role,
            left=one.left_on is not None,
            on=today,
            starts=min(one.starts, today),
            today=today,
            reason="-",
            due_on=today,
        ),
        why_not_repay=rules.why_not_repay(
            role=request.user.role, fen=1, open_fen=open_fen, day=today, today=today
        ),
        overdue=one.due_on is not None and one.due_on <= today and open_fen > 0,
        today=today,
    )


def _found(request: SignedIn, pk: int) -> ServiceTerm:
    one = actions.terms(current(request).county_code).filter(pk=pk).first()
    if one is None:
        raise not_found(_("没有这个服务期。"))
    return one


@require_POST
@page(Permission.MANAGE_FUNDS)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """登记离开, 更正离开登记, 登记退还."""
    one, by, at, today, address = (
        _found(request, pk),
        request.user,
        now(),
        localdate(),
        client_address(request),
    )
    to = reverse("service-term", args=[pk])
    if action == "leave":
        return performed(
            request,
            lambda: actions.leave(term=one, on=day_of(request.POST.get("on", "")), reason=request.POST.get("reason", ""), due_on=day_of(request.POST.get("due_on", "")), by=by, at=at, today=today, address=address),
            _("已登记离开"),
            to,
        )  # fmt: skip
    if action == "correct":

        def correct() -> None:
            on = day_of(request.POST.get("on", ""))
            if on is None and "stays" not in request.POST:
                raise Refused("请填写离开日期；没有离开的，请点“没有离开，撤销登记”")
            due_on, reason = day_of(request.POST.get("due_on", "")), request.POST.get("reason", "")
            actions.correct_leave(term=one, on=None if "stays" in request.POST else on, reason=reason, due_on=due_on, by=by, at=at, today=today, address=address)  # fmt: skip

        return performed(request, correct, _("已更正离开登记"), to)
    if action == "repay":
        fen = money.fen_of(request.POST.get("amount", ""))
        return performed(
            request,
            lambda: actions.repay(term=one, fen=fen if isinstance(fen, int) else None, day=day_of(request.POST.get("day", "")), by=by, at=at, today=today, address=address),
            _("已登记退还并入账"),
            to,
        )  # fmt: skip
    raise not_found(_("没有这个操作。"))
