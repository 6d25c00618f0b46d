"""一人两条: lines of one register that are the same child although neither number nor home says so at sight.

`rivals.same_child` finds the plain cases. Others show only beside the other register: two lines that both agree with one line there, under
one name, and with each other. Without this the second of them would be told that its child is missing.
"""

import numpy as np
from numpy.typing import NDArray

from junheng.matching.blocking import all_of, join
from junheng.matching.comparing import Compared, Rows, beside, compare
from junheng.matching.gate import ONE_NAME, SUPPORT, TWO_VALID
from junheng.matching.levels import BORN, HOUSE, ID, NAME, PLACE, SEX
from junheng.matching.numbers import VALID
from junheng.matching.registers import Register
from junheng.matching.sorting import distinct
from junheng.matching.weights import Weights, coded

STRONG = 6.0  # log-odds, with the line of the other register and between the two
_MANY = 50  # lines of one child
_MOST = 4  # lines that one line can gather; more are namesakes


def also_same(
    side: Register,
    same: NDArray[np.int64],
    pairs: tuple[Rows, Rows],
    liked: NDArray[np.int64],
    weights: Weights,
    steps: dict[str, int],
) -> NDArray[np.int64]:
    """`same` with those of the `pairs` of rows put together that one model for two registers would link for certain.

    Not those of which each has a child of its own in the other register, as `liked` has it: twins of one sound are two children.
    """
    numbered = _one_number(side)
    pairs = np.concatenate((pairs[0], numbered[0])), np.concatenate((pairs[1], numbered[1]))
    new = (same[pairs[0]] != same[pairs[1]]) & (pairs[0] != pairs[1])
    one, two = liked[pairs[0]], liked[pairs[1]]
    new &= (one == two) | (one < 0) | (two < 0)
    first, second = pairs[0][new], pairs[1][new]
    answer = same.copy()
    if not len(first):
        return answer
    found = compare(side, side, first, second, beside(side, side))
    worth = weights.log_odds(coded(found, side, side, first, second, steps))
    exact = found.name == NAME.index("exact")
    # Numbers alike in everything but where they were given, and the whole name: not twins.
    tail = (found.id == ID.index("tail_same")) & exact & (found.born == BORN.index("equal"))
    good = (worth > STRONG) & np.isin(found.name, ONE_NAME) & (~np.isin(found.id, TWO_VALID) | tail)
    good &= exact | ~(side.odd[first] | side.odd[second])
    good |= _one_child(side, found, first, second)
    good &= found.sex != SEX.index("differs")
    for a, b in zip(first[good].tolist(), second[good].tolist(), strict=True):
        low, high = sorted((int(answer[a]), int(answer[b])))
        answer[answer == high] = low
    return answer


def _one_number(side: Register) -> tuple[Rows, Rows]:
    """Pairs of rows that share a valid number under names that do not sound alike."""
    rows = np.flatnonzero(side.shared & (side.number.kind == VALID))
    rows = rows[np.lexsort((rows, side.number.key[rows]))]
    near = np.flatnonzero(side.number.key[rows[1:]] == side.number.key[rows[:-1]])
    return rows[near], rows[near + 1]


def _one_child(side: Register, found: Compared, one: Rows, two: Rows) -> NDArray[np.bool_]:
    """One number, the birth date of that number beside it on both lines, one home, and the name not another: given anew, or written otherwise."""
    dated = side.birth.given[one] & side.birth.given[two] & ~side.odd[one] & ~side.odd[two]
    dated &= (found.id == ID.index("equal_shared")) & (found.born == BORN.index("equal"))
    home = np.isin(found.house, SUPPORT)
    home |= np.isin(found.house, _SILENT) & (found.place == PLACE.index("village"))
    return np.asarray(dated & home & (found.name != NAME.index("nothing")))


_SILENT = [HOUSE.index(word) for word in ("unknown", "phone_differs")]


def parted(
    same: NDArray[np.int64],
    others_same: NDArray[np.int64],
    mine: Rows,
    theirs: Rows,
    named: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """`same` without lines put together by a number though each stands, under its own name in every character and in its own home, as another child in
    the other register: a brother's number. `named` marks the pairs that say so."""
    namesake = np.full(len(same), -1)
    namesake[mine[named]] = others_same[theirs[named]]
    there, head = namesake >= 0, namesake[same]
    return np.where(there & (head >= 0) & (head != namesake), np.arange(len(same)), same)


def favourites(
    score: NDArray[np.float64], mine: Rows, theirs: Rows, same: NDArray[np.int64], size: int
) -> NDArray[np.int64]:
    """For each of `size` rows of `mine` the child of the other register (its first row, as `same` has it) that it agrees with most; −1 where with
    none strongly."""
    strong = np.flatnonzero(score > STRONG)
    strong = strong[np.lexsort((-same[theirs[strong]], score[strong]))]
    answer = np.full(size, -1)
    answer[mine[strong]] = same[theirs[strong]]
    return answer


def sharing(score: NDArray[np.float64], mine: Rows, theirs: Rows) -> tuple[Rows, Rows]:
    """Pairs of `mine` that both agree strongly with one and the same of `theirs`."""
    strong = np.flatnonzero(score > STRONG)
    strong = strong[np.lexsort((mine[strong], theirs[strong]))]
    one, two = [], []
    for step in range(1, _MOST):
        near = np.flatnonzero(theirs[strong[step:]] == theirs[strong[:-step]])
        one.append(mine[strong[near]])
        two.append(mine[strong[near + step]])
    return np.concatenate(one), np.concatenate(two)


def alike(side: Register, rows: Rows) -> tuple[Rows, Rows]:
    """Pairs of one of `rows` and any row of the same register with the same name by ear and birth date, guardian, telephone or village, or of one birth date
    with the same characters in another order, guardian's number or telephone."""
    whole = side.names.whole[side.name]
    others = (
        side.birth.number(), side.guardians[:, 0].astype(np.int64) + 1, side.guardian_ids[:, 0], side.phones[:, 0],
        side.village.astype(np.int64),
    )  # fmt: skip
    keys = [all_of(whole, other) for other in others]
    # Under another name by ear only where a good deal else agrees.
    keys += [all_of(others[0], other) for other in (side.names.mixed[side.name], others[2], others[3])]
    size, everyone = max(len(side), 1), np.arange(len(side))
    pairs = distinct(np.concatenate([join(key[rows], key, rows, everyone, size, _MOST) for key in keys]))
    return pairs // size, pairs % size


def of_fellows(
    same: NDArray[np.int64], rows: Rows, others: Rows, score: NDArray[np.float64]
) -> tuple[Rows, Rows]:
    """Pairs (row, other) not yet there for lines entered more than once: each gets the likely others of its fellows."""
    size = max(len(same), 1)
    several = np.bincount(same, minlength=size)[same] > 1
    asked = np.flatnonzero(several[rows] & (score > 0))
    if not len(asked):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    everyone = np.flatnonzero(several)
    found = distinct(join(same[rows[asked]] + 1, same[everyone] + 1, others[asked], everyone, size, _MANY))
    known = several[rows]
    found = found[~np.isin(found, others[known] * size + rows[known])]
    return found % size, found // size
