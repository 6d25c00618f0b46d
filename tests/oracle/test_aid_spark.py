"""One pack, two engines: what DuckDB answers about aid, Spark answers, by checksum."""

from datetime import date
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
