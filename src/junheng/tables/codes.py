"""代码表 (code lists): read from codes.yaml beside this module; each list names its standard."""

from functools import cache
from importlib.resources import files

import yaml


@cache
def _lists() -> dict[str, dict[str, dict[str, str]]]:
    text = files("junheng.tables").joinpath("codes.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(text)
    return loaded


def codes(name: str) -> dict[str, str]:
    """{code: official name} of a list, in the standard's order. KeyError when there is no such list."""
    return _lists()[name]["values"]


@cache
def code_names(name: str) -> dict[str, str]:
    """{what people write: code}: the code itself, the official name and the list's synonyms."""
    values = _lists()[name]
    answer = {code: code for code in values["values"]}
    answer |= {label: code for code, label in values["values"].items()}
    answer |= values.get("synonyms", {})
    return answer
