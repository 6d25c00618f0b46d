"""计划比较: the targets of two versions of a plan, or of two counties' plans, side by side."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any

from junheng.plandocs.entries import Item
from junheng.plandocs.entries import items as items_of

# Names alike to this degree are one indicator written in two ways.
ALIKE = 0.72
_SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "", "approx": "约", "between": ""}
_PLACE = re.compile(r"^(?:全[国省市县区州旗镇乡]的?|[本我][省市县区州旗]|县域内?|区域内?|各[县区]域?内?)")
# Stages are compared as they stand: a rate of primary schools never meets one of junior middle schools.
_STAGES = re.compile("学前|幼儿|小学|初中|义务教育|普通高中|高中|中职|职业|高等|特殊教育|托育")
_OPPOSITE = re.compile("公办|民办|普惠|城区|城镇|农村|乡村|男|女|新建|改建|扩建|省级|市级|县级|国家级")


@dataclass(frozen=True)
class Pair:
    """对照行: one indicator in both plans, or in one only."""

    indicator: str
    unit: str
    year: str | None
    left: Item | None
    right: Item | None
    verdict: str
    note: str


def _targets(plan: dict[str, Any] | list[Item]) -> list[Item]:
    listed = plan if isinstance(plan, list) else items_of(plan)
    return [
        i
        for i in listed
        if i.kind == "target" and i.status != "rejected" and i.fields["kind"] in ("target", "count")
    ]


def _name(item: Item) -> str:
    return _PLACE.sub("", re.sub(r"[\s“”\"《》（）()、]", "", str(item.fields["ind"])))


def _year(item: Item) -> str | None:
    by = item.fields.get("by")
    return str(by)[:4] if by else None


def written(item: Item) -> str:
    """目标写法: 90%以上 as ≥90%, with both ends of a range."""
    f = item.fields
    value = f"{f['val']}—{f['val2']}" if f.get("val2") is not None else f"{f['val']}"
    return f"{_SIGNS[f['cmp']]}{value}{f['unit']}"


def _likeness(a: Item, b: Item) -> float:
    """0 where they cannot be one promise; else how alike the names are, a little more when the year agrees."""
    if a.fields["unit"] != b.fields["unit"]:
        return 0.0
    left, right = _name(a), _name(b)
    for words in (_STAGES, _OPPOSITE):
        if set(words.findall(left)) != set(words.findall(right)):
            return 0.0
    ratio = 1.0
    if left != right:
        matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
        if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
            return 0.0
        ratio = matcher.ratio()
    if ratio < ALIKE:
        return 0.0
    return ratio + (0.2 if _year(a) == _year(b) else 0.0)


def compare(left: dict[str, Any] | list[Item], right: dict[str, Any] | list[Item]) -> list[Pair]:
    """计划比较: pairs best first, each target used once; in the order of `left`, then what only `right` has.

    Targets of one indicator for different years are paired only when neither side has one for the same year.
    """
    mine, other = _targets(left), _targets(right)
    ranked = sorted(
        (
            (-score, i, j)
            for i, a in enumerate(mine)
            for j, b in enumerate(other)
            if (score := _likeness(a, b)) > 0
        ),
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in ranked:
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    out = [_pair(a, other[partner[i]]) if i in partner else _alone(a, True) for i, a in enumerate(mine)]
    return [*out, *(_alone(b, False) for j, b in enumerate(other) if j not in taken)]


def _when(year: str | None) -> str:
    return f"（{year}年）" if year else "（未写年份）"


def _alone(item: Item, on_left: bool) -> Pair:
    name, unit, year = str(item.fields["ind"]), str(item.fields["unit"]), _year(item)
    side, verdict = ("前", "left only") if on_left else ("后", "right only")
    note = f"{name}：只有{side}一份计划写有 {written(item)}{_when(year)}。"
    return Pair(name, unit, year, item if on_left else None, None if on_left else item, verdict, note)


def _pair(left: Item, right: Item) -> Pair:
    name, unit, year = str(left.fields["ind"]), str(left.fields["unit"]), _year(left)
    when = _when(year)
    same = written(left) == written(right) and _year(left) == _year(right)
    if same:
        return Pair(name, unit, year, left, right, "same", f"{name}：两份计划均为 {written(left)}{when}。")
    after = _year(right)
    later = "" if after == year else f"，期限 {year or '未写'} → {after or '未写'}"
    note = f"{name}：{written(left)} → {written(right)}{when if not later else ''}{later}。"
    return Pair(name, unit, year, left, right, "changed", note)
