"""完成年份: which date binds a promise: same clause, same sentence, paragraph-initial, lead-in, stage heading."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from junheng.plandocs.clauses import SENTENCE, end_of, start_of
from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Deadline
from junheng.plandocs.outline import Outline

# A sentence that opens like this goes on with what the sentence before it promised.
_ANAPHOR = re.compile(
    r"^(?:其中|规划完成后|届时|届期|建成后|完成后|实施后|到期时|具体为|具体目标|主要目标|分别为|即|具体包括)"
)


_BACKGROUND = re.compile(
    "(?:发展|工作|现有|现实|规划)基础|现状|背景|回顾|成效|成就|形势|存在(?:的)?(?:主要)?问题|基本情况|发展环境"
)


_DUE = re.compile("(?:完成|办结|落实)?(?:时限|时间|期限|节点)：(?:力争|确保)?$")


class Binding:
    """完成年份: answers for one document; dates that only recur never bind."""

    def __init__(
        self, flat: Flat, outline: Outline, deadlines: list[Deadline], written: str | None = None
    ) -> None:
        self._written = written
        self._text = flat.text
        self._outline = outline
        self._dates = [
            d
            for d in deadlines
            if d.kind in ("by", "in", "range", "from", "duration") and (d.t_end or d.t_start)
        ]
        self._starts = [d.start for d in self._dates]
        self._recurring = [d.start for d in deadlines if d.kind == "recur"]
        self._nodes = {node.id: node for node in outline.nodes}
        self._heads = [node.start for node in outline.nodes]
        self._title_dates = {
            node.id: d
            for node in outline.nodes
            for d in self._inside(node.start, max(node.end, node.start + 1))
        }

    def _inside(self, start: int, end: int) -> list[Deadline]:
        low = bisect_left(self._starts, start)
        high = bisect_left(self._starts, end)
        return self._dates[low:high]

    def sentence(self, place: int) -> tuple[int, int]:
        """所在句: its bounds in the flat text."""
        return start_of(self._text, place, SENTENCE), end_of(self._text, place, SENTENCE)

    def _nearest(self, start: int, place: int, end: int) -> Deadline | None:
        for earlier in reversed(self._inside(start, place)):
            # 其中2021年…；: such a date holds for its own part of the sentence only.
            aside = self._text[max(start, earlier.start - 4) : earlier.start].endswith(
                ("其中", "其中：", "其中，")
            )
            if not aside or "；" not in self._text[earlier.end : place]:
                return earlier
        stop = end_of(self._text, place, "，；、\n")
        behind = [d for d in self._inside(place, min(end, max(stop, place + 1))) if d.kind in ("by", "in")]
        return behind[0] if behind else None

    def by(self, place: int) -> tuple[str | None, str | None]:
        """完成时间: (date, where it came from) for a promise whose number stands at `place`."""
        start, end = self.sentence(place)
        found = self._nearest(start, place, end)
        if found:
            return found.t_end or found.t_start, "sentence"
        paragraph, _ = self._paragraph(place)
        steps = 0
        while start > paragraph and steps < 4 and _ANAPHOR.match(self._text[start : start + 8]):
            start, _ = self.sentence(start - 1) if start - 1 >= paragraph else (paragraph, 0)
            earlier = self._inside(start, place)
            if earlier:
                return earlier[-1].t_end or earlier[-1].t_start, "sentence"
            steps += 1
        if self._recurs(start, place):
            # 每学年交流不低于10% holds each year, not by the date of the paragraph.
            return self._stage(place)
        initial = self._paragraph_initial(paragraph)
        if initial:
            return initial.t_end or initial.t_start, "paragraph"
        lead = self._lead_in(paragraph)
        if lead:
            return lead.t_end or lead.t_start, "paragraph"
        due = self._due_note(place)
        if due:
            return due.t_end, "paragraph"
        return self._stage(place)

    def _recurs(self, start: int, place: int) -> bool:
        low, high = bisect_left(self._recurring, start), bisect_left(self._recurring, place)
        return low < high

    def past(self, by: str | None, source: str | None) -> bool:
        """既往数据: whether a date named in the same sentence lies before the year of writing."""
        return bool(by and self._written and source == "sentence" and by[:4] < self._written[:4])

    def background(self, place: int) -> bool:
        """背景章节: whether a heading above says what follows is the state of affairs, not a promise."""
        node = self._outline.node_at(place)
        while node is not None:
            if len(node.title) <= 16 and _BACKGROUND.search(node.title):
                return True
            node = self._nodes.get(node.parent or "")
        return False

    def history(self, deadline: Deadline) -> bool:
        """既往时间: a date before the year of writing in a section on the state of affairs is no deadline."""
        last = deadline.t_end or deadline.t_start
        past = bool(last and self._written and last[:4] < self._written[:4])
        return past and deadline.kind != "recur" and self.background(deadline.start)

    def _paragraph(self, place: int) -> tuple[int, int]:
        """A heading begins a paragraph even where the line break before it was lost."""
        start = self._text.rfind("\n", 0, place) + 1
        end = self._text.find("\n", place)
        end = end if end >= 0 else len(self._text)
        following = bisect_right(self._heads, place)
        if following and self._heads[following - 1] > start:
            start = self._heads[following - 1]
        if following < len(self._heads):
            end = min(end, self._heads[following])
        return start, end

    def _paragraph_initial(self, paragraph: int) -> Deadline | None:
        """到2025年 at the head of a paragraph, or right behind the heading that runs into it."""
        node = self._outline.node_at(paragraph)
        begin = node.end if node and node.start == paragraph else paragraph
        for d in self._inside(paragraph, begin + 14):
            between = self._text[begin : d.start] if d.start >= begin else ""
            if d.kind in ("by", "range", "duration") and len(between.strip("。：，—")) <= 6:
                return d
        return None

    def _due_note(self, place: int) -> Deadline | None:
        """（责任单位：…；完成时限：2023年底前） behind a measure dates what the measure promises."""
        start, end = self._paragraph(place)
        for d in self._inside(place, end):
            if d.t_end and _DUE.search(self._text[max(start, d.start - 8) : d.start]):
                return d
        return None

    def _lead_in(self, paragraph: int) -> Deadline | None:
        """A paragraph that ends in a colon lends its date to the list below it, and to nothing beyond the list."""
        before = paragraph - 1
        for _ in range(24):
            if before <= 0:
                return None
            start, end = (
                self._paragraph(before - 1) if self._text[before] == "\n" else self._paragraph(before)
            )
            last = self._text[end - 1 : end]
            dashed = self._text.startswith("——", paragraph) and not self._text.startswith("——", start)
            if last == "：" or (dashed and self._paragraph_initial(start)):
                here = self._outline.node_at(paragraph)
                there = self._outline.node_at(start)
                if (
                    there is not None
                    and here is not None
                    and there is not here
                    and not self._under(here.id, there.id)
                ):
                    return None
                dated = [d for d in self._inside(start, end) if d.kind in ("by", "in", "range")]
                return (self._paragraph_initial(start) if last != "：" else None) or (
                    dated[-1] if dated else None
                )
            if not re.match(
                r"——|[•●■◆▪·]|\d{1,2}[.、）]|（[\d一二三四五六七八九十]{1,2}）|[①-⑳]|[一二三四五六七八九十]是",
                self._text[start : start + 6],
            ):
                return None
            before = start - 1
        return None

    def _under(self, child: str, parent: str) -> bool:
        node = self._nodes.get(child)
        while node is not None and node.parent:
            if node.parent == parent:
                return True
            node = self._nodes.get(node.parent)
        return False

    def _stage(self, place: int) -> tuple[str | None, str | None]:
        node = self._outline.node_at(place)
        while node is not None:
            dated = self._title_dates.get(node.id)
            if dated:
                return dated.t_end or dated.t_start, "stage"
            node = self._nodes.get(node.parent or "")
        return None, None
