"""日期: partial dates, five-year plans, and what a document says about its own time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from junheng.plandocs.numerals import chinese_value

_TENTHS = {"上旬": 10, "中旬": 20}  # 下旬 ends with its month
_CN_ORDINALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Calendar:
    """年份参照: what the document says about its own time; relative dates are read against it."""

    written: str | None
    period_start: int | None
    period_end: int | None


def year_of(word: str) -> str:
    """年份: in Arabic digits."""
    return word if word.isdigit() else str(chinese_value(word))


def partial(year: str, month: str | None = None, day: str | None = None) -> str:
    """部分日期: YYYY, YYYY-MM or YYYY-MM-DD, as much as the text gives."""
    out = year_of(year)
    if month:
        out += f"-{int(month.rstrip('月份')):02d}"
        if day in _TENTHS:
            out += f"-{_TENTHS[day]}"
        elif day and day[:-1].isdigit():
            out += f"-{int(day[:-1]):02d}"
    return out


def with_tail(date: str, tail: str | None) -> str:
    """年底, 上半年, 二季度: a year with the month such a word means."""
    if not tail or "-" in date:
        return date
    if "底" in tail or "末" in tail:
        return date + "-12"
    if tail == "上半年":
        return date + "-06"
    if tail == "下半年":
        return date + "-12"
    quarter = re.search("[一二三四]", tail)
    if "季度" in tail and quarter:
        return f"{date}-{3 * (_CN_ORDINALS.index(quarter.group()) + 1):02d}"
    return date


def plan_years(word: str) -> tuple[int, int] | None:
    """五年规划: first and last year of 十四五 and its like."""
    if not word.startswith("十"):
        return None
    n = 10 + (_CN_ORDINALS.index(word[1]) + 1 if len(word) > 1 else 0)
    end = 2005 + 5 * (n - 10)
    return end - 4, end
