"""Slow twins of the intake: a typed value written as a clerk might write it is read back; headings may be dressed in any way."""

from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.intake_files import key_headings, key_values, read
from junheng.documents.templates import template
from junheng.intake import read_files
from junheng.intake.convert import CONVERTERS
from junheng.intake.identity import check_digit
from junheng.intake.safety import column_letter, column_number
from junheng.tables import SCHOOLS, SHEETS, STUDENTS, Column, codes

QUICK = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
FULL_WIDTH = str.maketrans("0123456789.-/,", "０１２３４５６７８９．－／，")

days = st.dates(date(1920, 1, 2), date(2099, 12, 31))
plain_text = st.text(st.characters(codec="gb18030", categories=("L", "N")), min_size=1, max_size=12)


def convert(column, raw):
    return CONVERTERS[column.kind](column, raw)


def column(kind, **more):
    return Column("x", "某列", kind, "", **more)


@QUICK
@given(st.integers(-(10**9), 10**9), st.data())
def test_whole_numbers(value, data):
    written = data.draw(
        st.sampled_from(
            [
                value,
                float(value),
                str(value),
                f" {value} ",
                f"{value:,}",
                f"{value}人",
                f"{value}.0",
                str(value).translate(FULL_WIDTH),
                f"{value:,}".translate(FULL_WIDTH),
            ]
        )
    )
    assert convert(column("integer", unit="人"), written) == value


@QUICK
@given(st.floats(-1e9, 1e9, allow_nan=False), st.data())
def test_decimals(value, data):
    written = data.draw(
        st.sampled_from([value, repr(value), f"{value!r}㎡", repr(value).translate(FULL_WIDTH)])
    )
    assert convert(column("decimal", unit="㎡"), written) == value


@QUICK
@given(days, st.data())
def test_days(value, data):
    year, month, day = value.year, value.month, value.day
    serial = (value - date(1899, 12, 30)).days
    written = data.draw(
        st.sampled_from(
            [
                value,
                serial if serial > 7_400 else value,
                value.isoformat(),
                f"{year}/{month}/{day}",
                f"{year}.{month:02}.{day:02}",
                f"{year}年{month}月{day}日",
                f"{year}{month:02}{day:02}",
                int(f"{year}{month:02}{day:02}"),
                value.isoformat().translate(FULL_WIDTH),
                f"{value} 00:00:00",
            ]
        )
    )
    assert convert(column("date"), written) == value


@QUICK
@given(days, st.data())
def test_months(value, data):
    year, month = value.year, value.month
    written = data.draw(
        st.sampled_from(
            [
                value,
                f"{year}-{month:02}",
                f"{year}年{month}月",
                f"{year}/{month}",
                f"{year}{month:02}",
                value.isoformat(),
            ]
        )
    )
    assert convert(column("month"), written) == value.replace(day=1)


@QUICK
@given(st.lists(st.floats(10, 1000).map(lambda area: round(area, 2)), min_size=1, max_size=6), st.data())
def test_areas(areas, data):
    mark = data.draw(st.sampled_from(["、", "，", ",", "；", " ", "/"]))
    unit = data.draw(st.sampled_from(["", "㎡", "平方米", "m²"]))
    written = mark.join(f"{area!r}{unit}" for area in areas)
    assert convert(column("areas"), written) == tuple(areas)


@pytest.mark.parametrize("name", sorted({c.codes for s in SHEETS.values() for c in s.columns if c.codes}))
def test_every_code_and_name_is_its_code(name):
    for code, label in codes(name).items():
        for written in (label, f" {label} ", "\u3000".join(label), code):
            assert convert(column("code", codes=name), written) == code


@QUICK
@given(st.from_regex(r"[0-9]{17}", fullmatch=True).filter(str.isascii))
def test_check_digit_against_the_definition(first17):
    # The definition: the whole number read in powers of two must leave 1 when divided by 11.
    check = check_digit(first17)
    value = 10 if check == "X" else int(check)
    total = value
    for place, digit in enumerate(reversed(first17), start=1):
        total += int(digit) * pow(2, place, 11)
    assert total % 11 == 1


