"""一对一: the assignment is never worse than the best of all orders, and what is certain or a candidate is what trying all pairs finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.matching.blocking import candidates, certain
from junheng.matching.reference import best_assignment, levels
from junheng.matching.registers import prepare
from junheng.matching.rivals import assign, rival_strength
from town.register_pairs import registers

worths = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(-30, 90).map(lambda n: n / 10), max_size=14
)


@settings(max_examples=200)
@given(worths)
def test_assignment_is_the_best_there_is(worth: dict[tuple[int, int], float]) -> None:
    mine = np.array([one for one, _ in worth], np.int64)
    theirs = np.array([two for _, two in worth], np.int64)
    score = np.array(list(worth.values()), np.float64)
    kept = assign(score, mine, theirs)
    assert len(set(mine[kept])) == len(set(theirs[kept])) == kept.sum()
    assert abs(score[kept].sum() - best_assignment(worth)) < 1e-9


@settings(max_examples=100)
@given(worths)
def test_rivals_are_the_other_pairs_of_a_row(worth: dict[tuple[int, int], float]) -> None:
    mine = np.array([one for one, _ in worth], np.int64)
    theirs = np.array([two for _, two in worth], np.int64)
    score = np.array(list(worth.values()), np.float64)
    strength = rival_strength(score, mine, theirs)
    for at, (one, two) in enumerate(worth):
        others = sum(np.exp(value) for (a, b), value in worth.items() if a == one and b != two)
        assert abs(strength[at] - np.log1p(others)) < 1e-9


def test_no_pair_that_a_person_would_find_is_left_out() -> None:
    """Every pair that agrees in two of name, birth date and number is a candidate."""
    made = registers("household", "dirty", 4, pupils=500, listed=150)
    left, right = prepare(made.columns("left"), made.columns("right"))
    sure, sure_other = certain(left, right)
    rest = np.setdiff1d(np.arange(len(right)), sure)
    free = np.setdiff1d(np.arange(len(left)), sure_other)
    found = set(zip(*(part.tolist() for part in candidates(left, right, rest, free)), strict=True))
    for row in rest.tolist():
        for other in free.tolist():
            said = levels(left, right, row, other)
            strong = (
                (said["name"] in ("exact", "sound", "fuzzy"))
                + (said["born"] == "equal")
                + (said["id"] in ("equal", "equal_invalid", "one_digit", "swapped"))
            )
            assert strong < 2 or (row, other) in found, said
