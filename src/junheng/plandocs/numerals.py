"""数词: Arabic and Chinese numerals, thousands, 万 and 亿, fractions and ranges → exact values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {**{c: n for n, c in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0, "两": 2, "俩": 2, "Ｏ": 0}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}

# Bounded, so that a line of nothing but digits costs no more than its length.
ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,5}(?!\d)|\d{1,15})(?:\.\d{1,8})?"
CHINESE = r"[一二两三四五六七八九十百千零〇]{1,14}"
# The dash of a range in every width met so far; a hyphen between years is read by the deadlines instead.
RANGE = r"(?:-|—{1,2}|~|至|到)"


@dataclass(frozen=True)
class Amount:
    """数值: one value, or the two ends of a range."""

    value: float | int
    upper: float | int | None = None


def tidy(value: Decimal) -> float | int:
    """An int where the value is whole, so 300 never prints as 300.0."""
    return int(value) if value == value.to_integral_value() else float(value)


def chinese_value(word: str) -> int | None:
    """中文数字: value of 三十六, 一百零五, 二〇二五, 十; None when it is no numeral."""
    if not word or any(c not in _DIGITS and c not in _STEPS and c not in _LARGE for c in word):
        return None
    if all(c in _DIGITS for c in word):
        return int("".join(str(_DIGITS[c]) for c in word))
    total = section = digit = 0
    for c in word:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _STEPS:
            section += (digit or 1) * _STEPS[c]
            digit = 0
        else:
            total = (total + section + digit or 1) * _LARGE[c]
            section = digit = 0
    return total + section + digit


def value_of(word: str) -> Decimal | None:
    """数值: of one Arabic or Chinese numeral, with 万, 亿, 千, 百 behind Arabic digits; None when it is none."""
    word = word.replace(",", "").replace(" ", "")
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([十百千]?)([万亿]{0,2})", word)
    if match:
        value = Decimal(match[1])
        if match[2]:
            value *= _STEPS[match[2]]
        for mark in match[3]:
            value *= _LARGE[mark]
        return value
    chinese = chinese_value(word)
    return None if chinese is None else Decimal(chinese)


def ordinal(label: str) -> int | None:
    """序号: the number in a heading label such as 十二、 or （三） or 7. ; None when there is none."""
    match = re.search(r"\d+|[一二三四五六七八九十百零]+|[①-⑳]", label)
    if not match:
        return None
    if "①" <= match.group() <= "⑳":
        return ord(match.group()) - ord("①") + 1
    value = value_of(match.group())
    return None if value is None else int(value)
