"""姓名的比较: for each pair of names the level of agreement, all pairs at once."""

import numpy as np
from numpy.typing import NDArray

from junheng.matching.levels import NAME
from junheng.matching.names import Names

Rows = NDArray[np.int64]
Rows32 = NDArray[np.int32]
Levels = NDArray[np.int8]
_USUAL = 3  # characters of nearly every name
_PART = 50_000


def compare_names(names: Names, a: Rows32, b: Rows32) -> Levels:
    """姓名. `a` and `b` are rows of `names`."""
    answer = np.zeros(len(a), np.int8)
    short = (names.length[a] <= _USUAL) & (names.length[b] <= _USUAL)
    for rows, width in ((np.flatnonzero(short), _USUAL), (np.flatnonzero(~short), names.signs.shape[1])):
        for start in range(0, len(rows), _PART):
            part = rows[start : start + _PART]
            answer[part] = _names(names, a[part], b[part], width)
    return answer


def _names(names: Names, a: Rows32, b: Rows32, width: int) -> Levels:
    """Of names that have `width` characters at most."""
    level = np.zeros(len(a), np.int8)

    def put(word: str, where: NDArray[np.bool_]) -> None:
        level[where & (level == 0)] = NAME.index(word)

    s1, s2 = names.signs[:, :width][a], names.signs[:, :width][b]
    n1, n2 = names.length[a], names.length[b]
    sound1, sound2 = names.sound[:, :width][a], names.sound[:, :width][b]
    here = (s1 > 0) & (s2 > 0)
    wild = ((s1 == 1) & (sound1[:, :, 0] == 0)) | ((s2 == 1) & (sound2[:, :, 0] == 0))
    same = (s1 == s2) & (s1 > 1)
    heard = same | _any_reading(sound1, sound2)
    loose = heard | _any_reading(names.fuzzy[:, :width][a], names.fuzzy[:, :width][b])
    count = np.minimum(n1, n2)
    equal = n1 == n2
    readable = (n1 > 0) & (n2 > 0)
    wild &= here
    wilds = _count(wild)
    alike = _count(same)
    level[~readable] = -1
    put("exact", equal & (alike == count))
    unread = readable & (wilds > 0) & (_count((same | wild) & here) == count)
    put("wildcard", unread & equal & (wilds < count))
    level[readable & (wilds >= count) & (level == 0)] = -1
    agree = wild | heard
    put("sound", equal & (_count(agree & here) == count))
    agree |= loose
    put("fuzzy", equal & (_count(agree & here) == count))
    agree &= here
    first = agree[:, 0]
    given = _count(agree[:, 1:])
    maybe = np.flatnonzero((level == 0) & equal & (count >= 2) & (alike >= 1))
    shaped = _shaped(names, s1[maybe], s2[maybe])
    level[maybe[_count((agree[maybe] | shaped) & here[maybe]) == count[maybe]]] = NAME.index("shape")
    maybe, halved = (
        maybe[level[maybe] == 0],
        (shaped | _halved(names, s1[maybe], s2[maybe]))[level[maybe] == 0],
    )
    level[maybe[_count((agree[maybe] | halved) & here[maybe]) == count[maybe]]] = NAME.index("part")
    put("order", equal & (names.mixed[a] == names.mixed[b]) & (names.mixed[a] != 0))
    maybe = np.flatnonzero((level == 0) & ~equal & (count >= 2))
    level[maybe[_inside(names, a[maybe], b[maybe], width)]] = NAME.index("dropped")
    put("surname_differs", equal & (count >= 3) & (given == count - 1))
    put("given_first", first & (count >= 3) & agree[:, 1])
    maybe = np.flatnonzero((level == 0) & first & (n1 >= 2) & (n2 >= 2) & ((n1 > 2) | (n2 > 2)))
    level[maybe[_last_same(names, a[maybe], b[maybe])]] = NAME.index("given_last")
    put("longer_shared", ((n1 >= 4) | (n2 >= 4)) & (alike >= 2))
    put("surname_only", first)
    put("given_part", given >= 1)
    put("nothing", readable)
    level[level < 0] = 0
    return level


def _count(marks: NDArray[np.bool_]) -> NDArray[np.int8]:
    """How many of each row; column by column, which for a few columns is many times faster than a sum along rows."""
    answer = np.zeros(len(marks), np.int8)
    for column in range(marks.shape[1]):
        answer += marks[:, column]
    return answer


def _shaped(names: Names, s1: NDArray[np.int32], s2: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Characters of which one of the four corners differs at most."""
    one, two = names.characters.corners[s1], names.characters.corners[s2]
    differ = np.zeros(s1.shape, np.int8)
    for corner in range(4):
        differ += one[:, :, corner] != two[:, :, corner]
    return np.asarray((differ <= 1) & (one[:, :, 0] != 255) & (two[:, :, 0] != 255))


def _halved(names: Names, s1: NDArray[np.int32], s2: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Characters of which the right, left, upper or lower two corners are the same: mostly one part in common, and another beside it."""
    one, two = names.characters.corners[s1], names.characters.corners[s2]
    same = [(one[..., at] == two[..., at]) & (one[..., at] <= 9) for at in range(4)]
    drawn = [
        one[..., at] != 0 for at in range(4)
    ]  # 0 also stands where an earlier corner has taken the stroke
    answer = np.zeros(s1.shape, np.bool_)
    for first, second in _SIDES:
        answer |= same[first] & same[second] & (drawn[first] | drawn[second])
    return answer


_SIDES = ((1, 3), (0, 2), (0, 1), (2, 3))  # of the corners upper left, upper right, lower left, lower right


def _any_reading(a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.bool_]:
    answer = np.zeros(a.shape[:2], np.bool_)
    for one in range(2):
        for two in range(2):
            answer |= (a[:, :, one] == b[:, :, two]) & (a[:, :, one] != 0)
    return answer


def _last(names: Names, rows: Rows32) -> tuple[NDArray[np.int32], ...]:
    place = np.maximum(names.length[rows] - 1, 0)
    return names.fuzzy[rows, place, 0], names.signs[rows, place]


def _last_same(names: Names, a: Rows32, b: Rows32) -> NDArray[np.bool_]:
    sound_a, sign_a = _last(names, a)
    sound_b, sign_b = _last(names, b)
    return np.asarray(((sound_a == sound_b) & (sound_a != 0)) | ((sign_a == sign_b) & (sign_a > 1)))


def _inside(names: Names, a: Rows32, b: Rows32, width: int) -> NDArray[np.bool_]:
    """The characters of the shorter name stand in the longer one in the same order, by ear, two at least."""
    swap = names.length[a] > names.length[b]
    short, long = np.where(swap, b, a), np.where(swap, a, b)
    s, t = names.fuzzy[short, :width, 0], names.fuzzy[long, :width, 0]
    size = names.length[short]
    place = np.zeros(len(a), np.int64)
    row = np.arange(len(a))
    for column in range(t.shape[1]):
        at = np.minimum(place, s.shape[1] - 1)
        hit = (t[:, column] == s[row, at]) & (s[row, at] != 0) & (place < size)
        place += hit
    return np.asarray((place == size) & (size >= 2))
