"""一对一: lines that are the same child twice, how strong the rivals of each pair are, and who is given to whom.

One right line has one child and one child one line; only lines that are plainly the same child entered twice share one.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from junheng.matching.compare_names import Rows, compare_names
from junheng.matching.levels import NAME
from junheng.matching.numbers import VALID
from junheng.matching.registers import Register

Floats = NDArray[np.float64]
_ONE_NAME = [
    NAME.index(word) for word in ("exact", "wildcard", "sound", "fuzzy", "shape", "order", "dropped")
]
EXACT = 7  # knots of rows up to this size are settled by trying every order


def same_child(side: Register) -> NDArray[np.int64]:
    """重复的行: for each row the first row that is the same child: one valid number under one name (a slip apart at most), or one name and home
    with nothing against it."""
    answer = np.arange(len(side))
    key = np.where(side.number.kind == VALID, side.number.key, 0)
    guardian = side.guardians[:, 0].astype(np.int64) + 1
    home = (side.name.astype(np.int64) * len(side.names) + guardian) * (
        int(side.township.max(initial=0)) + 1
    ) + side.township
    known = (side.names.whole[side.name] != 0) & (guardian > 0) & (side.township > 0)
    for part, test in ((key, _same_name), (np.where(known, home, 0), _nothing_against)):
        rows = np.flatnonzero(part)
        order = rows[np.lexsort((rows, part[rows]))]
        near = part[order][1:] == part[order][:-1]
        one, two = order[:-1][near], order[1:][near]
        for first, second in zip(one[good := test(side, one, two)], two[good], strict=True):
            answer[second] = answer[first]
    return answer


def _same_name(side: Register, one: Rows, two: Rows) -> NDArray[np.bool_]:
    """One name, a slip apart at most; in every character where a number is not of the birth written beside it: it may be a sister's of like name."""
    name = compare_names(side.names, side.name[one], side.name[two])
    own = ~(side.odd[one] | side.odd[two])
    return np.asarray((name == NAME.index("exact")) | own & np.isin(name, _ONE_NAME))


def _nothing_against(side: Register, one: Rows, two: Rows) -> NDArray[np.bool_]:
    """The same name, guardian and township: one child, unless number, birth or sex says otherwise."""
    kind, key, born = side.number.kind, side.number.key, side.birth.number()
    good = ~((kind[one] == VALID) & (kind[two] == VALID) & (key[one] != key[two]))
    good &= (born[one] == born[two]) | (born[one] == 0) | (born[two] == 0)
    return np.asarray(good & ((side.sex[one] == side.sex[two]) | (side.sex[one] == 0) | (side.sex[two] == 0)))


@dataclass(frozen=True, slots=True)
class Repeated:
    """两个孩子的几对行: pairs that stand for the same two children, `several`; of which two each, `which`; `first` of all pairs, one for each two."""

    several: Rows
    which: Rows
    first: Rows


def repeated(mine: Rows, theirs: Rows) -> Repeated:
    """Which pairs stand for the same two children; the order of the two arrays does not matter."""
    both = mine.astype(np.int64) * (int(theirs.max(initial=0)) + 1) + theirs
    ordered = np.sort(both)
    several = np.flatnonzero(np.isin(both, ordered[1:][ordered[1:] == ordered[:-1]]))
    _, begin, which = np.unique(both[several], return_index=True, return_inverse=True)
    is_first = np.ones(len(both), np.bool_)
    is_first[several] = False
    is_first[several[begin]] = True
    return Repeated(several, which, np.flatnonzero(is_first))


def rival_strength(score: Floats, mine: Rows, theirs: Rows, same: Repeated | None = None) -> Floats:
    """log(1 + the summed odds of the other pairs of the same `mine`); pairs with the same `theirs` are no rivals of each other."""
    odds = np.exp(np.clip(score, -30, 30))
    same = same or repeated(mine, theirs)
    best = best_of_pairs(odds, same)
    total = np.bincount(mine[same.first], best[same.first], int(mine.max(initial=0)) + 1)
    return np.log1p(np.maximum(total[mine] - best, 0))


