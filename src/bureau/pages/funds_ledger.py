"""账页: a fund's ledger with its running balance by source and year; one movement; entries by hand and the closing of a year."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.awards_shared import BUREAU_ONLY, amount, performed
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.funds import found_fund, in_words
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.payments import fund_actions as actions
from bureau.payments import fund_queries as queries
from bureau.payments import money, rules
from bureau.payments.models import Fund, Movement
from bureau.payments.models.funds import Source
from bureau.payments.sheet_reading import day_of
from bureau.people.rules import Permission, Refused, why_not


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def fund(request: SignedIn, pk: int) -> HttpResponseBase:
    """账页: movements with the running balance, by source and year."""
    one, today = found_fund(request, pk), localdate()
    source = request.GET.get("source", "")
    sources = queries.sources_of(one)
    source = source if source in sources else ""
    asked = request.GET.get("year", "")
    years = queries.years_of(one, today=today)
    year = int(asked) if asked.isdecimal() and int(asked[:5]) in years else None
    carried = queries.held_before(one, source=source, year=year)
    rows = _ledger(one, source, year, carried)
    table = Table(
        request,
        "ledger",
        _columns(),
        rows,
        what=_("笔"),
        search=("note", "voucher"),
        search_hint=_("摘要、凭证号"),
        empty=_("还没有账。先记期初余额或收入，再列预算，审批批次时才有钱可承诺。"),
        caption=_("账页"),
    )
    if table.wants_export:
        return export(request, table, title=f"{one.name}{_('账页')}", permission=Permission.SEE_AID)
    closed = queries.closed_year(one)
    next_close = one.begun_on.year if closed is None else closed + 1
    return show(
        request,
        "payments/fund.html",
        title=one.name,
        crumbs=[(_("资金账"), reverse("funds"))],
        fund=one,
        table=table,
        balances=[in_words(row) for row in queries.balances(one.county_code, fund=one)],
        flows=[{**row, **_flow_words(row)} for row in queries.flows(one)],
        sources=[(value, str(Source(value).label)) for value in sources],
        source=source,
        year=year,
        years=years,
        carried=money.yuan(carried),
        kinds=[(kind, Movement.Kind(kind).label) for kind in rules.BY_HAND],
        manages=why_not(request.user.role, Permission.MANAGE_FUNDS),
        next_close=next_close,
        why_not_close=actions.why_not_close(one, year=next_close, role=request.user.role, today=today),
        today=today,
    )


def _flow_words(row: Mapping[str, int]) -> dict[str, str]:
    names = ("carried", "opening", "income", "payment", "back", "held")
    return {f"{name}_words": money.yuan(row[name]) for name in names}


def _columns() -> tuple[Column, ...]:
    kinds = {str(kind): str(label) for kind, label in Movement.Kind.choices}
    return (
        Column("day", _("日期"), kind="date", sort=None),
        Column("kind", _("种类"), codes=kinds, choices=kinds, sort=None),
        Column("source", _("来源"), sort=None),
        Column("note", _("摘要"), sort=None, link=lambda row: row["address"]),
        Column("from_to", _("从 → 到"), sort=None),
        Column(
            "came",
            _("收入"),
            kind="number",
            unit=_("元"),
            digits=2,
            total=True,
            sort=None,
            text=_blank_zero("came"),
        ),
        Column(
            "went",
            _("发放"),
            kind="number",
            unit=_("元"),
            digits=2,
            total=True,
            sort=None,
            text=_blank_zero("went"),
        ),
        amount(_("金额"), total=False),
        Column(
            "held",
            _("结余"),
            kind="number",
            unit=_("元"),
            digits=2,
            sort=None,
            note=_("可用、已列预算和已承诺之和"),
        ),
        Column("voucher", _("凭证号"), sort=None, text=lambda row: row["voucher"] or "–"),
        Column("by", _("记账人"), sort=None),
    )


def _blank_zero(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: f"{row[name]:,.2f}" if row[name] else "–"


def _ledger(one: Fund, source: str, year: int | None, carried: int) -> list[dict[str, Any]]:
    held, rows = carried, []
    for move in queries.ledger(one, source=source, year=year):
        change = queries.effect(move)
        held += change
        rows.append(
            {
                "id": move.pk,
                "day": move.day,
                "kind": move.kind,
                "source": move.debit.get_source_display(),
                "note": move.note,
                "from_to": f"{move.credit.get_kind_display()} → {move.debit.get_kind_display()}",
                "came": max(change, 0) / 100,
                "went": max(-change, 0) / 100,
                "yuan": move.fen / 100,
                "held": held / 100,
                "voucher": move.voucher,
                "by": move.by.display_name if move.by else _("系统"),
                "address": reverse("batch", args=[move.batch_id])
                if move.batch_id
                else reverse("fund-movement", args=[move.pk]),
            }
        )
    # The newest first, as it is read; the balance was added up from the oldest.
    return rows[::-1]


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def movement(request: SignedIn, pk: int) -> HttpResponse:
    """一笔账, and its reversal."""
    county = current(request).county_code
    found = Movement.objects.filter(pk=pk, fund__county_code=county)
    one = found.select_related("fund", "debit", "credit", "by", "batch", "reverses").first()
    if one is None:
        raise not_found(_("没有这笔账。"))
    reversal = Movement.objects.filter(reverses=one).first()
    return show(
        request,
        "payments/movement.html",
        title=f"{one.get_kind_display()} {money.yuan(one.fen)} 元",
        crumbs=[(_("资金账"), reverse("funds")), (one.fund.name, reverse("fund", args=[one.fund_id]))],
        one=one,
        yuan=money.yuan(one.fen),
        reversal=reversal,
        why_not=rules.why_not_reverse(
            one, role=request.user.role, reversed_already=reversal is not None, reason="-"
        ),
    )


@require_POST
@page(Permission.MANAGE_FUNDS)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """记一笔, 冲销, 结账."""
    one, by, at, today, address = (
        found_fund(request, pk),
        request.user,
        now(),
        localdate(),
        client_address(request),
    )
    to = reverse("fund", args=[pk])
    if action == "enter":
        return performed(
            request,
            lambda: actions.enter(
                fund=one, entry=_entry(request), by=by, at=at, today=today, address=address
            ),
            _("已记账"),
            to,
        )
    if action == "close":
        asked = request.POST.get("year", "")
        year = int(asked) if asked.isdecimal() and len(asked) == 4 else 0
        return performed(
            request,
            lambda: actions.close_year(fund=one, year=year, by=by, at=at, today=today, address=address),
            _("已结账，这个年度不能再记账"),
            to,
        )
    if action == "reverse":
        asked = request.POST.get("movement", "")
        wrong = one.movements.filter(pk=int(asked) if asked.isdecimal() and len(asked) < 12 else 0).first()
        if wrong is None:
            messages.error(request, _("没有这笔账。"))
            return HttpResponseRedirect(to)
        reason = request.POST.get("reason", "")
        return performed(
            request,
            lambda: actions.reverse(
                movement=wrong, reason=reason, by=by, at=at, today=today, address=address
            ),
            _("已冲销"),
            to,
        )
    raise not_found(_("没有这个操作。"))


def _entry(request: SignedIn) -> actions.Entry:
    fen = money.fen_of(request.POST.get("amount", ""))
    day = day_of(request.POST.get("day", ""))
    problems = [fen] if isinstance(fen, str) else []
    if day is None:
        problems.append("请填写日期，例如 2026-01-05")
    if isinstance(fen, str) or day is None:
        raise Refused("；".join(problems))
    return actions.Entry(
        request.POST.get("kind", ""),
        request.POST.get("source", ""),
        fen,
        day,
        request.POST.get("note", ""),
        request.POST.get("voucher", ""),
    )
