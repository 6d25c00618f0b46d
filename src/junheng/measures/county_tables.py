"""县级指标的数据: the registers reduced to what the county lines look at: classes, rooms, teachers and migrants per school."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw

from junheng.measures.fact_table import STAGES
from junheng.measures.registers import Registers
from junheng.measures.rows import Frame, blank, rows
from junheng.policy import PackDay


@dataclass(frozen=True, slots=True)
class ClassRow:
    """一个教学班: `students` from the student register, else from the class register; None when neither says."""

    school_code: str
    stage: str
    grade: str
    class_number: int
    students: int | None


@dataclass(frozen=True, slots=True)
class TeacherRow:
    """一校的专任教师（小学、初中）: how many meet a condition, and of how many it is known."""

    school_code: str
    full_time: int
    trained: int
    hours_known: int
    certified: int
    certificate_known: int


@dataclass(frozen=True, slots=True)
class Rotation:
    """交流轮岗: counts over the whole county's teachers of 小学 and 初中; `known` have both flags filled."""

    teachers: int
    eligible: int
    eligible_known: int
    rotating: int
    rotating_known: int
    rotating_backbone: int
    backbone_unknown: int


@dataclass(frozen=True, slots=True)
class Item:
    """县级数据的一项: figure, conclusion and where they come from."""

    figure: float | None
    conclusion: str | None
    evidence: str | None


def class_rows(held: Registers, rules: PackDay) -> list[ClassRow]:
    """班级: every class of 小学 and 初中, in order of school, grade and number."""
    found = rows(class_table(held, rules))
    answer = [
        ClassRow(row["school_code"], row["stage"], row["grade"], row["class_number"], row["students"])
        for row in found
    ]
    return sorted(
        answer, key=lambda c: (c.school_code, int(c.grade) if c.grade.isdigit() else 0, c.class_number)
    )


def class_table(held: Registers, rules: PackDay, stages: Sequence[str] = STAGES) -> Frame:
    """班级 → one row per class of `stages`: school_code, stage, grade, class_number, students."""
    key = ["school_code", "stage", "grade", "class_number"]
    none = blank(nw.Int64)
    enrolled = held.students.filter(nw.col("enrolment_status").is_in(rules.names("scope.enrolled")))
    by_student = enrolled.group_by(*key).agg(nw.len().cast(nw.Int64).alias("enrolled"))
    by_student = by_student.select(*key, nw.col("enrolled"), none.alias("class_students"))
    by_class = held.classes.select(*key, none.alias("enrolled"), nw.col("class_students"))
    both = nw.concat([by_student, by_class], how="vertical").filter(
        nw.col("stage").is_in(list(stages)) & ~nw.col("grade").is_null() & ~nw.col("class_number").is_null()
    )
    grouped = both.group_by(*key).agg(nw.col("enrolled").max(), nw.col("class_students").max())
    return grouped.select(*key, nw.coalesce("enrolled", "class_students").alias("students"))


def teacher_rows(held: Registers, rules: PackDay) -> list[TeacherRow]:
    """专任教师 of 小学 and 初中, per school: training hours and certificates."""
    hours = rules.number("G9.hours")
    teachers = compulsory_teachers(held, rules).filter(nw.col("post_kind").is_in(rules.names("teacher.post")))
    table = teachers.group_by("school_code").agg(
        nw.len().alias("full_time"),
        _ones(nw.col("training_hours") >= hours).alias("trained"),
        nw.col("training_hours").count().alias("hours_known"),
        _ones(nw.col("certificate")).alias("certified"),
        nw.col("certificate").count().alias("certificate_known"),
    )
    found = [TeacherRow(**{name: row[name] for name in TeacherRow.__slots__}) for row in rows(table)]
    return sorted(found, key=lambda row: row.school_code)


