"""压平文本: one string per document in which every rule runs, with a map back to the text as read.

Blanks, page breaks inside sentences, Markdown marks and bookmark residue are left out; punctuation and digits take one
form each. One character of the flat text is exactly one code point of the source, so a span maps back without guessing.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from junheng.plandocs.wrapping import LABEL, column_width, goes_on, room_of, wrap_width

# Same-length replacements only: NFKC would turn （一） into (一) and ㎡ into m2 and shift every offset.
_FORMS = str.maketrans(
    {
        **{chr(0xFF10 + n): str(n) for n in range(10)},
        **{chr(0xFF21 + n): chr(0x41 + n) for n in range(26)},
        **{chr(0xFF41 + n): chr(0x61 + n) for n in range(26)},
        "(": "（",
        ")": "）",
        "[": "〔",
        "]": "〕",
        "【": "〔",
        "】": "〕",
        "［": "〔",
        "］": "〕",
        ",": "，",
        ":": "：",
        ";": "；",
        "?": "？",
        "!": "！",
        "％": "%",
        "﹪": "%",
        "．": ".",
        "＋": "+",
        "～": "~",
        "∼": "~",
        "〜": "~",
        "－": "-",
        "–": "-",
        "−": "-",
        "‐": "-",
        "―": "—",
        "─": "—",
        "﹣": "-",
        "“": "“",
        "”": "”",
        "＂": '"',
        "〈": "〈",
        "︰": "：",
        "﹕": "：",
        "／": "/",
        "＝": "=",
        "｡": "。",
        "學": "学",
        "擇": "择",
        "題": "题",
        "員": "员",
        "單": "单",
        "責": "责",
        "縣": "县",
        "萬": "万",
        "個": "个",
    }
)
# Single words inside square brackets are residue of a converter; a bracketed year is not.
_LEFT_OUT = re.compile(
    r"\*\*+|__+(?=\S)|\[bookmark: ?[^\]\n]{0,40}\]|^[ \t]*#{1,6}(?=[ \t])|[\s\u200b\u200c\u200d\ufeff\u00ad\ue000-\uf8ff]+"
)
_MARKED = re.compile(r"^(?:[#>*_]+[ \t]*)+")
_PAGE_NUMBER = re.compile(
    r"[ \t\u3000]*(?:[-—–－][ \t\u3000]*\d{1,3}[ \t\u3000]*[-—–－]|第\d{1,3}页(?:共\d{1,3}页)?)[ \t\u3000]*"
)


@dataclass(frozen=True)
class Flat:
    """压平文本: `text` for rules, `kept` with the original characters, and the place of each in `source`."""

    source: str
    text: str
    kept: str
    index: array[int]
    gaps: array[int]
    # Rows of cells in places of the source; the first row of each table is its heading.
    tables: tuple[tuple[tuple[tuple[int, int], ...], ...], ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """原文位置: code-point offsets in the source of flat[start:end]; an empty span stays empty."""
        if not self.index:
            return 0, 0
        begin = self.index[start] if start < len(self.index) else len(self.source)
        return begin, max(begin, self.index[end - 1] + 1) if end > start else begin

    def words(self, start: int, end: int) -> str:
        """原样词句: the original characters of flat[start:end], without blanks and breaks."""
        return self.kept[start:end].replace("\n", "")

    def gaps_in(self, start: int, end: int) -> array[int]:
        """空格处: places strictly inside [start, end) that a blank preceded in the source."""
        return self.gaps[bisect_right(self.gaps, start) : bisect_left(self.gaps, end)]

    def paragraph(self, place: int) -> tuple[int, int]:
        """所在段落: flat offsets of the paragraph that holds `place`."""
        start = self.text.rfind("\n", 0, place) + 1
        end = self.text.find("\n", place)
        return start, end if end >= 0 else len(self.text)


def _broken(at: int, line: str, whole: int) -> list[tuple[int, str]]:
    """A line that holds most of a document lost its breaks; where blanks stand in for them it is parted there."""
    if len(line) < 200 or len(line) < 0.6 * whole:
        return [(at, line)]
    blanks = [m.span() for m in re.finditer(r"[ \t\u3000]+", line.strip())]
    if len(blanks) * 12 > len(line):
        return [(at, line)]
    out: list[tuple[int, str]] = []
    start = 0
    for begin, end in ((m.start(), m.end()) for m in re.finditer(r"[ \t\u3000]+", line)):
        piece = line[start:begin]
        label = LABEL.match(piece)
        alone = len(piece) < 2 or (label is not None and label.end() == len(piece))
        following = line[end : end + 2]
        ascii_on_both_sides = piece[-1:].isascii() and following[:1].isascii()
        if alone or ascii_on_both_sides or re.match(r"[\u4e00-\u9fff][：:]", following):
            continue
        out.append((at + start, piece))
        start = end
    return [*out, (at + start, line[start:])]


def _cells(at: int, line: str) -> list[tuple[int, str]]:
    """Cells of one table row, each with its place in the source."""
    out, place = [], at
    for cell in line.split("\t"):
        out.append((place, cell))
        place += len(cell) + 1
    return out


def _tables(lines: list[tuple[int, str]]) -> tuple[tuple[tuple[tuple[int, int], ...], ...], ...]:
    """Two or more neighbouring lines with the same number of tabs, at least two; lists of keys and values are none."""
    out: list[tuple[tuple[tuple[int, int], ...], ...]] = []
    run: list[tuple[tuple[int, int], ...]] = []
    for at, line in [*lines, (0, "")]:
        row = (
            ()
            if "：\t" in line or ":\t" in line
            else tuple((a, a + len(cell)) for a, cell in _cells(at, line))
        )
        if len(row) >= 3 and (not run or len(run[0]) == len(row)):
            run.append(row)
            continue
        if len(run) >= 2:
            out.append(tuple(run))
        run = [row] if len(row) >= 3 else []
    return tuple(out)


_LATIN_STOP = re.compile(r"(?<=[\u4e00-\u9fff”》%）])\.(?=[\u4e00-\u9fff“《（\n]|(?:19|20)\d{2}年|$)")
_LABEL_BEFORE = re.compile(r"(?:^|\n)（?[一二三四五六七八九十\d]{1,3}）?$")


def _full_stop(m: re.Match[str]) -> str:
    """制定方案.全面部署: a Latin full stop between Chinese words ends a sentence; behind a label it belongs to the label."""
    return "." if _LABEL_BEFORE.search(m.string, max(0, m.start() - 8), m.start()) else "。"


def flatten(source: str) -> Flat:
    """压平: reads the source once, left to right; linear in its length."""
    lines: list[tuple[int, str]] = []
    place = 0
    for line in re.split(r"\r\n|[\n\r\f\v\u2028\u2029\x85]", source):
        lines.append((place, line))
        place += len(line)
        place += 2 if source.startswith("\r\n", place) else 1
    tables = _tables(lines)
    cells = {start for table in tables for row in table for start, _ in row}
    lines = [
        piece
        for at, line in lines
        for piece in (_cells(at, line) if at in cells else _broken(at, line, len(source)))
    ]
    filled = [
        (at, line) for at, line in lines if _LEFT_OUT.sub("", line) and not _PAGE_NUMBER.fullmatch(line)
    ]
    width = wrap_width([line.strip() for _, line in filled])
    indented = [line[:1] in "\u3000\t" or line[:2] == "  " for _, line in filled]
    # Where nearly all lines are set in, the blanks are a margin and say nothing about paragraphs.
    telling = sum(indented) * 5 < len(indented) * 4
    margin = telling and sum(indented) >= 3
    if margin and not width:
        width = column_width([line for _, line in filled], indented)
    kept: list[str] = []
    index = array("q")
    gaps = array("q")
    previous = ""
    room = 0.0
    for (at, line), set_in in zip(filled, indented, strict=True):
        bare = _MARKED.sub("", line.strip())
        if index:
            parted = at in cells or (set_in and telling)
            if not parted and goes_on(previous, bare, width, margin, room):
                if (
                    previous[-1:].isascii()
                    and previous[-1:].isalnum()
                    and bare[0].isascii()
                    and bare[0].isalpha()
                ):
                    gaps.append(len(index))
            else:
                kept.append("\n")
                index.append(at - 1)
        cursor = 0
        for match in (*_LEFT_OUT.finditer(line), None):
            stop = match.start() if match else len(line)
            if stop > cursor:
                kept.append(line[cursor:stop])
                index.extend(range(at + cursor, at + stop))
            if match is None:
                break
            cursor = match.end()
            if match.group().isspace() and match.start() > 0 and cursor < len(line):
                gaps.append(len(index))
                # Two numbers or two Latin words parted by a blank are two, not one.
                if _keeps_blank(line[match.start() - 1], line[cursor]):
                    kept.append(" ")
                    index.append(at + match.start())
        previous = bare
        room = room_of(bare) + (2 if set_in else 0)
    joined = "".join(kept)
    text = re.sub(r"(?<=\d)，(?=\d{3}(?!\d))", ",", joined.translate(_FORMS)) if joined else ""
    text = _LATIN_STOP.sub(_full_stop, re.sub(r"(?<=\d)：(?=\d)", ":", text))
    return Flat(source, text, joined, index, gaps, tables)


def _keeps_blank(left: str, right: str) -> bool:
    return (left.isdigit() and right.isdigit()) or (
        left.isascii() and right.isascii() and left.isalpha() and right.isalpha()
    )
