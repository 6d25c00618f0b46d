"""匹配: two registers → for each right line the left line that is the same child, how probable that is, and who decides.

Lines that agree in a valid number and in name by ear are taken first; what is left is compared field by field, weighed, held against its
rivals, given out one to one. Automatic is only what passes a gate besides being probable.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from junheng.matching.blocking import candidates, certain
from junheng.matching.comparing import Beside, Compared, Rows, beside, compare
from junheng.matching.dirt import dirt
from junheng.matching.gate import SUPPORT, gate, unsupported
from junheng.matching.levels import NAME
from junheng.matching.registers import Register, Texts, prepare
from junheng.matching.rivals import assign, best_of_pairs, repeated, rival_strength, same_child
from junheng.matching.together import together
from junheng.matching.twice import STRONG, alike, also_same, favourites, of_fellows, parted, sharing
from junheng.matching.weights import LATE, Weights, coded, load_weights

AUTOMATIC: Final = 2  # 自动
REVIEW: Final = 1  # 待核
UNMATCHED: Final = 0  # 未匹配
_CHUNK = 125_000
_CEILING = 0.99999  # nobody's error rate is known better than this


@dataclass(slots=True)
class Matches:
    """匹配结果: one entry a right row, in its order.

    `other` is the left row of the same child, −1 for none. `near` is the left row most like it where there is none, −1 when nothing is
    like it. `probability` is of the pair with `other`, or else with `near`. `compared` are the levels of that pair (all 0 when
    there is none), `same_right` and `same_left` the first row of each child entered more than once.
    """

    left: Register
    right: Register
    other: NDArray[np.int64]
    near: NDArray[np.int64]
    probability: NDArray[np.float64]
    handling: NDArray[np.int8]
    compared: Compared
    same_right: NDArray[np.int64]
    same_left: NDArray[np.int64]
    rivals: NDArray[np.int32]  # how many other left rows were nearly as likely
    candidates: int


def match(
    left: Mapping[str, Texts], right: Mapping[str, Texts], *, weights: Weights | None = None
) -> Matches:
    """匹配 two registers given as {column: texts}, columns being the keys of `registers.HEADINGS`; only `name` must be there."""
    return match_registers(*prepare(left, right), weights or load_weights())


def match_registers(left: Register, right: Register, weights: Weights) -> Matches:
    """匹配 two prepared registers."""
    by_eye: list[tuple[Rows, ...]] = together(
        [lambda: (same_child(left),), lambda: (same_child(right),), lambda: certain(left, right)]
    )
    (same_left,), (same_right,), (sure, sure_other) = by_eye
    rest, free = _without(len(right), sure), _without(len(left), sure_other)
    rows, others = candidates(left, right, rest, free)
    rows, others = np.concatenate((sure, rows)), np.concatenate((sure_other, others))
    known, steps = beside(left, right), dirt(left, right, sure, sure_other)
    pairs = _weighed(left, right, rows, others, known, weights, steps)
    named = (pairs.compared.name == NAME.index("exact")) & np.isin(pairs.compared.house, SUPPORT)
    same_right, same_left = (
        parted(same_right, same_left, rows, others, named),
        parted(same_left, same_right, others, rows, named),
    )
    doubles = alike(right, rest), sharing(pairs.score, rows, others)
    twice = np.concatenate([one for one, _ in doubles]), np.concatenate([two for _, two in doubles])
    liked = favourites(pairs.score, rows, others, same_left, len(right))
    so_liked = favourites(pairs.score, others, rows, same_right, len(left))
    same_right = also_same(right, same_right, twice, liked, weights, steps)
    same_left = also_same(left, same_left, sharing(pairs.score, others, rows), so_liked, weights, steps)
    more = of_fellows(same_right, rows, others, pairs.score)
    rows, others = np.concatenate((rows, more[0])), np.concatenate((others, more[1]))
    pairs = _joined([pairs, _weighed(left, right, *more, known, weights, steps)])
    mine, theirs = same_right[rows], same_left[others]
    same = repeated(mine, theirs)
    of_mine, of_theirs = together(
        [
            lambda: rival_strength(pairs.score, mine, theirs, same),
            lambda: rival_strength(pairs.score, theirs, mine, same),
        ]
    )
    odds = weights.calibrated(pairs.score, of_mine, of_theirs, _late(pairs.compared))
    odds -= weights.doubt * unsupported(pairs.compared, steps["name"])
    limit = float(np.log(weights.link / (1 - weights.link)))
    best = best_of_pairs(odds, same)
    likely = same.first[best[same.first] > limit]
    given, taken = mine[likely], theirs[likely]
    chosen = assign(best[likely] - limit, given, taken)
    partner = np.full(len(right), -1)
    partner[given[chosen]] = taken[chosen]
    # A second line of one child is as good as linked by the first, however little of its own speaks for it.
    linked = partner[mine] == theirs
    odds[linked] = np.maximum(odds, np.minimum(best, STRONG))[linked]
    return _answer(
        left,
        right,
        rows,
        others,
        odds,
        pairs.compared,
        (mine, theirs),
        partner,
        weights,
        (same_right, same_left),
        known.owner,
    )


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Levels of pairs, and their scores before rivals are looked at."""

    compared: Compared
    score: NDArray[np.float64]


