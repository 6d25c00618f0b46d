"""目标的图: readings, the trajectory, the forecast with its interval, the target line and what was claimed."""

from collections.abc import Sequence
from datetime import date
from math import ceil, floor, log10
from typing import Any

from django.utils.translation import gettext as _

from bureau.plans.target_models import Claim, Reading, Target

BLUE, GREY, RED, AMBER = "#14538f", "#66727f", "#a8201a", "#b3541e"


def chart(target: Target, readings: Sequence[Reading], claims: Sequence[Claim]) -> dict[str, Any] | None:
    """The option of the chart; None when there is nothing to draw."""
    said = target.outlook
    points = [
        [one.day.isoformat(), _tidy(one.value)]
        for one in readings
        if one.value is not None and (one.run_id or one.checked_by_id)
    ]
    path = [[day, _tidy(value)] for day, value in said.get("path") or []]
    forecast = said.get("forecast")
    if not points and not path:
        return None
    series: list[dict[str, Any]] = [
        _line(_("读数"), points, BLUE, width=2, symbol="circle", size=8, label=True)
    ]
    if path:
        series.append(_line(_("进度线"), path, GREY, dash="dashed"))
    if forecast and points:
        to = [forecast["day"], _tidy(forecast["value"])]
        series.append(_line(_("预测"), [points[-1], to], AMBER, dash="dotted", symbol="diamond", size=7))
        if forecast["low"] is not None and forecast["high"] is not None:
            low, high = _tidy(forecast["low"]), _tidy(forecast["high"])
            bounds = [[forecast["day"], low], [forecast["day"], high]]
            series.append(_line(_("预测区间"), bounds, AMBER, width=3, symbol="rect", size=6))
    for claim in claims[:8]:
        one = [[claim.day.isoformat(), _tidy(claim.value)]]
        series.append(_line(_("填报值"), one, RED, symbol="triangle", size=10))
    goals = [target.value] + ([target.value2] if target.value2 is not None else [])
    series[0]["markLine"] = {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": RED, "type": "solid", "width": 1.5},
        "label": {"formatter": "{b}", "position": "insideEndTop", "color": RED},
        "data": [
            {"yAxis": goal, "name": _("目标 %(value)s") % {"value": f"{goal:g}{target.unit}"}}
            for goal in goals
        ],
    }
    values = [value for _day, value in points + path] + goals + [claim.value for claim in claims]
    if forecast and forecast["low"] is not None:
        values += [forecast["low"], forecast["high"]]
    lowest, highest = _bounds(values)
    return {
        "legend": {"top": 0, "left": 0, "data": list(dict.fromkeys(one["name"] for one in series))},
        "grid": {"left": 12, "right": 72, "top": 40, "bottom": 12},
        "tooltip": {"trigger": "item", "formatter": "tooltip"},
        "xAxis": {"type": "time", "minInterval": 86_400_000 * 120, "axisLabel": {"formatter": "{yyyy}-{MM}", "hideOverlap": True}},
        "yAxis": {"type": "value", "scale": True, "min": lowest, "max": highest},
        "series": series,
    }  # fmt: skip


def finding(target: Target) -> str:
    """The title of the chart: what it shows."""
    latest = target.outlook.get("latest")
    if not latest:
        return _("%(indicator)s还没有数据") % {"indicator": target.indicator}
    day = date.fromisoformat(latest["day"])
    words = {"met": _("已达到目标"), "on_course": _("在进度线以内"), "behind": _("落后于目标")}
    return _("%(indicator)s %(year)s年%(month)s月为 %(value)s，%(verdict)s") % {
        "indicator": target.indicator,
        "year": day.year,
        "month": day.month,
        "value": f"{_tidy(latest['value']):g}{target.unit}",
        "verdict": words.get(target.verdict, ""),
    }


def _line(
    name: str,
    data: list[Any],
    colour: str,
    *,
    width: float = 1.5,
    dash: str = "solid",
    symbol: str = "none",
    size: int = 5,
    label: bool = False,
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": name,
        "type": "line",
        "data": data,
        "symbol": symbol,
        "symbolSize": size,
        "lineStyle": {"color": colour, "width": width, "type": dash},
        "itemStyle": {"color": colour},
    }
    if label:
        made["label"] = {"show": True, "position": "top", "formatter": "{@[1]}", "color": colour}
    return made


def _tidy(value: float | None) -> float:
    return round(value or 0, 2)


def _bounds(values: Sequence[float]) -> tuple[float, float]:
    """Round ends of the axis with room around the values, so that its first and last label are round, too."""
    low, high = min(values), max(values)
    wide = (high - low) or abs(high) * 0.1 or 1.0
    step = 10.0 ** floor(log10(wide))
    step = step / 5 if wide / step < 2 else step / 2 if wide / step < 5 else step
    return round(floor((low - wide * 0.05) / step) * step, 6), round(
        ceil((high + wide * 0.1) / step) * step, 6
    )