def rotation(held: Registers, rules: PackDay) -> Rotation:
    """交流轮岗 of the county: all teachers of 小学 and 初中, whatever their post."""
    rotating = nw.col("rotating")
    backbone = nw.col("backbone").is_in(rules.names("backbone.levels"))
    table = compulsory_teachers(held, rules).select(
        nw.len().alias("teachers"),
        _ones(nw.col("rotation_eligible")).alias("eligible"),
        nw.col("rotation_eligible").count().alias("eligible_known"),
        _ones(rotating).alias("rotating"),
        rotating.count().alias("rotating_known"),
        _ones(rotating & backbone).alias("rotating_backbone"),
        _ones(rotating & nw.col("backbone").is_null()).alias("backbone_unknown"),
    )
    row = next(rows(table))
    return Rotation(**{name: int(row[name] or 0) for name in Rotation.__slots__})


def compulsory_teachers(held: Registers, rules: PackDay) -> Frame:
    """Teachers of 小学 and 初中; where 任教学段 is blank, those of schools whose kind has no other stage."""
    schools = held.schools.select("school_code", "school_kind")
    table = held.teachers.join(schools, on="school_code", how="left")
    stage = nw.col("teaching_stage")
    for kind, name in rules.texts("teacher.stage_of_kind").items():
        of_kind = nw.when(nw.col("school_kind") == nw.lit(kind)).then(nw.lit(name))
        stage = nw.coalesce(stage, of_kind.otherwise(blank(nw.String)))
    return table.with_columns(stage.alias("stage")).filter(nw.col("stage").is_in(list(STAGES)))


def _ones(condition: nw.Expr) -> nw.Expr:
    return condition.cast(nw.Int64).fill_null(0).sum().cast(nw.Int64)


def migrant_shares(held: Registers, rules: PackDay) -> dict[str, float]:
    """{school code: share of migrant children} among enrolled pupils whose flag is filled."""
    enrolled = held.students.filter(
        nw.col("enrolment_status").is_in(rules.names("scope.enrolled"))
        & nw.col("stage").is_in(list(STAGES))
        & ~nw.col("migrant").is_null()
    )
    table = enrolled.group_by("school_code").agg(
        nw.len().alias("known"), _ones(nw.col("migrant")).alias("migrants")
    )
    return {row["school_code"]: row["migrants"] / row["known"] for row in rows(table)}


def rooms(held: Registers) -> dict[str, tuple[list[float] | None, list[float] | None]]:
    """{school code: (areas of music rooms, areas of art rooms)}, all premises rows together; None: not reported."""
    answer: dict[str, tuple[list[float] | None, list[float] | None]] = {}
    for row in rows(held.premises.select("school_code", "music_rooms", "art_rooms")):
        music, art = answer.get(row["school_code"], (None, None))
        answer[row["school_code"]] = (_joined(music, row["music_rooms"]), _joined(art, row["art_rooms"]))
    return answer


def _joined(have: list[float] | None, more: Any) -> list[float] | None:
    if more is None:
        return have
    return [*(have or []), *(area for area in more if area > 0)]


def school_columns(held: Registers) -> dict[str, dict[str, Any]]:
    """{school code: the columns of the school register that county lines use}."""
    names = (
        "school_code", "school_name", "school_kind", "organizer", "locale", "built_year", "boarding", "has_charter",
        "funded_pupils", "public_budget", "public_final", "training_spend", "intake_from_zone", "intake_total",
    )  # fmt: skip
    return {row["school_code"]: row for row in rows(held.schools.select(*names))}


def items(held: Registers) -> dict[str, Item]:
    """县级数据: {item code: Item}."""
    table = held.county.select("item", "figure", "conclusion", "evidence")
    return {row["item"]: Item(row["figure"], row["conclusion"], row["evidence"]) for row in rows(table)}


def relief_rows(held: Registers) -> list[tuple[str, str, date, str]]:
    """特殊情形认定: (school code, relief, granted_on, evidence), in order."""
    table = held.reliefs.select("school_code", "relief", "granted_on", "evidence")
    found = [
        (row["school_code"], row["relief"], row["granted_on"], row["evidence"] or "")
        for row in rows(table)
        if row["relief"] and row["granted_on"]
    ]
    return sorted(found)
