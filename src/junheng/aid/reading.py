"""读学生表 (children): a clerk's table of children and their flags → children and every problem found.

Uses the pieces of `intake`: worksheets, headings, cells. A blank cell and an absent column are both "not known".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from junheng.aid.model import Child
from junheng.aid.stages import to_child_stage
from junheng.intake.cells import Flaw, narrow, quoted
from junheng.intake.choices import to_flag
from junheng.intake.headings import SEARCHED_ROWS, Layout, find_layout
from junheng.intake.model import Problem
from junheng.intake.other_rows import kind_of_row
from junheng.intake.raw import Cell, Tab, open_tabs
from junheng.intake.safety import Refused, column_letter
from junheng.policy.clauses import Book, Fact
from junheng.tables import Column, Sheet

_NOT_KNOWN = frozenset(("未知", "不详", "不清楚", "待查", "不明", "?", "？", "未核实"))
_NO_STARTS = ("非", "不", "无", "未", "否", "没")


@dataclass(frozen=True, slots=True)
class ChildRow:
    """一名学生: where its row stands, and what is known of it. `child` is None when its stage cannot be told."""

    row: int
    tab: str
    id: str
    school: str
    child: Child | None


@dataclass(slots=True)
class Children:
    """学生表: the rows, the problems, the columns and facts that the file has, and headings and worksheets that were not read."""

    rows: list[ChildRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    present: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)  # worksheets without 学段 and 年级


@cache
def sheet_of(facts: tuple[Fact, ...]) -> Sheet:
    """The agreed sheet: 学号, 学段, 年级, 县区, and a column for every fact."""
    own = (
        Column("id", "学号", "text", "学籍号或学号", synonyms=("学籍号", "全国学籍号", "学生学号", "学生编号", "学籍号码", "学籍", "学生号")),
        Column("stage", "学段", "text", "就读学段", synonyms=("教育阶段", "就读学段", "所在学段", "学段名称", "阶段", "学段类别", "学历层次")),
        Column("grade", "年级", "text", "年级", synonyms=("就读年级", "所在年级", "年级名称", "现年级")),
        Column("county", "县区", "text", "就读县区", synonyms=(
            "县", "区县", "县市区", "县(市、区)", "县(市区)", "县(区)", "所在县区", "所属县区", "县区名称", "县区代码", "区划代码",
            "行政区划", "行政区划代码", "就读县区", "区县代码", "县级", "所在县", "所在区县", "所在县(区)", "就读县(区)", "地区",
        )),
        Column("school", "学校", "text", "就读学校", synonyms=("学校名称", "就读学校", "学校标识码", "校名")),
    )  # fmt: skip
    flags = tuple(
        Column(fact.name, fact.name, "flag", fact.meaning, synonyms=_variants(fact)) for fact in facts
    )
    return Sheet("aid_children", "学生", "资助判断用的学生表", ("id",), own + flags)


def _variants(fact: Fact) -> tuple[str, ...]:
    names = (fact.name, *fact.synonyms)
    ends = ("", "户", "生", "学生", "家庭", "儿童", "子女", "情况", "类别")
    starts = ("", "是否", "是否为", "是否是", "是否属于")
    return tuple(
        dict.fromkeys(
            start + name + end
            for name in names
            for end in ends
            for start in starts
            if start + end or name != fact.name
        )
    )


def read_children(name: str, data: bytes, book: Book, on: date, county: str = "") -> Children:
    """学生表 → children. `county` (a code) is for rows that name none. Nothing is raised: all problems are listed."""
    found = Children()
    sheet = sheet_of(tuple(book.facts.values()))
    try:
        tabs = [tab for tab in open_tabs(name, data) if not tab.hidden]
        for tab in tabs:
            _read_tab(tab, sheet, book, on, county, found, name)
    except Refused as refused:
        found.problems.append(Problem("", 0, "", "", str(refused), "error", refused.code, file=name))
        return found
    # Beside a worksheet of children others may hold anything; alone they are the wrong file.
    for tab_name in () if found.rows else found.passed:
        message = "没有找到“学段”或“年级”列，没有读取；请补上标题行"
        found.problems.append(Problem(tab_name, 0, "", "", message, "error", "no_headings", file=name))
    if not found.rows and not found.problems:
        message = "没有找到学生行；请核对标题行（学号、学段、年级、县区……）"
        found.problems.append(Problem("", 0, "", "", message, "error", "no_rows", file=name))
    _duplicates(found, name)
    return found


def _read_tab(tab: Tab, sheet: Sheet, book: Book, on: date, county: str, found: Children, name: str) -> None:
    rows = list(tab.rows())
    layout = find_layout(sheet, rows[:SEARCHED_ROWS])
    if layout is None or not {"stage", "grade"} & set(layout.columns):
        if any(cell != "" for row in rows for cell in row):
            found.passed.append(tab.name)
        return
    found.columns |= set(layout.columns)
    found.present |= set(layout.columns) & set(book.facts)
    found.unread += [heading for _, heading in layout.unknown]
    for place, column in layout.repeated:
        message = f"标题重复：{column_letter(place)} 列又是{column.heading}，只读取了第一列"
        found.problems.append(
            Problem(tab.name, layout.heading_row + 1, column.heading, "", message, "error", "duplicate_heading", name)
        )  # fmt: skip
    if "id" not in layout.columns:
        message = "没有找到“学号”列，无法对应到学生；请补上这一列"
        found.problems.append(
            Problem(tab.name, layout.heading_row + 1, "学号", "", message, "error", "no_headings", name)
        )
    reader = _RowReader(tab, layout, book, on, county, found, name)
    for number, row in enumerate(rows[layout.first_row :], start=layout.first_row + 1):
        reader.read(number, row)


class _RowReader:
    """Reads the rows of one worksheet."""

    def __init__(
        self, tab: Tab, layout: Layout, book: Book, on: date, county: str, found: Children, name: str
    ) -> None:
        self.tab, self.layout, self.book, self.on = tab, layout, book, on
        self.county, self.found, self.name = county, found, name
        self.columns = layout.sheet.by_name
        # The same few words stand in most cells: each is understood once.
        self.counties: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.flags: dict[tuple[str, str], bool | Flaw | None] = {}
        self.stages: dict[tuple[str, str], tuple[str, int, list[tuple[str, str]]]] = {}

    def read(self, number: int, row: Sequence[Cell]) -> None:
        texts = {
            name: self._text(row[place]) if place < len(row) and row[place] != "" else ""
            for name, place in self.layout.columns.items()
        }
        if not any(texts.values()) or self._no_child(row, texts):
            return
        stage, grade, problems = self._stage(texts.get("stage", ""), texts.get("grade", ""))
        for heading, message in problems:
            self._say(number, heading, texts.get("stage" if heading == "学段" else "grade", ""), message)
        key = texts.get("id", "")
        if not key and "id" in self.layout.columns:
            self._say(number, "学号", "", "没有学号，无法对应到学生；请填写")
        elif _LOST_DIGITS.fullmatch(key):
            message = f"{quoted(key)}是科学计数法，后面的数字已经丢失；请把学号列改成文本后从原表重新导出"
            self._say(number, "学号", key, message)
        county = self._county(number, texts.get("county", ""))
        facts: dict[str, bool | None] = {}
        for name, text in texts.items():
            if name in self.book.facts:
                facts[name] = self._flag(number, self.book.facts[name], text)
        child = Child(stage, grade, county, facts) if stage else None
        self.found.rows.append(ChildRow(number, self.tab.name, key, texts.get("school", ""), child))

    def _text(self, cell: Cell) -> str:
        if not isinstance(cell, str):
            return narrow(cell)
        if cell not in self.texts:
            self.texts[cell] = narrow(cell)
        return self.texts[cell]

    def _no_child(self, row: Sequence[Cell], texts: dict[str, str]) -> bool:
        """Totals, notes below the table, and headings repeated on each page."""
        numbered = any(map(str.isdigit, texts.get("id", "")))
        judged = numbered and (texts.get("stage") or texts.get("grade"))
        cells = [text for cell in row if cell != "" and (text := self._text(cell))]
        kind = kind_of_row(cells, title=texts.get("id", ""), filled=sum(map(bool, texts.values())))
        if (kind and not judged) or kind in ("example", "numbers"):
            return True
        return texts.get("stage") == "学段" or texts.get("grade") == "年级"

    def _stage(self, stage: str, grade: str) -> tuple[str, int, list[tuple[str, str]]]:
        if (stage, grade) not in self.stages:
            self.stages[stage, grade] = to_child_stage(stage, grade, self.on)
        return self.stages[stage, grade]

    def _county(self, number: int, text: str) -> str:
        if not text:
            return self.county
        if text not in self.counties:
            self.counties[text] = county_code(self.book, text)
        code = self.counties[text]
        if not code:
            self._say(number, "县区", text, f"{quoted(text)}不是认得的县区名称或代码，请填县区名称或6位代码")
        return code

    def _flag(self, number: int, fact: Fact, text: str) -> bool | None:
        key = (fact.name, text)
        if key not in self.flags:
            self.flags[key] = to_fact(fact, text, self.columns[fact.name])
        value = self.flags[key]
        if isinstance(value, Flaw):
            self._say(number, fact.name, text, value.message)
            return None
        return value

    def _say(self, row: int, column: str, text: str, message: str) -> None:
        problem = Problem(self.tab.name, row, column, text, message, "error", "unreadable", file=self.name)
        self.found.problems.append(problem)


def to_fact(fact: Fact, text: str, column: Column) -> bool | Flaw | None:
    """是、否 or not known; words of the register itself (低保户, 住校, 肢体三级) are understood. `text` is in half width."""
    bare = re.sub(r"\s", "", text)
    if not bare or bare in _NOT_KNOWN:
        return None
    plain = to_flag(column, bare)
    if isinstance(plain, bool):
        return plain
    if any(word in bare for word in fact.negative) or bare.startswith(_NO_STARTS):
        return False
    if any(word in bare for word in (fact.name, *fact.synonyms, *fact.positive)):
        return True
    return plain if isinstance(plain, Flaw) else None


# What Excel makes of a long number: its last digits are gone.
_LOST_DIGITS = re.compile(r"\d(\.\d+)?[eE]\+?\d{1,3}")
# GB/T 2260: the first two digits of a division code, of the mainland, Taiwan, Hong Kong and Macao.
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")


def county_code(book: Book, text: str) -> str:
    """县区代码: from a code of 6 or more digits, or a name with or without its city; "" when it is none."""
    bare = re.sub(r"\s", "", narrow(text))
    digits = re.sub(r"\D", "", bare)
    if len(digits) >= 6 and not digits[:6].endswith("00") and _PROVINCE.match(digits):
        # The packs name every county of a region that they name.
        return "" if digits[:2] in book.areas and digits[:6] not in book.areas else digits[:6]
    counties = {name: code for code, name in book.areas.items() if len(code) == 6}
    if bare in counties:
        return counties[bare]
    inside = [name for name in counties if name in bare]
    if inside:
        return counties[max(inside, key=len)]
    stems = {name[:-1]: code for name, code in counties.items() if len(name) > 2}
    return next((code for stem, code in stems.items() if bare in (stem, f"{stem}县", f"{stem}区")), "")


def _duplicates(found: Children, name: str) -> None:
    """Two lines for one child: both are judged, and the contradiction is listed."""
    first: dict[str, ChildRow] = {}
    for row in found.rows:
        if not row.id or _LOST_DIGITS.fullmatch(row.id):  # the same digits are left of different numbers
            continue
        earlier = first.setdefault(row.id, row)
        if earlier is not row:
            how = "内容相同" if earlier.child == row.child else "内容不同"
            where = f"工作表“{earlier.tab}”" if earlier.tab != row.tab else ""
            message = f"学号“{row.id}”与{where}第{earlier.row}行重复（{how}），请核对后只留一行"
            found.problems.append(
                Problem(row.tab, row.row, "学号", row.id, message, "error", "duplicate", file=name)
            )
