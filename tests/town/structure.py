"""学校布局 (structure): how many schools of which kind and size a county has, and where they stand.

Tongxin's numbers by kind are those its plan of 2018 sets for 2020 (同党发〔2018〕122号 §29): 167 schools = 3 + 1 + 12 + 3 +
1 + 111 + 36. Jinfeng's primary, junior and nine-year schools are those of 金教发〔2018〕410号 (29, 2, 2) with 24 kindergartens. The
other numbers, all kindergartens of Tongxin, and every number of pupils are assumed.
"""

from dataclasses import dataclass
from random import Random

from town.divisions import County, Township, Village, county
from town.identity import Identities

# Prefix of 学校标识码 by kind, and the block of serial numbers kept for made-up schools of each county.
PREFIXES = {
    "111": "11",
    "211": "21",
    "218": "21",
    "311": "31",
    "312": "31",
    "342": "34",
    "361": "36",
    "511": "51",
}
BLOCKS = {"640324": 900_000, "640106": 910_000, "640221": 920_000, "640422": 930_000, "640424": 940_000}
_ENDINGS = {
    "111": "幼儿园",
    "211": "小学",
    "218": "教学点",
    "311": "初级中学",
    "312": "九年制学校",
    "342": "高级中学",
    "361": "职业技术学校",
    "511": "特殊教育学校",
}
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Structure:
    """How many schools, and how many pupils in all of them, by kind and tier: (schools, pupils)."""

    seat_primaries: tuple[int, int]
    centre_primaries: tuple[int, int]
    village_primaries: tuple[int, int]
    points: tuple[int, int]
    seat_juniors: tuple[int, int]
    town_juniors: tuple[int, int]
    nine_years: tuple[int, int]
    seniors: tuple[int, int]
    vocational: tuple[int, int]
    special: tuple[int, int]
    kindergartens: tuple[int, int]
    oversized: tuple[int, ...] = ()  # pupils of the largest county-town primary and junior school
    closing_points: int = (
        2  # small teaching points that stand beside `points` and close within the three years
    )


STRUCTURES = {
    "640324": Structure(
        (11, 14_600), (20, 9_800), (80, 7_000), (36, 1_250), (4, 7_150), (8, 7_900), (3, 2_250), (3, 7_700),
        (1, 1_950), (1, 130), (45, 10_800), oversized=(2_230, 2_140),
    ),
    "640106": Structure(
        (17, 19_400), (6, 4_200), (6, 1_100), (0, 0), (2, 3_300), (0, 0), (2, 2_900), (2, 3_900),
        (0, 0), (1, 110), (24, 6_700), oversized=(2_310,), closing_points=0,
    ),
    "640221": Structure(
        (7, 7_000), (14, 3_900), (17, 1_500), (10, 330), (2, 3_000), (4, 2_300), (3, 1_300), (2, 4_100),
        (1, 1_100), (1, 70), (30, 5_200), closing_points=1,
    ),
    "640422": Structure(
        (8, 9_200), (22, 8_200), (88, 6_900), (58, 1_850), (3, 5_100), (10, 6_600), (5, 3_000), (3, 7_000),
        (1, 1_700), (1, 120), (46, 8_400), oversized=(2_150,), closing_points=3,
    ),
    "640424": Structure(
        (3, 2_900), (8, 2_700), (26, 1_900), (12, 400), (2, 1_700), (3, 1_500), (3, 1_200), (1, 2_100),
        (1, 700), (1, 60), (16, 2_900), closing_points=1,
    ),
}  # fmt: skip


@dataclass(slots=True)
class School:
    """一所学校. `tier`: seat, centre, village or point; `size`: pupils in the first year; `closes`: the year, or None."""

    code: str
    name: str
    kind: str
    tier: str
    township: Township
    village: Village
    size: int
    grades: tuple[str, ...]
    locale: str
    organizer: str
    built: int
    boarding: bool
    charter: int
    head: str
    phone: str | None
    closes: int | None = None
    junior_share: float = 0.0  # of a nine-year school's pupils

    @property
    def compulsory(self) -> bool:
        """小学、初中、教学点、九年一贯制: what the seven resource indicators are about."""
        return self.kind in ("211", "218", "311", "312")


