"""公文 Word: a .docx in the layout of official documents, to be edited further in Word or WPS."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm

from junheng.documents.official.arranged import Arranged, Boxes, Drawing, Grid, Item, Line, Turn
from junheng.documents.official.arranging import SOURCES_TITLE, arranged, numbers_of
from junheng.documents.official.fonts import NoChineseFont
from junheng.documents.official.layout import STANDARD, Layout
from junheng.documents.official.model import OfficialDocument
from junheng.documents.official.pdf import chart_png
from junheng.documents.official.places import head_size, signature_places, title_lines
from junheng.documents.official.word_parts import (
    Face,
    rule_below,
    saved,
    set_page,
    space,
    write,
    write_pieces,
)
from junheng.documents.official.word_setup import set_up, text_faces
from junheng.documents.official.word_tables import add_boxes, add_grid, add_imprint


def official_document(
    document: OfficialDocument, *, layout: Layout = STANDARD, font_paths: Sequence[str] = ()
) -> bytes:
    """公文 Word: the same content gives the same bytes. Fonts are named, not embedded; where they are missing Word takes the stand-in named beside them.

    Charts are pictures with their numbers below; without a Chinese font on this machine only the numbers are given.
    """
    return saved(_Writer(arranged(document), layout, tuple(font_paths)).made())


class _Writer:
    """Writes one arranged document from top to bottom; knows whether the paper lies across at the moment."""

    def __init__(self, found: Arranged, layout: Layout, font_paths: tuple[str, ...]) -> None:
        self.found, self.layout, self.font_paths = found, layout, font_paths
        self.word: Any = Document()
        # How the paper lies at the moment, and how it lies where nothing else is asked for.
        self.across = self.usual = found.document.across
        self.breaking = False
        self.faces = text_faces(layout)

    def made(self) -> Any:
        """The finished document."""
        set_up(self.word, self.found, self.layout)
        found, document = self.found, self.found.document
        if document.head or document.urgency:
            self._head()
        self._title(found.title)
        if document.number and not document.head:
            self._plain(document.number, align="right")
        if found.recipients:
            self._empty()
            self._plain(found.recipients)
        else:
            self._empty()
        self._items(found.items)
        self._foot()
        for annex in found.annexes:
            first = annex.items[0]
            if not self._turn(across=self.usual or (isinstance(first, Grid) and first.wide)):
                self._new_page()
            write(self._paragraph(), annex.label, self.faces[1])
            self._empty()
            self._title(annex.title)
            self._empty()
            self._items(annex.items)
        if found.sources:
            if not self._turn(across=self.usual):
                self._new_page()
            write(self._paragraph(), SOURCES_TITLE, self.faces[1])
            add_grid(self.word, found.sources, self.layout, self.layout.wide_table_pt, self._width())
        if found.imprint:
            self._turn(across=self.usual)
            add_imprint(self.word, found.imprint, self.layout)
        return self.word

    def _head(self) -> None:
        layout, document = self.layout, self.found.document
        if document.urgency:
            write(self._paragraph(), document.urgency, self.faces[1])
        if not document.head:
            return
        size = head_size(document.head, layout)
        drop = layout.head_drop_mm / 25.4 * 72 - (layout.line_pt if document.urgency else 0)
        paragraph = self._begun()
        # Word ignores the space above the first paragraph of a page only after a break, not here.
        space(paragraph, line=size * 1.25, before=max(0.0, drop), align="center", snap=False)
        write(paragraph, document.head, Face(layout.title_fonts[0], size, colour=layout.head_colour))
        self._empty()
        self._empty()
        paragraph = self._begun()
        if document.signer:
            space(paragraph, line=layout.line_pt, left_chars=1, right_chars=1)
            paragraph.paragraph_format.tab_stops.add_tab_stop(
                Mm(layout.width_mm - layout.body_pt * 25.4 / 72), alignment=WD_TAB_ALIGNMENT.RIGHT
            )
            write(paragraph, f"{document.number}\t签发人：", self.faces[0])
            write(paragraph, document.signer, self.faces[2])
        else:
            space(paragraph, line=layout.line_pt, align="center")
            write(paragraph, document.number, self.faces[0])
        rule_below(
            paragraph,
            width_pt=layout.red_line_pt,
            gap_pt=layout.red_line_gap_mm / 25.4 * 72,
            colour=layout.head_colour,
        )
        for _ in range(layout.lines_below_red_line):
            self._empty()

    def _foot(self) -> None:
        found, layout = self.found, self.layout
        if found.annex_names:
            self._empty()
        several = len(found.annex_names) > 1
        for number, name in enumerate(found.annex_names):
            paragraph = self._begun()
            hanging = (4 if several else 3) if number == 0 else 1
            left = 2 + 3 + (1 if several else 0)
            space(paragraph, line=layout.line_pt, left_chars=left, hanging_chars=hanging)
            write(paragraph, ("附件：" if number == 0 else "") + name, self.faces[0])
        rights, date_right = signature_places(found, layout)
        closing = [
            *zip(found.document.signatures, rights, strict=True),
            *([(found.date, date_right)] if found.date else []),
        ]
        if closing:
            for _ in range(2):
                self._empty(together=True)
        for words, right in closing:
            paragraph = self._plain(words, align="right", right_chars=right)
            paragraph.paragraph_format.keep_with_next = words != found.date
        if found.document.note:
            write(self._paragraph(indent=True), f"（{found.document.note}）", self.faces[0])

    def _items(self, items: tuple[Item, ...]) -> None:
        for item in items:
            wide = isinstance(item, Grid) and item.wide
            turned = self._turn(across=wide or self.usual)
            if self.breaking and not isinstance(item, Line | Turn):
                space(self._begun(), line=1, snap=False)
            match item:
                case Line():
                    self._line(item)
                case Grid():
                    size = self.layout.wide_table_pt if wide else self.layout.table_pt
                    add_grid(
                        self.word,
                        item,
                        self.layout,
                        size,
                        self.layout.height_mm if wide else self.layout.width_mm,
                    )
                case Boxes():
                    add_boxes(self.word, item, self.layout)
                case Drawing():
                    self._drawing(item)
                case _:
                    if not turned:
                        self._new_page()

    def _line(self, line: Line) -> None:
        if not line.lead:
            flush = line.plain or line.align != "left"
            paragraph = self._paragraph(indent=not flush)
            if line.align != "left":
                space(paragraph, line=self.layout.line_pt, align=line.align)
            write_pieces(paragraph, line.pieces, self.faces[0])
            return
        paragraph = self._paragraph(indent=True)
        write(paragraph, line.lead, self.faces[line.level])
        if line.pieces:
            write_pieces(paragraph, line.pieces, self.faces[0])
        else:
            paragraph.style = self.word.styles[f"Heading {line.level}"]
            paragraph.paragraph_format.keep_with_next = True

    def _drawing(self, item: Drawing) -> None:
        try:
            picture = chart_png(item.chart, layout=self.layout, font_paths=self.font_paths)
        except NoChineseFont:
            if not item.chart.with_table:
                add_grid(
                    self.word, numbers_of(item.chart), self.layout, self.layout.table_pt, self.layout.width_mm
                )
            return
        paragraph = self.word.add_paragraph()
        space(paragraph, align="center", before=6)
        shape = paragraph.add_run().add_picture(BytesIO(picture), width=Mm(self.layout.width_mm))
        properties = shape._inline.docPr
        properties.set("descr", item.alt[:2000])
        properties.set("name", item.chart.title[:80])
        if item.note:
            note = self.word.add_paragraph()
            space(note)
            write_pieces(note, item.note, Face(self.layout.body_fonts[0], self.layout.table_pt - 1.5))

    def _title(self, words: str) -> None:
        paragraph = self._begun()
        paragraph.style = self.word.styles["Title"]
        space(paragraph, line=self.layout.title_line_pt, align="center", snap=False)
        lines = "\n".join(title_lines(words, self.layout))
        write(paragraph, lines, Face(self.layout.title_fonts[0], self.layout.title_pt))

    def _paragraph(self, *, indent: bool = False) -> Any:
        paragraph = self._begun()
        space(paragraph, line=self.layout.line_pt, first_chars=2 if indent else 0, align="both")
        return paragraph

    def _plain(self, words: str, *, align: str = "left", right_chars: float = 0) -> Any:
        paragraph = self._begun()
        space(paragraph, line=self.layout.line_pt, align=align, right_chars=right_chars)
        write(paragraph, words, self.faces[0])
        return paragraph

    def _width(self) -> float:
        return self.layout.height_mm if self.across else self.layout.width_mm

    def _empty(self, *, together: bool = False) -> None:
        paragraph = self._paragraph()
        paragraph.paragraph_format.keep_with_next = together

    def _new_page(self) -> None:
        self.breaking = True

    def _begun(self) -> Any:
        """A new paragraph, on a new page when one was asked for."""
        paragraph = self.word.add_paragraph()
        paragraph.paragraph_format.page_break_before = True if self.breaking else None
        self.breaking = False
        return paragraph

    def _turn(self, *, across: bool) -> bool:
        """Turn the paper when it lies otherwise; True when a new page began by it."""
        if across == self.across:
            return False
        self.across = across
        section = self.word.add_section(WD_SECTION.NEW_PAGE)
        set_page(section, self.layout, across=across)
        # The mark of the turn must not need a page of its own below a full table.
        space(self.word.paragraphs[-1], line=1, snap=False)
        return True
