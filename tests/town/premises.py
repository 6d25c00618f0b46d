"""编造的校舍与设备 (premises): areas, equipment and rooms of a school, growing where the county builds and buys."""

from dataclasses import dataclass, field
from math import ceil
from random import Random

from town.condition import STANDARD, Condition
from town.model import Row, Value
from town.structure import JUNIOR, School

# How much more room a small school has per pupil than a large one: exponent of 220 ÷ pupils, and the most it may be.
_SMALLNESS = {"R4": (0.30, 1.8), "R5": (0.75, 6.0), "R6": (0.12, 1.3), "R7": (0.25, 1.7)}


@dataclass
class Premises:
    """一校的校舍与设备. `amounts`: R4 and R5 in ㎡, R6 in yuan, R7 in rooms, as the indicators count them."""

    amounts: dict[str, float] = field(default_factory=dict)
    indoor: int = 0
    gymnasium: int = 0
    extra_sports: int | None = None
    music: list[int] = field(default_factory=list)
    art: list[int] = field(default_factory=list)
    computers: int = 0
    books: int = 0
    site: int = 0
    dormitory: int = 0
    canteen: int = 0


def weighted(school: School, by_grade: dict[str, int]) -> float:
    """Pupils as one stage: a nine-year school's juniors count 1.1."""
    junior = sum(count for grade, count in by_grade.items() if grade in JUNIOR)
    total = sum(by_grade.values())
    return total + 0.1 * junior if school.kind == "312" else float(total)


def _standard(school: School, name: str) -> float:
    primary, junior = STANDARD[name]
    if school.kind == "312":
        return max(primary, junior / 1.1)
    return junior if school.kind in ("311", "342", "361") else primary


def _per_pupil(school: School, name: str) -> float:
    """The standard for one pupil, in the amount's own unit."""
    return _standard(school, name) / (100 if name == "R7" else 1)


class Builder:
    """基建与装备: opens and improves premises."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def open(
        self, school: School, condition: Condition | None, by_grade: dict[str, int], classes: int
    ) -> Premises:
        """What a school has in the first year."""
        chance, pupils, premises = self.chance, max(weighted(school, by_grade), 1), Premises()
        for name in _SMALLNESS:
            level = condition.levels[name] if condition else chance.uniform(0.9, 1.4)
            if level >= 1:
                exponent, most = _SMALLNESS[name]
                level *= min(max((220 / pupils) ** exponent, 1.0), most)
            premises.amounts[name] = self._rounded(
                name, level * _per_pupil(school, name) * pupils, level >= 1
            )
        large = pupils > 900
        premises.indoor = chance.choice((0, 0, 240, 480)) if large else 0
        premises.gymnasium = chance.choice((0, 0, 720, 1100)) if large else 0
        premises.gymnasium = min(premises.gymnasium, int(premises.amounts["R5"] * 0.3))
        self._art_rooms(school, premises, classes)
        premises.computers = round(pupils * chance.uniform(0.08, 0.16)) + 3
        premises.books = round(pupils * chance.uniform(14, 34) / 10) * 10
        premises.site = round(
            (premises.amounts["R4"] * 2.2 + premises.amounts["R5"]) * chance.uniform(1.2, 1.9)
        )
        premises.canteen = round(pupils * chance.uniform(0.4, 0.9)) if school.kind != "111" else 60
        premises.dormitory = round(pupils * chance.uniform(1.8, 3.2)) if school.boarding else 0
        return premises

    def improve(
        self,
        school: School,
        premises: Premises,
        condition: Condition | None,
        by_grade: dict[str, int],
        classes: int,
    ) -> None:
        """One more year: what was raised is built or bought, equipment is added to nearly everywhere."""
        chance, pupils = self.chance, max(weighted(school, by_grade), 1)
        for name in _SMALLNESS if condition else ():
            if condition and name in condition.raised:
                level = condition.levels[name]
                wanted = self._rounded(name, level * _per_pupil(school, name) * pupils, level >= 1)
                premises.amounts[name] = max(premises.amounts[name], wanted)
        short = condition is not None and condition.levels["R6"] < 1
        premises.amounts["R6"] *= chance.uniform(1.0, 1.015) if short else chance.uniform(1.0, 1.06)
        if chance.random() < 0.12:
            premises.amounts["R7"] += 1
        if chance.random() < 0.14:
            needed = ceil(classes / 12)
            premises.music = [chance.randrange(96, 120) for _ in range(needed)]
            premises.art = [chance.randrange(90, 112) for _ in range(needed)]
        premises.computers += round(pupils * chance.uniform(0, 0.02))
        premises.books += round(pupils * chance.uniform(0, 0.15)) * 10

    def _rounded(self, name: str, amount: float, enough: bool) -> float:
        """Rooms are whole: rounded up where the school has enough, down where it is short."""
        if name == "R7":
            return max(1, ceil(amount) if enough else int(amount))
        return ceil(amount)

    def _art_rooms(self, school: School, premises: Premises, classes: int) -> None:
        chance, needed = self.chance, ceil(classes / 12)
        luck = chance.random()
        small = school.tier in ("village", "point")
        if small and luck < 0.34:
            return
        if small:
            low, high = (52, 74) if luck < 0.72 else (96, 104)
            needed = 1
        else:
            low, high = (96, 118) if luck < 0.55 else (68, 92)
            needed -= luck > 0.9 and needed > 1
        premises.music = [chance.randrange(low, high) for _ in range(needed)]
        premises.art = [max(size - 6, 50) for size in premises.music]


def row(school: School, premises: Premises, name: str, blank: Random) -> Row:
    """The school's row in 校舍与设备, 学段 全校; a few optional cells are left empty."""
    amounts = premises.amounts
    teaching = round(amounts["R4"]) + premises.indoor
    ground = round(amounts["R5"]) - premises.gymnasium

    def sometimes(value: Value) -> Value:
        return value if blank.random() < 0.975 else None

    return (
        school.code,
        name,
        "全校",
        sometimes(premises.site),
        sometimes(round(teaching * 1.45) + premises.dormitory + premises.canteen),
        teaching,
        premises.indoor,
        premises.gymnasium,
        ground,
        premises.extra_sports,
        round(amounts["R6"] / 10_000, 2),
        int(amounts["R7"]),
        _typed(premises.music),
        _typed(premises.art),
        sometimes(premises.computers),
        sometimes(premises.books),
        premises.dormitory,
        sometimes(premises.canteen),
    )


def _typed(areas: list[int]) -> str | int:
    """Several areas as a clerk types them: 96、98; one as a number; none as 0."""
    return "、".join(map(str, areas)) if len(areas) > 1 else areas[0] if areas else 0
