"""表格: rows whose cells are parted by tabs: who answers and by when, row by row, and the values of an indicator table."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Deadline, Person, Target, Units
from junheng.plandocs.numerals import ARABIC, tidy, value_of
from junheng.plandocs.persons import NAME
from junheng.plandocs.spans import Spans
from junheng.plandocs.unitnames import split_units

_COLUMNS = (
    (
        "person",
        re.compile(
            "(?:责任|牵头|分管|包抓|包保|联系|主管)(?:人|[县市区局校]?级?领导|校长|同志)|^(?:主要)?负责人$"
        ),
    ),
    ("lead", re.compile("牵头|主办|主责")),
    ("assist", re.compile("配合|协办|协同|参与|参加")),
    ("resp", re.compile("(?:责任|承办|落实|实施|完成|负责)(?:单位|部门|科室|股室|处室|主体)$|^单位$")),
    ("due", re.compile("时限|时间|进度|期限|节点")),
    ("number", re.compile("^序号$|^编号$")),
    ("unit", re.compile("^(?:计量)?单位$")),
    ("name", re.compile("指标|目标名称|项目")),
    ("year", re.compile(r"((?:19|20)\d{2})年?")),
)
_VALUE = re.compile(
    rf"(?P<cmp>≥|>|＞|≤|<|＜|不低于|不少于|达到|不超过|控制在)?[〔（]?(?P<value>{ARABIC})[〕）]?(?P<unit>%|‰)?(?P<behind>以上|以下|以内|左右)?"
)
_CMP = {
    **dict.fromkeys(("≥", "不低于", "不少于", "达到", "以上"), "ge"),
    **dict.fromkeys((">", "＞"), "gt"),
    **dict.fromkeys(("≤", "不超过", "控制在", "以下", "以内"), "le"),
    **dict.fromkeys(("<", "＜"), "lt"),
    "左右": "approx",
}
_UNIT_IN_NAME = re.compile(r"（(?P<unit>%|‰|[^（）\d]{1,8})）$")


@dataclass(frozen=True)
class Cell:
    """单元格: its place in the flat text and its column's heading."""

    start: int
    end: int
    column: str
    heading: str


@dataclass(frozen=True)
class Row:
    """一行: the cells that hold text."""

    start: int
    end: int
    cells: tuple[Cell, ...]

    def column(self, kind: str) -> Cell | None:
        """First cell of a kind of column, None where the row has none."""
        return next((cell for cell in self.cells if cell.column == kind), None)


def _kind(heading: str, headings: list[str]) -> str:
    for kind, pattern in _COLUMNS:
        if pattern.search(heading):
            if kind == "resp" and heading == "单位" and any("指标" in other for other in headings):
                return "unit"
            return kind
    return "text"


def rows_of(flat: Flat) -> tuple[Row, ...]:
    """表格各行: of tables whose first row names at least two known columns."""
    out: list[Row] = []
    for table in flat.tables:
        headings = [flat.source[a:b] for a, b in table[0]]
        headings = [re.sub(r"\s", "", heading) for heading in headings]
        kinds = [_kind(heading, headings) for heading in headings]
        if sum(kind != "text" for kind in kinds) < 2:
            continue
        for row in table[1:]:
            cells = []
            for (a, b), kind, heading in zip(row, kinds, headings, strict=True):
                start, end = bisect_left(flat.index, a), bisect_left(flat.index, b)
                if end > start:
                    cells.append(Cell(start, end, kind, heading))
            if cells:
                out.append(Row(cells[0].start, cells[-1].end, tuple(cells)))
    return tuple(out)


def heading_rows(flat: Flat) -> list[tuple[int, int]]:
    """表头行: where the headings of the recognised tables stand; a year there dates a column and promises nothing."""
    starts = {row.start for row in rows_of(flat)}
    out = []
    for table in flat.tables:
        if starts & {bisect_left(flat.index, a) for row in table[1:] for a, _ in row}:
            out.append((bisect_left(flat.index, table[0][0][0]), bisect_left(flat.index, table[0][-1][1])))
    return out


