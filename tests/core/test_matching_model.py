"""模型文件: the weights shipped are those of this program: made from the same pairs, every level known, written as they are read."""

import json
from importlib.resources import files

import numpy as np

from junheng.matching.weights import from_json, load_weights, to_json
from town.fit_matching import VERSION, sample

STORED = json.loads(files("junheng.matching").joinpath("weights.json").read_text("utf-8"))


def test_the_model_was_made_from_what_matching_compares_today() -> None:
    """Who changes names, candidates or levels makes the model anew: `python -m town.fit_matching FILE`."""
    assert STORED["sample"] == sample()
    assert STORED["version"] == VERSION == load_weights().version


def test_the_model_file_names_no_level_that_matching_does_not_know() -> None:
    weights = load_weights()
    for part, tables in (("single", weights.single), ("crossed", weights.crossed), ("late", weights.late)):
        assert STORED[part].keys() <= tables.keys()
        for name, table in STORED[part].items():
            assert sorted(table.values()) == sorted(tables[name][tables[name] != 0].tolist()), name


def test_weights_written_and_read_are_the_same() -> None:
    weights = load_weights()
    again = from_json(to_json(weights))
    for name, table in (weights.single | weights.crossed | weights.late).items():
        other = (again.single | again.crossed | again.late)[name]
        # What weighs next to nothing is left out.
        assert np.abs(table - other).max() <= 0.004
