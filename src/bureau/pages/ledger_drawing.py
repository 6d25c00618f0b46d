"""台账流程图 as SVG: a box for each state, arrows for moves; drawn here so that no script is needed and it prints."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from bureau.pages.sentence_parts import HAN
from bureau.pages.sentences import spoken
from junheng.policy.ledgers import Ledger, Node, diagram

WIDTH, HEIGHT, ACROSS, DOWN, EDGE = 158, 62, 244, 116, 24

WIDEST = 15  # small characters across a box


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
    boxes = _places(made.nodes)
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
    return {
        "boxes": [
            {"x": box.x, "y": box.y, "cx": box.middle[0], "title": box.node.title, "phase": box.node.phase,
             "lines": _lines(box.node.title), "below": _below(box.node), "whole": " · ".join(part for part in (box.node.level, box.node.deadline_words) if part)}
            for box in boxes.values()
        ],
        "arrows": arrows,
        "width": max((box.x for box in boxes.values()), default=0) + WIDTH + EDGE,
        "height": max((box.y for box in boxes.values()), default=0) + HEIGHT + EDGE + 56,
        "box_width": WIDTH,
        "box_height": HEIGHT,
    }  # fmt: skip


def _places(nodes: Sequence[Node]) -> dict[str, Box]:
    """Open states along the top, what is said done and what the data shows beneath to their right, the ends at the far right."""
    at: dict[str, tuple[int, int]] = {}
    filled: dict[int, int] = {}
    for node in nodes:
        if node.phase == "open":
            at[node.name] = node.column, filled.get(node.column, 0)
            filled[node.column] = filled.get(node.column, 0) + 1
    right, low = max(filled, default=0) + 1, max(filled.values(), default=0)
    for node in sorted(
        (node for node in nodes if node.phase in ("claimed", "solved")), key=lambda node: node.phase
    ):
        at[node.name] = right, low
        low += 1
    right += any(node.phase in ("claimed", "solved") for node in nodes)
    top, bottom = 0, max(low - 1, 0)
    for node in nodes:
        if node.phase == "passed":
            at[node.name] = right, top
            top += 1
        elif node.phase == "closed":
            at[node.name] = right, max(bottom, top)
            bottom += 1
    return {
        node.name: Box(node, EDGE + at[node.name][0] * ACROSS, EDGE + 18 + at[node.name][1] * DOWN)
        for node in nodes
        if node.name in at
    }


def _lines(title: str) -> list[str]:
    """At most two lines of ten characters, or of twice as many letters; read before it is cut."""
    title = spoken(title)
    if not HAN.search(title):
        return wrap(title, 22, max_lines=2, placeholder="…")
    if len(title) <= 10:
        return [title]
    cut = next((place + 1 for place in range(4, min(10, len(title) - 1)) if title[place] in "，、："), 10)
    rest = title[cut:]
    return [title[:cut], rest if len(rest) <= 10 else f"{rest[:9]}…"]


def _below(node: Node) -> str:
    """Whose desk and how long, as far as the box is wide: what holds while a column is blank is left to the box's own title."""
    whole = " · ".join(part for part in (node.level, node.deadline_words) if part)
    if len(whole) <= WIDEST:
        return whole
    days = node.deadline_words.split("，")[0].rpartition("”起")[2]
    short = " · ".join(part for part in (node.level, days) if part)
    return short if len(short) <= WIDEST else f"{short[: WIDEST - 1]}…"


def _arrow(source: Box, target: Box, titles: list[str], dashed: bool) -> dict[str, Any]:
    """Along a row from side to side, to a lower row down and then across, backwards in a bow beneath; words beside each."""
    words = "、".join(titles[:2]) + (f"等{len(titles)}项" if len(titles) > 2 else "")
    path, x, y, anchor = _way(source, target)
    return {"path": path, "x": x, "y": y, "words": words, "anchor": anchor, "dashed": dashed, "full": f"{source.node.title} → {target.node.title}：{'、'.join(titles)}"}  # fmt: skip


def _way(source: Box, target: Box) -> tuple[str, int, int, str]:
    """(path, x and y of its words, on which side of that point they stand)."""
    low = (target.y - source.y) // DOWN
    if target.x > source.x and not low and target.x - source.x == ACROSS:
        x1, y, x2 = source.x + WIDTH, source.middle[1], target.x
        return f"M{x1} {y} L{x2} {y}", (x1 + x2) // 2, y - 6, ""
    if target.x > source.x and low > 0:
        # Each lower row has its own place to start from, so that lines do not lie on one another.
        x1, y1, x2, y2 = source.middle[0] + 14 * low, source.y + HEIGHT, target.x, target.middle[1]
        return (
            f"M{x1} {y1} L{x1} {y2 - 14} Q{x1} {y2} {x1 + 14} {y2} L{x2} {y2}",
            x1 + 5,
            y1 + 14 + 15 * (low - 1),
            "start",
        )
    if target.x > source.x:
        x1, y1, x2, y2 = source.x + WIDTH, source.middle[1], target.x, target.middle[1]
        up = min(source.y, target.y) - 12 if not low else 0
        if up:
            x1, y1, x2, y2 = source.middle[0], source.y, target.middle[0], target.y
            return f"M{x1} {y1} C{x1} {up} {x2} {up} {x2} {y2}", (x1 + x2) // 2, up + 4, ""
        bend = (x2 - x1) // 2
        return f"M{x1} {y1} C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}", (x1 + x2) // 2, (y1 + y2) // 2, ""
    if target.x == source.x:
        down = target.y > source.y
        side = 1 if down else -1
        x1 = source.middle[0] + 44 * side
        y1, y2 = (source.y + HEIGHT, target.y) if down else (source.y, target.y + HEIGHT)
        if abs(low) == 1:
            return f"M{x1} {y1} L{x1} {y2}", x1 + 5 * side, (y1 + y2) // 2 + 4, "start" if down else "end"
        # Over a box that lies between, the arrow goes round it.
        out = x1 + 78 * side
        return (
            f"M{x1} {y1} C{out} {y1} {out} {y2} {x1} {y2}",
            out,
            (y1 + y2) // 2 + 4,
            "start" if down else "end",
        )
    x1, y1 = source.middle[0] - 20, source.y + HEIGHT
    x2, y2 = target.middle[0] - 34, target.y + HEIGHT
    under = max(y1, y2) + 34
    return f"M{x1} {y1} C{x1} {under} {x2} {under} {x2} {y2}", (x1 + x2) // 2, under - 8, ""
