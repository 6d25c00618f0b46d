"""Matching: two registers of a county, beside Splink with its own defaults on the same cleaned columns, in one run.

Run alone with `python -m benchmarks.matching [pupils listed]`, or with the names of some offices; `region` instead makes one of the size of Ningxia
(1.5 million × 300,000, 22 counties) and leaves Splink out. Offices marked unseen never went into the weights. Answers are scored against the generator's.
"""

import importlib.util
import json
import logging
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.matching import AUTOMATIC, REVIEW, match, read_roll, reasons
from junheng.matching.registers import Register

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from town.register_damage import UNSEEN
from town.register_pairs import Pairs, registers, write

CASES = (
    ("civil", "typical"), ("spreadsheet", "typical"), ("household", "typical"), ("disabled", "typical"), ("anyhow", "typical"), ("scanned", "typical"),
    ("moved", "typical"), ("slipped", "typical"), ("civil", "dirty"), ("household", "dirty"), ("scanned", "dirty"), ("moved", "dirty"), ("slipped", "dirty"),
)  # fmt: skip
SEED = 91  # used nowhere else


def scores(other: NDArray[np.int64], probability: NDArray[np.float64], made: Pairs) -> dict[str, float]:
    """F1, recall at 99.9 % precision, and who is harmed: hidden, false alarms, wrong child."""
    truth = np.array(made.truth)
    linked, there = other >= 0, truth >= 0
    right = linked & (other == truth)
    order = np.argsort(-np.where(linked, probability, -1), kind="stable")[: linked.sum()]
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(share >= 0.999)
    return {
        "f1": float(2 * right.sum() / max(linked.sum() + there.sum(), 1)),
        "recall_at_999": float(np.cumsum(right[order])[good[-1]] / there.sum()) if len(good) else 0.0,
        "hidden": int((linked & ~there).sum()),
        "false_alarms": int((~linked & there).sum()),
        "wrong_child": int((linked & there & ~right).sum()),
    }


def ours(made: Pairs, folder: Path) -> tuple[dict[str, Any], Register, Register]:
    """From the files on disk to reasons, as the command does it."""
    start = time.perf_counter()
    left, right = read_roll(folder / "学籍.csv"), read_roll(folder / "名册.csv")
    found = match(left.columns | {"line": left.lines}, right.columns | {"line": right.lines})
    reasons(found, left.columns, right.columns)
    seconds = time.perf_counter() - start
    truth = np.array(made.truth)
    automatic = found.handling == AUTOMATIC
    twins = np.zeros(len(truth), bool)
    twins[made.lone_twins] = True
    linked = found.other >= 0
    expected = float((1 - found.probability[linked]).sum())
    return (
        {
            **scores(found.other, found.probability, made),
            "automatic": int(automatic.sum()),
            "automatic_wrong": int((found.other[automatic] != truth[automatic]).sum()),
            "review": round(float((found.handling == REVIEW).mean()), 4),
            "lone_twins": int(twins.sum()),
            "lone_twins_automatic": int((twins & automatic).sum()),
            "wrong_expected": round(expected, 1),
            "wrong_found": int((found.other[linked] != truth[linked]).sum()),
            "seconds": seconds,
            "mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        },
        found.left,
        found.right,
    )


def splink(left: Register, right: Register, made: Pairs) -> dict[str, Any]:
    """Splink's ready-made comparisons on the cleaned columns, its own training, best match one to one."""
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    def frame(side: Register) -> Any:
        names: Any = np.array(side.names.texts(), dtype=object)
        guardian = names[np.maximum(side.guardians[:, 0], 0)]
        guardian[side.guardians[:, 0] < 0] = None
        number = [
            "".join("X" if d == 10 else str(d) for d in row) if kind in (1, 2, 3) else None
            for row, kind in zip(side.number.digits, side.number.kind, strict=True)
        ]
        born = side.birth.number()
        return pd.DataFrame(
            {
                "unique_id": np.arange(len(side)),
                "name": names[side.name],
                "number": number,
                "born": [f"{n // 10000:04d}-{n // 100 % 100:02d}-{n % 100:02d}" if n else None for n in born],
                "township": [str(one) if one else None for one in side.township],
                "guardian": guardian,
                "phone": [str(one) if one else None for one in side.phones[:, 0]],
            }
        )

    logging.getLogger("splink").setLevel(logging.ERROR)
    start = time.perf_counter()
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name"), cl.LevenshteinAtThresholds("number", [1, 2]), cl.DateOfBirthComparison("born", input_is_string=True),
            cl.ExactMatch("township"), cl.ExactMatch("guardian"), cl.ExactMatch("phone"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("number"), block_on("name", "born"), block_on("name", "township"), block_on("born", "township"), block_on("phone"),
            block_on("guardian", "township"),
        ],
    )  # fmt: skip
    api = DuckDBAPI()
    linker = Linker(
        [api.register(frame(left), table_name="l"), api.register(frame(right), table_name="r")], settings
    )
    linker.training.estimate_probability_two_random_records_match([block_on("number")], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("number"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name", "township"))
    predicted: Any = linker.inference.predict(threshold_match_probability=0.01)
    pairs = predicted.as_pandas_dataframe()
    flipped = pairs["source_dataset_l"].iloc[0] != "l"
    one, two = ("unique_id_r", "unique_id_l") if flipped else ("unique_id_l", "unique_id_r")
    other, chance = np.full(len(right), -1), np.zeros(len(right))
    taken: set[int] = set()
    for a, b, p in pairs.sort_values("match_weight", ascending=False)[
        [one, two, "match_probability"]
    ].itertuples(index=False):
        if other[b] < 0 and a not in taken and p >= 0.5:
            other[b], chance[b] = a, p
            taken.add(a)
    return {**scores(other, chance, made), "seconds": time.perf_counter() - start}


def run(
    pupils: int = 70_000, listed: int = 12_000, counties: int = 1, offices: Sequence[str] = ()
) -> Iterator[dict[str, Any]]:
    """Every figure as {what, …}, as soon as it is known; of these offices only, where some are named."""
    every = CASES if counties == 1 else (("spreadsheet", "typical"),)
    cases = [case for case in every if not offices or case[0] in offices]
    with TemporaryDirectory() as folder:
        for office, level in cases:
            for thin in (False, True) if counties == 1 and office in ("civil", "moved") else (False,):
                made = registers(
                    office, level, SEED, pupils=pupils, listed=listed, counties=counties, thin=thin
                )
                write(made, Path(folder))
                name = f"{office} {level}{' thin' if thin else ''}{' (unseen)' if office in UNSEEN else ''}"
                answer, left, right = ours(made, Path(folder))
                yield {"what": name, "pupils": len(left), "listed": len(right), **answer}
                if counties == 1 and importlib.util.find_spec("splink"):
                    theirs = splink(left, right, made)
                    yield {
                        "what": "  Splink's defaults",
                        **theirs,
                        "errors_ratio": (1 - answer["f1"]) / max(1 - theirs["f1"], 1e-9),
                        "ratio": theirs["seconds"] / answer["seconds"],
                    }


if __name__ == "__main__":
    chosen = sys.argv[1:]
    size: dict[str, Any] = {"offices": chosen}
    if chosen == ["region"]:
        size = {"counties": 22, "pupils": 1_500_000, "listed": 300_000}
    elif len(chosen) == 2 and all(number.isdecimal() for number in chosen):
        size = {"pupils": int(chosen[0]), "listed": int(chosen[1])}
    os.environ.setdefault("TQDM_DISABLE", "1")
    for row in run(**size):
        print(json.dumps(row, ensure_ascii=False, default=float), flush=True)
