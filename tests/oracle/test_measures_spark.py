"""One computation, two engines: what DuckDB answers, Spark answers, to 1e-9."""

from pathlib import Path
from typing import Any

import pytest

from junheng.engines import DuckDB, schema_of
from junheng.measures import assess, coefficients, judged, registers, school_facts
from junheng.measures.fact_table import flat_facts
from junheng.measures.rows import rows
from junheng.policy import load
from junheng.tables import FACTS, SHEETS
from oracle.county_rows import DAY, made_up, made_up_facts

pytestmark = [
    pytest.mark.spark,
    # Spark itself leaves sockets and files to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
PACK = load("balanced-2017")
RULES = PACK.on(DAY)


def same(left: Any, right: Any) -> bool:
    if isinstance(left, float) or isinstance(right, float):
        return left is right or left == pytest.approx(right, rel=1e-9, abs=1e-9)
    return bool(left == right)


def sorted_rows(frame: Any, *key: str) -> list[dict[str, Any]]:
    return sorted(rows(frame), key=lambda row: tuple(str(row[name]) for name in key))


def test_spark_and_duckdb_agree(spark: Any, tmp_path: Path) -> None:
    from junheng.engines.spark import Spark

    held = made_up(7, 8)
    flat = [
        {**fact.amounts, **{n: getattr(fact, n) for n in ("county", "school", "stage", "students")}}
        for fact in made_up_facts(3)
    ]
    with DuckDB() as duck:
        answers = []
        for engine in (duck, Spark(spark)):
            tables = {name: engine.from_rows(given, schema_of(SHEETS[name])) for name, given in held.items()}
            facts = engine.from_rows(flat, schema_of(FACTS))
            table = flat_facts(facts, PACK)
            answers.append(
                [
                    sorted_rows(judged(table, RULES), "county", "school", "stage"),
                    sorted_rows(coefficients(table, RULES), "county", "stage"),
                    sorted_rows(school_facts(registers(tables), RULES, "甲县"), "school_code", "stage"),
                ]
            )
            kept = engine.keep(engine.from_rows(held["premises"], schema_of(SHEETS["premises"])))
            order = ("school_code", "premises_stage")
            answers[-1].append([{"checksum": engine.checksum(kept, order=order)}])
            path = tmp_path / type(engine).__name__ / "premises.parquet"
            engine.write_parquet(kept, path, order=order)
            assert engine.checksum(engine.read_parquet(path), order=order) == answers[-1][-1][0]["checksum"]
            again = duck.checksum(duck.read_parquet(path), order=order)
            assert again == answers[-1][-1][0]["checksum"]
        for left, right in zip(*answers, strict=True):
            assert len(left) == len(right)
            for one, other in zip(left, right, strict=True):
                assert one.keys() == other.keys()
                for name in one:
                    assert same(one[name], other[name]), name


def test_a_whole_assessment_runs_on_spark(spark: Any) -> None:
    from junheng.engines.spark import Spark

    held = made_up(11, 6)
    with DuckDB() as duck:
        found = []
        for engine in (duck, Spark(spark)):
            tables = {name: engine.from_rows(given, schema_of(SHEETS[name])) for name, given in held.items()}
            found.append(assess(tables, PACK, day=DAY, county="甲县"))
    left, right = found
    assert [line.verdict for line in left.county] == [line.verdict for line in right.county]
    assert [school.verdict for school in left.schools] == [school.verdict for school in right.schools]
    assert left.classes == right.classes
    for one, other in zip(left.coefficients, right.coefficients, strict=True):
        assert same(one.cv, other.cv)
