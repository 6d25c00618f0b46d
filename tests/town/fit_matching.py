"""模型文件: fits the weights of `junheng.matching` to made-up registers whose answer is known. `python -m town.fit_matching FILE`.

Offices of `UNSEEN` stay out, so that what is measured on them is measured on habits never seen. The weights come from some registers, the
curve and the late tables from others; columns are left out in turn, so that thin registers are weighed too.
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from junheng.matching.blocking import candidates, certain
from junheng.matching.comparing import beside, compare
from junheng.matching.dirt import dirt
from junheng.matching.fitting import Levels, calibrate, fit, join
from junheng.matching.registers import prepare
from junheng.matching.rivals import rival_strength, same_child
from junheng.matching.weights import coded, to_json
from town.register_damage import OFFICES
from town.register_pairs import RATES, Pairs, registers

ABSENT = {
    "": (), "household": ("guardians", "guardian_ids", "phone"), "birth": ("born",), "number": ("id",),
    "place": ("township", "village", "county"), "sex": ("sex", "born", "guardian_ids"),
}  # fmt: skip
VERSION = "6"
HELD = (12, 15)  # the seeds whose registers make the curve


@dataclass(slots=True)
class Judged:
    """Pairs of two registers: levels, rows of the children, and whether each pair is one child."""

    levels: Levels
    mine: NDArray[np.int64]
    theirs: NDArray[np.int64]
    same: NDArray[np.bool_]


def judged(made: Pairs, absent: str, *, both: bool) -> Judged:
    """All pairs that matching would compare, without the columns `absent` on the right (on `both` sides)."""
    columns = made.columns("left"), made.columns("right")
    for name in ABSENT[absent]:
        for side in columns if both else columns[1:]:
            side.pop(name, None)
    left, right = prepare(*columns)
    sure, sure_other = certain(left, right)
    rest = np.setdiff1d(np.arange(len(right)), sure)
    free = np.setdiff1d(np.arange(len(left)), sure_other)
    rows, others = candidates(left, right, rest, free)
    rows, others = np.concatenate((rows, sure)), np.concatenate((others, sure_other))
    compared = compare(left, right, rows, others, beside(left, right))
    levels = coded(compared, left, right, rows, others, dirt(left, right, sure, sure_other))
    return Judged(
        {field: codes.astype(np.int8) for field, codes in levels.items()},
        same_child(right)[rows],
        same_child(left)[others],
        np.array(made.truth)[rows] == others,
    )


def world(office: str, level: str, number: int, seed: int) -> tuple[bool, list[Judged]]:
    """The registers of one seed: whether they are held back for the curve, and their pairs with columns left out in turn."""
    kinds = list(ABSENT)
    if seed in HELD:
        made = registers(office, level, seed, pupils=16_000, listed=4_000, missing=0.12, lone=0.4)
        return True, [
            judged(made, absent, both=True) for absent in ("", "household", kinds[2 + (number + seed) % 4])
        ]
    pupils, counties, missing = (16_000, 1, 0.06) if seed == 11 else (21_000, 3, 0.12)
    made = registers(
        office, level, seed, pupils=pupils, listed=4_500, counties=counties, missing=missing, lone=0.4
    )
    absents = ("", "household", kinds[2 + number % 4])
    return False, [judged(made, absent, both=absent == "household" or seed == 11) for absent in absents]


def sample() -> str:
    """样本指纹: the pairs of a few small registers as one hash, kept in the model file: when it changes, so has what the model was made from."""
    found = sha256()
    for office in OFFICES:
        for level, absent in (("typical", ""), ("dirty", "household")):
            made = registers(office, level, 14, pupils=400, listed=150, missing=0.12, lone=0.6, doubled=0.05)
            part = judged(made, absent, both=False)
            for array in (*part.levels.values(), part.mine, part.theirs, part.same):
                found.update(array.tobytes())
    return found.hexdigest()


def main(target: Path) -> None:
    """Takes some minutes. The same program makes the same file."""
    cases = [(office, level) for office in OFFICES for level in RATES]
    asked = [
        (office, level, number, seed)
        for number, (office, level) in enumerate(cases)
        for seed in (11, 13, *HELD)
    ]
    with ProcessPoolExecutor() as pool:
        worlds = list(pool.map(world, *zip(*asked, strict=True)))
    fitted = [part for is_held, parts in worlds if not is_held for part in parts]
    held = [part for is_held, parts in worlds if is_held for part in parts]
    same = np.concatenate([part.same for part in fitted])
    weights = fit(join([part.levels for part in fitted]), same, np.ones(len(same)), VERSION)
    score = [weights.log_odds(join([part.levels])) for part in held]
    rows = [rival_strength(one, part.mine, part.theirs) for one, part in zip(score, held, strict=True)]
    others = [rival_strength(one, part.theirs, part.mine) for one, part in zip(score, held, strict=True)]
    weights = calibrate(
        weights, np.concatenate(score), np.concatenate(rows), np.concatenate(others), join([part.levels for part in held]),
        np.concatenate([part.same for part in held]),
    )  # fmt: skip
    file = {**to_json(weights), "sample": sample()}
    target.write_text(json.dumps(file, ensure_ascii=False, indent=0), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
