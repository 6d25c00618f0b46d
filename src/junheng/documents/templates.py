"""模板 (templates): an agreed sheet as a workbook to fill in, or filled with rows to correct offline and upload again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from junheng.documents.fastrows import FastRows
from junheng.documents.fields import comment, prompt, rule
from junheng.documents.pages import Pages, pages, put, width_of
from junheng.intake.headings import ROW_ID
from junheng.tables import Column, Sheet, codes

EXAMPLES, CHOICES, NOTES = "填写示例", "下拉选项", "填表说明"
SPARE_ROWS = 5_000  # rows below the last filled one that still have drop-downs
_LONGEST_LIST = 255  # characters of a drop-down written into the cell itself


def template(
    sheets: Sequence[Sheet],
    rows: Mapping[str, Iterable[Mapping[str, object]]] | None = None,
    *,
    row_ids: Mapping[str, Sequence[object]] | None = None,
) -> bytes:
    """模板: an .xlsx with one worksheet for each sheet, ready to fill in.

    Drop-downs for codes and 是/否, limits for numbers, text format for numbers that are names, a comment on each heading, headings
    locked (no password) and frozen. `rows` fills it: {sheet name: rows as {column name: typed value}}, as `SheetRows.rows`
    gives them. `row_ids` ({sheet name: ids in the same order}) adds the hidden first column 行标识 that ties an uploaded row to its
    record. Worksheets 填写示例 and 填表说明 are not read by the intake. ValueError when there is no sheet.
    """
    if not sheets:
        raise ValueError("no sheet")
    with pages() as made:
        lists = _long_lists(sheets)
        for sheet in sheets:
            filled = (rows or {}).get(sheet.name, ())
            ids = (row_ids or {}).get(sheet.name)
            _write_sheet(made, sheet, filled, ids, lists)
        _write_examples(made, sheets)
        _write_notes(made, sheets)
        _write_lists(made, lists)
    return made.content


def _long_lists(sheets: Sequence[Sheet]) -> dict[str, int]:
    """Code lists too long for a cell, and the column of the hidden worksheet each gets."""
    names = dict.fromkeys(
        column.codes
        for sheet in sheets
        for column in sheet.columns
        if column.codes and len(",".join(codes(column.codes).values())) > _LONGEST_LIST
    )
    return {name: number for number, name in enumerate(names)}


def _source(column: Column, lists: Mapping[str, int]) -> str | list[str]:
    """What a drop-down offers: the names themselves, or the place in the hidden worksheet."""
    if column.kind == "flag":
        return ["是", "否"]
    if column.codes not in lists:
        return list(codes(column.codes).values())
    letter = chr(65 + lists[column.codes])
    return f"='{CHOICES}'!${letter}$2:${letter}${len(codes(column.codes)) + 1}"


def _write_sheet(
    made: Pages,
    sheet: Sheet,
    rows: Iterable[Mapping[str, object]],
    ids: Sequence[object] | None,
    lists: Mapping[str, int],
) -> None:
    tab = made.sheet(sheet.title)
    text = made.style(locked=False, num_format="@")
    whole = made.style(locked=False, num_format="0")
    decimal = made.style(locked=False, num_format="General")
    dated = made.style(locked=False, num_format="yyyy-mm-dd")
    plain = {"integer": whole, "year": whole, "decimal": decimal, "date": dated}
    styles = [plain.get(column.kind, text) for column in sheet.columns]
    first = 0 if ids is None else 1
    if first:
        tab.set_column(0, 0, 8, text, {"hidden": True})
        tab.write_string(0, 0, ROW_ID, made.style(bold=True))
    needed = made.style(bold=True, bg_color="#FCE4D6", border=1, align="center", text_wrap=True)
    other = made.style(bold=True, bg_color="#DDEBF7", border=1, align="center", text_wrap=True)
    for place, column in enumerate(sheet.columns, start=first):
        width = min(40, max(10, width_of(column.heading), width_of(column.example)))
        tab.set_column(place, place, width, styles[place - first])
        tab.write_string(0, place, column.heading, needed if column.required else other)
        tab.write_comment(0, place, comment(column), {"x_scale": 2, "y_scale": 1.4})
    last = first + len(sheet.columns)
    tab.set_column(last, 16_383, 10, made.style(locked=False))
    fast = FastRows(tab, [text] * first + styles, dated)
    readers = [(column.name, _showing(column)) for column in sheet.columns]
    written = 0
    for written, row in enumerate(rows, start=1):
        lead = [] if ids is None else [ids[written - 1]]
        fast.write(written, lead + [show(row.get(name)) for name, show in readers])
    for place, column in enumerate(sheet.columns, start=first):
        offered = _source(column, lists) if column.kind in ("code", "flag") else None
        tab.data_validation(1, place, written + SPARE_ROWS, place, prompt(column) | rule(column, offered))
    tab.freeze_panes(1, first)
    tab.autofilter(0, 0, max(written, 1), last - 1)
    tab.repeat_rows(0)
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


def shown(column: Column, value: object) -> object:
    """The value as the clerk reads it: the name of a code, 2023-09 of a month, 是 or 否."""
    return _showing(column)(value)


def _showing(column: Column) -> Callable[[object], object]:
    if column.kind == "code":
        names = codes(column.codes)
        return lambda value: None if value is None else names.get(str(value), value)
    if column.kind == "month":
        return lambda value: f"{value:%Y-%m}" if isinstance(value, date) else value
    if column.kind == "flag":
        return lambda value: None if value is None else "是" if value else "否"
    return lambda value: value


def _write_examples(made: Pages, sheets: Sequence[Sheet]) -> None:
    tab = made.sheet(EXAMPLES)
    title = made.style(bold=True, font_size=12)
    heading = made.style(bold=True, bg_color="#DDEBF7", border=1, text_wrap=True)
    cell = made.style(border=1, num_format="@")
    tab.set_column(0, 40, 14)
    line = 0
    for sheet in sheets:
        tab.write_string(line, 0, f"{sheet.title}：{sheet.meaning}（示例，不会被读取）", title)
        for place, column in enumerate(sheet.columns):
            tab.write_string(line + 1, place, column.heading, heading)
        for place, column in enumerate(sheet.columns):
            put(tab, line + 2, place, column.example, cell)
        line += 4


def _write_notes(made: Pages, sheets: Sequence[Sheet]) -> None:
    tab = made.sheet(NOTES)
    heading = made.style(bold=True, bg_color="#DDEBF7", border=1)
    cell = made.style(border=1, text_wrap=True)
    titles = ("表", "列", "必填", "含义", "单位", "示例", "可以填什么", "也认得的标题")
    widths = (14, 22, 6, 44, 8, 20, 50, 40)
    for place, (text, width) in enumerate(zip(titles, widths, strict=True)):
        tab.set_column(place, place, width)
        tab.write_string(0, place, text, heading)
    line = 0
    for sheet in sheets:
        for column in sheet.columns:
            line += 1
            values = "、".join(codes(column.codes).values()) if column.codes else ""
            texts: tuple[Any, ...] = (
                sheet.title,
                column.heading,
                "是" if column.required else "",
                column.meaning,
                column.unit,
                column.example,
                "是、否" if column.kind == "flag" else values,
                "、".join(column.synonyms),
            )
            for place, text in enumerate(texts):
                put(tab, line, place, text, cell)
    tab.freeze_panes(1, 0)
    tab.repeat_rows(0)


def _write_lists(made: Pages, lists: Mapping[str, int]) -> None:
    if not lists:
        return
    tab = made.book.add_worksheet(CHOICES)
    columns = [["可选内容", *codes(name).values()] for name in lists]
    for line in range(max(map(len, columns))):
        for place, names in enumerate(columns):
            if line < len(names):
                tab.write_string(line, place, names[line])
    tab.hide()
