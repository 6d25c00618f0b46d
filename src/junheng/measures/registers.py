"""登记表: the six registers as complete tables, and which pupils and classes stand behind a school and stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import narwhals as nw

from junheng.measures.fact_table import STAGES
from junheng.measures.rows import Frame, Type, blank, completed
from junheng.policy import PackDay
from junheng.tables import SHEETS, Sheet
from junheng.tables.model import Kind

_TYPES: dict[Kind, Type] = {
    "integer": nw.Int64,
    "year": nw.Int64,
    "decimal": nw.Float64,
    "date": nw.Date,
    "month": nw.Date,
    "flag": nw.Boolean,
    "areas": nw.List(nw.Float64),
}
REGISTERS = ("schools", "premises", "classes", "students", "teachers", "reliefs", "county")


@dataclass(frozen=True)
class Registers:
    """登记表: each with all its plain columns; a register that was not given is empty, and not in `given`."""

    schools: Frame
    premises: Frame
    classes: Frame
    students: Frame
    teachers: Frame
    reliefs: Frame
    county: Frame
    given: frozenset[str]


def registers(tables: Mapping[str, Frame]) -> Registers:
    """Complete the registers that are there. KeyError when not even one is: there is nothing to start from."""
    given = frozenset(tables) & frozenset(REGISTERS)
    any_table = tables[min(given)] if given else tables["schools"]
    frames = {
        name: _complete(tables[name], SHEETS[name]) if name in given else _none(any_table, SHEETS[name])
        for name in REGISTERS
    }
    return Registers(**frames, given=given)


def _complete(frame: Frame, sheet: Sheet) -> Frame:
    return completed(frame, {c.name: _TYPES.get(c.kind, nw.String) for c in sheet.plain})


def _none(other: Frame, sheet: Sheet) -> Frame:
    """A table without rows, made from another because only an engine can make one from nothing."""
    columns = [blank(_TYPES.get(c.kind, nw.String)).alias(c.name) for c in sheet.plain]
    return other.head(0).select(*columns)


def stage_pupils(held: Registers, rules: PackDay) -> Frame:
    """学段在校生: one row per (school_code, stage) that any register knows: `students`, `classes`, `grades`.

    Pupils come from the student register (enrolled ones only); where it has none for the school and stage, from the class
    register, and there a class left blank makes the sum blank. A school of 小学 or 初中 kind that no register knows
    gets its stages with blank pupils, so that it is seen to be missing.
    """
    enrolled = held.students.filter(nw.col("enrolment_status").is_in(rules.names("scope.enrolled")))
    none = blank(nw.Int64)
    by_student = (
        enrolled.group_by("school_code", "stage")
        .agg(nw.len().cast(nw.Int64).alias("enrolled"), nw.col("grade").n_unique().alias("grades_enrolled"))
        .select(
            "school_code",
            "stage",
            nw.col("enrolled"),
            nw.col("grades_enrolled").cast(nw.Int64).alias("grades_enrolled"),
            none.alias("in_classes"),
            none.alias("classes"),
            none.alias("grades"),
        )
    )
    by_class = (
        held.classes.group_by("school_code", "stage")
        .agg(
            nw.col("class_students").sum().cast(nw.Int64).alias("total"),
            nw.col("class_students").null_count().alias("blanks"),
            nw.len().cast(nw.Int64).alias("classes"),
            nw.col("grade").n_unique().cast(nw.Int64).alias("grades"),
        )
        .select(
            "school_code",
            "stage",
            none.alias("enrolled"),
            none.alias("grades_enrolled"),
            nw.when(nw.col("blanks") == 0).then(nw.col("total")).otherwise(none).alias("in_classes"),
            nw.col("classes"),
            nw.col("grades"),
        )
    )
    known = nw.concat([by_student, by_class], how="vertical").filter(~nw.col("stage").is_null())
    every = nw.concat([known, _expected(held, known, rules)], how="vertical")
    answer = every.group_by("school_code", "stage").agg(
        *[nw.col(n).max() for n in ("enrolled", "grades_enrolled", "in_classes", "classes", "grades")]
    )
    return answer.select(
        "school_code",
        "stage",
        nw.coalesce("enrolled", "in_classes").alias("students"),
        nw.col("classes"),
        nw.coalesce("grades", "grades_enrolled").alias("grades"),
    )


def _expected(held: Registers, known: Frame, rules: PackDay) -> Frame:
    """The stages that a school's kind implies, for schools of which no register knows a 小学 or 初中 pupil or class."""
    seen = known.filter(nw.col("stage").is_in(list(STAGES))).select("school_code").unique()
    unseen = held.schools.select("school_code", "school_kind").join(seen, on="school_code", how="anti")
    none = blank(nw.Int64)
    stages = rules.lists("scope.stages")
    frames = []
    for stage in STAGES:
        kinds = [kind for kind, implied in stages.items() if stage in implied]
        frames.append(
            unseen.filter(nw.col("school_kind").is_in(kinds)).select(
                "school_code",
                nw.lit(stage).alias("stage"),
                *[none.alias(n) for n in ("enrolled", "grades_enrolled", "in_classes", "classes", "grades")],
            )
        )
    return nw.concat(frames, how="vertical")


def reliefs_in_force(held: Registers, rules: PackDay) -> Frame:
    """有效的特殊情形: one row per school with a relief in force on the day: a true/false column for each relief code.

    In force from `granted_on` for the pack's number of years (the last day is the one before the anniversary), and only
    with evidence. A pack without reliefs has none.
    """
    codes = [name for name in RELIEFS if rules.has("relief.years")]
    day = rules.day
    years = int(rules.number("relief.years")) if rules.has("relief.years") else 0
    current = held.reliefs.filter(
        (nw.col("granted_on") <= nw.lit(day))
        & (nw.col("granted_on") > nw.lit(years_before(day, years)))
        & (nw.col("evidence").fill_null("") != nw.lit(""))
    )
    flags = [
        (nw.col("relief") == nw.lit(code)).cast(nw.Int64).fill_null(0).max().alias(f"has_{code}")
        for code in codes or RELIEFS
    ]
    grouped = current.group_by("school_code").agg(*flags)
    if not codes:
        grouped = grouped.head(0)
    return grouped.select(
        "school_code", *[(nw.col(f"has_{code}") == nw.lit(1)).alias(f"has_{code}") for code in RELIEFS]
    )


RELIEFS = (
    "arts_sports_shared",
    "sports_extra",
    "rooms_built_2016",
    "rooms_small_class",
    "size_built_2010",
    "size_migrant",
)


def years_before(day: date, years: int) -> date:
    """The same date `years` earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
