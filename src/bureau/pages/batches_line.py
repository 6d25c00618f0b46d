"""一笔发放: its award, its account, and money that came back."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.awards_shared import BUREAU_ONLY, looked, performed
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.payments import batch_queries as queries
from bureau.payments import batch_rules as rules
from bureau.payments import money, settling
from bureau.payments.models import Line
from bureau.payments.models.funds import Source
from bureau.payments.sheet_reading import day_of
from bureau.payments.states import LINE_WORDS
from bureau.people.rules import Permission


def _found_line(request: SignedIn, pk: int) -> Line:
    rows = Line.objects.filter(pk=pk, batch__county_code=current(request).county_code)
    one = rows.select_related("batch__fund", "award__round", "account").defer("account__number").first()
    if one is None:
        raise not_found(_("没有这一笔。"))
    return one


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def line(request: SignedIn, pk: int) -> HttpResponse:
    """一笔: its award, its account, and money that came back."""
    one, today = _found_line(request, pk), localdate()
    looked(request, ("batch_line", str(pk)), {"award": one.award_id})
    return show(
        request,
        "payments/line.html",
        title=_("第%(n)s笔 %(name)s") % {"n": one.position, "name": one.award.person_name},
        crumbs=[
            (_("发放批次"), reverse("batches")),
            (one.batch.title, reverse("batch", args=[one.batch_id])),
        ],
        line=one,
        yuan=money.yuan(one.fen),
        parts=[(Source(source).label, money.yuan(fen)) for source, fen in one.parts.items()],
        standing=LINE_WORDS[one.state],
        number=queries.number_of(one.batch),
        reference=queries.reference_of(one.batch, one.position) if one.batch.serial else "",
        why_not_give_back=rules.why_not_give_back(
            line_state=one.state,
            by_role=request.user.role,
            reason="-",
            day=today,
            paid_on=one.paid_on,
            today=today,
        ),
        today=today,
    )


@require_POST
@page(Permission.REVIEW_AWARDS)
def give_back(request: SignedIn, pk: int) -> HttpResponse:
    """登记退回."""
    one = _found_line(request, pk)
    day, reason = day_of(request.POST.get("day", "")), request.POST.get("reason", "")
    return performed(
        request,
        lambda: settling.give_back(
            line=one,
            day=day,
            reason=reason,
            by=request.user,
            at=now(),
            today=localdate(),
            address=client_address(request),
        ),
        _("已登记退回，钱已记回基金；更正账户后可以重发"),
        reverse("batch-line", args=[pk]),
    )
