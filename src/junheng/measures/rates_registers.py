"""登记表指标: counts of pupils, classes, schools and premises, by school."""

from collections.abc import Callable

import narwhals as nw

from junheng.measures.county_tables import class_table
from junheng.measures.fact_table import STAGES
from junheng.measures.rates_model import Asked, Part, Parts, SchoolLine
from junheng.measures.registers import stage_pupils
from junheng.measures.rows import Frame, rows

_CLASS_STAGES = ("小学", "初中", "高中", "中职", "学前", "特教")
_NO_PUPILS = "没有学生名册，也没有班级登记，请先导入"


def pupils(asked: Asked, stages: tuple[str, ...]) -> dict[str, int | None]:
    """{school code: enrolled pupils of `stages`}; None as soon as one stage of the school is not reported."""
    answer: dict[str, int | None] = {}
    for code, stage, more in asked.once("pupils", lambda: _pupils(asked)):
        if stages and stage not in stages:
            continue
        have = answer.get(code, 0)
        answer[code] = None if have is None or more is None else have + more
    return answer


def pupils_by_stage(asked: Asked) -> Frame:
    """学段在校生 as a table; see `stage_pupils`."""
    return asked.once("stage_pupils", lambda: asked.keep(stage_pupils(asked.held, asked.rules)))


def _pupils(asked: Asked) -> list[tuple[str, str, int | None]]:
    table = pupils_by_stage(asked).select("school_code", "stage", "students")
    return [(row["school_code"], row["stage"], row["students"]) for row in rows(table)]


def student_count(asked: Asked) -> Parts:
    """在校生数."""
    missing = _no_pupils(asked)
    parts = [Part(code, n, None, n is None) for code, n in pupils(asked, asked.stages).items()]
    return Parts(parts, f"学籍状态为在读的{asked.whose}学生", missing=missing)


def _share_of_pupils(
    asked: Asked, counts: Callable[[SchoolLine | None], bool | None], stages: tuple[str, ...], words: str
) -> Parts:
    """Pupils in schools that count ÷ all pupils; a school of which it is not known is left out and counted."""
    parts = []
    for code, n in pupils(asked, stages).items():
        counted = counts(asked.schools.get(code))
        known = n is not None and counted is not None
        parts.append(Part(code, (n if counted else 0) if known else None, n if known else None, not known))
    return Parts(parts, words, missing=_no_pupils(asked))


def vocational_share(asked: Asked) -> Parts:
    """中职在校生占高中阶段比例."""
    all_of, vocational = pupils(asked, ("高中", "中职")), pupils(asked, ("中职",))
    parts = [
        Part(code, None if n is None else vocational.get(code, 0) or 0, n, n is None)
        for code, n in all_of.items()
    ]
    return Parts(parts, "普通高中和中职的在读学生", missing=_no_pupils(asked))


def public_share(asked: Asked) -> Parts:
    """公办园在园幼儿占比."""
    return _share_of_pupils(
        asked, lambda school: school.public if school else None, asked.stages, "在园（在读）幼儿，按所在学校的举办者类型分"
    )  # fmt: skip


def migrant_public(asked: Asked) -> Parts:
    """随迁子女在公办学校就读比例; pupils whose 随迁子女 is blank are counted as not reported."""
    enrolled = asked.held.students.filter(
        nw.col("enrolment_status").is_in(asked.rules.names("scope.enrolled"))
        & nw.col("stage").is_in(list(asked.stages))
    )
    table = enrolled.group_by("school_code").agg(
        nw.col("migrant").cast(nw.Int64).fill_null(0).sum().alias("migrants"),
        nw.col("migrant").null_count().alias("blank"),
    )
    parts = []
    for row in rows(table):
        school = asked.schools.get(row["school_code"])
        known = school is not None and school.public is not None
        there = row["migrants"] if school and school.public else 0
        parts.append(
            Part(
                row["school_code"],
                there if known else None,
                row["migrants"] if known else None,
                row["blank"] + (0 if known else row["migrants"]),
            )
        )
    return Parts(parts, f"{asked.whose}在读学生中的随迁子女", "名学生", asked.missing("schools", "students"))


def _classes(asked: Asked) -> dict[str, list[tuple[str, int | None]]]:
    """{school code: [(stage, students) of each class]}."""
    stages = asked.stages or _CLASS_STAGES
    answer: dict[str, list[tuple[str, int | None]]] = {}
    for code, stage, students in asked.once("classes", lambda: _class_rows(asked)):
        if stage in stages:
            answer.setdefault(code, []).append((stage, students))
    return answer


