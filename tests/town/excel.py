"""写工作簿 (workbooks): plain rows into .xlsx, fast enough for seventy thousand children in a few seconds.

A county's three years are eight million cells. xlsxwriter needs a minute and a half for them, so this writes the few XML parts
of a workbook itself: text cells in place (no shared strings), numbers, and dates with a date format. Nothing else.
"""

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from junheng.tables import SHEETS
from town.model import Row, Table

_EPOCH = date(1899, 12, 30).toordinal()
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_HEAD}<styleSheet {_MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font>'
    '</fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/>'
    '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def write_book(path: Path, tables: dict[str, Table]) -> None:
    """One workbook with a worksheet for each table, titled and headed as `junheng.tables` agrees."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for number, (name, table) in enumerate(tables.items(), start=1):
            headings = tuple(SHEETS[name].by_name[column].heading for column in table.columns)
            with book.open(_part(f"xl/worksheets/sheet{number}.xml"), "w") as part:
                part.write(f'{_HEAD}<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0">'.encode())
                part.write(b'<pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>')
                part.write(b'<sheetFormatPr defaultColWidth="14" defaultRowHeight="15"/>')
                part.write(b"<sheetData>")
                part.write(_RowWriter(' s="2"').xml(1, headings).encode())
                writer = _RowWriter()
                for start in range(0, len(table.rows), 2000):
                    chunk = table.rows[start : start + 2000]
                    text = "".join(writer.xml(number, row) for number, row in enumerate(chunk, start + 2))
                    part.write(text.encode())
                part.write(b"</sheetData></worksheet>")
        for name, text in _parts([SHEETS[name].title for name in tables]).items():
            book.writestr(_part(name), text)


class _RowWriter:
    """Rows as XML. Rows with cells of the same types share a template, which makes a row one formatting operation."""

    def __init__(self, style: str = "") -> None:
        self._style = style
        self._templates: dict[tuple[type, ...], tuple[str, int]] = {}

    def xml(self, number: int, row: Row) -> str:
        """One row element."""
        types = tuple(map(type, row))
        if types not in self._templates:
            template = f'<row r="%d">{"".join(map(self._cell, types))}</row>'
            self._templates[types] = template, template.count("<")
        template, tags = self._templates[types]
        if date in types:
            row = tuple(cell.toordinal() - _EPOCH if isinstance(cell, date) else cell for cell in row)
        text = template % (number, *row)
        if "&" in text or text.count("<") != tags:
            safe = (escape(cell) if isinstance(cell, str) else cell for cell in row)
            text = template % (number, *safe)
        return text

    def _cell(self, kind: type) -> str:
        if kind is str:
            return f'<c t="inlineStr"{self._style}><is><t>%s</t></is></c>'
        if kind is type(None):
            return "<c/>%.0s"
        return '<c s="1"><v>%s</v></c>' if kind is date else "<c><v>%s</v></c>"


def _part(name: str) -> zipfile.ZipInfo:
    """A fixed date, so that the same town gives the same bytes."""
    info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _parts(titles: Sequence[str]) -> dict[str, str]:
    """The parts that say what the workbook consists of."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    sheets = "".join(
        f'<sheet name="{title}" sheetId="{n}" r:id="rId{n}"/>' for n, title in enumerate(titles, start=1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(titles) + 1)
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in range(1, len(titles) + 1)
    )
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook {_MAIN} xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
        f'<Relationship Id="rIdStyles" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }
