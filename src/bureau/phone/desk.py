"""手机来件的案头: what two people wrote differently, side by side, and records whose sender may no longer work the case."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.people.rules import Refused
from bureau.phone import casework, desk_actions, photo_actions, queries, rules
from bureau.phone.models import Clash, Photo, Receipt
from bureau.phone.serving import address_of, show, user_of
from bureau.phone.shown import shown
from bureau.phone.states import OPEN, WORDS, State

A_PAGE = 50


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What waits for a person; and, asked for by state, what was decided."""
    user = user_of(request)
    every = queries.in_area(user).select_related("user", "settled_by")
    counts = queries.state_counts(user)
    state = request.GET.get("state", "")
    rows = every.filter(state=state) if state in counts else every.filter(state__in=OPEN)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    names = casework.labels([one.case for one in page if one.case])
    for one in page:
        one.label = one.about or names.get(one.case or 0, _("没有这个个案"))  # type: ignore[attr-defined]
    return show(
        request,
        "phone/desk.html",
        title=_("手机来件"),
        page=page,
        state=state if state in counts else "",
        states=[(one.value, WORDS[one], counts[one]) for one in State if one in counts],
        waiting=sum(counts.get(one, 0) for one in OPEN),
    )


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One record as it came; what must be decided, and why one may not. The look is logged."""
    user = user_of(request)
    receipt = _receipt(request, pk)
    seen = shown(receipt)
    read_access(
        by=user, verb=Verb.VIEW, obj=("phone_record", str(receipt.record)), detail={"case": receipt.case}, at=now(),
        address=address_of(request),
    )  # fmt: skip
    return show(
        request,
        "phone/record.html",
        title=_("手机来件：%(name)s") % {"name": seen.name},
        crumbs=[(_("手机来件"), reverse("phone-desk"))],
        receipt=receipt,
        seen=seen,
        choices=Clash.Choice.choices,
        photos=receipt.photos.all(),
        why_not_settle=rules.why_not_settle(receipt, by=user, in_area=True, undecided=()),
        why_not_decide=rules.why_not_decide(receipt, by=user, in_area=True),
        conflict=receipt.state == State.CONFLICT,
        held=receipt.state == State.HELD,
    )


@require_POST
def change(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """商定, 采用 or 退回."""
    receipt = _receipt(request, pk)
    reason = request.POST.get("reason", "")
    common: dict[str, Any] = {
        "receipt": receipt.pk,
        "reason": reason,
        "by": user_of(request),
        "at": now(),
        "address": address_of(request),
    }
    try:
        if action == "settle":
            choices = {name[2:]: str(value) for name, value in request.POST.items() if name.startswith("c-")}
            revision = request.POST.get("revision", "")
            seen = int(revision) if revision.isdecimal() else None
            desk_actions.settle(choices=choices, revision=seen, today=localdate(), **common)
            messages.success(request, _("已商定：选定的内容已入账"))
        elif action == "release":
            done = desk_actions.release(today=localdate(), **common)
            if done.state == State.CONFLICT:
                messages.warning(request, _("记录已入账，但有几项与现在的内容不一致，请逐项选定"))
                return HttpResponseRedirect(reverse("phone-record", args=[pk]))
            messages.success(request, _("已采用：记录已入账，注明原填写人"))
        elif action == "decline":
            desk_actions.decline(**common)
            messages.success(request, _("已退回：理由会显示在填写人的手机上"))
        else:
            raise Http404(_("没有这个操作"))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("phone-record", args=[pk]))
    return HttpResponseRedirect(reverse("phone-desk"))


@require_GET
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo that is kept with its record, because it is in no case; the look is logged."""
    user = user_of(request)
    found = Photo.objects.filter(pk=pk, receipt__in=queries.in_area(user)).select_related("receipt").first()
    kept = dict(photo_actions.taken_aside(found.receipt)) if found else {}
    if found is None or found not in kept:
        raise Http404(_("没有这张照片，或它不在您的辖区内"))
    read_access(
        by=user, verb=Verb.VIEW, obj=("phone_photo", str(pk)), detail={"record": str(found.receipt.record)}, at=now(),
        address=address_of(request),
    )  # fmt: skip
    return HttpResponse(kept[found].content, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


def _receipt(request: HttpRequest, pk: int) -> Receipt:
    rows = queries.in_area(user_of(request)).select_related("user", "device", "settled_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("没有这条来件，或它不在您的辖区内"))
    return found
