"""权重 (weights): the model file that says how much each agreement speaks for or against, and what comes of it: a log-odds.

The file holds plain sums, no code: one number for each level of a field, one for each pair of levels of two fields that lean on
each other, and one for how easily so much agreement comes about by chance. `fitting.py` makes it from registers whose answer
is known; nothing retrains itself.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from junheng.matching.comparing import Compared, Rows
from junheng.matching.dirt import FIELDS as DIRT
from junheng.matching.dirt import NOT_SEEN
from junheng.matching.levels import BORN, FIELDS, HOUSE, NAME, PLACE
from junheng.matching.registers import Register

CROSSED: Final = (
    ("id", "name"), ("id", "born"), ("id", "house"), ("born", "name"), ("born", "house"), ("name", "house"), ("name", "place"),
    ("born", "place"), ("sex", "name"), ("id", "chance"), ("name", "chance"), ("house", "chance"),
    ("id", "id_dirt"), ("born", "born_dirt"), ("name", "name_dirt"), ("house", "house_dirt"), ("place", "place_dirt"),
    ("born", "id_dirt"), ("name", "id_dirt"), ("house", "id_dirt"),
)  # fmt: skip
LATE: Final = ("id", "born", "name", "house", "place")
LATE_CROSSED: Final = (("id", "name"), ("born", "name"), ("house", "name"))
CHANCE_STEPS: Final = tuple(np.arange(-7, 3.01, 0.75).tolist())
_BY_EAR = frozenset(("exact", "wildcard", "sound", "fuzzy"))
# How often each lesser agreement meets by chance, as a share of all children of the region.
_NAME_SHARE = {"shape": 2e-4, "part": 3e-4, "order": 1e-4, "dropped": 1e-3, "surname_differs": 1e-3, "given_first": 4e-3, "given_last": 4e-3,
               "longer_shared": 1e-4, "surname_only": 0.06, "given_part": 0.03}  # fmt: skip
_WITH_SURNAME = [NAME.index(word) for word in ("surname_only", "given_first", "given_last")]
_BORN_SHARE = {"equal": 1 / 5800, "lunar": 2 / 5800, "one_digit": 25 / 5800, "swapped": 1 / 5800, "year_off": 6 / 5800,
               "month_same": 1 / 190, "month_only": 1 / 190, "year_same": 1 / 16, "year_only": 1 / 16, "near": 1 / 6,
               "close": 95 / 5800, "months": 350 / 5800}  # fmt: skip
_HOUSE_SHARE = {"id": 1e-4, "two_names": 1e-4, "name_phone": 1e-4, "name_rare": 1e-3, "name_common": 5e-3, "sound": 5e-3, "phone": 1e-3,
                "surname": 0.1}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weights:
    """模型: `base` plus one table a field, one (flattened) a crossed pair; `rival` is how competition and calibration go on top."""

    version: str
    base: float
    single: dict[str, NDArray[np.float64]]
    crossed: dict[str, NDArray[np.float64]]
    knots: NDArray[np.float64]
    curve: NDArray[np.float64]
    rivals: tuple[float, float]
    late: dict[str, NDArray[np.float64]]  # what a level weighs besides, once the rivals are known
    doubt: float  # taken off where numbers contradict and nothing at home speaks for the pair
    link: float
    automatic: float

    def log_odds(self, levels: dict[str, NDArray[np.int64]]) -> NDArray[np.float64]:
        """Levels of each field (and `chance`) → the log-odds that the pair is one child, before rivals are looked at."""
        answer = np.full(len(levels["id"]), self.base)
        for field, table in self.single.items():
            answer += table[levels[field]]
        for (one, two), table in zip(CROSSED, self.crossed.values(), strict=True):
            answer += table[levels[one] * sizes()[two] + levels[two]]
        return answer

    def calibrated(
        self,
        score: NDArray[np.float64],
        rows: NDArray[np.float64],
        others: NDArray[np.float64],
        levels: dict[str, NDArray[np.int64]],
    ) -> NDArray[np.float64]:
        """The log-odds once it is known how strong the rivals are: those of the same right row, and those of the same left row."""
        answer = np.interp(score, self.knots, self.curve)
        # Beyond the last knots the curve goes on as steeply as the score.
        answer += np.maximum(score - self.knots[-1], 0) * 0.5 + np.minimum(score - self.knots[0], 0) * 0.5
        answer -= self.rivals[0] * rows + self.rivals[1] * others
        for name, place in late_places(levels).items():
            answer += self.late[name][place]
        return np.asarray(answer)


def late_places(levels: dict[str, NDArray[np.int64]]) -> dict[str, NDArray[np.int64]]:
    """Where each pair stands in the late tables: the fields of LATE, alone and crossed."""
    size = sizes()
    return {field: levels[field] for field in LATE} | {
        f"{one}×{two}": levels[one] * size[two] + levels[two] for one, two in LATE_CROSSED
    }


@cache
def sizes() -> dict[str, int]:
    """How many levels each field has, `chance` included."""
    return {field: len(words) for field, words in _words().items()}


def coded(
    compared: Compared, left: Register, right: Register, rows: Rows, others: Rows, dirt: Mapping[str, int]
) -> dict[str, NDArray[np.int64]]:
    """Levels as the model takes them, with `chance`: how many on the left would agree this well by accident, in steps; and the steps of `dirt`."""
    levels = {field: getattr(compared, field).astype(np.int64) for field in FIELDS}
    size = max(len(left), 1)
    share = np.array([1.0 if word in _BY_EAR else _NAME_SHARE.get(word, 1.0) for word in NAME])[
        levels["name"]
    ]
    heard = np.isin(levels["name"], [NAME.index(word) for word in _BY_EAR])
    bearers = np.maximum(compared.bearers, 1) / size
    # What goes with a common surname means less; a rare one is that of a clan in one village, and means no more.
    surname = np.maximum(left.surname_bearers[right.name[rows]] / size / _NAME_SHARE["surname_only"], 1)
    share = np.where(np.isin(levels["name"], _WITH_SURNAME), share * surname, share)
    expected = size * np.where(heard, bearers, share)
    expected *= np.array([_BORN_SHARE.get(word, 1.0) for word in BORN])[levels["born"]]
    expected *= np.array([_HOUSE_SHARE.get(word, 1.0) for word in HOUSE])[levels["house"]]
    expected *= np.where(compared.sex == 1, 0.5, 1.0)
    for codes, word in (
        (left.village, "village"),
        (left.village, "village_strange"),
        (left.township, "township"),
    ):
        count = np.bincount(codes, minlength=int(codes.max(initial=0)) + 1)
        expected *= np.where(
            levels["place"] == PLACE.index(word), np.maximum(count[codes[others]], 1) / size, 1.0
        )
    levels["chance"] = np.searchsorted(CHANCE_STEPS, np.log10(np.maximum(expected, 1e-12))).astype(np.int64)
    return levels | {f"{field}_dirt": np.full(len(rows), dirt[field], np.int64) for field in DIRT}


@cache
def load_weights(name: str = "weights.json") -> Weights:
    """The model file shipped with the program."""
    return from_json(json.loads(files(__package__).joinpath(name).read_text("utf-8")))


def from_json(stored: dict[str, Any]) -> Weights:
    """The model file's content → weights. Levels that it does not name weigh nothing."""
    words = _words()
    single = {
        field: np.array([stored["single"].get(field, {}).get(word, 0.0) for word in words[field]])
        for field in words
    }
    return Weights(
        stored["version"], stored["base"], single, _read_crossed(stored["crossed"], CROSSED, words), np.array(stored["knots"]),
        np.array(stored["curve"]), (stored["rivals"][0], stored["rivals"][1]),
        {field: np.array([stored["late"].get(field, {}).get(word, 0.0) for word in words[field]]) for field in LATE}
        | _read_crossed(stored["late"], LATE_CROSSED, words),
        stored["doubt"], stored["link"], stored["automatic"],
    )  # fmt: skip


