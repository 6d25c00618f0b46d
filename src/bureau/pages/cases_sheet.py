"""个案表格: the cases that the list shows as a workbook that is read back; every problem first, then all of them."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.cases import bulk, bulk_sheet, queries
from bureau.cases.values import in_words
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.case_parts import case_page, found_ledger
from bureau.pages.cases_bulk import carry_out
from bureau.pages.context import current, show
from bureau.pages.export import download
from bureau.pages.ledger_list import VIEWS, list_table
from bureau.pages.sign_in import client_address
from bureau.people.kept import keep, open_kept
from bureau.people.rules import Permission, Refused

KEPT = "case_sheet"
ROOM = "cases"


@require_GET
@page(Permission.EXPORT)
def sheet(request: SignedIn, code: str) -> HttpResponse:
    """The workbook of exactly the cases that the list shows."""
    here = current(request)
    ledger = found_ledger(here.county_code, code)
    view = request.GET.get("view", "live")
    table = list_table(request, here, ledger, view if view in VIEWS else "live")
    ids = [row["id"] for part in table.parts(5_000) for row in part]
    found = queries.visible(request.user).in_bulk(ids)
    content = bulk_sheet.workbook((found[pk] for pk in ids if pk in found), ledger, today=localdate())
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("ledger", code),
        detail={"county": here.county_code, "rows": len(ids), "filters": table.chosen}, at=now(), address=client_address(request),
    )  # fmt: skip
    return download(content, f"{here.county_name}{ledger.title}{localdate():%Y%m%d}.xlsx")


@page(Permission.WORK_CASES, but=("teacher",))
def upload(request: SignedIn, code: str) -> HttpResponseBase:
    """First what would change, then saving it."""
    here = current(request)
    ledger = found_ledger(here.county_code, code)
    reading: bulk_sheet.SheetReading | None = None
    problems: list[str] = []
    if request.method == "POST" and "apply" in request.POST:
        return _apply(request, code)
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problems = [_("没有选择文件，请先选择填好的表格")]
        else:
            content = file.read(bulk_sheet.LARGEST + 1)
            reading = bulk_sheet.read_workbook(content, ledger=ledger, by=request.user)
            problems = [str(one) for one in reading.problems]
            request.session[KEPT] = "" if problems or not reading.changes else keep(ROOM, content)
    found = (
        queries.visible(request.user).in_bulk([pk for pk, _rev, _fields in reading.changes[:200]])
        if reading
        else {}
    )
    changes = [
        {
            "label": found[pk].label,
            "address": case_page(pk),
            "fields": [
                (
                    ledger.column(name).title,
                    in_words(found[pk].fields.get(name)) or _("空"),
                    in_words(value) or _("空"),
                )
                for name, value in fields.items()
            ],
        }
        for pk, _revision, fields in (reading.changes[:200] if reading else ())
        if pk in found
    ]
    return show(
        request,
        "cases/upload.html",
        title=_("上传%(ledger)s") % {"ledger": ledger.title},
        crumbs=[(_("台账"), reverse("ledgers")), (ledger.title, reverse("ledger", args=[code]))],
        ledger=ledger,
        problems=problems,
        changes=changes,
        count=len(reading.changes) if reading else 0,
        unchanged=reading.unchanged if reading else 0,
        posted=request.method == "POST",
        status=422 if problems else 200,
    )


def _apply(request: SignedIn, code: str) -> HttpResponse:
    here = current(request)
    sha256 = request.session.pop(KEPT, "")
    try:
        if not sha256:
            raise Refused("没有待保存的表格，请重新上传")
        ledger = found_ledger(here.county_code, code)
        reading = bulk_sheet.read_workbook(
            open_kept(ROOM, sha256, ledger.title), ledger=ledger, by=request.user
        )
        if reading.problems:
            raise Refused("；".join(str(one) for one in reading.problems[:20]))
        made = bulk.ask(
            kind="upload", county_code=here.county_code, ledger=code, arguments={"changes": [list(one) for one in reading.changes]},
            by=request.user, at=now(), address=client_address(request),
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("ledger-upload", args=[code]))
    return carry_out(made)