KINDERGARTEN = ("K1", "K2", "K3")
PRIMARY = ("1", "2", "3", "4", "5", "6")
JUNIOR = ("7", "8", "9")
SENIOR = ("10", "11", "12")


def stage_of(school: School, grade: str) -> str:
    """学段 of a grade in a school."""
    if school.kind == "511":
        return "特教"
    if school.kind == "361":
        return "中职"
    return "学前" if grade[0] == "K" else "小学" if int(grade) <= 6 else "初中" if int(grade) <= 9 else "高中"


def schools(code: str, chance: Random, people: Identities, scale: float) -> list[School]:
    """All schools of a county, largest tier first; at a smaller scale as many schools with fewer pupils."""
    return _Founder(county(code), STRUCTURES[code], chance, people, scale).found()


class _Founder:
    """建校: gives each school a place, a name nobody has, a code and a size."""

    def __init__(
        self, place: County, plan: Structure, chance: Random, people: Identities, scale: float
    ) -> None:
        self.place, self.plan, self.chance, self.people, self.scale = place, plan, chance, people, scale
        self.schools: list[School] = []
        self.taken: set[str] = set()
        self.counts: dict[tuple[str, str], int] = {}
        seat, *rest = place.townships
        self.seat, self.outer = seat, rest
        self.rural = [(t, v) for t in place.townships for v in t.villages if t is not seat or not v.urban]
        self.communities = [v for v in seat.villages if v.urban] or list(seat.villages)

    def found(self) -> list[School]:
        """Found every school of the plan."""
        plan, largest = self.plan, list(self.plan.oversized)
        self._seat(plan.seat_primaries, "211", PRIMARY, largest[:1])
        self._towns(plan.centre_primaries, "211", PRIMARY)
        self._villages(plan.village_primaries, "211", sigma=0.55, low=22, high=320)
        self._villages(plan.points, "218", sigma=0.5, low=12, high=80)
        self._seat(plan.seat_juniors, "311", JUNIOR, largest[1:])
        self._towns(plan.town_juniors, "311", JUNIOR)
        self._towns(plan.nine_years, "312", PRIMARY + JUNIOR)
        self._seat(plan.seniors, "342", SENIOR, [])
        self._seat(plan.vocational, "361", SENIOR, [])
        self._seat(plan.special, "511", PRIMARY + JUNIOR, [])
        self._kindergartens()
        for number in range(plan.closing_points):
            self._villages((1, 13 - number), "218", sigma=0.0, low=1, high=20)
            self.schools[-1].closes = 1 + number % 2
        return self.schools

    def _sizes(self, schools: int, pupils: int, sigma: float, low: float = 0, high: float = 1e9) -> list[int]:
        """Log-normal sizes that add up to about the pupils, within bounds."""
        if not schools:
            return []
        drawn = [self.chance.lognormvariate(0, sigma) for _ in range(schools)]
        for _ in range(12):
            factor = pupils / sum(drawn)
            drawn = [min(max(size * factor, low), high) for size in drawn]
        return sorted((max(3, round(size * self.scale)) for size in drawn), reverse=True)

    def _seat(self, plan: tuple[int, int], kind: str, grades: tuple[str, ...], largest: list[int]) -> None:
        """County-town schools, spread over the communities of the seat (and, in a city district, its neighbours)."""
        count, pupils = plan
        sizes = [max(3, round(size * self.scale)) for size in largest]
        ceiling = 3400 if kind in ("342", "361") else 1960
        sizes += self._sizes(count - len(largest), pupils - sum(largest), 0.16, high=ceiling)
        for number, size in enumerate(sizes):
            township = self._district(number)
            village = self.chance.choice([v for v in township.villages if v.urban] or township.villages)
            self._add(kind, "seat", township, village, size, grades)

    def _district(self, number: int) -> Township:
        streets = [township for township in self.place.townships if "街道" in township.name]
        return streets[number % len(streets)] if streets else self.seat

    def _towns(self, plan: tuple[int, int], kind: str, grades: tuple[str, ...]) -> None:
        """One school after another in each township but the seat, the larger townships (more villages) the larger schools."""
        sizes = self._sizes(*plan, sigma=0.34)
        order = sorted(self.outer, key=lambda township: -len(township.villages))
        start = 3 if kind == "312" else 0  # nine-year schools stand where no junior school does
        for number, size in enumerate(sizes):
            township = order[-1 - number] if start else order[number % len(order)]
            self._add(kind, "centre", township, township.villages[0], size, grades)

    def _villages(self, plan: tuple[int, int], kind: str, sigma: float, low: float, high: float) -> None:
        """Village schools and teaching points, each in a village that has none yet as long as there are some."""
        for size in self._sizes(*plan, sigma=sigma, low=low, high=high):
            township, village = self.rural.pop(self.chance.randrange(len(self.rural)))
            top = 6 if kind == "211" else self.chance.choice((3, 3, 4, 6)) if size > 24 * self.scale else 3
            self._add(kind, "point" if kind == "218" else "village", township, village, size, PRIMARY[:top])
            if len(self.rural) < 4:
                self.rural = [(t, v) for t in self.outer for v in t.villages]

    def _kindergartens(self) -> None:
        """A third in the county town, the rest one to a township and then in large villages."""
        sizes = self._sizes(*self.plan.kindergartens, sigma=0.4, high=520)
        town = len(sizes) // 3
        for number, size in enumerate(sizes):
            township = self._district(number) if number < town else self.outer[number % len(self.outer)]
            village = self.chance.choice(self.communities if township is self.seat else township.villages)
            self._add("111", "seat" if number < town else "centre", township, village, size, KINDERGARTEN)

    def _add(
        self, kind: str, tier: str, township: Township, village: Village, size: int, grades: tuple[str, ...]
    ) -> None:
        serial = BLOCKS[self.place.code] + len(self.schools) + 1
        private = tier == "seat" and (
            (kind == "111" and len(self.schools) % 3 == 0)
            or (kind == "211" and self._number(kind, township) == 4)
        )
        chance = self.chance
        built = chance.choice((1998, 2003, 2006, 2008, 2009, 2011, 2012, 2014, 2015, 2017, 2018, 2020))
        if kind == "211" and size > 2000 * self.scale:
            built = 2008  # old enough for the relief on size
        self.schools.append(
            School(
                code=f"{PREFIXES[kind]}64{serial}",
                name=self._name(kind, tier, township, village),
                kind=kind,
                tier=tier,
                township=township,
                village=village,
                size=size,
                grades=grades,
                locale=self._locale(tier, township),
                organizer="10" if private else "7",
                built=built,
                boarding=kind in ("312", "342", "361", "511") or (kind == "311" and chance.random() < 0.9),
                charter=chance.choice((2016, 2018, 2020, 2021, 2022, 2022, 2024)) if kind != "111" else 2019,
                head=people_name(self.people, chance),
                phone=self.people.phone() if chance.random() < 0.97 else None,
                junior_share=0.36 if kind == "312" else 0.0,
            )
        )

    def _locale(self, tier: str, township: Township) -> str:
        if "街道" in township.name:
            return "111"
        if tier in ("village", "point"):
            return "220"
        return "121" if township.name.endswith("镇") else "210"

    def _number(self, kind: str, township: Township) -> int:
        return self.counts.get((kind, township.code), 0)

    def _name(self, kind: str, tier: str, township: Township, village: Village) -> str:
        """A name shaped like a real one that no real school has: 演示 is in it."""
        number = self._number(kind, township)
        self.counts[kind, township.code] = number + 1
        numeral = ("十" if number > 9 else "") + NUMERALS[number % 10]
        base = f"{township.name}演示"
        if tier in ("village", "point"):
            name = f"{base}{village.short}{_ENDINGS[kind]}"
        elif kind in ("361", "511"):
            name = f"{self.place.name}演示{_ENDINGS[kind]}"
        elif kind == "342":
            name = f"{self.place.name}演示第{numeral}{_ENDINGS[kind]}"
        elif kind == "312":
            name = f"{base}{_ENDINGS[kind]}"
        elif kind == "211" and tier == "centre" and number == 0:
            name = f"{base}中心小学"
        else:
            name = f"{base}第{numeral}{_ENDINGS[kind]}"
        while name in self.taken:
            name = name.replace("演示", "演示新", 1)
        self.taken.add(name)
        return name


def people_name(people: Identities, chance: Random) -> str:
    """A head's name."""
    female = chance.random() < 0.25
    return people.name(people.surname(chance.random() < 0.7), female)
