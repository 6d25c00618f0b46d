"""行政区划与位置: real names and codes of a county's townships and villages, and where roughly they lie."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import yaml

_HERE = Path(__file__).resolve().parent
_DIVISIONS = _HERE.parents[1] / "src" / "bureau" / "people" / "divisions.yaml"
_ENDINGS = ("社区居民委员会", "社区居委会", "居民委员会", "居委会", "村委会", "委会", "社区", "生活区")


@dataclass(frozen=True, slots=True)
class Village:
    """村（社区）. `short` is the name without its office, as a school would carry it."""

    code: str
    name: str
    short: str
    longitude: float
    latitude: float

    @property
    def urban(self) -> bool:
        """Whether it is a residents' community and not a village."""
        return "居" in self.name or "社区" in self.name


@dataclass(frozen=True, slots=True)
class Township:
    """乡镇（街道）, with an approximate centre."""

    code: str
    name: str
    longitude: float
    latitude: float
    villages: tuple[Village, ...]


@dataclass(frozen=True, slots=True)
class County:
    """县区. The first township is the county seat. `box` is west, south, east, north."""

    code: str
    name: str
    city: str
    box: tuple[float, float, float, float]
    townships: tuple[Township, ...]

    @property
    def seat(self) -> Township:
        """县城所在的乡镇."""
        return self.townships[0]


@cache
def county(code: str) -> County:
    """A county with its townships and villages. KeyError when its divisions are not in the list."""
    listed = _load(_DIVISIONS)["counties"][code]
    placed = _load(_HERE / "centres.yaml")[code]
    townships = tuple(
        _township(township, entry["name"], placed["centres"], entry["villages"])
        for township, entry in listed["townships"].items()
    )
    return County(code, listed["name"], listed["city"], tuple(placed["box"]), townships)


def _township(code: str, name: str, centres: dict[str, list[float]], villages: dict[str, str]) -> Township:
    """Villages are scattered within some five kilometres of the centre, the same way each time."""
    longitude, latitude = centres[code]
    spread = 0.012 if "街道" in name else 0.045
    chance = Random(code)
    placed = tuple(
        Village(code + last, village, _short(village), *_near(code, centres, spread, chance))
        for last, village in villages.items()
    )
    return Township(code, name, longitude, latitude, placed)


def _near(code: str, centres: dict[str, list[float]], spread: float, chance: Random) -> tuple[float, float]:
    """A place nearer to this township's centre than to any other, so that it lies inside the schematic outline."""
    longitude, latitude = centres[code]
    for _ in range(30):
        place = longitude + chance.gauss(0, spread), latitude + chance.gauss(0, spread * 0.8)
        if min(centres, key=lambda other: _apart(place, centres[other])) == code:
            break
        spread *= 0.93
    return round(place[0], 5), round(place[1], 5)


def _apart(place: tuple[float, float], centre: list[float]) -> float:
    """Squared distance; a degree east is about 0.8 of one north here."""
    return ((place[0] - centre[0]) * 0.8) ** 2 + (place[1] - centre[1]) ** 2


def _short(name: str) -> str:
    """朝阳村委会 → 朝阳; 富兴社区居委会 → 富兴."""
    for ending in _ENDINGS:
        if name.endswith(ending):
            name = name[: -len(ending)]
            break
    return name[:-1] if len(name) > 2 and name.endswith("村") else name


@cache
def _load(path: Path) -> dict:  # type: ignore[type-arg]
    with path.open(encoding="utf-8") as file:
        loaded: dict = yaml.safe_load(file)  # type: ignore[type-arg]
    return loaded
