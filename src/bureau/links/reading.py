"""读取外部名册: the files of one version → lines as they stand, and everything odd about each, all at once.

Nothing is corrected and no line is refused for what it says: damaged numbers are what matching is for. Identifiers in sentences are masked.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from bureau.people.secret import mask_id
from junheng.intake.cells import Flaw, clean, quoted, shown
from junheng.intake.dates import to_date, to_month
from junheng.intake.headings import SEARCHED_ROWS, Layout, find_layout
from junheng.intake.identity import birth_inside, to_id_number
from junheng.intake.raw import Cell, Tab, open_tabs
from junheng.intake.safety import Refused
from junheng.matching.reading import SHEET as MATCHED
from junheng.tables import OUTSIDE, Column, Sheet

_NUMBERING = frozenset(("序号", "编号", "序", "号", "行标识"))
_WHOLE = 0.5  # of a column from which damage is said once for the file
_GUARDIANS = ("guardians", "father", "mother", "head")
_GUARDIAN_IDS = ("guardian_ids", "father_id", "mother_id", "head_id")
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
_FAR = 13  # years between a child's birth date and the one in the number that make it a parent's


class CannotRead(Exception):
    """无法读取: sentences, one for each thing that keeps the files from being read."""


@dataclass(slots=True)
class RawLine:
    """名册的一行: texts as written, dates where they can be read, and [heading, sentence] of everything odd."""

    place: str
    texts: dict[str, str]
    born: date | None = None
    inside: date | None = None  # the birth date in a right number
    right: bool = False  # the number is complete and right
    since: date | None = None
    until: date | None = None
    flaws: list[tuple[str, str]] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A cell as written; "" when blank."""
        return self.texts.get(name, "")


@dataclass(slots=True)
class Reading:
    """读取结果: lines in the order of the files, and sentences about the files as a whole."""

    lines: list[RawLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)


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
        _look(source, line, reading.headings)
        if at % 2000 == 0:
            progress(0.4 + 0.5 * at / len(reading.lines))
    _look_across(reading)
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


# --- what is odd about one line ------------------------------------------------------------------------------------

_DATE = Column("date", "日期", "date", "")


def _look(source: str, line: RawLine, headings: dict[str, str]) -> None:
    def said(name: str, sentence: str) -> None:
        line.flaws.append((headings.get(name) or _HEADINGS.get(name, name), sentence))

    if not line.text("name"):
        said("name", "没有姓名，只能凭证件号码和监护人查找，不会自动对上；请向原单位补姓名")
    _look_at_number(source, line, said)
    if written := line.text("born"):
        value = to_date(_DATE, written)
        if isinstance(value, date):
            line.born = value
        elif isinstance(value, Flaw):
            said("born", value.message)
    if line.born and line.inside and abs(line.born.year - line.inside.year) > _FAR:
        said(
            "id",
            f"号码中的出生年份是 {line.inside.year}，出生日期却是 {line.born.year}，像是填了监护人的号码；请改填孩子本人的",
        )
    for name in ("since", "until"):
        if written := line.text(name):
            value = to_date(_DATE, written)
            value = to_month(_DATE, written) if isinstance(value, Flaw) else value
            if isinstance(value, date):
                setattr(line, name, value)
            elif isinstance(value, Flaw):
                said(name, value.message)
    if line.since and line.until and line.until < line.since:
        said("until", f"终止日期 {line.until} 早于起始日期 {line.since}，请核对")
        line.until = None


_HEADINGS = {column.name: column.heading for column in MATCHED.columns}


def _look_at_number(source: str, line: RawLine, said: Callable[[str, str], None]) -> None:
    written = line.text("id")
    if not written:
        said("id", "没有身份证号，只能凭姓名、出生日期、监护人和住址比对；请向原单位补号码")
        return
    bare = "".join(written.split())
    if source == "disabled" and len(bare) >= 20:
        bare = bare[:18]
    value = to_id_number(MATCHED.by_name["id"], bare)
    if isinstance(value, Flaw):
        said("id", value.message.replace(quoted(bare), f"“{mask_id(bare)}”"))
        return
    number = str(value)
    line.right, line.inside = True, birth_inside(number)


