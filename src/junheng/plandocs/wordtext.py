"""Word 正文: the stream of a document's elements → lines as a reader sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from junheng.plandocs.numbering import Counters

# A cell with more than this is a page laid out as a table, not a table.
LONGEST_CELL = 400
_BREAKS = {"w:br": "\n", "w:cr": "\n", "w:tab": "\t", "w:noBreakHyphen": "-"}
_SILENT = frozenset(
    ("w:del", "w:moveFrom", "w:instrText", "w:delText", "mc:Fallback", "w:rPrChange", "w:pPrChange")
)


@dataclass
class Styles:
    """段落样式: what styles.xml says of lists and names."""

    names: dict[str, str] = field(default_factory=dict)
    based: dict[str, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)

    def list_of(self, style: str) -> tuple[str, int] | None:
        """样式编号: list and level, its own or inherited; None for a style without numbers."""
        level: int | None = None
        for _ in range(20):
            level = self.levels.get(style) if level is None else level
            if style in self.lists:
                return self.lists[style], level or 0
            if style not in self.based:
                return None
            style = self.based[style]
        return None

    def contents(self, style: str) -> bool:
        """目录样式: entries of the table of contents."""
        return re.match(r"toc ?\d|目录", self.names.get(style, style.lower())) is not None


@dataclass
class _Paragraph:
    text: list[str] = field(default_factory=list)
    style: str = ""
    list_id: str | None = None
    level: int | None = None


@dataclass
class _Table:
    cells: list[list[str]] = field(default_factory=list)
    nested: bool = False


class Paragraphs:
    """正文各行: collects w:t text; deleted revisions, hidden words and field codes are not what a reader sees."""

    def __init__(self, counters: Counters, styles: Styles) -> None:
        self.lines: list[str] = []
        self.notes: list[str] = []
        self._counters = counters
        self._styles = styles
        self._open: list[_Paragraph] = []
        self._tables: list[_Table] = []
        self._silent = 0
        self._hidden = False
        self._in_run = 0
        self._in_text = 0
        self._in_properties = 0
        self._contents: list[bool] = []

    def _note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def start(self, tag: str, given: dict[str, str]) -> None:
        """开始标记: of one element."""
        if tag in _SILENT:
            self._silent += 1
            if tag in ("w:del", "w:moveFrom"):
                self._note("文档带有修订痕迹，已按接受全部修订读取。")
        elif tag == "w:ins":
            self._note("文档带有修订痕迹，已按接受全部修订读取。")
        elif tag == "w:p":
            self._open.append(_Paragraph())
        elif tag == "w:r":
            self._in_run += 1
            self._hidden = False
        elif tag in ("w:pPr", "w:rPr"):
            self._in_properties += 1
        elif tag == "w:t":
            self._in_text += 1
        elif tag == "w:sdt":
            self._contents.append(False)
        elif tag == "w:docPartGallery" and self._contents and "contents" in given.get("val", "").lower():
            self._contents[-1] = True
        elif tag == "w:tbl":
            if self._tables:
                self._tables[-1].nested = True
            self._tables.append(_Table())
        elif tag == "w:tr" and self._tables:
            self._tables[-1].cells = []
        elif tag == "w:tc" and self._tables:
            self._tables[-1].cells.append([])
        elif self._open:
            self._property(tag, given)

    def _property(self, tag: str, given: dict[str, str]) -> None:
        here, value = self._open[-1], given.get("val", "")
        if tag == "w:pStyle":
            here.style = value
        elif tag == "w:numId" and self._in_properties:
            here.list_id = value
        elif tag == "w:ilvl" and self._in_properties:
            here.level = int(value) if value.isdigit() else 0
        elif tag == "w:vanish" and self._in_run and value not in ("0", "false"):
            self._hidden = True
            self._note("文档含有隐藏文字，没有读入。")
        elif tag in _BREAKS and self._in_run and not self._in_properties and not self._silent:
            here.text.append(_BREAKS[tag])

    def end(self, tag: str) -> None:
        """结束标记: of one element."""
        if tag in _SILENT:
            self._silent -= 1
        elif tag == "w:t":
            self._in_text -= 1
        elif tag == "w:r":
            self._in_run -= 1
            self._hidden = False
        elif tag in ("w:pPr", "w:rPr"):
            self._in_properties -= 1
        elif tag == "w:p" and self._open:
            self._close(self._open.pop())
        elif tag == "w:sdt" and self._contents:
            self._contents.pop()
        elif tag == "w:tr" and self._tables:
            self._row(self._tables[-1])
        elif tag == "w:tbl" and self._tables:
            self._tables.pop()

    def data(self, text: str) -> None:
        """文字: of the innermost paragraph, where it can be seen."""
        if self._in_text and not self._silent and not self._hidden and self._open:
            self._open[-1].text.append(text)

    def _close(self, paragraph: _Paragraph) -> None:
        if self._silent or any(self._contents) or self._styles.contents(paragraph.style):
            return
        words = "".join(paragraph.text)
        listed = self._list_of(paragraph)
        if listed and words.strip():
            label = self._counters.next(*listed)
            if label:
                self._note("标题或段落的序号由 Word 自动编号生成，已按编号补在段首。")
                words = label + ("" if label[-1] in "、.．)）：——●" else " ") + words
        if self._tables and self._tables[-1].cells:
            self._tables[-1].cells[-1].append(words)
        else:
            self.lines.append(words)

    def _list_of(self, paragraph: _Paragraph) -> tuple[str, int] | None:
        styled = self._styles.list_of(paragraph.style) if paragraph.style else None
        if paragraph.list_id is None:
            return (styled[0], styled[1] if paragraph.level is None else paragraph.level) if styled else None
        # List 0 takes the numbers of the style away again.
        return None if paragraph.list_id == "0" else (paragraph.list_id, paragraph.level or 0)

    def _row(self, table: _Table) -> None:
        cells = [[line for line in cell if line.strip()] for cell in table.cells]
        table.cells = []
        longest = max((sum(map(len, cell)) for cell in cells), default=0)
        if table.nested or longest > LONGEST_CELL or len(cells) < 2:
            lines = [line for cell in cells for line in cell]
        else:
            lines = ["\t".join(re.sub(r"[\t\n]+", " ", " ".join(cell)) for cell in cells)]
        if len(self._tables) > 1 and self._tables[-2].cells:
            self._tables[-2].cells[-1].extend(lines)
        else:
            self.lines.extend(lines)
