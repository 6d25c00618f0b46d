"""Excel 工作表的写法: headings, typed cells and widths, in one place, so that no text ever becomes a live formula or link."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
# A fixed date in the file's properties: the same result gives the same bytes.
CREATED = datetime(2000, 1, 1, tzinfo=UTC)


class Book:
    """工作簿: sheets are added one after another; `content` is the finished file once the `with` block of `book` ends."""

    def __init__(self) -> None:
        self._stream = BytesIO()
        self.workbook = xlsxwriter.Workbook(self._stream, OPTIONS)
        self.workbook.set_properties({"created": CREATED})
        base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
        self._formats: dict[str, Any] = {}
        self._base = base
        self.content = b""

    def format(self, name: str = "", **more: Any) -> Any:
        """One shared cell format."""
        key = name + repr(sorted(more.items()))
        if key not in self._formats:
            presets: dict[str, dict[str, Any]] = {
                "": {},
                "heading": {
                    "bold": True,
                    "bg_color": "#DDEBF7",
                    "border": 1,
                    "text_wrap": True,
                    "align": "center",
                },
                "title": {"bold": True, "font_size": 16, "align": "center"},
                "cell": {"border": 1, "text_wrap": True},
                "bad": {"border": 1, "text_wrap": True, "bg_color": "#FCE4D6"},
            }
            self._formats[key] = self.workbook.add_format(self._base | presets.get(name, {}) | more)
        return self._formats[key]

    def table(
        self, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[float] = ()
    ) -> Any:
        """A sheet with one heading row, frozen, and typed cells; cells saying 未达标 are tinted."""
        sheet = self.workbook.add_worksheet(title)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, self.format("heading"))
            sheet.set_column(column, column, widths[column] if column < len(widths) else 12)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                write(sheet, line, column, value, self.format("bad" if value == "未达标" else "cell"))
        sheet.freeze_panes(1, 0)
        return sheet

    def close(self) -> None:
        """Finish the file."""
        self.workbook.close()
        self.content = self._stream.getvalue()


@contextmanager
def book() -> Iterator[Book]:
    """`with book() as b: …`; afterwards `b.content` holds the bytes."""
    made = Book()
    yield made
    made.close()


def write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    """One typed cell: numbers as numbers, dates as ISO text, None as an empty cell, everything else as plain text."""
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否", style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value)[:32_000], style)
