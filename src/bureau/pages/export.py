"""导出: the table on the page as an Excel file, exactly what is shown, and one line in the log."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any, Literal
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.conf import settings
from django.http import HttpResponse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, refused
from bureau.pages.cells import cell
from bureau.pages.context import Page, current
from bureau.pages.later import later, takes_long, tell
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, why_not
from junheng.documents.listing import Field, listing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 2_000


def export(
    request: SignedIn,
    table: Table,
    *,
    title: str,
    searched: str | None = None,
    permission: Permission = Permission.EXPORT,
) -> HttpResponse:
    """The Excel file, or for a long list the page on which the worker's progress is followed. `searched` takes the place of the search text in the log where it may name a person;
    `permission` is another than exporting where a list is not about schools or people in them."""
    refusal = why_not(request.user.role, permission)
    if refusal:
        return refused(request, refusal)
    here = current(request)
    if takes_long(request, table.count):
        return later(request, title=f"{here.county_name}{title}", rows=table.count)
    content = _workbook(table, title, here, tell(request))
    detail = {
        "county": here.county_code,
        "day": here.on,
        "rows": table.count,
        "columns": [column.heading for column in table.shown],
        "filters": table.chosen,
        "search": table.query if searched is None else searched,
    }
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("listing", table.name), detail=detail, at=now(), address=client_address(request)
    )  # fmt: skip
    day = f"-{here.on:%Y%m%d}" if here.on else ""
    return download(content, f"{here.county_name}{title}{day}-{localtime():%H%M}.xlsx")


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """One zip of (path, content); workbooks and Word files are compressed already."""
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as packed:
        for path, content in files:
            packed.writestr(path, content, ZIP_STORED if path.endswith((".docx", ".xlsx")) else None)
    return kept.getvalue()


def download(content: bytes, name: str, kind: str = XLSX) -> HttpResponse:
    """A file to be saved under a Chinese name."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response


def _workbook(table: Table, title: str, here: Page, progress: Callable[[float], None]) -> bytes:
    fields = [
        Field(
            str(column.heading),
            _kind(column, place, table),
            column.unit,
            2 if column.digits is None else column.digits,
        )
        for place, column in enumerate(table.shown)
    ]
    source = [
        here.county_name,
        _("数据截至%(day)s") % {"day": f"{here.on:%Y-%m-%d}"} if here.on else "",
        table.describe,
    ]
    return listing(
        f"{here.county_name}{title}",
        fields,
        _rows(table, progress),
        source="　".join(part for part in source if part),
        marked=_("演示数据") if settings.DEMO else "",
    )


def _kind(column: Column, place: int, table: Table) -> Literal["text", "integer", "decimal", "percent"]:
    """Dates and codes go as the words of the page; a column of whole numbers stays whole."""
    if column.kind == "percent":
        return "percent"
    if column.kind != "number":
        return "text"
    values = [line.cells[place].value for line in table.lines]
    return "integer" if all(isinstance(value, int | str | None) for value in values) else "decimal"


def _rows(table: Table, progress: Callable[[float], None]) -> Iterator[list[Any]]:
    done = 0
    for part in table.parts(CHUNK):
        for row in part:
            yield [
                _value(one.value, one.text, one.state)
                for one in (cell(column, row) for column in table.shown)
            ]
        done += len(part)
        progress(done / (table.count or 1))


def _value(value: object, text: str, state: str) -> object:
    """Numbers stay numbers, so that Excel can add them up; the rest is what the page says."""
    if state == "blank":
        return _("未报")
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and state != "none":
        return value
    return text
