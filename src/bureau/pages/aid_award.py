"""列入评审: chosen lines of the lists become proposed awards, in a round of their clause and term that is still open."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.entitlements import lists
from bureau.entitlements.evaluation_models import Claim
from bureau.pages.access import SignedIn, page
from bureau.pages.aid_words import claims_seen
from bureau.pages.context import Page, current, show
from bureau.pages.sign_in import client_address
from bureau.payments.award_entitled import propose_entitled
from bureau.payments.award_queries import rounds, why_not_clause
from bureau.people.rules import Permission, Refused
from bureau.people.rules import why_not as why_not_may


def why_not(role: str) -> str | None:
    """为什么不能列入评审."""
    return why_not_may(role, Permission.REPORT_AID)


def _chosen(request: SignedIn, here: Page) -> list[Claim]:
    """The chosen lines that the account may see and that still count."""
    ids = [int(one) for one in request.POST.getlist("ids") if one.isdigit() and len(one) < 19]
    rows = Claim.objects.filter(claims_seen(here), pk__in=ids[:1000], evaluation__current=True)
    return list(rows.filter(evaluation__county_code=here.county_code).select_related("evaluation"))


@require_POST
@page(Permission.REPORT_AID)
def award(request: SignedIn) -> HttpResponse:
    """First which round of each clause; then the chosen children are proposed there."""
    here = current(request)
    chosen = _chosen(request, here)
    if "round" in request.POST:
        return _propose(request, here, chosen)
    by_clause: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for row in chosen:
        by_clause[row.evaluation.term, row.clause].append(row)
    if not by_clause:
        messages.error(request, _("没有选中可以列入的行；名单可能已经更新，请重新选择。"))
        return HttpResponseRedirect(reverse("aid"))
    open_rounds = rounds(here.county_code).filter(published_on=None, person_kind="student")
    parts: list[dict[str, Any]] = []
    for (term, clause), rows in by_clause.items():
        payable = lists.payable(here.county_code, term, claims=[row.pk for row in rows], clause=clause)
        parts.append(
            {
                "term": term,
                "name": rows[0].evaluation.clauses.get(clause, {}).get("name", clause),
                "ids": [one.claim for one in payable],
                "left_out": len(rows) - len(payable),
                "fen": sum(one.fen for one in payable),
                "rounds": [one for one in open_rounds if (one.term, one.clause) == (term, clause)],
                "why_not": why_not_clause(here.county_code, clause, term),
                "new": f"{reverse('award-round-new')}?{urlencode({'term': term, 'clause': clause})}",
            }
        )
    return show(
        request,
        "aid/aid_award.html",
        title=_("列入评审"),
        crumbs=[(_("应助尽助"), reverse("aid"))],
        parts=parts,
        can_open=why_not_may(request.user.role, Permission.REVIEW_AWARDS) is None,
    )


def _propose(request: SignedIn, here: Page, chosen: list[Claim]) -> HttpResponse:
    number = request.POST["round"]
    one = rounds(here.county_code).filter(pk=number).first() if number.isdigit() else None
    if one is None:
        messages.error(request, _("没有这一批评审，请重新选择。"))
        return HttpResponseRedirect(reverse("aid"))
    try:
        done = propose_entitled(
            round=one, claims=[row.pk for row in chosen], by=request.user, at=now(), address=client_address(request)
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("aid"))
    messages.success(request, done.sentence)
    return HttpResponseRedirect(reverse("award-round", args=[one.pk]))
