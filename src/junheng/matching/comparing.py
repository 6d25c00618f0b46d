"""逐项比较: for each candidate pair the level of agreement of each field, all pairs at once.

`reference.py` says the same for one pair at a time, slowly and plainly; tests hold the two together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.matching.births import lunar
from junheng.matching.levels import BORN, HOUSE, ID, NAME, PLACE, SEX
from junheng.matching.names import Names
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
_COMMON = 3  # a guardian's name borne by more than this many of the other register says less


@dataclass(slots=True)
class Compared:
    """比较结果: one level a pair and field, in the words of `levels`; `bearers` is how many on the left bear the name by ear."""

    id: Levels
    born: Levels
    name: Levels
    house: Levels
    place: Levels
    sex: Levels
    bearers: NDArray[np.int32]


def compare(
    left: Register, right: Register, rows: Rows, others: Rows, bearers: NDArray[np.int32]
) -> Compared:
    """Pairs (right row `rows[n]`, left row `others[n]`) → levels. `bearers` counts, for each right row, its name on the left."""
    return Compared(
        compare_ids(left, right, rows, others),
        compare_births(left, right, rows, others),
        compare_names(left.names, right.name[rows], left.name[others]),
        compare_houses(left, right, rows, others),
        compare_places(left, right, rows, others),
        compare_sexes(left, right, rows, others),
        bearers[rows],
    )


def name_bearers(left: Register, right: Register) -> NDArray[np.int32]:
    """同名人数: for each right row, how many on the left bear its name by ear."""
    keys, count = np.unique(left.names.whole[left.name], return_counts=True)
    wanted = right.names.whole[right.name]
    place = np.clip(np.searchsorted(keys, wanted), 0, max(len(keys) - 1, 0))
    if not len(keys):
        return np.zeros(len(right), np.int32)
    return np.where((keys[place] == wanted) & (wanted != 0), count[place], 0).astype(np.int32)


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
    put("lost_15", partial & (count == 0) & (known >= 15))
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


def compare_births(left: Register, right: Register, rows: Rows, others: Rows) -> Levels:
    """出生日期."""
    y1, m1, d1 = (
        part[rows].astype(np.int32) for part in (right.birth.year, right.birth.month, right.birth.day)
    )
    y2, m2, d2 = (
        part[others].astype(np.int32) for part in (left.birth.year, left.birth.month, left.birth.day)
    )
    level = np.zeros(len(rows), np.int8)
    known = (y1 > 0) & (y2 > 0)
    whole = known & (m1 > 0) & (m2 > 0) & (d1 > 0) & (d2 > 0)

    def put(word: str, where: NDArray[np.bool_]) -> None:
        level[where & (level == 0)] = BORN.index(word)

    year, month, day = y1 == y2, m1 == m2, d1 == d2
    put("equal", whole & year & month & day)
    n1, n2 = (right.birth.number(), left.birth.number())
    a, b = n1[rows], n2[others]
    put("lunar", whole & ((lunar(a) == b) | (lunar(b) == a)))
    put("swapped", whole & year & (m1 == d2) & (d1 == m2))
    put("one_digit", whole & (_digits_apart(a, b) == 1))
    put("year_off", whole & month & day & (np.abs(y1 - y2) <= 3))
    put("month_same", known & year & month & (m1 > 0))
    put("year_same", known & year)
    put("near", known & (np.abs(y1 - y2) <= 1))
    put("far", known)
    return level


def _digits_apart(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    count = np.zeros(len(a), np.int64)
    for power in range(8):
        count += a // 10**power % 10 != b // 10**power % 10
    return count


def compare_names(names: Names, a: NDArray[np.int32], b: NDArray[np.int32]) -> Levels:
    """姓名. `a` and `b` are rows of `names`; each different pair of names is compared once."""
    both = a.astype(np.int64) * len(names) + b
    each, back = np.unique(both, return_inverse=True)
    answer = np.zeros(len(each), np.int8)
    for start in range(0, len(each), 200_000):
        part = each[start : start + 200_000]
        answer[start : start + 200_000] = _names(names, part // len(names), part % len(names))
    return np.asarray(answer[back])


def _names(names: Names, a: Rows, b: Rows) -> Levels:
    level = np.zeros(len(a), np.int8)

    def put(word: str, where: NDArray[np.bool_]) -> None:
        level[where & (level == 0)] = NAME.index(word)

    s1, s2 = names.signs[a], names.signs[b]
    n1, n2 = names.length[a], names.length[b]
    here = (s1 > 0) & (s2 > 0)
    wild = ((s1 == 1) & (names.sound[a][:, :, 0] == 0)) | ((s2 == 1) & (names.sound[b][:, :, 0] == 0))
    same = (s1 == s2) & (s1 > 1)
    heard = same | _any_reading(names.sound[a], names.sound[b])
    loose = heard | _any_reading(names.fuzzy[a], names.fuzzy[b])
    one, two = names.characters.corners[s1][:, :, :4], names.characters.corners[s2][:, :, :4]
    shape = ((one != two).sum(2) <= 1) & (one[:, :, 0] != 255) & (two[:, :, 0] != 255) & here
    count = np.minimum(n1, n2)
    equal = n1 == n2
    readable = (n1 > 0) & (n2 > 0)
    wilds = (wild & here).sum(1)
    put("unreadable", ~readable)
    level[~readable] = -1
    put("exact", equal & (same.sum(1) == count))
    unread = readable & (wilds > 0) & ((same | wild) & here).sum(1).__eq__(count)
    put("wildcard", unread & equal & (wilds < count))
    level[readable & (wilds >= count) & (level == 0)] = -1
    agree = (wild & here) | heard
    put("sound", equal & ((agree & here).sum(1) == count))
    agree |= loose
    put("fuzzy", equal & ((agree & here).sum(1) == count))
    put("shape", equal & (count >= 2) & (((agree | shape) & here).sum(1) == count) & (same.sum(1) >= 1))
    put("order", equal & (names.mixed[a] == names.mixed[b]) & (names.mixed[a] != 0))
    put("dropped", ~equal & (count >= 2) & _inside(names, a, b))
    first = agree[:, 0]
    given = (agree & here)[:, 1:].sum(1)
    put("surname_differs", equal & (count >= 3) & (given == count - 1))
    put("given_first", first & (count >= 3) & agree[:, 1] & here[:, 1])
    put("given_last", first & (n1 >= 2) & (n2 >= 2) & _last_same(names, a, b) & ((n1 > 2) | (n2 > 2)))
    put("longer_shared", ((n1 >= 4) | (n2 >= 4)) & (same.sum(1) >= 2))
    put("surname_only", first)
    put("given_part", given >= 1)
    put("nothing", readable)
    level[level < 0] = 0
    return level


def _any_reading(a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.bool_]:
    answer = np.zeros(a.shape[:2], np.bool_)
    for one in range(2):
        for two in range(2):
            answer |= (a[:, :, one] == b[:, :, two]) & (a[:, :, one] != 0)
    return answer


def _last(names: Names, rows: Rows) -> tuple[NDArray[np.int32], ...]:
    place = np.maximum(names.length[rows].astype(np.int64) - 1, 0)
    at = np.arange(len(rows))
    return names.fuzzy[rows][at, place, 0], names.signs[rows][at, place]


def _last_same(names: Names, a: Rows, b: Rows) -> NDArray[np.bool_]:
    sound_a, sign_a = _last(names, a)
    sound_b, sign_b = _last(names, b)
    return np.asarray(((sound_a == sound_b) & (sound_a != 0)) | ((sign_a == sign_b) & (sign_a > 1)))


def _inside(names: Names, a: Rows, b: Rows) -> NDArray[np.bool_]:
    """The characters of the shorter name stand in the longer one in the same order, by ear, two at least."""
    swap = names.length[a] > names.length[b]
    short, long = np.where(swap, b, a), np.where(swap, a, b)
    s, t = names.fuzzy[short][:, :, 0], names.fuzzy[long][:, :, 0]
    size = names.length[short]
    place = np.zeros(len(a), np.int64)
    row = np.arange(len(a))
    for column in range(t.shape[1]):
        at = np.minimum(place, s.shape[1] - 1)
        hit = (t[:, column] == s[row, at]) & (s[row, at] != 0) & (place < size)
        place += hit
    return np.asarray((place == size) & (size >= 2))


def compare_houses(left: Register, right: Register, rows: Rows, others: Rows) -> Levels:
    """监护人: their numbers, names and telephones."""
    level = np.zeros(len(rows), np.int8)
    names = left.names
    g1, g2 = right.guardians[rows], left.guardians[others]
    i1, i2 = right.guardian_ids[rows], left.guardian_ids[others]
    p1, p2 = right.phones[rows], left.phones[others]
    hits = _hits(g1, g2, -1)
    common = name_commonness(left)
    shared_name = np.where((g1[:, :, None] == g2[:, None, :]).any(2) & (g1 != -1), g1, -1).max(1)
    ids, phone = _hits(i1, i2, 0) > 0, _hits(p1, p2, 0) > 0
    own = _own_is_guardian(left, right, rows, others)
    heard1, heard2 = np.where(g1 >= 0, names.whole[g1], 0), np.where(g2 >= 0, names.whole[g2], 0)
    sounds = _hits(heard1, heard2, 0) > 0
    f1, f2 = np.where(g1 >= 0, names.surname[g1], 0), np.where(g2 >= 0, names.surname[g2], 0)
    surname = _hits(f1, f2, 0) > 0

    def put(word: str, where: NDArray[np.bool_]) -> None:
        level[where & (level == 0)] = HOUSE.index(word)

    put("id", ids | own)
    put("two_names", hits >= 2)
    put("name_phone", ((hits >= 1) | sounds) & phone)
    known_ids = (i1[:, 0] != 0) & (i2[:, 0] != 0)
    # The guardians have one name and two numbers: usually two people.
    put("namesake", ((hits >= 1) | sounds) & known_ids)
    put("name_rare", (hits >= 1) & (common[np.maximum(shared_name, 0)] <= _COMMON))
    put("name_common", hits >= 1)
    put("sound", sounds)
    put("phone", phone)
    named = (g1[:, 0] >= 0) & (g2[:, 0] >= 0)
    put("differ_id", known_ids & ~surname)
    put("surname", named & surname)
    put("differ", named | known_ids | ((p1[:, 0] != 0) & (p2[:, 0] != 0)))
    return level


def name_commonness(left: Register) -> NDArray[np.int32]:
    """For each name how often it stands among the left register's guardians."""
    flat = left.guardians[left.guardians >= 0]
    return np.bincount(flat, minlength=len(left.names)).astype(np.int32)


