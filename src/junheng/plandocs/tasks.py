"""任务清单: one task a task node, one more a dated promise where a measure holds several; bodies, targets, deadlines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from junheng.plandocs.document import Parsed

Key = TypeVar("Key", int, str)


@dataclass(frozen=True)
class Duty:
    """任务单位: the part some bodies play and their names."""

    kind: str
    names: tuple[str, ...]


def tasks_of(
    node: str,
    title: str,
    duties: Sequence[Duty],
    targets: Sequence[tuple[Key, str | None]],
    deadlines: Sequence[tuple[Key, Mapping[str, Any]]],
) -> list[dict[str, Any]]:
    """任务: drafts of one heading. Targets come as (key, due), deadlines as (key, kind, t_end, freq, n)."""
    lead: list[str] = [name for duty in duties if duty.kind == "lead" for name in duty.names]
    answer: list[str] = [name for duty in duties if duty.kind in ("resp", "duty") for name in duty.names]
    assist: list[str] = [name for duty in duties if duty.kind == "assist" for name in duty.names]
    if not lead and answer:
        lead, assist = answer[:1], [*answer[1:], *assist]
    elif lead:
        assist = [*answer, *assist]
    dated: list[tuple[Key, str]] = [(key, str(d["t_end"])) for key, d in deadlines if d.get("t_end")]
    recurring = [{"freq": d.get("freq"), "n": d.get("n")} for _, d in deadlines if d["kind"] == "recur"]
    points: list[str | None] = [*sorted({end for _, end in dated})] or [None]
    return [
        {
            "id": f"{node}.{number}" if len(points) > 1 else node,
            "node": node,
            "title": title,
            "lead": lead,
            "assist": assist,
            "targets": [key for key, due in targets if point is None or due in (point, None)],
            "deadlines": [key for key, end in dated if end == point],
            "due": point,
            "recurrence": recurring if number == 1 else [],
            "status": "auto",
        }
        for number, point in enumerate(points, 1)
    ]


def build_tasks(parsed: Parsed) -> list[dict[str, Any]]:
    """任务清单: drafts to confirm; indexes point into the lists of targets and deadlines."""
    found = parsed.found

    def by_node(items: tuple[Any, ...]) -> dict[str, list[int]]:
        groups: dict[str, list[int]] = defaultdict(list)
        for place, item in enumerate(items):
            node = parsed.outline.node_at(getattr(item, "value_start", item.start))
            if node:
                groups[node.id].append(place)
        return groups

    targets, deadlines, units = by_node(found.targets), by_node(found.deadlines), by_node(found.units)
    return [
        task
        for node in found.nodes
        if node.task
        for task in tasks_of(
            node.id,
            node.title,
            [Duty(found.units[i].kind, found.units[i].units) for i in units[node.id]],
            [(i, found.targets[i].by) for i in targets[node.id]],
            [(i, vars(found.deadlines[i])) for i in deadlines[node.id]],
        )
    ]
