"""身份证号的比较: for each pair of lines the level of agreement of the numbers, all pairs at once."""

import numpy as np
from numpy.typing import NDArray

from junheng.matching.levels import ID
from junheng.matching.numbers import (
    ADULT,
    BAD_CHECK,
    BAD_DATE,
    PARTIAL,
    PLACEHOLDER,
    UNKNOWN,
    VALID,
    WRONG_LENGTH,
)
from junheng.matching.registers import Register

Rows = NDArray[np.int64]
Levels = NDArray[np.int8]


def compare_ids(left: Register, right: Register, rows: Rows, others: Rows) -> Levels:
    """身份证号."""
    a, b = right.number.digits[rows], left.number.digits[others]
    kind_a, kind_b = right.number.kind[rows], left.number.kind[others]
    level = np.zeros(len(rows), np.int8)

    def put(word: str, where: NDArray[np.bool_]) -> None:
        level[where & (level == 0)] = ID.index(word)

    own_a, own_b = _own(kind_a), _own(kind_b)
    comparable = own_a & own_b
    for kind, key, ids in (
        (kind_a, right.number.key[rows], left.guardian_ids[others]),
        (kind_b, left.number.key[others], right.guardian_ids[rows]),
    ):
        is_theirs = (ids == key[:, None]).any(1) & (key != 0)
        put("guardian_of_other", is_theirs)
        put("guardian", kind == ADULT)
    put("placeholder", (kind_a == PLACEHOLDER) | (kind_b == PLACEHOLDER))
    both_known = (a != UNKNOWN) & (b != UNKNOWN)
    differ = (a != b) & both_known
    count = differ.sum(1)
    partial = comparable & ((kind_a == PARTIAL) | (kind_b == PARTIAL))
    known = both_known.sum(1)
    # Fifteen digits from the front, or birth, order and check digit: as good as all.
    ordered = (known >= 12) & both_known[:, 14:].all(1)
    put("lost_15", partial & (count == 0) & ((known >= 15) | ordered))
    put("lost_14", partial & (count == 0) & (known >= 11))
    put("lost_some", partial & (count == 0))
    put("lost_differs", partial)
    sizes = right.number.size[rows], left.number.size[others]
    same_key = comparable & (right.number.key[rows] == left.number.key[others])
    put("equal_shared", same_key & (right.shared[rows] | left.shared[others]))
    put("equal", same_key & (kind_a == VALID))
    put("equal_invalid", same_key)
    short = comparable & (sizes[0] != sizes[1])
    put("dropped", short & (level == 0) & _dropped(a, b, *sizes, short & (level == 0)))
    # Cut off at the end, which is what is left of a number in a cell that was too narrow.
    cut = short & (count == 0)
    put("lost_15", cut & (known >= 15))
    put("lost_14", cut & (known >= 12))
    one_bad = (kind_a != VALID) | (kind_b != VALID)
    full = comparable & ~short
    put("one_digit", full & (count == 1) & one_bad)
    put("one_digit_valid", full & (count == 1))
    put("swapped", full & (count == 2) & _swapped(a, b, differ))
    same_date = full & ~differ[:, 6:14].any(1)
    put("two_digits", full & (count == 2) & one_bad)
    put("tail_same", full & ~differ[:, 8:17].any(1))
    put("same_date_valid", same_date & ~one_bad)
    put("same_date", same_date)
    put("other_date_valid", full & ~one_bad)
    put("other_date", comparable)
    return level


def _own(kind: NDArray[np.int8]) -> NDArray[np.bool_]:
    """The number is the child's own, whole or in part."""
    return np.isin(kind, (VALID, BAD_CHECK, BAD_DATE, PARTIAL, WRONG_LENGTH))


def _swapped(a: NDArray[np.uint8], b: NDArray[np.uint8], differ: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Two neighbouring digits have changed places."""
    first = np.minimum(differ.argmax(1), 16)
    row = np.arange(len(a))
    return np.asarray(
        (a[row, first] == b[row, first + 1]) & (a[row, first + 1] == b[row, first]) & differ[row, first + 1]
    )


def _dropped(
    a: NDArray[np.uint8],
    b: NDArray[np.uint8],
    size_a: NDArray[np.int8],
    size_b: NDArray[np.int8],
    asked: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """One number is the other with a digit left out, or one too many (of which the first eighteen are kept)."""
    answer = np.zeros(len(a), np.bool_)
    rows = np.flatnonzero(asked)
    if not len(rows):
        return answer
    x, y, swap = a[rows], b[rows], size_a[rows] > size_b[rows]
    x, y = np.where(swap[:, None], y, x), np.where(swap[:, None], x, y)
    shorter = np.where(swap, size_b[rows], size_a[rows]).astype(np.int64)
    gap = np.abs(size_a[rows].astype(np.int64) - size_b[rows])
    column = np.arange(18)
    before = (x == y).cumprod(1).sum(1)
    moved = (x[:, :17] == y[:, 1:]) | (column[None, 1:] >= np.minimum(shorter, 17)[:, None] + 1)
    after = np.flip(np.flip(moved, 1).cumprod(1), 1).sum(1)
    answer[rows] = (gap == 1) & (before + after >= 17)
    return answer
