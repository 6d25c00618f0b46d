"""同一张表内的核对: duplicates, and values of one row that contradict each other."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from junheng.intake.cells import shown
from junheng.intake.model import Severity, SheetRows, Value
from junheng.intake.report import Report
from junheng.tables import codes
from junheng.tables.stages import FIVE_YEAR_GRADE, GRADE_AGE, STAGE_GRADES

_YOUNGER, _OLDER = 2, 4  # years from the usual age before a grade looks wrong


def check_rows(rows: SheetRows, report: Report, today: date | None) -> None:
    """All checks that need one register only. `today` lets dates in the future and ages be judged."""
    name, columns = rows.sheet.name, rows.columns
    _duplicates(rows, rows.sheet.key, report)
    if name == "students":
        _duplicates(rows, ("id_number",), report)
        _ages(rows, report, today)
    if "grade" in columns and "stage" in columns:
        _stages(rows, report)
    if "id_number" in columns:
        _identity(rows, report)
        _areas(rows, report)
    if name == "premises":
        _whole_and_part(rows, report)
    if name == "facts":
        _no_students(rows, report)
    if today:
        _future(rows, report, today)


def _duplicates(rows: SheetRows, key: Sequence[str], report: Report) -> None:
    """Rows with the same key are all errors, and each names another one."""
    keys = list(zip(*(rows.columns[name] for name in key), strict=True))
    if len(set(keys)) == len(keys):
        return
    counts = Counter(keys)
    first: dict[tuple[Value, ...], int] = {}
    pairs: list[tuple[int, int]] = []
    for position, values in enumerate(keys):
        if counts[values] == 1 or not _complete(rows, key, values):
            continue
        if values in first:
            if counts[values] > 0:
                pairs.append((first[values], position))
                counts[values] = -1
            pairs.append((position, first[values]))
        else:
            first[values] = position
    code = "duplicate_id" if tuple(key) != rows.sheet.key else "duplicate_key"
    for position, other in pairs:
        values = keys[position]
        headings = "、".join(
            rows.sheet.by_name[name].heading
            for name, value in zip(key, values, strict=True)
            if value is not None
        )
        found = "、".join(map(shown, _named(rows, key, values)))
        place = _place(rows, position, other)
        if code == "duplicate_id":
            message = f"“{found}”与{place}的证件号相同，一个证件号只能属于一人；请核对后改正其中一行"
        else:
            message = f"与{place}重复（{headings}“{found}”），请删除或改正其中一行"
        named = next(name for name, value in zip(key, values, strict=True) if value is not None)
        report.cell(rows, position, named, message, code, found=found)


def _complete(rows: SheetRows, key: Sequence[str], values: Sequence[Value]) -> bool:
    """Whether the key names a row: only a column that may be left out (县区) may be blank, and not all may."""
    blanks = [name for name, value in zip(key, values, strict=True) if value is None]
    return len(blanks) < len(key) and not any(rows.sheet.by_name[name].required for name in blanks)


def _named(rows: SheetRows, key: Sequence[str], values: Sequence[Value]) -> list[str]:
    """The values as the clerk wrote them: names instead of codes."""
    return [
        codes(rows.sheet.by_name[name].codes).get(str(value), str(value))
        if rows.sheet.by_name[name].codes
        else str(value)
        for name, value in zip(key, values, strict=True)
        if value is not None
    ]


def _place(rows: SheetRows, position: int, other: int) -> str:
    """第7行, with the file and worksheet where they are others than the reader is looking at."""
    here, there = rows.origin(position), rows.origin(other)
    row = f"第{rows.row_numbers[other]}行"
    if here.file != there.file:
        return f"文件“{there.file}”工作表“{there.tab}”{row}"
    return f"工作表“{there.tab}”{row}" if here.tab != there.tab else row


def _stages(rows: SheetRows, report: Report) -> None:
    stages, grades = rows.columns["stage"], rows.columns["grade"]
    wrong = {
        (stage, grade)
        for stage, grade in set(zip(stages, grades, strict=True))
        if stage in STAGE_GRADES and grade is not None and grade not in STAGE_GRADES[str(stage)]
    }
    if not wrong:
        return
    names = codes("grade")
    for position, pair in enumerate(zip(stages, grades, strict=True)):
        if pair not in wrong:
            continue
        stage, grade = pair
        label = names[str(grade)]
        if pair == FIVE_YEAR_GRADE:
            text = f"{label}填在初中；只有五四学制才这样填，请核对"
            report.cell(rows, position, "grade", text, "grade_stage", "warning", found=label)
        else:
            text = f"学段是{stage}，年级却是{label}，请改正其中一项"
            report.cell(rows, position, "grade", text, "grade_stage", found=label)


def _ages(rows: SheetRows, report: Report, today: date | None) -> None:
    """A pupil far younger or older than the grade (warning)."""
    if today is None:
        return
    begin = date(today.year if today.month >= 8 else today.year - 1, 8, 31)
    for position, (born, grade, status) in enumerate(
        zip(
            rows.columns["birth_date"],
            rows.columns["grade"],
            rows.columns["enrolment_status"],
            strict=True,
        )
    ):
        if not isinstance(born, date) or grade is None or status not in (None, "在读"):
            continue
        age = begin.year - born.year - ((born.month, born.day) > (8, 31))
        usual = GRADE_AGE[str(grade)]
        if not usual - _YOUNGER <= age <= usual + _OLDER and born <= today:
            text = (
                f"按出生日期 {born} 计，本学年初 {age} 周岁，与{codes('grade')[str(grade)]}相差较大，请核对"
            )
            report.cell(rows, position, "birth_date", text, "age_grade", "warning", found=str(born))


def _identity(rows: SheetRows, report: Report) -> None:
    """身份证号 against 性别 and 出生日期 (warnings)."""
    days: dict[date, str] = {}
    kinds = rows.columns.get("id_kind") or [None] * len(rows)
    for position, (number, kind, sex, born) in enumerate(
        zip(rows.columns["id_number"], kinds, rows.columns["sex"], rows.columns["birth_date"], strict=True)
    ):
        if not isinstance(number, str):
            continue
        if kind == "无证件":
            text = "证件类型是“无证件”，却填了号码，请改正其中一项"
            report.cell(rows, position, "id_number", text, "id_kind", "warning", found=number)
        if kind not in (None, "居民身份证"):
            continue
        if isinstance(born, date):
            day = days.get(born) or days.setdefault(born, born.strftime("%Y%m%d"))
            if number[6:14] != day:
                text = f"出生日期 {born} 与身份证号中的 {number[6:10]}-{number[10:12]}-{number[12:14]} 不一致，请核对"
                report.cell(rows, position, "birth_date", text, "birth_differs", "warning", found=str(born))
        if (sex == "1" and number[16] in "02468") or (sex == "2" and number[16] in "13579"):
            label = codes("sex")[str(sex)]
            text = f"性别填“{label}”，与身份证号倒数第二位“{number[16]}”（单数为男，双数为女）不符，请核对"
            report.cell(rows, position, "sex", text, "sex_differs", "warning", found=label)


def _areas(rows: SheetRows, report: Report) -> None:
    """Area codes in ID numbers that are not in today's list: one warning a code, at its first row."""
    counts: Counter[str] = Counter()
    first: dict[str, int] = {}
    provinces, counties = codes("province_area"), codes("county_area")
    covered = {code[:2] for code in counties}
    kinds = rows.columns.get("id_kind") or [None] * len(rows)
    for position, (number, kind) in enumerate(zip(rows.columns["id_number"], kinds, strict=True)):
        if isinstance(number, str) and kind in (None, "居民身份证"):
            area = number[:6]
            counts[area] += 1
            first.setdefault(area, position)
    for area, number in counts.items():
        if area[:2] not in provinces:
            what = "不是任何省份的代码"
        elif area[:2] in covered and area not in counties:
            what = "不在现行行政区划代码中，可能是已撤销的旧代码"
        else:
            continue
        text = f"身份证号前六位“{area}”{what}（这样的共 {number} 行），请抽查核对"
        report.cell(rows, first[area], "id_number", text, "unknown_area", "warning", found=area)


