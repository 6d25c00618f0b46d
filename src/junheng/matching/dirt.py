"""登记质量 (dirt): how often each field of the register at hand goes wrong, in steps, seen on pairs that other fields settle.

What contradicting numbers or birth dates are worth depends on it: where they never differ for one child, they mean two children; where
every tenth was written anew, they mean little. The model file learns the worth of each step, so no register needs training of its own.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from junheng.matching.blocking import Rows, all_of, certain_key, join_once
from junheng.matching.compare_houses import compare_houses
from junheng.matching.compare_names import compare_names
from junheng.matching.comparing import compare_births, compare_places
from junheng.matching.levels import BORN, HOUSE, NAME, PLACE
from junheng.matching.numbers import VALID
from junheng.matching.registers import Register

STEPS: Final = (0.003, 0.01, 0.03, 0.08)
NOT_SEEN: Final = len(STEPS) + 1  # a column that is not there
FIELDS: Final = ("id", "born", "name", "house", "place")
_ENOUGH = 150
_USUAL, _WORTH = (
    0.02,
    50,
)  # the share a register is thought to have before it is seen, and how many pairs that thought is worth
_SAMPLE = 20_000


def dirt(left: Register, right: Register, sure: Rows, sure_other: Rows) -> dict[str, int]:
    """{field: step}: the share of contradictions among pairs that are certain without the field. `sure` pairs agree in number and name."""
    step = max(len(sure) // _SAMPLE, 1)
    rows, others = sure[::step], sure_other[::step]
    born = compare_births(left, right, rows, others)
    given = right.birth.given[rows] & left.birth.given[others]
    house, place = compare_houses(left, right, rows, others), compare_places(left, right, rows, others)
    numbered, named = join_once(certain_key(right), certain_key(left), _SAMPLE)
    names = compare_names(left.names, right.name[numbered], left.name[named])
    same_day = right.birth.number()[numbered] == left.birth.number()[named]
    found, fellows = join_once(_person(right), _person(left), _SAMPLE)
    both = (right.number.kind[found] == VALID) & (left.number.kind[fellows] == VALID)
    return {
        "id": _step(right.number.key[found][both] != left.number.key[fellows][both], len(right)),
        "born": _step((born != BORN.index("equal"))[given & (born != BORN.index("unknown"))], len(right)),
        "name": _step(
            (names != NAME.index("exact"))[same_day & (names != NAME.index("unreadable"))], len(right)
        ),
        "house": _step(np.isin(house, _ELSE)[~np.isin(house, _SILENT)], len(right)),
        "place": _step(~np.isin(place, _NEAR)[place != PLACE.index("unknown")], len(right)),
    }


_ELSE = [HOUSE.index(word) for word in ("surname", "differ", "differ_id", "conflict")]
_SILENT = [HOUSE.index(word) for word in ("unknown", "phone_differs")]
_NEAR = [
    PLACE.index(word) for word in ("village", "township", "township_unknown", "village_strange", "strange")
]


def _step(wrong: NDArray[np.bool_], size: int) -> int:
    """Of a register of `size` lines. What few pairs say is drawn to the usual share; of none at all among many nothing is known."""
    if not len(wrong) and size >= _ENOUGH:
        return NOT_SEEN
    return int(np.searchsorted(STEPS, (wrong.sum() + _USUAL * _WORTH) / (len(wrong) + _WORTH), "right"))


def _person(side: Register) -> NDArray[np.int64]:
    """One key for name by ear, village and sex: where it stands once, mostly one child, even one whose number was given anew with another birth date."""
    whole, village = side.names.whole[side.name], side.village.astype(np.int64)
    return all_of(whole, village, side.sex.astype(np.int64))
