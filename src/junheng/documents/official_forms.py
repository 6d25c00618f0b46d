"""申报表 Ⅰ–Ⅵ 与学校自评表: the official forms of 优质均衡 as Excel, laid out like the forms, from an assessment."""

from collections.abc import Mapping, Sequence
from typing import Any

from junheng.documents.sheets import Book, book, write
from junheng.documents.workbook import shown
from junheng.measures import Assessment, CountyResult, IndicatorResult, SchoolResult

STAGES = ("小学", "初中")
DASH = "——"
Key = tuple[str, str, str, str]


def official_forms(
    found: Assessment, *, county: str = "", items: Mapping[str, float | None] | None = None
) -> bytes:
    """申报表: one workbook with 表Ⅰ, 表Ⅱ-1, 表Ⅱ-2, 表Ⅲ, 表Ⅳ, 表Ⅴ, 表Ⅵ.

    `items` are figures of 县级数据 by item code, for 表Ⅵ. School values and means are shown with 2 decimals, coefficients with
    3, percentages with 1, as the form's notes ask. What is not reported is left empty.
    """
    with book() as made:
        _basics(made, found, county)
        _counts(made, found, county)
        _schools(made, found, county)
        _coefficients(made, found, county)
        _lines(made, found, county, "表Ⅳ", "政府保障程度", "G")
        _lines(made, found, county, "表Ⅴ", "教育质量", "Q")
        _recognition(made, found, county, items or {})
    return made.content


def _sheet(made: Book, name: str, title: str, county: str, widths: Sequence[float]) -> Any:
    """A landscape A4 sheet with the form's title over all columns and the county and pack below it."""
    sheet = made.workbook.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.merge_range(0, 0, 0, len(widths) - 1, "", made.format("title"))
    sheet.write_string(0, 0, f"{name}　{title}", made.format("title"))
    sheet.write_string(1, 0, f"填报单位：{county}", made.format())
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    return sheet


def _row(sheet: Any, made: Book, line: int, values: Sequence[Any], style: str = "cell") -> None:
    for column, value in enumerate(values):
        write(sheet, line, column, value, made.format(style))


def _basics(made: Book, found: Assessment, county: str) -> None:
    headings = list(found.basics)
    sheet = _sheet(made, "表Ⅰ", "县域义务教育基本情况", county, [10.0] * max(len(headings), 2))
    _row(sheet, made, 2, [f"L{number}" for number in range(1, len(headings) + 1)], "heading")
    _row(sheet, made, 3, headings, "heading")
    _row(sheet, made, 4, list(found.basics.values()))


def _own(found: Assessment) -> dict[Key, list[IndicatorResult]]:
    answer: dict[Key, list[IndicatorResult]] = {}
    for row in found.indicators:
        answer.setdefault((row.county, row.school_code, row.school, row.stage), []).append(row)
    return answer


def _key(school: SchoolResult) -> Key:
    return school.county, school.school_code, school.school, school.stage


def _counts(made: Book, found: Assessment, county: str) -> None:
    codes = list(dict.fromkeys((row.code, row.title) for row in found.indicators))
    widths = [8.0, 9.0] + [9.0] * (2 * len(codes) + 2)
    sheet = _sheet(made, "表Ⅱ-1", "资源配置达标学校情况", county, widths)
    headings = ["学段", "学校总数"]
    for code, title in codes:
        headings += [f"{code} {title}达标学校数", f"{code} 达标比例（%）"]
    _row(sheet, made, 2, [*headings, "综合达标学校数", "综合达标比例（%）"], "heading")
    for line, stage in enumerate(STAGES, 3):
        schools = [school for school in found.schools if school.in_scope and school.stage == stage]
        inside = {_key(school) for school in schools}
        values: list[Any] = [stage, len(schools)]
        for code, _ in codes:
            met = sum(
                row.code == code
                and row.verdict == "达标"
                and (row.county, row.school_code, row.school, row.stage) in inside
                for row in found.indicators
            )
            values += [met, _percent(met, len(schools))]
        passed = sum(school.verdict == "达标" for school in schools)
        _row(sheet, made, line, [*values, passed, _percent(passed, len(schools))])


def _percent(part: int, whole: int) -> float | None:
    return shown(part * 100 / whole, 1) if whole else None


def _schools(made: Book, found: Assessment, county: str) -> None:
    own = _own(found)
    codes = list(dict.fromkeys((row.code, row.title, row.unit) for row in found.indicators))
    widths = [6.0, 26.0, 8.0, 9.0, 7.0, 7.0, *[11.0] * len(codes), 11.0, 34.0]
    sheet = _sheet(made, "表Ⅱ-2", "各学校资源配置情况", county, widths)
    line = 2
    for stage in STAGES:
        headings = ["序号", f"{stage}名称", "举办者类型", "在校生数", "年级数", "班级数"]
        headings += [f"{title}（{unit}）" for _, title, unit in codes]
        _row(sheet, made, line, [*headings, "该校综合评估是否达标", "备注"], "heading")
        inside = [school for school in found.schools if school.in_scope and school.stage == stage]
        for number, school in enumerate(inside, 1):
            values = [shown(row.value, 2) for row in own.get(_key(school), [])]
            organizer = (
                int(school.organizer) if school.organizer and school.organizer.isdigit() else school.organizer
            )
            _row(
                sheet, made, line + number,
                [
                    number, school.school, organizer, school.students, school.grades, school.classes, *values,
                    school.verdict, school.remark,
                ],
            )  # fmt: skip
        line += len(inside) + 2
    note = "注：举办者类型按1–10类填写；不足50人的教学点不列入；多学段学校的小学部分、初中部分分别列入。"
    sheet.write_string(line, 0, note, made.format())


