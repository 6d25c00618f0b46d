"""监护人的比较: for each pair of lines the level of agreement of guardians' numbers, names and telephones, all pairs at once."""

import numpy as np
from numpy.typing import NDArray

from junheng.matching.levels import HOUSE
from junheng.matching.numbers import ADULT, digit_of, year_of
from junheng.matching.registers import Register

Rows = NDArray[np.int64]
Levels = NDArray[np.int8]
Keys = NDArray[np.int64] | NDArray[np.int32]
COMMON = 3  # a guardian's name borne by more than this many of the other register says less
GENERATION = 15  # years


def compare_houses(left: Register, right: Register, rows: Rows, others: Rows) -> Levels:
    """监护人: their numbers, names and telephones."""
    level = np.zeros(len(rows), np.int8)
    names = left.names
    g1, g2 = _columns(right.guardians, rows), _columns(left.guardians, others)
    i1, i2 = _columns(right.guardian_ids, rows), _columns(left.guardian_ids, others)
    p1, p2 = _columns(right.phones, rows), _columns(left.phones, others)
    hits, shared_name = np.zeros(len(rows), np.int8), np.full(len(rows), -1)
    for name in g1:
        hit = _stands_in(name, g2) & (name != -1)
        hits += hit
        shared_name = np.where(hit, np.maximum(shared_name, name), shared_name)
    ids, phone = _meet(i1, i2, 0), _meet(p1, p2, 0)
    own = _own_is_guardian(left, right, rows, others, i1, i2)
    sounds = _meet([_of(names.whole, g) for g in g1], [_of(names.whole, g) for g in g2], 0)
    surname = _meet([_of(names.surname, g) for g in g1], [_of(names.surname, g) for g in g2], 0)

    def put(word: str, where: NDArray[np.bool_]) -> None:
        level[where & (level == 0)] = HOUSE.index(word)

    put("id", ids | own)
    put("two_names", hits >= 2)
    put("name_phone", ((hits >= 1) | sounds) & phone)
    known_ids = (i1[0] != 0) & (i2[0] != 0)
    # The guardians have one name and two numbers: usually two people.
    put("namesake", ((hits >= 1) | sounds) & known_ids)
    put("name_rare", (hits >= 1) & (left.guardian_bearers[np.maximum(shared_name, 0)] <= COMMON))
    put("name_common", hits >= 1)
    put("sound", sounds)
    put("phone", phone)
    named = (g1[0] >= 0) & (g2[0] >= 0)
    put("conflict", _second(g1) & _second(g2) | _one_role(i1, i2, known_ids & (level == 0)))
    put("differ_id", known_ids & ~surname)
    put("surname", named & surname)
    put("differ", named | known_ids)
    put("phone_differs", (p1[0] != 0) & (p2[0] != 0))
    return level


def _columns(table: Keys, rows: Rows) -> list[Keys]:
    """The rows of a table of several columns, column by column."""
    return [table[rows, place] for place in range(table.shape[1])]


def _of(keys: NDArray[np.int64], names: Keys) -> NDArray[np.int64]:
    return np.where(names >= 0, keys[np.maximum(names, 0)], 0)


def _stands_in(value: Keys, others: list[Keys]) -> NDArray[np.bool_]:
    answer = np.asarray(value == others[0])
    for other in others[1:]:
        answer |= value == other
    return answer


def _meet(a: list[Keys], b: list[Keys], none: int) -> NDArray[np.bool_]:
    """Whether a value stands on both sides."""
    answer = np.asarray(_stands_in(a[0], b) & (a[0] != none))
    for value in a[1:]:
        answer |= _stands_in(value, b) & (value != none)
    return answer


def _second(names: list[Keys]) -> NDArray[np.bool_]:
    """Whether a second guardian is named: father and mother then, mostly."""
    return np.asarray(names[1] >= 0) if len(names) > 1 else np.zeros(len(names[0]), np.bool_)


def _one_role(a: list[Keys], b: list[Keys], asked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Two people of one sex and generation, by their numbers: a child has but one such. A grandfather and a father are not."""
    answer = np.zeros(len(asked), np.bool_)
    rows = np.flatnonzero(asked)
    for one in a:
        for two in b:
            x, y = one[rows].astype(np.int64), two[rows].astype(np.int64)
            alike = (x != 0) & (y != 0) & (digit_of(x, 16) % 2 == digit_of(y, 16) % 2)
            answer[rows] |= alike & (np.abs(year_of(x) - year_of(y)) <= GENERATION)
    return answer


def _own_is_guardian(
    left: Register, right: Register, rows: Rows, others: Rows, i1: list[Keys], i2: list[Keys]
) -> NDArray[np.bool_]:
    """A guardian's number stands in the child's place on one side and in its own on the other (or on both in the child's)."""
    a, b = right.number.key[rows], left.number.key[others]
    adult_a, adult_b = right.number.kind[rows] == ADULT, left.number.kind[others] == ADULT
    return np.asarray(
        adult_a & _stands_in(a, i2) | adult_b & _stands_in(b, i1) | (adult_a & adult_b & (a == b))
    )
