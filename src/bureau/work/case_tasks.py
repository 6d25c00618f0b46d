"""个案的后台任务: the nightly comparison of every county, and bulk work."""

from typing import Any

from django.utils import timezone
from django_tasks import task

from bureau.cases import bulk, escalating, redating, sweeping, tables
from bureau.cases.models import Bulk, Sweep
from bureau.graduates.models import Destination, Leaver
from bureau.registry import queries as registered
from bureau.work.finding_tables import payment_findings
from bureau.work.marks import Marks


def sweep(county_code: str, *, only: str = "") -> list[Sweep]:
    """比对一县 now: the registers, roll calls, outside registers and findings as they stand."""
    today, at = timezone.localdate(), timezone.now()
    read = sweeping.tables_read(county_code, today=today, only=only)
    county = tables.gather(county_code, today=today, wanted=read)
    return sweeping.sweep(
        county_code=county_code, county=county, more=beside(county_code), at=at, today=today, only=only
    )


def beside(county_code: str) -> dict[str, dict[str, list[Any]]]:
    """Tables of rooms beside the cases, which the cases themselves may not reach."""
    return {"graduates": _graduates(county_code), "payment_findings": payment_findings(county_code)}


def _graduates(county_code: str) -> dict[str, list[Any]]:
    """Who finished a stage, with the destination that holds; none registered is a blank."""
    names = ("student_key", "school_code", "stage", "year", "registered", "kind", "place", "since")
    rows = Leaver.objects.filter(county_code=county_code, kind=Leaver.Kind.GRADUATED).values_list(
        "student_key", "school_code", "stage", "year", "registered", "current__kind", "current__place", "current__day"
    )  # fmt: skip
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)) if rows else {}
    words = dict(Destination.Kind.choices)
    kinds = columns.pop("kind", [])
    return (
        {**columns, "destination": [words.get(kind) and str(words[kind]) for kind in kinds]} if rows else {}
    )


@task()
def sweep_county(county_code: str, only: str = "") -> None:
    """比对一县, asked for by a person."""
    sweep(county_code, only=only)


def nightly() -> None:
    """每晚: every county is compared, deadlines follow the calendar, then what is overdue goes one level up."""
    for county_code in registered.counties():
        sweep(county_code)
        redating.redate(county_code=county_code, at=timezone.now(), today=timezone.localdate())
        escalating.escalate(county_code=county_code, at=timezone.now(), today=timezone.localdate())


@task()
def do_bulk(bulk_id: int) -> None:
    """批量办理, with progress; it stops when asked to."""
    row = Bulk.objects.filter(pk=bulk_id, cancel_asked=False)
    bulk.run(pk=bulk_id, at=timezone.now, today=timezone.localdate(), progress=Marks(row, bulk.StoppedError))
