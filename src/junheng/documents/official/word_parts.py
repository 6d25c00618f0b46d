"""Word 的零件: runs, paragraphs, borders and page set-up of a .docx, and how it is saved with the same bytes each time."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from junheng.documents.official.arranged import Piece
from junheng.documents.official.layout import Layout

_AFTER_SNAP = tuple(
    f"w:{name}" for name in ("spacing", "ind", "contextualSpacing", "jc", "outlineLvl", "rPr", "sectPr")
)
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:snapToGrid", *_AFTER_SNAP)
SIDES = {
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


@dataclass(frozen=True, slots=True)
class Face:
    """字面: font, size, weight and colour of some words."""

    font: str
    size: float
    bold: bool = False
    colour: str = ""


def element(tag: str, **attributes: object) -> Any:
    """One XML element of the w: vocabulary; attribute names without prefix."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def write(paragraph: Paragraph, text: str, face: Face, *, raised: bool = False) -> None:
    """Words in a face; a line break in them stays one."""
    for number, part in enumerate(text.split("\n")):
        run = paragraph.add_run(part)
        dress(run, face)
        run.font.superscript = True if raised else None
        if number:
            run._r.insert(1, element("br"))


def dress(run: Run, face: Face) -> None:
    """Put a run into a face, for Chinese and Latin letters alike."""
    run.font.name = face.font
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for script in ("eastAsia", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), face.font)
    fonts.set(qn("w:hint"), "eastAsia")
    run.font.size = Pt(face.size)
    run.font.bold = face.bold
    if face.colour:
        run.font.color.rgb = RGBColor.from_string(face.colour.lstrip("#"))


def write_pieces(paragraph: Paragraph, pieces: Iterable[Piece], face: Face) -> None:
    """Words with the numbers of their sources raised behind them."""
    for piece in pieces:
        write(paragraph, piece.text, Face(face.font, face.size, face.bold or piece.bold, face.colour))
        if piece.ref:
            write(paragraph, f"[{piece.ref}]", Face(face.font, face.size), raised=True)


def space(
    paragraph: Paragraph,
    *,
    line: float = 0,
    before: float = 0,
    after: float = 0,
    first_chars: float = 0,
    left_chars: float = 0,
    right_chars: float = 0,
    hanging_chars: float = 0,
    size: float = 16,
    align: str = "",
    snap: bool = True,
) -> None:
    """Distances in points (`line` 0: as high as the contents), indents in characters of `size` points.

    `snap` keeps the lines on the page's grid; without a fixed height they never are.
    """
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    if line:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    else:
        form.line_spacing = 1.0
    if not (line and snap):
        off = element("snapToGrid", val=0)
        paragraph._p.get_or_add_pPr().insert_element_before(off, *_AFTER_SNAP)
    if align:
        paragraph.alignment = SIDES[align]
    indents = {"firstLine": first_chars, "left": left_chars, "right": right_chars, "hanging": hanging_chars}
    wanted = {name: chars for name, chars in indents.items() if chars}
    if wanted:
        ind = paragraph._p.get_or_add_pPr().get_or_add_ind()
        for name, chars in wanted.items():
            ind.set(qn(f"w:{name}Chars"), str(round(chars * 100)))
            ind.set(qn(f"w:{name}"), str(round(chars * size * 20)))


def rule_below(paragraph: Paragraph, *, width_pt: float, gap_pt: float, colour: str) -> None:
    """A line across the text below a paragraph."""
    borders = element("pBdr")
    borders.append(
        element("bottom", val="single", sz=round(width_pt * 8), space=round(gap_pt), color=colour.lstrip("#"))
    )
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


def set_page(section: Any, layout: Layout, *, across: bool) -> None:
    """A4 with the margins of an official document; across, the binding side is at the top."""
    wide, high = (Mm(297), Mm(210)) if across else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = wide, high
    sides = (layout.left_mm, layout.right_mm, layout.bottom_mm, layout.top_mm) if across else (
        layout.top_mm, layout.bottom_mm, layout.left_mm, layout.right_mm)  # fmt: skip
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, sides)
    number_height = layout.page_number_pt * 25.4 / 72
    section.footer_distance = Mm(max(5.0, sides[1] - layout.page_number_drop_mm - number_height))
    section.header_distance = Mm(12)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    # A grid of characters is read in different ways by Word, WPS and LibreOffice; the narrower spacing of the style is not.
    section._sectPr.append(element("docGrid", type="lines", linePitch=round(layout.line_pt * 20)))


def page_number(paragraph: Paragraph, face: Face, side: str) -> None:
    """页码 — 1 —, one character from the outer edge."""
    space(paragraph, align=side, size=face.size, left_chars=side == "left", right_chars=side == "right")
    write(paragraph, "— ", face)
    for kind, words in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run("1" if kind == "text" else "")
        dress(run, face)
        if words:
            code = element("instrText")
            code.text = words
            run._r.append(code)
        elif kind != "text":
            run._r.append(element("fldChar", fldCharType=kind))
    write(paragraph, " —", face)


def font_table(names: dict[str, str]) -> bytes:
    """字体表: {wanted font: the font that stands in where it is not installed}."""
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(other)}/>"
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, other in names.items()
    )
    space_name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{space_name}">{fonts}</w:fonts>'.encode()


def saved(document: Any) -> bytes:
    """The file's bytes, the same for the same content: entries carry a fixed date."""
    stream = BytesIO()
    document.save(stream)
    answer = BytesIO()
    with ZipFile(stream) as made, ZipFile(answer, "w", ZIP_DEFLATED) as again:
        for entry in made.infolist():
            fixed = ZipInfo(entry.filename, (2000, 1, 1, 0, 0, 0))
            fixed.compress_type = ZIP_DEFLATED
            again.writestr(fixed, made.read(entry))
    return answer.getvalue()
