"""文中的数据标记: a figure in a text carries its code behind it, 96.3%〔F1〕, and must print what the figure holds. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# People type other brackets, a blank or full-width signs; all mean the same mark.
_MARK = re.compile(r"\s*[〔\[［【(（]\s*[FfＦ]\s*([0-9０-９]{1,4})\s*[〕\]］】)）]")
_NUMERAL = r"[-−]?[0-9０-９](?:[0-9０-９,，.．]*[0-9０-９])?"
_WORD = r"(?:%|％|‰|个百分点|百分点|万元|亿元|元|平方米|㎡|[个项所人名天分次件家户张元条篇份倍生位])"
_BEFORE = re.compile(rf"(?P<value>{_NUMERAL}\s*[^\d\s，。；：、！？〔〕（）“”]{{0,6}})$")
_RESULT = re.compile(rf"{_NUMERAL}\s*{_WORD}")
# What a text says without data behind it: quoted titles, dates, numbers of documents, places in a list, terms of days.
_FREE = re.compile(
    r"“[^”\n]*”|《[^》\n]*》"
    r"|〔\d{4}〕\s*\d+\s*号"
    r"|\d{1,4}\s*(?:年(?!内)|月|日|号|季度|学年|学期|世纪)"
    r"|第\s*\d+\s*[\u4e00-\u9fff]"
    r"|\d+\s*个?(?:工作日|日内|月内|季度)"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """一个标记: the figure's code, its place (`start` to `end` of the brackets), and what is printed before it."""

    code: str
    start: int
    end: int
    before: str


@dataclass(frozen=True, slots=True)
class Piece:
    """一段: words, or a value with the code of the figure it comes from."""

    text: str
    code: str = ""
    good: bool = True


def normal(text: str) -> str:
    """Marks as they are kept: 〔F1〕 without blanks, whatever brackets were typed."""
    return _MARK.sub(lambda found: f"〔F{int(found.group(1))}〕", text)


def marks(text: str) -> list[Mark]:
    """The marks of a text, in order."""
    found = []
    for one in _MARK.finditer(text):
        before = _BEFORE.search(text[: one.start()])
        value = before.group("value") if before else ""
        found.append(Mark(f"F{int(one.group(1))}", one.start(), one.end(), value))
    return found


def prints(text: str, mark: Mark, value: str) -> bool:
    """Whether the value, and not only its last digits, stands right before the mark."""
    head = text[: mark.start]
    if not value or not head.endswith(value):
        return False
    rest = head[: len(head) - len(value)]
    return not (value[0].isdigit() and rest and re.search(r"[0-9.．,]$", rest) is not None)


def problems(text: str, figures: Mapping[str, str]) -> list[str]:
    """每个标记的毛病: printed values that are not the figure's, and marks of figures that there are not."""
    said = []
    for mark in marks(text):
        value = figures.get(mark.code)
        if value is None:
            said.append(f"没有 {mark.code} 这个数据，请改用右侧列出的编号，或删去标记")
        elif not prints(text, mark, value):
            there = f"文中是 {mark.before}" if mark.before else "文中没有写数"
            said.append(f"{mark.code} 应为 {value}，{there}，请改正")
    return said


def pieces(text: str, figures: Mapping[str, str]) -> list[Piece]:
    """The text cut at its figures: each marked value with its code, the marks themselves left out."""
    found: list[Piece] = []
    at = 0
    for mark in marks(text):
        value = figures.get(mark.code, "")
        good = prints(text, mark, value)
        shown = value if good else mark.before
        start = max(mark.start - len(shown), at)
        if text[at:start]:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start : mark.start], mark.code, good))
        at = mark.end
    if text[at:]:
        found.append(Piece(text[at:]))
    return found


def unsourced(text: str) -> list[str]:
    """没有出处的数字: numerals that look like results and carry no mark, each with the words around it."""
    taken = [(one.start - len(one.before), one.end) for one in marks(text)]
    taken += [one.span() for one in _FREE.finditer(text)]
    said = []
    for one in _RESULT.finditer(text):
        if any(start < one.end() and one.start() < end for start, end in taken):
            continue
        left = re.split(r"[，。；：\n〕]", text[: one.start()])[-1][-12:]
        right = re.split(r"[，。；：\n〔]", text[one.end() :])[0][:8]
        said.append(f"{left}{one.group()}{right}")
    return list(dict.fromkeys(said))


def replaced(text: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """The text with newer values where it printed the old ones; what a person wrote otherwise is left as it is."""
    made, at = [], 0
    for mark in marks(text):
        old, new = before.get(mark.code), after.get(mark.code)
        if old is None or new is None or old == new or not prints(text, mark, old):
            continue
        made += [text[at : mark.start - len(old)], new]
        at = mark.start
    return "".join([*made, text[at:]])
