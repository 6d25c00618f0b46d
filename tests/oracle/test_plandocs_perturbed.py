"""改写不走样: the annotated documents, damaged as copying, wrapping and recognition damage them, lose little.

Each bound is the share of quantities (number, unit, comparator, year) and headings that must survive the damage, over all documents.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.test_plandocs_places import PATHS, gold_of
from junheng.plandocs import compile_plan, items

# Tables, and a text whose breaks are lost already, are damaged beyond what these rewrites mean.
PLAIN = [path for path in PATHS if path.stem[:2] not in ("08", "11", "15")]
Damage = Callable[[str, random.Random], str]
HALF = str.maketrans("（）：，；％０１２３４５６７８９", "():,;%0123456789")


def half_width(text: str, _chance: random.Random) -> str:
    return text.translate(HALF)


def quotes_lost(text: str, _chance: random.Random) -> str:
    return re.sub("[“”《》]", "", text)


def breaks_to_blanks(text: str, _chance: random.Random) -> str:
    return re.sub(r"\s*\n\s*", " ", text)


def breaks_lost(text: str, _chance: random.Random) -> str:
    return re.sub(r"\s*\n\s*", "", text)


def wrapped(text: str, chance: random.Random) -> str:
    width = chance.randint(30, 40)
    lines = []
    for line in text.split("\n"):
        line = "　　" + line.strip() if len(line) > width else line
        lines += [line[at : at + width] for at in range(0, len(line), width)] or [""]
    return "\n".join(lines)


def wrapped_flush(text: str, chance: random.Random) -> str:
    width = chance.randint(30, 40)
    return "\n".join(
        piece
        for line in text.split("\n")
        for piece in ([line.strip()[at : at + width] for at in range(0, len(line.strip()), width)] or [""])
    )


def markdown(text: str, _chance: random.Random) -> str:
    text = re.sub(r"(?m)^[ 　]*([一二三四五六七八九十]+、.{2,30})$", r"## \1", text)
    return re.sub(r"(?m)^[ 　]*(（[一二三四五六七八九十]+）[^。\n]{2,20}。)", r"**\1**", text)


def recognised(text: str, chance: random.Random) -> str:
    """Blanks between characters, as recognition puts them; never inside a number."""
    out = []
    for here, after in zip(text, text[1:] + "\n", strict=True):
        out.append(here)
        apart = not (here.isdigit() and (after.isdigit() or after == ".")) and here not in ".〔\n"
        if apart and after != "\n" and chance.random() < 0.08:
            out.append(" ")
    return "".join(out)


BOUNDS: dict[Damage, tuple[float, float]] = {
    half_width: (0.99, 0.99),
    quotes_lost: (0.99, 0.99),
    markdown: (0.99, 0.99),
    recognised: (0.98, 0.98),
    wrapped: (0.97, 0.98),
    wrapped_flush: (0.95, 0.98),
    breaks_to_blanks: (0.97, 0.94),
    breaks_lost: (0.94, 0.80),
}


def kept(result: dict[str, Any]) -> tuple[Counter[tuple[object, ...]], Counter[tuple[object, ...]]]:
    quantities = Counter((t["cmp"], t["val"], t["unit"], (t.get("by") or "")[:4]) for t in result["targets"])
    headings = Counter((re.sub(r"[（）()\s]", "", n["label"]), n["level"]) for n in result["nodes"])
    return quantities, headings


@cache
def whole(path: Path) -> tuple[str, dict[str, Any]]:
    text, _ = gold_of(path)
    return text, compile_plan(text.encode(), "例.txt")


def shares(damage: Damage, seed: int) -> tuple[float, float]:
    """Shares of quantities and headings that survive, over all documents."""
    chance = random.Random(seed)
    lost: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for path in PLAIN:
        text, result = whole(path)
        damaged = kept(compile_plan(damage(text, chance).encode(), "例.txt"))
        for place, (before, after) in enumerate(zip(kept(result), damaged, strict=True)):
            total[place] += before.total()
            lost[place] += max((before - after).total(), (after - before).total())
    return 1 - lost[0] / total[0], 1 - lost[1] / total[1]


@pytest.mark.parametrize(
    ("damage", "bounds"), BOUNDS.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_damage_costs_little(damage: Damage, bounds: tuple[float, float]) -> None:
    quantities, headings = shares(damage, 7)
    assert quantities >= bounds[0]
    assert headings >= bounds[1]


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(PLAIN),
    st.lists(
        st.sampled_from([half_width, quotes_lost, markdown, recognised]), min_size=2, max_size=3, unique=True
    ),
    st.integers(0, 2**16),
)
def test_damages_together_cost_little_and_offsets_stay_exact(
    path: Path, damages: list[Damage], seed: int
) -> None:
    text, result = whole(path)
    damaged = text
    for damage in damages:
        damaged = damage(damaged, random.Random(seed))
    found = compile_plan(damaged.encode(), "例.txt")
    before, after = kept(result)[0], kept(found)[0]
    assert (before - after).total() <= 1 + before.total() * 0.15
    assert all(damaged[item.start : item.end] == item.text for item in items(found))
