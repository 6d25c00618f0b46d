"""测算结论的表: what stored runs last concluded of each school, stage and indicator, for detectors. Silence concludes nothing."""

from datetime import date
from typing import Any

from bureau.runs.models import IndicatorResult, Run, SchoolResult
from bureau.runs.queries import DEFAULT_PACK, newest_run

CONCLUSIONS = ("达标", "未达标")
DAYS_BACK = 6  # data days before the newest that are asked where it is silent
_TOLD = ("school_code", "stage", "code", "title", "verdict", "value", "threshold", "unit", "gap", "gap_unit")
Columns = dict[str, list[Any]]


def verdicts(county_code: str) -> tuple[Columns, date | None]:
    """(columns, data day of the newest run); ({}, None) before the first.

    A school that did not report, or is missing from the newest run, keeps what the run before it concluded, marked as not newest.
    """
    newest = newest_run(county_code)
    if newest is None:
        return {}, None
    scope: dict[tuple[str, str], tuple[bool, str]] = {
        (school, stage): (within, reason)
        for school, stage, within, reason in SchoolResult.objects.filter(run=newest).values_list(
            "school_code", "stage", "in_scope", "reason"
        )
    }
    rows: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for run in [newest, *_before(newest)]:
        found = IndicatorResult.objects.filter(run=run, verdict__in=CONCLUSIONS).order_by()
        for told in found.values_list(*_TOLD):
            key = (told[0], told[1], told[2])
            if key not in rows:
                # A stage that the newest run has no school result for was reported by nobody: nothing is concluded of its scope.
                within, reason = scope.get(key[:2], (run.pk != newest.pk, ""))
                rows[key] = (*told, within, reason, run.day, run.pk == newest.pk)
    names = (*_TOLD, "in_scope", "reason", "day", "newest")
    columns = [list(column) for column in zip(*rows.values(), strict=True)] or [[] for _ in names]
    return dict(zip(names, columns, strict=True)), newest.day


def _before(newest: Run) -> list[Run]:
    """The last finished run of each earlier data day, newest first."""
    runs = Run.objects.filter(
        county_code=newest.county_code, pack=DEFAULT_PACK, state=Run.State.DONE, day__lt=newest.day
    ).order_by("-day", "-id")
    by_day: dict[date, Run] = {}
    for run in runs.only("id", "day"):
        by_day.setdefault(run.day, run)
    return list(by_day.values())[:DAYS_BACK]