# --- what is odd about lines together ------------------------------------------------------------------------------


def _look_across(reading: Reading) -> None:
    _look_at_shared(reading.lines, reading.headings)
    _look_at_doubled(reading.lines, reading.headings)
    _say_once(reading)


def _look_at_shared(lines: Iterable[RawLine], headings: dict[str, str]) -> None:
    """One number for several names: a parent's for all children, or a number typed to fill the cell."""
    bearers: dict[str, list[RawLine]] = defaultdict(list)
    for line in lines:
        if line.right:
            bearers[line.text("id").upper()].append(line)
    heading = headings.get("id", "身份证号")
    for several in bearers.values():
        if len({line.text("name") for line in several}) < 2:
            continue
        places = "、".join(line.place for line in several[:5]) + ("……" if len(several) > 5 else "")
        for line in several:
            line.flaws.append((heading, f"第 {places} 行姓名不同，却填了同一个号码；请逐个改填孩子本人的"))


def _look_at_doubled(lines: Iterable[RawLine], headings: dict[str, str]) -> None:
    """One child on two lines; when the lines say different things of it, both say so."""
    same: dict[tuple[str, str], list[RawLine]] = defaultdict(list)
    for line in lines:
        if line.right:
            same[line.text("id").upper(), line.text("name")].append(line)
    for several in same.values():
        if len(several) < 2:
            continue
        first, *others = several
        for line in others:
            said = [
                f"{headings.get(name, name)}“{first.text(name)}”和“{line.text(name)}”"
                for name in ("category", "level")
                if first.text(name) != line.text(name)
            ]
            what = f"，但{'、'.join(said)}不一致，请原单位确认以哪一条为准" if said else "，请删去一条"
            line.flaws.append((headings.get("name", "姓名"), f"与第 {first.place} 行是同一个孩子{what}"))


_KINDS = {
    "丢失": "按数字保存，后几位已经丢失",
    "监护人的号码": "像是填了监护人的号码",
    "同一个号码": "不同姓名填了同一个号码",
    "校验码不对": "校验码不对，可能有一位写错",
    "没有身份证号": "没有身份证号",
    "不是日期": "出生日期认不出",
    "位，身份证号应为18位": "身份证号位数不对",
}


def _say_once(reading: Reading) -> None:
    """What is wrong with many lines, said for the file; and a whole column lost in Excel by its own sentence."""
    size = len(reading.lines)
    counts = Counter(
        words
        for line in reading.lines
        for words in {w for _h, s in line.flaws for k, w in _KINDS.items() if k in s}
    )
    lost = counts.pop(_KINDS["丢失"], 0)
    heading = reading.headings.get("id", "身份证号")
    if lost > _WHOLE * size:
        reading.notes.append(
            f"“{heading}”几乎整列（{lost} 行，共 {size} 行）变成了 6.4E+17 这样的数字，后几位找不回来；已按姓名、出生日期、监护人和剩下的前几位比对，"
            "请原单位把这一列设为“文本”后重新导出，再上传一次会准得多"
        )
    elif lost:
        reading.notes.append(f"{lost} 行的“{heading}”按数字保存，后几位已经丢失")
    reading.notes += [f"{count} 行{words}" for words, count in counts.most_common()]


def merged(line: RawLine, names: Sequence[str]) -> str:
    """Father, mother and head of household are guardians all the same: distinct texts, joined."""
    return "；".join(dict.fromkeys(text for name in names if (text := line.text(name))))


def guardians(line: RawLine) -> tuple[str, str]:
    """监护人姓名 and 监护人身份证号 of a line, each joined by ；."""
    return merged(line, _GUARDIANS), merged(line, _GUARDIAN_IDS)
