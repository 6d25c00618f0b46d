"""行政区划文件: counties, townships and villages as divisions.yaml gives them, parents first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pypinyin import Style, lazy_pinyin

DIVISIONS = Path(__file__).parent / "divisions.yaml"


@dataclass(frozen=True, slots=True)
class Division:
    """One area of the file; `path` is the codes from the county down to its own."""

    code: str
    name: str
    kind: str
    path: tuple[str, ...]
    pinyin: str


@lru_cache(maxsize=4)
def _file(path: Path) -> dict[str, Any]:
    counties: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["counties"]
    return counties


def known_counties(path: Path = DIVISIONS) -> dict[str, str]:
    """County code → name, of the counties the file has."""
    return {code: content["name"] for code, content in _file(path).items()}


def divisions(counties: Iterable[str], path: Path = DIVISIONS) -> Iterator[Division]:
    """Every area of these counties, a parent before its children."""
    for county in counties:
        content = _file(path)[county]
        yield _division((county,), "county", content["name"])
        for township, inside in content["townships"].items():
            yield _division((county, township), "township", inside["name"])
            for tail, name in (inside.get("villages") or {}).items():
                yield _division((county, township, township + tail), "village", name)


def _division(path: tuple[str, ...], kind: str, name: str) -> Division:
    whole = "".join(lazy_pinyin(name))
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return Division(path[-1], name, kind, path, f"{whole} {initials}")
