"""Word 的表: tables, forms and the imprint of an official document."""

from math import ceil
from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import _Cell

from junheng.documents.official.arranged import Box, Boxes, Grid, Piece, Pieces
from junheng.documents.official.layout import Layout
from junheng.documents.official.word_parts import Face, element, space, write, write_pieces
from junheng.documents.official.word_rows import row

_LABEL = 1.15 / (1.15 + 2.4) / 2  # share of a form's width taken by one label


def add_grid(document: Any, grid: Grid, layout: Layout, size: float, width_mm: float) -> None:
    """A table over the width of the text, its heading repeated on each page."""
    face, bold = Face(layout.body_fonts[0], size), Face(layout.heading_fonts[0], size)
    if grid.title:
        paragraph = document.add_paragraph()
        space(paragraph, align="center", before=4, after=4)
        paragraph.paragraph_format.keep_with_next = True
        write(paragraph, grid.title, bold)
    total = sum(column.width for column in grid.columns)
    widths = [width_mm * column.width / total for column in grid.columns]
    table = _table(document, widths)
    rows = table._tbl
    headings = [((Piece(column.heading),), "center") for column in grid.columns]
    rows.append(row(headings, widths, bold, heading=True))
    for number, cells in enumerate(grid.rows):
        if words := grid.groups.get(number):
            rows.append(row([((Piece(words),), "left")], widths, bold, group=True))
        aligned = [(pieces, column.align) for pieces, column in zip(cells, grid.columns, strict=True)]
        rows.append(row(aligned, widths, face))
    paragraph = document.add_paragraph()
    # Two tables would grow together without a paragraph between them.
    space(paragraph, line=0 if grid.note else 8, after=6 if grid.note else 0, snap=False)
    write_pieces(paragraph, grid.note, Face(face.font, size - 1.5))


def add_boxes(document: Any, boxes: Boxes, layout: Layout) -> None:
    """A form: labels and words in a grid of four columns."""
    label_mm = layout.width_mm * _LABEL
    words_mm = layout.width_mm / 2 - label_mm
    table = _table(document, [label_mm, words_mm, label_mm, words_mm])
    face = Face(layout.body_fonts[0], layout.table_pt)
    label = Face(layout.heading_fonts[0], layout.table_pt)
    for boxed in boxes.rows:
        line = table.add_row()
        _whole(line)
        cells = line.cells
        if len(boxed) == 1:
            cells[1].merge(cells[3])
        for place, box in enumerate(boxed):
            _fill(cells[2 * place], (), "center", label)
            write(cells[2 * place].paragraphs[0], box.label, label)
            _words(line.cells[2 * place + 1], box, face)
    space(document.add_paragraph(), line=8, snap=False)


def add_imprint(document: Any, lines: tuple[tuple[str, str], ...], layout: Layout) -> None:
    """版记: at the foot of the last page, between two strong lines.

    The place is given from the top of the page: only Word understands "at the bottom", WPS and LibreOffice do not.
    """
    face = Face(layout.body_fonts[0], layout.imprint_pt)
    line_pt = face.size * 1.75
    fits = int(layout.width_mm / 25.4 * 72 / face.size) - 2
    heights = [1 if right else 1 + max(0, ceil((len(left) - fits) / (fits - 3))) for left, right in lines]
    top = (297 - layout.bottom_mm) / 25.4 * 72 - sum(heights) * line_pt - 4
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    properties = table._tbl.tblPr
    properties.append(
        element(
            "tblpPr", leftFromText=0, rightFromText=0, vertAnchor="page", horzAnchor="page",
            tblpX=round(layout.left_mm / 25.4 * 1440), tblpY=round(top * 20),
        )
    )  # fmt: skip
    borders = element("tblBorders")
    thick, thin = (
        round(width / 25.4 * 72 * 8) for width in (layout.imprint_thick_mm, layout.imprint_thin_mm)
    )
    for side, width in (("top", thick), ("bottom", thick), ("insideH", thin)):
        borders.append(element(side, val="single", sz=width, space=0, color="000000"))
    properties.append(borders)
    order(properties)
    _columns(table, [layout.width_mm * 0.55, layout.width_mm * 0.45])
    for left, right in lines:
        added = table.add_row()
        _whole(added)
        cells = added.cells
        if right:
            _edge(cells[0].paragraphs[0], left, face, line_pt, align="left", left_chars=1)
            _edge(cells[1].paragraphs[0], right, face, line_pt, align="right", right_chars=1)
        else:
            merged = cells[0].merge(cells[1])
            _edge(merged.paragraphs[0], left, face, line_pt, left_chars=4, hanging_chars=3, right_chars=1)
    # Word wants a paragraph behind a table; it takes no room of its own.
    space(document.add_paragraph(), line=1, snap=False)


def _edge(paragraph: Any, text: str, face: Face, line_pt: float, **more: Any) -> None:
    space(paragraph, line=line_pt, size=face.size, snap=False, **more)
    write(paragraph, text, face)


def _words(cell: _Cell, box: Box, face: Face) -> None:
    _fill(cell, box.pieces, "left", face)
    for _ in range(box.lines - 1):
        space(cell.add_paragraph(), line=face.size * 1.35)
    if box.sign:
        paragraph = cell.add_paragraph()
        space(paragraph, align="right")
        write(paragraph, box.sign, face)


def _table(document: Any, widths: list[float]) -> Any:
    table = document.add_table(rows=0, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    properties = table._tbl.tblPr
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(side, val="single", sz=4, space=0, color="000000"))
    properties.append(borders)
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w=80, type="dxa"))
    properties.append(margins)
    order(properties)
    _columns(table, widths)
    return table


def order(properties: Any) -> None:
    """Put a table's properties into the order the format asks for; Word refuses another."""
    wanted = ("tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc",
        "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook")  # fmt: skip
    ranks = {qn(f"w:{name}"): rank for rank, name in enumerate(wanted)}
    children = sorted(properties, key=lambda child: ranks.get(child.tag, len(ranks)))
    for child in children:
        properties.remove(child)
    properties.extend(children)


def _columns(table: Any, widths: list[float]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def _fill(cell: _Cell, pieces: Pieces, align: str, face: Face) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    space(paragraph, align=align, before=2, after=2)
    write_pieces(paragraph, pieces, face)


def _whole(line: Any) -> None:
    line._tr.get_or_add_trPr().append(element("cantSplit"))
