"""学校事实: registers → one row per school and stage, with scope, reliefs and the numerators of all resource indicators."""

import narwhals as nw

from junheng.measures.fact_table import PLAIN, STAGES, numerators
from junheng.measures.premises_facts import premises_amounts
from junheng.measures.registers import RELIEFS, Registers, reliefs_in_force, stage_pupils
from junheng.measures.rows import Frame, Keep, as_planned, completed
from junheng.measures.teacher_facts import teacher_counts
from junheng.policy import PackDay


def school_facts(held: Registers, rules: PackDay, county: str = "", keep: Keep = as_planned) -> Frame:
    """登记表 → 事实: the columns of `fact_table.PLAIN` and the pack's numerators; out-of-scope rows stay, with the reason.

    `keep` (an engine's) computes the small tables on the way once; without it the answer is one plan.
    """
    pupils = keep(stage_pupils(held, rules))
    reliefs = keep(reliefs_in_force(held, rules))
    on = ["school_code", "stage"]
    table = (
        pupils.filter(nw.col("stage").is_in(list(STAGES)))
        .join(keep(teacher_counts(held, pupils, rules)), on=on, how="left")
        .join(keep(premises_amounts(held, pupils, reliefs, rules)), on=on, how="left")
        .join(_schools(held), on="school_code", how="inner")
        .join(reliefs, on="school_code", how="left")
    )
    table = table.with_columns(
        *[nw.col(f"has_{code}").fill_null(False).alias(f"has_{code}") for code in RELIEFS]
    )
    table = _with_shared_teachers(table, rules)
    table = table.with_columns(_reason(rules).alias("reason"), nw.lit(county).alias("county"))
    marks = [nw.when(nw.col(f"has_{c}")).then(nw.lit(f"{c} ")).otherwise(nw.lit("")) for c in RELIEFS]
    table = table.with_columns(
        (nw.col("reason") == nw.lit("")).alias("in_scope"),
        nw.concat_str(marks).alias("reliefs"),
    )
    return completed(table, PLAIN | dict.fromkeys(numerators(rules.pack), nw.Float64))


def _schools(held: Registers) -> Frame:
    return held.schools.select(
        "school_code",
        nw.col("school_name").alias("school"),
        nw.col("school_kind").alias("kind"),
        nw.col("organizer"),
        nw.col("locale"),
    )


def _with_shared_teachers(table: Frame, rules: PackDay) -> Frame:
    """R3 relief: a small rural school or teaching point may count shared and rotating arts and sports teachers."""
    if not rules.has("relief.arts_sports_shared.students"):
        return table
    bounds = rules.by_stage("relief.arts_sports_shared.students")
    small = (nw.col("students") >= bounds["不少于"]) & (nw.col("students") < bounds["少于"])
    rural = nw.col("locale").str.starts_with(rules.text("locale.rural"))
    applies = nw.col("has_arts_sports_shared") & small & rural
    own = nw.col("arts_sports_teachers")
    more = nw.when(applies).then(own + nw.col("shared_teachers")).otherwise(own)
    return table.with_columns(
        more.alias("arts_sports_teachers"), applies.fill_null(False).alias("has_arts_sports_shared")
    )


def _reason(rules: PackDay) -> nw.Expr:
    """Why a row is out of scope, in Chinese; "" when it is in."""
    minimum = rules.number("scope.teaching_point_minimum")
    kind = nw.col("kind").fill_null("")
    small = kind.is_in(rules.names("scope.teaching_point_kinds")) & (nw.col("students") < minimum)
    reasons = [
        (kind.is_in(rules.names("scope.excluded_kinds")), "该办学类型不计入统计"),
        (nw.col("organizer").is_in(rules.names("scope.excluded_organizers")), "该举办者类型不计入统计"),
        (small, f"不足{minimum:g}人的教学点不计入统计"),
    ]
    answer = nw.lit("")
    for condition, words in reversed(reasons):
        answer = nw.when(condition).then(nw.lit(words)).otherwise(answer)
    return answer