def _class_rows(asked: Asked) -> list[tuple[str, str, int | None]]:
    table = class_table(asked.held, asked.rules, _CLASS_STAGES)
    return [(row["school_code"], row["stage"], row["students"]) for row in rows(table)]


def _by_class(asked: Asked, counts: Callable[[str, int], float], *, share: bool, words: str) -> Parts:
    parts = []
    for code, found in _classes(asked).items():
        known = [(stage, n) for stage, n in found if n is not None]
        total = float(len(known)) if share else None
        parts.append(
            Part(
                code,
                sum(counts(stage, n) for stage, n in known) if known else None,
                total if known else None,
                len(found) - len(known),
            )
        )
    return Parts(parts, words, "个班", _no_pupils(asked))


def _band(asked: Asked) -> float:
    return asked.rules.by_stage("class.bands")[asked.how("setting")]


def class_share(asked: Asked) -> Parts:
    """大班额、超大班额占比."""
    start = _band(asked)
    return _by_class(
        asked,
        lambda _, n: n >= start,
        share=True,
        words=f"{asked.whose}的教学班，分子为{start:g}人及以上的班",
    )


def class_count(asked: Asked) -> Parts:
    """大班额、超大班额班级数."""
    start = _band(asked)
    return _by_class(
        asked, lambda _, n: n >= start, share=False, words=f"{asked.whose}{start:g}人及以上的教学班"
    )


def class_standard(asked: Asked) -> Parts:
    """标准班额占比."""
    limits = asked.rules.by_stage("G5")
    bounds = "、".join(f"{stage}{limits[stage]:g}人" for stage in asked.stages)
    return _by_class(
        asked,
        lambda stage, n: n <= limits[stage],
        share=True,
        words=f"{asked.whose}的教学班，分子为不超过上限（{bounds}）的班",
    )


def class_average(asked: Asked) -> Parts:
    """平均班额."""
    return _by_class(asked, lambda _, n: n, share=True, words=f"{asked.whose}的教学班及其学生数")


def class_all(asked: Asked) -> Parts:
    """班级数: a class counts whether or not its size is known."""
    parts = [Part(code, len(found)) for code, found in _classes(asked).items()]
    return Parts(parts, f"{asked.whose}的教学班", "个班", _no_pupils(asked))


def school_large(asked: Asked) -> Parts:
    """大校额学校数: schools with more pupils of the asked stages (小学 and 初中 if none is named) than the pack's bound."""
    limit = asked.rules.number("school.oversized")
    parts = [
        Part(code, None if n is None else n > limit, None, n is None)
        for code, n in pupils(asked, asked.stages or STAGES).items()
    ]
    return Parts(parts, f"{asked.whose}在校生超过{limit:g}人的学校", missing=_no_pupils(asked))


def school_count(asked: Asked) -> Parts:
    """学校数 of the kinds that the measure names."""
    kinds = asked.how("kinds")
    parts = [Part(code, school.kind in kinds) for code, school in asked.schools.items()]
    return Parts(parts, "学校登记表中该办学类型的学校", missing=asked.missing("schools"))


def premises_share(asked: Asked) -> Parts:
    """有网络多媒体教室的学校占比: schools with at least one ÷ schools that report; kindergartens are left out."""
    parts = [
        Part(code, None if n is None else n > 0, None if n is None else 1.0, n is None)
        for code, n in _premises(asked, asked.how("column")).items()
    ]
    return Parts(parts, "校舍与设备登记表中的学校，不含幼儿园", missing=asked.missing("schools", "premises"))


def premises_per_pupil(asked: Asked) -> Parts:
    """生均台数、册数 over schools that report both; kindergartens are left out."""
    students = pupils(asked, ())
    parts = []
    for code, have in _premises(asked, asked.how("column")).items():
        known = have is not None and students.get(code) is not None
        parts.append(
            Part(code, have if known else None, float(students[code] or 0) if known else None, not known)
        )
    return Parts(
        parts, "校舍与设备登记表和在读学生，不含幼儿园", missing=asked.missing("schools", "premises")
    )


def _premises(asked: Asked, column: str) -> dict[str, float | None]:
    """{school code: the column summed over its premises}; None where any is blank or the school has no row."""
    answer: dict[str, float | None] = {}
    schools = {code for code, school in asked.schools.items() if not school.kind.startswith("11")}
    for row in rows(asked.held.premises.select("school_code", column)):
        have, more = answer.get(row["school_code"], 0.0), row[column]
        answer[row["school_code"]] = None if have is None or more is None else have + more
    return {code: answer.get(code) for code in sorted(schools)}


def _no_pupils(asked: Asked) -> tuple[str, ...]:
    return () if {"students", "classes"} & asked.given else (_NO_PUPILS,)
