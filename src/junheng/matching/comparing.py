"""逐项比较: for each candidate pair the level of agreement of each field, all pairs at once.

`reference.py` says the same for one pair at a time, slowly and plainly; tests hold the two together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.matching.compare_births import born_levels
from junheng.matching.compare_houses import compare_houses
from junheng.matching.compare_names import compare_names
from junheng.matching.compare_numbers import compare_ids
from junheng.matching.levels import PLACE, SEX
from junheng.matching.registers import Register

Rows = NDArray[np.int64]
Levels = NDArray[np.int8]


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


def compare_births(left: Register, right: Register, rows: Rows, others: Rows) -> Levels:
    """出生日期."""
    a, b = right.birth, left.birth
    return born_levels(
        (a.year[rows], a.month[rows], a.day[rows]), (b.year[others], b.month[others], b.day[others])
    )


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
