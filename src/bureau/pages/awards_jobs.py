"""后台办理: a step over a long list while the worker takes it: progress, cancelling, how it ended."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.payments import job_rules as rules
from bureau.payments import jobs
from bureau.payments.models import AwardRound, Job
from bureau.people.rules import Permission, Refused, why_not
from bureau.work import payment_tasks

WAITS = 30  # seconds in the queue after which the page says that nobody seems to be working on it


def to_worker(
    request: SignedIn,
    *,
    kind: str,
    title: str,
    rows: int,
    round: AwardRound | None = None,
    arguments: dict[str, Any] | None = None,
) -> HttpResponse:
    """Queues a step and shows its page. Raises Refused when it is under way already."""
    job = jobs.ask(
        county_code=current(request).county_code,
        kind=kind,
        title=title,
        rows=rows,
        arguments=arguments,
        round=round,
        by=request.user,
        at=now(),
        address=client_address(request),
    )
    payment_tasks.do_job.enqueue(job.pk)
    return HttpResponseRedirect(reverse("payment-job", args=[job.pk]))


def _found(request: SignedIn, pk: int) -> Job:
    rows = Job.objects.filter(pk=pk, county_code=current(request).county_code)
    if request.user.role in ("school", "township"):
        rows = rows.filter(by=request.user)
    one = rows.select_related("round", "batch", "by").first()
    if one is None:
        raise not_found(_("没有这件后台办理，或者它不是您的。"))
    return one


@require_GET
@page(Permission.REPORT_AID)
def job(request: SignedIn, pk: int) -> HttpResponse:
    """一件后台办理."""
    one = _found(request, pk)
    crumbs = (
        [(_("评审与公示"), reverse("awards")), (one.round.title, reverse("award-round", args=[one.round_id]))]
        if one.round
        else [(_("发放批次"), reverse("batches"))]
    )
    reviews = why_not(request.user.role, Permission.REVIEW_AWARDS)
    return show(
        request,
        "payments/job.html",
        title=one.title,
        crumbs=crumbs,
        back=crumbs[-1][1],
        sentences=one.said.split("；") if one.said else [],
        why_not_cancel=rules.why_not_cancel(
            state=one.state, own=one.by_id == request.user.pk, reviews=reviews
        ),
        **_progress_of(one),
    )


def _progress_of(one: Job) -> dict[str, Any]:
    under_way = one.state in rules.UNDER_WAY
    return {
        "job": one,
        "under_way": under_way,
        "percent": round(one.progress * 100),
        "nobody": under_way and one.progress == 0 and (now() - one.at).total_seconds() > WAITS,
    }


@require_GET
@page(Permission.REPORT_AID)
def progress(request: SignedIn, pk: int) -> HttpResponse:
    """The bar, asked for every second; the whole page comes anew when it has ended."""
    one = _found(request, pk)
    if one.state not in rules.UNDER_WAY:
        return HttpResponseClientRefresh()
    return render(request, "payments/job_progress.html", _progress_of(one))


@require_POST
@page(Permission.REPORT_AID)
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """取消."""
    try:
        jobs.cancel(job=_found(request, pk), by=request.user, at=now())
        messages.success(request, _("已取消，什么也没有存"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("payment-job", args=[pk]))
