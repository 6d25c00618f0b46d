"""公文 (official documents): one content, set as Word and as PDF in the layout of official documents."""

from junheng.documents.official.checks import amount_in_words, document_number, flaws, why_not_number
from junheng.documents.official.fonts import FontUse, NoChineseFont, font_report
from junheng.documents.official.layout import ASSUMED_LAYOUT, STANDARD, Layout
from junheng.documents.official.model import (
    Attachment,
    Block,
    Chart,
    Column,
    Form,
    FormCell,
    Heading,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Run,
    Series,
    Source,
    Table,
    Text,
)
from junheng.documents.official.pdf import missing_glyphs, official_pdf
from junheng.documents.official.word import official_document

__all__ = [
    "ASSUMED_LAYOUT",
    "STANDARD",
    "Attachment",
    "Block",
    "Chart",
    "Column",
    "FontUse",
    "Form",
    "FormCell",
    "Heading",
    "Layout",
    "NoChineseFont",
    "OfficialDocument",
    "PageBreak",
    "Paragraph",
    "Run",
    "Series",
    "Source",
    "Table",
    "Text",
    "amount_in_words",
    "document_number",
    "flaws",
    "font_report",
    "missing_glyphs",
    "official_document",
    "official_pdf",
    "why_not_number",
]
