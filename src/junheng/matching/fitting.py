"""拟合: the model file, from pairs whose answer is known. Used when the file is made, never while registers are matched."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from junheng.matching.weights import CROSSED, LATE, LATE_CROSSED, Weights, late_places, sizes

Levels = dict[str, NDArray[np.int64]]
_CLOSE = 1e-7  # far below what the file shows, so that the same registers always make the same file
KNOTS = np.array((-9.0, -6, -4, -2.5, -1, 0, 1, 2.5, 4, 6, 9))


def fit(levels: Levels, same: NDArray[np.bool_], weight: NDArray[np.float64], version: str) -> Weights:
    """Levels of many pairs, whether each is one child, how much each counts → weights, not yet calibrated.

    Ridge regression on the log-odds: what two fields say together is trusted less than what each says alone, so that a
    damage never seen falls back on the sum of the single fields.
    """
    each, back = _distinct(levels)
    rows, starts, penalty = _columns(each)
    yes = np.bincount(back, weight * same, len(rows))
    all_ = np.bincount(back, weight, len(rows))
    solution = np.zeros(starts[-1])
    solution[0] = -2.0
    spans = list(pairwise(starts))
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(solution[rows].sum(1), -30, 30)))
        slope, curvature = -penalty * solution, np.diag(penalty)
        off, bend = yes - all_ * p, all_ * p * (1 - p)
        for one, (first, after) in enumerate(spans):
            slope[first:after] += np.bincount(rows[:, one] - first, off, after - first)
            for two, (begin, end) in enumerate(spans[: one + 1]):
                place = (rows[:, one] - first) * (end - begin) + rows[:, two] - begin
                block = np.bincount(place, bend, (after - first) * (end - begin)).reshape(
                    after - first, end - begin
                )
                curvature[first:after, begin:end] += block
                if two < one:
                    curvature[begin:end, first:after] += block.T
        step = np.linalg.solve(curvature, slope)
        step *= min(1.0, 4.0 / max(np.abs(step).max(), 1e-9))
        solution += step
        if np.abs(step).max() < _CLOSE:
            break
    size = sizes()
    parts = [solution[start:stop] for start, stop in pairwise(starts)]
    return Weights(
        version, float(solution[0]), dict(zip(size, parts[1 : 1 + len(size)], strict=True)),
        {f"{one}×{two}": part for (one, two), part in zip(CROSSED, parts[1 + len(size) :], strict=True)},
        KNOTS, KNOTS.copy(), (1.0, 1.0), _no_late(), 3.0, 0.5, 0.999,
    )  # fmt: skip


def _distinct(levels: Levels) -> tuple[Levels, NDArray[np.int64]]:
    """The different rows of levels, and which of them each pair has."""
    code = np.zeros(len(levels["id"]), np.int64)
    for field, count in sizes().items():
        code = code * count + levels[field]
    codes, back = np.unique(code, return_inverse=True)
    each: Levels = {}
    for field, count in reversed(sizes().items()):
        codes, each[field] = codes // count, codes % count
    return each, back


def _columns(levels: Levels) -> tuple[NDArray[np.int64], list[int], NDArray[np.float64]]:
    """For each pair the places of its parameters; where each table begins; how strongly each is held to zero."""
    size = sizes()
    starts, penalty = [0, 1], [1e-4]
    found = [np.zeros(len(levels["id"]), np.int64)]
    for field, count in size.items():
        found.append(levels[field] + starts[-1])
        penalty += [2.0 if field.endswith("_dirt") else 0.05] * count
        starts.append(starts[-1] + count)
    for one, two in CROSSED:
        found.append(levels[one] * size[two] + levels[two] + starts[-1])
        penalty += [3.0 if two.endswith("_dirt") else 1.0] * (size[one] * size[two])
        starts.append(starts[-1] + size[one] * size[two])
    return np.stack(found, 1), starts, np.array(penalty)


def _no_late() -> dict[str, NDArray[np.float64]]:
    size = sizes()
    return {field: np.zeros(size[field]) for field in LATE} | {
        f"{one}×{two}": np.zeros(size[one] * size[two]) for one, two in LATE_CROSSED
    }


def calibrate(
    weights: Weights,
    score: NDArray[np.float64],
    rows: NDArray[np.float64],
    others: NDArray[np.float64],
    levels: Levels,
    same: NDArray[np.bool_],
) -> Weights:
    """From score, rivals and levels to log-odds, on pairs not used to fit the weights. The curve never falls.

    The late tables say what holds only once rivals are known: a pair that looks like twins has no rival when the other twin is
    in neither register, and is twins all the same.
    """
    near = score > KNOTS[0]
    score, rows, others, same = score[near], rows[near], others[near], same[near]
    places = late_places({field: codes[near] for field, codes in levels.items()})
    solution = np.concatenate((KNOTS, (1.0, 1.0), *_no_late().values()))
    start = solution.copy()
    dense = len(KNOTS) + 2
    pull = np.concatenate(
        (np.full(dense, 2.0), *(np.full(len(t), 2.0 if "×" in n else 0.5) for n, t in _no_late().items()))
    )
    begins = np.cumsum([dense, *(len(table) for table in _no_late().values())])[:-1]
    # Each pair lies between two knots, has its two rivals, and stands at one place of each late table.
    below = np.clip(np.searchsorted(KNOTS, score, "right") - 1, 0, len(KNOTS) - 2)
    share = np.clip((score - KNOTS[below]) / (KNOTS[below + 1] - KNOTS[below]), 0, 1)
    one, none = np.ones(len(score)), np.zeros(len(score), np.int64)
    terms = [(below, 1 - share), (below + 1, share), (none + dense - 2, -rows), (none + dense - 1, -others)]
    terms += [(begin + place, one) for begin, place in zip(begins, places.values(), strict=True)]
    spans = [(0, dense)] * 4 + list(pairwise([*begins, len(solution)]))
    for _ in range(60):
        odds = sum((value * solution[place] for place, value in terms), np.zeros(len(score)))
        p = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        slope, bend = -pull * (solution - start), np.diag(pull)
        for (place, value), (first, after) in zip(terms, spans, strict=True):
            slope[first:after] += np.bincount(place - first, value * (same - p), after - first)
            for (other, worth), (begin, end) in zip(terms, spans, strict=True):
                both = (place - first) * (end - begin) + other - begin
                block = np.bincount(both, value * worth * p * (1 - p), (after - first) * (end - begin))
                bend[first:after, begin:end] += block.reshape(after - first, end - begin)
        step = np.linalg.solve(bend, slope)
        solution = solution + step * min(1.0, 3.0 / max(np.abs(step).max(), 1e-9))
        if np.abs(step).max() < _CLOSE:
            break
    late = {
        name: solution[begin : begin + len(table)]
        for begin, (name, table) in zip(begins, _no_late().items(), strict=True)
    }
    rivals = float(max(solution[dense - 2], 0)), float(max(solution[dense - 1], 0))
    return replace(weights, curve=np.maximum.accumulate(solution[: len(KNOTS)]), rivals=rivals, late=late)


def join(parts: Sequence[Levels]) -> Levels:
    """Levels of several registers one after the other."""
    return {field: np.concatenate([part[field] for part in parts]).astype(np.int64) for field in parts[0]}
