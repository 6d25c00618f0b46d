"""小数隐去: neither a cell nor any difference of what is shown tells of a few."""

from hypothesis import given
from hypothesis import strategies as st

from bureau.cases.hiding import hidden_groups, suppressed, telling

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12), min_size=1)


def test_two_that_are_one_each_are_not_told_by_the_total() -> None:
    assert suppressed({"甲": 14, "乙": 1, "丙": 1, "丁": 0}, 5) == {
        "甲": None,
        "乙": None,
        "丙": None,
        "丁": 0,
    }
    assert suppressed({"甲": 14, "乙": 7, "丙": 3}, 5) == {"甲": 14, "乙": None, "丙": None}
    assert suppressed({"甲": 1}, 0) == {"甲": 1}
    assert telling([0, 5, None], 5) is False
    assert telling([0, 4], 5) is True


def test_a_school_alone_in_its_township_is_not_told_by_the_table_of_townships() -> None:
    # 丙 is all of its township, which may be shown there: hidden beside 乙 it would be told, and 乙 with it.
    schools = {"甲": 14, "乙": 3, "丙": 6}
    towns = {"甲": "东乡", "乙": "东乡", "丙": "西乡"}
    assert hidden_groups(schools, 5, towns) == {"甲", "乙"}


@given(COUNTS, st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("xyz")), st.integers(2, 6))
def test_no_difference_tells_of_fewer_than_the_limit(
    counts: dict[str, int], towns: dict[str, str], small: int
) -> None:
    towns = {key: towns.get(key, "x") for key in counts}
    whole: dict[str, int] = {}
    for key, town in towns.items():
        whole[town] = whole.get(town, 0) + counts[key]
    hidden_towns, hidden = hidden_groups(whole, small), hidden_groups(counts, small, towns)
    assert all(not 0 < counts[key] < small for key in counts if key not in hidden)
    # Every group of rows whose sum can be worked out: beside the total, and beside each township that is shown.
    told = [set(hidden_towns)]
    sums = [sum(whole[town] for town in hidden_towns)]
    for town in set(whole) - hidden_towns:
        mine = {key for key in hidden if towns[key] == town}
        told.append(mine)
        sums.append(sum(counts[key] for key in mine))
    for group, number in zip(told, sums, strict=True):
        everything = sum(counts.values()) == number
        assert not group or everything or (len(group) > 1 and number >= small)
