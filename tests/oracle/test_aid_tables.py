"""Aid as table expressions on DuckDB against the slow twin, and the cube that the engine counts."""

from datetime import date

import pytest

from junheng.aid import outcomes, totals
from junheng.aid.distinct import cube_of
from junheng.aid.model import STATES
from junheng.aid.plan import compile_plan
from junheng.aid.tables import with_aid
from junheng.aid.whatif import bill, by_school
from junheng.engines import DuckDB
from junheng.measures.rows import rows
from oracle.aid_children import BOOK, BOOKS, made

SCHEMA = {
    "id": "integer", "county": "text", "stage": "text", "grade": "integer", "school": "text",
    **dict.fromkeys(BOOK.facts, "flag"),
}  # fmt: skip


def frame_of(engine, children):
    records = [
        {"id": n, "county": c.county or None, "stage": c.stage, "grade": c.grade or None, "school": f"校{n % 5}", **c.facts}
        for n, c in enumerate(children)
    ]  # fmt: skip
    return engine.from_rows(records, SCHEMA)


@pytest.mark.parametrize(
    ("book", "on"), list(zip(BOOKS, (date(2018, 10, 1), date(2019, 10, 1), date(2025, 10, 1)), strict=True))
)
def test_expressions_agree_with_the_twin(book, on):
    children = made(on.year, 250)
    with DuckDB() as engine:
        found = {row["id"]: row for row in rows(with_aid(frame_of(engine, children), book, on, engine.keep))}
    for place, child in enumerate(children):
        slow = outcomes(book, child, on)
        fast = found[place]
        assert [(STATES[fast[f"state_{n}"]], fast[f"fen_{n}"]) for n in range(len(slow))] == [
            (outcome.state, outcome.fen) for outcome in slow
        ]
        sums = totals(book, slow, on).paid
        for kind, period in (("cash", "year"), ("waiver", "year")):
            assert fast[f"fen_{kind}_{period}"] == sums.get((kind, period), 0)


def test_the_engine_counts_the_cube():
    on = date(2018, 10, 1)
    children = made(5, 300) * 2
    with DuckDB() as engine:
        cube = cube_of(frame_of(engine, children), BOOK, by_school=True)
    assert cube.count.sum() == 600
    found = bill(cube, compile_plan(BOOK, on)).by_clause()
    slow = [outcomes(BOOK, child, on) for child in children]
    for place, clause in enumerate(BOOK.clauses):
        paid = [outcome[place].fen for outcome in slow if outcome[place].state in ("paid", "cut")]
        assert found[clause.id] == (sum(paid), len(paid))
    assert sum(heads for _, heads in by_school(cube, compile_plan(BOOK, on)).values()) == sum(
        any(o.state in ("paid", "cut") and BOOK.clause(o.clause).kind != "loan" for o in each)
        for each in slow
    )
