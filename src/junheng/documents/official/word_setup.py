"""Word 的底子: properties, styles, page numbers, mark and font table of a new .docx, before any text."""

import datetime
from math import floor
from typing import Any

from docx.oxml.ns import qn

from junheng.documents.official.arranged import Arranged
from junheng.documents.official.layout import Layout
from junheng.documents.official.word_parts import (
    Face,
    element,
    font_table,
    page_number,
    set_page,
    space,
    write,
)

_CREATED = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 (the format has no zone); the same content gives the same bytes
_MARK_COLOUR = "#8A1C1C"


def text_faces(layout: Layout) -> tuple[Face, ...]:
    """The faces of body text and of the four levels of headings, by level."""
    body = Face(layout.body_fonts[0], layout.body_pt)
    return (
        body,
        Face(layout.heading_fonts[0], layout.body_pt),
        Face(layout.subheading_fonts[0], layout.body_pt),
        Face(layout.body_fonts[0], layout.body_pt, layout.level3_bold),
        body,
    )


def set_up(word: Any, found: Arranged, layout: Layout) -> None:
    """Make an empty document ready for the text."""
    document = found.document
    properties = word.core_properties
    properties.title = found.title[:255]
    properties.author = ("、".join(document.signatures) or document.printed_by)[:255]
    properties.comments = properties.keywords = properties.last_modified_by = ""
    properties.created = properties.modified = _CREATED
    properties.language = "zh-CN"
    _styles(word, layout)
    word.settings.odd_and_even_pages_header_footer = True
    section = word.sections[0]
    set_page(section, layout, across=document.across)
    number = Face(layout.page_number_fonts[0], layout.page_number_pt)
    page_number(section.footer.paragraphs[0], number, "right")
    page_number(section.even_page_footer.paragraphs[0], number, "left")
    if document.marked:
        mark = Face(layout.heading_fonts[0], 10.5, colour=_MARK_COLOUR)
        for header in (section.header, section.even_page_header):
            space(header.paragraphs[0], align="center")
            write(header.paragraphs[0], document.marked, mark)
    stand_ins = {
        layout.body_fonts[0]: "仿宋",
        layout.heading_fonts[0]: "黑体",
        layout.subheading_fonts[0]: "楷体",
        layout.title_fonts[0]: "宋体",
    }
    for part in word.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = font_table(stand_ins)


def _styles(word: Any, layout: Layout) -> None:
    faces = text_faces(layout)
    wanted = {"Normal": faces[0]} | {f"Heading {level}": faces[level] for level in (1, 2, 3, 4)}
    for name, face in (wanted | {"Title": Face(layout.title_fonts[0], layout.title_pt)}).items():
        style = word.styles[name]
        properties = style.element.get_or_add_rPr()
        for old in list(properties):
            properties.remove(old)
        fonts = element("rFonts", ascii=face.font, hAnsi=face.font, eastAsia=face.font, cs=face.font)
        properties.append(fonts)
        if face.bold:
            properties.append(element("b"))
        # So that `chars` of them fill a line; rounded down, or the last one would fall to the next line.
        tighter = floor((layout.char_pt - layout.body_pt) * 20) if name != "Title" else 0
        properties.append(element("spacing", val=tighter))
        properties.append(element("sz", val=round(face.size * 2)))
        properties.append(element("lang", val="zh-CN", eastAsia="zh-CN"))
        form = style.element.get_or_add_pPr()
        for tag in ("pBdr", "spacing", "ind", "contextualSpacing"):
            for old in form.findall(qn(f"w:{tag}")):
                form.remove(old)
        if name == "Normal":
            for tag in ("autoSpaceDE", "autoSpaceDN"):
                form.append(element(tag, val=0))
