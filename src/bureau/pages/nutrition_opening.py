"""开账和重算 of a month, and months in words."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.nutrition import accounts, programme, rules
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import Page, current
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused
from junheng.policy.clauses import Book


def month_of(text: str) -> date | None:
    """2026-10 → the first of October; None for anything else."""
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None


def month_words(month: date) -> str:
    """2026年10月."""
    return _("%(year)s年%(month)s月") % {"year": month.year, "month": month.month}


def following(months: Sequence[date], today: date) -> date:
    """The month to open next: the one after the last, or this one."""
    if not months:
        return today.replace(day=1)
    last = months[-1]
    return date(last.year + last.month // 12, last.month % 12 + 1, 1)


def why_not_open(request: SignedIn, here: Page, month: date, today: date, book: Book) -> str | None:
    return rules.why_not_open(
        by=request.user,
        covered=len(programme.covered_in(here.county_code, month)),
        days=len(programme.serving_days(here.county_code, month)),
        price=programme.price_on(here.county_code, month, book) is not None,
        month=month,
        today=today,
    )


@require_POST
@page(Permission.MANAGE_FUNDS)
def open_month(request: SignedIn) -> HttpResponse:
    """开账."""
    here, today = current(request), localdate()
    month = month_of(request.POST.get("month", ""))
    if month is None:
        messages.error(request, _("请选择月份，例如 2026-10"))
        return HttpResponseRedirect(reverse("nutrition"))
    try:
        made = accounts.open_month(
            county_code=here.county_code, month=month, by=request.user, at=now(), today=today, address=client_address(request)
        )  # fmt: skip
        messages.success(
            request, _("%(month)s已开账：%(n)s 所学校") % {"month": month_words(month), "n": made}
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(f"{reverse('nutrition')}?month={month:%Y-%m}")


@require_POST
@page(Permission.MANAGE_FUNDS)
def refresh(request: SignedIn) -> HttpResponse:
    """重算人数和出勤 of the month's open accounts."""
    here, month = current(request), month_of(request.POST.get("month", ""))
    if month is None:
        raise not_found(_("没有这个月份。"))
    count = accounts.refresh_month(county_code=here.county_code, month=month, today=localdate())
    messages.success(request, _("已按登记册和考勤重算 %(n)s 所学校；已签字和已结账的不变") % {"n": count})
    return HttpResponseRedirect(f"{reverse('nutrition')}?month={month:%Y-%m}")