def table_spans(flat: Flat) -> Spans:
    """表格所在: where the recognised tables stand, headings included; no rule for headings or the page's head looks there."""
    return Spans([*((row.start, row.end) for row in rows_of(flat)), *heading_rows(flat)])


def row_units(flat: Flat, rows: tuple[Row, ...]) -> list[Units]:
    """表中单位: every body named in a column for leading, supporting or responsible units."""
    return [
        Units(
            cell.column,
            cell.start,
            cell.end,
            split_units(flat.source[slice(*flat.span(cell.start, cell.end))]),
            f"units.table {cell.column}",
        )
        for row in rows
        for cell in row.cells
        if cell.column in ("lead", "assist", "resp")
        and not re.search(r"\d", flat.text[cell.start : cell.end])
    ]


def row_persons(flat: Flat, rows: tuple[Row, ...]) -> list[Person]:
    """表中责任人: every name in a column for those who answer; the heading is the part they play."""
    return [
        Person(
            cell.start + name.start(),
            cell.start + name.end(),
            cell.heading,
            name.group(),
            "",
            "persons.table",
        )
        for row in rows
        for cell in row.cells
        if cell.column == "person"
        for name in re.finditer(r"[^、，；/]+", flat.text[cell.start : cell.end])
        if NAME.fullmatch(name.group())
    ]


def row_dates(rows: tuple[Row, ...], deadlines: list[Deadline]) -> dict[int, tuple[int, Deadline]]:
    """表中时限: where each row starts → where it ends and the deadline of its column, for the promises of the row."""
    starts = [d.start for d in deadlines]
    out: dict[int, tuple[int, Deadline]] = {}
    for row in rows:
        cell = row.column("due")
        inside = deadlines[bisect_left(starts, cell.start) : bisect_left(starts, cell.end)] if cell else []
        dated = [d for d in inside if d.t_end]
        if dated:
            out[row.start] = (row.end, dated[-1])
    return out


def row_targets(flat: Flat, rows: tuple[Row, ...], taken: Spans, written: str | None) -> list[Target]:
    """指标表: bare values under a year, with the unit of the row; values of past years are context."""
    out: list[Target] = []
    for row in rows:
        name, unit = row.column("name"), row.column("unit")
        years = [cell for cell in row.cells if cell.column == "year"]
        if name is None or not years:
            continue
        words = flat.words(name.start, name.end)
        inside = _UNIT_IN_NAME.search(flat.text[name.start : name.end])
        label = words[: inside.start()] if inside else words
        measure = flat.words(unit.start, unit.end) if unit else inside["unit"] if inside else ""
        for cell in years:
            match = _VALUE.fullmatch(flat.text[cell.start : cell.end])
            year = re.search(r"(?:19|20)\d{2}", cell.heading)
            value = value_of(match["value"]) if match else None
            if match is None or year is None or value is None or taken.touches(cell.start, cell.end):
                continue
            stop = cell.start + (match.end("unit") if match["unit"] else match.end("value"))
            start = cell.start + match.start("value")
            past = written is not None and year.group() < written[:4]
            out.append(
                Target(
                    kind="context" if past else "target",
                    start=start,
                    end=cell.end,
                    value_start=start,
                    value_end=stop,
                    ind=label,
                    cmp=_CMP.get(match["cmp"] or match["behind"] or "", "eq"),
                    val=tidy(value),
                    unit=match["unit"] or measure,
                    rule="quantity.table",
                    by=year.group(),
                    by_source="sentence",
                    confidence=0.85,
                )
            )
    return out


def dated_by_row(targets: list[Target], dates: dict[int, tuple[int, Deadline]]) -> list[Target]:
    """按行定期限: a promise without a date of its own is due when its row is; dates of other rows never reach it."""
    starts = sorted(dates)
    out = []
    for target in targets:
        place = bisect_left(starts, target.value_start + 1) - 1
        if place >= 0 and target.value_start < dates[starts[place]][0] and target.kind != "norm":
            date = dates[starts[place]][1]
            if target.by_source != "sentence" and target.kind != "context":
                target = replace(target, by=date.t_end, by_source="sentence")
        out.append(target)
    return out