def _late(compared: Compared) -> dict[str, NDArray[np.int64]]:
    return {field: getattr(compared, field).astype(np.int64) for field in LATE}


def _weighed(
    left: Register, right: Register, rows: Rows, others: Rows, known: Beside, weights: Weights, steps: dict[str, int]
) -> _Pairs:  # fmt: skip
    def part(start: int) -> _Pairs:
        here = slice(start, start + _CHUNK)
        found = compare(left, right, rows[here], others[here], known)
        words = coded(found, left, right, rows[here], others[here], steps)
        return _Pairs(found, weights.log_odds(words))

    return _joined(together([partial(part, start) for start in range(0, max(len(rows), 1), _CHUNK)]))


def _without(size: int, rows: Rows) -> Rows:
    """The rows of a register but those given."""
    kept = np.ones(size, np.bool_)
    kept[rows] = False
    return np.flatnonzero(kept)


def _joined(parts: Sequence[_Pairs]) -> _Pairs:
    compared = (
        np.concatenate([getattr(part.compared, field) for part in parts])
        for field in Compared.__dataclass_fields__
    )
    return _Pairs(
        Compared(*compared),
        np.concatenate([part.score for part in parts]),
    )


def _answer(
    left: Register,
    right: Register,
    rows: Rows,
    others: Rows,
    odds: NDArray[np.float64],
    compared: Compared,
    groups: tuple[Rows, Rows],
    partner: NDArray[np.int64],
    weights: Weights,
    same: tuple[NDArray[np.int64], NDArray[np.int64]],
    owner: NDArray[np.int64],
) -> Matches:
    mine, theirs = groups
    # Each line's own best pair: with its child's partner where there is one, else with whoever is most like it.
    is_partner = partner[mine] == theirs
    given_away = np.zeros(len(left), np.bool_)
    given_away[partner[partner >= 0]] = True
    taken_others = given_away[theirs]
    # Better than any odds: to be the partner; then, not to be another's.
    rank = odds + np.where(is_partner, 2e4, np.where(taken_others, 0, 1e4))
    most = np.full(len(right), -np.inf)
    np.maximum.at(most, rows, rank)
    first = np.flatnonzero(rank == most[rows])[::-1]
    pair = np.full(len(right), -1)
    pair[rows[first]] = first
    found = pair >= 0
    at = np.maximum(pair, 0)
    matched = found & (is_partner[at] if len(rows) else False)
    probability = np.zeros(len(right))
    other, near = np.full(len(right), -1), np.full(len(right), -1)
    none = [np.zeros(len(right), np.int8) for _ in range(6)]
    shown = Compared(none[0], none[1], none[2], none[3], none[4], none[5], np.zeros(len(right), np.int32))
    if len(rows):
        probability[found] = np.minimum(1 / (1 + np.exp(-odds[at][found])), _CEILING)
        other[matched], near[found & ~matched] = others[at][matched], others[at][found & ~matched]
        for field in Compared.__dataclass_fields__:
            getattr(shown, field)[found] = getattr(compared, field)[at][found]
    handling = np.where(matched, REVIEW, UNMATCHED).astype(np.int8)
    handling[
        matched & (probability >= weights.automatic) & gate(shown, np.append(given_away, False)[owner])
    ] = AUTOMATIC
    close = (
        np.bincount(
            rows[(odds > odds[at[rows]] - 4) & (np.arange(len(rows)) != pair[rows])], minlength=len(right)
        )
        if len(rows)
        else np.zeros(len(right))
    )
    return Matches(
        left, right, other, near, probability, handling, shown, *same, close.astype(np.int32), len(rows)
    )
