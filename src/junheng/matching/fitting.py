"""拟合: the model file, from pairs whose answer is known. Used when the file is made, never while registers are matched."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from junheng.matching.weights import CROSSED, LATE, LATE_CROSSED, Weights, late_places, sizes

Levels = dict[str, NDArray[np.int64]]
KNOTS = np.array((-9.0, -6, -4, -2.5, -1, 0, 1, 2.5, 4, 6, 9))


def fit(levels: Levels, same: NDArray[np.bool_], weight: NDArray[np.float64], version: str) -> Weights:
    """Levels of many pairs, whether each is one child, how much each counts → weights, not yet calibrated.

    Ridge regression on the log-odds: what two fields say together is trusted less than what each says alone, so that a
    damage never seen falls back on the sum of the single fields.
    """
    columns, starts, penalty = _columns(levels)
    width = starts[-1]
    rows, back = np.unique(columns, axis=0, return_inverse=True)
    yes = np.bincount(back, weight * same, len(rows))
    all_ = np.bincount(back, weight, len(rows))
    solution = np.zeros(width)
    solution[0] = -2.0
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(solution[rows].sum(1), -30, 30)))
        slope = np.zeros(width)
        curvature = np.zeros(width * width)
        off, bend = yes - all_ * p, all_ * p * (1 - p)
        for one in range(rows.shape[1]):
            slope += np.bincount(rows[:, one], off, width)
            for two in range(rows.shape[1]):
                curvature += np.bincount(rows[:, one] * width + rows[:, two], bend, width * width)
        slope -= penalty * solution
        step = np.linalg.solve(curvature.reshape(width, width) + np.diag(penalty), slope)
        step *= min(1.0, 4.0 / max(np.abs(step).max(), 1e-9))
        solution += step
        if np.abs(step).max() < 1e-3:
            break
    size = sizes()
    parts = [solution[start:stop] for start, stop in pairwise(starts)]
    return Weights(
        version, float(solution[0]), dict(zip(size, parts[1 : 1 + len(size)], strict=True)),
        {f"{one}×{two}": part for (one, two), part in zip(CROSSED, parts[1 + len(size) :], strict=True)},
        KNOTS, KNOTS.copy(), (1.0, 1.0), _no_late(), 3.0, 0.5, 0.999,
    )  # fmt: skip


def _columns(levels: Levels) -> tuple[NDArray[np.int64], list[int], NDArray[np.float64]]:
    """For each pair the places of its parameters; where each table begins; how strongly each is held to zero."""
    size = sizes()
    starts, penalty = [0, 1], [1e-4]
    found = [np.zeros(len(levels["id"]), np.int64)]
    for field, count in size.items():
        found.append(levels[field] + starts[-1])
        penalty += [0.05] * count
        starts.append(starts[-1] + count)
    for one, two in CROSSED:
        found.append(levels[one] * size[two] + levels[two] + starts[-1])
        penalty += [1.0] * (size[one] * size[two])
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
    for _ in range(40):
        slope, bend = -pull * (solution - start), np.diag(pull)
        for at in range(0, len(score), 20_000):
            part = slice(at, at + 20_000)
            design = np.zeros((len(score[part]), len(solution)))
            for knot, column in enumerate(np.eye(len(KNOTS))):
                design[:, knot] = np.interp(score[part], KNOTS, column)
            design[:, dense - 2], design[:, dense - 1] = -rows[part], -others[part]
            for begin, place in zip(begins, places.values(), strict=True):
                design[np.arange(len(design)), begin + place[part]] = 1.0
            p = 1 / (1 + np.exp(-np.clip(design @ solution, -30, 30)))
            slope = slope + design.T @ (same[part] - p)
            bend = bend + (design * (p * (1 - p))[:, None]).T @ design
        step = np.linalg.solve(bend, slope)
        solution = solution + step * min(1.0, 3.0 / max(np.abs(step).max(), 1e-9))
        if np.abs(step).max() < 1e-3:
            break
    late = {
        name: solution[begin : begin + len(table)]
        for begin, (name, table) in zip(begins, _no_late().items(), strict=True)
    }
    rivals = float(max(solution[dense - 2], 0)), float(max(solution[dense - 1], 0))
    return replace(weights, curve=np.maximum.accumulate(solution[: len(KNOTS)]), rivals=rivals, late=late)


def join(parts: Sequence[Levels]) -> Levels:
    """Levels of several registers one after the other."""
    return {field: np.concatenate([part[field] for part in parts]) for field in parts[0]}
