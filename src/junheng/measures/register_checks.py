"""登记表核对: what the registers leave unsaid or say twice, so that a figure that came out blank or low explains itself."""

from collections.abc import Iterable, Sequence

import narwhals as nw

from junheng.measures.county_tables import items
from junheng.measures.model import NOT_MET, FactRow, Problem, ReliefState
from junheng.measures.premises_facts import WHOLE
from junheng.measures.registers import Registers
from junheng.measures.rows import rows
from junheng.policy import PackDay
from junheng.tables import COUNTY, PREMISES, RELIEFS, SCHOOLS, TEACHERS, codes

_TEACHER_COLUMNS = ("teaching_stage", "education", "backbone", "subject")
_WITH_SENIOR = ("341", "345")
VETO = "一票否决"


def register_problems(
    held: Registers, facts: Sequence[FactRow], states: Sequence[ReliefState], rules: PackDay
) -> list[Problem]:
    """登记表的问题: warnings by school, in order of the sheets. No row numbers: registers have none."""
    if "schools" not in held.given:
        return [Problem(SCHOOLS.title, None, "", "", "没有学校表，无法评估；请一并给出学校表", "error")]
    names = {fact.school_code: fact.school for fact in facts}
    stages: dict[str, list[str]] = {}
    for fact in facts:
        stages.setdefault(fact.school_code, []).append(fact.stage)
    return [
        *_schools(held, facts),
        *_premises(held, names),
        *_teachers(held, names, stages, rules),
        *_reliefs(states),
        *_county(held, rules),
    ]


def _schools(held: Registers, facts: Sequence[FactRow]) -> Iterable[Problem]:
    """Pupils that are 0, and schools with a senior stage of which no senior pupils are known."""
    kinds = {fact.school_code: (fact.school, fact.kind) for fact in facts if fact.kind in _WITH_SENIOR}
    senior = nw.col("stage") == nw.lit("高中")
    known = {row["school_code"] for row in rows(held.classes.filter(senior).select("school_code").unique())}
    known |= {row["school_code"] for row in rows(held.students.filter(senior).select("school_code").unique())}
    for code, (name, _) in sorted(kinds.items()):
        if code not in known:
            yield _warning(
                SCHOOLS.title,
                "办学类型",
                name,
                "有高中部，但班级表和学生表没有高中班级或学生，校舍设备没有分摊给高中，请补报",
            )
    for fact in facts:
        if fact.students == 0:
            yield _warning(
                SCHOOLS.title, "在校生数", fact.school, f"{fact.stage}在校生为0，不计算生均指标，请核对"
            )


_SUBTRACTED = {
    "indoor_sports_area": "无法扣除，生均教学及辅助用房面积",
    "gymnasium_area": "生均体育运动场馆面积",
    "sports_ground_area": "生均体育运动场馆面积",
}


def _premises(held: Registers, names: dict[str, str]) -> Iterable[Problem]:
    """Blanks that leave a sum unknown, indoor rooms larger than the whole, and 全校 beside a stage."""
    found: dict[str, set[str]] = {}
    table = held.premises.select("school_code", "premises_stage", "teaching_area", *_SUBTRACTED)
    for row in sorted(rows(table), key=lambda row: (str(row["school_code"]), str(row["premises_stage"]))):
        code, total, indoor = row["school_code"], row["teaching_area"], row["indoor_sports_area"]
        if code not in names:
            continue
        found.setdefault(code, set()).add(row["premises_stage"])
        if total is not None and indoor is not None and indoor > total:
            message = f"室内体育用房{indoor:g}㎡大于教学及辅助用房{total:g}㎡，生均面积按未报处理，请核对"
            yield _warning(PREMISES.title, "室内体育用房面积", names[code], message)
        for column, consequence in _SUBTRACTED.items():
            if row[column] is None:
                heading = PREMISES.by_name[column].heading
                message = f"{heading}空白，{consequence}按未报处理；没有请填0"
                yield _warning(PREMISES.title, heading, names[code], message)
    for code, places in found.items():
        if WHOLE in places and len(places) > 1:
            own = "、".join(sorted(places - {WHOLE}))
            message = (
                f"既有“全校”又有“{own}”的数据：{own}只用自己的一行，“全校”一行归其余学段，请确认没有重复填报"
            )
            yield _warning(PREMISES.title, "学段", names[code], message)


def _teachers(
    held: Registers, names: dict[str, str], stages: dict[str, list[str]], rules: PackDay
) -> Iterable[Problem]:
    full_time = held.teachers.filter(nw.col("post_kind").is_in(rules.names("teacher.post")))
    blanks = full_time.group_by("school_code").agg(
        *[nw.col(column).null_count().alias(column) for column in _TEACHER_COLUMNS]
    )
    for row in sorted(rows(blanks), key=lambda row: str(row["school_code"])):
        code = row["school_code"]
        if code not in names:
            continue
        for column in _TEACHER_COLUMNS:
            count = row[column]
            if not count or (column == "teaching_stage" and len(stages[code]) == 1):
                continue
            heading = TEACHERS.by_name[column].heading
            yield _warning(
                TEACHERS.title, heading, names[code], f"{count}名专任教师的{heading}空白，没有计入，请补填"
            )


def _reliefs(states: Sequence[ReliefState]) -> Iterable[Problem]:
    for state in states:
        if state.state == "条件不符":
            message = f"“{state.title}”没有采用：{state.note}，请核对认定依据或登记数据"
        elif state.state == "已到期":
            message = f"“{state.title}”已于{state.expires_on}期满，不再采用，应达到规定标准"
        else:
            continue
        yield _warning(RELIEFS.title, "情形", state.school, message)


def _county(held: Registers, rules: PackDay) -> Iterable[Problem]:
    """Veto items answered 未达标 (people also write 否 for "no such thing"), and a recognition that contradicts its forms."""
    found, titles = items(held), codes("county_item")
    for line in rules.pack.lines:
        for item in line.items:
            if line.group == VETO and item in found and found[item].conclusion == NOT_MET:
                message = (
                    f"“{titles[item]}”填为未达标，表示存在此情形；如果没有此情形，请填“达标”或“无此情形”"
                )
                yield Problem(COUNTY.title, None, "结论", titles[item], message, "warning")
    figures = [found[name].figure if name in found else None for name in _RECOGNITION]
    entered, satisfied, valid = figures
    if entered is not None and satisfied is not None and valid:
        computed = satisfied * 100 / valid
        if abs(computed - entered) > 0.05 + 1e-9:
            message = (
                f"社会认可度填{entered:g}%，按满意数和有效问卷数计算为{computed:.2f}%，以计算的为准，请核对"
            )
            yield Problem(COUNTY.title, None, "数值", f"{entered:g}", message, "warning")


_RECOGNITION = ("recognition", "recognition_satisfied", "recognition_valid")


def _warning(sheet: str, column: str, school: str, message: str) -> Problem:
    return Problem(sheet, None, column, school, f"{school}：{message}", "warning")
