"""候选对: which pairs are worth comparing. Every key says "these may be the same child"; keys borne by too many say nothing."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from junheng.matching.numbers import ADULT, PLACEHOLDER, tail
from junheng.matching.registers import Register

Keys = NDArray[np.int64]
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
    found: list[Rows] = []
    for (a, wide), (b, _) in zip(_keys(right, rows), _keys(left, others), strict=True):
        found.append(join(a, b, rows, others, len(left), wide))
        if len(found) > 6:
            found = [distinct(np.concatenate(found))]
    found.append(_household_pairs(left, right, rows, others))
    pairs = distinct(np.concatenate(found))
    return pairs // max(len(left), 1), pairs % max(len(left), 1)


def distinct(values: Rows) -> Rows:
    """Each value once, sorted. By sorting: numpy's own way of late, by hashing, takes eight times as long for millions of keys."""
    ordered = np.sort(values)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


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


def _keys(side: Register, rows: Rows) -> Iterator[tuple[Keys, int]]:
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
    digits = side.number.digits[rows]
    number = np.where(own, side.number.key[rows], 0)
    yield number, WIDE
    yield all_of(whole, born), WIDE
    yield all_of(whole, township), WIDE
    yield all_of(whole, year), WIDE
    yield whole, NARROW
    yield all_of(mixed, year), WIDE
    yield all_of(mixed, township), WIDE
    yield all_of(born, township), WIDE
    yield all_of(born, surname), WIDE
    yield all_of(born, given), WIDE
    yield all_of(given, township, year), WIDE
    yield all_of(given, township), NARROW
    yield all_of(surname, township, monthday), WIDE
    yield all_of(surname, village, year, sex), WIDE
    for start, stop in ((0, 15), (6, 16), (8, 17), (0, 12), (10, 18)):
        part = np.where(own, tail(digits, start, stop), 0)
        yield part if stop - start > 8 and start else all_of(part, surname), NARROW if start == 6 else WIDE
    for phone in range(side.phones.shape[1]):
        yield side.phones[rows, phone], WIDE
    yield np.where(side.number.kind[rows] == ADULT, side.number.key[rows], 0), WIDE
    for place in range(side.guardians.shape[1]):
        guardian = side.guardians[rows, place]
        heard = np.where(guardian >= 0, names.whole[guardian], 0)
        yield all_of(heard, village), WIDE
        yield all_of(heard, township, year), WIDE
        yield all_of(heard, born), WIDE
        yield all_of(heard, whole), WIDE
        yield all_of(heard, surname), NARROW


def _household_pairs(left: Register, right: Register, rows: Rows, others: Rows) -> Rows:
    """候选对 by guardian, whichever place the guardian's name or number stands in: as numbers row × size + other."""
    found = []
    for one in range(right.guardian_ids.shape[1]):
        for two in range(left.guardian_ids.shape[1]):
            found.append(
                join(
                    right.guardian_ids[rows, one],
                    left.guardian_ids[others, two],
                    rows,
                    others,
                    len(left),
                    WIDE,
                )
            )
            found.append(
                join(
                    _guardian_key(right, rows, one),
                    _guardian_key(left, others, two),
                    rows,
                    others,
                    len(left),
                    WIDE,
                )
            )
    adult_r = np.where(right.number.kind[rows] == ADULT, right.number.key[rows], 0)
    adult_l = np.where(left.number.kind[others] == ADULT, left.number.key[others], 0)
    for place in range(right.guardian_ids.shape[1]):
        found.append(join(adult_r, left.guardian_ids[others, place], rows, others, len(left), WIDE))
        found.append(join(right.guardian_ids[rows, place], adult_l, rows, others, len(left), WIDE))
    return distinct(np.concatenate(found))


def _guardian_key(side: Register, rows: Rows, place: int) -> Keys:
    guardian = side.guardians[rows, place]
    heard = np.where(guardian >= 0, side.names.whole[guardian], 0)
    return all_of(heard, side.township[rows].astype(np.int64))


def all_of(*parts: Keys) -> Keys:
    """One key of several; 0 unless every part is known."""
    answer = np.full(len(parts[0]), 1469598103934665603, np.int64)
    known = np.ones(len(parts[0]), np.bool_)
    with np.errstate(over="ignore"):
        for part in parts:
            answer = (answer ^ part) * np.int64(1099511628211)
            answer ^= answer >> np.int64(31)
            known &= part != 0
    return np.where(known, answer, 0)