def _whole_and_part(rows: SheetRows, report: Report) -> None:
    """A 全校 row beside rows of single stages is divided among the other stages only, which must be meant (warning)."""
    stages: dict[Value, dict[Value, int]] = {}
    for position, (school, stage) in enumerate(
        zip(rows.columns["school_code"], rows.columns["premises_stage"], strict=True)
    ):
        if school is not None and stage is not None:
            stages.setdefault(school, {}).setdefault(stage, position)
    for places in stages.values():
        if "全校" not in places:
            continue
        for stage, position in places.items():
            if stage != "全校":
                text = (
                    f"{_place(rows, position, places['全校'])}已按全校填报，这里又按{stage}单独填报；"
                    f"全校的数只分给其余学段，请核对没有重复计入{stage}的数"
                )
                report.cell(
                    rows, position, "premises_stage", text, "whole_and_part", "warning", found=str(stage)
                )


def _no_students(rows: SheetRows, report: Report) -> None:
    for position, students in enumerate(rows.columns["students"]):
        if students == 0:
            text = "在校生数是 0，无法计算生均指标；没有学生请删除本行，未报请留空"
            report.cell(rows, position, "students", text, "no_students", "warning", found="0")


def _future(rows: SheetRows, report: Report, today: date) -> None:
    for column in rows.sheet.columns:
        if column.kind not in ("date", "month"):
            continue
        values = {
            value for value in set(rows.columns[column.name]) if isinstance(value, date) and value > today
        }
        if not values:
            continue
        for position, value in enumerate(rows.columns[column.name]):
            if value in values:
                text = f"“{value}”晚于今天（{today}），请核对"
                severity: Severity = "error" if column.name == "birth_date" else "warning"
                report.cell(rows, position, column.name, text, "future_date", severity, found=str(value))
