"""编造的特殊情形认定: a few dated reliefs with their evidence, and what they allow to be counted."""

from random import Random

from town.enrolment import Enrolment
from town.model import Row
from town.premises import Premises
from town.staff import ARTS, Staff
from town.structure import School


class Reliefs:
    """Grants reliefs in spring; those granted before stay in the register."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.granted: list[tuple[School, str, str, str]] = []

    def grant(
        self,
        year: int,
        enrolment: Enrolment,
        premises: dict[str, Premises],
        staff: Staff,
        sizes: dict[tuple[str, str], tuple[int, int]],
    ) -> list[Row]:
        """The register of one year: those granted in its spring, and all before."""
        for kind, wanted in self._wanted(enrolment, premises, sizes).items():
            taken = {school.code for school, held, _, _ in self.granted if held == kind}
            free = [school for school in wanted if school.code not in taken]
            for school in self.chance.sample(free, min(len(free), 2)):
                number = len(self.granted) + 1
                day = f"{year}-03-{10 + number % 15}"
                self.granted.append((school, kind, day, f"演示教督认〔{year}〕{number}号"))
                self._allow(kind, school, premises[school.code], staff, enrolment.schools)
        still = {school.code for school in enrolment.schools}
        return [
            (school.code, school.name, _TITLES[kind], day, proof)
            for school, kind, day, proof in self.granted
            if school.code in still
        ]

    def _wanted(
        self,
        enrolment: Enrolment,
        premises: dict[str, Premises],
        sizes: dict[tuple[str, str], tuple[int, int]],
    ) -> dict[str, list[School]]:
        """Schools to which each relief could apply."""
        pupils = {code: count for (code, _), (count, _) in sizes.items()}
        open_schools = [school for school in enrolment.schools if school.compulsory]
        rural = [s for s in open_schools if s.tier in ("village", "point") and 50 <= pupils[s.code] < 100]
        town = [s for s in open_schools if s.tier == "seat"]
        tight = [s for s in town if premises[s.code].amounts["R5"] < 6 * pupils[s.code]]
        return {
            "arts_sports_shared": rural,
            "rooms_small_class": [s for s in rural if 54 <= max(premises[s.code].music, default=0) < 96],
            "sports_extra": tight,
            "rooms_built_2016": [
                s for s in town if s.built <= 2016 and 73 <= min(premises[s.code].music, default=0) < 96
            ],
            "size_built_2010": [s for s in town if s.built <= 2010 and 2000 < pupils[s.code] <= 2400],
        }

    def _allow(
        self, kind: str, school: School, premises: Premises, staff: Staff, open_schools: list[School]
    ) -> None:
        """What the relief counts must be in the registers: leased grounds, a teacher shared with the centre school."""
        if kind == "sports_extra":
            premises.extra_sports = self.chance.randrange(800, 2600, 50)
        if kind == "arts_sports_shared":
            near = {
                s.code for s in open_schools if s.township is school.township and s.tier in ("centre", "seat")
            }
            for teacher in staff.teachers:
                if teacher.school in near and teacher.subject in ARTS and teacher.shared is None:
                    teacher.shared = school.code
                    return


_TITLES = {
    "arts_sports_shared": "体艺教师可含交流走教兼职",
    "rooms_small_class": "小班额农村学校的音美教室",
    "sports_extra": "运动场馆可计入地下楼顶及签约场馆",
    "rooms_built_2016": "2016年及之前建成的音美教室",
    "size_built_2010": "2010年及之前建成的规模放宽",
}
