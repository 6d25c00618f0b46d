"""教师指标: shares and numbers of full-time teachers, by school.

A teacher whose 任教学段 is blank belongs to the school's only stage; in a school with several the teacher counts for the
county as a whole and is "not reported" for a single stage.
"""

import narwhals as nw

from junheng.measures.rates_model import Asked, Part, Parts
from junheng.measures.rates_registers import pupils, pupils_by_stage
from junheng.measures.rows import Frame, rows
from junheng.tables import TEACHERS


def _teachers(asked: Asked) -> Frame:
    """Full-time teachers with `stage`: as filled in, else the only one of their school, else blank."""
    return asked.once("teachers", lambda: asked.keep(_placed(asked)))


def _placed(asked: Asked) -> Frame:
    stages = pupils_by_stage(asked)
    only = (
        stages.group_by("school_code")
        .agg(nw.len().alias("stages"), nw.col("stage").min().alias("only_stage"))
        .filter(nw.col("stages") == 1)
        .select("school_code", "only_stage")
    )
    placed = asked.held.teachers.join(only, on="school_code", how="left").with_columns(
        nw.coalesce("teaching_stage", "only_stage").alias("stage")
    )
    return placed.filter(nw.col("post_kind").is_in(asked.rules.names("teacher.post")))


def _counted(asked: Asked, condition: nw.Expr, column: str) -> dict[str, tuple[int, int, int]]:
    """{school code: (teachers who meet it, teachers of whom it is known, teachers of whom it or the stage is not)}."""
    found = asked.once(
        f"counted {asked.measure.code}", lambda: _by_stage(_teachers(asked), condition, column)
    )
    answer: dict[str, tuple[int, int, int]] = {}
    for code, stage, meet, known, total in found:
        if asked.stages and stage not in asked.stages:
            if stage is not None:
                continue
            meet, known = 0, 0
        before = answer.get(code, (0, 0, 0))
        answer[code] = before[0] + meet, before[1] + known, before[2] + total - known
    return answer


def _by_stage(table: Frame, condition: nw.Expr, column: str) -> list[tuple[str, str | None, int, int, int]]:
    """Per school and stage: teachers who meet the condition, of whom it is known, all."""
    grouped = table.group_by("school_code", "stage").agg(
        condition.cast(nw.Int64).fill_null(0).sum().alias("meet"),
        nw.col(column).count().alias("known"),
        nw.len().alias("total"),
    )
    names = ("school_code", "stage", "meet", "known", "total")
    return [tuple(row[name] for name in names) for row in rows(grouped)]


def _share(asked: Asked, condition: nw.Expr, what: str) -> Parts:
    found = _counted(asked, condition, asked.how("column"))
    parts = [
        Part(code, meet if known else None, known or None, blank)
        for code, (meet, known, blank) in found.items()
    ]
    return Parts(parts, f"{asked.whose}的专任教师，{what}", "名教师", asked.missing("teachers"))


def teacher_count(asked: Asked) -> Parts:
    """专任教师数."""
    found = _counted(asked, ~nw.col("post_kind").is_null(), "post_kind")
    parts = [Part(code, meet, None, blank) for code, (meet, _, blank) in found.items()]
    return Parts(parts, f"{asked.whose}的专任教师", "名教师", asked.missing("teachers"))


def pupils_per_teacher(asked: Asked) -> Parts:
    """生师比 over schools of which both pupils and teachers are known; a school without a teacher row is not reported."""
    found = _counted(asked, ~nw.col("post_kind").is_null(), "post_kind")
    covered = {row["school_code"] for row in rows(asked.held.teachers.select("school_code").unique())}
    parts = []
    for code, n in pupils(asked, asked.stages).items():
        known = n is not None and code in covered
        teachers = float(found.get(code, (0, 0, 0))[0])
        parts.append(Part(code, n if known else None, teachers if known else None, not known))
    return Parts(parts, f"{asked.whose}的在读学生和专任教师", missing=asked.missing("teachers"))


def teacher_share(asked: Asked) -> Parts:
    """骨干、学历、职称占比: the column is among the codes of the setting or of the pack's standard."""
    column = asked.how("column")
    return _share(asked, nw.col(column).is_in(_values(asked)), f"{_heading(column)}为空的不计入分母")


def teacher_flag(asked: Asked) -> Parts:
    """持证上岗率."""
    column = asked.how("column")
    return _share(asked, nw.col(column), f"{_heading(column)}为空的不计入分母")


def teacher_qualified(asked: Asked) -> Parts:
    """高于规定学历教师占比: each stage by its own list of the pack."""
    condition = nw.col("stage").is_null() & ~nw.col("stage").is_null()
    for stage, codes in asked.rules.lists("qualified.education").items():
        condition = condition | ((nw.col("stage") == nw.lit(stage)) & nw.col("education").is_in(codes))
    return _share(asked, condition, "学历为空的不计入分母")


def teacher_number(asked: Asked) -> Parts:
    """骨干教师数 of the levels that the measure names."""
    column = asked.how("column")
    found = _counted(asked, nw.col(column).is_in(_values(asked)), column)
    parts = [Part(code, meet if known else None, None, blank) for code, (meet, known, blank) in found.items()]
    levels = "、".join(_values(asked))
    return Parts(
        parts, f"{asked.whose}{_heading(column)}为{levels}的专任教师", "名教师", asked.missing("teachers")
    )


def _values(asked: Asked) -> list[str]:
    how = asked.measure.how
    if "values" in how:
        return [str(value) for value in how["values"]]
    return asked.rules.names(how["pack"]) if "pack" in how else asked.setting()


def _heading(column: str) -> str:
    return TEACHERS.by_name[column].heading
