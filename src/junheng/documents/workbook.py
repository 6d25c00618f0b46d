"""评估工作簿: an assessment as one Excel file with the sheets 学校指标, 差异系数, 县级指标, 班额, 问题."""

from typing import Any

from junheng.documents.sheets import Book, book
from junheng.measures import Assessment, IndicatorResult


def assessment_workbook(found: Assessment) -> bytes:
    """评估工作簿: values shown rounded as the official form rounds them; the verdicts were drawn from unrounded ones."""
    with book() as made:
        _schools(made, found)
        _coefficients(made, found)
        _county(made, found)
        _classes(made, found)
        _problems(made, found)
    return made.content


def _schools(made: Book, found: Assessment) -> None:
    own: dict[tuple[str, str, str, str], list[IndicatorResult]] = {}
    for row in found.indicators:
        own.setdefault((row.county, row.school_code, row.school, row.stage), []).append(row)
    first = next(iter(own.values()), [])
    headings = ["县区", "学校标识码", "学校名称", "学段", "在校生数"]
    for row in first:
        headings += [
            f"{row.code} {row.title}（{row.unit}）",
            f"{row.code} 是否达标",
            f"{row.code} 缺口（{row.gap_unit}）",
        ]
    headings += ["达标项数", "综合评估", "备注"]
    lines: list[list[Any]] = []
    for school in found.schools:
        line: list[Any] = [school.county, school.school_code, school.school, school.stage, school.students]
        for row in own.get((school.county, school.school_code, school.school, school.stage), []):
            line += [shown(row.value, 2), row.verdict, shown(row.gap, 2)]
        lines.append([*line, school.passes, school.verdict, school.reason or school.remark])
    made.table("学校指标", headings, lines, [10, 13, 24, 6, 9]).freeze_panes(1, 4)


def _coefficients(made: Book, found: Assessment) -> None:
    headings = [
        "县区", "学段", "编号", "指标", "县均值", "单位", "差异系数", "上限", "是否达标", "计入学校数", "计入学生数",
        "未报学校数", "依据",
    ]  # fmt: skip
    lines: list[list[Any]] = [
        [
            row.county, row.stage, row.code, row.title, shown(row.mean, 2), row.unit, shown(row.cv, 3), row.limit,
            row.verdict, row.schools, row.students, row.unreported, row.clause,
        ]
        for row in found.coefficients
    ]  # fmt: skip
    lines += [
        [
            row.county,
            row.stage,
            "综合",
            "综合差异系数",
            None,
            "",
            shown(row.cv, 3),
            row.limit,
            row.verdict,
            None,
            None,
            None,
            row.clause,
        ]
        for row in found.composites
    ]
    made.table("差异系数", headings, lines, [10, 6, 6, 36, 10, 9, 9, 7, 9, 10, 10, 10, 40])


def _county(made: Book, found: Assessment) -> None:
    headings = [
        "县区",
        "类别",
        "编号",
        "指标",
        "指标值或简要结论",
        "是否达标",
        "不达标的学校或班级",
        "未报",
        "依据",
    ]
    lines = [
        [
            row.county, row.group, row.code, row.title, row.text, row.verdict,
            "；".join(f"{one.school}{one.label}：{one.found}（应{one.required}）" for one in row.failing[:200]),
            "；".join(row.missing), row.clause,
        ]
        for row in found.county
    ]  # fmt: skip
    made.table("县级指标", headings, lines, [10, 12, 6, 44, 40, 9, 50, 30, 40])


def _classes(made: Book, found: Assessment) -> None:
    headings = ["县区", "学校标识码", "学校名称", "学段", "年级", "班号", "学生数", "上限", "超出", "分档"]
    lines = [
        [
            row.county, row.school_code, row.school, row.stage, row.grade, row.class_number, row.students, row.limit,
            row.over, row.band,
        ]
        for row in found.classes
    ]  # fmt: skip
    made.table("班额", headings, lines, [10, 13, 24, 6, 8, 6, 8, 6, 6, 10])


def _problems(made: Book, found: Assessment) -> None:
    lines = [
        [
            row.sheet,
            row.row,
            row.column,
            row.found,
            row.message,
            "错误" if row.severity == "error" else "提醒",
        ]
        for row in found.problems
    ]
    made.table("问题", ["表", "行", "列", "发现", "问题与处理", "程度"], lines, [12, 6, 18, 18, 70, 8])


def shown(value: float | None, decimals: int) -> float | None:
    """A number as shown: rounded half away from zero; None stays None."""
    if value is None:
        return None
    power = 10**decimals
    return float(int(value * power + (0.5 + 1e-9 if value >= 0 else -0.5 - 1e-9)) / power)
