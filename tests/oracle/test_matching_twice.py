"""一人两条与登记质量: lines of one child in one register, and how often each field goes wrong: as counted by hand, and as trying all pairs says."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.matching.blocking import certain
from junheng.matching.dirt import FIELDS, NOT_SEEN, STEPS, dirt
from junheng.matching.registers import prepare
from junheng.matching.rivals import best_of_pairs, repeated, same_child
from junheng.matching.twice import STRONG, alike, favourites, of_fellows, sharing
from town.register_pairs import Pairs, registers

scored = st.dictionaries(
    st.tuples(st.integers(0, 6), st.integers(0, 6)), st.integers(-20, 160).map(lambda n: n / 10), max_size=20
)
Worth = dict[tuple[int, int], float]


def arrays(worth: Worth) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        np.array(list(worth.values()), np.float64),
        np.array([one for one, _ in worth], np.int64),
        np.array([two for _, two in worth], np.int64),
    )


@settings(max_examples=60, deadline=None)
@given(scored)
def test_lines_that_share_one_of_the_other_register(worth: Worth) -> None:
    found = sharing(*arrays(worth))
    for one, two in zip(*(part.tolist() for part in found), strict=True):
        assert one != two
        assert any(worth.get((one, c), 0) > STRONG and worth.get((two, c), 0) > STRONG for c in range(7))
    # Of lines that two or three share, every pair is found.
    pairs = {frozenset(pair) for pair in zip(*(part.tolist() for part in found), strict=True)}
    for c in range(7):
        strong = [one for (one, two), value in worth.items() if two == c and value > STRONG]
        if len(strong) <= 4:
            assert all(frozenset((a, b)) in pairs for a in strong for b in strong if a != b)


@settings(max_examples=60, deadline=None)
@given(scored, st.lists(st.integers(0, 6), min_size=7, max_size=7))
def test_the_child_that_a_line_agrees_with_most(worth: Worth, groups: list[int]) -> None:
    same = np.array([min(at for at in range(7) if groups[at] == group) for group in groups])
    found = favourites(*arrays(worth), same, 7)
    for row in range(7):
        strong = {two: value for (one, two), value in worth.items() if one == row and value > STRONG}
        best = [int(same[two]) for two, value in strong.items() if value == max(strong.values())]
        assert found[row] == (min(best) if best else -1)


@settings(max_examples=60, deadline=None)
@given(
    scored,
    st.lists(st.integers(0, 3), min_size=7, max_size=7),
    st.lists(st.integers(0, 3), min_size=7, max_size=7),
)
def test_pairs_of_the_same_two_children(worth: Worth, rows: list[int], others: list[int]) -> None:
    score, mine, theirs = arrays(worth)
    mine, theirs = np.array(rows, np.int64)[mine], np.array(others, np.int64)[theirs]
    same = repeated(mine, theirs)
    children = list(zip(mine.tolist(), theirs.tolist(), strict=True))
    assert same.first.tolist() == [at for at, pair in enumerate(children) if pair not in children[:at]]
    best = best_of_pairs(score, same).tolist()
    assert best == [max(score[at] for at, pair in enumerate(children) if pair == two) for two in children]


@settings(max_examples=60, deadline=None)
@given(scored, st.lists(st.integers(0, 6), min_size=7, max_size=7))
def test_a_line_gets_the_likely_others_of_its_fellows(worth: Worth, groups: list[int]) -> None:
    same = np.array([min(at for at in range(7) if groups[at] == group) for group in groups])
    score, mine, theirs = arrays(worth)
    found = {
        (int(row), int(other)) for row, other in zip(*of_fellows(same, mine, theirs, score), strict=True)
    }
    want = {
        (row, other) for row in range(7) for other in range(7)
        if (row, other) not in worth and any(worth.get((fellow, other), 0) > 0 for fellow in range(7) if fellow != row and same[fellow] == same[row])
    }  # fmt: skip
    assert found == want


def test_lines_alike_are_what_trying_all_pairs_finds() -> None:
    made = registers("household", "dirty", 15, pupils=400, listed=120, doubled=0.2)
    left, side = prepare(made.columns("left"), made.columns("right"))
    del left
    found = set(zip(*(part.tolist() for part in alike(side, np.arange(len(side)))), strict=True))
    heard, born = side.names.whole[side.name], side.birth.number()
    for one in range(len(side)):
        for two in range(len(side)):
            if heard[one] == heard[two] != 0 and born[one] == born[two] != 0:
                assert (one, two) in found
    assert all(heard[one] == heard[two] != 0 or born[one] == born[two] != 0 for one, two in found)
    # Most of those entered twice are seen at sight, and nobody is thrown together with another.
    first = same_child(side)
    truth = np.array(made.truth)
    joined = np.flatnonzero(first != np.arange(len(side)))
    assert len(joined) >= 10
    assert (truth[joined] == truth[first[joined]]).all()


def steps_of(made: Pairs, *absent: str) -> dict[str, int]:
    right = made.columns("right")
    for name in absent:
        del right[name]
    left, side = prepare(made.columns("left"), right)
    return dirt(left, side, *certain(left, side))


def test_how_often_each_field_goes_wrong() -> None:
    clean = steps_of(registers("civil", "clean", 16, pupils=900, listed=400))
    dirty = steps_of(registers("household", "dirty", 16, pupils=900, listed=400))
    assert clean.keys() == dirty.keys() == set(FIELDS)
    assert all(0 <= step <= len(STEPS) for step in (*clean.values(), *dirty.values()))
    # A household office writes births, places and numbers anew; the civil one takes them from the papers.
    assert all(dirty[field] > clean[field] for field in ("id", "born", "place"))
    assert (
        steps_of(
            registers("civil", "clean", 16, pupils=900, listed=400), "guardians", "guardian_ids", "phone"
        )["house"]
        == NOT_SEEN
    )
