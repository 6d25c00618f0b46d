"""办学条件的起点与改进 (condition): which school falls short of what at first, and what the county mends each year.

A level is a share of the standard: 0.6 of it, 1.1 of it. The seven are those of 教督〔2017〕6号, numbered R1–R7; their
values here only steer what is made up, the product reads its own from its packs.
"""

from dataclasses import dataclass
from random import Random

from town.structure import School

# Indicator → (primary, junior): per hundred pupils, ㎡, 元, rooms per hundred pupils.
STANDARD = {
    "R1": (4.2, 5.3),
    "R2": (1.0, 1.0),
    "R3": (0.9, 0.9),
    "R4": (4.5, 5.8),
    "R5": (7.5, 10.2),
    "R6": (2000.0, 2500.0),
    "R7": (2.3, 2.4),
}
# How often an indicator is the short one, by tier.
_SHORT = {
    "seat": {"R1": 0.7, "R2": 1.2, "R3": 1.6, "R4": 1.6, "R5": 2.2, "R6": 0.7, "R7": 1.4},
    "centre": {"R1": 0.3, "R2": 2.2, "R3": 2.6, "R4": 0.6, "R5": 0.6, "R6": 0.8, "R7": 0.8},
    "village": {"R2": 3.6, "R3": 4.0, "R4": 0.4, "R5": 0.4, "R6": 1.0, "R7": 0.5},
    "point": {"R2": 4.0, "R3": 4.0, "R4": 0.4, "R5": 0.3, "R6": 1.0, "R7": 0.4},
}
# How many indicators a school falls short of at first: none, one, two, …
_HOW_MANY = {
    "seat": (0.14, 0.26, 0.30, 0.20, 0.10),
    "centre": (0.16, 0.30, 0.30, 0.16, 0.08),
    "village": (0.12, 0.34, 0.36, 0.14, 0.04),
    "point": (0.10, 0.30, 0.40, 0.15, 0.05),
}
_WHOLE_REPAIR = 0.05  # of the schools still short of something, each year
_PART_REPAIR = 0.22


@dataclass
class Condition:
    """一校的条件: the levels it stands at, and which of them were raised this year."""

    levels: dict[str, float]
    raised: set[str]


def opening(school: School, chance: Random) -> Condition:
    """The first year: comfortable in most things, short in some."""
    levels = {name: chance.uniform(1.03, 1.32) for name in STANDARD}
    if school.tier == "seat":  # the county town holds more than its share of recognised teachers
        levels["R2"] *= chance.uniform(1.0, 1.7)
    count = chance.choices(range(5), _HOW_MANY[school.tier])[0]
    weights = dict(_SHORT[school.tier])
    for _ in range(count):
        name = chance.choices(list(weights), list(weights.values()))[0]
        del weights[name]
        levels[name] = chance.uniform(0.82, 0.98) if name == "R1" else chance.uniform(0.42, 0.97)
    return Condition(levels, set())


def mend(condition: Condition, chance: Random) -> None:
    """One more year: a project for the whole school, for one thing, or nothing."""
    condition.raised = set()
    short = [name for name, level in condition.levels.items() if level < 1]
    luck = chance.random()
    if not short or luck > _WHOLE_REPAIR + _PART_REPAIR:
        return
    chosen = short if luck < _WHOLE_REPAIR else [chance.choice(short)]
    for name in chosen:
        whole = luck < _WHOLE_REPAIR
        condition.levels[name] = (
            chance.uniform(1.02, 1.12) if whole else condition.levels[name] + chance.uniform(0.1, 0.35)
        )
        condition.raised.add(name)
