"""英文名: what a pack calls its standards, indicators and clauses in English (`title_en` beside `title` or `name`,
`meaning_en` beside `meaning`). It is for reading only: neither verdicts nor the version of a pack depend on it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

ENGLISH = {"title_en": ("title", "name"), "meaning_en": ("meaning",)}
_HAN = re.compile("[\u3400-\u9fff]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def english_of(raw: object) -> dict[str, str]:
    """{Chinese: English} of everything in a pack that has both."""
    found: dict[str, str] = {}
    for row in _mappings(raw):
        for key, owners in ENGLISH.items():
            chinese = next((row[one] for one in owners if isinstance(row.get(one), str)), None)
            if chinese is not None and isinstance(row.get(key), str):
                found.setdefault(chinese, row[key])
    return found


def problems_of(raw: object) -> list[str]:
    """What is wrong with the English of a pack, each a sentence."""
    return [
        f"{key} 应为不含汉字的英文，发现“{row[key]}”"
        for row in _mappings(raw)
        for key in ENGLISH
        if key in row and (not isinstance(row[key], str) or not row[key].strip() or _HAN.search(row[key]))
    ]


@cache
def english_titles() -> Mapping[str, str]:
    """{Chinese: English} of every pack that is shipped; where two packs differ, the first by name counts."""
    found: dict[str, str] = {}
    for folder in sorted(files("junheng.policy").iterdir(), key=lambda one: one.name):
        if not folder.name.startswith("packs"):
            continue
        for item in sorted(folder.iterdir(), key=lambda one: one.name):
            if item.name.endswith(".yaml"):
                raw = yaml.load(item.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
                found = {**english_of(raw), **found}
    return found


def _mappings(raw: object) -> Iterator[dict[str, Any]]:
    if isinstance(raw, dict):
        yield raw
        for value in raw.values():
            yield from _mappings(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _mappings(value)
