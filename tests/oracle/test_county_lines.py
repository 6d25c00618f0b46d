"""The county lines against a count by hand."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junheng.engines import DuckDB, schema_of
from junheng.measures import assess
from junheng.policy import load
from junheng.tables import SHEETS
from oracle import plain_county as plain
from oracle.county_rows import DAY, made_up

PACK = load("balanced-2017")


@given(st.integers(0, 10**6))
@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
def test_county_lines_agree_with_counting_by_hand(seed: int) -> None:
    held = made_up(seed, 10)
    with DuckDB() as engine:
        tables = {name: engine.from_rows(rows, schema_of(SHEETS[name])) for name, rows in held.items()}
        found = assess(tables, PACK, day=DAY, keep=engine.keep)
    got = {line.code: line for line in found.county}
    for code, (numerator, denominator) in plain.lines(held).items():
        figure = got[code].figures[0]
        assert (figure.numerator or 0, figure.denominator or 0) == (numerator or 0, denominator or 0), code
    second = got["G11"].figures[1]
    assert (second.numerator or 0, second.denominator or 0) == plain.backbone_share(held)
    kinds = {row["school_code"]: row["school_kind"] for row in held["schools"]}
    codes = [school.school_code for school in found.schools if kinds[school.school_code] != "511"]
    funds = got["Q4"].figures[0]
    assert (funds.numerator or 0, funds.denominator or 0) == plain.training_funds(held, codes)
    limits = {"小学": 45, "初中": 50}
    sizes = plain.class_sizes(held)
    wanted = {
        key: size - limits[key[1]]
        for key, size in sizes.items()
        if size is not None and size > limits[key[1]]
    }
    over = {(c.school_code, c.stage, c.grade, c.class_number): c.over for c in found.classes if c.over}
    assert over == wanted


@pytest.mark.parametrize(("classes", "rooms"), [(1, 1), (12, 1), (13, 2), (24, 2), (25, 3)])
def test_one_room_for_every_twelve_classes_or_part(classes: int, rooms: int) -> None:
    held = {
        "schools": [
            {"school_code": "2164000001", "school_name": "一小", "school_kind": "211", "locale": "121"}
        ],
        "classes": [
            {
                "school_code": "2164000001",
                "stage": "小学",
                "grade": "1",
                "class_number": n + 1,
                "class_students": 30,
            }
            for n in range(classes)
        ],
        "premises": [
            {
                "school_code": "2164000001",
                "premises_stage": "全校",
                "music_rooms": (96.0,) * rooms,
                "art_rooms": (90.0,) * (rooms - 1),
            }
        ],
    }
    assert plain.rooms_required(classes) == rooms
    with DuckDB() as engine:
        tables = {name: engine.from_rows(rows, schema_of(SHEETS[name])) for name, rows in held.items()}
        line = next(line for line in assess(tables, PACK, day=DAY).county if line.code == "G3")
    assert [(row.label, row.gap) for row in line.failing] == [("美术教室", 1.0)]
