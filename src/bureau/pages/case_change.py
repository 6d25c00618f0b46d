"""个案的办理: each post is one step; refused, the page comes back with the sentence and what was typed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_POST

from bureau.cases import actions, notes, owning, packs, queries
from bureau.cases.models import Case
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.case_file import shown
from bureau.pages.case_parts import SEES, case_page, filled, found_case, typed_fields
from bureau.pages.record import reason_of
from bureau.pages.sign_in import client_address
from bureau.pages.uploads import uploads
from bureau.people.models import User
from bureau.people.rules import Refused

SAID = {
    "move": N("已办理"),
    "fields": N("栏目已保存"),
    "comment": N("备注已保存"),
    "file": N("文件已上传"),
    "watch": N("关注已更新"),
    "hand-over": N("已移交，移交经过留在记录里"),
}


@require_POST
@page(roles=SEES)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """One step of one case."""
    case = found_case(request, pk)
    if action == "reveal":
        return _reveal(request, case)
    steps: dict[str, Callable[[SignedIn, Case], None]] = {
        "move": _move,
        "fields": _fields,
        "comment": _comment,
        "file": _file,
        "watch": _watch,
        "hand-over": _hand_over,
    }
    if action not in steps:
        raise not_found(_("没有这个操作。"))
    try:
        steps[action](request, case)
    except Refused as refusal:
        return shown(
            request, found_case(request, pk), problem=str(refusal), at_move=request.POST.get("move", "")
        )
    messages.success(request, _(SAID[action]))
    if not queries.visible(request.user).filter(pk=pk).exists():
        # A teacher who has passed a case on does not see it any more.
        messages.info(request, _("这件个案已交给接着办的人，不再在您名下"))
        return HttpResponseRedirect(reverse("my-cases"))
    return HttpResponseRedirect(case_page(pk))


def _move(request: SignedIn, case: Case) -> None:
    name = request.POST.get("move", "")
    ledger = packs.ledger(case.county_code, case.ledger)
    actions.move(
        case_id=case.pk,
        move=name,
        fields=filled(typed_fields(request.POST, ledger, prefix=f"{name}-")),
        text=request.POST.get("text", "").strip(),
        files=uploads(request),
        based_on=_based_on(request),
        by=request.user,
        at=now(),
        today=localdate(),
        address=client_address(request),
    )


def _based_on(request: SignedIn) -> int | None:
    """The revision that the page showed."""
    revision = request.POST.get("based_on", "")
    return int(revision) if revision.isdecimal() and len(revision) < 10 else None


def _fields(request: SignedIn, case: Case) -> None:
    actions.change_fields(
        case_id=case.pk,
        fields=_changed(request, case),
        based_on=_based_on(request),
        by=request.user,
        at=now(),
        today=localdate(),
        text=request.POST.get("text", "").strip(),
        address=client_address(request),
    )


def _changed(request: SignedIn, case: Case) -> dict[str, object]:
    """All readable columns, blanks too; of the restricted ones only those filled in, because theirs were not shown."""
    ledger = packs.ledger(case.county_code, case.ledger)
    typed = typed_fields(request.POST, ledger)
    return {
        name: value
        for name, value in typed.items()
        if ledger.column(name).access == "child" or value not in ("", [])
    }


def _comment(request: SignedIn, case: Case) -> None:
    notes.comment(case_id=case.pk, text=request.POST.get("text", ""), by=request.user, at=now(), today=localdate(), address=client_address(request))  # fmt: skip


def _file(request: SignedIn, case: Case) -> None:
    found = uploads(request)
    if not found:
        raise Refused("没有选择文件，请先选择")
    for upload in found:
        notes.add_file(
            case_id=case.pk,
            upload=upload,
            access=request.POST.get("access", "child"),
            text=request.POST.get("text", "").strip()[:200],
            by=request.user,
            at=now(),
            today=localdate(),
            address=client_address(request),
        )


def _watch(request: SignedIn, case: Case) -> None:
    notes.watch(case_id=case.pk, on=request.POST.get("on") == "1", by=request.user, at=now(), address=client_address(request))  # fmt: skip


def _hand_over(request: SignedIn, case: Case) -> None:
    to = request.POST.get("to", "")
    user = User.objects.filter(pk=int(to)).first() if to.isdigit() and len(to) < 15 else None
    if to and user is None:
        raise Refused("没有这个账号，请重新选择")
    refused = owning.hand_over(
        case_ids=[case.pk],
        to=user,
        level=request.POST.get("level", ""),
        line=request.POST.get("line", ""),
        reason=request.POST.get("reason", ""),
        by=request.user,
        at=now(),
        today=localdate(),
        address=client_address(request),
    )
    if refused:
        raise Refused(refused[0][1])


def _reveal(request: SignedIn, case: Case) -> HttpResponse:
    """Restricted columns in clear, for this answer only."""
    try:
        found = actions.reveal(
            case_id=case.pk,
            access=request.POST.get("access", ""),
            reason=reason_of(request.POST),
            by=request.user,
            at=now(),
            today=localdate(),
            address=client_address(request),
        )
    except Refused as refusal:
        return shown(request, case, problem=str(refusal))
    return shown(request, case, revealed=found or {_("受限栏目"): _("没有填写")})
