"""比对: the detectors of every ledger of a county over its tables, and what that means for the cases."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from time import monotonic
from typing import Any

from bureau.cases import packs, placing
from bureau.cases.follow import follow
from bureau.cases.models import Case, Sweep
from bureau.cases.subjects import places
from bureau.cases.tables import County
from junheng.detecting import TABLES, Candidate, DetectorError, Workbench
from junheng.policy.ledgers import LIVE, Ledger

# What people themselves fill: without a row of these a query is still worth asking.
MAY_BE_EMPTY = frozenset({"cases", "facts", "students_before", "payment_findings", "absences", "streaks"})
Progress = Callable[[float], None]


def sweep(
    *,
    county_code: str,
    county: County,
    more: Mapping[str, Mapping[str, list[Any]]] | None = None,
    at: datetime,
    today: date,
    only: str = "",
    progress: Progress = lambda share: None,
) -> list[Sweep]:
    """比对一县 for each ledger with detectors, in the order in which one's cases are another's data; a failing ledger fails alone.

    Where a register is missing altogether nothing is concluded: no data is no evidence that anything is solved.
    """
    ledgers = _looking(county_code, only)
    with Workbench(today, dates=county.dates) as bench:
        wanted = _used(bench, ledgers)
        for name, columns in {**county.tables, **(more or {})}.items():
            if name in wanted:
                bench.put(name, columns)
        done = []
        for number, ledger in enumerate(ledgers):
            done.append(_one(county_code, ledger, bench, county, at=at, today=today))
            progress((number + 1) / len(ledgers))
    if not only:
        placing.place(county_code=county_code, at=at, today=today)
    return done


def tables_read(county_code: str, *, today: date, only: str = "") -> set[str]:
    """比对要读的表: what the detectors in force look at, so that nothing else is fetched."""
    with Workbench(today) as bench:
        return _used(bench, _looking(county_code, only))


def _looking(county_code: str, only: str) -> list[Ledger]:
    return [one for one in packs.ledgers(county_code) if one.detectors and (not only or one.code == only)]


def _used(bench: Workbench, ledgers: Sequence[Ledger]) -> set[str]:
    """The tables that any detector reads; a query that is none is named when its ledger is compared."""
    used: set[str] = set()
    for ledger in ledgers:
        for detector in ledger.detectors:
            try:
                used |= bench.tables_in(detector.sql)
            except DetectorError:
                continue
    return used


def _one(
    county_code: str, ledger: Ledger, bench: Workbench, county: County, *, at: datetime, today: date
) -> Sweep:
    started = monotonic()
    settings = {setting.name: setting.value for setting in ledger.settings}
    found: list[Candidate] = []
    used: set[str] = set()
    try:
        for detector in ledger.detectors:
            used |= bench.tables_in(detector.sql)
        missing = bench.empty(used - MAY_BE_EMPTY)
        if missing:
            words = "、".join(TABLES[name].words for name in missing)
            return _failed(county_code, ledger, f"没有数据，本次不作判断：{words}", at=at, today=today)
        for detector in ledger.detectors:
            found += bench.find(detector, settings)
    except DetectorError as error:
        return _failed(county_code, ledger, str(error), at=at, today=today)
    data = [county.days[name] for name in used if name in county.days]
    day = max(data) if data else today
    live = Case.objects.filter(county_code=county_code, ledger=ledger.code, phase__in=LIVE)
    keys = {one.subject_key for one in found} | set(live.values_list("subject_key", flat=True))
    return follow(
        county_code=county_code,
        ledger=ledger,
        found=found,
        places=places(county_code, ledger.subject, keys, today),
        day=day,
        at=at,
        today=today,
        seconds=monotonic() - started,
    )


def _failed(county_code: str, ledger: Ledger, sentence: str, *, at: datetime, today: date) -> Sweep:
    return Sweep.objects.create(
        county_code=county_code, ledger=ledger.code, day=today, at=at, error=sentence[:400]
    )
