"""学籍的流动 (enrolment): how the children of one September become those of the next.

Classes move up whole. Between two Septembers some children leave the county, some move from village schools to larger
ones, a teaching point's children go on to the centre school, sixth-graders are placed in junior schools, and the first
grades fill again. Who has left appears once more in the next register, with the status and day of leaving.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from town.pupils import Nursery, Pupil
from town.structure import JUNIOR, PRIMARY, SENIOR, School

Rolls = dict[tuple[str, str], list[Pupil]]  # (school code, grade) → its pupils

# Pupils to a class when a cohort enters, by the year it entered: the county has been making new classes smaller.
_PRIMARY_CAP = {2018: 60, 2019: 58, 2020: 57, 2021: 54, 2022: 50, 2023: 47, 2024: 44, 2025: 43}
_JUNIOR_CAP = {2021: 58, 2022: 56, 2023: 52, 2024: 49, 2025: 48}
_GRADE_AFTER = {"K1": "K2", "K2": "K3", "K3": "1"} | {str(n): str(n + 1) for n in range(1, 12)}
_GROWTH = {"seat": 1.01, "centre": 1.0, "village": 0.97, "point": 0.95}
_MOVING = {"seat": 0.002, "centre": 0.006, "village": 0.022, "point": 0.02}


@dataclass
class Leaver:
    """离校的学生: in the next register for the last time."""

    pupil: Pupil
    school: School
    grade: str
    status: str
    day: str


@dataclass
class Enrolment:
    """一个学年的学籍: rolls, those on leave, and those who left since the last register."""

    year: int
    schools: list[School]
    rolls: Rolls
    leavers: list[Leaver] = field(default_factory=list)
    intake: dict[tuple[str, str], int] = field(
        default_factory=dict
    )  # (school code, entry grade) → new pupils


def cap(school: School, grade: str, year: int) -> int:
    """How many pupils a class was made for when its cohort entered."""
    if school.kind == "511":
        return 12
    if grade[0] == "K":
        return {"K1": 26, "K2": 31, "K3": 35}[grade]
    if school.kind == "361" or grade in SENIOR:
        return 54 - (year - 2023) if school.kind != "361" else 46
    if grade in JUNIOR:
        entered = year - int(grade) + 7
        return max(_JUNIOR_CAP.get(entered, 58) + _crowding(school), 40)
    entered = year - int(grade) + 1
    return max(_PRIMARY_CAP.get(entered, 60) + _crowding(school), 38)


def _crowding(school: School) -> int:
    """County-town schools are fuller than the county wishes, some more than others."""
    return int(school.code[-2:]) % 7 - 1 if school.tier == "seat" else -int(school.code[-1]) % 4


class Registry:
    """学籍员: opens the first register and moves it on by one year at a time."""

    def __init__(self, schools: list[School], nursery: Nursery, chance: Random, scale: float) -> None:
        self.schools, self.nursery, self.chance, self.scale = schools, nursery, chance, scale
        self.by_code = {school.code: school for school in schools}
        self.entry_size: dict[tuple[str, str], float] = {}

    def open(self, year: int) -> Enrolment:
        """The first register: every grade about as large as the school's size says."""
        rolls: Rolls = {}
        for school in self.schools:
            for grade in school.grades:
                count = self._opening(school, grade)
                rolls[school.code, grade] = []
                newcomers = [self.nursery.pupil(school, grade, year) for _ in range(count)]
                self._seat(school, grade, year, rolls[school.code, grade], newcomers)
                self.entry_size[school.code, grade] = count
        enrolment = Enrolment(year, list(self.schools), rolls)
        for school in self.schools:
            for grade in (school.grades[0], "7"):
                if (school.code, grade) in rolls:
                    enrolment.intake[school.code, grade] = len(rolls[school.code, grade])
        return enrolment

    def _opening(self, school: School, grade: str) -> int:
        size: float = school.size
        if school.junior_share and grade in JUNIOR:
            size, grades = size * school.junior_share, 3
        elif school.junior_share:
            size, grades = size * (1 - school.junior_share), 6
        else:
            grades = len(school.grades)
        if grade[0] == "K":
            size *= {"K1": 0.8, "K2": 1.0, "K3": 1.2}[grade]
        noise = self.chance.gauss(1, 0.05 if school.size > 300 else 0.16)
        return max(1, round(size / grades * max(noise, 0.5)))

    def advance(self, old: Enrolment, closing: int) -> Enrolment:
        """The register of the next September. Schools whose `closes` equals `closing` are gone from it."""
        year = old.year + 1
        schools = [school for school in old.schools if school.closes != closing]
        new = Enrolment(year, schools, {(s.code, g): [] for s in schools for g in s.grades})
        pools: dict[str, list[tuple[Pupil, School]]] = defaultdict(
            list
        )  # next grade → children who need a school
        for school in old.schools:
            for grade in school.grades:
                self._move_up(old, new, school, grade, pools)
        joiners: Rolls = defaultdict(list)
        for grade in ("1", "7", "10"):
            self._enter(new, grade, pools.pop(grade, []), joiners)
        for grade, pool in pools.items():
            self._rehouse(new, grade, pool, joiners)
        self._arrive(new, joiners)
        for school in schools:
            for grade in school.grades:
                roll = new.rolls[school.code, grade]
                self._seat(school, grade, year, roll, joiners.get((school.code, grade), []))
        return new

    def _move_up(
        self,
        old: Enrolment,
        new: Enrolment,
        school: School,
        grade: str,
        pools: dict[str, list[tuple[Pupil, School]]],
    ) -> None:
        """One grade of one school: who stays with the class, who looks for another school, who leaves."""
        after = _GRADE_AFTER.get(grade)
        own = new.rolls.get((school.code, after or ""))
        leaving, moving = 0.006, _MOVING[school.tier]
        year, draw = old.year + 1, self.chance.random
        for pupil in old.rolls[school.code, grade]:
            if after is None or (school.kind == "511" and grade == "9"):
                new.leavers.append(Leaver(pupil, school, grade, "毕业", f"{year}-07-05"))
                continue
            luck = draw()
            if luck < leaving:
                status, month = ("死亡" if luck < 0.00012 else "转出"), 3 + int(draw() * 5)
                new.leavers.append(
                    Leaver(pupil, school, grade, status, f"{year}-{month:02d}-1{int(draw() * 9)}")
                )
            elif own is None or (luck < leaving + moving and school.kind in ("211", "218", "311", "312")):
                pools[after].append((pupil, school))
            else:
                own.append(pupil)

    def _enter(self, new: Enrolment, grade: str, pool: list[tuple[Pupil, School]], joiners: Rolls) -> None:
        """Fill an entry grade: own township first, then whoever is over; new faces where too few are left."""
        year, chance = new.year, self.chance
        chance.shuffle(pool)
        waiting: dict[str, list[tuple[Pupil, School]]] = defaultdict(list)
        for child, origin in pool:
            waiting[child.home].append((child, origin))
        receiving = [s for s in new.schools if grade in s.grades and s.kind != "511"]
        missing = {}
        for school in receiving:
            key = (school.code, grade)
            self.entry_size[key] *= _GROWTH[school.tier]
            own = len(new.rolls[key])  # a nine-year school keeps its sixth grade
            wanted = max(0 if own else 1, round(self.entry_size[key] * chance.gauss(1, 0.03)) - own)
            near = waiting[school.township.code]
            for child, _ in near[:wanted]:
                self.nursery.place_in(child, school, grade, f"{year}-09")
                joiners[key].append(child)
            del near[:wanted]
            missing[key] = wanted - len(joiners[key])
        left = [entry for entries in waiting.values() for entry in entries]
        chance.shuffle(left)
        for school in receiving:
            key = (school.code, grade)
            while missing[key] > 0 and left and school.tier != "village":
                child, _ = left.pop()
                self.nursery.place_in(child, school, grade, f"{year}-09")
                joiners[key].append(child)
                missing[key] -= 1
            if grade == "1":  # most village children come without a year of kindergarten in the county
                joiners[key] += [self.nursery.pupil(school, grade, year) for _ in range(missing[key])]
            new.intake[key] = len(joiners[key]) + len(new.rolls[key])
        status = "毕业" if grade == "10" else "转出"
        before = {"1": "K3", "7": "6", "10": "9"}[grade]
        new.leavers += [
            Leaver(child, origin, before, status, f"{year}-07-05")
            for child, origin in left
            if before in origin.grades
        ]

    def _rehouse(self, new: Enrolment, grade: str, pool: list[tuple[Pupil, School]], joiners: Rolls) -> None:
        """Children in the middle of a stage go to a larger school: the township's, or one in the county town."""
        larger = [
            s for s in new.schools if grade in s.grades and s.tier in ("seat", "centre") and s.kind != "511"
        ]
        if not larger:
            return
        for child, origin in pool:
            near = [s for s in larger if s.township.code == origin.township.code and s is not origin]
            school = self.chance.choice(near or larger)
            self.nursery.place_in(child, school, grade, f"{new.year}-09")
            joiners[school.code, grade].append(child)

    def _arrive(self, new: Enrolment, joiners: Rolls) -> None:
        """Children new to the county, and those who begin kindergarten or special school."""
        draw, year = self.chance.random, new.year
        for school in new.schools:
            for grade in school.grades:
                key = (school.code, grade)
                have = len(new.rolls[key]) + len(joiners.get(key, []))
                first = grade == school.grades[0]
                if grade[0] == "K" or (school.kind == "511" and first):
                    add = round(self.entry_size[key] * (0.985 if first else 1.0)) - have
                    new.intake[key] = max(add, 0)
                else:
                    add = (
                        sum(draw() < 0.004 for _ in range(have))
                        if grade in PRIMARY + JUNIOR and not first
                        else 0
                    )
                for _ in range(add):
                    child = self.nursery.pupil(school, grade, year)
                    child.entered = f"{year}-09" if first or draw() < 0.5 else f"{year}-03"
                    joiners[key].append(child)

    def _seat(self, school: School, grade: str, year: int, roll: list[Pupil], joiners: list[Pupil]) -> None:
        """Put newcomers into classes: a new cohort is divided evenly, later ones go where there are fewest."""
        if not roll or grade == "7":
            roll += joiners
            self.chance.shuffle(roll)
            classes = max(1, -(-len(roll) // cap(school, grade, year)))
            for place, child in enumerate(roll):
                child.number = place % classes + 1
            return
        sizes: dict[int, int] = defaultdict(int)
        for child in roll:
            sizes[child.number] += 1
        for child in joiners:
            child.number = min(sizes, key=lambda number: (sizes[number], number))
            sizes[child.number] += 1
        roll += joiners
