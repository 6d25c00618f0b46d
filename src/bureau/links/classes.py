"""班级的写法: 三年级2班, 三（2）班, 初一 3, 小班 → grade code and class number, as the student register has them. Pure."""

import re
import unicodedata
from functools import cache

from junheng.tables import code_names

_DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九十", start=1)}
_SMALL = {"小": "K1", "中": "K2", "大": "K3"}
_ALONE = re.compile(r"[一二三四五六七八九]|[1-9]|1[0-2]")
_TENS = re.compile(r"十[一二三四五六七八九]|[一二三四五六七八九十]")
_CLASS = re.compile(r"[(\[]?(\d{1,2}|十[一二三四五六七八九]|[一二三四五六七八九十])[)\]]?班?$")


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return 10 + _DIGITS[text[1]] if len(text) == 2 else _DIGITS[text]


def class_of(grade: str, room: str) -> tuple[str, int | None]:
    """(grade code, class number) of what the cells 年级 and 班级 say; ("", None) for what cannot be told.

    The class cell may hold both (三年级2班). A year of entry (2023级) says nothing without the length of the stage and is left out.
    """
    upper, lower = _bare(grade), _bare(room)
    if not upper and not lower:
        return "", None
    code = _grade(upper) or (str(_number(upper)) if _ALONE.fullmatch(upper) else "")
    rest = lower
    for size in range(len(lower), 0, -1):
        if named := _grade(lower[:size]):
            code, rest = code or named, lower[size:]
            break
    if not code and (small := re.match(r"([小中大])(?=[一二三四五六七八九十\d]+班$)", lower)):
        code, rest = _SMALL[small[1]], lower[1:]
    if not code and (
        short := re.match(r"([一二三四五六七八九]|[1-9])[(\[.·-](?=\d|[一二三四五六七八九十])", lower)
    ):
        # 三(2)班, 3.2班
        code, rest = str(_number(short[1])), lower[short.end() - 1 :].lstrip(".·-")
    found = _CLASS.fullmatch(re.sub(r"^\d{4}级", "", rest))
    return code, _number(found[1]) if found else None


def _bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _grade(text: str) -> str:
    """A grade by its name; bare digits only where they stand alone in a grade cell (三, 3, 三年级)."""
    names = _names()
    return names.get(text) or names.get(_TENS.sub(lambda found: str(_number(found[0])), text)) or ""


@cache
def _names() -> dict[str, str]:
    known = {
        name: code for name, code in code_names("grade").items() if not name.isdecimal() and len(name) > 1
    }
    return known | {f"{number}年级": str(number) for number in range(1, 10)}
