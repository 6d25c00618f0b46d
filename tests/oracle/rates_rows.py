"""Small made-up counties for the twins of plan measures: townships, people of school age, and pupils followed over years."""

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from oracle.county_rows import made_up

Rows = list[dict[str, Any]]
DAY = date(2025, 10, 8)
EARLIER = (
    date(2017, 9, 20),
    date(2020, 9, 18),
    date(2022, 9, 20),
    date(2023, 8, 25),
    date(2023, 10, 20),
    date(2024, 3, 1),
    date(2024, 11, 2),
)
_FIRST = {"小学": (1, 6), "初中": (7, 9)}
_LEFT = ("转出", "死亡", "失踪", "其他离校", "休学", "毕业", "开除")


@dataclass(frozen=True)
class County:
    """Registers of today, those of earlier days (students only), and the people of school age."""

    today: dict[str, Rows]
    earlier: dict[date, Rows]
    population: Rows


def county(seed: int) -> County:
    """The same seed gives the same rows."""
    chance = random.Random(seed)
    held = made_up(seed, 8)
    for school in held["schools"]:
        school["township"] = chance.choice(["甲镇", "乙镇", None])
        school["organizer"] = chance.choice(["7", "7", "10", None])
    for number, student in enumerate(held["students"]):
        student["key"] = f"a{number}"
        student["home_township"] = chance.choice(["甲镇", "甲 镇", "乙镇", "外县某镇", None])
    return County(held, {}, _population(chance))


def followed(seed: int) -> County:
    """A county of pupils only, each with a row for every year at school and at most one after leaving."""
    chance = random.Random(seed)
    days = (*EARLIER, DAY)
    registers: dict[date, Rows] = {day: [] for day in days}
    for number in range(chance.randint(0, 90)):
        began, school = chance.randint(2012, 2025), f"2164{chance.randint(0, 2):06d}"
        leaves = chance.choice([None, None, None, chance.choice(days)])
        for day in days:
            grade = (day.year if day.month >= 8 else day.year - 1) - began + 1
            if not 1 <= grade <= 9:
                continue
            if leaves and day >= leaves:
                if day == leaves and chance.random() < 0.7:
                    registers[day].append(_pupil(number, school, grade, chance.choice(_LEFT)))
                if chance.random() < 0.5:
                    break
                continue
            registers[day].append(_pupil(number, school, grade, "在读"))
            school = school if chance.random() < 0.9 else f"2164{chance.randint(0, 2):06d}"
    schools = [
        {"school_code": f"2164{n:06d}", "school_name": f"校{n}", "school_kind": "312", "organizer": "7",
         "locale": "111", "township": f"{'甲乙丙'[n]}镇"}
        for n in range(3)
    ]  # fmt: skip
    today = {"schools": schools, "students": registers.pop(DAY)}
    kept = {day: rows for day, rows in registers.items() if chance.random() < 0.8}
    return County(today, kept, [])


def _pupil(number: int, school: str, grade: int, status: str) -> dict[str, Any]:
    stage = "小学" if grade <= 6 else "初中"
    return {
        "key": f"p{number}",
        "school_code": school,
        "stage": stage,
        "grade": str(grade),
        "class_number": 1,
        "enrolment_status": status,
    }


def _population(chance: random.Random) -> Rows:
    # A register that does not reach over the ages of a stage gives no rate (see the worked example); these reach over all.
    ends: Rows = [
        {"age": age, "township": None, "studying": None, "disability": None, "people": 900} for age in (2, 19)
    ]
    return ends + [
        {
            "age": chance.randint(2, 19),
            "township": chance.choice(["甲镇", "乙镇", None]),
            "studying": chance.choice(
                [None, "不在学", "学前", "小学", "小学", "初中", "高中", "中职", "特教"]
            ),
            "disability": chance.choice([None, "无", "视力", "智力", "肢体"]),
            "people": chance.choice([None, 1, 3]),
        }
        for _ in range(chance.randint(0, 80))
    ]
