"""The slow twin of the county lines: one pass over plain rows for each line, as an inspector would count."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import Any

from oracle.plain_measures import fraction

Row = Mapping[str, Any]
Held = Mapping[str, Sequence[Row]]
COMPULSORY = ("小学", "初中")
ONE_STAGE = {"211": "小学", "218": "小学", "219": "小学", "311": "初中", "319": "初中"}
BACKBONE = ("县级", "市级", "省级", "国家级")


def class_sizes(held: Held) -> dict[tuple[str, str, str, int], int | None]:
    """{(school, stage, grade, number): pupils}: from the student register where it knows the class."""
    answer: dict[tuple[str, str, str, int], int | None] = {}
    for row in held["classes"]:
        if row["stage"] in COMPULSORY:
            answer[row["school_code"], row["stage"], row["grade"], row["class_number"]] = row[
                "class_students"
            ]
    counted: dict[tuple[str, str, str, int], int] = {}
    for row in held["students"]:
        if row["stage"] in COMPULSORY and row["enrolment_status"] == "在读":
            key = row["school_code"], row["stage"], row["grade"], row["class_number"]
            counted[key] = counted.get(key, 0) + 1
    return answer | counted


def teachers(held: Held) -> list[Row]:
    """Teachers of 小学 and 初中, with the stage of one-stage schools filled in."""
    kinds = {row["school_code"]: row["school_kind"] for row in held["schools"]}
    return [
        row
        for row in held["teachers"]
        if (row["teaching_stage"] or ONE_STAGE.get(kinds.get(row["school_code"], ""))) in COMPULSORY
    ]


def lines(held: Held) -> dict[str, tuple[int | None, int | None]]:
    """{code: (numerator, denominator)} of G5, G9, G11 and G12; None where nothing is reported."""
    sizes = {key: size for key, size in class_sizes(held).items() if size is not None}
    limits = {"小学": 45, "初中": 50}
    within = sum(size <= limits[key[1]] for key, size in sizes.items())
    everyone = teachers(held)
    full_time = [row for row in everyone if row["post_kind"] == "专任教师"]
    hours = [row["training_hours"] for row in full_time if row["training_hours"] is not None]
    held_certificates = [row["certificate"] for row in full_time if row["certificate"] is not None]
    return {
        "G5": (within, len(sizes)),
        "G9": (sum(hour >= 360 for hour in hours), len(hours)),
        "G12": (sum(held_certificates), len(held_certificates)),
        "G11": (
            sum(row["rotating"] is True for row in everyone),
            sum(row["rotation_eligible"] is True for row in everyone),
        ),
    }


def backbone_share(held: Held) -> tuple[int, int]:
    """(backbone among rotating, rotating)."""
    rotating = [row for row in teachers(held) if row["rotating"] is True]
    return sum(row["backbone"] in BACKBONE for row in rotating), len(rotating)


def rooms_required(classes: int) -> int:
    """One room of each sort for every twelve classes or part of twelve."""
    return ceil(Fraction(classes, 12))


def training_funds(held: Held, codes: Sequence[str]) -> tuple[int, int]:
    """(schools that spend at least 5 % of budget, and of the final account if reported; schools that report)."""
    met = checked = 0
    for row in held["schools"]:
        if row["school_code"] not in codes or row["training_spend"] is None or row["public_budget"] is None:
            continue
        checked += 1
        bases = [row["public_budget"]] + ([row["public_final"]] if row["public_final"] is not None else [])
        met += all(fraction(row["training_spend"]) * 20 >= fraction(base) for base in bases)
    return met, checked