def best_of_pairs(score: Floats, same: Repeated) -> Floats:
    """For each pair the best score of the same two children."""
    best = score.copy()
    most = np.full(int(same.which.max(initial=-1)) + 1, -np.inf)
    np.maximum.at(most, same.which, score[same.several])
    best[same.several] = most[same.which]
    return best


def assign(score: Floats, mine: Rows, theirs: Rows) -> NDArray[np.bool_]:
    """分配: which pairs hold, each of `mine` and of `theirs` in one at most, so that the sum of positive scores is greatest.

    Rows that hang together are settled together: small knots by trying every order, large ones greedily with exchanges.
    """
    keep = np.zeros(len(score), np.bool_)
    useful = np.flatnonzero(score > 0)
    alone = useful[
        (np.bincount(mine[useful], minlength=int(mine.max(initial=0)) + 1)[mine[useful]] == 1)
        & (np.bincount(theirs[useful], minlength=int(theirs.max(initial=0)) + 1)[theirs[useful]] == 1)
    ]
    keep[alone] = True
    for knot in _knots(mine, theirs, np.setdiff1d(useful, alone)):
        chosen = _settle([(int(mine[at]), int(theirs[at]), float(score[at])) for at in knot])
        for at in knot:
            keep[at] = (int(mine[at]), int(theirs[at])) in chosen
    return keep


def _knots(mine: Rows, theirs: Rows, pairs: NDArray[np.int64]) -> list[list[int]]:
    """Pairs that hang together."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for at in pairs:
        parent[root(("a", int(mine[at])))] = root(("b", int(theirs[at])))
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for at in pairs:
        groups[root(("a", int(mine[at])))].append(int(at))
    return list(groups.values())


def _settle(knot: list[tuple[int, int, float]]) -> set[tuple[int, int]]:
    worth = {(one, two): value for one, two, value in sorted(knot, key=lambda pair: pair[2])}
    rows = list(dict.fromkeys(one for one, _ in worth))
    columns = list(dict.fromkeys(two for _, two in worth))
    if min(len(rows), len(columns)) <= EXACT and max(len(rows), len(columns)) <= EXACT + 1:
        return _every_order(worth, rows, columns)
    return _greedy(worth)


def _every_order(
    worth: dict[tuple[int, int], float], rows: list[int], columns: list[int]
) -> set[tuple[int, int]]:
    """The best of all ways: row by row, remembering only which columns are taken."""
    states: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {0: (0.0, ())}
    place = {column: 1 << number for number, column in enumerate(columns)}
    for row in rows:
        following = dict(states)
        for taken, (total, chosen) in states.items():
            for column in columns:
                value = worth.get((row, column))
                if value is None or taken & place[column]:
                    continue
                mask = taken | place[column]
                if mask not in following or following[mask][0] < total + value:
                    following[mask] = (total + value, (*chosen, (row, column)))
        states = following
    return set(max(states.values(), key=lambda state: state[0])[1])


def _greedy(worth: dict[tuple[int, int], float]) -> set[tuple[int, int]]:
    """The strongest first; then two pairs change partners wherever that is worth more."""
    partner: dict[int, int] = {}
    taken: dict[int, int] = {}
    for (one, two), _ in sorted(worth.items(), key=lambda pair: -pair[1]):
        if one not in partner and two not in taken:
            partner[one], taken[two] = two, one
    better = True
    while better:
        better = False
        for one, other in permutations(list(partner), 2):
            a, b = partner[one], partner[other]
            crossed = worth.get((one, b), -1e9) + worth.get((other, a), -1e9)
            if crossed > worth[one, a] + worth[other, b] + 1e-9:
                partner[one], partner[other] = b, a
                better = True
                break
    return set(partner.items())
