"""清单 (listing): any list of the platform as a well-printed .xlsx."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from junheng.documents.fastrows import FastRows
from junheng.documents.pages import pages, tab_name, width_of

_MEASURED = 500  # rows whose texts decide a column's width


@dataclass(frozen=True, slots=True)
class Field:
    """清单的一列: its heading, unit and how values are shown. `width` 0: as wide as the contents, up to 50."""

    heading: str
    kind: Literal["text", "integer", "decimal", "percent", "date"] = "text"
    unit: str = ""
    decimals: int = 2
    width: float = 0


def listing(
    title: str,
    fields: Sequence[Field | str],
    rows: Iterable[Sequence[object]],
    *,
    source: str = "",
    marked: str = "",
) -> bytes:
    """清单: title, a line with its source and number of rows, headings with units, then the rows.

    A4 across, headings frozen and repeated on each page, filters on. `source` says where the figures come from and as of when;
    `marked` (演示数据) is printed on each page. Values: text, numbers, dates, flags, tuples of areas; None stays empty; a
    percentage is given as a share (0.853 → 85.30%).
    """
    columns = [Field(field) if isinstance(field, str) else field for field in fields]
    body = list(rows)
    with pages() as made:
        tab = made.sheet(tab_name(title, set()))
        if marked:
            tab.set_header(f"&C{marked.replace('&', '&&')}")
        formats = [
            made.style(border=1, text_wrap=field.kind == "text", num_format=_format(field))
            for field in columns
        ]
        last = max(len(columns) - 1, 0)
        for place, field in enumerate(columns):
            tab.set_column(place, place, field.width or _width(field, place, body))
        tab.set_row(0, 28)
        heading = made.style(bold=True, font_size=16)
        tab.write_string(0, 0, title, heading)
        tab.write_string(1, 0, "　".join(part for part in (source, f"共 {len(body)} 行", marked) if part))
        named = made.style(bold=True, bg_color="#DDEBF7", border=1, align="center", text_wrap=True)
        for place, field in enumerate(columns):
            unit = f"（{field.unit}）" if field.unit else ""
            tab.write_string(2, place, field.heading + unit, named)
        fast = FastRows(tab, formats, made.style(border=1, num_format="yyyy-mm-dd"), blanks=True)
        for line, row in enumerate(body, start=3):
            fast.write(line, row)
        tab.freeze_panes(3, 1 if len(columns) > 6 else 0)
        tab.autofilter(2, 0, max(len(body) + 2, 3), last)
        tab.repeat_rows(2)
    return made.content


def _format(field: Field) -> str:
    places = "." + "0" * field.decimals if field.decimals else ""
    return {
        "text": "@",
        "integer": "#,##0",
        "decimal": f"#,##0{places}",
        "percent": f"0{places}%",
        "date": "yyyy-mm-dd",
    }[field.kind]


def _width(field: Field, place: int, body: Sequence[Sequence[object]]) -> float:
    widest = max((width_of(str(row[place])) for row in body[:_MEASURED] if place < len(row)), default=0)
    if field.kind in ("date", "decimal", "percent"):
        widest = 12
    return min(50, max(8, widest, width_of(field.heading) * 0.7))
