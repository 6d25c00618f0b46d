"""任务清单: one task a task node, one more a dated promise where a measure holds several; bodies, targets, deadlines."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from junheng.plandocs.document import Parsed
from junheng.plandocs.items import Deadline


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
    tasks: list[dict[str, Any]] = []
    for node in found.nodes:
        if not node.task:
            continue
        bodies = [found.units[i] for i in units[node.id]]
        lead = [name for u in bodies if u.kind == "lead" for name in u.units]
        answer = [name for u in bodies if u.kind in ("resp", "duty") for name in u.units]
        assist = [name for u in bodies if u.kind == "assist" for name in u.units]
        if not lead and answer:
            lead, assist = answer[:1], [*answer[1:], *assist]
        elif lead:
            assist = [*answer, *assist]
        dated = [i for i in deadlines[node.id] if found.deadlines[i].t_end]
        recurring = [i for i in deadlines[node.id] if found.deadlines[i].kind == "recur"]
        points = sorted({found.deadlines[i].t_end or "" for i in dated})
        for number, point in enumerate(points or [None], 1):
            mine = [i for i in targets[node.id] if point is None or found.targets[i].by in (point, None)]
            tasks.append(
                {
                    "id": f"{node.id}.{number}" if len(points) > 1 else node.id,
                    "node": node.id,
                    "title": node.title,
                    "lead": lead,
                    "assist": assist,
                    "targets": mine,
                    "deadlines": [i for i in dated if found.deadlines[i].t_end == point],
                    "due": point,
                    "recurrence": [_recurrence(found.deadlines[i]) for i in recurring] if number == 1 else [],
                    "status": "auto",
                }
            )
    return tasks


def _recurrence(deadline: Deadline) -> dict[str, Any]:
    return {"freq": deadline.freq, "n": deadline.n}
