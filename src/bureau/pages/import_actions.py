"""导入的操作: commit, undo, cancel, compare again, settle conflicts; each answers with the import's page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.pages.access import SignedIn, page, refused
from bureau.pages.import_review import found_import, why_not_rows
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission
from bureau.registry import actions, asking
from bureau.registry.import_models import Import, ImportChange
from bureau.registry.moving import RefusedError
from bureau.work import tasks


def _done(
    request: SignedIn, of: Import, do: Callable[[], object], said: str, to: str = "import"
) -> HttpResponse:
    """Do it and go back to the import; a refusal is shown there as a sentence."""
    try:
        do()
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        if said:
            messages.success(request, said)
    return HttpResponseRedirect(reverse(to, args=[of.pk]))


@require_POST
@page(Permission.COMMIT)
def commit(request: SignedIn, identity: int) -> HttpResponse:
    """提交: queued; the worker writes all of it or nothing."""
    of = found_import(request, identity)
    low = request.POST.get("accept_low_match") == "1"
    rejected = request.POST.get("accept_rejected") == "1"

    def do() -> None:
        asking.ask_commit(of=of, by=request.user, accept_low_match=low, accept_rejected=rejected)
        tasks.commit_import.enqueue(of.pk, request.user.pk, low, rejected, client_address(request))

    return _done(request, of, do, "")


@require_POST
@page(Permission.UNDO)
def undo(request: SignedIn, identity: int) -> HttpResponse:
    """撤销 with a reason: queued; the worker takes all of it back or nothing."""
    of = found_import(request, identity)
    reason = request.POST.get("reason", "")

    def do() -> None:
        asking.ask_undo(of=of, reason=reason)
        tasks.undo_import.enqueue(of.pk, request.user.pk, reason, client_address(request))

    return _done(request, of, do, "")


@require_POST
@page(Permission.IMPORT)
def cancel(request: SignedIn, identity: int) -> HttpResponse:
    """取消 an import that is not committed."""
    of = found_import(request, identity)
    why = why_not_rows(of, request.user)
    if why:
        return refused(request, why)

    def do() -> None:
        actions.cancel(of=of, by=request.user, at=now(), address=client_address(request))

    return _done(request, of, do, _("已取消，登记册没有改动。"))


@require_POST
@page(Permission.IMPORT)
def compare_again(request: SignedIn, identity: int) -> HttpResponse:
    """重新比对 after somebody else's commit."""
    of = found_import(request, identity)

    def do() -> None:
        asking.ask_compare(of=of)
        tasks.compare_import.enqueue(of.pk)

    return _done(request, of, do, _("正在按最新的登记册重新比对，完成后请再核对一遍差异。"))


@require_POST
@page(Permission.IMPORT)
def take_as_partial(request: SignedIn, identity: int) -> HttpResponse:
    """取消“完整名册”."""
    of = found_import(request, identity)

    def do() -> None:
        asking.ask_compare_as_partial(of=of)
        tasks.compare_import.enqueue(of.pk)

    return _done(
        request,
        of,
        do,
        _("已改为不完整名册：文件里没有的行保持不变。正在重新比对，完成后请再核对一遍差异。"),
    )


@require_POST
@page(Permission.IMPORT)
def settle(request: SignedIn, identity: int) -> HttpResponse:
    """处理冲突: keep mine or keep theirs, for one row or for all."""
    of = found_import(request, identity)
    why = why_not_rows(of, request.user)
    if why:
        return refused(request, why)
    rows = ImportChange.objects.filter(of=of, kind=ImportChange.Kind.CONFLICT)
    asked = request.POST.get("all", "")
    for change in rows:
        choice = asked or request.POST.get(f"keep-{change.pk}", "")
        if choice in ("mine", "theirs"):
            actions.settle(of=of, change=change, keep_mine=choice == "mine")
    messages.success(request, _("冲突的处理已保存，提交时生效。"))
    return HttpResponseRedirect(reverse("import-differences", args=[of.pk]) + "?kind=conflict")
