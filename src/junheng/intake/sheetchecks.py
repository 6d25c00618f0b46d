"""各表之间的核对: schools that are not there, names that differ, class sizes against the pupils listed."""

from collections import Counter
from collections.abc import Mapping

from junheng.intake.choices import bare
from junheng.intake.model import SheetRows, Value
from junheng.intake.report import Report
from junheng.tables import codes


def check_sheets(
    readings: Mapping[str, SheetRows], known_schools: Mapping[str, str] | None, report: Report
) -> None:
    """All checks that need more than one register, or the schools already registered ({code: name})."""
    schools = _schools(readings.get("schools"), known_schools)
    if schools is not None:
        for rows in readings.values():
            if rows.sheet.name != "schools" and "school_code" in rows.columns:
                _unknown_schools(rows, schools, report)
                _school_names(rows, schools, report)
    if "schools" in readings and ("students" in readings or "classes" in readings):
        _without_pupils(readings, report)
    if "students" in readings and "classes" in readings:
        _class_sizes(readings["classes"], readings["students"], report)


def _schools(rows: SheetRows | None, known: Mapping[str, str] | None) -> dict[str, str] | None:
    """{code: name} of all schools that may be named; None when nothing is known about them."""
    if rows is None and known is None:
        return None
    answer = dict(known or {})
    if rows is not None:
        for code, name in zip(rows.columns["school_code"], rows.columns["school_name"], strict=True):
            if isinstance(code, str):
                answer[code] = name if isinstance(name, str) else ""
    return answer


def _unknown_schools(rows: SheetRows, schools: Mapping[str, str], report: Report) -> None:
    values = rows.columns["school_code"]
    unknown = {value for value in set(values) if isinstance(value, str) and value not in schools}
    if not unknown:
        return
    by_name = {bare(name): code for code, name in schools.items() if name}
    names = rows.columns["school_name"]
    for position, value in enumerate(values):
        if value in unknown:
            name = names[position]
            code = by_name.get(bare(name)) if isinstance(name, str) else None
            hint = f"“{name}”的标识码是不是 {code}？" if code else ""
            text = f"“{value}”不在学校表中，{hint}请改正标识码，或先在学校表中补上这所学校"
            report.cell(rows, position, "school_code", text, "unknown_school", found=str(value))


def _school_names(rows: SheetRows, schools: Mapping[str, str], report: Report) -> None:
    """A name beside the code that is not that school's: one warning for each pair, at its first row."""
    counts: Counter[tuple[Value, Value]] = Counter()
    first: dict[tuple[Value, Value], int] = {}
    for position, pair in enumerate(
        zip(rows.columns["school_code"], rows.columns["school_name"], strict=True)
    ):
        counts[pair] += 1
        first.setdefault(pair, position)
    for (code, name), number in counts.items():
        right = schools.get(code) if isinstance(code, str) else None
        if not right or not isinstance(name, str) or bare(name) == bare(right):
            continue
        more = f"（这样的共 {number} 行）" if number > 1 else ""
        text = f"“{name}”与学校表中 {code} 的名称“{right}”不同{more}，请核对标识码和名称"
        report.cell(
            rows, first[code, name], "school_name", text, "school_name_differs", "warning", found=name
        )


def _without_pupils(readings: Mapping[str, SheetRows], report: Report) -> None:
    schools = readings["schools"]
    with_pupils = {
        code
        for name in ("students", "classes")
        if name in readings
        for code in readings[name].columns["school_code"]
    }
    if with_pupils == {None} or not with_pupils:
        return
    for position, code in enumerate(schools.columns["school_code"]):
        if code is not None and code not in with_pupils:
            text = "这所学校没有一名学生、一个班级；确已停办请从学校表删除，否则请补报"
            report.cell(schools, position, "school_code", text, "no_students", "warning", found=str(code))


def _class_sizes(classes: SheetRows, students: SheetRows, report: Report) -> None:
    """班级学生数 against the pupils listed as 在读, in schools that list any pupils (warnings)."""
    listed: Counter[tuple[Value, Value, Value]] = Counter()
    first: dict[tuple[Value, Value, Value], int] = {}
    columns = students.columns
    for position, (school, grade, number, status) in enumerate(
        zip(
            columns["school_code"],
            columns["grade"],
            columns["class_number"],
            columns["enrolment_status"],
            strict=True,
        )
    ):
        if status == "在读" and None not in (school, grade, number):
            listed[school, grade, number] += 1
            first.setdefault((school, grade, number), position)
    schools = {school for school, _, _ in listed}
    known = set()
    columns = classes.columns
    for position, (school, grade, number, size) in enumerate(
        zip(
            columns["school_code"],
            columns["grade"],
            columns["class_number"],
            columns["class_students"],
            strict=True,
        )
    ):
        known.add((school, grade, number))
        there = listed[school, grade, number]
        if school in schools and size is not None and size != there:
            text = f"班级学生数填 {size}，学生表中在读 {there} 人；以学生表为准，请核对"
            report.cell(classes, position, "class_students", text, "class_size", "warning", found=str(size))
    with_classes = {school for school, _, _ in known}
    for place, there in listed.items():
        school, grade, number = place
        if school in with_classes and place not in known:
            label = codes("grade")[str(grade)]
            text = f"班级表中没有这所学校的{label}{number}班（学生表中 {there} 人在这个班），请补上或改正班号"
            report.cell(
                students, first[place], "class_number", text, "unknown_class", "warning", found=str(number)
            )
