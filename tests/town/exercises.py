"""练习 (exercises): workbooks for a clerk to try the import on: one right, one wrong in every way, one from an old system.

The right one reports a later day and mends real shortages, so that a verdict changes when it is committed. The wrong ones hold
each mistake that the import promises to find; `MISTAKES` lists them.
"""

import csv
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import xlsxwriter

from junheng.tables import SHEETS
from town.excel import write_book
from town.identity import check_digit
from town.model import Table, Town, Value, Workbook

MISTAKES = (
    "校验码不对",
    "身份证号存成数字",
    "数字栏里写文字",
    "面积为负",
    "重复的行",
    "五百人的班",
    "不认识的学校",
    "以等号开头的文字",
    "全角数字（应能读懂）",
    "不存在的日期",
    "代码表里没有的名称",
    "必填项空白",
    "性别与身份证号不符（提示）",
    "两名学生同一身份证号",
)
_STANDARD = {"小学": 2000, "小学教学点": 2000, "初级中学": 2500}


def write_exercises(town: Town, folder: Path) -> list[Workbook]:
    """Write the folder and name its files, all of one day some weeks after the last register."""
    folder.mkdir(parents=True, exist_ok=True)
    day = town.latest.day + timedelta(days=25)
    books = [
        Workbook(folder / f"1-正确的更新-校舍与设备-{day:%Y-%m-%d}.xlsx", day, "练习一 正确的更新"),
        Workbook(folder / "2-各种错误.xlsx", day, "练习二 各种错误"),
        Workbook(folder / "3-旧系统导出的班级.csv", day, "练习三 GB18030 编码、有标题行"),
        Workbook(folder / "4-损坏的文件.xlsx", day, "练习四 损坏的文件"),
        Workbook(folder / "5-空文件.xlsx", day, "练习五 空文件"),
    ]
    write_book(books[0].path, {"premises": _update(town)})
    _mistakes(town, books[1].path, day)
    books[2].path.write_bytes(_old_system(town))
    books[3].path.write_bytes(books[0].path.read_bytes()[:2000])
    books[4].path.write_bytes(b"")
    return books


def _update(town: Town) -> Table:
    """All premises, with equipment bought for up to eight schools that had too little of it."""
    tables = town.latest.tables
    pupils: dict[Value, int] = {}
    for row in tables["classes"].dicts():
        pupils[row["school_code"]] = pupils.get(row["school_code"], 0) + int(str(row["class_students"]))
    kinds = {row["school_code"]: str(row["school_kind"]) for row in tables["schools"].dicts()}
    premises, bought, rows = tables["premises"], 0, []
    for row in premises.dicts():
        code = row["school_code"]
        needed = round(_STANDARD.get(kinds[code], 0) * pupils[code] / 10_000 + 0.5, 2)
        if bought < 8 and float(str(row["equipment_value"])) < needed:
            row["equipment_value"], bought = needed, bought + 1
        rows.append(tuple(row.values()))
    return Table(premises.columns, rows)


def _mistakes(town: Town, path: Path, day: date) -> None:
    """One workbook whose sheets have title rows above the headings, and a mistake in nearly every row."""
    tables = town.latest.tables
    school = next(iter(tables["schools"].dicts()))
    with_number = (row for row in tables["students"].dicts() if row["id_number"])
    students = [row for row, _ in zip(with_number, range(14), strict=False)]
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        _sheet(book, "schools", f"{town.name}学校基本情况（练习）", _wrong_schools(school))
        _sheet(book, "premises", f"{town.name}办学条件（练习）", _wrong_premises(tables["premises"]))
        _sheet(book, "classes", f"{town.name}班级（练习）", _wrong_classes(tables["classes"]))
        _sheet(book, "students", f"{town.name}学生（练习）{day:%Y年%m月}", _wrong_students(students))
    finally:
        book.close()


def _wrong_schools(school: dict[str, Value]) -> list[dict[str, Value]]:
    new = school | {"school_code": "2164999901", "school_name": "演示新建小学"}
    return [
        school | {"public_budget": "九百", "head_name": "=cmd|' /C calc'!A0"},
        new | {"school_kind": "超级小学", "longitude": 10.5},
        new | {"school_code": "2164999902", "school_name": None, "township": None},
        new | {"school_code": "21649", "school_name": "演示少写号码小学"},
    ]


