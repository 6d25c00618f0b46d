"""Word 的表行: rows of a table written as XML at once; through the library a list of 300 tasks takes ten seconds and more."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from junheng.documents.official.arranged import Pieces
from junheng.documents.official.word_parts import Face

_NAMES = nsdecls("w")
_SHADED = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'
_TWIPS = 1440 / 25.4


def row(
    cells: Sequence[tuple[Pieces, str]],
    widths_mm: Sequence[float],
    face: Face,
    *,
    heading: bool = False,
    group: bool = False,
) -> Any:
    """A row of cells (words, alignment); `heading` repeats it on each page; `group` makes the one cell span all columns.

    Words must be `fit` already.
    """
    marks = "<w:cantSplit/>" + ("<w:tblHeader/>" if heading else "")
    made = [f"<w:tr {_NAMES}><w:trPr>{marks}</w:trPr>"]
    spans = [sum(widths_mm)] if group else widths_mm
    for (pieces, align), width in zip(cells, spans, strict=True):
        span = f'<w:gridSpan w:val="{len(widths_mm)}"/>' if group else ""
        shade = _SHADED if heading or group else ""
        keep = "<w:keepNext/>" if group else ""
        words = "".join(
            _run(piece.text, face, bold=piece.bold) + (_raised(piece.ref, face) if piece.ref else "")
            for piece in pieces
        )
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{round(width * _TWIPS)}" w:type="dxa"/>{span}{shade}<w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr>{keep}<w:snapToGrid w:val="0"/><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>'
            f'<w:jc w:val="{align}"/></w:pPr>{words}</w:p></w:tc>'
        )
    return parse_xml("".join(made) + "</w:tr>")


def _run(text: str, face: Face, *, bold: bool = False, more: str = "") -> str:
    font = quoteattr(face.font)
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    strong = "<w:b/>" if bold or face.bold else ""
    return (
        f'<w:r><w:rPr><w:rFonts w:ascii={font} w:hAnsi={font} w:eastAsia={font} w:cs={font} w:hint="eastAsia"/>{strong}'
        f'<w:sz w:val="{round(face.size * 2)}"/>{more}</w:rPr>{lines}</w:r>'
    )


def _raised(number: int, face: Face) -> str:
    return _run(f"[{number}]", face, more='<w:vertAlign w:val="superscript"/>')
