"""指标页的图: how the schools are spread around the threshold, the coefficient over the years, who drives it."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.pages.context import school_year
from bureau.runs import shown
from bureau.runs.models import CoefficientResult, IndicatorResult, Run, VarianceShare

BINS = 15
MOST = 12


def histogram(stage: str, rows: Sequence[IndicatorResult]) -> dict[str, Any] | None:
    """分布: how many schools lie where, as share of the threshold; the bar edges meet at the threshold itself."""
    known = [row for row in rows if row.ratio is not None and row.threshold]
    if not known:
        return None
    threshold = float(known[0].threshold or 0)
    step = 0.2
    counts = [0] * BINS
    for row in known:
        counts[min(BINS - 1, int((row.ratio or 0) / step + 1e-9))] += 1
    edges = [f"{index * step * threshold:,.3g}" for index in range(BINS)]
    labels = [edges[index] + ("+" if index == BINS - 1 else "") for index in range(BINS)]
    below = sum(1 for row in known if row.verdict == "未达标")
    at = round(1 / step)
    option = {
        "grid": {"left": 8, "right": 16, "top": 30, "bottom": 26},
        "tooltip": {"trigger": "item", "formatter": "tooltip"},
        "xAxis": {
            "type": "value",
            "min": 0,
            "max": round(BINS * step * threshold, 6),
            "interval": threshold,
            "axisLabel": {"formatter": "number"},
            "name": known[0].unit,
            "nameLocation": "middle",
            "nameGap": 26,
            "splitLine": {"show": False},
        },
        "yAxis": {"type": "value", "name": _("学校数"), "splitNumber": 3, "minInterval": 1},
        "series": [
            {
                "name": _("学校数"),
                "type": "bar",
                "barWidth": "94%",
                "data": [
                    {"value": [(index + 0.5) * step * threshold, count], "verdict": "未达标" if index < at else "达标", "label": {"show": count > 0}}
                    for index, count in enumerate(counts)
                ],
                "label": {"position": "top"},
                "markLine": {
                    "silent": True,
                    "symbol": "none",
                    "lineStyle": {"color": "#a8201a", "type": "dashed"},
                    "label": {"formatter": _("标准 %(n)s") % {"n": f"{threshold:g}"}, "color": "#a8201a"},
                    "data": [{"xAxis": threshold}],
                },
            }
        ],
    }  # fmt: skip
    return {
        "id": f"spread-{'primary' if stage == '小学' else 'junior'}",
        "option": option,
        "finding": _("%(stage)s：%(all)s 所中 %(below)s 所低于标准 %(threshold)s %(unit)s")
        % {
            "stage": stage,
            "all": len(known),
            "below": below,
            "threshold": f"{threshold:g}",
            "unit": known[0].unit,
        },
        "rows": [(label, count) for label, count in zip(labels, counts, strict=True) if count],
        "unit": known[0].unit,
    }


def coefficients_of(years: Sequence[tuple[Run, Sequence[CoefficientResult]]]) -> dict[str, Any]:
    """差异系数 by school year and stage, with the limits as dashed lines."""
    names = [school_year(run.day)[:9] for run, _rows in years]
    series = []
    for stage in shown.STAGES:
        found = [next((row for row in rows if row.stage == stage), None) for _run, rows in years]
        limit = next((row.limit for row in found if row is not None and row.limit is not None), None)
        colour = "#14538f" if stage == "小学" else "#b3541e"
        line: dict[str, Any] = {
            "silent": True,
            "symbol": "none",
            "lineStyle": {"color": colour, "type": "dashed"},
            "label": {"formatter": _("%(stage)s上限 %(n)s") % {"stage": stage, "n": limit}, "color": colour},
            "data": [{"yAxis": limit}] if limit is not None else [],
        }
        data = [round(row.cv, 3) if row is not None and row.cv is not None else None for row in found]
        series.append({"name": stage, "type": "bar", "barMaxWidth": 34, "data": data, "label": {"show": True, "position": "top"}, "markLine": line})  # fmt: skip
    return {
        "legend": {"top": 0, "left": 0},
        "grid": {"left": 8, "right": 96, "top": 34, "bottom": 8},
        "tooltip": {"trigger": "item", "formatter": "tooltip"},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "min": 0, "splitNumber": 4},
        "series": series,
    }


def drivers(stage: str, shares: Sequence[VarianceShare], code: str) -> dict[str, Any] | None:
    """方差贡献: the schools that drive the coefficient, the largest first, in percent of the variance."""
    if not shares:
        return None
    top = list(shares[:MOST])
    together = sum(one.share for one in top[:3])
    option = {
        "grid": {"left": 8, "right": 60, "top": 8, "bottom": 8},
        "tooltip": {"trigger": "item", "formatter": "tooltip"},
        "xAxis": {"type": "value", "axisLabel": {"formatter": "percent"}, "splitNumber": 3},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [one.school for one in top],
            "axisLabel": {"width": 170, "overflow": "truncate"},
        },
        "series": [
            {
                "name": _("占方差"),
                "type": "bar",
                "barMaxWidth": 16,
                "itemStyle": {"color": "#14538f" if stage == "小学" else "#b3541e"},
                "data": [
                    {"value": round(one.share, 4), "address": reverse("school", args=[one.school_code])}
                    for one in top
                ],
                "label": {"show": True, "position": "right", "formatter": "percent"},
            }
        ],
    }
    return {
        "id": f"drivers-{'primary' if stage == '小学' else 'junior'}",
        "stage": stage,
        "option": option,
        "finding": _("%(stage)s：前三所学校占差异的 %(share)s%%")
        % {"stage": stage, "share": f"{together * 100:.0f}"},
        "rows": top,
        "height": 40 + 24 * len(top),
        "code": code,
    }
