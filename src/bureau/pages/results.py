"""结果页共用: which run a page shows, and what it says when there is none yet."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn
from bureau.pages.context import Page, current, show
from bureau.registry import queries as registered
from bureau.runs import queries
from bureau.runs.models import Run


def run_of(request: SignedIn, pack: str = queries.DEFAULT_PACK) -> tuple[Page, Run | None]:
    """The page's county and day, and the newest finished run for it (else of the newest day before it)."""
    here = current(request)
    if here.on is None:
        return here, None
    return here, queries.latest_run(here.county_code, here.on, pack) or queries.newest_run(
        here.county_code, pack, on=here.on
    )


def no_run(request: SignedIn, here: Page, title: str) -> HttpResponse:
    """The page when nothing has been assessed: why, and what to do next."""
    return show(
        request,
        "no_run.html",
        title=title,
        has_data=here.on is not None,
        waiting=bool(queries.open_runs(here.county_code)),
    )


def source(run: Run) -> dict[str, Any]:
    """Where the figures of a page come from: day, pack version, fingerprint of the snapshot; and whether it is stale."""
    versions = registered.versions(run.county_code, list(run.register_versions))
    return {
        "run": run,
        "day": run.day,
        "pack": f"{run.pack} {run.pack_version[:8]}",
        "pack_address": reverse("pack", args=[run.pack.partition("@")[0]]),
        "sha256": run.snapshot_sha256,
        "stale": queries.is_stale(run, versions),
    }


def why_indicator(run_id: int, school_code: str, stage: str, code: str) -> str:
    """The address of one school figure's explanation."""
    return reverse("why-indicator", args=[run_id, school_code, stage, code])


def day_words(day: date) -> str:
    """2026年9月1日."""
    return str(date_format(day, "DATE_FORMAT"))


def bars(
    categories: list[str], values: list[Any], *, name: str, limit: float | None = None, unit: str = ""
) -> Mapping[str, Any]:
    """Horizontal bars, the first on top, with the limit as a labelled line."""
    line = {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": "#a8201a", "type": "dashed"},
        "label": {"formatter": _("上限 %(limit)s") % {"limit": limit}, "position": "end", "color": "#a8201a"},
        "data": [{"xAxis": limit}],
    }
    return {
        "grid": {"left": 8, "right": 70, "top": 24, "bottom": 20},
        "tooltip": {"trigger": "item", "formatter": "tooltip"},
        "xAxis": {"type": "value", "name": unit, "splitNumber": 4},
        "yAxis": {
            "type": "category",
            "data": categories,
            "inverse": True,
            "axisLabel": {"width": 200, "overflow": "truncate"},
        },
        "series": [
            {
                "name": name,
                "type": "bar",
                "barMaxWidth": 18,
                "data": values,
                "label": {"show": True, "position": "right", "formatter": "number"},
                **({"markLine": line} if limit is not None else {}),
            }
        ],
    }
