"""PDF 读入: the text layer line by line, with indents kept and running heads, feet and page numbers set aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import pypdfium2

from junheng.plandocs.refusal import UnreadableDocument
from junheng.plandocs.source import Document, Removed

MOST_PAGES = 2000
# A running head stands on at least this many pages and this share of them.
FEWEST_PAGES = 2
SHARE = 0.5
# Two columns begin further apart than any indent, in points.
COLUMN = 90
# Fewer characters a page than this are stamps and page numbers on scanned pictures.
FEWEST_CHARACTERS = 15
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\u00ad]")
_NUMBER = re.compile(r"(?:[-—–－·•\s]|第|共|页|/|of|Page|page)*(\d{1,4})(?:[-—–－·•\s]|第|共|页|/|\d)*")
_WORDS = re.compile("[\u3400-\u9fff\uff00-\uffef\u3000-\u303f -~“”‘’—…·℃㎡①-⑳]")
Progress = Callable[[str, float], None]


@dataclass
class _Line:
    page: int
    text: str
    left: float
    bottom: float
    size: float
    why: str = ""


def _lines(page: Any, number: int) -> list[_Line]:
    """Lines of one page in reading order, each with where it begins."""
    layer = page.get_textpage()
    text = layer.get_text_range()
    # Places agree with characters unless the page holds signs outside the first plane.
    exact = len(text) == layer.count_chars()
    out: list[_Line] = []
    for match in re.finditer(r"[^\r\n]+", text):
        words = _UNSEEN.sub("", match.group())
        if not words.strip():
            continue
        left = bottom = size = 0.0
        if exact:
            first = match.start() + len(match.group()) - len(match.group().lstrip())
            box_left, box_bottom, box_right, _ = layer.get_charbox(first, loose=True)
            left, bottom, size = box_left, box_bottom, box_right - box_left
        out.append(_Line(number, words.rstrip(), left, bottom, size))
    layer.close()
    return out


def _edges(pages: list[list[_Line]]) -> Iterator[tuple[_Line, str]]:
    """The two outermost lines at the top and at the foot of each page."""
    for lines in pages:
        ordered = (
            sorted(lines, key=lambda line: -line.bottom) if any(line.bottom for line in lines) else lines
        )
        for line in ordered[:2]:
            yield line, "页眉"
        for line in ordered[max(2, len(ordered) - 2) :]:
            yield line, "页脚"


def _place(line: _Line, why: str) -> tuple[str, str, int]:
    """What makes two heads the same: their words without numbers, and the height they stand at."""
    return re.sub(r"[\d\s]", "", line.text), why, round(line.bottom / 3)


def _set_aside(pages: list[list[_Line]]) -> None:
    """Marks running heads and feet, which repeat, and page numbers, which count."""
    seen: Counter[tuple[str, str, int]] = Counter()
    offsets: Counter[int] = Counter()
    for line, why in _edges(pages):
        seen[_place(line, why)] += 1
        number = _NUMBER.fullmatch(line.text.strip())
        if number:
            offsets[int(number[1]) - line.page] += 1
    shift, count = offsets.most_common(1)[0] if offsets else (0, 0)
    counted = count >= max(2, SHARE * len(pages))
    for line, why in _edges(pages):
        number = _NUMBER.fullmatch(line.text.strip())
        dressed = number is not None and not line.text.strip().isdigit()
        place = _place(line, why)
        if number and ((counted and int(number[1]) - line.page == shift) or dressed):
            line.why = "页码"
        elif len(place[0]) >= 2 and seen[place] >= max(FEWEST_PAGES, SHARE * len(pages)):
            line.why = why


def _margins(lines: list[_Line]) -> list[int]:
    """Where the columns of a page begin: the leftmost place at which several long lines start, column by column."""
    lefts = Counter(round(line.left) for line in lines if len(line.text) >= 6)
    margins: list[int] = []
    for left in sorted(left for left, count in lefts.items() if count >= 2):
        if not margins or left - margins[-1] > COLUMN:
            margins.append(left)
    return margins


def _indented(lines: list[_Line]) -> list[str]:
    """Text lines with the indent of a first line written as blanks; each column of a page has its own margin."""
    if not any(line.size for line in lines):
        return [line.text for line in lines]
    margins = _margins(lines)
    usual = max(median(line.size for line in lines if line.size), 4.0)
    out = []
    for line in lines:
        # A bracket at the head of a line is set half its width, so that it begins before the margin.
        margin = max((m for m in margins if m <= line.left + 0.6 * usual), default=None)
        set_in = margin is not None and line.left - margin >= 1.2 * usual
        out.append(("　　" if set_in else "") + line.text.strip())
    return out


def read_pdf(data: bytes, name: str, progress: Progress | None = None) -> Document:
    """PDF 读入: a sentence where it is locked, broken, or a scan without text; pages without text are named."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableDocument(f"“{name}”设了打开密码，请去掉密码后再上传。") from None
        raise UnreadableDocument(f"“{name}”不是完好的 PDF，请重新导出后再上传。") from None
    try:
        if len(document) > MOST_PAGES:
            raise UnreadableDocument(
                f"“{name}”有 {len(document)} 页，超过 {MOST_PAGES} 页，请只上传计划正文。"
            )
        pages: list[list[_Line]] = []
        for number in range(len(document)):
            if progress and number % 10 == 0:
                progress(f"读第{number + 1}页，共{len(document)}页", 0.3 * number / len(document))
            page = document[number]
            pages.append(_lines(page, number + 1))
            page.close()
    except pypdfium2.PdfiumError:
        raise UnreadableDocument(f"“{name}”有损坏的页，读不完整，请重新导出后再上传。") from None
    finally:
        document.close()
    return _document(pages, name)


def _document(pages: list[list[_Line]], name: str) -> Document:
    _set_aside(pages)
    written = sum(len(line.text) for lines in pages for line in lines if not line.why)
    if written < FEWEST_CHARACTERS * max(1, len(pages)):
        raise UnreadableDocument(
            f"“{name}”是扫描件，没有文字层，请先做文字识别（OCR）再上传，或上传 Word 原稿。"
        )
    readable = sum(len(_WORDS.findall(line.text)) for lines in pages for line in lines if not line.why)
    if readable * 2 < written:
        raise UnreadableDocument(
            f"“{name}”的文字层是乱码（字体没有编码表），请重新导出，或做文字识别（OCR）后再上传。"
        )
    blank = [str(number) for number, lines in enumerate(pages, 1) if not any(not line.why for line in lines)]
    notes = []
    if blank:
        listed = "、".join(blank[:12]) + ("等" if len(blank) > 12 else "")
        notes.append(f"第{listed}页没有文字，可能是扫描图片，内容没有读入，请核对或做文字识别（OCR）。")
    removed = tuple(
        Removed(line.page, line.text.strip(), line.why) for lines in pages for line in lines if line.why
    )
    kept = [line for lines in pages for line in _indented([line for line in lines if not line.why])]
    if removed:
        notes.append(f"每页的页眉、页脚和页码共 {len(removed)} 处没有计入正文，可在“略去的文字”中查看。")
    return Document(name, "\n".join(kept) + "\n", "pdf", removed, tuple(notes))
