"""计划正文的画法: the text in parts, each found item marked at its place; what a selection means is counted from `data-s`.

Drawn here and not in a template, because a text has hundreds of marks and is drawn anew around every change. Everything that
comes from the document is escaped.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString

from bureau.plans.models import Item, Node

PART = 16_000  # characters drawn at once; longer texts come part by part while they are read


@dataclass(frozen=True, slots=True)
class Part:
    """一段正文: its number, its place, and its paragraphs as (start, end)."""

    number: int
    start: int
    end: int
    paragraphs: tuple[tuple[int, int], ...]


def paragraphs(source: str) -> list[tuple[int, int]]:
    """(start, end) of each line that says something; a line without end is cut, so that no paragraph is endless."""
    found, at = [], 0
    for line in source.split("\n"):
        end = at + len(line)
        if line.strip():
            found += [(cut, min(cut + PART, end)) for cut in range(at, end, PART)]
        at = end + 1
    return found


def parts(source: str) -> list[Part]:
    """The text cut between paragraphs."""
    found: list[Part] = []
    group: list[tuple[int, int]] = []
    for start, end in paragraphs(source):
        if group and end - group[0][0] > PART:
            found.append(Part(len(found), group[0][0], group[-1][1], tuple(group)))
            group = []
        group.append((start, end))
    if group:
        found.append(Part(len(found), group[0][0], group[-1][1], tuple(group)))
    return found


class Marks:
    """标记: the items and headings of a text, to be found by place."""

    def __init__(self, items: Iterable[Item], nodes: Sequence[Node]) -> None:
        self.items = sorted((one for one in items if one.end > one.start), key=lambda one: one.start)
        self.starts = [one.start for one in self.items]
        self.longest = max((one.end - one.start for one in self.items), default=0)
        self.nodes = sorted(nodes, key=lambda one: one.start)
        self.node_starts = [one.start for one in self.nodes]

    def items_in(self, start: int, end: int) -> list[Item]:
        """Items that touch a stretch."""
        first, last = bisect_left(self.starts, start - self.longest), bisect_left(self.starts, end)
        return [one for one in self.items[first:last] if one.end > start]

    def headings_in(self, start: int, end: int) -> list[Node]:
        """Headings that touch a stretch."""
        first = max(0, bisect_right(self.node_starts, start) - 1)
        last = bisect_left(self.node_starts, end)
        return [one for one in self.nodes[first:last] if one.end > start]


def mark_class(row: Item) -> str:
    """The class of an item: its kind, and whether it is settled, doubtful or rejected."""
    state = {"auto": "is-doubtful" if row.doubt else "is-open", "rejected": "is-rejected"}.get(
        row.status, "is-settled"
    )
    return f"k-{row.kind} {state}"


def draw_part(source: str, part: Part, marks: Marks) -> SafeString:
    """All paragraphs of a part."""
    return SafeString("\n".join(draw_paragraph(source, start, end, marks) for start, end in part.paragraphs))


def draw_paragraph(source: str, start: int, end: int, marks: Marks, *, swap: bool = False) -> str:
    """One paragraph with its marks; `swap` takes the place of the one on the page."""
    items, headings = marks.items_in(start, end), marks.headings_in(start, end)
    places = [(one.start, one.end) for one in items] + [(one.start, one.end) for one in headings]
    order = sorted({start, end} | {min(max(at, start), end) for place in places for at in place})
    drawn = [_stretch(source, a, b, items, headings) for a, b in pairwise(order)]
    oob = ' hx-swap-oob="true"' if swap else ""
    return f'<p id="p{start}" data-s="{start}"{oob}>{"".join(drawn)}</p>'


def _stretch(source: str, start: int, end: int, items: Sequence[Item], headings: Sequence[Node]) -> str:
    text: str = escape(source[start:end])
    here = sorted((one for one in items if one.start <= start and one.end >= end), key=_rank)
    if here:
        names = " ".join(str(one.pk) for one in here)
        text = f'<mark class="{mark_class(here[0])}" data-i="{names}">{text}</mark>'
    head = next((one for one in headings if one.start <= start and one.end >= end), None)
    return f'<b class="level{min(head.level, 4)}">{text}</b>' if head else text


def _rank(row: Item) -> tuple[bool, bool, int]:
    """Which of several items colours a stretch: a live one before a rejected one, what is to be decided first, the shortest."""
    return (row.status == "rejected", not (row.doubt and row.status == "auto"), row.end - row.start)


def touched(source: str, rows: Iterable[Item]) -> list[tuple[int, int]]:
    """The paragraphs in which rows stand."""
    every = paragraphs(source)
    ends = [end for _start, end in every]
    found: set[tuple[int, int]] = set()
    for row in rows:
        at = bisect_right(ends, row.start)
        while at < len(every) and every[at][0] < row.end:
            found.add(every[at])
            at += 1
    return sorted(found)