def _hits(
    a: NDArray[np.int64] | NDArray[np.int32], b: NDArray[np.int64] | NDArray[np.int32], none: int
) -> NDArray[np.int64]:
    """How many values of `a` stand in `b`."""
    return np.asarray(((a[:, :, None] == b[:, None, :]).any(2) & (a != none)).sum(1))


def _own_is_guardian(left: Register, right: Register, rows: Rows, others: Rows) -> NDArray[np.bool_]:
    """A guardian's number stands in the child's place on one side and in its own on the other (or on both in the child's)."""
    a, b = right.number.key[rows], left.number.key[others]
    adult_a, adult_b = right.number.kind[rows] == ADULT, left.number.kind[others] == ADULT
    answer = adult_a & (a[:, None] == left.guardian_ids[others]).any(1)
    answer |= adult_b & (b[:, None] == right.guardian_ids[rows]).any(1)
    return np.asarray(answer | (adult_a & adult_b & (a == b)))


def compare_places(left: Register, right: Register, rows: Rows, others: Rows) -> Levels:
    """住址: village, township, county."""
    level = np.zeros(len(rows), np.int8)
    v1, v2 = right.village[rows], left.village[others]
    t1, t2 = right.township[rows], left.township[others]
    c1, c2 = right.county[rows], left.county[others]
    township = (t1 == t2) & (t1 != 0)
    no_county = (c1 == 0) | (c2 == 0)
    same_county = (c1 == c2) | no_county
    no_township = (t1 == 0) | (t2 == 0)

    def put(word: str, where: NDArray[np.bool_]) -> None:
        level[where & (level == 0)] = PLACE.index(word)

    put("village", (v1 == v2) & (v1 != 0) & (township | no_township) & same_county)
    put("township", township & same_county)
    put("elsewhere", ~no_county & (c1 != c2))
    put("county", ~no_township)
    put("township_unknown", ~no_county)
    return level


def compare_sexes(left: Register, right: Register, rows: Rows, others: Rows) -> Levels:
    """性别."""
    a, b = right.sex[rows], left.sex[others]
    return np.where((a == 0) | (b == 0), 0, np.where(a == b, SEX.index("same"), SEX.index("differs"))).astype(
        np.int8
    )
