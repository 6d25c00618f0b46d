"""总览的图: schools met over the years, coefficients against their limits, the schools on a small map."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.pages.context import Page, school_year
from bureau.pages.maps import dots
from bureau.runs import shown
from bureau.runs.models import CoefficientResult, Run

WORST_FIRST = ("未达标", "未报", "达标", "不适用")


def trend(counts: Sequence[tuple[date, Mapping[str, Mapping[str, int]]]]) -> dict[str, Any]:
    """三年达标学校数: one bar per year and stage, labelled “28/121”, from the verdicts counted on each day."""
    series = []
    for stage in shown.STAGES:
        data = []
        for _day, found in counts:
            own = found.get(stage, {})
            met, every = own.get("达标", 0), sum(own.values())
            data.append({"value": met, "label": {"formatter": f"{met}/{every}"}})
        series.append(
            {
                "name": stage,
                "type": "bar",
                "barMaxWidth": 40,
                "data": data,
                "label": {"show": True, "position": "top"},
            }
        )
    return {
        "legend": {"top": 0, "left": 0},
        "grid": {"left": 8, "right": 8, "top": 40, "bottom": 8},
        "tooltip": {"trigger": "axis", "formatter": "tooltip"},
        "xAxis": {"type": "category", "data": [school_year(day)[:9] for day, _found in counts]},
        "yAxis": {"type": "value", "splitNumber": 3, "minInterval": 1},
        "series": series,
    }


def coefficient_chart(rows: Sequence[CoefficientResult]) -> dict[str, Any]:
    """差异系数 against their limits: bars by indicator and stage; the limits as dashed lines."""
    single = [row for row in rows if row.code]
    codes = list(dict.fromkeys((row.code, shown.short(row.title)) for row in single))
    series = []
    for stage in shown.STAGES:
        found = {row.code: row for row in single if row.stage == stage}
        limit = next((row.limit for row in found.values() if row.limit is not None), None)
        data: list[Any] = []
        for code, _title in codes:
            row = found.get(code)
            over = row is not None and row.verdict == "未达标"
            data.append(
                {
                    "value": round(row.cv, 3) if row is not None and row.cv is not None else None,
                    "address": reverse("indicator", args=[code]),
                    **({"itemStyle": {"borderColor": "#a8201a", "borderWidth": 2}} if over else {}),
                }
            )
        colour = "#14538f" if stage == "小学" else "#b3541e"
        line = {
            "silent": True,
            "symbol": "none",
            "lineStyle": {"color": colour, "type": "dashed"},
            "label": {
                "formatter": f"{stage}上限 {limit:g}" if limit else "",
                "color": colour,
                "position": "start" if stage == "小学" else "end",
                "distance": 5 if stage == "小学" else 20,
            },
            "data": [{"xAxis": limit}] if limit else [],
        }
        series.append({"name": stage, "type": "bar", "barMaxWidth": 11, "data": data, "label": {"show": True, "position": "right", "fontSize": 11}, "markLine": line})  # fmt: skip
    return {
        "legend": {"top": 0, "left": 0},
        "grid": {"left": 8, "right": 56, "top": 50, "bottom": 36},
        "tooltip": {"trigger": "item", "formatter": "tooltip"},
        "xAxis": {"type": "value", "min": 0, "splitNumber": 4},
        "yAxis": {"type": "category", "inverse": True, "data": [title for _code, title in codes], "axisLabel": {"width": 130, "overflow": "truncate"}},
        "series": series,
    }  # fmt: skip


def small_map(here: Page, run: Run) -> dict[str, Any] | None:
    """学校分布: a dot per school in the colour of its worst stage; None without coordinates."""
    verdicts: dict[str, str] = {}
    students: dict[str, int] = {}
    for code, verdict, pupils in shown.schools(run, here.scope).values_list(
        "school_code", "verdict", "students"
    ):
        verdicts[code] = min(verdicts.get(code, verdict), verdict, key=WORST_FIRST.index)
        students[code] = students.get(code, 0) + (pupils or 0)
    places = here.schools().exclude(longitude=None).exclude(latitude=None)
    rows = [
        {**row, "verdict": verdicts[row["school_code"]], "students": students[row["school_code"]]}
        for row in places.values("school_code", "school_name", "township", "longitude", "latitude")
        if row["school_code"] in verdicts
    ]
    if not rows:
        return None
    option = dots(rows)
    option["geo"] = {**option["geo"], "label": {"show": False}}
    short = sum(row["verdict"] == "未达标" for row in rows)
    return {"option": option, "finding": _("%(n)s 所学校（机构）有学段未达标") % {"n": short}}
