"""行: the flat text as lines with offsets, and the questions the header rules ask of a line."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from junheng.plandocs.flat import Flat
from junheng.plandocs.numerals import chinese_value
from junheng.plandocs.spans import Spans

_SUFFIX = (
    r"(?:人民政府|政府|党委|县委|市委|省委|区委|州委|旗委|工委|党组|委员会|办公室|办公厅|政府办|党政办|局|厅|部|院|署|委|办|总社|总局|总会|联合会|中心|"
    r"领导小组|指挥部|国务院|中央|人大|政协|法院|检察院|银行|集团|公司|学校|大学|学院|街道|管委会|联社|协会|纪委|监委|组织部|宣传部|统战部|联席会议)"
)
INSTITUTION = re.compile(
    rf"(?:中共|中国|国家)?[\u4e00-\u9fff（）·、]{{2,34}}?{_SUFFIX}(?:办公室|（[\u4e00-\u9fff]{{2,12}}）)?"
)
_DATE = re.compile(
    r"(\d{4}|[二〇零○ＯO一三四五六七八九]{4})年(\d{1,2}|[一二三四五六七八九十]{1,2})月(?:(\d{1,2}|[一二三四五六七八九十]{1,3})[日号])?"
)
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")


@dataclass(frozen=True)
class Line:
    """一行: its number among the lines that hold text, its offsets and its words."""

    number: int
    start: int
    end: int
    text: str


def lines_of(flat: Flat, without: Spans) -> list[Line]:
    """各行: in order, those of tables left out; blank lines are gone already."""
    out: list[Line] = []
    place = 0
    for text in flat.text.split("\n"):
        if not without.touches(place, place + max(1, len(text))):
            out.append(Line(len(out), place, place + len(text), text))
        place += len(text) + 1
    return out


def date_in(text: str) -> tuple[int, int, str] | None:
    """日期: first full date in Arabic, Chinese or ISO form: start, end and YYYY-MM-DD (YYYY-MM without a day)."""
    match = _DATE.search(text)
    if match:
        year = match[1] if match[1].isdigit() else str(chinese_value(re.sub("[○ＯO]", "〇", match[1])))
        parts = [year]
        for word in (match[2], match[3]):
            if word:
                value = int(word) if word.isdigit() else chinese_value(word)
                if value is None:
                    return None
                parts.append(f"{value:02d}")
        return (*match.span(), "-".join(parts))
    match = _ISO.search(text)
    if match and 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31:
        return (*match.span(), f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}")
    return None


def split_at_gaps(flat: Flat, start: int, end: int) -> list[tuple[int, int]]:
    """以空格分开: pieces of flat[start:end] that stood apart in the source."""
    cuts = [start, *flat.gaps_in(start, end), end]
    return [(a, b) for a, b in itertools.pairwise(cuts) if b > a]


def institutions(flat: Flat, start: int, end: int) -> list[tuple[int, int]] | None:
    """署名机关: the bodies a line consists of and nothing else, split at blanks; None when it is another line."""
    text = flat.text[start:end]
    if not 2 <= len(text) <= 120 or re.search("[。；：《》\\d]", text):
        return None
    if INSTITUTION.fullmatch(text) and len(text) <= 30:
        pieces = split_at_gaps(flat, start, end)
        if len(pieces) > 1 and all(INSTITUTION.fullmatch(flat.text[a:b]) and b - a >= 4 for a, b in pieces):
            return pieces
        return [(start, end)]
    pieces = split_at_gaps(flat, start, end)
    if len(pieces) > 1 and all(INSTITUTION.fullmatch(flat.text[a:b]) for a, b in pieces):
        return pieces
    return None
