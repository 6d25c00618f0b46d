"""引用文件: documents named in 《》 with the number that follows; lost brackets in numbers are repaired visibly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Reference, Warning_
from junheng.plandocs.spans import Spans

LONGEST_TITLE = 160
# 机关代字: Chinese characters, with an optional bracketed part as in 发改（地区）.
_AGENCY = r"[\u4e00-\u9fff]{1,12}(?:（[\u4e00-\u9fff]{1,4}）)?[\u4e00-\u9fff]{0,6}"
NUMBER = re.compile(
    rf"(?P<agency>{_AGENCY})(?P<open>[〔（\"'〈<【\[]?)(?P<year>(?:19|20)\d{{2}})(?P<close>[〕）\"'〉>】\]]?)(?:第)?(?P<serial>\d{{1,5}})号"
)
_ISSUER = re.compile(
    r"(?:^|[，。；：、\n]|根据|落实|贯彻|按照|依据|执行|遵照|结合|《|和|及|与)"
    r"([^，。；：、\n《》和及与]{0,2}(?:[\u4e00-\u9fff]{0,14}、)?[\u4e00-\u9fff]{2,24}?(?:厅|局|部|委|院|办公室|人民政府|政府|党委|会|自治区|省|市|县)"
    r"(?:等[\u4e00-\u9fff]{1,3}部门)?)(?:印发的?|下发的?|发布的?|制定的?|出台的?|关于印发的?)?$"
)


def repaired_number(match: re.Match[str]) -> str:
    """文号: in its official form 机关代字〔年〕序号号."""
    return f"{match['agency']}〔{match['year']}〕{match['serial']}号"


def numbers_in(text: str) -> Iterator[tuple[int, int]]:
    """文号所在: spans of all document numbers; looked for backwards from 号, for a text is long and numbers are few."""
    for end in re.finditer(r"\d号", text):
        last = None
        for match in NUMBER.finditer(text, max(0, end.start() - 40), end.end()):
            last = match
        if last and last.end() == end.end():
            yield last.span()


def _titles(text: str) -> list[tuple[int, int, bool]]:
    """Spans of 《…》 with inner 〈〉 or 《》 counted; an unclosed title ends before the next 《 or at punctuation."""
    spans: list[tuple[int, int, bool]] = []
    place = text.find("《")
    while place >= 0:
        depth, stop, whole = 1, place + 1, False
        limit = min(len(text), place + LONGEST_TITLE)
        while stop < limit:
            c = text[stop]
            if c == "《":
                inner_close = text.find("》", stop, limit)
                second = text.find("》", inner_close + 1, limit) if inner_close >= 0 else -1
                following = text.find("《", stop + 1, limit)
                if second < 0 or (0 <= following < second and following > inner_close):
                    break
                depth += 1
            elif c == "》":
                depth -= 1
                if depth == 0:
                    stop += 1
                    whole = True
                    break
            elif c in "。；\n" and depth:
                break
            stop += 1
        if whole or text[stop : stop + 1] == "《":
            spans.append((place, stop, whole))
        else:
            stop = place + 1
        place = text.find("《", stop)
    return spans


def find_references(
    flat: Flat, own_titles: tuple[str, ...], titled: Spans
) -> tuple[list[Reference], list[Warning_]]:
    """引用文件: each with title, number, issuer written before it.

    `own_titles` makes 本文件 a self reference; `titled` holds the document's own title, where a name refers to nothing.
    """
    text = flat.text
    found: list[Reference] = []
    warnings: list[Warning_] = []
    own = {_bare(title) for title in own_titles if title}
    for start, end, whole in _titles(text):
        inner = flat.words(start + 1, end - 1 if whole else end)
        if not inner.strip() or titled.touches(start, end):
            continue
        number, stop = _number_after(text, end)
        no = flat.words(number.start(), number.end()) if number else None
        fixed = repaired_number(number) if number else None
        kind = "self" if _bare(inner) in own else "abbr" if len(inner) <= 2 else "ref"
        line = text.rfind("\n", 0, start) + 1
        issuer = _ISSUER.search(text[max(line, start - 40) : start])
        by = flat.words(start - len(issuer[1]), start) if issuer and kind == "ref" else None
        if issuer and by is not None:
            offset = max(line, start - 40) + issuer.start(1)
            by = flat.words(offset, offset + len(issuer[1]))
        found.append(
            Reference(
                kind, start, stop, inner, "reference.title" if whole else "reference.unclosed", no, fixed, by
            )
        )
        if not whole:
            warnings.append(
                Warning_(
                    "text not covered",
                    start,
                    end,
                    f"“{flat.words(start, min(end, start + 12))}…”缺少书名号的后一半，已在下一个书名号前断开，请核对。",
                    inner,
                    repair=True,
                )
            )
        if number and not (number["open"] and number["close"]):
            warnings.append(number_warning(flat, number, fixed or ""))
    return found, warnings


def number_warning(flat: Flat, number: re.Match[str], fixed: str) -> Warning_:
    """文号修复: says what stood there and how it is read."""
    return Warning_(
        "doc_no repaired",
        number.start(),
        number.end(),
        f"文号“{flat.words(*number.span())}”的括号不完整，已按“{fixed}”读取，请与原件核对。",
        fixed,
        repair=True,
    )


def _bare(title: str) -> str:
    return re.sub(r"[\s“”\"（）()〈〉《》]|（.*?）", "", title)


def _number_after(text: str, end: int) -> tuple[re.Match[str] | None, int]:
    """The document number right behind a title, and where the reference ends."""
    tail = re.compile(r"(?:（(?:19|20)\d{2}[-—~至]?\d{0,4}年?）)?（(?=[^（）\n]{0,24}\d{1,5}号)").match(
        text, end
    )
    if tail:
        number = NUMBER.match(text, tail.end())
        if number:
            stop = number.end()
            return number, stop + 1 if text.startswith("）", stop) else stop
    return None, end
