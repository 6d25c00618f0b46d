"""候选对: which pairs are worth comparing. Every key says "these may be the same child"; keys borne by too many say nothing."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from junheng.matching.numbers import ADULT, PLACEHOLDER, tail
from junheng.matching.registers import Register
from junheng.matching.sorting import distinct
from junheng.matching.together import together

Keys = NDArray[np.int64]
Key = Callable[[], Keys]
Rows = NDArray[np.int64]
# At most this many left rows for one right row and key; a key that says less is used only where it is rare.
WIDE: Final = 60
NARROW: Final = 12


def certain(left: Register, right: Register) -> tuple[Rows, Rows]:
    """确定对: equal valid number and the same name by ear, alone on both sides. → right rows, left rows."""
    a = certain_key(right)
    b = certain_key(left)
    once = _once(a), _once(b)
    keys, rows, others = np.intersect1d(a[once[0]], b[once[1]], assume_unique=True, return_indices=True)
    del keys
    rows, others = once[0][rows], once[1][others]
    heard = right.names.whole[right.name[rows]]
    same = (heard == left.names.whole[left.name[others]]) & (heard != 0)
    return rows[same], others[same]


def certain_key(side: Register) -> Keys:
    """The number where it is valid and nobody else's."""
    return np.where((side.number.kind == 1) & ~side.shared, side.number.key, 0)


