"""The demo county: its structure is the document's, nobody in it can be real, and the same seed makes the same county."""

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import town
from junheng.intake import read_files
from junheng.tables import SHEETS
from town.identity import PHONE_PREFIX, REGIONS, check_digit

SCALE = 0.05


@pytest.fixture(scope="module")
def tongxin() -> town.Town:
    return town.build(scale=SCALE)


@pytest.fixture(scope="module")
def books(tongxin: town.Town, tmp_path_factory: pytest.TempPathFactory) -> list[town.Workbook]:
    return town.write(tongxin, tmp_path_factory.mktemp("town"))


def test_schools_by_kind_are_those_of_the_plan(tongxin: town.Town) -> None:
    kinds = Counter(tongxin.latest.tables["schools"].column("school_kind"))
    assert kinds.pop("幼儿园") == 45
    assert kinds == {
        "高级中学": 3,
        "调整后中等职业学校": 1,
        "初级中学": 12,
        "九年一贯制学校": 3,
        "特殊教育学校": 1,
        "小学": 111,
        "小学教学点": 36,
    }
    assert kinds.total() == 167


def test_two_teaching_points_close(tongxin: town.Town) -> None:
    points = [Counter(year.tables["schools"].column("school_kind"))["小学教学点"] for year in tongxin.years]
    assert points == [38, 37, 36]


def test_three_years_and_the_size_asked_for(tongxin: town.Town) -> None:
    assert [year.day for year in tongxin.years] == [date(2023, 9, 20), date(2024, 9, 20), date(2025, 9, 20)]
    for year in tongxin.years:
        present = Counter(year.tables["students"].column("enrolment_status"))["在读"]
        assert 0.9 < present / (70_000 * SCALE) < 1.2


def test_every_row_has_the_agreed_columns_and_the_keys_are_unique(tongxin: town.Town) -> None:
    for year in tongxin.years:
        assert list(year.tables) == list(SHEETS)
        for name, table in year.tables.items():
            assert table.columns == tuple(column.name for column in SHEETS[name].columns)
            keys = Counter(tuple(row[column] for column in SHEETS[name].key) for row in table.dicts())
            assert not [key for key, count in keys.items() if count > 1]


@pytest.mark.parametrize("county", town.COUNTIES)
def test_nobody_and_no_school_can_be_real(county: str) -> None:
    built = town.build(county, scale=0.01)
    region = REGIONS[county]
    for year in built.years:
        students, teachers, schools = (year.tables[name] for name in ("students", "teachers", "schools"))
        for numbers in (
            students.column("id_number"),
            students.column("guardian_id"),
            teachers.column("id_number"),
        ):
            for number in filter(None, numbers):
                assert str(number)[:6] == region
                assert check_digit(str(number)[:17]) == str(number)[17]
        for number in students.column("enrolment_number"):
            assert str(number)[1:7] == region
        for phones in (
            students.column("guardian_phone"),
            students.column("guardian2_phone"),
            teachers.column("phone"),
        ):
            assert all(str(phone).startswith(PHONE_PREFIX) for phone in phones if phone)
        assert all(
            "演示" in str(name) for name in (*schools.column("school_name"), *students.column("school_name"))
        )
        assert all(int(str(code)[4:]) >= 900_000 for code in schools.column("school_code"))


def test_id_numbers_are_different_people(tongxin: town.Town) -> None:
    students = tongxin.latest.tables["students"]
    numbers = [*students.column("id_number"), *tongxin.latest.tables["teachers"].column("id_number")]
    held = Counter(filter(None, numbers))
    assert held.most_common(1)[0][1] == 1


def test_the_same_seed_makes_the_same_county() -> None:
    first, second, other = (town.build("640424", seed=seed, scale=0.02) for seed in (1, 1, 2))
    assert first == second
    assert first != other


def test_pupils_stay_the_same_people_and_move_up(tongxin: town.Town) -> None:
    before, after = (
        {row["enrolment_number"]: row for row in year.tables["students"].dicts()}
        for year in tongxin.years[:2]
    )
    second_grade = [number for number, row in before.items() if row["grade"] == "二年级"]
    moved = Counter(after[number]["grade"] for number in second_grade if number in after)
    assert moved["三年级"] > 0.95 * len(second_grade)
    assert len(before.keys() & after.keys()) > 0.8 * len(before)  # well above where an import stops and asks
    left = [row for row in after.values() if row["enrolment_status"] in ("转出", "毕业")]
    assert left
    assert all(row["status_on"] for row in left)


def test_classes_hold_the_children_who_are_listed(tongxin: town.Town) -> None:
    for year in tongxin.years:
        listed = Counter(
            (row["school_code"], row["grade"], row["class_number"])
            for row in year.tables["students"].dicts()
            if row["enrolment_status"] in ("在读", "休学")
        )
        counted = {
            (row["school_code"], row["grade"], row["class_number"]): row["class_students"]
            for row in year.tables["classes"].dicts()
        }
        assert counted == listed


