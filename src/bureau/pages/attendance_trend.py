"""出勤率的走势: the last twenty school days as a chart, its table and its finding."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bureau.attendance import queries
from bureau.attendance.terms import SchoolCalendar
from bureau.pages.context import Page
from bureau.pages.remember import remembered


def trend(here: Page, known: SchoolCalendar, day: date, condition: Q, past: str) -> dict[str, Any]:
    """出勤率 and calls of the last twenty school days, as a chart and its table; of the days before `day` remembered while `past` stays."""
    days = known.between(day - timedelta(days=45), day)[-20:]
    if not days:
        return {"rows": [], "options": {}}
    county, day_before = here.county_code, day - timedelta(days=1)
    earlier = remembered(
        past,
        f"rates {days[0]} {day} {condition}",
        lambda: queries.rates_by_day(county, days[0], day_before, condition),
    )
    rows = [*map(dict, earlier), *queries.rates_by_day(county, day, day, condition)]
    for row in rows:
        row["rate"] = 1 - row["away_halves"] / (2 * row["roll"]) if row["roll"] else None
    by_day = {row["day"]: row for row in rows}
    rates = [by_day[one]["rate"] if one in by_day else None for one in days]
    values = [rate for rate in rates if rate is not None]
    options = {
        "tooltip": {"trigger": "axis", "valueFormatter": "percent"},
        "xAxis": {"type": "category", "data": [f"{one:%m-%d}" for one in days]},
        "yAxis": {
            "type": "value",
            "min": round(min(values, default=0.9) - 0.005, 3),
            "max": 1,
            "axisLabel": {"formatter": "percent"},
        },
        "series": [
            {"name": _("出勤率"), "type": "line", "data": rates, "connectNulls": False, "symbolSize": 6}
        ],
    }
    return {"rows": [by_day.get(one, {"day": one}) for one in days], "options": options}


def finding(rows: Sequence[Mapping[str, Any]]) -> str:
    rates = [(row["day"], row["rate"]) for row in rows if row.get("rate") is not None]
    if not rates:
        return _("近二十个上学日还没有点名")
    low = min(rates, key=lambda one: one[1])
    return _("近 %(n)s 个点了名的上学日，出勤率最低 %(rate)s（%(day)s）") % {
        "n": len(rates),
        "rate": f"{low[1] * 100:.1f}%",
        "day": f"{low[0]:%m-%d}",
    }
