"""断行: whether a line break ends a paragraph, or is a wrap or a page break inside a sentence."""

from __future__ import annotations

import re
from statistics import median

LABEL = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十百零\d]{1,4}[编章节条]"
    r"|\d{1,2}[、.．](?!\d)|[（(]\d{1,2}[）)]|[①-⑳]|——|--|[•●■◆]|附件|附：|抄送|主送|[（(]此件|专栏)"
)
_APART = re.compile(
    r"(?:现将|现就|《[^》]{4,80}》(?:已经?|业经|经)|经[^，。；]{2,24}(?:同意|批准|审议|研究)|为(?:贯彻|深入|全面|进一步|切实|加快|落实|推进|推动)|特此通知|[（(]?(?:责任|牵头|配合|主办|协办|承办|完成时限)\w{0,4}[：:]|组\s*长|副\s*组\s*长|成\s*员|.{0,30}[：:]$|\d{4}年\d{1,2}月\d{1,2}日?$)"
)
_ENDS = "。！？；：!?;:…）)》」】〕"


def room_of(line: str) -> float:
    """行宽: width of a line in Chinese characters; Latin letters and digits take half."""
    return len(line) - len(line.encode("ascii", "ignore")) / 2


def goes_on(before: str, after: str, width: float, margin: bool, room: float) -> bool:
    """是否续行: whether a line break is a page break or a wrap inside a sentence; `margin`: paragraphs are set in; `room`: of `before`."""
    if not before or not after or LABEL.match(after):
        return False
    if margin and width and room >= (width - 1.5 if before[-1] in _ENDS else 0.7 * width):
        # A full line followed by one that is not set in: the paragraph goes on, whatever mark it stopped at.
        return True
    if _APART.match(after):
        return False
    if before[-1] in "、，,“《〈（(":
        return len(before) > 12
    tail = before[-60:]
    if tail.count("（") > tail.count("）") and len(before) > 12:
        return True
    if before[-1] in _ENDS or before[-1] == "”":
        return False
    if before[-1].isdigit() and len(before) > 6 and re.match("[年月日号个所名人项万亿%]", after):
        return True
    wrapped = width > 0 and room >= width - 2
    if LABEL.match(before) and not re.search("[，。；,;]", before):
        return wrapped and len(before) > 24
    running = re.search("[，。；,;]", before) is not None
    return (running and len(before) >= 20) or wrapped or len(before) >= 60


def wrap_width(lines: list[str]) -> float:
    """折行宽度: of a text wrapped at a fixed column (0 when it is not): many unfinished lines of one length."""
    open_lines = [room_of(line) for line in lines if len(line) >= 12 and line[-1] not in _ENDS]
    if len(open_lines) < 8 or len(open_lines) * 3 < len(lines):
        return 0
    middle = median(open_lines)
    close = sum(abs(length - middle) <= 2.5 for length in open_lines)
    longer = sum(room_of(line) > middle + 3 for line in lines)
    # In a wrapped text hardly a line is longer than the column.
    return middle if close * 10 >= len(open_lines) * 7 and longer * 50 <= len(lines) else 0


def column_width(lines: list[str], indented: list[bool]) -> float:
    """版心宽度: of a short text whose paragraphs are set in: what its longest lines share; 0 where they share nothing."""
    rooms = [
        room_of(line.strip()) + (2 if set_in else 0) for line, set_in in zip(lines, indented, strict=True)
    ]
    widest = max(rooms)
    full = sum(room >= widest - 2.5 for room in rooms)
    return widest - 1 if widest <= 60 and full >= max(3, len(rooms) // 4) else 0
