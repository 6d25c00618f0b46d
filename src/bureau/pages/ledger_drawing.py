"""台账流程图 as SVG: a box for each state, arrows for moves; drawn here so that no script is needed and it prints."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from junheng.policy.ledgers import Ledger, Node, diagram

WIDTH, HEIGHT, ACROSS, DOWN, EDGE = 158, 62, 262, 116, 24


@dataclass(frozen=True, slots=True)
class Box:
    """状态框 at its place."""

    node: Node
    x: int
    y: int

    @property
    def middle(self) -> tuple[int, int]:
        """Its middle."""
        return self.x + WIDTH // 2, self.y + HEIGHT // 2


def drawing(ledger: Ledger) -> dict[str, Any]:
    """What the template draws: boxes, arrows with their words, and the size."""
    made = diagram(ledger)
    boxes = {
        node.name: Box(node, EDGE + node.column * ACROSS, EDGE + 18 + node.row * DOWN) for node in made.nodes
    }
    joined: dict[tuple[str, str], list[str]] = defaultdict(list)
    by_data: set[tuple[str, str]] = set()
    for edge in made.edges:
        if edge.source == edge.target or edge.source not in boxes or edge.target not in boxes:
            continue
        joined[edge.source, edge.target].append(edge.title)
        if edge.by == "数据":
            by_data.add((edge.source, edge.target))
    arrows = [
        _arrow(
            boxes[source],
            boxes[target],
            list(dict.fromkeys(titles)),
            (source, target) in by_data and len(titles) == 1,
        )
        for (source, target), titles in joined.items()
    ]
    columns = 1 + max((node.column for node in made.nodes), default=0)
    rows = 1 + max((node.row for node in made.nodes), default=0)
    return {
        "boxes": [
            {"x": box.x, "y": box.y, "cx": box.middle[0], "title": box.node.title, "phase": box.node.phase,
             "lines": _lines(box.node.title), "below": " · ".join(part for part in (box.node.level, box.node.deadline_words) if part)}
            for box in boxes.values()
        ],
        "arrows": arrows,
        "width": 2 * EDGE + (columns - 1) * ACROSS + WIDTH,
        "height": 2 * EDGE + 18 + rows * DOWN,
        "box_width": WIDTH,
        "box_height": HEIGHT,
    }  # fmt: skip


def _lines(title: str) -> list[str]:
    """At most two lines of ten characters."""
    if len(title) <= 10:
        return [title]
    cut = next((place + 1 for place in range(4, min(10, len(title) - 1)) if title[place] in "，、："), 10)
    rest = title[cut:]
    return [title[:cut], rest if len(rest) <= 10 else f"{rest[:9]}…"]


def _arrow(source: Box, target: Box, titles: list[str], dashed: bool) -> dict[str, Any]:
    """Forwards from side to side, within a column from edge to edge, backwards in a bow beneath."""
    words = "、".join(titles[:2]) + (f"等{len(titles)}项" if len(titles) > 2 else "")
    if target.x > source.x:
        x1, y1, x2, y2 = source.x + WIDTH, source.y + HEIGHT // 2, target.x, target.y + HEIGHT // 2
        bend = (x2 - x1) // 2
        path = f"M{x1} {y1} C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
        at = (x1 + x2) // 2, (y1 + y2) // 2 - 6
    elif target.x == source.x:
        down = target.y > source.y
        x1 = source.x + WIDTH // 2 + (14 if down else -14)
        y1, y2 = (source.y + HEIGHT, target.y) if down else (source.y, target.y + HEIGHT)
        path = f"M{x1} {y1} L{x1} {y2}"
        at = x1 + (6 if down else -6), (y1 + y2) // 2
    else:
        x1, y1 = source.middle[0] - 20, source.y + HEIGHT
        x2, y2 = target.middle[0] + 20, target.y + HEIGHT
        low = max(y1, y2) + 40
        path = f"M{x1} {y1} C{x1} {low} {x2} {low} {x2} {y2}"
        at = (x1 + x2) // 2, low - 8
    return {"path": path, "x": at[0], "y": at[1], "words": words, "dashed": dashed, "full": f"{source.node.title} → {target.node.title}：{'、'.join(titles)}"}  # fmt: skip
