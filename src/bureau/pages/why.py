"""这个数怎么来的: what the side panel shows of a figure; without scripts the same as a page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bureau.pages.access import leads_on
from bureau.pages.context import show


@dataclass(frozen=True, slots=True)
class Why:
    """One figure with its evidence. `rows` are (label, value); `notes` are (label, sentence), blank ones are left out."""

    title: str
    of: str = ""
    value: float | None = None
    unit: str = ""
    verdict: str = ""
    borderline: bool = False
    numerator: float | None = None
    numerator_label: str = ""
    numerator_unit: str = ""
    denominator: float | None = None
    denominator_label: str = ""
    denominator_unit: str = ""
    factor: str = ""
    comparison: str = "≥"
    threshold: float | None = None
    gap: float | None = None
    gap_unit: str = ""
    clause: str = ""
    quote: str = ""
    notes: Sequence[tuple[str, str]] = ()
    rows: Sequence[tuple[str, object]] = ()
    rows_address: str = ""
    day: date | None = None
    snapshot: str = ""
    pack: str = ""
    pack_address: str = ""


def answer(request: HttpRequest, why: Why) -> HttpResponse:
    """The panel's content for the panel, a whole page for anybody else."""
    role = getattr(request.user, "role", "")
    why = replace(
        why,
        pack_address=why.pack_address if leads_on(why.pack_address, role) else "",
        rows_address=why.rows_address if leads_on(why.rows_address, role) else "",
    )
    if getattr(request, "htmx", False):
        return render(request, "why.html", {"why": why})
    return show(request, "why_page.html", title=_("这个数怎么来的"), why=why)
