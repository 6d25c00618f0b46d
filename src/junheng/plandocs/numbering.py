"""自动编号: the heading numbers Word draws without writing them: levels, formats and counters of numbering.xml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_CN = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_BULLETS = frozenset("—–-•●■◆▪·○□★☆")


@dataclass
class Level:
    """编号级别: start, format (decimal, chineseCounting, …) and the text with %1 … %9 for the levels' numbers."""

    start: int = 1
    form: str = "decimal"
    text: str = ""


@dataclass
class Numbering:
    """编号定义: abstract lists, and the lists paragraphs name with their own starts."""

    abstract: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)


def chinese(number: int, digits: str = _CN, ten: str = "十", hundred: str = "百") -> str:
    """中文序数: 1 → 一, 12 → 十二, 105 → 一百零五; plain digits from a thousand on."""
    if not 0 < number < 1000:
        return str(number)
    high, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    out = digits[high] + hundred if high else ""
    if tens:
        out += ("" if tens == 1 and not high else digits[tens]) + ten
    elif high and ones:
        out += digits[0]
    return out + (digits[ones] if ones else "")


def _roman(number: int) -> str:
    out = ""
    for value, sign in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            out, number = out + sign, number - value
    return out


def shown(number: int, form: str) -> str:
    """编号写法: a number in Word's name for its format; unknown formats are written as digits."""
    if form.startswith(("chineseCounting", "ideographTraditional", "japaneseCounting", "taiwaneseCounting")):
        return chinese(number)
    if form.startswith("ideographDigital"):
        return "".join(_CN[int(digit)] if digit != "0" else "〇" for digit in str(number))
    if form.startswith(("chineseLegal", "japaneseLegal", "ideographLegal")):
        return chinese(number, _LEGAL, "拾", "佰")
    if form.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if form.startswith("decimalEnclosedParen"):
        return f"（{number}）"
    if form == "decimalZero":
        return f"{number:02d}"
    if form in ("upperRoman", "lowerRoman") and number <= 39:
        return _roman(number) if form == "upperRoman" else _roman(number).lower()
    if form in ("upperLetter", "lowerLetter") and number <= 26:
        return chr((ord("A") if form == "upperLetter" else ord("a")) + number - 1)
    return str(number)


class Counters:
    """编号计数: what stands before each numbered paragraph, in the order of the document."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._counts: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()

    def next(self, list_id: str, level: int) -> str:
        """下一个编号: as a reader sees it; empty for lists that are not defined and for bullets without a mark."""
        abstract = self._numbering.lists.get(list_id)
        levels = self._numbering.abstract.get(abstract or "", {})
        here = levels.get(level)
        if abstract is None or here is None:
            return ""
        if here.form == "bullet":
            mark = here.text.strip()
            return (mark if mark in _BULLETS or re.fullmatch("[—–-]{1,2}", mark) else "●") if mark else ""
        if here.form == "none":
            return ""
        counts = self._counts.setdefault(abstract, {})
        restart = self._numbering.starts.get((list_id, level))
        if restart is not None and (list_id, level) not in self._started:
            self._started.add((list_id, level))
            counts[level] = restart
        else:
            counts[level] = counts.get(level, here.start - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            of = levels.get(at, Level())
            value = counts.get(at, of.start)
            return str(value) if at != level and here.form == "decimal" else shown(value, of.form)

        return re.sub(r"%([1-9])", number, here.text)
