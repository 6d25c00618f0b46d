"""制作的文件: what takes too long for a request is made by the worker; its progress, and the file for who asked."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.cells import Row
from bureau.pages.context import show
from bureau.pages.export import download as as_file
from bureau.pages.table import Column, Table
from bureau.work import downloads, states
from bureau.work.models import Download

PAGES = {
    "aid-letters": "aid",
    "batch-bank": "batch",
    "batch-receipt": "batch",
    "cards-print": "cards",
    "graduates-own-sheet": "graduates-sheet",
}


def _found(request: SignedIn, identity: int) -> Download:
    row = downloads.of(request.user).filter(pk=identity).first()
    if row is None:
        raise not_found(_("没有这个文件，或它不是您要求制作的。"))
    return row


def _address(row: Row) -> str:
    return reverse("download", args=[row["id"]])


def _moment(value: Any) -> str:
    return f"{localtime(value):%Y-%m-%d %H:%M}" if value else "–"


@require_GET
@page()
def listing(request: SignedIn) -> HttpResponse:
    """我的文件: what this account has asked for."""
    words = {str(code): _(str(label)) for code, label in Download.State.choices}
    table = Table(
        request,
        "downloads",
        (
            Column("title", _("名称"), link=_address),
            Column("rows", _("行数"), "number", text=lambda row: "–" if row["rows"] is None else f"{row['rows']:,}"),
            Column("state", _("状态"), "code", codes=words, choices=words),
            Column("at", _("要求时间"), "time"),
            Column("ready_at", _("做好时间"), "time", text=lambda row: _moment(row["ready_at"])),
        ),
        downloads.of(request.user),
        what=_("个文件"),
        order="-id",
        row_link=_address,
        can_export=False,
        empty=_("还没有让系统制作过文件。导出很长的名单时，文件在后台制作，做好后从这里下载，保留一天。"),
        caption=_("制作的文件"),
    )  # fmt: skip
    return show(request, "downloads.html", title=_("制作的文件"), table=table)


@require_GET
@page()
def download(request: SignedIn, identity: int) -> HttpResponse:
    """One file: how far it is, or the button that takes it."""
    row = _found(request, identity)
    return show(
        request,
        "download.html",
        title=row.title,
        crumbs=[(_("制作的文件"), reverse("downloads"))],
        state=_(row.get_state_display()),
        can_cancel=states.why_not_cancel(state=row.state) is None,
        why_not_take=states.why_not_take(state=row.state),
        back=_asked_from(row.address),
        **_progress(row),
    )


def _asked_from(address: str) -> str:
    """The page on which the file was asked for; where the file has an address of its own, the page that shows it."""
    path, mark, query = address.partition("?")
    match = resolve(path)
    if match.url_name in PAGES:
        given = {name: value for name, value in match.kwargs.items() if name != "form"}
        path = reverse(PAGES[match.url_name], kwargs=given)
    return f"{path}{mark}{query}".replace("format=xlsx", "").rstrip("?&")


def _progress(row: Download) -> dict[str, Any]:
    return {
        "row": row,
        "percent": round(row.progress * 100),
        "under_way": row.state in states.UNDER_WAY,
        "words": _("排队等待制作") if row.state == "waiting" else _("正在制作文件"),
        "nobody": row.state == "waiting" and (now() - row.at).total_seconds() > 30,
    }


@require_GET
@page()
def progress(request: SignedIn, identity: int) -> HttpResponse:
    """The progress bar, asked for every second; the whole page comes anew when the file is made or will not be."""
    row = _found(request, identity)
    if row.state not in states.UNDER_WAY:
        return HttpResponseClientRefresh()
    return render(request, "download_progress.html", _progress(row))


@require_POST
@page()
def cancel(request: SignedIn, identity: int) -> HttpResponse:
    """取消制作."""
    row = _found(request, identity)
    try:
        downloads.cancel(row=row)
    except downloads.RefusedError as refusal:
        messages.error(request, _(str(refusal)))
    else:
        messages.success(request, _("已取消，没有制作文件。"))
    return HttpResponseRedirect(reverse("download", args=[row.pk]))


@require_GET
@page()
def file(request: SignedIn, identity: int) -> HttpResponse:
    """下载. What is in it, and for whom, was logged when it was made."""
    row = _found(request, identity)
    try:
        content = downloads.take(row=row)
    except downloads.RefusedError as refusal:
        messages.error(request, _(str(refusal)))
        return HttpResponseRedirect(reverse("download", args=[row.pk]))
    return as_file(content, row.file_name)
