"""分句: where the clause or sentence around a place begins and ends; looks no further than a reader would."""

from __future__ import annotations

REACH = 1200
CLAUSE = "，。；：\n？！"
SENTENCE = "。！？\n"
PART = "。；\n"


def start_of(text: str, place: int, marks: str) -> int:
    """起点: just behind the last of `marks` before `place`."""
    floor = max(0, place - REACH)
    return max(max(text.rfind(mark, floor, place) for mark in marks) + 1, floor)


def end_of(text: str, place: int, marks: str) -> int:
    """终点: the first of `marks` at or behind `place`."""
    ceiling = min(len(text), place + REACH)
    return min((end for mark in marks if (end := text.find(mark, place, ceiling)) >= 0), default=ceiling)
