"""一张工作表的读取: from raw rows to typed columns, chunk by chunk, so that raw cells never pile up."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from junheng.intake.cells import Flaw, clean, shown
from junheng.intake.choices import bare
from junheng.intake.convert import ColumnReader
from junheng.intake.headings import SEARCHED_ROWS, Layout, bare_heading, find_layout
from junheng.intake.identity import to_other_document
from junheng.intake.model import Origin, Severity, SheetRows, Value
from junheng.intake.raw import Cell, Tab
from junheng.intake.report import Report
from junheng.intake.safety import column_letter
from junheng.tables import Sheet, code_names

CHUNK = 2_000
_TOTALS = frozenset(
    {"合计", "总计", "小计", "共计", "累计", "合计:", "合计：", "合 计", "总 计", "小 计", "合  计", "总  计"}
)
_FOOTNOTES = (
    "注：", "注:", "说明：", "说明:", "备注：", "备注:", "填表人", "填报人", "制表人", "审核人", "单位负责人",
    "填报单位", "填表说明", "填报日期", "填表日期", "审批人", "经办人", "联系人",
)  # fmt: skip
_RESIDENT = "居民身份证"


class Register:
    """一张表的积累: the rows of one register so far, from however many worksheets."""

    def __init__(self, sheet: Sheet) -> None:
        self.rows = SheetRows(sheet, {column.name: [] for column in sheet.columns}, [], [], frozenset())
        self.readers = {column.name: ColumnReader(column) for column in sheet.columns}
        id_column = sheet.by_name.get("id_number")
        self.other_document = (
            ColumnReader(id_column, to_other_document) if id_column and "id_kind" in sheet.by_name else None
        )


def head_of(tab: Tab) -> tuple[list[Sequence[Cell]], Iterator[Sequence[Cell]]]:
    """The first rows, in which headings are looked for, and all rows."""
    rows = tab.rows()
    head = list(islice(rows, SEARCHED_ROWS + 1))
    return head, chain(head, rows)


def read_tab(
    register: Register,
    file: str,
    tab: Tab,
    layout: Layout,
    head: Sequence[Sequence[Cell]],
    rows: Iterator[Sequence[Cell]],
    report: Report,
    progress: Callable[[float], None],
) -> None:
    """Append the rows of a worksheet (`head`: its first ones) to its register; what is wrong goes to the report."""
    sheet, target = layout.sheet, register.rows
    letters = {name: column_letter(place + tab.first_column) for name, place in layout.columns.items()}
    origin = Origin(file, tab.name, 0, layout.heading_row + 1, letters)
    broken = _check_headings(file, tab, layout, report)
    start = len(target)
    width = 1 + max([*layout.columns.values(), layout.row_id or 0])
    reader = _Skipper(file, tab, layout, head, report)
    batch: list[Sequence[Cell]] = []
    numbers: list[int] = []
    target.present |= layout.columns.keys()
    for number, row in enumerate(islice(rows, layout.first_row, None), start=layout.first_row + 1):
        if reader.skips(number, row):
            continue
        if len(row) < width:
            row = [*row, *[""] * (width - len(row))]
        batch.append(row)
        numbers.append(number)
        if len(batch) == CHUNK:
            _append(register, layout, batch, numbers, origin, report)
            batch, numbers = [], []
            progress(min(number / max(tab.height, 1), 1.0))
    if batch:
        _append(register, layout, batch, numbers, origin, report)
    read = len(target) - start
    target.origins.append(Origin(file, tab.name, read, origin.heading_row, letters))
    reader.tell()
    if not read:
        report.tab(
            file, tab.name, sheet.title, "no_rows", "只有标题，没有数据行；请填写后重新上传", "warning"
        )
    if broken:
        report.rejected.setdefault(sheet.name, set()).update(range(start, len(target)))


def _append(
    register: Register,
    layout: Layout,
    batch: list[Sequence[Cell]],
    numbers: list[int],
    origin: Origin,
    report: Report,
) -> None:
    target = register.rows
    start = len(target)
    target.row_numbers.extend(numbers)
    cells = list(zip(*batch, strict=False))
    if layout.row_id is None:
        target.row_ids.extend([None] * len(batch))
    else:
        target.row_ids.extend(clean(cell) or None for cell in cells[layout.row_id])
    for column in target.sheet.columns:
        place = layout.columns.get(column.name)
        if place is None:
            target.columns[column.name].extend([None] * len(batch))
            continue
        if column.name == "id_number" and register.other_document and "id_kind" in layout.columns:
            kinds = target.columns["id_kind"][start:]
            values, flaws = _read_documents(register, cells[place], kinds)
        else:
            values, flaws = register.readers[column.name].read(cells[place])
        target.columns[column.name].extend(values)
        for offset, flaw, raw in flaws:
            report.cell(
                target,
                start + offset,
                column.name,
                flaw.message,
                flaw.code,
                flaw.severity,
                found=shown(raw)[:200],
                origin=origin,
            )


def _read_documents(
    register: Register, cells: Sequence[Cell], kinds: Sequence[Value]
) -> tuple[list[Value], list[tuple[int, Flaw, Cell]]]:
    """证件号 according to the kind of document beside it."""
    reader, other = register.readers["id_number"], register.other_document
    places = [place for place, kind in enumerate(kinds) if kind is not None and kind != _RESIDENT]
    if not places or other is None:
        return reader.read(cells)
    resident = list(cells)
    for place in places:
        resident[place] = ""
    values, flaws = reader.read(resident)
    for place in places:
        read, wrong = other.read([cells[place]])
        values[place] = read[0]
        flaws.extend((place, flaw, raw) for _, flaw, raw in wrong)
    return values, flaws


def _check_headings(file: str, tab: Tab, layout: Layout, report: Report) -> bool:
    """Report what is wrong with the headings; True when no row of this worksheet can be taken over."""
    sheet, row = layout.sheet, layout.heading_row + 1
    broken = False

    def say(code: str, place: int, column: str, message: str, found: str, *, error: bool) -> None:
        letter = column_letter(place + tab.first_column)
        severity: Severity = "error" if error else "warning"
        report.tab(
            file, tab.name, sheet.title, code, message, severity, row=row, column=column, letter=letter, found=found
        )  # fmt: skip

    for place, column in layout.repeated:
        first = column_letter(layout.columns[column.name] + tab.first_column)
        this = column_letter(place + tab.first_column)
        message = f"标题重复：{first} 列和 {this} 列都是{column.heading}，请删除其中一列"
        say("duplicate_heading", place, column.heading, message, column.heading, error=True)
        broken = True
    for place, column, heading, unit in layout.wrong_unit:
        message = f"标题“{heading}”的单位是{unit}，约定的单位是{column.unit}；请换算成{column.unit}并改正标题"
        say("wrong_unit", place, column.heading, message, heading, error=True)
        broken = True
    unread = {column.name for _, column, _, _ in layout.wrong_unit}
    for column in sheet.columns:
        if column.required and column.name not in layout.columns and column.name not in unread:
            message = f"缺少必填的列“{column.heading}”，请补上这一列，或下载模板填写"
            report.tab(file, tab.name, sheet.title, "missing_column", message, column=column.heading)
            broken = True
    for place, heading in layout.unknown:
        if bare_heading(heading) in ("序号", "编号", "no.", "no"):
            continue
        shown_heading = " ".join(heading.split())[:40]
        say(
            "unknown_heading", place, "", f"标题“{shown_heading}”不在约定的列中，这一列没有读取", heading, error=False
        )  # fmt: skip
    if tab.formulas:
        message = f"有 {tab.formulas} 个单元格是公式，只读取了文件保存时的计算结果；请核对"
        report.tab(file, tab.name, sheet.title, "formulas", message, "warning")
    return broken


class _Skipper:
    """Rows that are no data: blank ones, totals, notes below the table, headings repeated on each page."""

    def __init__(
        self, file: str, tab: Tab, layout: Layout, head: Sequence[Sequence[Cell]], report: Report
    ) -> None:
        self.file, self.tab, self.layout, self.report = file, tab, layout, report
        self.places = sorted(layout.columns.values())
        key = [layout.columns[name] for name in layout.sheet.key if name in layout.columns]
        self.key = key[0] if key else self.places[0]
        heading = head[layout.heading_row] if head else ()
        self.heading = heading[self.key] if self.key < len(heading) else None
        # A code column in which 合计 is a value (全校) does not make a totals row.
        self.ordinary = {
            layout.columns[column.name]
            for column in layout.sheet.columns
            if column.name in layout.columns and column.kind == "code" and "合计" in code_names(column.codes)
        }
        self.skipped: dict[str, list[int]] = {}

    def skips(self, number: int, row: Sequence[Cell]) -> bool:
        """Whether the row is left out."""
        if not any(row) and all(cell == "" for cell in row):
            return True
        if not _TOTALS.isdisjoint(row[:4]) and self._total(row):
            self.skipped.setdefault("totals", []).append(number)
            return True
        key = row[self.key] if self.key < len(row) else ""
        if not isinstance(key, str):
            return False
        if key == self.heading and sum(cell != "" for cell in row) > 1:
            self.skipped.setdefault("heading", []).append(number)
            return True
        if key.startswith(_FOOTNOTES) or (not key.isalnum() and not clean(key)):
            return self._no_data(number, row)
        return False

    def _total(self, row: Sequence[Cell]) -> bool:
        return any(
            isinstance(cell, str) and cell in _TOTALS and place not in self.ordinary
            for place, cell in enumerate(row[:4])
        )

    def _no_data(self, number: int, row: Sequence[Cell]) -> bool:
        filled = [row[place] for place in self.places if place < len(row) and clean(row[place])]
        first = next((clean(cell) for cell in row if clean(cell)), "")
        if bare(first).startswith(_FOOTNOTES) and len(filled) <= 4:
            self.skipped.setdefault("footnote", []).append(number)
            return True
        return not filled  # a row with nothing but a number in 序号 is blank

    def tell(self) -> None:
        """One notice for each sort of row that was left out."""
        words = {"totals": "是合计行", "footnote": "是表尾说明", "heading": "是重复的标题"}
        for sort, numbers in self.skipped.items():
            listed = "、".join(map(str, numbers[:10])) + ("等" if len(numbers) > 10 else "")
            message = f"第{listed}行{words[sort]}，没有读取"
            self.report.tab(
                self.file, self.tab.name, self.layout.sheet.title, f"skipped_{sort}", message, "warning"
            )


__all__ = ["Register", "find_layout", "head_of", "read_tab"]
