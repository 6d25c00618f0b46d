"""提纲: headings → tree. Each level is the form of its label, in the order the document first uses them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from junheng.plandocs.doubts import heading_doubts
from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Node, Warning_
from junheng.plandocs.labels import Label, bare_label_at, glued_label, label_at, run_on_labels
from junheng.plandocs.spans import Spans
from junheng.plandocs.tables import table_spans
from junheng.plandocs.vocabulary import UNIT_WORD

_RANKS = {
    "part": 1,
    "chapter": 2,
    "section": 3,
    "cn": 4,
    "article": 5,
    "cn_paren": 6,
    "named": 7,
    "num": 8,
    "multi 1": 9,
    "multi 2": 10,
    "multi 3": 11,
    "num_paren": 12,
    "circle": 13,
    "dash": 14,
}
_TITLE_ENDS = "。！？；"
_GOALS = re.compile(
    "指导思想|总体(要求|思路|目标)|基本(原则|要求)|(工作|主要|发展|行动)?目标|背景|基础|形势|现状|依据|意义"
)
_MAIN: dict[str, list[int | None]] = {
    **{form: [1, 2] for form in ("part", "chapter", "article", "cn")},
    "num": [1, 2, 3],
}
LOST_BREAKS = 1500
# A shorter paragraph has lost its breaks when it holds most of the document.
MOST_OF_ALL = 0.6
_DASHED = re.compile(r"[\u4e00-\u9fff]{2,10}(?:，[\u4e00-\u9fff]{2,10})?。")


@dataclass(frozen=True)
class Outline:
    """提纲树: nodes in the order of the text, and what had to be repaired or looks wrong."""

    nodes: tuple[Node, ...]
    warnings: tuple[Warning_, ...]

    def node_at(self, place: int) -> Node | None:
        """所在节点: the innermost node whose section holds this place of the flat text."""
        low, high = 0, len(self.nodes)
        while low < high:
            middle = (low + high) // 2
            if self.nodes[middle].start <= place:
                low = middle + 1
            else:
                high = middle
        return self.nodes[low - 1] if low else None


def _paragraphs(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for piece in text.split("\n"):
        spans.append((start, start + len(piece)))
        start += len(piece) + 1
    return spans


def _title_end(text: str, start: int, end: int) -> int:
    """Where a heading's title stops: at the first full stop, or a colon that opens running text."""
    stop = start
    depth = 0
    while stop < end:
        c = text[stop]
        if c in "（《〔“":
            depth += 1
        elif c in "）》〕”":
            depth = max(0, depth - 1)
        elif (c in _TITLE_ENDS and (depth == 0 or c == "。")) or (
            c == "：" and depth == 0 and stop - start <= 24
        ):
            return stop
        stop += 1
    return end


class _Stack:
    """The open headings from the root down; knows which number each form expects next."""

    def __init__(self) -> None:
        self.open: list[tuple[str, int | None, str]] = []

    def expected(self, form: str) -> int:
        for open_form, number, _ in reversed(self.open):
            if open_form == form:
                return (number or 0) + 1
        return 1

    def parent_for(self, form: str) -> int:
        """Depth at which a label of this form hangs: beside the last of its kind, else below the deepest coarser."""
        forms = [item[0] for item in self.open]
        if form in forms:
            return forms.index(form)
        rank = _RANKS[form]
        if form == "num" and any(open_form.startswith("multi") for open_form in forms):
            # 1. below 1.1 where no plain number stands above it.
            rank = _RANKS["multi 3"]
        depth = len(forms)
        if form == "dash":
            return depth
        while depth and _RANKS[forms[depth - 1]] > rank:
            depth -= 1
        return depth


def _front_matter(text: str, start: int, label: Label) -> bool:
    """Numbered annex names and reading lists are not headings."""
    before = text[max(0, start - 400) : start]
    lines = before.rstrip("\n").split("\n")
    for line in reversed(lines):
        if re.match(r"附(件)?：", line):
            return True
        if not re.match(r"\d{1,2}[.、]", line) or re.search("[。；]", line):
            return False
    return False


