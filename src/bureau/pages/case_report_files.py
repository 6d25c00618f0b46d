"""台账报表的文件: a report as a workbook and as an official document."""

from typing import Any

from django.conf import settings
from django.utils.timezone import localdate

from bureau.cases import reports
from junheng.documents.official import Column as PaperColumn
from junheng.documents.official import OfficialDocument, Paragraph
from junheng.documents.official import Table as PaperTable
from junheng.documents.sheets import book


def _said(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"


def workbook(made: reports.ReportTable, name: str) -> bytes:
    """Excel: the rows as on the page, with the notes below."""
    lines: list[list[Any]] = [[row.words, *(value if value is not None else "—" for value in row.figures)] for row in (*made.rows, made.total)]  # fmt: skip
    lines += [[note] for note in made.notes]
    width = len(made.headings) + 1
    lines = [[*line, *([""] * (width - len(line)))] for line in lines]
    with book() as kept:
        kept.table("报表", [made.row_heading, *made.headings], lines, [24, *([12] * len(made.headings))])
    return kept.content


def paper(made: reports.ReportTable, name: str, place: str) -> OfficialDocument:
    """公文 for Word and PDF."""
    total = dict(zip(made.headings, made.total.figures, strict=True))
    words = "，".join(f"{heading}{_said(value)}" for heading, value in total.items() if value is not None)
    table = PaperTable(
        columns=(
            PaperColumn(made.row_heading, 2.0),
            *(PaperColumn(one, 1.0, "right") for one in made.headings),
        ),
        rows=tuple((row.words, *(_said(value) for value in row.figures)) for row in (*made.rows, made.total)),
        note="；".join(made.notes),
    )
    return OfficialDocument(
        title=name,
        body=(Paragraph(f"本期{words}。"), table),
        signatures=(place,),
        date=localdate(),
        marked="演示数据" if settings.DEMO else "",
    )
