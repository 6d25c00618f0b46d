"""代码与选项: names of a code list, yes and no, and lists of room areas."""

import re
from difflib import get_close_matches
from functools import cache

from junheng.intake.cells import Flaw, error_cell, narrow, quoted
from junheng.intake.model import Value
from junheng.intake.raw import Cell
from junheng.tables import Column, code_names, codes

_YES = frozenset(
    [
        *("是", "有", "对", "√", "✓", "✔", "☑", "■", "V", "Y", "YES", "TRUE", "T", "1", "1.0"),
        *("是的", "已", "具备", "享受", "符合"),
    ]
)
_NO = frozenset(
    [
        "否",
        "无",
        "不",
        "没有",
        "×",
        "✗",
        "✘",
        "☐",
        "□",
        "X",
        "N",
        "NO",
        "FALSE",
        "F",
        "0",
        "0.0",
        "错",
        "不是",
        "未",
        "不具备",
        "不享受",
        "不符合",
        "非",
    ]
)
_SHORT = 12  # a list this long is still printed in the sentence


def bare(text: str) -> str:
    """A name without blanks, in half width and without a note in brackets at its end."""
    return re.sub(r"\s", "", narrow(text)).upper()


def _stem(text: str) -> str:
    return re.sub(r"(.)\([^()]*\)$", r"\1", text)


@cache
def _names(list_name: str) -> dict[str, str]:
    answer: dict[str, str] = {}
    for name, code in code_names(list_name).items():
        answer.setdefault(bare(name), code)
    for name, code in code_names(list_name).items():
        answer.setdefault(_stem(bare(name)), code)
    return answer


def to_code(column: Column, raw: Cell) -> Value | Flaw:
    """代码: the code for a code, an official name or a synonym; else a flaw with the nearest name."""
    names = _names(column.codes)
    text = bare(narrow(raw))
    if flaw := error_cell(text):
        return flaw
    if found := names.get(text) or names.get(_stem(text)):
        return found
    if text.isdecimal():  # 3 for 03
        padded = [code for code in codes(column.codes) if code.lstrip("0") == text.lstrip("0") != ""]
        if len(padded) == 1:
            return padded[0]
    if "-" in text or "、" in text:  # 03-回族 as some systems export it
        parts = {names[part] for part in re.split(r"[-、]", text) if part in names}
        if len(parts) == 1:
            return parts.pop()
    near = _nearest(column.codes, text)
    hint = f"是不是“{near}”？" if near else ""
    values = list(codes(column.codes).values())
    allowed = f"只能填{'、'.join(values)}" if len(values) <= _SHORT else "请从下拉列表中选择"
    return Flaw(f"{quoted(raw)}不是规定的{column.heading}，{hint}{allowed}", "unknown_code")


def _nearest(list_name: str, text: str) -> str:
    """The official name most like the text, or "" when nothing is near."""
    if not text:
        return ""
    names = _names(list_name)
    close = get_close_matches(text, names, n=1, cutoff=0.5)
    inside = [name for name in names if len(name) > 1 and (name in text or text in name)]
    best = close[0] if close else max(inside, key=len) if inside else ""
    return codes(list_name)[names[best]] if best else ""


def to_flag(column: Column, raw: Cell) -> Value | Flaw:
    """是否: True or False."""
    text = bare(narrow(raw))
    if flaw := error_cell(text):
        return flaw
    if text in _YES:
        return True
    if text in _NO:
        return False
    return Flaw(f"{quoted(raw)}看不出是或否，请填“是”或“否”", "not_flag")


def to_areas(column: Column, raw: Cell) -> Value | Flaw:
    """逐间面积: square metres of each room; 0 gives an empty tuple (there is none)."""
    if isinstance(raw, int | float):
        parts = [repr(raw)]
    else:
        text = narrow(raw)
        if flaw := error_cell(text):
            return flaw
        text = re.sub(r"\s*(m2|平方米|平米)", "", text)
        parts = [part for part in re.split(r"[、,;/\s]+", text) if part]
    areas = []
    for part in parts:
        if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", part):
            return Flaw(
                f"{quoted(raw)}不是面积，请逐间填写平方米数并用顿号隔开，例如 96、98；没有请填 0", "not_areas"
            )
        areas.append(float(part))
    if areas == [0.0]:
        return ()
    if any(area <= 0 for area in areas):
        return Flaw(f"{quoted(raw)}中有不大于 0 的面积，请核对；一间也没有请只填 0", "too_small")
    if any(area < 10 or area > 1000 for area in areas):
        return Flaw(
            f"{quoted(raw)}中有小于 10 或大于 1000 ㎡的教室，请核对每间的面积",
            "unusual",
            tuple(areas),
            "warning",
        )
    return tuple(areas)
