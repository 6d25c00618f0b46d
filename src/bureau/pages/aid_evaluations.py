"""资助判断: each term's evaluation, what it rests on, whether that has changed since; asking for a new one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.entitlements import evaluation_actions, lists, terms
from bureau.entitlements.evaluation import rests_on
from bureau.entitlements.evaluation_actions import UNDER_WAY
from bureau.entitlements.evaluation_models import Evaluation
from bureau.entitlements.evaluation_rules import why_not_evaluate
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import Page, current, show
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused
from bureau.work import aid_tasks


def waiting(here: Page) -> list[Evaluation]:
    """Evaluations that are queued or under way in the county."""
    return list(
        Evaluation.objects.filter(
            county_code=here.county_code, state__in=evaluation_actions.UNDER_WAY
        ).order_by("id")
    )


@page(Permission.SEE_AID)
def evaluations(request: SignedIn) -> HttpResponse:
    """Every term of the registers: judged or not, on what, and whether it is still so."""
    here, today = current(request), localdate()
    known = {one.term: one for one in lists.evaluated(here.county_code)}
    role, common = request.user.role, rests_on(here.county_code)
    rows: list[dict[str, Any]] = []
    states = terms.terms_of(here.county_code, today)
    days = {
        state.term: terms.facts_day(state.term, state.register_day, today)
        for state in states
        if state.register_day is not None and state.term.text in known
    }
    under_way = Evaluation.objects.filter(county_code=here.county_code, state__in=UNDER_WAY)
    running = set(under_way.values_list("term", flat=True))
    sources = aid_tasks.sources_of(here.county_code, set(days.values()))
    for state in states:
        one = known.get(state.term.text)
        stale = False
        if one is not None and state.term in days:
            stale = one.register_day != state.register_day or evaluation_actions.is_stale(
                one, sources[days[state.term]], common
            )
        rows.append(
            {
                "term": state.term,
                "one": one,
                "stale": stale,
                "register_day": state.register_day,
                "why_not": why_not_evaluate(
                    role=role, term_refusal=state.why_not, running=state.term.text in running
                ),
            }
        )
    failed = Evaluation.objects.filter(county_code=here.county_code, state="failed").order_by("-id").first()
    if failed is not None and (done := known.get(failed.term)) is not None and done.pk > failed.pk:
        failed = None
    return show(
        request,
        "aid/aid_evaluations.html",
        title=_("资助判断"),
        crumbs=[(_("应助尽助"), reverse("aid"))],
        rows=rows,
        waiting=waiting(here),
        failed=failed,
    )


@require_GET
@page(Permission.SEE_AID)
def progress(request: SignedIn) -> HttpResponse:
    """The part that asks again every two seconds while something is under way."""
    found = waiting(current(request))
    response = show(request, "aid/aid_progress.html", title="", waiting=found)
    if not found:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@page(Permission.REVIEW_AWARDS)
def ask(request: SignedIn) -> HttpResponse:
    """Ask for a term to be judged anew; the worker does it."""
    here = current(request)
    try:
        made = evaluation_actions.ask(
            county_code=here.county_code,
            term=terms.parse(request.POST.get("term", "")),
            by=request.user,
            at=now(),
            today=localdate(),
            address=client_address(request),
        )
    except (Refused, ValueError) as refusal:
        messages.error(request, str(refusal))
    else:
        aid_tasks.evaluate_aid.enqueue(made.pk)
        messages.success(request, _("已排队判断，可以离开这一页，完成后名单会自动更新"))
    return HttpResponseRedirect(reverse("aid-evaluations"))


@require_POST
@page(Permission.REVIEW_AWARDS)
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """Stop one that is queued or under way; the lists stay as they are."""
    one = Evaluation.objects.filter(pk=pk, county_code=current(request).county_code).first()
    if one is None:
        raise not_found(_("没有这次判断，或者它不是这个县的。"))
    try:
        evaluation_actions.cancel(of=one, by=request.user, at=now(), address=client_address(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已取消，原来的名单没有改动。"))
    return HttpResponseRedirect(reverse("aid-evaluations"))
