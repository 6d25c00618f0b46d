"""读取外部名册: the files of one version → lines as they stand, and everything odd about each, all at once.

Nothing is corrected and no line is refused for what it says: damaged numbers are what matching is for. Identifiers in sentences are masked.
"""

from collections.abc import Callable, Sequence

from bureau.links.line_flaws import look, look_across
from bureau.links.raw_lines import RawLine, Reading
from junheng.intake.cells import clean, shown
from junheng.intake.headings import SEARCHED_ROWS, Layout, find_layout
from junheng.intake.raw import Cell, Tab, open_tabs
from junheng.intake.safety import Refused
from junheng.matching.addresses import PLACES, places_in
from junheng.matching.sheet import ROLL as MATCHED
from junheng.tables import OUTSIDE, Sheet

_NUMBERING = frozenset(("序号", "编号", "序", "号", "行标识"))
_TOTALS = frozenset(("合计", "总计", "小计", "共计", "总人数", "合计人数"))
_NOTES = (
    "注：",
    "注:",
    "说明：",
    "说明:",
    "备注：",
    "备注:",
    "填表人",
    "审核人",
    "制表",
    "填报单位",
    "单位负责人",
    "统计人",
)


class CannotRead(Exception):
    """无法读取: sentences, one for each thing that keeps the files from being read."""


def layout_of(source: str) -> Sheet:
    """The sheet of a source with every heading that offices use for who the child is."""
    own = OUTSIDE[source]
    known = {column.name for column in MATCHED.columns}
    extra = [column for column in own.columns if column.name not in known]
    return Sheet(own.name, own.title, own.meaning, own.key, (*MATCHED.columns, *extra), personal=True)


def read_files(
    source: str, files: Sequence[tuple[str, bytes]], progress: Callable[[float], None] = lambda share: None
) -> Reading:
    """Every line of the files. Raises CannotRead with a sentence for each file that holds no register."""
    sheet = layout_of(source)
    reading, wrong = Reading(), []
    for number, (name, content) in enumerate(files):
        before = len(reading.lines)
        try:
            found = _read_file(sheet, name, content, reading, several=len(files) > 1)
        except Refused as refused:
            wrong.append(f"{name}：{refused}")
            continue
        if not found:
            wrong.append(
                f"{name}：没有找到“姓名”列；请在数据上方写好标题行（姓名、身份证号、出生日期、乡镇、监护人姓名……）"
            )
        elif len(reading.lines) == before:
            wrong.append(f"{name}：没有数据行；请核对是否选对了文件和工作表")
        progress((number + 1) / len(files) * 0.4)
    if wrong:
        raise CannotRead("\n".join(wrong))
    for at, line in enumerate(reading.lines):
        look(source, line, reading.headings)
        if at % 2000 == 0:
            progress(0.4 + 0.5 * at / len(reading.lines))
    look_across(reading)
    return reading


def _read_file(sheet: Sheet, name: str, content: bytes, reading: Reading, *, several: bool) -> bool:
    found: list[tuple[Tab, Layout, list[list[Cell]]]] = []
    passed = []
    for tab in open_tabs(name, content):
        if tab.hidden:
            continue
        rows = [list(row) for row in tab.rows()]
        layout = find_layout(sheet, rows[:SEARCHED_ROWS])
        if layout is not None and "name" in layout.columns:
            found.append((tab, layout, rows))
        elif any(clean(cell) for row in rows for cell in row):
            passed.append(tab.name)
    where = f"{name}：" if several else ""
    if found and passed:
        tabs = "、".join(f"“{tab}”" for tab in passed)
        reading.notes.append(f"{where}工作表{tabs}没有“姓名”列，没有读取")
    for tab, layout, rows in found:
        prefix = f"{name}!" if several else ""
        prefix += f"{tab.name}!" if len(found) > 1 else ""
        _read_tab(layout, rows, prefix[-60:], reading)
        for _place, column, heading, unit in layout.wrong_unit:
            reading.notes.append(
                f"{where}标题“{heading}”的单位是“{unit}”，“{column.heading}”一列不填金额和数量，没有读取；如果就是这一列，请去掉标题里的单位"
            )
        for _place, column in layout.repeated:
            reading.notes.append(f"{where}标题“{column.heading}”出现了不止一次，只读取了第一列")
        unread = "、".join(
            f"“{heading}”" for _place, heading in layout.unknown[:12] if heading not in _NUMBERING
        )
        if unread:
            reading.notes.append(f"{where}没有用到的列：{unread}")
    return bool(found)


def _read_tab(layout: Layout, rows: Sequence[Sequence[Cell]], prefix: str, reading: Reading) -> None:
    heading_row = rows[layout.heading_row : layout.first_row]
    for name, place in layout.columns.items():
        above = [clean(row[place]) for row in heading_row if place < len(row)]
        written = next((text for text in reversed(above) if text), "")
        reading.headings.setdefault(name, " ".join(written.split())[:40])
    for at in range(layout.first_row, len(rows)):
        row = rows[at]
        cells = {name: row[place] for name, place in layout.columns.items() if place < len(row)}
        if _is_person(cells, row):
            texts = {name: text for name, cell in cells.items() if (text := _text(name, cell))}
            told = zip(PLACES, places_in(texts.get("address", "")), strict=True)
            texts |= {name: place for name, place in told if place and name not in texts}
            reading.lines.append(RawLine(f"{prefix}{at + 1}", texts))


def _text(name: str, cell: Cell) -> str:
    return shown(cell).strip() if not isinstance(cell, str) else clean(cell)


def _is_person(cells: dict[str, Cell], row: Sequence[Cell]) -> bool:
    """Not a blank row, a total, a note below the table, or the headings repeated on each page."""
    name = "".join(_text("name", cells.get("name", "")).split())
    if name == "姓名" or name in MATCHED.by_name["name"].synonyms:
        return False
    if name and _text("id", cells.get("id", "")):
        return name not in _TOTALS
    texts = [text for cell in row if (text := "".join(clean(cell).split()))]
    if not texts or _TOTALS & set(texts[:4]):
        return False
    return not (len(texts) < 3 and any(text.startswith(_NOTES) for text in texts))
