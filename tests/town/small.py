"""小县 (the small county): ten schools in one year, small enough to check by hand; the answers are in `Town.known`.

What is made up here is chosen so that each kind of case occurs once: a school that meets all seven indicators, one that
meets six with the seventh at 88.9 % or 98 %, one that fails on a zero, one that passes only by a relief, one out of
scope, and a nine-year school whose weighted pupils (45 + 1.1 × 50) are exactly 100.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from town import county_figures, pupils, sheets
from town.divisions import Township, county
from town.enrolment import Enrolment
from town.identity import Identities
from town.model import Row, Town, Year
from town.premises import Premises
from town.premises import row as premises_row
from town.staff import ARTS, Staff, Teacher
from town.structure import JUNIOR, KINDERGARTEN, PRIMARY, SENIOR, School

DAY = date(2025, 9, 20)


@dataclass(frozen=True)
class _Plan:
    """One school: pupils by grade, per stage (teachers, of them R1, R2, R3), and the amounts of R4–R7 for the whole school."""

    code: str
    name: str
    kind: str
    tier: str
    grades: tuple[str, ...]
    pupils: tuple[int, ...]
    teachers: dict[str, tuple[int, int, int, int]]
    teaching: int
    sports: int
    equipment: int  # 元
    rooms: int
    music: tuple[int, ...] = ()


_PLANS = (
    _Plan("2164990001", "演示甲小学", "211", "seat", PRIMARY, (10,) * 6, {"小学": (4, 3, 1, 1)}, 300, 480, 150_000, 2, (96,)),
    _Plan("2164990002", "演示乙小学", "211", "centre", PRIMARY, (9, 9, 8, 8, 8, 8), {"小学": (4, 3, 0, 1)}, 250, 400, 100_000, 2, (80,)),
    _Plan("2164990003", "演示丙小学", "211", "village", PRIMARY, (7, 7, 7, 7, 6, 6), {"小学": (3, 2, 1, 1)}, 160, 320, 90_000, 1),
    _Plan("2164990004", "演示丁教学点", "218", "point", PRIMARY, (10,) * 6, {"小学": (3, 3, 1, 0)}, 360, 600, 120_000, 2, (54,)),
    _Plan("2164990005", "演示戊教学点", "218", "point", PRIMARY[:3], (10,) * 3, {"小学": (2, 1, 0, 0)}, 120, 200, 30_000, 1),
    _Plan("3164990006", "演示初级中学", "311", "centre", JUNIOR, (20,) * 3, {"初中": (5, 4, 1, 1)}, 348, 600, 150_000, 2, (96,)),
    _Plan("3164990007", "演示九年制学校", "312", "centre", PRIMARY + JUNIOR, (8, 8, 8, 7, 7, 7, 17, 17, 16),
          {"小学": (3, 2, 1, 1), "初中": (4, 3, 0, 0)}, 600, 1_100, 260_000, 3, (96,)),
    _Plan("5164990008", "演示特殊教育学校", "511", "seat", PRIMARY + JUNIOR, (1,) * 9, {"特教": (3, 3, 0, 1)}, 200, 300, 80_000, 2, (96,)),
    _Plan("1164990009", "演示幼儿园", "111", "seat", KINDERGARTEN, (8,) * 3, {"学前": (3, 2, 0, 0)}, 150, 120, 20_000, 1),
    _Plan("3464990010", "演示高级中学", "342", "seat", SENIOR, (10,) * 3, {"高中": (4, 4, 1, 1)}, 300, 500, 140_000, 2, (96,)),
)  # fmt: skip

# (school code, stage) → pupils, what R1–R7 count after the split (R6 in yuan), indicators met, verdict with the relief.
FACTS: dict[tuple[str, str], tuple[int, tuple[float, ...], int, str]] = {
    ("2164990001", "小学"): (60, (3, 1, 1, 300, 480, 150_000, 2), 7, "达标"),
    ("2164990002", "小学"): (50, (3, 0, 1, 250, 400, 100_000, 2), 6, "未达标"),  # R2 is zero
    ("2164990003", "小学"): (40, (2, 1, 1, 160, 320, 90_000, 1), 6, "达标"),  # R4 is 4.0 of 4.5: 88.9 %
    ("2164990004", "小学"): (
        60,
        (3, 1, 1, 360, 600, 120_000, 2),
        7,
        "达标",
    ),  # R3 by a teacher shared with 甲小学
    ("3164990006", "初中"): (
        60,
        (4, 1, 1, 348, 600, 150_000, 2),
        6,
        "达标",
    ),  # R5 is 10.0 of 10.2; R4 and R6 exact
    ("3164990007", "小学"): (45, (2, 1, 1, 270, 495, 117_000, 1.35), 7, "达标"),
    ("3164990007", "初中"): (50, (3, 0, 0, 330, 605, 143_000, 1.65), 5, "未达标"),
}
OUT_OF_SCOPE = ("2164990005", "5164990008")


class _Never(Random):
    """A chance that leaves no cell empty."""

    def random(self) -> float:
        return 0.0


def small() -> Town:
    """The small county of one September, the same every time. `known` holds FACTS as `facts`, and `out_of_scope`."""
    place = county("640324")
    chance = Random("small")
    people = Identities("640324", chance)
    nursery = pupils.Nursery(place, people, chance)
    schools = [_school(plan, place.townships[number % 3]) for number, plan in enumerate(_PLANS)]
    enrolment = Enrolment(DAY.year, schools, {})
    staff = Staff(people, chance)
    for plan, school in zip(_PLANS, schools, strict=True):
        for grade, count in zip(plan.grades, plan.pupils, strict=True):
            roll = [nursery.pupil(school, grade, DAY.year) for _ in range(count)]
            for child in roll:
                child.number = 1
            enrolment.rolls[school.code, grade] = roll
        for entry in {plan.grades[0], "7"} & set(plan.grades):
            enrolment.intake[school.code, entry] = len(enrolment.rolls[school.code, entry])
        for stage, counts in plan.teachers.items():
            _employ(staff, people, school, stage, *counts)
    arts = next(t for t in staff.teachers if t.school == schools[0].code and t.subject in ARTS)
    arts.shared = schools[3].code
    tables: dict[str, list[Row]] = {
        "schools": sheets.school_rows(enrolment, sheets.pupils_by_school(enrolment), 2, _Never()),
        "premises": [
            premises_row(s, _premises(p), s.name, _Never()) for s, p in zip(schools, _PLANS, strict=True)
        ],
        "classes": sheets.class_rows(enrolment, staff, _Never()),
        "students": _students(enrolment),
        "teachers": sheets.teacher_rows(staff, {s.code: s.name for s in schools}, 2),
        "reliefs": [
            (
                schools[3].code,
                schools[3].name,
                "体艺教师可含交流走教兼职",
                "2025-03-12",
                "演示教督认〔2025〕1号",
            )
        ],
        "county": county_figures.rows("640324", 2, county_figures.Counts(3, 57, 38, 36, 1, 2, 0, 5, 5, 12)),
    }
    year = Year("2025—2026学年", DAY, {name: sheets.table(name, rows) for name, rows in tables.items()})
    known: dict[str, object] = {"facts": FACTS, "out_of_scope": OUT_OF_SCOPE}
    return Town("640324", "同心县（演示小县）", 0, (year,), known)


def _school(plan: _Plan, township: Township) -> School:
    return School(
        code=plan.code,
        name=township.name + plan.name,
        kind=plan.kind,
        tier=plan.tier,
        township=township,
        village=township.villages[-1 if plan.tier in ("village", "point") else 0],
        size=sum(plan.pupils),
        grades=plan.grades,
        locale="220" if plan.tier in ("village", "point") else "121",
        organizer="7",
        built=2018,
        boarding=plan.kind in ("312", "342"),
        charter=2020,
        head="演示校长",
        phone="10000000001",
    )


def _premises(plan: _Plan) -> Premises:
    return Premises(
        amounts={"R4": plan.teaching, "R5": plan.sports, "R6": plan.equipment, "R7": plan.rooms},
        music=list(plan.music),
        art=list(plan.music),
        computers=10,
        books=sum(plan.pupils) * 20,
        site=plan.teaching * 4 + plan.sports,
        canteen=60,
    )


def _employ(
    staff: Staff,
    people: Identities,
    school: School,
    stage: str,
    count: int,
    above: int,
    backbone: int,
    arts: int,
) -> None:
    """`above` have the education R1 asks for, `backbone` are recognised by the county, `arts` teach 体育."""
    below = "41" if stage == "小学" else "31"
    for place in range(count):
        female = place % 2 == 0
        born = date(1980 + place, 3, 5)
        teacher = Teacher(
            number=people.number(born, female),
            name=people.name(people.surname(True), female),
            female=female,
            born=born,
            hui=True,
            school=school.code,
            stage=stage,
            post="专任教师",
            education="21" if place < above else below,
            subject="体育" if count - place <= arts else "语文",
            title="一级教师",
            backbone="县级" if place < backbone else "无",
            establishment="在编",
            started=born.year + 23,
            posted=2015 + place,
            luck=0.5,
            hours=380,
            lessons=14,
            phone=people.phone(),
            eligible=stage in ("小学", "初中"),
            rotating=stage in ("小学", "初中") and place == 0,
        )
        staff.teachers.append(teacher)
        staff.by_place[school.code, stage].append(teacher)


def _students(enrolment: Enrolment) -> list[Row]:
    schools: Sequence[School] = enrolment.schools
    return [
        pupils.row(child, school, grade)
        for school in schools
        for grade in school.grades
        for child in enrolment.rolls[school.code, grade]
    ]
