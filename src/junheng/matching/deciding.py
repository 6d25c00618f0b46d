"""匹配: two registers → for each right line the left line that is the same child, how probable that is, and who decides.

Lines that agree in a valid number and in name by ear are taken first; what is left is compared field by field, weighed, held against its
rivals, given out one to one. Automatic is only what passes a gate besides being probable.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from junheng.matching.blocking import candidates, certain
from junheng.matching.comparing import Compared, Rows, compare, name_bearers
from junheng.matching.levels import BORN, HOUSE, ID, NAME, PLACE, SEX
from junheng.matching.registers import Register, Texts, prepare
from junheng.matching.rivals import assign, best_of_pairs, rival_strength, same_child
from junheng.matching.weights import Weights, coded, load_weights

AUTOMATIC: Final = 2  # 自动
REVIEW: Final = 1  # 待核
UNMATCHED: Final = 0  # 未匹配
_CHUNK = 125_000
_THREADS = 4
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
    sure, sure_other = certain(left, right)
    same_right, same_left = same_child(right), same_child(left)
    rest, free = _without(len(right), sure), _without(len(left), sure_other)
    rows, others = candidates(left, right, rest, free)
    rows, others = np.concatenate((sure, rows)), np.concatenate((sure_other, others))
    bearers = name_bearers(left, right)

    def weighed(start: int) -> tuple[Compared, dict[str, NDArray[np.int64]], NDArray[np.float64]]:
        part = slice(start, start + _CHUNK)
        found = compare(left, right, rows[part], others[part], bearers)
        words = coded(found, left, right, rows[part], others[part])
        return found, words, weights.log_odds(words)

    # The array functions let go of the interpreter, so threads do use more than one processor.
    with ThreadPoolExecutor(min(_THREADS, cpu_count() or 1)) as pool:
        parts, levels, scores = zip(*pool.map(weighed, range(0, max(len(rows), 1), _CHUNK)), strict=True)
    score = np.concatenate(scores)
    compared = _joined(parts)
    mine, theirs = same_right[rows], same_left[others]
    strengths = rival_strength(score, mine, theirs), rival_strength(score, theirs, mine)
    odds = weights.calibrated(
        score, *strengths, {field: np.concatenate([one[field] for one in levels]) for field in levels[0]}
    )
    odds -= weights.doubt * unsupported(compared)
    limit = float(np.log(weights.link / (1 - weights.link)))
    likely = np.flatnonzero(odds > limit)
    best, first = best_of_pairs(odds[likely], mine[likely], theirs[likely])
    given, taken = mine[likely][first], theirs[likely][first]
    chosen = assign(best[first] - limit, given, taken)
    partner = np.full(len(right), -1)
    partner[given[chosen]] = taken[chosen]
    return _answer(
        left, right, rows, others, odds, compared, (mine, theirs), partner, weights, (same_right, same_left)
    )


def _without(size: int, rows: Rows) -> Rows:
    """The rows of a register but those given."""
    kept = np.ones(size, np.bool_)
    kept[rows] = False
    return np.flatnonzero(kept)


def _joined(parts: Sequence[Compared]) -> Compared:
    return Compared(
        *(np.concatenate([getattr(part, field) for part in parts]) for field in Compared.__dataclass_fields__)
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
    _inherit(pair, same[0], partner, is_partner)
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
    handling[matched & (probability >= weights.automatic) & gate(shown)] = AUTOMATIC
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


def _inherit(
    pair: NDArray[np.int64],
    same_right: NDArray[np.int64],
    partner: NDArray[np.int64],
    is_partner: NDArray[np.bool_],
) -> None:
    """A second line of one child goes where the first went, although nothing of its own led there."""
    for row in np.flatnonzero(same_right != np.arange(len(same_right))):
        leader = same_right[row]
        if (
            partner[leader] >= 0
            and (pair[row] < 0 or not is_partner[pair[row]])
            and pair[leader] >= 0
            and is_partner[pair[leader]]
        ):
            pair[row] = pair[leader]


def _levels(words: tuple[str, ...], *chosen: str) -> list[int]:
    return [words.index(word) for word in chosen]


_READ = _levels(NAME, "exact", "wildcard", "sound", "fuzzy", "unreadable")
_SLIP = _levels(NAME, "exact", "wildcard", "sound", "fuzzy", "shape", "order")
_REPAIRABLE = _levels(ID, "equal", "equal_invalid", "one_digit", "swapped", "dropped", "lost_15")
_TWO_VALID = _levels(
    ID, "one_digit_valid", "same_date_valid", "other_date_valid", "lost_differs", "tail_same"
)
_DATE_SLIP = _levels(BORN, "equal", "lunar", "one_digit", "swapped", "year_off")
_HOUSEHOLD = _levels(HOUSE, "id", "two_names")
_SUPPORT = _levels(HOUSE, "id", "two_names", "name_phone", "name_rare", "name_common", "sound", "phone")
_NEAR = _levels(PLACE, "village", "township")


def unsupported(compared: Compared) -> NDArray[np.bool_]:
    """无旁证的矛盾: two numbers that cannot be one child's, in two counties and without a household in common, or with the look of twins.

    In a county such pairs are few. Among millions of children namesakes of one birthday are everywhere, and no county's registers
    can teach how many.
    """
    contrary = np.isin(compared.id, _TWO_VALID)
    stranger = ~np.isin(compared.house, _SUPPORT) & (compared.place == PLACE.index("elsewhere"))
    twins = (compared.id == ID.index("same_date_valid")) & ~np.isin(
        compared.name, [*_SLIP, *_READ, NAME.index("dropped")]
    )
    return np.asarray(contrary & (stranger | twins))


def gate(compared: Compared) -> NDArray[np.bool_]:
    """自动关口: what may be linked without a clerk, however probable it is.

    Either the number is equal or repairable and the name agrees by ear or cannot be read (with the household behind it also a
    slip of the brush will do); or the name agrees in every character, and the birth date does with the household or the township behind
    it, or the guardian's own number with nothing against it. Two valid numbers that differ pass only with the whole name, the
    household, the township and a birth date one slip apart: twins and cousins are otherwise exactly that alike.
    """
    exact = compared.name == NAME.index("exact")
    equal = compared.id == ID.index("equal")
    house, near = np.isin(compared.house, _HOUSEHOLD), np.isin(compared.place, _NEAR)
    number = np.isin(compared.id, _REPAIRABLE) & np.isin(compared.name, _READ)
    number &= equal | (compared.name != NAME.index("unreadable"))
    number |= equal & house & np.isin(compared.name, _SLIP)
    dated = exact & (compared.born == BORN.index("equal")) & (np.isin(compared.house, _SUPPORT) | near)
    at_home = exact & house & near & np.isin(compared.born, [*_DATE_SLIP, BORN.index("unknown")])
    # Two valid numbers of one day are twins', even under one name: the wrong twin's name may have been typed.
    at_home &= compared.id != ID.index("same_date_valid")
    contrary = np.isin(compared.id, _TWO_VALID)
    other_sex = (compared.sex == SEX.index("differs")) & ~(equal & exact)
    return np.asarray((number | dated & ~contrary | at_home) & ~other_sex)
