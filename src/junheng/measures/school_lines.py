"""政府保障与教育质量中逐校检查的指标: G3 rooms, G4 sizes, G5 classes, G6 funding, G13 zones, Q3 charters, Q4 training funds."""

import math

from junheng.measures.county_line import (
    CountyData,
    CountySchool,
    combined,
    compared,
    number,
    per_school,
    result,
)
from junheng.measures.model import NOT_MET, NOT_REPORTED, CountyResult, FailingRow, Figure
from junheng.tables import codes


def rooms_line(data: CountyData) -> CountyResult:
    """G3 音乐、美术专用教室: ⌈班数/12⌉ of each, each room at least the required area (or the area of a relief)."""
    every = data.rules.number("G3")
    failing: list[tuple[CountySchool, str, str, str, int]] = []
    missing: list[str] = []
    checked = 0
    for school in data.schools:
        if not school.in_scope:
            continue
        classes = [count for count in school.classes.values() if count is not None]
        if len(classes) < len(school.classes) or school.music is None or school.art is None:
            missing.append(f"{school.name}：班级数或音乐、美术教室面积未报")
            continue
        checked += 1
        required = math.ceil(sum(classes) / every)
        for subject, areas in (("音乐", school.music), ("美术", school.art)):
            least = room_area(data, school, subject)
            usable = sum(area >= least for area in areas)
            if usable < required:
                found = f"{len(areas)}间，其中不小于{least:g}㎡的{usable}间"
                failing.append((school, subject, found, f"{required}间", required - usable))
    rows = [
        FailingRow(school.code, school.name, f"{subject}教室", found, required, float(gap), "间")
        for school, subject, found, required, gap in failing
    ]
    short = len({row.school_code for row in rows})
    figure = compared(
        "音美教室达标学校",
        "%",
        checked - short if checked else None,
        checked or None,
        100,
        unreported=len(missing),
    )
    verdict = combined([figure.verdict, *([NOT_REPORTED] if missing else [])])
    text = f"{checked}所中{checked - short}所达标" + (f"，{len(missing)}所未报" if missing else "")
    return result(data, "G3", verdict, text, [figure], rows, missing)


def room_area(data: CountyData, school: CountySchool, subject: str) -> float:
    """The least area of a music or art room in this school, after reliefs in force (the most favourable counts)."""
    rules = data.rules
    least = rules.by_stage("G3.area")[subject]
    if "rooms_built_2016" in school.reliefs:
        least = min(least, rules.by_stage("relief.rooms_built_2016.area")[subject])
    if "rooms_small_class" in school.reliefs:
        by_stage = rules.by_stage("relief.rooms_small_class.area")
        least = min(least, max(by_stage[stage] for stage in school.pupils))
    return least


def size_line(data: CountyData) -> CountyResult:
    """G4 学校规模: pupils of 小学 and 初中 against the limit of the school's kind; vocational schools may have none."""
    vocational = data.rules.names("G4.vocational_kinds")
    failing: list[FailingRow] = []
    missing: list[str] = []
    checked = 0
    for school in data.schools:
        if not school.in_scope:
            continue
        if school.total is None:
            missing.append(f"{school.name}：在校生数未报")
            continue
        checked += 1
        limit = size_limit(data, school)
        if school.kind in vocational:
            found = f"{school.total}人"
            failing.append(
                FailingRow(school.code, school.name, "职业学校附设小学班或初中班", found, "不得附设")
            )
        elif school.total > limit:
            over = float(school.total - limit)
            failing.append(
                FailingRow(
                    school.code, school.name, "规模", f"{school.total}人", f"不超过{limit:g}人", over, "人"
                )
            )
    return per_school(data, "G4", "规模达标学校", checked, failing, missing)


def size_limit(data: CountyData, school: CountySchool) -> float:
    """The most pupils of compulsory stages that the school may have, after reliefs in force."""
    integrated = school.kind in data.rules.names("G4.integrated_kinds")
    kind = "一贯制" if integrated else max(school.pupils, key=lambda stage: school.pupils[stage] or 0)
    limit = data.rules.by_stage("G4")[kind]
    if {"size_built_2010", "size_migrant"} & school.reliefs:
        limit = max(limit, data.rules.by_stage("relief.size")[kind])
    return limit


def class_line(data: CountyData) -> CountyResult:
    """G5 班额: every class of 小学 and 初中 against its limit."""
    grades = codes("grade")
    failing = [
        FailingRow(
            row.school_code,
            row.school,
            f"{grades.get(row.grade, row.grade)}{row.class_number}班",
            f"{row.students}人",
            f"不超过{row.limit}人",
            float(row.over),
            "人",
        )
        for row in data.sizes.findings
        if row.over
    ]
    missing = [
        f"{data.names.get(row.school_code, row.school_code)}{grades.get(row.grade, row.grade)}{row.class_number}班：学生数未报"
        for row in data.sizes.unreported
    ]
    if not data.sizes.checked and not missing:
        missing = ["班级表和学生表都没有班级"]
    return per_school(data, "G5", "班额达标班级", data.sizes.checked, failing, missing, of="个班")


