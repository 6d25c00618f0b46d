"""学校分布图: township outlines from DATA/geo (示意), school dots by verdict; without outlines, the dots alone."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.cells import Row
from bureau.pages.context import current
from bureau.people.rules import Permission

# A sign of its own for each verdict: colour alone does not tell them apart in print.
SIGNS = {"达标": "circle", "未达标": "triangle", "未报": "emptyCircle", "不适用": "emptyRect"}


def dots(schools: Iterable[Row]) -> dict[str, Any]:
    """Chart options: one series of dots per verdict. Schools without coordinates are left out."""
    placed = [row for row in schools if row.get("longitude") is not None and row.get("latitude") is not None]
    series = []
    for verdict, sign in SIGNS.items():
        data = [_dot(row) for row in placed if row["verdict"] == verdict]
        series.append(
            {
                "name": verdict,
                "type": "scatter",
                "coordinateSystem": "geo",
                "symbol": sign,
                "symbolSize": {"未达标": 10, "不适用": 6}.get(verdict, 9),
                "itemStyle": {"borderColor": "#ffffff", "borderWidth": 1} if "empty" not in sign else {},
                "data": data,
            }
        )
    return {
        "geo": {
            "map": "county",
            "roam": True,
            "layoutCenter": ["50%", "50%"],
            "layoutSize": "96%",
            "label": {
                "show": True,
                "fontSize": 12,
                "color": "#3c4956",
                "textBorderColor": "#ffffff",
                "textBorderWidth": 3,
            },
            "itemStyle": {"areaColor": "#f3f6f9", "borderColor": "#a9b4c0"},
            "emphasis": {"itemStyle": {"areaColor": "#e7eff8"}, "label": {"color": "#1b2733"}},
            "tooltip": {"show": False},
            "scaleLimit": {"min": 0.8, "max": 20},
        },
        "legend": {
            "top": 4,
            "left": 8,
            "itemWidth": 14,
            "itemHeight": 12,
            "data": [series["name"] for series in series if series["data"]],
        },
        "tooltip": {"trigger": "item", "formatter": "place"},
        "series": series,
        "missing": len(list(schools)) - len(placed),
    }


def _dot(row: Row) -> dict[str, Any]:
    students = (
        _("在校生 %(n)s 人") % {"n": row["students"]} if row.get("students") is not None else _("在校生未报")
    )
    return {
        "name": row["school_name"],
        "value": [row["longitude"], row["latitude"]],
        "address": reverse("school", args=[row["school_code"]]),
        "lines": [row["school_name"], f"{row['township'] or ''} · {row['verdict']}", students],
    }


@page(Permission.SEE_SCHOOLS)
def outlines(request: SignedIn, county_code: str) -> HttpResponse:
    """The townships of the current county as GeoJSON, or a plain frame around its schools."""
    here = current(request)
    if county_code != here.county_code:
        raise not_found(_("没有这个县区的地图，或不在您的辖区。"))
    path = Path(settings.DATA) / "geo" / f"{county_code}.json"
    content = path.read_text(encoding="utf-8") if path.is_file() else json.dumps(_around(here.schools()))
    response = HttpResponse(content, content_type="application/geo+json")
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _around(schools: Any) -> dict[str, Any]:
    places = list(schools.exclude(longitude=None).exclude(latitude=None).values_list("longitude", "latitude"))
    across, up = [place[0] for place in places] or [105, 107], [place[1] for place in places] or [36, 38]
    west, east, south, north = min(across) - 0.05, max(across) + 0.05, min(up) - 0.05, max(up) + 0.05
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": ""},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        ],
    }