def _accepted(text: str, in_table: Spans) -> list[Label]:
    labels: list[Label] = []
    stack = _Stack()
    running: dict[str, int] = {}
    contents: list[str] | None = None
    for start, end in _paragraphs(text):
        if in_table.touches(start, end):
            continue
        label = label_at(text, start, end)
        if text[start:end] == "目录":
            contents = []
            continue
        if contents is not None:
            # A table of contents names each heading once; the body begins where the first comes again, or with prose.
            entry = re.sub(r"[.…·\d]*$", "", text[start:end])
            if entry in contents or end - start > 60 or text[end - 1 : end] == "。":
                contents = None
            else:
                contents.append(entry)
                continue
        if label is None:
            label = bare_label_at(text, start, end, UNIT_WORD)
            if label is not None and label.number not in (
                stack.expected(label.form),
                running.get(label.form, 0) + 1,
            ):
                label = None
        if label is not None and label.form == "num" and _front_matter(text, start, label):
            label = None
        begin = start + (len(label.text) if label else 0)
        inner = run_on_labels(text, begin, end, end - start > LOST_BREAKS) if end - start > 40 else []
        if label is not None and (second := glued_label(text, label, end)) is not None:
            inner = [second, *inner]
        if end - start <= LOST_BREAKS and (end - start) >= max(200, MOST_OF_ALL * len(text)):
            short = run_on_labels(text, begin, end, True)
            # The first labels of one kind in their order inside the one long paragraph of a short document.
            counted = {form: [found.number for found in short if found.form == form] for form in _MAIN}
            lost = any(
                numbers[: len(first)] == first for form, numbers in counted.items() if (first := _MAIN[form])
            )
            inner = short if lost else inner
        else:
            lost = end - start > LOST_BREAKS and len(inner) >= 3
        for candidate in ([label] if label else []) + inner:
            if candidate.run_in:
                wanted = (stack.expected(candidate.form), running.get(candidate.form, 0) + 1)
                glued = (
                    label is not None
                    and candidate.form == "num"
                    and candidate.repaired
                    and candidate is inner[0]
                )
                if not lost and candidate.form == "num" and not glued:
                    continue
                if candidate.form == "dash" and not _DASHED.match(text, candidate.end):
                    continue
                if (candidate.number not in wanted and candidate.form != "dash") or (
                    not lost and not glued and not _stands_alone(text, candidate, end)
                ):
                    continue
            labels.append(candidate)
            depth = stack.parent_for(candidate.form)
            del stack.open[depth:]
            stack.open.append((candidate.form, candidate.number, candidate.text))
            if candidate.number is not None:
                running[candidate.form] = candidate.number
    return labels


def _stands_alone(text: str, label: Label, end: int) -> bool:
    """A label inside a paragraph opens a heading only where a sentence ended and a short title follows."""
    if text[label.start - 1] not in "。！？" or label.form not in ("cn", "cn_paren"):
        return False
    stop = _title_end(text, label.end, end)
    return 2 <= stop - label.end <= 30 and stop < end


def _even_titles(titles: list[tuple[Label, int, int]], text: str) -> dict[int, int]:
    """Sibling dashes whose titles all have one length give the odd one, whose full stop was lost, the same length."""
    fixed: dict[int, int] = {}
    dashes = [(label, stop) for label, stop, _ in titles if label.form == "dash"]
    lengths = [stop - label.end for label, stop in dashes]
    if len(lengths) < 4:
        return fixed
    usual = max(set(lengths), key=lengths.count)
    if lengths.count(usual) * 4 >= len(lengths) * 3 or lengths.count(usual) >= 6:
        for label, stop in dashes:
            if stop - label.end > 2 * usual and 4 <= usual <= 12:
                fixed[label.start] = label.end + usual
    return fixed


def outline_of(flat: Flat) -> Outline:
    """提纲: every heading with label, title, parent and section end; lost dots and brackets are reported."""
    text = flat.text
    labels = _accepted(text, table_spans(flat))
    ends = dict(_paragraphs(text))
    titled: list[tuple[Label, int, int]] = []
    for position, label in enumerate(labels):
        paragraph_end = ends.get(label.start) or flat.paragraph(label.start)[1]
        limit = paragraph_end
        if position + 1 < len(labels):
            limit = min(limit, labels[position + 1].start)
        titled.append((label, _title_end(text, label.end, limit), limit))
    evened = _even_titles(titled, text)
    stack: list[tuple[str, str]] = []
    order = _Stack()
    nodes: list[Node] = []
    warnings: list[Warning_] = []
    last_number: dict[tuple[str | None, str], int] = {}
    for count, (label, stop, _limit) in enumerate(titled, 1):
        stop = evened.get(label.start, stop)
        depth = order.parent_for(label.form)
        del order.open[depth:], stack[depth:]
        parent = stack[-1][1] if stack else None
        node = Node(
            id=f"n{count}",
            parent=parent,
            level=len(stack) + 1,
            label=flat.words(label.start, label.end),
            title=flat.words(label.end, stop).rstrip("，,：:、"),
            start=label.start,
            end=max(stop, label.end),
            section_end=len(text),
            task=False,
            rule=f"heading.{label.form}" + (".repaired" if label.repaired else ""),
        )
        order.open.append((label.form, label.number, label.text))
        stack.append((label.form, node.id))
        nodes.append(node)
        warnings.extend(heading_doubts(flat, label, node, last_number, parent, label.start in evened))
    return Outline(_closed(nodes, text), tuple(warnings))


def _closed(nodes: list[Node], text: str) -> tuple[Node, ...]:
    """Sets where each section ends and which nodes are tasks: leaves that are not goals, principles or background."""
    parents = {node.parent for node in nodes}
    by_id = {node.id: node for node in nodes}
    open_nodes: list[int] = []
    ends = [len(text)] * len(nodes)
    for place, node in enumerate(nodes):
        while open_nodes and nodes[open_nodes[-1]].level >= node.level:
            ends[open_nodes.pop()] = node.start
        open_nodes.append(place)

    def is_goal(node: Node | None) -> bool:
        while node is not None:
            if _GOALS.search(node.title[:14]) and len(node.title) <= 14:
                return True
            node = by_id.get(node.parent or "")
        return False

    return tuple(
        replace(node, section_end=end, task=node.id not in parents and not is_goal(node))
        for node, end in zip(nodes, ends, strict=True)
    )
