"""三个学年 (the story): opens a county in September 2023 and lets two years pass."""

from collections.abc import Iterator
from datetime import date
from random import Random

from town import county_figures, pupils, sheets
from town.condition import Condition, mend
from town.condition import opening as opening_condition
from town.divisions import county
from town.enrolment import Enrolment, Registry
from town.identity import Identities
from town.model import Row, Town, Year
from town.premises import Builder, Premises
from town.premises import row as premises_row
from town.reliefs import Reliefs
from town.staff import Staff
from town.structure import JUNIOR, School, schools

FIRST, LAST = 2023, 2025
_ROTATION = ((0.078, 0.17), (0.094, 0.19), (0.112, 0.22))  # of eligible teachers; of those, backbone


def tell(code: str, seed: int, scale: float) -> Town:
    """The three years of one county."""
    return Town(code, county(code).name, seed, tuple(tell_each(code, seed, scale)))


def tell_each(code: str, seed: int, scale: float) -> Iterator[Year]:
    """The three years, each made when it is asked for."""
    story = _Story(code, seed, scale)
    for step in range(LAST - FIRST + 1):
        yield story.year(step)


def _carelessly(school: School) -> str:
    """The school's name as someone in a hurry types it: a warning, and still a name that no real school has."""
    short = school.name.removeprefix(school.township.name)
    return short if short != school.name else f"{school.name}（老校区）"


class _Story:
    """Everything that changes from year to year. Each part draws from its own chance, so that one does not disturb another."""

    def __init__(self, code: str, seed: int, scale: float) -> None:
        def chance(part: str) -> Random:
            return Random(f"{code}/{seed}/{part}")

        self.code, self.place = code, county(code)
        people = Identities(code, chance("people"))
        founded = schools(code, chance("schools"), people, scale)
        self.registry = Registry(
            founded, pupils.Nursery(self.place, people, chance("pupils")), chance("moves"), scale
        )
        self.staff = Staff(people, chance("staff"))
        self.chance = chance("condition")
        self.typing = chance("typing")
        self.builder = Builder(chance("premises"))
        self.conditions: dict[str, Condition] = {
            school.code: opening_condition(school, self.chance) for school in founded if school.compulsory
        }
        self.premises: dict[str, Premises] = {}
        self.reliefs = Reliefs(chance("reliefs"))
        self.enrolment: Enrolment | None = None
        self.juniors_before = 0

    def year(self, step: int) -> Year:
        """The registers of one September."""
        number = FIRST + step
        before = self.enrolment
        if before is None:
            enrolment = self.registry.open(number)
        else:
            base = self._juniors(before, "9")
            enrolment = self.registry.advance(before, closing=step)
            self.juniors_before = base
            for condition in self.conditions.values():
                mend(condition, self.chance)
        self.enrolment = enrolment
        sizes = sheets.sizes(enrolment.schools, enrolment)
        self.staff.arrange(number, enrolment.schools, sizes, self.conditions)
        self.staff.rotate(number, *_ROTATION[step])
        self._furnish(enrolment)
        reliefs = self.reliefs.grant(number, enrolment, self.premises, self.staff, sizes)
        tables = {
            "schools": sheets.school_rows(enrolment, sheets.pupils_by_school(enrolment), step, self.typing),
            "premises": [
                premises_row(school, self.premises[school.code], school.name, Random(f"{school.code}/blank"))
                for school in enrolment.schools
            ],
            "classes": sheets.class_rows(enrolment, self.staff, self.typing),
            "students": self._students(enrolment),
            "teachers": sheets.teacher_rows(self.staff, {s.code: s.name for s in enrolment.schools}, step),
            "reliefs": reliefs,
            "county": county_figures.rows(self.code, step, self._counts(enrolment)),
        }
        return Year(
            f"{number}—{number + 1}学年",
            date(number, 9, 20),
            {name: sheets.table(name, rows) for name, rows in tables.items()},
        )

    def _furnish(self, enrolment: Enrolment) -> None:
        for school in enrolment.schools:
            by_grade = {grade: len(enrolment.rolls[school.code, grade]) for grade in school.grades}
            classes = sum(
                len({pupil.number for pupil in enrolment.rolls[school.code, grade]})
                for grade in school.grades
            )
            condition = self.conditions.get(school.code)
            if school.code in self.premises:
                self.builder.improve(school, self.premises[school.code], condition, by_grade, classes)
            else:
                self.premises[school.code] = self.builder.open(school, condition, by_grade, classes)

    def _students(self, enrolment: Enrolment) -> list[Row]:
        """在读, a few on leave, a few whose school is typed by an old name, and those who have left."""
        draw = self.typing.random
        rows: list[Row] = []
        for school in enrolment.schools:
            for grade in school.grades:
                for child in enrolment.rolls[school.code, grade]:
                    luck = draw()
                    if luck > 0.0010:
                        rows.append(pupils.row(child, school, grade))
                    elif luck > 0.0003 and grade in JUNIOR:
                        since = f"{enrolment.year}-09-0{int(draw() * 9) + 1}"
                        rows.append(pupils.row(child, school, grade, status="休学", since=since))
                    else:
                        rows.append(pupils.row(child, school, grade, name=_carelessly(school)))
        still = {school.code for school in enrolment.schools}
        rows += [
            pupils.row(one.pupil, one.school, one.grade, status=one.status, since=one.day)
            for one in enrolment.leavers
            if one.school.code in still
        ]
        return rows

    def _juniors(self, enrolment: Enrolment, grade: str) -> int:
        return sum(len(roll) for (_, held), roll in enrolment.rolls.items() if held == grade)

    def _counts(self, enrolment: Enrolment) -> county_figures.Counts:
        graduates = self.juniors_before or round(self._juniors(enrolment, "9") * 0.985)
        migrants = public = disabled = 0
        organizers = {school.code: school.organizer for school in enrolment.schools}
        for (code, grade), roll in enrolment.rolls.items():
            if grade[0] == "K" or grade in ("10", "11", "12"):
                continue
            moved = sum(child.migrant for child in roll)
            migrants += moved
            public += moved if organizers[code] == "7" else 0
            disabled += sum(child.flags[3] != "不适用" for child in roll)
        lost = (0.041, 0.034, 0.027)[enrolment.year - FIRST]
        moved_in, moved_out = round(graduates * 0.012), round(graduates * 0.024)
        base = round((graduates + moved_out - moved_in) / (1 - lost))
        return county_figures.Counts(
            townships=len(self.place.townships),
            villages=sum(not v.urban for t in self.place.townships for v in t.villages),
            grade7_base=base + 2,
            graduates=graduates,
            moved_in=moved_in,
            moved_out=moved_out,
            deaths=2,
            migrants=migrants,
            migrants_public=public,
            disabled=disabled,
        )
