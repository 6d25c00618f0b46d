"""资金账: the funds of a county with what they hold by source, and a new one."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.awards_shared import BUREAU_ONLY, performed
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.payments import fund_actions as actions
from bureau.payments import fund_queries as queries
from bureau.payments import money
from bureau.payments.models import Fund
from bureau.payments.models.funds import Source
from bureau.payments.sheet_reading import day_of
from bureau.people.rules import Permission, Refused, why_not


def found_fund(request: SignedIn, pk: int) -> Fund:
    """The fund, if it is the county's."""
    found = queries.funds(current(request).county_code).filter(pk=pk).first()
    if found is None:
        raise not_found(_("没有这个基金，或者它不在您的辖区。"))
    return found


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def listing(request: SignedIn) -> HttpResponse:
    """各基金的结余, by source."""
    here = current(request)
    groups: list[dict[str, Any]] = []
    for row in queries.balances(here.county_code):
        if not groups or groups[-1]["fund"] != row.fund:
            groups.append(
                {"fund": row.fund, "rows": [], "total": None, "closed": queries.closed_year(row.fund)}
            )
        groups[-1]["rows"].append(in_words(row))
        groups[-1]["total"] = in_words(row)
    missing = [name for name in actions.THREE_FUNDS if name not in {group["fund"].name for group in groups}]
    return show(
        request,
        "payments/funds.html",
        title=_("资金账"),
        groups=groups,
        held=money.yuan(
            sum(row.balance for row in queries.balances(here.county_code) if _is_total(row, groups))
        ),
        missing=missing,
        sources=[(value, str(label)) for value, label in Source.choices],
        manages=why_not(request.user.role, Permission.MANAGE_FUNDS),
        today=localdate(),
    )


def _is_total(row: queries.Balance, groups: list[dict[str, Any]]) -> bool:
    """A fund of one source has no row of totals: its only row is the total."""
    mine = next(group for group in groups if group["fund"] == row.fund)
    return row.source == "" or len(mine["rows"]) == 1


def in_words(row: queries.Balance) -> dict[str, Any]:
    """结余 as the pages write it."""
    names = ("given", "available", "budgeted", "committed", "paid", "balance")
    words = {name: money.yuan(getattr(row, name)) for name in names}
    return {"source": row.source, "words": row.source_words, "total": row.source == "", **words}


@require_POST
@page(Permission.MANAGE_FUNDS)
def create(request: SignedIn) -> HttpResponse:
    """建账."""
    begun = day_of(request.POST.get("begun_on", ""))

    def do() -> None:
        if begun is None:
            raise Refused("请填写建账日期")
        actions.open_fund(
            county_code=current(request).county_code,
            name=request.POST.get("name", ""),
            sources=request.POST.getlist("sources"),
            begun_on=begun,
            basis=request.POST.get("basis", ""),
            by=request.user,
            at=now(),
            address=client_address(request),
        )

    return performed(request, do, _("已建账，请记期初余额或收入"), reverse("funds"))
