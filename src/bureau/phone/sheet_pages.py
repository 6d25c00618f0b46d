"""走访表的上下载: download my cases as a workbook, upload it again; every problem at once, nothing half-saved."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.people.rules import Refused
from bureau.phone import casework, sheet_actions
from bureau.phone import sheet as sheets
from bureau.phone.arrivals import Arrival
from bureau.phone.models import Receipt
from bureau.phone.serving import address_of, show, user_of
from bureau.phone.states import WORDS, State

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """What to do, then the answer row by row."""
    problems: list[str] = []
    done: list[dict[str, Any]] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problems = [_("没有选择文件，请先选择填好的走访表")]
        elif (file.size or 0) > sheets.LARGEST:
            problems = [_("文件太大，走访表不该超过 10 MB，请检查是否选错文件")]
        else:
            arrival = Arrival(
                by=user_of(request),
                at=now(),
                today=localdate(),
                source=Receipt.Source.SHEET,
                address=address_of(request),
            )
            try:
                answers, problems = sheet_actions.receive_sheet(content=file.read(), arrival=arrival)
            except Refused as refusal:
                answers, problems = [], [str(refusal)]
            names = casework.labels([row.record.case for row, _answer in answers])
            done = [
                {
                    "where": f"{row.tab} {row.number}",
                    "name": names.get(row.record.case, ""),
                    "answer": _("以前已收到") if one.answer == "already" else WORDS[State(one.state)],
                    "sentence": one.sentence,
                    "open": one.state in (State.CONFLICT, State.HELD),
                }
                for row, one in answers
            ]
    return show(
        request,
        "phone/sheet.html",
        title=_("走访表（Excel）"),
        problems=problems,
        done=done,
        posted=request.method == "POST",
        count=len(casework.mine(user_of(request), localdate())),
        status=422 if problems else 200,
    )


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """走访表 of all my cases; logged like a phone's taking-along."""
    user, today = user_of(request), localdate()
    cases = casework.mine(user, today)
    content = sheets.workbook(cases, casework.ledgers_of(cases))
    read_access(
        by=user,
        verb=Verb.EXPORT,
        obj=("visit_sheet", user.username),
        detail={"cases": len(cases)},
        at=now(),
        address=address_of(request),
    )
    name = content_disposition_header(True, _("走访表%(day)s.xlsx") % {"day": f"{today:%Y%m%d}"}) or ""
    return HttpResponse(
        content, content_type=_EXCEL, headers={"Content-Disposition": name, "Cache-Control": "no-store"}
    )
