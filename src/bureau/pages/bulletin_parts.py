"""通报页面的零件: texts cut at their figures, what is wrong with them, the list of figures, charts from the bulletin's own data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from bureau.bulletins import marks, queries
from bureau.bulletins.document import chart_of
from bureau.bulletins.models import Bulletin, Figure
from bureau.bulletins.queries import Checked

_SUBHEADING = re.compile(r"（[一二三四五六七八九十]{1,3}）[^。；]{1,40}")


@dataclass(frozen=True, slots=True)
class Bit:
    """一段文字 of a line; with an address it is a figure that opens its why."""

    text: str
    code: str = ""
    address: str = ""
    good: bool = True


@dataclass(frozen=True, slots=True)
class TextLine:
    """一行."""

    bits: tuple[Bit, ...]
    heading: bool


def lines(one: Bulletin, text: str, rows: Sequence[Figure]) -> list[TextLine]:
    """The lines of a text, each figure with the address of its why."""
    known = queries.values(list(rows))
    made = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        bits = tuple(
            Bit(
                piece.text,
                piece.code,
                reverse("bulletin-figure", args=[one.pk, piece.code]) if piece.code in known else "",
                piece.good,
            )
            for piece in marks.pieces(line.strip(), known)
        )
        made.append(TextLine(bits, _SUBHEADING.fullmatch(line.strip()) is not None))
    return made


@dataclass(frozen=True, slots=True)
class Listed:
    """一条出处 in the list beside the text."""

    figure: Figure
    address: str
    used: bool


def listed(one: Bulletin, rows: Sequence[Figure], checked: Sequence[Checked]) -> list[Listed]:
    """The figures, those that the text prints first."""
    used = {mark.code for part in checked for mark in marks.marks(part.section.text)}
    made = [
        Listed(row, reverse("bulletin-figure", args=[one.pk, row.code]), row.code in used) for row in rows
    ]
    return sorted(made, key=lambda line: not line.used)


def option(kind: str, data: dict[str, Any]) -> dict[str, Any] | None:
    """The chart of a section for the page: the same data and title as in the document."""
    chart = chart_of(kind, data)
    if chart is None:
        return None
    series: dict[str, Any] = {
        "name": chart.series[0].name,
        "type": "bar",
        "data": list(reversed(chart.series[0].values)),
        "barMaxWidth": 18,
        "label": {"show": True, "position": "right", "formatter": "number"},
    }
    if chart.threshold is not None:
        series["markLine"] = {
            "silent": True,
            "symbol": "none",
            "lineStyle": {"color": "#a8201a", "type": "dashed"},
            "label": {"formatter": "{b}", "color": "#a8201a"},
            "data": [{"xAxis": chart.threshold, "name": chart.threshold_label}],
        }
    return {
        "id": f"chart-{kind}",
        "title": chart.title,
        "height": 70 + 26 * len(chart.categories),
        "options": {
            "grid": {"left": 12, "right": 72, "top": 28, "bottom": 8},
            "tooltip": {"trigger": "axis", "formatter": "tooltip"},
            "xAxis": {"type": "value", "name": chart.unit, "minInterval": 1},
            "yAxis": {
                "type": "category",
                "data": list(reversed(chart.categories)),
                "axisTick": {"show": False},
            },
            "series": [series],
        },
        "unit": chart.unit,
        "rows": list(zip(chart.categories, chart.series[0].values, strict=True)),
    }
