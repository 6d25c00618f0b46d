"""导入的内容: problems shown in their rows, the commented workbook, and the differences field by field."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.pages.access import SignedIn, page, refused
from bureau.pages.cells import Row
from bureau.pages.context import show
from bureau.pages.export import download, export
from bureau.pages.import_review import found_import, log_look, when, why_not_rows
from bureau.pages.later import later, takes_long, tell
from bureau.pages.people_columns import opened
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, may
from bureau.people.secret import mask_id
from bureau.registry import problem_file, staged_file
from bureau.registry.import_models import Import, ImportChange, ImportProblem
from junheng.documents.problems import annotated
from junheng.tables import BY_TITLE, SHEETS

ROWS_A_PAGE = 50
LONG_NUMBER = re.compile(r"[A-Za-z]?\d{10,}[\dXx]")
SMALL = 10_000  # rows of a file that may be opened for one page


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell of the small table: what stands in the file, and what is wrong with it."""

    found: str
    messages: tuple[str, ...] = ()
    error: bool = False


@require_GET
@page(Permission.SEE_SCHOOLS)
def problems(request: SignedIn, identity: int) -> HttpResponse:
    """Every problem: sentences first, then only the wrong rows with Excel's row numbers."""
    of = found_import(request, identity)
    if why := why_not_rows(of, request.user):
        return refused(request, why)
    found = ImportProblem.objects.filter(of=of)
    sheet = request.GET.get("sheet", "")
    sheets = list(
        found.exclude(row=0).order_by().values("sheet").annotate(n=Count("row", distinct=True), first=Min("id")).order_by("first")
    )  # fmt: skip
    if sheet not in {one["sheet"] for one in sheets}:
        sheet = sheets[0]["sheet"] if sheets else ""
    numbers = (
        found.filter(sheet=sheet).exclude(row=0).order_by("row").values_list("row", flat=True).distinct()
    )
    pages = Paginator(list(numbers), ROWS_A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    table = _small_table(of, sheet, list(shown.object_list), hide=of.by_id != request.user.pk)
    log_look(request, of, "problems", len(table["rows"]))
    return show(
        request,
        "import_problems.html",
        title=_("问题"),
        crumbs=[
            (_("导入"), reverse("imports")),
            (_("第 %(n)s 号导入") % {"n": of.pk}, reverse("import", args=[of.pk])),
        ],
        of=of,
        whole=found.filter(row=0),
        groups=_groups(of, hide=of.by_id != request.user.pk),
        mine=of.by_id == request.user.pk,
        sheets=sheets,
        sheet=sheet,
        table=table,
        pages=shown,
        errors=found.filter(severity="error").count(),
        warnings=found.filter(severity="warning").count(),
        can_import=may(request.user.role, Permission.IMPORT),
    )


def _groups(of: Import, *, hide: bool) -> list[dict[str, Any]]:
    """Problems of the same column together: how many, and the first as an example."""
    rows = (
        ImportProblem.objects.filter(of=of)
        .exclude(row=0)
        .order_by()
        .values("sheet", "column", "severity")
        .annotate(n=Count("id"), first=Min("id"))
        .order_by("severity", "first")
    )
    found = list(rows)
    first = ImportProblem.objects.in_bulk([row["first"] for row in found])
    return [
        {
            **row,
            "place": first[row["first"]].row,
            "message": _veil(first[row["first"]].message) if hide else first[row["first"]].message,
        }
        for row in found
    ]


def _veil(text: str) -> str:
    """Long numbers masked: what is wrong with an ID number can be seen without it."""
    return LONG_NUMBER.sub(lambda found: mask_id(found[0]), text)


def _small_table(of: Import, sheet: str, numbers: list[int], *, hide: bool) -> dict[str, Any]:
    """The wrong rows of one sheet: their key, and the columns in which something is wrong.

    Whoever sent the file in sees what it says; others (`hide`) see long numbers masked.
    """
    rows = ImportProblem.objects.filter(of=of, sheet=sheet, row__in=numbers)
    cells: dict[int, dict[str, Wrong]] = defaultdict(dict)
    for one in rows:
        column = one.column or _("整行")
        before = cells[one.row].get(column)
        cells[one.row][column] = Wrong(
            _veil(opened(one.found)) if hide else opened(one.found),
            (*(before.messages if before else ()), _veil(one.message) if hide else one.message),
            one.severity == "error" or bool(before and before.error),
        )
    agreed = [column.heading for column in BY_TITLE[sheet].columns] if sheet in BY_TITLE else []
    wrong = {column for row in cells.values() for column in row}
    headings = [heading for heading in agreed if heading in wrong] + sorted(wrong - set(agreed))
    labels = _labels(of, sheet, set(numbers), without=wrong)
    return {
        "headings": headings,
        "labels": labels["headings"],
        "rows": [
            (number, labels["rows"].get(number, [""] * len(labels["headings"])), [cells[number].get(name) for name in headings])
            for number in numbers
        ],
    }  # fmt: skip


def _labels(of: Import, title: str, numbers: set[int], *, without: set[str]) -> dict[str, Any]:
    """What a clerk knows a row by: school code and name of the person or school, as far as the file has them."""
    sheet = BY_TITLE.get(title)
    names = [name for name in ("school_code", "school_name", "person_name", "grade", "class_number") if sheet and name in sheet.by_name][:3]  # fmt: skip
    if sheet is None or sheet.name not in of.counts or of.counts[sheet.name].get("rows", 0) > SMALL:
        return {"headings": [], "rows": {}}
    try:
        staged = next(one for one in staged_file.load(of.pk) if one.sheet.name == sheet.name)
    except (FileNotFoundError, StopIteration):
        return {"headings": [], "rows": {}}
    names = [name for name in names if name in staged.columns and sheet.by_name[name].heading not in without]
    return {
        "headings": [sheet.by_name[name].heading for name in names],
        "rows": {
            number: [str(staged.columns[name][place] or "") for name in names]
            for place, number in enumerate(staged.row_numbers)
            if number in numbers
        },
    }


@require_GET
@page(Permission.SEE_SCHOOLS)
def problems_workbook(request: SignedIn, identity: int) -> HttpResponse:
    """The same workbook with each problem as a comment in its cell."""
    of = found_import(request, identity)
    if of.by_id != request.user.pk:
        return refused(request, _("带批注的工作簿含有上传的全部内容，只有上传的人可以下载。"))
    rows = sum(one.get("rows", 0) for one in of.counts.values())
    if takes_long(request, rows):
        return later(request, title=_("第 %(n)s 号导入的带批注的工作簿") % {"n": of.pk}, rows=rows)
    found = problem_file.load(of.pk)
    log_look(request, of, "workbook with comments", len(found))
    content = annotated(staged_file.uploads(of.pk), found, tell(request))
    return download(content, f"问题批注-{of.file_name.rsplit('.', 1)[0][:60]}-{when(of)}.xlsx")


def _changes(row: Row) -> str:
    return "；".join(f"{heading}：{before} → {after}" for heading, before, after, _now in row["fields"])


def _changes_html(row: Row) -> SafeString:
    return format_html_join(
        "",
        '<div>{}：<span class="before">{}</span> → <span class="after">{}</span>{}</div>',
        (
            (
                heading,
                before,
                after,
                format_html("（{}：{}）", _("登记册现在是"), meanwhile) if meanwhile is not None else "",
            )
            for heading, before, after, meanwhile in row["fields"]
        ),
    )


@require_GET
@page(Permission.SEE_SCHOOLS)
def differences(request: SignedIn, identity: int) -> HttpResponse:
    """What the import would change, or has changed, row by row."""
    of = found_import(request, identity)
    if why := why_not_rows(of, request.user):
        return refused(request, why)
    sheets = {name: _(SHEETS[name].title) for name in of.sheets}
    kinds = {str(code): _(str(words)) for code, words in ImportChange.Kind.choices}
    table = Table(
        request,
        "differences",
        (
            Column("sheet", _("登记册"), "code", codes=sheets, choices=sheets),
            Column("row", _("Excel 行"), "number", text=lambda row: "–" if row["row"] is None else str(row["row"])),
            Column("label", _("名称")),
            Column("school_code", _("学校标识码"), text=lambda row: row["school_code"] or "–"),
            Column("kind", _("差异"), "code", codes=kinds, choices=kinds),
            Column("fields", _("变化（改前 → 改后）"), sort=None, text=lambda row: _changes(row) or "–", html=_changes_html),
        ),
        ImportChange.objects.filter(of=of),
        what=_("处差异"),
        search=("label", "school_code"),
        search_hint=_("名称或学校标识码"),
        order="id",
        empty=_("文件与登记册没有差异。"),
        caption=_("差异"),
    )  # fmt: skip
    if table.wants_export:
        return export(request, table, title=_("导入差异"))
    conflicts = ImportChange.objects.filter(of=of, kind=ImportChange.Kind.CONFLICT)
    log_look(request, of, "differences", len(table.lines))
    return show(
        request,
        "import_differences.html",
        title=_("差异"),
        crumbs=[
            (_("导入"), reverse("imports")),
            (_("第 %(n)s 号导入") % {"n": of.pk}, reverse("import", args=[of.pk])),
        ],
        of=of,
        table=table,
        conflicts=conflicts[:200],
        conflict_count=conflicts.count(),
        can_settle=of.state == "in_review" and may(request.user.role, Permission.IMPORT),
    )
