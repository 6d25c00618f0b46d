"""登记表的行: what the clerks of one school year type into 学校、班级、教师 and 特殊情形认定."""

from collections import Counter
from random import Random

from junheng.tables import SHEETS
from town.enrolment import Enrolment
from town.model import Row, Table
from town.pupils import GRADE_NAMES
from town.staff import NAMES, Staff, Teacher
from town.structure import School, stage_of

KINDS = {
    "111": "幼儿园",
    "211": "小学",
    "218": "小学教学点",
    "311": "初级中学",
    "312": "九年一贯制学校",
    "342": "高级中学",
    "361": "调整后中等职业学校",
    "511": "特殊教育学校",
}
LOCALES = {"111": "主城区", "121": "镇中心区", "210": "乡中心区", "220": "村庄"}
_BUDGET = {
    "111": 0.06,
    "211": 0.072,
    "218": 0.072,
    "311": 0.094,
    "312": 0.084,
    "342": 0.11,
    "361": 0.13,
    "511": 0.86,
}
_MAJORS = (
    "汉语言文学",
    "数学与应用数学",
    "英语",
    "小学教育",
    "体育教育",
    "音乐学",
    "美术学",
    "学前教育",
    "物理学",
    None,
)


def table(name: str, rows: list[Row]) -> Table:
    """Rows of an agreed sheet. ValueError when a row does not fit its columns."""
    columns = tuple(column.name for column in SHEETS[name].columns)
    if rows and len(rows[0]) != len(columns):
        raise ValueError(f"{name}: {len(rows[0])} cells for {len(columns)} columns")
    return Table(columns, rows)


def yes(value: bool) -> str:
    """是 or 否."""
    return "是" if value else "否"


def school_rows(enrolment: Enrolment, pupils: dict[str, int], step: int, chance: Random) -> list[Row]:
    """学校. Few small schools are still funded for fewer than a hundred pupils in the first two years."""
    rows: list[Row] = []
    for school in enrolment.schools:
        count = pupils[school.code]
        floor = school.compulsory and count < 100 and chance.random() >= (0.09, 0.03, 0.0)[step]
        funded = 100 if floor else count
        budget = round(funded * _BUDGET[school.kind] * (1 + 0.03 * step), 2)
        training = budget * chance.uniform(*((0.032, 0.062), (0.044, 0.064), (0.0502, 0.07))[step])
        entry = school.grades[0]
        intake = enrolment.intake.get((school.code, entry), 0)
        outside = 0
        if school.compulsory and school.tier == "seat" and chance.random() < (0.5, 0.3, 0.1)[step]:
            outside = round(intake * chance.uniform(0.004, 0.03))
        zoned = intake - outside if school.compulsory else None
        place = Random(school.code)
        rows.append(
            (
                school.code,
                school.name,
                KINDS[school.kind],
                "民办" if school.organizer == "10" else "县级教育部门",
                LOCALES[school.locale],
                school.township.name,
                school.village.name,
                f"{school.township.name}{school.village.name}演示路{place.randrange(1, 200)}号",
                round(school.village.longitude + place.gauss(0, 0.003), 5),
                round(school.village.latitude + place.gauss(0, 0.003), 5),
                school.built if place.random() < 0.97 else None,
                yes(school.boarding),
                yes(school.charter <= enrolment.year),
                funded,
                budget,
                round(budget * chance.uniform(0.95, 1.0), 2),
                round(training, 2),
                zoned,
                intake,
                school.head,
                school.phone,
            )
        )
    return rows


def class_rows(enrolment: Enrolment, staff: Staff, chance: Random) -> list[Row]:
    """班级, with the children counted, and a class teacher of the stage where there is one."""
    rows: list[Row] = []
    for school in enrolment.schools:
        for grade in school.grades:
            stage = stage_of(school, grade)
            counts = Counter(pupil.number for pupil in enrolment.rolls[school.code, grade])
            teachers = staff.in_post(school, stage)
            small = school.tier == "point" and sum(counts.values()) < 8
            kind = "特教班" if stage == "特教" else "复式班" if small else "普通班"
            for number, count in sorted(counts.items()):
                teacher = teachers[(int(grade[-1]) * 5 + number) % len(teachers)].name if teachers else None
                rows.append(
                    (
                        school.code,
                        school.name,
                        stage,
                        GRADE_NAMES[grade],
                        number,
                        kind,
                        count,
                        teacher if chance.random() < 0.98 else None,
                    )
                )
    return rows


def teacher_rows(staff: Staff, names: dict[str, str], step: int) -> list[Row]:
    """教师, school by school."""
    return [
        _teacher(teacher, names[teacher.school], step)
        for teacher in sorted(staff.teachers, key=lambda teacher: teacher.school)
    ]


def _teacher(teacher: Teacher, school: str, step: int) -> Row:
    teaches = teacher.post == "专任教师"
    untrained = teacher.luck < (0.085, 0.04, 0.012)[step]
    uncertified = teacher.luck > 1 - (0.011, 0.005, 0.0)[step]
    blank = Random(teacher.number).random  # what is left empty stays empty from year to year
    return (
        teacher.number,
        teacher.name,
        "女" if teacher.female else "男",
        teacher.born,
        "回族" if teacher.hui else "汉族",
        teacher.school,
        school,
        teacher.post,
        teacher.stage if teaches else None,
        NAMES[teacher.education],
        _MAJORS[int(blank() * len(_MAJORS))] if teaches else None,
        teacher.subject,
        teacher.title,
        teacher.backbone,
        yes(not uncertified) if teaches else None,
        teacher.establishment,
        f"{teacher.started}-{8 if teacher.started % 3 else 9:02d}",
        f"{teacher.posted}-09" if blank() < 0.985 else None,
        yes(teacher.eligible),
        yes(teacher.rotating),
        teacher.shared,
        teacher.hours - (90 if untrained else 0) if teaches else None,
        teacher.lessons if teaches and blank() < 0.98 else None,
        teacher.phone,
    )


def pupils_by_school(enrolment: Enrolment) -> dict[str, int]:
    """在校生数 of each school."""
    counts: Counter[str] = Counter()
    for (code, _), roll in enrolment.rolls.items():
        counts[code] += len(roll)
    return dict(counts)


def sizes(schools: list[School], enrolment: Enrolment) -> dict[tuple[str, str], tuple[int, int]]:
    """(school code, stage) → pupils, classes."""
    answer: dict[tuple[str, str], tuple[int, int]] = {}
    for school in schools:
        for grade in school.grades:
            roll = enrolment.rolls[school.code, grade]
            key = (school.code, stage_of(school, grade))
            pupils, classes = answer.get(key, (0, 0))
            answer[key] = (pupils + len(roll), classes + len({pupil.number for pupil in roll}))
    return answer
