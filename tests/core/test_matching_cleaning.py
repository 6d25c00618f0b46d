"""规整: what is understood of names, numbers, dates and places as registers write them."""

import numpy as np
import pytest

from junheng.matching.births import lunar, read_births
from junheng.matching.characters import fuzzy
from junheng.matching.names import clean_name, split_letters
from junheng.matching.numbers import (
    BAD_CHECK,
    BAD_DATE,
    MISSING,
    PARTIAL,
    PLACEHOLDER,
    UNKNOWN,
    VALID,
    WRONG_LENGTH,
    read_numbers,
)
from junheng.matching.registers import prepare
from junheng.tables.place_names import place_stem
from town.identity import check_digit

GOOD = "64039920090304123" + check_digit("64039920090304123")


@pytest.mark.parametrize(
    ("written", "kind", "known"),
    [
        (GOOD, VALID, 18),
        (f" {GOOD[:6]} {GOOD[6:14]} {GOOD[14:]} ", VALID, 18),
        ("'" + GOOD, VALID, 18),
        ("".join(chr(ord(sign) + 0xFEE0) for sign in GOOD), VALID, 18),
        ("G" + GOOD, VALID, 18),
        (GOOD + "43", VALID, 18),  # 残疾人证号
        (GOOD[:6] + GOOD[8:17], VALID, 18),  # fifteen digits of a child: nobody is of 1909
        (GOOD[:6] + GOOD[8:], VALID, 18),  # without the century
        (GOOD[6:], PARTIAL, 12),  # without the area
        (GOOD[:16], WRONG_LENGTH, 16),
        (
            GOOD[:14] + "0000",
            PARTIAL,
            14,
        ),  # in place of the last four, of which the first may be none of its own
        (GOOD[:17] + ("0" if GOOD[17] != "0" else "1"), BAD_CHECK, 18),
        (GOOD[:10] + "13" + GOOD[12:], BAD_DATE, 18),
        (GOOD[:14] + "3000", PARTIAL, 15),
        ("6.40399E+17", PARTIAL, 6),
        ("6.4E+17", PARTIAL, 2),
        ("6.40399200903041E+17", PARTIAL, 15),
        ("640399********" + GOOD[14:], PARTIAL, 10),
        ("111111111111111111", PLACEHOLDER, None),
        ("123456789012345678", PLACEHOLDER, None),
        ("640399000000000000", PLACEHOLDER, None),
        (GOOD[:17], WRONG_LENGTH, 17),
        (GOOD + "1", WRONG_LENGTH, 18),
        ("无", MISSING, 0),
        ("待补办", MISSING, 0),
        ("12", MISSING, 0),
        ("6.4E+14", MISSING, 0),
        (None, MISSING, 0),
    ],
)
def test_numbers(written: str | None, kind: int, known: int | None) -> None:
    found = read_numbers([written])
    assert int(found.kind[0]) == kind
    if known is not None:
        assert int((found.digits[0] != UNKNOWN).sum()) == known


def test_fifteen_digits_become_eighteen() -> None:
    old = "640399850304123"
    found = read_numbers([old, "64039919850304123" + check_digit("64039919850304123")])
    assert found.key[0] == found.key[1] != 0


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("马·依布拉欣", "马 依布拉欣"), ("马 小 龙", "马 小 龙"), ("马小龙（大）", "马小龙"), ("马小龙2", "马小龙"), ("马小龙B", "马小龙"),
        ("马某某", "马??"), ("马□龙", "马?龙"), ("马\ue123龙", "马?龙"), ("马*龙", "马?龙"), ("Ma Xiaolong", "ma xiaolong"), ("无名", ""), ("　", ""),
    ],
)  # fmt: skip
def test_names(written: str, clean: str) -> None:
    assert clean_name(written) == clean


def test_letters_are_syllables() -> None:
    assert split_letters("maxiaolong") == ["ma", "xiao", "long"]
    assert split_letters("smith") == ["smith"]
    assert fuzzy("zhang") == fuzzy("zan")
    assert fuzzy("niu") == fuzzy("liu")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2009-03-04", (2009, 3, 4)), ("2009/3/4", (2009, 3, 4)), ("2009年3月4日", (2009, 3, 4)), ("20090304", (2009, 3, 4)), ("39876", (2009, 3, 4)),
        ("2009-03-04 00:00", (2009, 3, 4)), ("2009.3", (2009, 3, 0)), ("2009年", (2009, 0, 0)), ("2009-13-40", (2009, 0, 0)), ("昨天", (0, 0, 0)), (None, (0, 0, 0)),
    ],
)  # fmt: skip
def test_births(written: str | None, day: tuple[int, int, int]) -> None:
    found = read_births([written])
    assert (int(found.year[0]), int(found.month[0]), int(found.day[0])) == day


def test_lunar_days_that_everybody_knows() -> None:
    """Spring festivals, a mid-autumn, and the leap month of 2020."""
    solar = [20090126, 20100214, 20120123, 20151009, 20200125, 20200523, 20231021, 20331223]
    moon = [20090101, 20100101, 20120101, 20150827, 20200101, 20200401, 20230907, 20331102]
    assert lunar(np.array(solar)).tolist() == moon
    assert lunar(np.array([18000101, 0])).tolist() == [0, 0]


@pytest.mark.parametrize(
    "written", ["丁塘", "丁塘镇", "丁塘 镇", "丁塘乡", "丁塘街道办事处", "丁塘村三组", "丁塘村第12村民小组"]
)
def test_places(written: str) -> None:
    assert place_stem(written) == "丁塘"


def test_a_place_that_repeats_what_stands_above_it() -> None:
    left, right = prepare(
        {"name": ["马一"], "county": ["同心县"], "township": ["丁塘镇"], "village": ["河草沟村委会"]},
        {"name": ["马一"], "county": ["同心"], "township": ["同心县丁塘镇"], "village": ["丁塘镇河草沟村"]},
    )
    assert (left.county[0], left.township[0], left.village[0]) == (
        right.county[0],
        right.township[0],
        right.village[0],
    )


def test_numbers_that_lost_their_ends_and_are_valid_by_accident() -> None:
    heads = (f"640399200903{day:02d}{digit}00" for day in range(1, 29) for digit in range(1, 10))
    lucky = next(head + "0" for head in heads if check_digit(head) == "0")
    lost = [f"64039920090304{n}000" for n in range(2, 9)]
    alone, _ = prepare({"name": ["马一"], "id": [lucky]}, {"name": []})
    among, _ = prepare({"name": ["马一"] * 8, "id": [lucky, *lost]}, {"name": []})
    assert int(alone.number.kind[0]) == VALID
    assert int(among.number.kind[0]) == PARTIAL


def test_a_fathers_number_in_the_childs_place_is_no_birth_date() -> None:
    father = "64039919800304123" + check_digit("64039919800304123")
    left, right = prepare(
        {"name": ["马一"], "born": ["2009-03-04"]}, {"name": ["马一"], "id": [father], "born": ["2009-03-04"]}
    )
    del left
    assert int(right.birth.year[0]) == 2009
    assert int(right.sex[0]) == 0
