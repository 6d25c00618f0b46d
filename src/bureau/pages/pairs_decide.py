"""认定: what a key or a button of a card does; answers a script in a line and a form with the next page."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from bureau.links import decisions
from bureau.links.models import Link
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.pairs import found_link, pair_page
from bureau.pages.record import reason_of
from bureau.pages.registers import state_words
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused

VERDICTS = ("same", "different", "visit")


@require_POST
@page(Permission.CHECK_MATCHES)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """认定 (same, different, visit), 复核 (agree, disagree), 改判 (overturn), 撤销 (undo)."""
    link = found_link(request, pk)
    try:
        link = _do(request, link, action)
    except Refused as refusal:
        return _answer(request, link, str(refusal), refused=True)
    words = state_words()[link.state]
    return _answer(request, link, _("%(name)s：%(state)s") % {"name": link.line.name, "state": words})


def _do(request: SignedIn, link: Link, action: str) -> Link:
    at, address = now(), client_address(request)
    reason = request.POST.get("reason", "").strip()
    if action in VERDICTS:
        key = request.POST.get("student", "").strip()[:80]
        return decisions.decide(link=link, verdict=action, by=request.user, at=at, reason=reason, student_key=key, address=address)  # fmt: skip
    if action in ("agree", "disagree"):
        return decisions.second(link=link, agrees=action == "agree", by=request.user, at=at, reason=reason, address=address)  # fmt: skip
    if action == "overturn":
        return decisions.overturn(link=link, reason=reason, by=request.user, at=at, address=address)
    if action == "undo":
        return decisions.undo(link=link, by=request.user, at=at, reason=reason, address=address)
    raise not_found(_("没有这个操作。"))


def _answer(request: SignedIn, link: Link, said: str, *, refused: bool = False) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"said": said, "state": link.state}, status=422 if refused else 200)
    (messages.error if refused else messages.success)(request, said)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if safe else reverse("pair", args=[link.pk]))


@sensitive_post_parameters()
@require_POST
@page(Permission.REVEAL)
def reveal(request: SignedIn, pk: int) -> HttpResponse:
    """Both numbers in clear, for this answer only, with a reason in the log."""
    link = found_link(request, pk)
    reason = reason_of(request.POST)
    if not reason:
        return pair_page(request, link, problem=_("请选择或填写查看明文的事由。"))
    read_access(
        by=request.user,
        verb=Verb.REVEAL,
        obj=("link", str(link.pk)),
        detail={"columns": [_("身份证号"), _("监护人身份证号"), _("联系电话")], "student": link.student_key or link.near_key},
        reason=reason,
        at=now(),
        address=client_address(request),
    )  # fmt: skip
    return pair_page(request, link, clear=True)
