"""结果的读取: which run to show, and its stored rows."""

from collections.abc import Mapping
from datetime import date

from django.db.models import QuerySet

from bureau.runs.models import Run
from bureau.runs.pack_models import PackValue

DEFAULT_PACK = "balanced-2017"


def latest_run(county_code: str, day: date, pack: str = DEFAULT_PACK) -> Run | None:
    """The newest finished run for the day; None when nothing has been assessed for it."""
    return (
        Run.objects.filter(county_code=county_code, day=day, pack=pack, state="done").order_by("-id").first()
    )


def newest_run(county_code: str, pack: str = DEFAULT_PACK, *, on: date | None = None) -> Run | None:
    """The newest finished run of the latest data day (not after `on` if given)."""
    runs = Run.objects.filter(county_code=county_code, pack=pack, state="done")
    if on is not None:
        runs = runs.filter(day__lte=on)
    return runs.order_by("-day", "-id").first()


def yearly_runs(county_code: str, until: date, pack: str = DEFAULT_PACK, years: int = 3) -> list[Run]:
    """For the trend: the newest run of the last day of each school year up to `until`, oldest first."""
    found: dict[int, Run] = {}
    for run in Run.objects.filter(county_code=county_code, pack=pack, state="done", day__lte=until).order_by(
        "day", "id"
    ):
        found[school_year(run.day)] = run
    return [found[year] for year in sorted(found)][-years:]


def school_year(day: date) -> int:
    """学年: the year in which it began; a school year runs from August to July."""
    return day.year if day.month >= 8 else day.year - 1


def open_runs(county_code: str) -> list[Run]:
    """Runs that are queued or running."""
    return list(Run.objects.filter(county_code=county_code, state__in=("queued", "running")))


def is_stale(run: Run, versions: Mapping[str, int]) -> bool:
    """Whether the registers have changed since the run took its snapshot."""
    return any(versions.get(sheet, 0) != version for sheet, version in run.register_versions.items())


def overrides(county_code: str, pack: str) -> QuerySet[PackValue]:
    """The checked county values that take the place of a standard's."""
    return PackValue.objects.filter(
        county_code=county_code, pack=pack, withdrawn_at=None, checked_by__isnull=False
    ).order_by("path")