Words = dict[str, tuple[str, ...]]


def _read_crossed(
    stored: dict[str, Any], crossed: tuple[tuple[str, str], ...], words: Words
) -> dict[str, NDArray[np.float64]]:
    return {
        f"{one}×{two}": np.array(
            [stored.get(f"{one}×{two}", {}).get(f"{a}×{b}", 0.0) for a in words[one] for b in words[two]]
        )
        for one, two in crossed
    }


def to_json(weights: Weights) -> dict[str, Any]:
    """Weights → the model file's content; what weighs nothing is left out."""
    words = _words()
    single = {field: _write(words[field], table) for field, table in weights.single.items()}
    crossed = {name: _write(_pairs(name, words), table) for name, table in weights.crossed.items()}
    late = {name: _write(_pairs(name, words), table) for name, table in weights.late.items()}
    return {
        "version": weights.version,
        "base": round(weights.base, 4),
        "doubt": weights.doubt,
        "link": weights.link,
        "automatic": weights.automatic,
        "rivals": [round(one, 4) for one in weights.rivals],
        "knots": [round(float(one), 4) for one in weights.knots],
        "curve": [round(float(one), 4) for one in weights.curve],
        "single": single,
        "crossed": crossed,
        "late": late,
    }


@cache
def _words() -> Words:
    steps = {f"{field}_dirt": NOT_SEEN + 1 for field in DIRT}
    return {
        **FIELDS,
        **{
            name: tuple(map(str, range(size)))
            for name, size in ({"chance": len(CHANCE_STEPS) + 1} | steps).items()
        },
    }


def _pairs(name: str, words: Words) -> tuple[str, ...]:
    one, _, two = name.partition("×")
    return tuple(f"{a}×{b}" for a in words[one] for b in words[two]) if two else words[one]


def _write(words: tuple[str, ...], table: NDArray[np.float64]) -> dict[str, float]:
    return {word: round(float(one), 3) for word, one in zip(words, table, strict=True) if abs(one) > 0.004}