def test_every_workbook_is_readable_and_whole(tongxin: town.Town, books: list[town.Workbook]) -> None:
    assert [book.day for book in books] == [year.day for year in tongxin.years for _ in range(3)]
    days = {year.day: year for year in tongxin.years}
    for book in books:
        read = CalamineWorkbook.from_path(book.path)
        for sheet in SHEETS.values():
            if sheet.title in read.sheet_names:
                rows = read.get_sheet_by_name(sheet.title).to_python()
                assert rows[0] == [column.heading for column in sheet.columns]
                assert len(rows) - 1 == len(days[book.day].tables[sheet.name])


def test_the_import_finds_warnings_and_no_errors(books: list[town.Workbook]) -> None:
    for day in sorted({book.day for book in books}):
        reading = read_files([book.path for book in books if book.day == day], today=day)
        assert reading.errors == []
        assert reading.warnings


def test_a_stream_gives_the_same_files(tmp_path: Path) -> None:
    at_once = town.write(town.build("640424", scale=0.02), tmp_path / "a")
    streamed = list(town.stream("640424", tmp_path / "b", scale=0.02, exercises=tmp_path / "c"))
    assert [book.title for book in at_once] == [book.title for book in streamed]
    for one, other in zip(at_once, streamed, strict=True):
        assert one.path.read_bytes() == other.path.read_bytes()
    exercises = town.write_exercises(town.build("640424", scale=0.02), tmp_path / "d")
    assert {book.path.name for book in exercises} == {path.name for path in (tmp_path / "c").iterdir()}


def test_exercises_hold_one_right_file_and_every_mistake(tongxin: town.Town, tmp_path: Path) -> None:
    known = {str(r["school_code"]): str(r["school_name"]) for r in tongxin.latest.tables["schools"].dicts()}
    right, wrong, old, corrupt, empty = town.write_exercises(tongxin, tmp_path)
    assert right.day > tongxin.latest.day
    readings = [
        read_files([book.path], known_schools=known, today=book.day)
        for book in (right, wrong, old, corrupt, empty)
    ]
    assert readings[0].problems == []
    assert len(readings[0].sheets["premises"]) == len(known)
    assert {
        "id_check_digit", "id_as_number", "not_number", "too_small", "duplicate_key", "too_large", "unknown_school",
        "formula_text", "no_such_day", "unknown_code", "blank", "sex_differs", "duplicate_id",
    } <= {problem.code for problem in readings[1].problems}  # fmt: skip
    assert len(readings[2].errors) == 1
    assert len(readings[2].sheets["classes"]) == 40
    assert [problem.code for problem in readings[3].problems] == ["corrupt"]
    assert [problem.code for problem in readings[4].problems] == ["empty"]


def test_the_small_county_is_what_it_says() -> None:
    small = town.small()
    assert small == town.small()
    students = [row for row in small.latest.tables["students"].dicts() if row["enrolment_status"] == "在读"]
    pupils = Counter((row["school_code"], row["stage"]) for row in students)
    facts = small.known["facts"]
    assert isinstance(facts, dict)
    assert {key: pupils[key] for key in facts} == {key: fact[0] for key, fact in facts.items()}
    assert len(small.latest.tables["schools"]) == 10
    assert len(students) == 458


def test_outlines_cover_each_township_once() -> None:
    drawn = town.outlines("640324")
    features = drawn["features"]
    assert isinstance(features, list)
    assert len({feature["properties"]["code"] for feature in features}) == 11
    for feature in features:
        ring = feature["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]
        assert "示意" in feature["properties"]["note"]
        assert _inside(feature["properties"]["cp"], ring)


def _inside(point: list[float], ring: list[list[float]]) -> bool:
    """Whether a point lies in a convex ring that runs anticlockwise."""
    return all(
        (x2 - x1) * (point[1] - y1) >= (y2 - y1) * (point[0] - x1) for (x1, y1), (x2, y2) in pairwise(ring)
    )


def test_the_cast_has_every_role_once_placed() -> None:
    cast = town.cast()
    assert {person["role"] for person in cast} == {
        "leader", "office", "school", "teacher", "township", "unit", "inspector", "auditor", "administrator",
    }  # fmt: skip
    assert all("演示" in person["display_name"] for person in cast)
    assert all(bool(person["school_code"]) == (person["role"] in ("school", "teacher")) for person in cast)
    assert len({person["username"] for county in town.COUNTIES for person in town.cast(county)}) == 5 * len(
        cast
    )


def test_brothers_and_sisters_share_guardian_name_and_home() -> None:
    families: dict[str, list[Any]] = {}
    for child in town.small().latest.tables["students"].dicts():
        if child["guardian_id"]:
            families.setdefault(str(child["guardian_id"]), []).append(child)
    several = [family for family in families.values() if len(family) > 1]
    assert len(several) >= 10
    assert max(map(len, several)) <= 3
    for family in several:
        for what in (
            "guardian_name",
            "guardian_phone",
            "home_township",
            "home_village",
            "registered_household",
        ):
            assert len({child[what] for child in family}) == 1, what
        names = [str(child["person_name"]) for child in family]
        assert len({name[0] for name in names if "·" not in name}) == 1
        born = sorted(int(str(child["id_number"])[6:14]) for child in family if child["id_number"])
        assert all(later - earlier >= 10_000 for earlier, later in pairwise(born))
