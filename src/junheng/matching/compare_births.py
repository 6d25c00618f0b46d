"""出生日期的比较: the level of agreement of two birth dates, all pairs at once."""

import numpy as np
from numpy.typing import NDArray

from junheng.matching.births import lunar
from junheng.matching.levels import BORN

Levels = NDArray[np.int8]
CLOSE, NO_SISTER = 62, 240  # days: what is misremembered; nearer than two births of one mother, but for twins
Days = tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int16]]


def born_levels(one: Days, two: Days) -> Levels:
    """出生日期, each as years, months and days, 0 where not known."""
    (y1, m1, d1), (y2, m2, d2) = ([part.astype(np.int32) for part in days] for days in (one, two))
    level = np.zeros(len(y1), np.int8)
    known = (y1 > 0) & (y2 > 0)
    whole = known & (m1 > 0) & (m2 > 0) & (d1 > 0) & (d2 > 0)

    def put(word: str, where: NDArray[np.bool_]) -> None:
        level[where & (level == 0)] = BORN.index(word)

    year, month, day = y1 == y2, m1 == m2, d1 == d2
    put("equal", whole & year & month & day)
    a = np.where(whole, y1 * 10_000 + m1 * 100 + d1, 0).astype(np.int64)
    b = np.where(whole, y2 * 10_000 + m2 * 100 + d2, 0).astype(np.int64)
    put("lunar", whole & ((lunar(a) == b) | (lunar(b) == a)))
    put("swapped", whole & year & (m1 == d2) & (d1 == m2))
    put("one_digit", whole & (_digits_apart(a, b) == 1))
    put("year_off", whole & month & day & (np.abs(y1 - y2) <= 3))
    # The first of a month, or of January, is often written where nobody knew the day, or the month.
    put("year_only", known & year & ((m1 == 0) | (m2 == 0) | whole & ((m1 * d1 == 1) | (m2 * d2 == 1))))
    put("month_only", known & year & month & ((d1 <= 1) | (d2 <= 1)))
    put("month_same", known & year & month)
    apart = np.abs(_ordinal(y1, m1, d1) - _ordinal(y2, m2, d2))
    put("close", whole & (apart <= CLOSE))
    put("months", whole & (apart <= NO_SISTER))
    put("year_same", known & year)
    put("near", known & (np.abs(y1 - y2) <= 1))
    put("far", known)
    return level


def _ordinal(year: NDArray[np.int32], month: NDArray[np.int32], day: NDArray[np.int32]) -> NDArray[np.int32]:
    """Days since some day long ago; a day that the month does not have counts on into the next."""
    years = year - (month <= 2)
    return np.asarray(
        years * 365 + years // 4 - years // 100 + years // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day
    )


def _digits_apart(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    count = np.zeros(len(a), np.int64)
    for power in range(8):
        count += a // 10**power % 10 != b // 10**power % 10
    return count
