"""通报的一部分: saved and looked at while it is written, its numerals acknowledged, moved, drafted anew, removed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.bulletins import actions, queries, section_actions
from bureau.bulletins.marks import normal
from bureau.bulletins.models import Section
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.bulletin import found_bulletin, side, slips_of
from bureau.pages.bulletin_parts import lines
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused


def _found(request: SignedIn, pk: int, position: int) -> Section:
    one = found_bulletin(request, pk)
    part = Section.objects.filter(bulletin=one, pk=position).select_related("bulletin").first()
    if part is None:
        raise not_found(_("没有这一部分，可能已被别人删去，请刷新页面。"))
    return part


@require_POST
@page(Permission.WRITE_BULLETINS)
def preview(request: SignedIn, pk: int, part: int) -> HttpResponse:
    """How a text would read, with what is wrong with it, before it is saved."""
    row = _found(request, pk, part)
    row.text = normal(request.POST.get("text", "").replace("\r\n", "\n"))
    return _previewed(request, row)


@require_POST
@page(Permission.WRITE_BULLETINS)
def save(request: SignedIn, pk: int, part: int) -> HttpResponse:
    """Saved; under htmx the section and what stands beside it come back, otherwise the page."""
    row = _found(request, pk, part)
    heading, text = request.POST.get("heading", ""), request.POST.get("text", "")
    refusal = ""
    try:
        row = section_actions.save_section(
            part=row,
            heading=heading,
            text=text,
            seen=request.POST.get("seen", ""),
            by=request.user,
            at=now(),
            address=client_address(request),
        )
    except Refused as error:
        refusal = str(error)
        row.heading, row.text = heading, text
    if not getattr(request, "htmx", False):
        if refusal:
            messages.error(request, refusal)
        return HttpResponseRedirect(reverse("bulletin", args=[pk]) + f"#part-{part}")
    return _drawn(request, row, refusal, saved=not refusal)


@require_POST
@page(Permission.WRITE_BULLETINS)
def change(request: SignedIn, pk: int, part: int, action: str) -> HttpResponse:
    """One step with a whole section; the answer is the page."""
    row = _found(request, pk, part)
    by, at, address = request.user, now(), client_address(request)
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "up": (lambda: section_actions.move_section(part=row, up=True, by=by, at=at, address=address), ""),
        "down": (lambda: section_actions.move_section(part=row, up=False, by=by, at=at, address=address), ""),
        "remove": (
            lambda: section_actions.remove_section(part=row, by=by, at=at, address=address),
            _("已删去这一部分，原文在经过里"),
        ),
        "redraft": (
            lambda: actions.redraft(
                part=row, slips=slips_of(request, row.bulletin, row.bulletin.as_of), by=by, at=at, address=address
            ),
            _("已按数据重新起草这一部分，原文在经过里"),
        ),
        "acknowledge": (
            lambda: section_actions.acknowledge(
                part=row, words=request.POST.get("words", ""), source=request.POST.get("source", ""), by=by, at=at, address=address
            ),
            _("已确认"),
        ),
    }  # fmt: skip
    if action not in steps:
        raise not_found(_("没有这个操作。"))
    step, words = steps[action]
    try:
        step()
        if words:
            messages.success(request, words)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("bulletin", args=[pk]) + f"#part-{part}")


def _previewed(request: SignedIn, row: Section) -> HttpResponse:
    rows = queries.figures(row.bulletin)
    gone = {one.code: one.name for one in rows if one.gone}
    checked = queries.check_section(row, queries.values(rows), gone)
    shown = lines(row.bulletin, row.text, rows)
    return render(
        request,
        "bulletins/preview.html",
        {"part": checked, "lines": shown, "bulletin": row.bulletin, "typing": True},
    )


def _drawn(request: SignedIn, row: Section, refusal: str, *, saved: bool) -> HttpResponse:
    context = side(request, row.bulletin)
    checked = next(one for one in context["checked"] if one.section.pk == row.pk)
    if refusal:
        checked.section.heading, checked.section.text = row.heading, row.text
    shown = lines(row.bulletin, row.text, context["rows"])
    return render(
        request,
        "bulletins/section_saved.html",
        {"part": checked, "lines": shown, "refusal": refusal, "saved": saved, "again": True, **context},
    )