def _wrong_premises(premises: Table) -> list[dict[str, Value]]:
    rows = [row for row, _ in zip(premises.dicts(), range(4), strict=False)]
    rows[0] |= {"teaching_area": -120, "music_rooms": "96和九十八"}
    rows[1] |= {"multimedia_rooms": "１２", "equipment_value": "八十多万"}
    rows[2] |= {"sports_ground_area": "3,400㎡", "books": 12.5}
    rows[3] |= {"school_code": "2164000000", "school_name": "演示不存在的小学"}
    return rows


def _wrong_classes(classes: Table) -> list[dict[str, Value]]:
    rows = [row for row, _ in zip(classes.dicts(), range(3), strict=False)]
    rows[0] |= {"class_students": 500}
    rows[1] |= {"grade": "七年一班"}
    return [*rows, rows[2] | {"class_students": "４５"}]


def _wrong_students(rows: list[dict[str, Value]]) -> list[dict[str, Value]]:
    def id_of(row: dict[str, Value]) -> str:
        return str(row["id_number"])

    number = id_of(rows[0])
    wrong = "0" if number[-1] != "0" else "1"
    rows[0] |= {"id_number": number[:-1] + wrong, "enrolment_number": f"G{number[:-1]}{wrong}"}
    rows[1] |= {"id_number": float(int(id_of(rows[1])[:17] + "0"))}
    rows[2] |= {"home_distance": "两公里左右"}
    rows[3] |= {"remarks": "=cmd|' /C calc'!A0"}
    rows[4] |= {"school_code": "2164000000", "school_name": "演示不存在的小学"}
    rows[5] |= {"birth_date": "2016-02-30"}
    rows[6] |= {"sex": "男" if rows[6]["sex"] == "女" else "女"}
    rows[7] |= {"grade": "一年纪", "ethnicity": "外星族"}
    rows[8] |= {"person_name": None, "enrolment_status": None}
    rows[9] |= {"guardian_phone": "一三九", "birth_date": "10/3/2016"}
    rows[10] |= {"class_number": "１", "entered_on": "２０２５年９月"}
    digits = "640399201602295" + "01"
    rows[11] |= {"id_number": digits + check_digit(digits)}
    rows[12] |= {"id_number": rows[13]["id_number"]}
    return [*rows, dict(rows[13])]


def _sheet(book: xlsxwriter.Workbook, name: str, title: str, rows: list[dict[str, Value]]) -> None:
    """A sheet as they arrive: a merged title, a line for the unit, headings with spaces and line breaks."""
    sheet = SHEETS[name]
    page = book.add_worksheet(sheet.title)
    columns = sheet.columns
    page.merge_range(0, 0, 0, len(columns) - 1, title, book.add_format({"bold": True, "align": "center"}))
    page.write_string(1, 0, "填报单位（盖章）：演示学校")
    bold = book.add_format({"bold": True, "text_wrap": True})
    for place, column in enumerate(columns):
        heading = f" {column.heading} " if place % 3 == 1 else column.heading
        page.write_string(2, place, f"{heading}\n（{column.unit}）" if column.unit else heading, bold)
    for line, row in enumerate(rows, start=3):
        for place, column in enumerate(columns):
            value = row[column.name]
            if isinstance(value, str):
                page.write_string(line, place, value)
            elif isinstance(value, date):
                page.write_string(line, place, f"{value:%Y-%m-%d}")
            elif value is not None:
                page.write_number(line, place, value)


def _old_system(town: Town) -> bytes:
    """The classes of three schools as an old system exports them: GB18030, titles first, columns in another order."""
    rows = [row for row, _ in zip(town.latest.tables["classes"].dicts(), range(40), strict=False)]
    order = ("school_name", "school_code", "grade", "class_number", "stage", "class_students", "class_kind")
    headings = {
        "school_name": "学校",
        "school_code": "学校代码",
        "class_number": "班级号",
        "class_students": "班额",
    }
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([f"{town.name}教学班一览表"])
    writer.writerow(["导出时间：2025-10-15", "", "单位：人"])
    writer.writerow([headings.get(name, SHEETS["classes"].by_name[name].heading) for name in order])
    for number, row in enumerate(rows):
        row["class_students"] = "四十五" if number == 7 else row["class_students"]
        writer.writerow([row[name] for name in order])
    return text.getvalue().encode("gb18030")