def _coefficients(made: Book, found: Assessment, county: str) -> None:
    codes = list(dict.fromkeys((row.code, row.title) for row in found.coefficients))
    sheet = _sheet(made, "表Ⅲ", "资源配置校际均衡情况", county, [10.0, 12.0, *[13.0] * len(codes), 10.0])
    headings = ["学段", "项目", *[f"{code} {title}" for code, title in codes], "综合"]
    _row(sheet, made, 2, headings, "heading")
    line = 3
    for stage in STAGES:
        rows = {row.code: row for row in found.coefficients if row.stage == stage}
        whole = next((row for row in found.composites if row.stage == stage), None)
        chosen = [rows.get(code) for code, _ in codes]
        means = [shown(row.mean, 2) if row else None for row in chosen]
        _row(sheet, made, line, [stage, "全县平均值", *means, DASH])
        cvs = [shown(row.cv, 3) if row else None for row in chosen]
        _row(sheet, made, line + 1, [stage, "差异系数", *cvs, shown(whole.cv, 3) if whole else None])
        verdicts = [row.verdict if row else "未报" for row in chosen]
        _row(sheet, made, line + 2, [stage, "是否达标", *verdicts, whole.verdict if whole else None])
        line += 3


def _lines(made: Book, found: Assessment, county: str, name: str, title: str, group: str) -> None:
    sheet = _sheet(made, name, title, county, [6.0, 60.0, 60.0, 10.0])
    _row(sheet, made, 2, ["序号", "名称", "指标值或简要结论", "是否达标"], "heading")
    for line, row in enumerate([row for row in found.county if row.code.startswith(group)], 3):
        values = [line - 2, row.title, row.text, row.verdict]
        _row(sheet, made, line, values, "bad" if row.verdict == "未达标" else "cell")


def _recognition(made: Book, found: Assessment, county: str, items: Mapping[str, float | None]) -> None:
    headings = [
        "问卷总数（份）",
        "有效问卷数（份）",
        "满意问卷数（份）",
        "满意度（%）",
        "实地走访人数",
        "其中满意人数",
        "其中家长",
        "是否达标",
    ]
    sheet = _sheet(made, "表Ⅵ", "社会认可度", county, [14.0] * len(headings))
    line = next((row for row in found.county if row.code == "S1"), None)
    _row(sheet, made, 2, headings, "heading")
    counts = [items.get(f"recognition_{name}") for name in ("forms", "valid", "satisfied")]
    value = shown(line.value, 1) if line else None
    _row(sheet, made, 3, [*counts, value, None, None, None, line.verdict if line else None])


def self_assessment(found: Assessment, school: str, *, county: str = "") -> bytes:
    """学校自评表 of one school, by code or else name: A级指标, B级指标及评估要点, 指标值或简要结论, 是否达标.

    Resource lines for each of its stages; of the lines that every school must meet, whether this school is among those that do
    not. Lines that rest on the school's own material are left for the school to fill in. KeyError when it is not there.
    """
    own = [row for row in found.schools if school in (row.school_code, row.school)]
    if not own:
        raise KeyError(school)
    name = own[0].school
    with book() as made:
        sheet = _sheet(made, "学校自评表", name, county, [14.0, 60.0, 40.0, 10.0])
        _row(sheet, made, 2, ["A级指标", "B级指标及评估要点", "指标值或简要结论", "是否达标"], "heading")
        line = 3
        for row in found.indicators:
            if row.school_code == own[0].school_code and row.school == name:
                point = (
                    f"{row.title}（{row.stage}，标准{row.threshold:g}{row.unit}）"
                    if row.threshold
                    else row.title
                )
                value = None if row.value is None else f"{shown(row.value, 2):g}{row.unit}"
                _row(sheet, made, line, [f"资源配置（{row.stage}）", point, value, row.verdict])
                line += 1
        for result in found.county:
            if result.code[0] in "GQ":
                _row(sheet, made, line, [result.group, result.title, *_for_school(result, own[0])])
                line += 1
        for stage in own:
            _row(sheet, made, line, [f"综合评估（{stage.stage}）", stage.remark, None, stage.verdict])
            line += 1
    return made.content


_EVERY_SCHOOL = ("G3", "G4", "G5", "G6", "Q3", "Q4")


def _for_school(line: CountyResult, school: SchoolResult) -> tuple[str | None, str | None]:
    """(what was found, verdict) of a county line for one school; both None when the line is not about single schools."""
    if line.code not in _EVERY_SCHOOL:
        return None, None
    failing = [row for row in line.failing if row.school_code and row.school_code == school.school_code]
    if failing:
        return "；".join(f"{row.label}：{row.found}，应{row.required}" for row in failing), "未达标"
    if any(sentence.startswith(f"{school.school}：") for sentence in line.missing):
        return None, "未报"
    return None, "达标" if line.figures and line.figures[0].value is not None else None
