"""工作簿的底子: one way to open a workbook for writing, its styles, and how a typed value becomes a cell.

Text is always written as text: nothing that came from a file or a person can become a formula or a link. Rows are written in
order and leave the memory at once, so a list of 200,000 rows costs no more than one of 200.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
LONGEST = 32_767  # characters in an Excel cell
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same content gives the same bytes


@dataclass(slots=True)
class Pages:
    """A workbook being written; `content` holds its bytes when the `with` block ends."""

    book: Any
    content: bytes
    styles: dict[str, Any]

    def style(self, **wanted: Any) -> Any:
        """A cell style, made once."""
        key = repr(sorted(wanted.items()))
        if key not in self.styles:
            self.styles[key] = self.book.add_format(_FONT | wanted)
        return self.styles[key]

    def sheet(self, name: str) -> Any:
        """A worksheet set for A4 across, as wide as the paper, with page numbers."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        return sheet


@contextmanager
def pages() -> Iterator[Pages]:
    """`with pages() as made: …`, then `made.content`."""
    stream = BytesIO()
    made = Pages(xlsxwriter.Workbook(stream, OPTIONS), b"", {})
    made.book.set_properties({"created": _CREATED})
    yield made
    made.book.close()
    made.content = stream.getvalue()


def put(sheet: Any, row: int, column: int, value: object, style: Any = None, dated: Any = None) -> None:
    """One cell: numbers and dates as such, 是/否, several areas with 、 between, None left empty, all else as plain text."""
    if value is None or value == "":
        if style is not None:
            sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否", style)
    elif isinstance(value, int | float):
        # Beyond fifteen digits Excel would round.
        if abs(value) < 1e15:
            sheet.write_number(row, column, value, style)
        else:
            sheet.write_string(row, column, str(value), style)
    elif isinstance(value, date) and dated is not None and value.year >= 1900:
        sheet.write_datetime(row, column, value, dated)
    elif isinstance(value, tuple | list):
        sheet.write_string(row, column, joined(value), style)
    elif isinstance(value, datetime | time | timedelta):
        sheet.write_string(row, column, str(value), style)
    else:
        sheet.write_string(row, column, str(value)[:LONGEST], style)


def joined(areas: tuple[object, ...] | list[object]) -> str:
    """(96.0, 98.5) → 96、98.5; none at all → 0."""
    return "、".join(f"{area:g}" if isinstance(area, float) else str(area) for area in areas) or "0"


def width_of(text: str) -> float:
    """How wide a text is in Excel's units: a Chinese character takes two."""
    return sum(2 if ord(letter) > 0xFF else 1 for letter in text) + 2


def tab_name(wanted: str, taken: set[str]) -> str:
    """A name Excel accepts and that no other worksheet has (`taken`, in lower case, is added to)."""
    name = "".join("＿" if letter in "[]:*?/\\" else letter for letter in wanted).strip("'")[:31] or "工作表"
    number = 2
    plain = name
    while name.lower() in taken:
        name = f"{plain[:27]}（{number}）"
        number += 1
    taken.add(name.lower())
    return name
