"""图的尺寸: where the axis begins and ends, how a chart lies, so that the drawing itself decides nothing."""

from math import floor, log10
from typing import Any

from junheng.documents.official.arranging import shown
from junheng.documents.official.model import Chart

_MOST_UPRIGHT = 8  # more columns, or longer names, lie across
_MOST_DRAWN = 40  # beyond this a drawing cannot be read; the table below has them all


def scale(low: float, high: float, most: int = 6) -> tuple[float, float, float]:
    """坐标轴: (first, last, step) in round numbers that hold low and high, with at most `most` steps; always last > first."""
    # Values as good as equal need an axis, too.
    if high - low <= max(1e-12, 1e-9 * max(abs(low), abs(high))):
        high = low + max(abs(low), 1.0)
    raw = (high - low) / most
    power = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * (1 - 1e-9))
    first = floor(low / step + 1e-9) * step
    last = first
    count = 0
    while last < high - step * 1e-9:
        count += 1
        last = first + count * step
    return first, last, step


def specification(chart: Chart) -> dict[str, Any]:
    """图的说明: everything the drawing needs, with each value's label. Columns begin at 0; a line's axis may begin higher."""
    known = [value for one in chart.series for value in one.values if value is not None]
    if chart.threshold is not None:
        known.append(chart.threshold)
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if chart.kind != "line" or (low >= 0 and low < 0.5 * high):
        low, high = min(low, 0.0), max(high, 0.0)
    first, last, step = scale(low, high)
    across = chart.kind == "rank" or (
        chart.kind == "bar" and (len(chart.categories) > _MOST_UPRIGHT or max(map(len, chart.categories)) > 8)
    )
    drawn = slice(0, _MOST_DRAWN)
    ticks = [first + number * step for number in range(round((last - first) / step) + 1)]
    decimals = max(0, -floor(log10(step) + 1e-9)) + (1 if f"{step:e}".startswith("2.5") else 0)
    return {
        "kind": "line" if chart.kind == "line" else "across" if across else "bar",
        "title": chart.title,
        "unit": chart.unit,
        "first": first,
        "last": last,
        "ticks": [{"at": tick, "label": shown(tick, decimals)} for tick in ticks],
        "categories": list(chart.categories[drawn]),
        "series": [
            {
                "name": one.name,
                "values": list(one.values[drawn]),
                "labels": [shown(value, chart.decimals) for value in one.values[drawn]],
            }
            for one in chart.series
        ],
        "threshold": chart.threshold,
        "threshold_label": chart.threshold_label
        or (shown(chart.threshold, chart.decimals) if chart.threshold is not None else ""),
        "left_out": max(0, len(chart.categories) - _MOST_DRAWN),
    }
