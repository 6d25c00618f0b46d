"""The manual is the test: worked examples of plan measures and progress are executed as they are printed."""

from datetime import date
from typing import Any

import pytest

from junheng.engines import DuckDB, schema_of
from junheng.measures import (
    Milestone,
    Reading,
    TargetLine,
    Value,
    catalogue,
    measure_value,
    measure_values,
    progress,
)
from junheng.measures.progress_model import COMPARATOR_WORDS
from junheng.measures.worked import DrawnTable, Example
from junheng.measures.worked_plans import plan_examples
from junheng.policy import load
from junheng.tables import SHEETS
from junheng.tables.model import Kind

POPULATION: dict[str, Kind] = {
    "age": "integer",
    "township": "text",
    "studying": "text",
    "disability": "text",
    "people": "integer",
}


def dicts(table: DrawnTable) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def computed(example: Example) -> dict[str, list[Value]]:
    rules = load(example.pack).on(example.day)
    with DuckDB(threads=1) as engine:
        tables: dict[str, Any] = {}
        history: dict[date, dict[str, Any]] = {}
        for table in example.inputs:
            sheet, _, day = table.name.partition(" ")
            schema = {"key": "text", **schema_of(SHEETS[sheet])} if sheet in SHEETS else POPULATION
            frame = engine.from_rows(dicts(table), schema)
            if day:
                history.setdefault(date.fromisoformat(day), {})[sheet] = frame
            else:
                tables[sheet] = frame
        codes = {measure.title: measure.code for measure in catalogue()}
        return {
            title: [
                value
                for stage in catalogue()[code].stages
                for value in (
                    measure_value(code, tables, rules, stage=stage, history=history),
                    *measure_values(code, tables, rules, by="township", stage=stage, history=history),
                )
            ]
            for title, code in codes.items()
            if any(title == row["title"] for table in example.expected for row in dicts(table))
        }


@pytest.mark.parametrize(
    "example", [e for e in plan_examples() if e.id.startswith("rates-")], ids=lambda e: e.id
)
def test_rates_as_printed(example: Example) -> None:
    found = computed(example)
    for table in example.expected:
        for wanted in dicts(table):
            keys = {"stage": wanted["stage"], "area_name": wanted.get("area_name", "全县")}
            value = next(
                v for v in found[wanted["title"]] if all(getattr(v, key) == at for key, at in keys.items())
            )
            for column in (one for one in table.columns if one not in ("title", *keys)):
                got = getattr(value, column)
                assert got == (None if wanted[column] is None else pytest.approx(wanted[column])), (
                    column,
                    value,
                )


@pytest.mark.parametrize(
    "example", [e for e in plan_examples() if e.id.startswith("progress-")], ids=lambda e: e.id
)
def test_progress_as_printed(example: Example) -> None:
    inputs = {table.name: dicts(table) for table in example.inputs}
    raw = inputs["target"][0]
    words = {word: name for name, word in COMPARATOR_WORDS.items()}
    start = raw["baseline_day"]
    target = TargetLine(
        words[raw["comparator"]],  # type: ignore[arg-type]
        raw["value"],
        raw["due"],
        unit=raw["unit"],
        baseline=Reading(start, raw["baseline"]) if start else None,
        over_100=raw["value"] > 100,
    )
    found = progress(target, [Reading(**row) for row in inputs["readings"]], day=example.day)
    ahead = found.forecast
    told = {
        "verdict": found.verdict,
        "expected": found.expected,
        "gap": found.gap,
        "needed_per_month": found.needed_per_month,
        "forecast": ahead.value if ahead else None,
        "low": ahead.low if ahead else None,
        "high": ahead.high if ahead else None,
    }
    for column, wanted in dicts(example.expected[0])[0].items():
        right = wanted if wanted is None or isinstance(wanted, str) else pytest.approx(wanted, rel=1e-6)
        assert told[column] == right, (column, found)


def test_examples_can_be_printed() -> None:
    assert len({example.id for example in plan_examples()}) == len(plan_examples())
    for example in plan_examples():
        for table in (*example.inputs, *example.expected):
            assert table.rows
            assert not any(heading.isascii() for heading in table.headings), table.headings
            assert all(len(row) == len(table.columns) for row in table.rows)


def test_the_path_follows_dated_milestones() -> None:
    start = Reading(date(2025, 1, 1), 80)
    half = Milestone(date(2026, 1, 1), 95)
    target = TargetLine("ge", 96, date(2027, 1, 1), baseline=start, milestones=[half])
    reading = [Reading(date(2025, 7, 2), 87.4)]
    found = progress(target, reading, day=date(2025, 7, 2))
    # Half of the first year, so half of 15 points: 87.5 (182 of 365 days: 87.48), not half a point as on one straight line.
    assert found.expected == pytest.approx(80 + 15 * 182 / 365)
    assert found.verdict == "落后"
    stepped = TargetLine("ge", 96, date(2027, 1, 1), baseline=start, milestones=[half], steps=True)
    assert progress(stepped, reading, day=date(2025, 7, 2)).verdict == "按进度"
    late = [Reading(date(2026, 1, 1), 94.9)]
    assert progress(stepped, late, day=date(2026, 1, 1)).verdict == "落后"
