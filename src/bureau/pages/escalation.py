"""逾期升级规则: what follows when a slip is late; assumed until a named person saves it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bureau.pages.access import SignedIn, page, refused
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused, why_not
from bureau.supervision import escalation, queries

MOST_STEPS = 6


@require_http_methods(["GET", "POST"])
@page(Permission.SEE_PLANS)
def rules(request: SignedIn) -> HttpResponse:
    """The steps of a county, and the form to change them."""
    here = current(request)
    closed = why_not(request.user.role, Permission.SUPERVISE)
    if request.method == "POST":
        if closed:
            return refused(request, closed)
        try:
            escalation.set_steps(
                county_code=here.county_code,
                steps=_typed(request),
                by=request.user,
                at=now(),
                address=client_address(request),
            )
            messages.success(request, _("升级规则已保存并确认"))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(request.path)
    steps = list(queries.steps(here.county_code))
    if not steps:
        escalation.begin_steps(county_code=here.county_code, at=now())
        steps = list(queries.steps(here.county_code))
    blank = [None] * (MOST_STEPS - len(steps)) if not closed else []
    return show(
        request,
        "supervision/escalation.html",
        title=_("逾期升级规则"),
        crumbs=[(_("督办"), reverse("slips"))],
        steps=list(enumerate([*steps, *blank], 1)),
        confirmed=next((step for step in steps if step.confirmed_by), None),
        closed=closed,
    )


def _typed(request: SignedIn) -> list[escalation.Step]:
    """The steps as typed; lines without a name and without days are left out."""
    rows = []
    for number in range(1, MOST_STEPS + 1):
        title = request.POST.get(f"title{number}", "").strip()
        days = request.POST.get(f"days{number}", "").strip()
        if title or days:
            late = int(days) if days.isdecimal() and len(days) < 5 else 0
            rows.append(escalation.Step(title[:20], late, f"automatic{number}" in request.POST))
    return rows
