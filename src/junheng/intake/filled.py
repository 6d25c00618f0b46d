"""填好的表: rows of an uploaded workbook under known headings, and every problem with its row as Excel numbers it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from junheng.intake.cells import Flaw, clean, narrow
from junheng.intake.dates import to_date
from junheng.intake.raw import Cell, open_tabs
from junheng.intake.safety import Refused
from junheng.tables.model import Column

LARGEST = 10 * 1024 * 1024
MOST_ROWS = 30_000
HEAD_WITHIN = 12
DAY = Column("day", "日期", "date", meaning="", example="2026-10-08")


@dataclass
class Filled:
    """一行: its number in Excel and its cells by heading; what is wrong is added to the sheet's problems as it is read."""

    number: int
    cells: Mapping[str, Cell]
    problems: list[str] = field(repr=False)

    def wrong(self, heading: str, sentence: str) -> None:
        """Note a problem of this row."""
        self.problems.append(f"第{self.number}行“{heading}”：{sentence}")

    def text(self, heading: str, *, longest: int = 200, needed: bool = False) -> str:
        """文字."""
        found = clean(self.cells.get(heading, ""))
        if needed and not found:
            self.wrong(heading, "没有填写")
        if len(found) > longest:
            self.wrong(heading, f"有 {len(found)} 个字，最多 {longest} 个")
        return found[:longest]

    def day(self, heading: str, *, needed: bool = False) -> date | None:
        """日期."""
        cell = self.cells.get(heading, "")
        if not clean(cell):
            if needed:
                self.wrong(heading, "没有填写，请填年月日，例如 2026-10-08")
            return None
        found = to_date(DAY, cell)
        if isinstance(found, Flaw):
            self.wrong(heading, found.message)
            return None
        return found if isinstance(found, date) else None

    def count(self, heading: str, *, needed: bool = False) -> int | None:
        """整数, not negative."""
        found = self.number_of(heading, needed=needed)
        if found is None:
            return None
        if found != found.to_integral_value() or found < 0:
            self.wrong(heading, f"“{self.text(heading)}”应为不小于 0 的整数")
            return None
        return int(found)

    def number_of(self, heading: str, *, needed: bool = False) -> Decimal | None:
        """数."""
        text = narrow(self.cells.get(heading, "")).replace(",", "")
        if not text:
            if needed:
                self.wrong(heading, "没有填写")
            return None
        try:
            found = Decimal(text)
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or found.adjusted() > 12:
            self.wrong(heading, f"“{text[:30]}”不是数，请改成数字，例如 120")
            return None
        return found

    def fen(self, heading: str, *, needed: bool = False) -> int | None:
        """金额（元）as fen."""
        found = self.number_of(heading, needed=needed)
        if found is None:
            return None
        fen = found * 100
        if fen != fen.to_integral_value():
            self.wrong(heading, f"“{found}”最多两位小数")
            return None
        return int(fen)

    def choice(self, heading: str, words: Mapping[str, str], *, needed: bool = False) -> str:
        """选项: the code of one of the words; "" when blank or wrong."""
        typed = clean(self.cells.get(heading, ""))
        if not typed:
            if needed:
                self.wrong(heading, f"没有填写，应为：{'、'.join(words.values())}")
            return ""
        for code, word in words.items():
            if typed in (word, code):
                return code
        self.wrong(heading, f"“{typed[:30]}”不在列表里，应为：{'、'.join(words.values())}")
        return ""


def rows_of(
    name: str, content: bytes, *, needed: Sequence[str], synonyms: Mapping[str, Sequence[str]] | None = None
) -> tuple[list[Filled], list[str], list[str]]:
    """(rows, problems, headings found). The heading row is looked for in each visible sheet, below titles; blank rows are left out.

    `synonyms` are other words for a heading. The rows share the list of problems and add to it as they are read.
    """
    problems: list[str] = []
    if len(content) > LARGEST:
        return [], [f"文件超过 {LARGEST >> 20} MB，请检查是否选错文件"], []
    try:
        tabs = [tab for tab in open_tabs(name, content) if not tab.hidden and tab.height]
        sheets = [[list(row) for row in tab.rows()] for tab in tabs]
    except Refused as refused:
        return [], [str(refused)], []
    meant = {word: heading for heading, words in (synonyms or {}).items() for word in words}
    best: list[str] = list(needed)
    for cells in sheets:
        for head, row in enumerate(cells[:HEAD_WITHIN]):
            titles = [_title(cell, meant) for cell in row]
            missing = [heading for heading in needed if heading not in titles]
            if not missing:
                return *_rows(cells, head, titles, problems), [title for title in titles if title]
            if len(missing) < len(best):
                best = missing
    return [], [f"没有找到标题“{'”“'.join(best)}”，请用本页下载的模板填写后上传"], []


def _rows(
    cells: Sequence[Sequence[Cell]], head: int, titles: Sequence[str], problems: list[str]
) -> tuple[list[Filled], list[str]]:
    if len(cells) - head > MOST_ROWS:
        problems.append(f"表里有 {len(cells) - head - 1:,} 行，超过 {MOST_ROWS:,} 行，请分成几个文件")
        return [], problems
    rows = []
    for number, row in enumerate(cells[head + 1 :], head + 2):
        if any(clean(cell) for cell in row):
            found = {title: cell for title, cell in zip(titles, row, strict=False) if title}
            rows.append(Filled(number, found, problems))
    if not rows:
        problems.append("表里没有数据行，请填写后上传")
    return rows, problems


def _title(cell: Cell, meant: Mapping[str, str]) -> str:
    text = "".join(clean(cell).split()).removesuffix("*")
    return meant.get(text, text)
