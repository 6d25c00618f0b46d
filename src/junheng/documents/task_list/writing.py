"""清单的导出: a task or responsibility list as an Excel workbook that can be filled in and uploaded again, and as an official document."""

import datetime
from collections.abc import Sequence
from itertools import groupby

from junheng.documents.official.model import Column as PaperColumn
from junheng.documents.official.model import OfficialDocument, Paragraph, Table
from junheng.documents.pages import Pages, pages, put, tab_name
from junheng.documents.task_list.model import TASK_STATES, ListKind, TaskRow, columns_of, in_order
from junheng.intake.headings import ROW_ID

_CHOICES = "下拉选项"  # the intake knows this worksheet as our own and leaves it out
_HEADING_ROW = 2
_SPARE_ROWS = 200
_WIDTHS = {"number": 6, "task": 24, "measure": 34, "target": 22, "lead": 16, "supporting": 20, "person": 10, "due": 16,
    "state": 10, "progress": 30, "evidence": 18, "source": 20}  # fmt: skip
_SHARES = {"number": 0.6, "task": 2, "measure": 3, "target": 2, "lead": 1.35, "supporting": 1.5, "person": 0.9, "due": 1.65,
    "progress": 2.1, "evidence": 1.1}  # fmt: skip


def task_list_workbook(
    rows: Sequence[TaskRow],
    *,
    title: str,
    kind: ListKind = "任务清单",
    source: str = "",
    marked: str = "",
    states: Sequence[str] = TASK_STATES,
    units: Sequence[str] = (),
) -> bytes:
    """任务清单 / 责任清单 Excel: title, source line, locked headings, hidden 行标识, drop-downs for the state and (when `units` are given)
    the lead unit. `read_task_list` reads it back. Numbers are given anew from 1.
    """
    columns = columns_of(kind)
    body = in_order(rows, kind)
    with pages() as made:
        tab = made.sheet(tab_name(kind, set()))
        if marked:
            tab.set_header(f"&C{marked.replace('&', '&&')}")
        text = made.style(locked=False, num_format="@", text_wrap=True, border=1, valign="top")
        middle = made.style(locked=False, num_format="@", align="center", border=1, valign="top")
        tab.set_column(0, 0, 8, made.style(locked=False, num_format="@"), {"hidden": True})
        tab.set_row(0, 30)
        tab.write_string(0, 1, title, made.style(bold=True, font_size=16))
        note = "　".join(part for part in (source, f"共 {len(body)} 项", marked) if part)
        tab.write_string(1, 1, note, made.style(font_color="#595959"))
        heading = made.style(bold=True, bg_color="#DDEBF7", border=1, align="center", text_wrap=True)
        tab.write_string(_HEADING_ROW, 0, ROW_ID, made.style(bold=True))
        for place, column in enumerate(columns, start=1):
            tab.set_column(
                place, place, _WIDTHS[column.name], made.style(locked=False, num_format="@", text_wrap=True)
            )
            tab.write_string(_HEADING_ROW, place, column.heading, heading)
        for line, row in enumerate(body, start=_HEADING_ROW + 1):
            put(tab, line, 0, row.row_id, made.style(locked=False, num_format="@"))
            for place, column in enumerate(columns, start=1):
                value = str(line - _HEADING_ROW) if column.name == "number" else row.shown(column.name)
                put(tab, line, place, value, middle if column.name in ("number", "state") else text)
        _offer(made, tab, [column.name for column in columns], len(body), states, units)
        last = _HEADING_ROW + max(len(body), 1)
        tab.freeze_panes(_HEADING_ROW + 1, 3)
        tab.autofilter(_HEADING_ROW, 1, last, len(columns))
        tab.repeat_rows(_HEADING_ROW)
        allowed = (
            "format_cells",
            "format_columns",
            "format_rows",
            "insert_rows",
            "delete_rows",
            "sort",
            "autofilter",
        )
        tab.protect("", dict.fromkeys(allowed, True))
        _list_units(made, units)
    return made.content


def _offer(
    made: Pages, tab: object, names: list[str], count: int, states: Sequence[str], units: Sequence[str]
) -> None:
    offered: dict[str, object] = {"state": list(states)}
    if units:
        offered["lead"] = f"='{_CHOICES}'!$A$2:$A${len(units) + 1}"
    for name, choices in offered.items():
        place = names.index(name) + 1
        rule = {
            "validate": "list",
            "source": choices,
            "error_title": "请从列表中选择",
            "error_message": "这一列只能从下拉列表中选择。",
        }
        tab.data_validation(_HEADING_ROW + 1, place, _HEADING_ROW + count + _SPARE_ROWS, place, rule)  # type: ignore[attr-defined]


def _list_units(made: Pages, units: Sequence[str]) -> None:
    if not units:
        return
    tab = made.book.add_worksheet(_CHOICES)
    for line, name in enumerate(("单位", *units)):
        tab.write_string(line, 0, name)
    tab.hide()


def task_list_document(
    rows: Sequence[TaskRow],
    *,
    title: str,
    kind: ListKind = "任务清单",
    head: str = "",
    number: str = "",
    opening: str = "",
    signatures: tuple[str, ...] = (),
    date: datetime.date | None = None,
    note: str = "",
    marked: str = "",
) -> OfficialDocument:
    """任务清单 / 责任清单 on paper turned across, in the columns of practice; 责任清单 grouped by lead unit."""
    body = in_order(rows, kind)
    columns = tuple(
        PaperColumn(
            column.heading, _SHARES[column.name], "center" if column.name in ("number", "person") else "left"
        )
        for column in columns_of(kind)
        if column.name in _SHARES
    )
    names = [column.name for column in columns_of(kind) if column.name in _SHARES]
    lines = tuple(
        tuple(str(place) if name == "number" else row.shown(name) for name in names)
        for place, row in enumerate(body, start=1)
    )
    groups: list[tuple[int, str]] = []
    if kind == "责任清单":
        for lead, members in groupby(enumerate(body), key=lambda pair: pair[1].lead):
            listed = list(members)
            groups.append((listed[0][0], f"{lead or '未定牵头单位'}（{len(listed)}项）"))
    table = Table(columns, lines, note=note, wide=True, groups=tuple(groups))
    first = (Paragraph(opening),) if opening else ()
    return OfficialDocument(
        title,
        head=head,
        number=number,
        body=(*first, table),
        signatures=signatures,
        date=date,
        marked=marked,
        across=not head,
    )