@QUICK
@given(st.integers(0, 16_383))
def test_column_letters(number):
    assert column_number(column_letter(number)) == number


@st.composite
def dressed(draw, heading, unit):
    """The heading with blanks, line breaks, stars, full width or its unit."""
    gaps = draw(
        st.lists(st.sampled_from(["", "", " ", "\n", "\u3000"]), min_size=len(heading), max_size=len(heading))
    )
    text = "".join(letter + gap for letter, gap in zip(heading, gaps, strict=True))
    tail = draw(
        st.sampled_from(
            ["", "*", "（必填）", "：", *([f"（{unit}）", f"({unit})", f"（单位：{unit}）"] if unit else [])]
        )
    )
    return text + tail


@FEW
@given(st.data())
def test_headings_in_any_dress_and_order(data):
    sheet = data.draw(st.sampled_from(list(SHEETS.values())))
    chosen = data.draw(st.permutations(sheet.columns))
    headings = [data.draw(dressed(column.heading, column.unit)) for column in chosen]
    above = data.draw(st.integers(0, 3))
    rows = [*([["标题"]] * above), headings, [column.example or None for column in chosen]]
    reading = read({"Sheet1": rows})
    assert list(reading.sheets) == [sheet.name]
    found = reading.sheets[sheet.name]
    assert found.present == {column.name for column in sheet.columns}
    assert found.row_numbers == [above + 2]
    assert not [
        problem for problem in reading.problems if "heading" in problem.code or "column" in problem.code
    ]


@FEW
@given(st.lists(st.tuples(plain_text, st.integers(0, 20_000), st.booleans(), days), min_size=1, max_size=20))
def test_a_filled_template_is_read_back(values):
    rows = [
        {
            "school_code": f"216499{number:04}",
            "school_name": name,
            "school_kind": "211",
            "organizer": "7",
            "locale": "220",
            "township": name,
            "funded_pupils": count,
            "boarding": flag,
            "built_year": day.year,
            "public_budget": count / 7,
        }
        for number, (name, count, flag, day) in enumerate(values)
    ]
    assume(all(row["school_name"].strip() for row in rows))
    reading = read_files(
        [("x.xlsx", template([SCHOOLS], {"schools": rows}, row_ids={"schools": range(len(rows))}))]
    )
    read_back = list(reading.sheets["schools"].rows(rejected=True))
    for got, row in zip(read_back, rows, strict=True):
        assert {name: got[name] for name in row} == row
    assert reading.sheets["schools"].row_ids == [str(number) for number in range(len(rows))]


@FEW
@given(
    st.lists(
        st.one_of(st.none(), st.text(max_size=8), st.floats(), st.integers(), st.booleans(), days),
        max_size=12,
    )
)
def test_nothing_a_cell_can_hold_is_too_much(values):
    values = [
        None if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value
        for value in values
    ]
    rows = [[column.heading for column in STUDENTS.columns], values]
    for problem in read({"学生": rows}).problems:
        assert problem.sentence()


@FEW
@given(st.binary(max_size=300))
def test_no_bytes_raise(data):
    for head in (
        b"",
        b"PK\x03\x04",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        b"\xff\xfe",
        "学校标识码,学段\n".encode(),
    ):
        for problem in read_files([("x.csv", head + data)]).problems:
            assert problem.sentence()


@pytest.mark.parametrize("numbers", [[1, 2, 2], [1, 1, 1], [3, 1, 2], [1, 2, 1, 2]])
def test_duplicates_against_counting(numbers):
    headings, good = key_headings(SCHOOLS), key_values("schools")
    rows = [headings, *([f"21649900{number:02}", *good[1:]] for number in numbers)]
    reading = read({"学校": rows})
    expected = {place for place, number in enumerate(numbers) if numbers.count(number) > 1}
    assert reading.sheets["schools"].rejected == expected
