"""The manual is the test: every worked example of the 算法说明 pages is executed as it is printed."""

from typing import Any

import pytest

from junheng.engines import DuckDB, schema_of
from junheng.measures import Assessment, assess
from junheng.measures.fact_table import numerators
from junheng.measures.results import coefficient_results
from junheng.measures.worked import DrawnTable, Example, examples, golden
from junheng.policy import load
from junheng.tables import FACTS, SHEETS
from junheng.tables.model import Kind


def assessed(example: Example) -> Assessment:
    pack = load(example.pack)
    with DuckDB() as engine:
        tables = {}
        for table in example.inputs:
            schema: dict[str, Kind] = (
                schema_of(FACTS) | dict.fromkeys(numerators(pack), "decimal")
                if table.name == "facts"
                else schema_of(SHEETS[table.name])
            )
            given = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
            tables[table.name] = engine.from_rows(given, schema)
        return assess(tables, pack, day=example.day, keep=engine.keep)


def agrees(got: Any, wanted: Any) -> bool:
    if isinstance(wanted, float) and got is not None and not isinstance(wanted, bool):
        return bool(got == pytest.approx(wanted, rel=1e-9, abs=1e-9))
    return bool(got == wanted)


def check(found: Assessment, table: DrawnTable) -> None:
    rows = getattr(found, table.name)
    for wanted in table.rows:
        near = [
            [getattr(row, column) for column in table.columns]
            for row in rows
            if all(
                getattr(row, column) == value
                for column, value in zip(table.columns, wanted, strict=True)
                if column in ("county", "school", "stage", "code", "grade")
            )
        ]
        assert any(all(map(agrees, row, wanted)) for row in near), f"{table.title} {wanted}: {near}"


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.id)
def test_example(example: Example) -> None:
    found = assessed(example)
    for table in example.expected:
        check(found, table)


def test_examples_are_printable() -> None:
    assert len({example.id for example in examples()}) == len(examples())
    for example in examples():
        assert example.prose
        for table in (*example.inputs, *example.expected):
            assert table.rows
            assert all(len(row) == len(table.headings) for row in table.rows)
            assert not any(heading.isascii() for heading in table.headings), table.headings


def spread(stage: str, mean: list[float], deviation: list[float], codes: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"county": "", "stage": stage}
    for code, average, width in zip(codes, mean, deviation, strict=True):
        row |= {f"{code}_mean": average, f"{code}_deviation": width}
        row |= {f"{code}_schools": 9, f"{code}_students": 900, f"{code}_unreported": 0}
    return row


def test_jiujiang_to_six_decimals() -> None:
    published = golden()["jiujiang"]
    pack = load("balanced-2017")
    codes = [resource.code for resource in pack.resources]
    row = spread("小学", published["mean"], published["deviation"], codes)
    singles, composites = coefficient_results([row], pack.on(examples()[0].day))
    assert [single.cv for single in singles] == pytest.approx(published["cv"], abs=6e-7)
    assert composites[0].cv == pytest.approx(published["composite"], abs=6e-7)
    assert [single.code for single in singles if single.verdict == "未达标"] == published["failing"]
    assert composites[0].verdict == "不适用"


@pytest.mark.parametrize("stage", ["小学", "初中"])
def test_ningguo_fails_six_of_seven(stage: str) -> None:
    published = golden()["ningguo"][stage]
    pack = load("balanced-2017")
    codes = [resource.code for resource in pack.resources]
    row = spread(stage, [1.0] * 7, published["cv"], codes)
    singles, _ = coefficient_results([row], pack.on(examples()[0].day))
    assert sum(single.verdict == "未达标" for single in singles) == published["failing"]


@pytest.mark.parametrize("row", golden()["composite_2012"]["rows"], ids=lambda row: row["unit"])
def test_composites_of_22_published_rows(row: dict[str, Any]) -> None:
    pack = load("basic-2012")
    codes = [resource.code for resource in pack.resources]
    stage = "小学" if row["unit"].endswith("小学") else "初中"
    _, composites = coefficient_results(
        [spread(stage, [1.0] * 8, row["cv"], codes)], pack.on(examples()[0].day)
    )
    assert composites[0].cv == pytest.approx(row["published"], abs=1e-3)
    limit = {"小学": 0.65, "初中": 0.55}[stage]
    assert composites[0].verdict == ("达标" if row["published"] <= limit else "未达标")
