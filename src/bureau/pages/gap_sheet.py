"""整改计划表: the lines that the list shows as a workbook; filled in, it is read back where every ledger's sheet is."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET

from bureau.cases import bulk_sheet, packs, queries
from bureau.gaps import queries as gaps
from bureau.gaps.rules import LEDGER
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.context import current
from bureau.pages.export import download as as_file
from bureau.pages.gaps import VIEW_WORDS, ledger_table
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission


@require_GET
@page(Permission.EXPORT)
def download(request: SignedIn) -> HttpResponse:
    """The plan workbook of exactly the lines that the list shows."""
    here = current(request)
    view = request.GET.get("view", "open")
    every = gaps.all_of(request.user, here.county_code)
    table = ledger_table(request, here, view if view in VIEW_WORDS else "open", every)
    ids = [row["id"] for row in table.fetch()]
    found = queries.visible(request.user).in_bulk(ids)
    ledger = packs.ledger(here.county_code, LEDGER)
    content = bulk_sheet.workbook((found[pk] for pk in ids if pk in found), ledger, today=localdate())
    read_access(
        by=request.user,
        verb=Verb.EXPORT,
        obj=("gap_plan", here.county_code),
        detail={"rows": len(ids), "filters": table.chosen},
        at=now(),
        address=client_address(request),
    )
    return as_file(content, f"{here.county_name}整改计划{localdate():%Y%m%d}.xlsx")


@require_GET
@page(Permission.WORK_CASES, but=("teacher",))
def upload(request: SignedIn) -> HttpResponse:
    """Where a filled sheet is read: first every difference and every problem, then saving."""
    return HttpResponseRedirect(reverse("ledger-upload", args=[LEDGER]))
