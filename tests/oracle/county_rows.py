"""Small made-up counties for the twins: registers with blanks, multi-stage schools, reliefs and branch premises."""

import random
from datetime import date
from typing import Any

from junheng.measures import FactRow

Registers = dict[str, list[dict[str, Any]]]
DAY = date(2026, 3, 1)
STAGES_OF = {
    "211": ["小学"],
    "218": ["小学"],
    "311": ["初中"],
    "312": ["小学", "初中"],
    "341": ["初中", "高中"],
    "345": ["小学", "初中", "高中"],
    "342": ["高中"],
    "361": ["中职", "初中"],
    "511": ["小学"],
    "111": ["学前"],
}
GRADES = {
    "学前": ["K1"],
    "小学": ["1", "2", "3"],
    "初中": ["7", "8"],
    "高中": ["10"],
    "中职": ["10"],
}


def made_up(seed: int, size: int = 12) -> Registers:
    """A county of `size` schools. The same seed gives the same rows."""
    chance = random.Random(seed)
    held: Registers = {
        name: [] for name in ("schools", "premises", "classes", "students", "teachers", "reliefs", "county")
    }
    for number in range(size):
        code = f"2164{number:06d}"
        kind = chance.choice(list(STAGES_OF))
        held["schools"].append(
            {
                "school_code": code,
                "school_name": f"学校{number}",
                "school_kind": kind,
                "organizer": chance.choice(["7", "7", "7", "10"]),
                "locale": chance.choice(["111", "121", "210", "220"]),
                "township": "某镇",
                "built_year": chance.choice([None, 2005, 2012, 2018]),
                "boarding": chance.choice([None, True, False]),
                "has_charter": chance.choice([None, True, True, False]),
                "funded_pupils": chance.choice([None, 80, 100]),
                "public_budget": _some(chance, 10, 200),
                "public_final": _some(chance, 10, 200),
                "training_spend": _some(chance, 0, 12),
                "intake_from_zone": chance.choice([None, 38, 40]),
                "intake_total": chance.choice([None, 40]),
            }
        )
        _school(held, chance, code, kind)
    return held


def _some(chance: random.Random, low: int, high: int) -> float | None:
    return None if chance.random() < 0.1 else chance.randint(low * 100, high * 100) / 100


def _school(held: Registers, chance: random.Random, code: str, kind: str) -> None:
    if chance.random() < 0.1:
        return
    register = chance.random() < 0.5
    for stage in STAGES_OF[kind]:
        for grade in GRADES[stage]:
            size = chance.choice([None, 8, 15, 24, 30, 44, 47, 58, 70])
            held["classes"].append(
                {
                    "school_code": code,
                    "stage": stage,
                    "grade": grade,
                    "class_number": 1,
                    "class_students": size,
                }
            )
            if register:
                held["students"] += [
                    {
                        "school_code": code,
                        "stage": stage,
                        "grade": grade,
                        "class_number": 1,
                        "enrolment_status": "休学" if number == 0 else "在读",
                        "migrant": chance.choice([None, True, False]),
                    }
                    for number in range((size or 20) + chance.randint(-2, 2))
                ]
    places = ["全校"] + ([STAGES_OF[kind][0]] if chance.random() < 0.2 else [])
    for place in places:
        if chance.random() < 0.9:
            held["premises"].append(_premises(chance, code, place))
    if chance.random() < 0.9:
        for _ in range(chance.randint(1, 14)):
            held["teachers"].append(_teacher(chance, code, kind))
    for relief in ("arts_sports_shared", "sports_extra", "rooms_built_2016", "size_migrant"):
        if chance.random() < 0.3:
            held["reliefs"].append(
                {
                    "school_code": code,
                    "relief": relief,
                    "granted_on": chance.choice(
                        [
                            date(2022, 1, 1),
                            date(2023, 3, 1),
                            date(2023, 3, 2),
                            date(2025, 9, 1),
                            date(2026, 9, 1),
                        ]
                    ),
                    "evidence": chance.choice(["某文〔2025〕1号", ""]),
                }
            )


def _premises(chance: random.Random, code: str, place: str) -> dict[str, Any]:
    return {
        "school_code": code,
        "premises_stage": place,
        "teaching_area": _some(chance, 100, 3000),
        "indoor_sports_area": chance.choice([None, 0.0, 0.0, 50.5]),
        "gymnasium_area": chance.choice([None, 0.0, 120.0]),
        "sports_ground_area": _some(chance, 100, 5000),
        "extra_sports_area": chance.choice([None, 300.0]),
        "equipment_value": _some(chance, 1, 90),
        "multimedia_rooms": chance.choice([None, 0, 3, 8]),
        "music_rooms": chance.choice([None, (), (96.0,), (75.5, 100.0)]),
        "art_rooms": chance.choice([None, (90.0,), (66.0,)]),
        "computers": chance.randint(0, 60),
        "books": chance.randint(0, 9000),
    }


def _teacher(chance: random.Random, code: str, kind: str) -> dict[str, Any]:
    return {
        "school_code": code,
        "post_kind": chance.choice(["专任教师", "专任教师", "专任教师", "行政人员"]),
        "teaching_stage": chance.choice([None, *STAGES_OF[kind]]),
        "education": chance.choice([None, "21", "31", "41", "23"]),
        "subject": chance.choice([None, "语文", "体育", "音乐", "美术"]),
        "title": chance.choice([None, "一级教师", "二级教师"]),
        "backbone": chance.choice([None, "无", "校级", "县级", "省级"]),
        "certificate": chance.choice([None, True, True, False]),
        "rotation_eligible": chance.choice([None, True, False]),
        "rotating": chance.choice([None, True, False, False]),
        "shared_school": chance.choice([None, None, "2164000000", "2164000003"]),
        "training_hours": chance.choice([None, 100.0, 360.0, 400.0]),
    }


def made_up_facts(seed: int, size: int = 30) -> list[FactRow]:
    """校表 rows, with blanks, zeros, boundary values and two counties."""
    chance = random.Random(seed)
    answer = []
    for number in range(size):
        students = chance.choice([None, 0, 20, 45, 100, 467, 1000, chance.randint(1, 3000)])
        people = max(students or 30, 1)
        answer.append(
            FactRow(
                county=chance.choice(["甲县", "乙县"]),
                school_code="",
                school=f"学校{number}",
                stage=chance.choice(["小学", "初中"]),
                students=students,
                amounts={
                    "qualified_teachers": _whole(chance, people * 0.053),
                    "backbone_teachers": _whole(chance, people * 0.01),
                    "arts_sports_teachers": _whole(chance, people * 0.009),
                    "teaching_area": _exactly(chance, people * 4.5),
                    "sports_area": _exactly(chance, people * 7.5),
                    "equipment_value": _exactly(chance, people * 0.2),
                    "multimedia_rooms": _whole(chance, people * 0.023),
                },
                in_scope=chance.random() < 0.9,
            )
        )
    return answer


def _whole(chance: random.Random, near: float) -> float | None:
    return chance.choice([None, 0.0, float(round(near)), float(round(near) + chance.randint(0, 9))])


def _exactly(chance: random.Random, near: float) -> float | None:
    return chance.choice(
        [None, 0.0, round(near, 2), round(near * 0.85, 2), round(near * chance.random() * 2, 2)]
    )
