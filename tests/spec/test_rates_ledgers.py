"""台账指标: care, return and safety as the ledgers stood; who cannot be judged yet is in neither number."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from junheng.engines import DuckDB, schema_of
from junheng.measures import Scope, measure_value, measure_values
from junheng.measures.rates_ledgers import LEDGER_TABLES
from junheng.policy import load
from junheng.tables import SHEETS

RULES = load("balanced-2017").on(date(2026, 11, 20))
SCHOOLS = [
    {"school_code": "1", "school_name": "一小", "school_kind": "211", "township": "甲镇", "locale": "210"},
    {"school_code": "2", "school_name": "二小", "school_kind": "211", "township": "乙镇", "locale": "111"},
]


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    with DuckDB(threads=1) as one:
        yield one


def tables(engine: DuckDB, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    schools = engine.from_rows(SCHOOLS, schema_of(SHEETS["schools"]))
    return {"schools": schools, name: engine.from_rows(rows, dict(LEDGER_TABLES[name]))}


def test_care_by_county_township_and_school(engine: DuckDB) -> None:
    rows = [
        {"school_code": "1", "tutor": True, "people": 3},
        {"school_code": "1", "tutor": False, "people": 1},
        {"school_code": "2", "tutor": False},
        {"school_code": "", "township": "乙镇", "tutor": True},
    ]
    held = tables(engine, "care_ledger", rows)
    whole = measure_value("care.coverage", held, RULES)
    assert (whole.numerator, whole.denominator, whole.missing) == (4, 6, ())
    assert whole.value == pytest.approx(400 / 6)
    by_town = {one.area: (one.numerator, one.denominator) for one in measure_values("care.coverage", held, RULES, by="township")}  # fmt: skip
    assert by_town == {"甲镇": (3, 4), "乙镇": (1, 2)}
    of_town = measure_value("care.coverage", held, RULES, scope=Scope(township="乙镇"))
    assert (of_town.numerator, of_town.denominator) == (1, 2)
    # A child of no school is in no choice among schools.
    in_town = measure_value("care.coverage", held, RULES, scope=Scope(locales=("城区",)))
    assert (in_town.numerator, in_town.denominator) == (0, 1)


def test_return_counts_only_those_whose_days_have_run_out_or_who_are_back(engine: DuckDB) -> None:
    rows = [
        {"school_code": "1", "waited": 90, "took": 30, "allowed": 30},
        {"school_code": "1", "waited": 90, "took": 31, "allowed": 30},
        {"school_code": "2", "waited": 31, "took": None, "allowed": 30},
        {"school_code": "2", "waited": 30, "took": None, "allowed": 30},
    ]
    found = measure_value("dropout.returned", tables(engine, "dropout_ledger", rows), RULES)
    assert (found.numerator, found.denominator) == (1, 3)
    assert "30日内" in found.rows
    assert "1名仍在期限内" in found.rows
    early = measure_value("dropout.returned", tables(engine, "dropout_ledger", rows[3:]), RULES)
    assert early.value is None
    assert early.missing


def test_dropouts_of_the_ledger_beside_the_pupils_enrolled(engine: DuckDB) -> None:
    rows = [
        {"school_code": "1", "people": 2},
        {"school_code": "", "township": "乙镇", "people": 1},
    ]
    classes = [
        {"school_code": code, "stage": "小学", "grade": "1", "class_number": 1, "class_students": n}
        for code, n in (("1", 40), ("2", 60))
    ]
    held = tables(engine, "dropout_standing", rows)
    without = measure_value("dropout.standing", held, RULES)
    assert without.value is None
    held["classes"] = engine.from_rows(classes, schema_of(SHEETS["classes"]))
    whole = measure_value("dropout.standing", held, RULES)
    assert (whole.numerator, whole.denominator, whole.value) == (3, 100, 3)
    by_town = {one.area: (one.numerator, one.denominator) for one in measure_values("dropout.standing", held, RULES, by="township")}  # fmt: skip
    assert by_town == {"甲镇": (2, 40), "乙镇": (1, 60)}
    by_school = {one.area: one.numerator for one in measure_values("dropout.standing", held, RULES, by="school") if one.area}  # fmt: skip
    assert by_school == {"1": 2, "2": 0}
    # A ledger that stands empty is a nought, a ledger not begun is not.
    empty = tables(engine, "dropout_standing", [{"school_code": "", "people": 0}]) | {
        "classes": held["classes"]
    }
    assert measure_value("dropout.standing", empty, RULES).value == 0
    none = measure_value("dropout.standing", {"classes": held["classes"]}, RULES)
    assert (none.value, "还没有辍学台账" in none.missing[0]) == (None, True)


def test_a_school_not_checked_yet_is_not_reported(engine: DuckDB) -> None:
    rows = [{"school_code": "1", "met": True}, {"school_code": "2", "met": None}]
    found = measure_value("safety.coverage", tables(engine, "safety_ledger", rows), RULES)
    assert (found.value, found.unreported, found.unreported_unit) == (100, 1, "所学校")
    none = measure_value("safety.coverage", tables(engine, "safety_ledger", rows[1:]), RULES)
    assert none.value is None
    assert "1所学校未报" in none.missing[0]


def test_without_a_ledger_it_says_what_to_do(engine: DuckDB) -> None:
    schools = {"schools": engine.from_rows(SCHOOLS, schema_of(SHEETS["schools"]))}
    for code in ("care.coverage", "dropout.returned", "dropout.standing", "safety.coverage"):
        found = measure_value(code, schools, RULES)
        assert found.value is None
        assert "台账" in found.missing[0]


@pytest.mark.parametrize("seed", range(4))
def test_return_against_the_plain_count(engine: DuckDB, seed: int) -> None:
    chance = random.Random(seed)
    rows = [
        {
            "school_code": chance.choice("12"),
            "waited": (waited := chance.randint(0, 60)),
            "took": chance.choice([None, chance.randint(0, waited)]),
            "allowed": 30,
        }
        for _ in range(40)
    ]
    judged = [row for row in rows if row["took"] is not None or row["waited"] > 30]
    back = sum(row["took"] is not None and row["took"] <= 30 for row in judged)
    held = tables(engine, "dropout_ledger", rows)
    found = measure_value("dropout.returned", held, RULES)
    assert (found.numerator, found.denominator) == (back, len(judged))
    schools = measure_values("dropout.returned", held, RULES, by="school")
    assert sum(one.denominator or 0 for one in schools) == len(judged)
