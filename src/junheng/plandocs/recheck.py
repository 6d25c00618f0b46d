"""复核: after a person confirmed, corrected, rejected or added items, what is still unclaimed and what contradicts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from junheng.plandocs.contradictions import contradictions_of
from junheng.plandocs.entries import Item
from junheng.plandocs.flat import Flat, flatten
from junheng.plandocs.items import Target, Warning_
from junheng.plandocs.residual import residual_numerals
from junheng.plandocs.spans import Spans
from junheng.plandocs.tasks import Duty, tasks_of


@dataclass(frozen=True)
class Recheck:
    """复核结果: numerals nobody claims, what contradicts, and the tasks as they now stand."""

    residual: list[dict[str, Any]]
    contradictions: list[dict[str, Any]]
    tasks: list[dict[str, Any]]

    @property
    def open_numerals(self) -> int:
        """未归属数字: how many must still be looked at before the plan can be published."""
        return sum(entry["kind"] == "residual" for entry in self.residual)


class _Places:
    """Source offsets ↔ flat offsets, and the heading a place stands under."""

    def __init__(self, flat: Flat, nodes: list[Item]) -> None:
        self.flat = flat
        self._starts = [node.start for node in nodes]
        self._ids = [str(node.fields.get("id", node.key)) for node in nodes]

    def inside(self, start: int, end: int) -> tuple[int, int]:
        begin = bisect_left(self.flat.index, start)
        return begin, max(begin, bisect_left(self.flat.index, end))

    def node_at(self, source_place: int) -> str | None:
        place = bisect_right(self._starts, source_place) - 1
        return self._ids[place] if place >= 0 else None


def recheck(source: str, items: Iterable[Item], context: Iterable[tuple[int, int]] = ()) -> Recheck:
    """复核: of `source` under `items`; rejected ones count as not there; `context` holds numerals marked as background."""
    flat = flatten(source)
    live = [item for item in items if item.status != "rejected"]
    nodes = sorted((item for item in live if item.kind == "node"), key=lambda item: item.start)
    places = _Places(flat, nodes)
    covered = Spans()
    for item in live:
        if item.kind == "node" or (item.kind == "unit" and item.fields.get("kind") in ("agent", "office")):
            continue
        covered.add(*places.inside(item.start, item.end))
        covered.add(*places.inside(*item.value()))
    for start, end in context:
        covered.add(*places.inside(start, end))
    labels = Spans()
    for node in nodes:
        begin = places.inside(node.start, node.end)[0]
        labels.add(begin, begin + len(str(node.fields.get("label", ""))))
    front = max(
        (item.end for item in live if item.kind == "header" and item.fields["field"] in _FRONT), default=0
    )
    residual = []
    for numeral in residual_numerals(flat, covered, labels, places.inside(0, front)[1]):
        start, end = flat.span(numeral.start, numeral.end)
        entry = {"start": start, "end": end, "text": source[start:end], "node": places.node_at(start)}
        kind = "context" if numeral.reason else "residual"
        residual.append({**entry, "kind": kind, "reason": numeral.reason or _UNCLAIMED, "status": "auto"})
    warnings = contradictions_of(
        flat,
        [_target(item, places) for item in live if item.kind == "target"],
        [
            places.inside(i.start, i.end)
            for i in live
            if i.kind == "header" and i.fields["field"] == "attachment"
        ],
        [places.inside(i.start, i.end) for i in live if i.kind == "unit"],
    )
    return Recheck(residual, [_warning(flat, places, w) for w in warnings], _tasks(live, nodes, places))


_FRONT = ("title", "plan_title")
_UNCLAIMED = "没有规则认领，请确认是目标、资金、时限还是背景数字。"


def _target(item: Item, places: _Places) -> Target:
    f = item.fields
    start, end = places.inside(item.start, item.end)
    value_start, value_end = places.inside(*item.value())
    return Target(
        kind=f["kind"],
        start=start,
        end=end,
        value_start=value_start,
        value_end=value_end,
        ind=f["ind"],
        cmp=f["cmp"],
        val=f["val"],
        unit=f["unit"],
        rule=item.rule,
        val2=f.get("val2"),
        by=f.get("by"),
    )


def _warning(flat: Flat, places: _Places, warning: Warning_) -> dict[str, Any]:
    start, end = flat.span(warning.start, warning.end)
    return {
        "code": warning.code,
        "start": start,
        "end": end,
        "msg": warning.msg,
        "suggest": warning.suggest,
        "node": places.node_at(start),
        "repair": warning.repair,
        "status": "auto",
    }


def _tasks(live: list[Item], nodes: list[Item], places: _Places) -> list[dict[str, Any]]:
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in sorted(live, key=lambda item: item.value()):
        under = places.node_at(item.value()[0])
        if under and item.kind in ("target", "deadline", "unit"):
            groups[under].append(item)
    out = []
    for node in nodes:
        if not node.fields.get("task"):
            continue
        mine = groups[str(node.fields.get("id", node.key))]
        out += tasks_of(
            str(node.fields.get("id", node.key)),
            str(node.fields.get("title", node.text)),
            [Duty(i.fields["kind"], tuple(i.fields["units"])) for i in mine if i.kind == "unit"],
            [(i.key, i.fields.get("by")) for i in mine if i.kind == "target"],
            [(i.key, i.fields) for i in mine if i.kind == "deadline"],
        )
    return out
