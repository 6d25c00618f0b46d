"""教师事实: per school and stage, the teachers that the resource indicators count.

A register covers a school when it has any row for it; then a stage without teachers has 0. A school without any row is
not reported. A column that no full-time teacher of the stage has filled is not reported either; where some are blank,
the filled ones count and `teacher_blanks` says how many are missing.
"""

import narwhals as nw

from junheng.measures.registers import Registers
from junheng.measures.rows import Frame, blank
from junheng.policy import PackDay

# numerator: the column that must be filled for it
_COLUMNS = {
    "qualified_teachers": "education",
    "backbone_teachers": "backbone",
    "arts_sports_teachers": "subject",
    "senior_teachers": "title",
}


def teacher_counts(held: Registers, pupils: Frame, rules: PackDay) -> Frame:
    """One row per (school_code, stage) of `pupils`: full_time_teachers and the numerators above, and shared_teachers.

    A teacher whose 任教学段 is blank belongs to the school's only stage; in a school with several it is not counted.
    """
    only = (
        pupils.group_by("school_code")
        .agg(nw.len().alias("stages"), nw.col("stage").min().alias("only_stage"))
        .filter(nw.col("stages") == 1)
        .select("school_code", "only_stage")
    )
    placed = held.teachers.join(only, on="school_code", how="left").with_columns(
        nw.coalesce("teaching_stage", "only_stage").alias("stage")
    )
    full_time = placed.filter(nw.col("post_kind").is_in(rules.names("teacher.post")))
    counted = full_time.group_by("school_code", "stage").agg(
        nw.len().cast(nw.Int64).alias("full_time_teachers"),
        *[
            _true(condition).sum().cast(nw.Int64).alias(name)
            for name, condition in _conditions(rules).items()
        ],
        *[nw.col(column).count().cast(nw.Int64).alias(f"{name}_known") for name, column in _COLUMNS.items()],
    )
    covered = held.teachers.select("school_code").unique().with_columns(nw.lit(1).alias("covered"))
    joined = (
        pupils.select("school_code", "stage")
        .join(covered, on="school_code", how="left")
        .join(counted, on=["school_code", "stage"], how="left")
        .join(_shared(held, placed, rules), on=["school_code", "stage"], how="left")
    )
    none = blank(nw.Float64)
    everyone = nw.col("full_time_teachers").fill_null(0)
    answers = [nw.when(nw.col("covered") == 1).then(everyone.cast(nw.Float64)).otherwise(none)]
    names = ["full_time_teachers"]
    for name in _COLUMNS:
        filled = nw.when((everyone == 0) | (nw.col(f"{name}_known") > 0)).then(
            nw.col(name).fill_null(0).cast(nw.Float64)
        )
        answers.append(nw.when(nw.col("covered") == 1).then(filled).otherwise(none))
        names.append(name)
    return joined.select(
        "school_code",
        "stage",
        *[answer.alias(name) for name, answer in zip(names, answers, strict=True)],
        nw.col("shared_teachers").fill_null(0).cast(nw.Float64).alias("shared_teachers"),
    )


def _conditions(rules: PackDay) -> dict[str, nw.Expr]:
    """Which full-time teacher counts for which numerator; a pack that does not use one need not define it."""
    never = nw.col("stage").is_null() & ~nw.col("stage").is_null()
    qualified = never
    for stage, codes in rules.lists("qualified.education").items():
        qualified = qualified | ((nw.col("stage") == nw.lit(stage)) & nw.col("education").is_in(codes))

    def among(column: str, standard: str) -> nw.Expr:
        return nw.col(column).is_in(rules.names(standard)) if rules.has(standard) else never

    return {
        "qualified_teachers": qualified,
        "backbone_teachers": among("backbone", "backbone.levels"),
        "arts_sports_teachers": among("subject", "arts_sports.subjects"),
        "senior_teachers": among("title", "senior.titles"),
    }


def _shared(held: Registers, placed: Frame, rules: PackDay) -> Frame:
    """走教、兼职、交流: arts and sports teachers who serve a school without being its full-time teachers, by stage.

    They count only under the relief `arts_sports_shared`: those who name the school as 走教兼职学校, and those on its own
    register who rotate in without a full-time post.
    """
    subjects = rules.names("arts_sports.subjects") if rules.has("arts_sports.subjects") else [""]
    posts = rules.names("teacher.post")
    arts = placed.filter(nw.col("subject").is_in(subjects))
    visiting = arts.filter(~nw.col("shared_school").is_null()).select(
        nw.col("shared_school").alias("school_code"), nw.col("teaching_stage").alias("stage")
    )
    rotating = arts.filter(nw.col("rotating") & ~nw.col("post_kind").is_in(posts)).select(
        "school_code", "stage"
    )
    both = nw.concat([visiting, rotating], how="vertical").filter(~nw.col("stage").is_null())
    return both.group_by("school_code", "stage").agg(nw.len().cast(nw.Int64).alias("shared_teachers"))


def _true(condition: nw.Expr) -> nw.Expr:
    """1 where true, 0 where false or blank."""
    return condition.cast(nw.Int64).fill_null(0)
