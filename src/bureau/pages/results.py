"""结果页共用: which run a page shows, and what it says when there is none yet."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bureau.pages.access import SignedIn
from bureau.pages.context import Page, current, show
from bureau.registry import queries as registered
from bureau.runs import queries
from bureau.runs.models import Run

PACK_WORDS = {"balanced-2017": gettext_noop("优质均衡"), "basic-2012": gettext_noop("基本均衡")}


def pack_words(name: str) -> str:
    """优质均衡 for balanced-2017; a pack without a short name keeps its own."""
    base = name.partition("@")[0]
    return _(PACK_WORDS[base]) if base in PACK_WORDS else name


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
        "pack": f"{pack_words(run.pack)} {run.pack_version[:8]}",
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
