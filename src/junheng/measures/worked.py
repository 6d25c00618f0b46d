"""算法示例: worked examples as data: the spec tests execute them and the 算法说明 pages print them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from junheng.tables import FACTS, SHEETS, Sheet

DEFAULT_DAY = date(2026, 3, 1)
_FILES = ("schools", "registers", "coefficients", "reliefs", "county")
# Headings of results; those of sheets come from the sheets themselves.
_HEADINGS = {
    "code": "编号",
    "value": "指标值",
    "numerator": "分子",
    "denominator": "分母",
    "unit": "单位",
    "threshold": "标准",
    "verdict": "是否达标",
    "gap": "缺口",
    "gap_unit": "缺口单位",
    "surplus": "富余",
    "borderline": "临界",
    "mean": "县均值",
    "deviation": "标准差",
    "cv": "差异系数",
    "limit": "上限",
    "schools": "学校数",
    "unreported": "未报",
    "passes": "达标项数",
    "in_scope": "计入统计",
    "relief": "特殊情形",
    "state": "状态",
    "expires_on": "期满日",
    "over": "超出",
    "band": "分档",
    "books": "图书册数",
    "school": "学校",
    "students": "学生数",
}
_TITLES = {
    "facts": "校表",
    "schools": "学校评估",
    "indicators": "指标",
    "coefficients": "差异系数",
    "county": "县级指标",
    "classes": "班额",
    "reliefs": "特殊情形",
}


@dataclass(frozen=True)
class DrawnTable:
    """一张示例表: `name` is the sheet or the part of an Assessment; `columns` English names, `headings` Chinese ones."""

    name: str
    title: str
    columns: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Example:
    """一个算法示例: given `inputs`, `assess` with `pack` on `day` must answer with the rows of `expected`."""

    id: str
    chapter: str
    title: str
    prose: str
    source: str
    pack: str
    day: date
    inputs: tuple[DrawnTable, ...]
    expected: tuple[DrawnTable, ...]


@cache
def examples() -> tuple[Example, ...]:
    """All worked examples, in the order in which they explain each other."""
    answer = []
    for name in _FILES:
        chapter = _read(name)
        for raw in chapter["examples"]:
            answer.append(
                Example(
                    id=f"{name}-{raw['id']}",
                    chapter=chapter["title"],
                    title=raw["title"],
                    prose=str(raw["prose"]).strip(),
                    source=raw.get("source", ""),
                    pack=raw["pack"],
                    day=raw.get("day", DEFAULT_DAY),
                    inputs=tuple(_table(sheet, table, given=True) for sheet, table in raw["input"].items()),
                    expected=tuple(
                        _table(part, table, given=False) for part, table in raw["expected"].items()
                    ),
                )
            )
    return tuple(answer)


@cache
def golden() -> Mapping[str, Any]:
    """公开结果: published figures of real counties that the formulas must reproduce."""
    return _read("golden")


def _read(name: str) -> dict[str, Any]:
    text = files("junheng.measures").joinpath("examples", f"{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def _table(name: str, raw: Mapping[str, Any], *, given: bool) -> DrawnTable:
    columns = tuple(raw["columns"])
    sheet = ({"facts": FACTS} | SHEETS).get(name) if given else None
    headings = tuple(_heading(column, sheet) for column in columns)
    rows = tuple(tuple(row) for row in raw["rows"])
    title = sheet.title if sheet else _TITLES[name]
    return DrawnTable(name, title, columns, headings, rows)


def _heading(column: str, sheet: Sheet | None) -> str:
    """The column's heading in its own sheet; for results the list above, else any sheet that has such a column."""
    if sheet is not None and column in sheet.by_name:
        return sheet.by_name[column].heading
    if column in _HEADINGS:
        return _HEADINGS[column]
    known = [other.by_name[column].heading for other in (FACTS, *SHEETS.values()) if column in other.by_name]
    return known[0] if known else column
