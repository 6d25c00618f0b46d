"""规划目标的算法示例: worked examples of plan measures and progress; the spec tests execute them, the 算法说明 pages print them."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from junheng.measures.worked import DrawnTable, Example
from junheng.tables import SHEETS

_HEADINGS = {
    "key": "学生",
    "age": "周岁",
    "studying": "就读学段",
    "people": "人数",
    "title": "指标",
    "area_name": "范围",
    "value": "数值",
    "numerator": "分子",
    "denominator": "分母",
    "unreported": "未报",
    "comparator": "比较",
    "unit": "单位",
    "due": "完成时限",
    "baseline_day": "基期",
    "baseline": "基期值",
    "day": "日期",
    "verdict": "判断",
    "expected": "当日应为",
    "gap": "还差",
    "needed_per_month": "每月须",
    "forecast": "预测",
    "low": "区间下限",
    "high": "区间上限",
}
_TITLES = {
    "population": "适龄人口比对表",
    "target": "目标",
    "readings": "读数",
    "values": "指标值",
    "progress": "进展",
}
_FILES = ("rates", "progress")


@cache
def plan_examples() -> tuple[Example, ...]:
    """All worked examples of plan targets, in the order in which they explain each other.

    An input named 学生 with a day (“students 2023-10-08”) is the register of that earlier day.
    """
    answer = []
    for name in _FILES:
        text = files("junheng.measures").joinpath("examples", f"{name}.yaml").read_text(encoding="utf-8")
        chapter: dict[str, Any] = yaml.safe_load(text)
        for raw in chapter["examples"]:
            answer.append(
                Example(
                    id=f"{name}-{raw['id']}",
                    chapter=chapter["title"],
                    title=raw["title"],
                    prose=str(raw["prose"]).strip(),
                    source=raw.get("source", ""),
                    pack=raw["pack"],
                    day=raw["day"],
                    inputs=tuple(_drawn(sheet, table) for sheet, table in raw["input"].items()),
                    expected=tuple(_drawn(part, table) for part, table in raw["expected"].items()),
                )
            )
    return tuple(answer)


def _drawn(name: str, raw: dict[str, Any]) -> DrawnTable:
    sheet, _, day = name.partition(" ")
    title = SHEETS[sheet].title if sheet in SHEETS else _TITLES[sheet]
    columns = tuple(raw["columns"])
    known = {
        column.name: column.heading for one in reversed(SHEETS.values()) for column in one.columns
    } | _HEADINGS
    return DrawnTable(
        name=name,
        title=f"{title}（{day}）" if day else title,
        columns=columns,
        headings=tuple(known[column] for column in columns),
        rows=tuple(tuple(row) for row in raw["rows"]),
    )
