"""逐项比较: the fast comparisons say what the plain ones say, for every pair of lines, however damaged."""

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junheng.matching.comparing import beside, compare
from junheng.matching.reference import WORDS, levels
from junheng.matching.registers import prepare
from town.register_damage import COLUMNS, OFFICES, UNSEEN, truth_line
from town.register_people import households

NAMES = (
    "马小龙", "馬小龍", "马晓龙", "马小虎", "马龙", "马燕", "马雁", "马?龙", "马·依布拉欣", "马依布拉", "Ma Xiaolong", "ma xiao long", "买玉兰", "马兰玉",
    "□□", "无", "", "欧阳娜娜", "李玉梅", "李玉海", "黎玉梅", "单伟", "善伟", "马小", "马某某", "马小龙(大)", "马 小 龙", "龙", "马小龙龙龙",
)  # fmt: skip
IDS = (
    "640399200903041239", "640399200903041255", "640399200903041293", "640399200903042", "640399200903041000", "6.40399E+17", "640399********1239",
    "64039920090304123", "6403992009030412399", "640399198003041236", "111111111111111111", "", "640399090304123", "64039920090304123X",
    "640399200904031239", "640398200903041239", "639640200903041239", "64039920110506121X", "200903041239", "6403990903041239", "640399201105061236",
)  # fmt: skip
DAYS = (
    "2009-03-04",
    "2009-04-03",
    "2009-03-14",
    "2009-2-8",
    "2009-05-01",
    "2009-10-20",
    "2010-01-30",
    "2010-03-04",
    "2009-03",
    "2009",
    "",
    "39876",
    "20090304",
    "2009年3月4日",
    "1950-01-01",
)
PEOPLE = ("马国强", "马国强；李梅", "李梅；马国强", "马国墙", "王伟", "", "13900000000", "马国强(父)")
GUARDIAN_IDS = (
    "640399198003041236",
    "640399198003041236；640399198103041233",
    "",
    "6.4E+17",
    "640399198103041233",
    "640399195003041231",
    "640399198203041231",
)
PHONES = ("10012345678", "10012345678；10087654321", "", "无", "1.0012345678E10", "0953-8022222")

line = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES), "id": st.sampled_from(IDS), "sex": st.sampled_from(("男", "女", "")), "born": st.sampled_from(DAYS),
        "county": st.sampled_from(("同心县", "同心", "", "金凤区")), "township": st.sampled_from(("丁塘镇", "丁塘", "同心县丁塘镇", "", "河西镇", "新源镇")),
        "village": st.sampled_from(("河草沟村", "河草沟村委会", "", "上湾村")), "guardians": st.sampled_from(PEOPLE),
        "guardian_ids": st.sampled_from(GUARDIAN_IDS), "phone": st.sampled_from(PHONES),
    }
)  # fmt: skip


def columns(lines: list[dict[str, str]]) -> dict[str, list[str | None]]:
    return {name: [one[name] or None for one in lines] for name in COLUMNS}


def assert_same(left: list[dict[str, str]], right: list[dict[str, str]]) -> None:
    a, b = prepare(columns(left), columns(right))
    rows, others = (part.ravel() for part in np.meshgrid(np.arange(len(b)), np.arange(len(a)), indexing="ij"))
    found = compare(a, b, rows, others, beside(a, b))
    for at, (row, other) in enumerate(zip(rows.tolist(), others.tolist(), strict=True)):
        fast = {field: words[getattr(found, field)[at]] for field, words in WORDS.items()}
        assert fast == levels(a, b, row, other), (right[row], left[other])


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(line, min_size=1, max_size=4), st.lists(line, min_size=1, max_size=4))
def test_every_mixture_of_cells(left: list[dict[str, str]], right: list[dict[str, str]]) -> None:
    assert_same(left, right)


@settings(max_examples=40)
@given(st.data(), st.integers(0, 17), st.integers(0, 17))
def test_numbers_that_differ_in_any_digits(data: Any, one: int, two: int) -> None:
    base = dict.fromkeys(COLUMNS, "") | {"name": "马小龙"}
    number = data.draw(st.sampled_from(IDS[:3]))
    other = list(number)
    for at in {one, two}:
        other[at] = data.draw(st.sampled_from("0123456789"))
    shorter = number[:one] + number[one + 1 :]
    right = [base | {"id": text} for text in ("".join(other), shorter, number + "1", number[:two])]
    assert_same([base | {"id": number}], right)


def test_lines_of_every_office() -> None:
    chance = Random(5)
    makers: dict[str, Callable[..., Any]] = OFFICES | UNSEEN
    homes = [home for home, _ in zip(households(3, 400, 9), range(14), strict=False)]
    for make in makers.values():
        office = make(chance, 6.0)
        left = [truth_line(child) for home in homes for child in home.children]
        assert_same(left, [office.line(home, child) for home in homes for child in home.children])
