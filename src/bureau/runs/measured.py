"""指标值: each measure of the catalogue for a finished run, from the snapshot that the run keeps, for county, townships and schools.

Below the duties: whoever wants a measure of only some schools (乡村, 公办) says so in `subsets`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db import transaction

from bureau.people.queries import township_codes
from bureau.runs.compute import SNAPSHOTS, county_pack
from bureau.runs.models import MeasureResult, Run
from bureau.runs.queries import DEFAULT_PACK
from bureau.runs.stored import assessment
from bureau.runs.subsets import scope_of_subset
from junheng.engines import DuckDB
from junheng.measures import Value, catalogue
from junheng.measures.rates_ledgers import LEDGER_TABLES
from junheng.measures.rates_model import WHOLE
from junheng.measures.rates_together import Everywhere, Wanted, every_measure, measure_together
from junheng.tables import Kind

Subset = tuple[str, str, str]
"""Measure, stage and the words of a subset of schools."""
Population = Mapping[str, list[object]]
POPULATION: dict[str, Kind] = {
    "age": "integer",
    "township": "text",
    "studying": "text",
    "disability": "text",
    "people": "integer",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """台账的数: the tables of `rates_ledgers` as the ledgers stood on the evening of `day`."""

    day: date
    tables: Mapping[str, Mapping[str, list[object]]]


def measure(
    run: Run,
    *,
    subsets: Iterable[Subset] = (),
    population: Population | None = None,
    ledgers: Counted | None = None,
) -> int:
    """指标入库: replaces what is stored of the run's measures; answers how many rows there are now.

    Only for finished runs of the standard that the ledger follows; one whose snapshot is gone keeps what it has. `population` is the
    county's 适龄人口比对表 of the day, which no register of the snapshot holds; neither are `ledgers`.
    """
    folder = _snapshots() / run.snapshot
    if run.state != Run.State.DONE or run.pack != DEFAULT_PACK or not run.snapshot or not folder.exists():
        return 0
    wanted: list[tuple[Wanted, str]] = [(one, "") for one in every_measure()]
    wanted += [((code, stage, scope_of_subset(words)), words) for code, stage, words in subsets]
    return _store(run, wanted, population, ledgers, replace="every")


def count_again(run: Run, *, subsets: Iterable[Subset], ledgers: Counted) -> int:
    """台账指标重数: the measures of ledgers alone, as of another day; the registers of the run stay as they are."""
    folder = _snapshots() / run.snapshot
    if not run.snapshot or not folder.exists():
        return 0
    own = ledger_measures()
    wanted: list[tuple[Wanted, str]] = [(one, "") for one in every_measure() if one[0] in own]
    wanted += [
        ((code, stage, scope_of_subset(words)), words) for code, stage, words in subsets if code in own
    ]
    return _store(run, wanted, None, ledgers, replace="ledgers")


def ledger_measures() -> frozenset[str]:
    """The codes of the measures that are counted from ledgers of cases."""
    return frozenset(one.code for one in catalogue() if one.source == "ledgers")


def measure_more(
    run: Run,
    *,
    subsets: Iterable[Subset],
    population: Population | None = None,
    ledgers: Counted | None = None,
) -> int:
    """补算口径: adds what a new binding asks for and the run has not stored yet."""
    known = set(MeasureResult.objects.filter(run=run, level="county").values_list("code", "stage", "subset"))
    missing = [one for one in subsets if one not in known]
    folder = _snapshots() / run.snapshot
    if not missing or not run.snapshot or not folder.exists():
        return 0
    return _store(
        run,
        [((code, stage, scope_of_subset(words)), words) for code, stage, words in missing],
        population,
        ledgers,
    )


def _store(
    run: Run,
    wanted: list[tuple[Wanted, str]],
    population: Population | None,
    ledgers: Counted | None,
    *,
    replace: Literal["every", "ledgers", ""] = "",
) -> int:
    townships = township_codes(run.county_code)
    found = _found(run, [one for one, _words in wanted], population, ledgers)
    rows = [
        row
        for everywhere, (_one, words) in zip(found, wanted, strict=True)
        for row in _rows(run, everywhere, words, townships)
    ]
    if ledgers is not None:
        own = ledger_measures()
        for one in rows:
            one.counted_on = ledgers.day if one.code in own else None
    with transaction.atomic():
        if replace:
            old = MeasureResult.objects.filter(run=run)
            (old if replace == "every" else old.filter(code__in=ledger_measures())).delete()
        MeasureResult.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def everywhere(
    run: Run, wanted: Iterable[tuple[str, str]], population: Population | None, ledgers: Counted | None
) -> list[Everywhere] | None:
    """指标值 of (measure, stage) from the registers of a run, stored nowhere; None when its snapshot is gone."""
    if not run.snapshot or not (_snapshots() / run.snapshot).exists():
        return None
    return _found(run, [(code, stage, WHOLE) for code, stage in wanted], population, ledgers)


def _found(
    run: Run, wanted: Sequence[Wanted], population: Population | None, ledgers: Counted | None
) -> list[Everywhere]:
    rules = county_pack(run.county_code, run.pack).on(run.day)
    with DuckDB() as engine:
        tables = {
            path.stem: engine.read_parquet(path) for path in (_snapshots() / run.snapshot).glob("*.parquet")
        }
        if population is not None:
            tables["population"] = engine.from_columns(dict(population), POPULATION)
        for name, columns in (ledgers.tables if ledgers else {}).items():
            tables[name] = engine.from_columns(dict(columns), dict(LEDGER_TABLES[name]))
        history = {
            day: {"students": engine.read_parquet(path)} for day, path in _earlier_students(run).items()
        }
        of_results = any(catalogue()[code].source == "results" for code, _stage, _scope in wanted)
        assessed = assessment(run, "") if of_results else None
        return list(
            measure_together(wanted, tables, rules, history=history, assessment=assessed, keep=engine.keep)
        )


def _rows(run: Run, found: Everywhere, words: str, townships: Mapping[str, str]) -> list[MeasureResult]:
    county = _row(run, found.value, words, "county", "")
    county.schools = [
        [one.area, one.area_name, one.value, one.numerator, one.denominator, one.unreported]
        for one in found.schools
    ]
    return [county] + [
        _row(run, one, words, "township", townships.get(one.area, one.area)[:12]) for one in found.townships
    ]


def _row(run: Run, value: Value, words: str, level: str, area: str) -> MeasureResult:
    return MeasureResult(
        run=run,
        code=value.code,
        stage=value.stage,
        subset=words,
        level=level,
        area_code=area,
        area_name=value.area_name[:120],
        value=value.value,
        unit=value.unit[:12],
        numerator=value.numerator,
        denominator=value.denominator,
        unreported=value.unreported,
        unreported_unit=value.unreported_unit[:20],
        rows=value.rows,
        note=value.note,
        missing=list(value.missing),
    )


def _earlier_students(run: Run) -> dict[date, Path]:
    """{earlier data day: its student register}, for what follows pupils over the years."""
    runs = Run.objects.filter(
        county_code=run.county_code, pack=run.pack, state=Run.State.DONE, day__lt=run.day
    ).exclude(snapshot="")
    found = {}
    for earlier in runs.order_by("day", "id"):
        path = _snapshots() / earlier.snapshot / "students.parquet"
        if path.exists():
            found[earlier.day] = path
    return found


def _snapshots() -> Path:
    return Path(settings.DATA) / SNAPSHOTS