def funding_line(data: CountyData) -> CountyResult:
    """G6 规模较小学校的公用经费: schools under 100 pupils are funded as 100."""
    least = data.rules.number("G6")
    failing: list[FailingRow] = []
    missing: list[str] = []
    checked = 0
    for school in data.schools:
        if school.total is None:
            missing.append(f"{school.name}：在校生数未报")
        elif 0 < school.total < least:
            if school.funded_pupils is None:
                missing.append(f"{school.name}：核定公用经费人数未报")
                continue
            checked += 1
            if school.funded_pupils < least:
                found = f"{school.total}人按{school.funded_pupils}人核定"
                gap = float(least - school.funded_pupils)
                failing.append(
                    FailingRow(school.code, school.name, "公用经费", found, f"按{least:g}人核定", gap, "人")
                )
    return per_school(data, "G6", "按规定核定的小规模学校", checked, failing, missing)


def zone_line(data: CountyData) -> CountyResult:
    """G13 就近划片: public, non-boarding schools in towns and cities; the county's share for each stage."""
    rules = data.rules
    stages = rules.texts("G13.stage_of_kind")
    figures: list[Figure] = []
    failing: list[FailingRow] = []
    missing: list[str] = []
    for stage, threshold in rules.by_stage("G13").items():
        zone = total = unreported = 0
        for school in data.schools:
            if stages.get(school.kind) != stage or not _in_zone_rule(data, school):
                continue
            if school.intake_from_zone is None or school.intake_total is None:
                unreported += 1
                missing.append(f"{school.name}：划片入学人数或新生总数未报")
                continue
            zone += school.intake_from_zone
            total += school.intake_total
            if school.intake_from_zone * 100 < threshold * school.intake_total:
                found = f"{school.intake_total}名新生中{school.intake_from_zone}名划片入学"
                failing.append(FailingRow(school.code, school.name, stage, found, f"{threshold:g}%"))
        figures.append(
            compared(f"{stage}就近划片入学比例", "%", zone, total, threshold, unreported=unreported)
        )
    verdict = combined([figure.verdict for figure in figures] + [NOT_REPORTED] * bool(missing))
    text = "，".join(f"{figure.label}：{_share_text(figure)}" for figure in figures)
    return result(data, "G13", verdict, text, figures, failing, missing)


def _share_text(figure: Figure) -> str:
    if figure.value is not None:
        return f"{number(figure.value)}%"
    return "未报" if figure.unreported else "没有适用的学校"


def _in_zone_rule(data: CountyData, school: CountySchool) -> bool:
    return (
        school.locale.startswith(data.rules.text("locale.urban"))
        and school.organizer not in data.rules.names("G13.private")
        and not school.boarding
    )


def charter_line(data: CountyData) -> CountyResult:
    """Q3 章程与信息化: every school has a charter (register), and the county's conclusion on digital management."""
    failing: list[FailingRow] = []
    missing: list[str] = []
    checked = 0
    for school in data.schools:
        if school.has_charter is None:
            missing.append(f"{school.name}：是否制定章程未报")
            continue
        checked += 1
        if not school.has_charter:
            failing.append(FailingRow(school.code, school.name, "章程", "未制定", "已制定并核准"))
    met = checked - len(failing)
    figure = compared(
        "制定章程的学校",
        "%",
        met if checked else None,
        checked or None,
        data.rules.number("Q3"),
        unreported=len(missing),
    )
    conclusion = data.conclusion("charter_and_digital")
    if conclusion == NOT_REPORTED:
        missing = [*missing, "“章程与管理教学信息化”的结论未报"]
    if conclusion == NOT_MET:
        failing.append(FailingRow("", "", "章程与管理教学信息化", "结论未达标", "达标"))
    verdict = combined([figure.verdict, conclusion, *([NOT_REPORTED] if missing else [])])
    text = f"{checked}所中{met}所制定章程；信息化结论：{conclusion}"
    return result(data, "Q3", verdict, text, [figure], failing, missing)


def training_funds_line(data: CountyData) -> CountyResult:
    """Q4 培训经费: each school's training spend against 5 % of its public-fund budget; and of the final account if reported."""
    share = data.rules.number("Q4")
    failing: list[FailingRow] = []
    missing: list[str] = []
    checked, spend, budget = 0, 0.0, 0.0
    for school in data.schools:
        if school.training_spend is None or school.public_budget is None:
            missing.append(f"{school.name}：教师培训经费或公用经费预算总额未报")
            continue
        checked += 1
        spend, budget = spend + school.training_spend, budget + school.public_budget
        bases = [("预算", school.public_budget), ("决算", school.public_final)]
        for name, base in bases:
            if base is not None and school.training_spend * 100 < share * base * (1 - 1e-12):
                found = f"占{name}{number(school.training_spend * 100 / base)}%"
                gap = round(share * base / 100 - school.training_spend, 6)
                failing.append(
                    FailingRow(
                        school.code, school.name, f"培训经费占{name}", found, f"{share:g}%", gap, "万元"
                    )
                )
                break
    line = per_school(data, "Q4", "培训经费达标学校", checked, failing, missing)
    whole = compared("全县培训经费占预算", "%", spend if checked else None, budget if checked else None, None)
    return result(data, "Q4", line.verdict, line.text, [*line.figures, whole], line.failing, line.missing)
