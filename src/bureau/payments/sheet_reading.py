"""读表: a clerk's table with the headings this room asks for, any file kind, every problem with its row and column.

Headings may stand below titles and under other names; cells come as they are, so that a number Excel has rounded is seen.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from junheng.intake.headings import bare_heading, split_unit
from junheng.intake.raw import Cell, open_tabs
from junheng.intake.safety import Refused as NotOpened

HEAD_ROWS = 12
MOST_ROWS = 60_000
# Units of money that a sheet in yuan must not be in.
_OTHER_UNITS = ("万元", "万", "千元", "百元", "亿元", "角", "分")
_TOTALS = frozenset(("合计", "总计", "小计", "共计", "本页合计", "本页小计"))
_UNIT_ABOVE = re.compile(r"单位[:：]\s*(?:人民币)?\s*(万元|万|千元|百元|亿元|角|分)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """一列: its heading in the template, other names for it, and what the template says of it. `yuan`: an amount in 元."""

    name: str
    heading: str
    also: tuple[str, ...] = ()
    needed: bool = True
    note: str = ""
    width: float = 16
    yuan: bool = False


@dataclass(slots=True)
class Row:
    """一行, as Excel numbers it."""

    number: int
    cells: Mapping[str, Cell]

    def raw(self, name: str) -> Cell:
        """The cell as the file has it; "" when the column is absent."""
        return self.cells.get(name, "")

    def text(self, name: str) -> str:
        """The cell as text: 12.0 is 12, a day its ISO form."""
        value = self.raw(name)
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        if isinstance(value, datetime):
            return value.date().isoformat()
        if isinstance(value, date):
            return value.isoformat()
        return str(value).strip()


@dataclass(slots=True)
class Table:
    """读到的表."""

    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    headings: Mapping[str, str] = field(default_factory=dict)

    def problem(self, row: Row, heading: str, sentence: str) -> None:
        """Adds 第n行“列”：sentence."""
        self.problems.append(f"第{row.number}行“{heading}”：{sentence}")


def read_table(
    name: str,
    content: bytes,
    wanted: Sequence[Wanted],
    *,
    may_be_empty: bool = False,
    progress: Callable[[float], None] = lambda share: None,
) -> Table:
    """The first worksheet that has the needed headings; problems say what to do when none has."""
    found = Table()
    try:
        lacking: list[str] = []
        for tab in open_tabs(name, content):
            if tab.hidden:
                continue
            rows = tab.rows()
            head: list[Sequence[Cell]] = []
            for _number in range(HEAD_ROWS):
                line = next(rows, None)
                if line is None:
                    break
                head.append(line)
            at, places = _layout(head, wanted)
            missing = [one.heading for one in wanted if one.needed and one.name not in places]
            if at < 0 or missing:
                lacking = missing if not lacking or len(missing) < len(lacking) else lacking
                continue
            if tab.height > MOST_ROWS:
                found.problems.append(f"表里有 {tab.height:,} 行，超过 {MOST_ROWS:,} 行，请分成几个文件")
                return found
            found.headings = {one.name: one.heading for one in wanted}
            if unit := _other_unit(head[: at + 1], places, wanted):
                found.problems.append(unit)
                return found
            _collect(found, head[at + 1 :], at + 2, places)
            number = len(head) + 1
            for line in rows:
                _collect(found, [line], number, places)
                number += 1
                if number % 1000 == 0:
                    progress(min(0.5, number / max(tab.height, 1) / 2))
            if not found.rows and not may_be_empty:
                found.problems.append("表里只有标题，没有数据行；请填写后重新上传")
            return found
        words = "”“".join(lacking or [one.heading for one in wanted if one.needed])
        found.problems.append(f"没有找到标题“{words}”，请用本页下载的模板填写后上传")
    except NotOpened as refused:
        found.problems.append(str(refused))
    return found


def _other_unit(
    head: Sequence[Sequence[Cell]], places: Mapping[str, int], wanted: Sequence[Wanted]
) -> str | None:
    """金额不以元为单位: as its heading says, or a line above the table; never converted by guessing."""
    for one in wanted:
        if one.yuan and one.name in places:
            written = str(head[-1][places[one.name]]).strip()
            if split_unit(bare_heading(written))[1] in _OTHER_UNITS:
                return f"标题“{written}”不以元为单位；请把标题和整列数字都改成元后重新上传"
            for line in head[:-1]:
                for cell in line:
                    if above := _UNIT_ABOVE.search(str(cell)):
                        return f"表头上方写着“{above[0]}”；请把整列数字改成元，并改掉这一句后重新上传"
    return None


def _layout(head: Sequence[Sequence[Cell]], wanted: Sequence[Wanted]) -> tuple[int, dict[str, int]]:
    best: tuple[int, dict[str, int]] = (-1, {})
    for at, line in enumerate(head):
        texts = {_bare(cell): place for place, cell in reversed(list(enumerate(line))) if _bare(cell)}
        places = {}
        for one in wanted:
            place = next(
                (texts[_bare(word)] for word in (one.heading, *one.also) if _bare(word) in texts), None
            )
            if place is not None:
                places[one.name] = place
        if len(places) > len(best[1]):
            best = (at, places)
    return best


def _collect(found: Table, lines: Sequence[Sequence[Cell]], number: int, places: Mapping[str, int]) -> None:
    for offset, line in enumerate(lines):
        cells = {name: line[place] for name, place in places.items() if place < len(line)}
        first = next((str(cell).strip() for cell in line if str(cell).strip()), "")
        if first.replace(" ", "").replace("：", "") in _TOTALS:
            continue
        if any(str(cell).strip() for cell in cells.values()):
            found.rows.append(Row(number + offset, cells))


def _bare(cell: Cell) -> str:
    text = str(cell).replace(" ", "").replace("\n", "").replace("*", "").strip()
    for opening in ("（", "("):
        text = text.split(opening)[0]
    return text


def day_of(text: str) -> date | None:
    """2026-09-01, 2026/9/1, 2026.9.1, 20260901 or 2026年9月1日; None when it is none of these."""
    plain = (
        text.replace("年", "-")
        .replace("月", "-")
        .replace("日", "")
        .replace("/", "-")
        .replace(".", "-")
        .split(" ")[0]
    )
    if plain.isascii() and plain.isdigit() and len(plain) == 8:
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    parts = plain.split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None