def join_once(a: Keys, b: Keys, most: int) -> tuple[Rows, Rows]:
    """About `most` pairs (right row, left row) of equal key, spread over the register, whose key stands once on the left."""
    rows = np.arange(0, len(a), max(len(a) // most, 1))
    pairs = join(a[rows], b, rows, np.arange(len(b)), max(len(b), 1), 1)
    return pairs // max(len(b), 1), pairs % max(len(b), 1)


def _once(keys: Keys) -> Rows:
    """The rows whose key stands once."""
    each, first, count = np.unique(keys, return_index=True, return_counts=True)
    return np.asarray(first[(count == 1) & (each != 0)])


def candidates(left: Register, right: Register, rows: Rows, others: Rows) -> tuple[Rows, Rows]:
    """候选对 among the right rows and left rows given: pairs (right row, left row), each once, sorted."""
    size = max(len(left), 1)
    keyed = zip(_keys(right, rows), _keys(left, others), strict=True)

    def pairs(a: Key, b: Key, wide: int) -> Rows:
        return join(a(), b(), rows, others, size, wide)

    found = together(
        [
            *(partial(pairs, a, b, wide) for (a, wide), (b, _) in keyed),
            *(partial(pairs, a, b, WIDE) for a, b in _household_keys(left, right, rows, others)),
        ]
    )
    every = distinct(np.concatenate(found))
    return every // size, every % size


def join(a: Keys, b: Keys, rows: Rows, others: Rows, size: int, wide: int) -> Rows:
    """Right × left rows of equal key as one number each; keys borne by more than `wide` on the left are left out."""
    known = _wanted(a, b)
    order = known[np.argsort(b[known])]
    ordered = b[order]
    asked = np.flatnonzero(a)
    start = np.searchsorted(ordered, a[asked], "left")
    count = np.searchsorted(ordered, a[asked], "right") - start
    count[count > wide] = 0
    total = int(count.sum())
    if not total:
        return np.zeros(0, np.int64)
    which = np.repeat(np.arange(len(asked)), count)
    step = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
    return np.asarray(rows[asked[which]] * size + others[order[start[which] + step]])


def _wanted(a: Keys, b: Keys) -> Rows:
    """Where in `b` a key stands that may be one of `a`: sorting the few is many times faster than sorting all."""
    bits = min(max(int(16 * len(a)).bit_length(), 10), 22)
    shift, odd = np.uint64(64 - bits), np.uint64(0x9E3779B97F4A7C15)
    seen = np.zeros(1 << bits, np.bool_)
    with np.errstate(over="ignore"):
        seen[(a[a != 0].view(np.uint64) * odd) >> shift] = True
        return np.flatnonzero(seen[(b.view(np.uint64) * odd) >> shift] & (b != 0))


def _keys(side: Register, rows: Rows) -> Iterator[tuple[Key, int]]:
    """The same keys in the same order for either side, with how many left rows each may bring."""
    names, name = side.names, side.name[rows]
    whole, given = names.whole[name], names.given[name]
    surname, mixed = names.surname[name], names.mixed[name]
    born = side.birth.number()[rows]
    year = side.birth.year[rows].astype(np.int64)
    monthday = born % 10_000
    township, village = side.township[rows].astype(np.int64), side.village[rows].astype(np.int64)
    sex = side.sex[rows].astype(np.int64)
    own = ~np.isin(side.number.kind[rows], (ADULT, PLACEHOLDER))
    yield lambda: np.where(own, side.number.key[rows], 0), WIDE
    yield partial(all_of, whole, born), WIDE
    yield partial(all_of, whole, township), WIDE
    yield partial(all_of, whole, year), WIDE
    yield lambda: whole, NARROW
    yield partial(all_of, whole, monthday), WIDE
    yield partial(all_of, mixed, year), WIDE
    yield partial(all_of, mixed, township), WIDE
    yield partial(all_of, born, township), WIDE
    yield partial(all_of, born, surname), WIDE
    yield partial(all_of, born, given), WIDE
    yield partial(all_of, given, township, year), WIDE
    yield partial(all_of, given, township), NARROW
    yield partial(all_of, surname, township, monthday), WIDE
    yield partial(all_of, surname, village, year, sex), WIDE

    def part(start: int, stop: int) -> Keys:
        return np.where(own, tail(side.number.digits, rows, start, stop), 0)

    for start, stop in ((6, 16), (8, 17)):
        yield partial(part, start, stop), NARROW if start == 6 else WIDE
    for start, stop in ((0, 15), (0, 12), (10, 18)):
        yield partial(_both, partial(part, start, stop), surname), WIDE
    for phone in range(side.phones.shape[1]):
        yield partial(_listed, side.phones, rows, phone), WIDE
    yield partial(_adult, side, rows), WIDE

    def guarded(place: int, *parts: Keys) -> Keys:
        return all_of(_heard(side, rows, place), *parts)

    for place in range(side.guardians.shape[1]):
        yield partial(guarded, place, village), WIDE
        yield partial(guarded, place, township, year), WIDE
        yield partial(guarded, place, born), WIDE
        yield partial(guarded, place, whole), WIDE
        yield partial(guarded, place, surname), NARROW


def _household_keys(left: Register, right: Register, rows: Rows, others: Rows) -> Iterator[tuple[Key, Key]]:
    """Keys of guardians, whichever place the guardian's name or number stands in, of the right and the left rows."""
    adults = partial(_adult, right, rows), partial(_adult, left, others)
    mine, theirs = (
        [partial(_listed, side.guardian_ids, which, place) for place in range(side.guardian_ids.shape[1])]
        for side, which in ((right, rows), (left, others))
    )
    yield from product(mine, theirs)
    yield from product(adults[:1], theirs)
    yield from product(mine, adults[1:])
    named, so_named = (
        [partial(_neighbour, side, which, place) for place in range(side.guardians.shape[1])]
        for side, which in ((right, rows), (left, others))
    )
    yield from product(named, so_named)


def _adult(side: Register, rows: Rows) -> Keys:
    """The number in the child's place where it is an adult's."""
    return np.where(side.number.kind[rows] == ADULT, side.number.key[rows], 0)


def _listed(table: Keys, rows: Rows, place: int) -> Keys:
    return np.asarray(table[rows, place])


def _heard(side: Register, rows: Rows, place: int) -> Keys:
    guardian = side.guardians[rows, place]
    return np.where(guardian >= 0, side.names.whole[guardian], 0)


def _neighbour(side: Register, rows: Rows, place: int) -> Keys:
    return all_of(_heard(side, rows, place), side.township[rows].astype(np.int64))


def _both(one: Key, other: Keys) -> Keys:
    return all_of(one(), other)


def all_of(*parts: Keys) -> Keys:
    """One key of several; 0 unless every part is known."""
    answer = np.full(len(parts[0]), 1469598103934665603, np.int64)
    known = np.ones(len(parts[0]), np.bool_)
    with np.errstate(over="ignore"):
        for part in parts:
            answer ^= part
            answer *= np.int64(1099511628211)
            answer ^= answer >> np.int64(31)
            known &= part != 0
    answer[~known] = 0
    return answer
