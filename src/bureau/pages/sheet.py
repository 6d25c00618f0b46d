"""下载表格修改后上传: the rows of a list as the agreed sheet, each with its row mark, to correct offline and send back."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages import classes, county_figures, schools, students, teachers
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import Page, current, show
from bureau.pages.export import download
from bureau.pages.imports import sheets_of
from bureau.pages.people_columns import opened, school_names
from bureau.pages.record import REASONS, reason_of
from bureau.pages.sign_in import client_address
from bureau.pages.table import Table
from bureau.people.rules import Permission, why_not
from bureau.registry.columns import clear, is_sealed
from bureau.registry.models import REGISTERS
from junheng.documents.templates import template
from junheng.tables import SHEETS, Column

MOST = 20_000
TABLES: dict[str, Callable[[SignedIn], Table]] = {
    "schools": schools.table,
    "students": students.table,
    "teachers": teachers.table,
    "classes": classes.table,
    "county": county_figures.table,
}
LISTS = {"county": "county-figures"}


@page(Permission.IMPORT)
def sheet(request: SignedIn, name: str) -> HttpResponse:
    """Say what will be downloaded and ask for the reason; then the workbook. The list's filters stay in the address."""
    if name not in TABLES or name not in sheets_of(request.user):
        raise not_found(_("没有可以下载修改的这张表，或您的角色不能导入它。"))
    here = current(request)
    table = TABLES[name](request)
    sensitive = [column for column in SHEETS[name].stored if column.sensitive]
    keyed = SHEETS[name].personal
    problem = ""
    if request.method == "POST":
        in_clear = keyed or request.POST.get("clear") == "1"
        reason = reason_of(request.POST)
        problem = _why_not(request, table, in_clear=in_clear and bool(sensitive), reason=reason) or ""
        if not problem:
            return _workbook(request, here, name, table, in_clear=in_clear, reason=reason)
    return show(
        request,
        "sheet.html",
        title=_("下载“%(sheet)s”表修改后上传") % {"sheet": _(SHEETS[name].title)},
        crumbs=[(_(SHEETS[name].title), f"{reverse(LISTS.get(name, name))}?{request.GET.urlencode()}")],
        sheet=SHEETS[name],
        table=table,
        sensitive=[column.heading for column in sensitive],
        keyed=keyed,
        too_many=table.count > MOST,
        most=MOST,
        reasons=(N("更新名册"), *REASONS),
        problem=problem,
        refusal=why_not(request.user.role, Permission.REVEAL) if keyed else "",
        status=422 if problem else 200,
    )


def _why_not(request: SignedIn, table: Table, *, in_clear: bool, reason: str) -> str | None:
    if table.count > MOST:
        return _("一次最多下载 %(n)s 行。请先在名单里按学校或年级筛选。") % {"n": f"{MOST:,}"}
    if not in_clear:
        return None
    return why_not(request.user.role, Permission.REVEAL) or (
        None if reason else _("请选择或填写下载明文的事由。")
    )


def _workbook(
    request: SignedIn, here: Page, name: str, table: Table, *, in_clear: bool, reason: str
) -> HttpResponse:
    columns = [column for column in SHEETS[name].stored if in_clear or not column.sensitive]
    ids = [row["id"] for row in table.fetch() if row["id"]]
    detail: dict[str, object] = {
        "day": here.on,
        "rows": len(ids),
        "in_clear": [column.heading for column in columns if column.sensitive],
        "filters": table.chosen,
    }
    verb = Verb.REVEAL if detail["in_clear"] else Verb.EXPORT
    read_access(
        by=request.user, verb=verb, obj=("sheet", name), detail=detail, reason=reason, at=now(), address=client_address(request)
    )  # fmt: skip
    content = template(
        [SHEETS[name]],
        {name: _rows(name, columns, ids, school_names(here))},
        row_ids={name: ids},
    )
    return download(content, f"{here.county_name}{SHEETS[name].title}-{here.on:%Y%m%d}.xlsx")


def _rows(name: str, columns: list[Column], ids: list[int], schools: Any) -> Iterator[dict[str, object]]:
    """The rows in the order of the list, in clear where asked."""
    fields = [column.name for column in columns]
    for start in range(0, len(ids), 1000):
        part = ids[start : start + 1000]
        found = {
            row["id"]: row
            for row in REGISTERS[name]._default_manager.filter(pk__in=part).values("id", *fields)
        }
        for identity in part:
            row = found[identity]
            yield {
                "school_name": schools.get(row.get("school_code"), None),
                **{
                    column.name: opened(row[column.name]) or None
                    if is_sealed(column)
                    else clear(column, row[column.name])
                    for column in columns
                },
            }
