"""Workbooks and CSV files built in memory for the intake tests. Codes and ID numbers are impossible ones (area 640399)."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import xlsxwriter

from junheng.intake import Problem, Reading, read_files
from junheng.intake.identity import check_digit
from junheng.tables import SHEETS, Sheet

TODAY = date(2026, 11, 22)
SCHOOL = "2164990001"
GOOD_ID = "64039920150308001" + check_digit("64039920150308001")  # a boy, born 2015-03-08
GIRL_ID = "64039920150308002" + check_digit("64039920150308002")

Row = dict[str, object]

SCHOOL_ROW: Row = {
    "学校标识码": SCHOOL,
    "学校名称": "示例第一小学",
    "办学类型": "小学",
    "举办者类型": "县级教育部门",
    "城乡类型": "村庄",
    "乡镇": "示例镇",
}
STUDENT_ROW: Row = {
    "全国学籍号": "G" + GOOD_ID,
    "姓名": "张某某",
    "性别": "男",
    "出生日期": "2015-03-08",
    "身份证件号": GOOD_ID,
    "学校标识码": SCHOOL,
    "学段": "小学",
    "年级": "六年级",
    "班号": "2",
    "学籍状态": "在读",
}


def workbook(tabs: dict[str, Sequence[Sequence[object]]]) -> bytes:
    """An .xlsx with each worksheet's cells; None is left empty."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for name, rows in tabs.items():
        tab = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    tab.write_string(number, place, value)
                elif value is not None:
                    tab.write(number, place, value)
    book.close()
    return buffer.getvalue()


def table(rows: Sequence[Row], headings: Sequence[str] | None = None) -> list[list[object]]:
    """Headings of the first row, then each row's values."""
    headings = headings or list(dict.fromkeys(heading for row in rows for heading in row))
    return [list(headings), *([row.get(heading) for heading in headings] for row in rows)]


def read(tabs: dict[str, Sequence[Sequence[object]]], **options: object) -> Reading:
    """Read one workbook."""
    return read_files([("校.xlsx", workbook(tabs))], **options)  # type: ignore[arg-type]


def students(*changes: Row, **options: object) -> Reading:
    """Read one row of students for each change to the good row."""
    return read({"学生": table([STUDENT_ROW | change for change in changes])}, **options)


def schools(*changes: Row, **options: object) -> Reading:
    """Read one row of schools for each change to the good row."""
    return read({"学校": table([SCHOOL_ROW | change for change in changes])}, **options)


def cell(sheet: str, heading: str, value: object) -> Reading:
    """Read one cell of a sheet of which nothing else is filled in."""
    return read({SHEETS[sheet].title: [[*key_headings(SHEETS[sheet]), heading], [*key_values(sheet), value]]})


def key_headings(sheet: Sheet) -> list[str]:
    """The headings of the columns that may not be blank."""
    return [column.heading for column in sheet.columns if column.required]


def key_values(sheet: str) -> list[object]:
    """Good values for them, from the examples."""
    examples = {
        "enrolment_number": "G" + GOOD_ID,
        "id_number": GOOD_ID,
        "relief": "随迁子女超过一半的规模放宽",
    }
    return [
        examples.get(column.name) or column.example or "依据"
        for column in SHEETS[sheet].columns
        if column.required
    ]


def codes_of(reading: Reading) -> list[str]:
    """The short names of all problems."""
    return [problem.code for problem in reading.problems]


def only(reading: Reading, code: str) -> Problem:
    """The single problem of this sort."""
    found = [problem for problem in reading.problems if problem.code == code]
    assert len(found) == 1, [problem.sentence() for problem in reading.problems]
    return found[0]
