"""逐项比较: for each candidate pair the level of agreement of each field, all pairs at once.

`reference.py` says the same for one pair at a time, slowly and plainly; tests hold the two together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.matching.blocking import join
from junheng.matching.compare_births import born_levels
from junheng.matching.compare_houses import compare_houses
from junheng.matching.compare_names import compare_names
from junheng.matching.compare_numbers import compare_ids
from junheng.matching.levels import BORN, HOUSE, ID, PLACE, SEX
from junheng.matching.numbers import VALID
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


@dataclass(frozen=True, slots=True)
class Beside:
    """对照: what the left register as a whole says to each right row: how many there bear its name by ear, and the row that bears its number (−1: none)."""

    bearers: NDArray[np.int32]
    owner: NDArray[np.int64]


def beside(left: Register, right: Register) -> Beside:
    """对照 of each right row with the left register; a register beside itself has no owners."""
    owner = np.full(len(right), -1)
    if left is not right:
        a, b = (np.where(side.number.kind == VALID, side.number.key, 0) for side in (right, left))
        found = join(a, b, np.arange(len(right)), np.arange(len(left)), max(len(left), 1), 1)
        owner[found // max(len(left), 1)] = found % max(len(left), 1)
    return Beside(name_bearers(left, right), owner)


def compare(left: Register, right: Register, rows: Rows, others: Rows, known: Beside) -> Compared:
    """Pairs (right row `rows[n]`, left row `others[n]`) → levels."""
    return Compared(
        _of_sisters(compare_ids(left, right, rows, others), left, rows, others, known.owner),
        compare_births(left, right, rows, others),
        compare_names(left.names, right.name[rows], left.name[others]),
        compare_houses(left, right, rows, others),
        compare_places(left, right, rows, others),
        compare_sexes(left, right, rows, others),
        known.bearers[rows],
    )


def _of_sisters(level: Levels, left: Register, rows: Rows, others: Rows, owner: NDArray[np.int64]) -> Levels:
    """兄弟姐妹的号码: the number is that of another child of the same home, not a twin: whoever typed it took the wrong line."""
    asked = np.flatnonzero(
        (level == ID.index("other_date_valid")) & (owner[rows] >= 0) & (owner[rows] != others)
    )
    one, two = owner[rows[asked]], others[asked]
    house = compare_houses(left, left, one, two)
    surname = left.names.surname
    near = (left.village[one] == left.village[two]) & (left.village[one] != 0)
    near &= surname[left.name[one]] == surname[left.name[two]]
    level[asked[np.isin(house, _HOME) | near & np.isin(house, _MAYBE_HOME)]] = ID.index("sibling")
    return level


_HOME = [HOUSE.index(word) for word in ("id", "two_names", "name_phone")]
_MAYBE_HOME = [
    HOUSE.index(word) for word in ("unknown", "name_rare", "name_common", "sound", "phone", "phone_differs")
]


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
    level = born_levels(
        (a.year[rows], a.month[rows], a.day[rows]), (b.year[others], b.month[others], b.day[others])
    )
    # Told by a number alone, another birth is the number's contradiction once more and no other.
    told = ~(a.given[rows] & b.given[others])
    level[told & np.isin(level, _ELSE)] = BORN.index("by_number")
    return level


_ELSE = [BORN.index(word) for word in ("year_same", "near", "far")]


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
    strange = ~no_township & strange_townships(left, right)[t1]
    put("village_strange", strange & (v1 == v2) & (v1 != 0))
    put("strange", strange)
    put("county", ~no_township)
    put("township_unknown", ~no_county)
    return level


def strange_townships(left: Register, right: Register) -> NDArray[np.bool_]:
    """对方没有的乡镇: whether each township's code stands on the right and nowhere on the left: renamed, merged or written otherwise, so that it says
    little. Where many lines name such ones, and villages not known either, it is another county's list, and they are places like any other."""
    most = int(max(left.township.max(initial=0), right.township.max(initial=0))) + 1
    strange = np.bincount(left.township, minlength=most) == 0
    strange[0] = False
    known = np.zeros(int(max(left.village.max(initial=0), right.village.max(initial=0))) + 1, np.bool_)
    known[left.village] = True
    known[0] = False
    afar = strange[right.township] & ~known[right.village]
    return strange if len(afar) and afar.mean() <= _MANY else np.zeros(most, np.bool_)


_MANY = 0.3


def compare_sexes(left: Register, right: Register, rows: Rows, others: Rows) -> Levels:
    """性别."""
    a, b = right.sex[rows], left.sex[others]
    return np.where((a == 0) | (b == 0), 0, np.where(a == b, SEX.index("same"), SEX.index("differs"))).astype(
        np.int8
    )
