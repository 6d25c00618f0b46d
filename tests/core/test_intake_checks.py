"""Rows against each other: within a register, and between registers."""

import pytest

from core.intake_files import (
    GIRL_ID,
    GOOD_ID,
    SCHOOL,
    SCHOOL_ROW,
    STUDENT_ROW,
    TODAY,
    cell,
    codes_of,
    only,
    read,
    schools,
    students,
    table,
)
from junheng.tables import FACTS

CLASS_ROW = {"学校标识码": SCHOOL, "学段": "小学", "年级": "六年级", "班号": 2, "班级学生数": 1}


def test_duplicate_keys_name_each_other():
    reading = schools({}, {"学校标识码": "2164990002"}, {}, {})
    found = [problem.sentence() for problem in reading.problems]
    assert len(found) == 3
    assert found[0].startswith("学校 第2行“学校标识码”：与第4行重复")
    assert found[1].startswith("学校 第4行“学校标识码”：与第2行重复")
    assert found[2].startswith("学校 第5行“学校标识码”：与第2行重复")
    assert reading.sheets["schools"].rejected == {0, 2, 3}
    assert reading.sheets["schools"].rejected_rows == [2, 4, 5]


def test_duplicates_in_the_flat_table_with_and_without_a_county():
    row = {"学校名称": "示例小学", "学段": "小学", "在校生数": 5}
    rows = table([row, row | {"学段": "初中"}, row])
    reading = read({"校表": rows}, sheets=[FACTS])
    assert [problem.row for problem in reading.errors] == [2, 4]
    assert "学校名称、学段“示例小学、小学”" in reading.errors[0].message
    rows = table([row | {"县区": "甲县"}, row | {"县区": "乙县"}])
    assert codes_of(read({"校表": rows}, sheets=[FACTS])) == []


def test_two_students_with_one_id_number():
    reading = students({}, {"全国学籍号": "G" + GIRL_ID})
    assert sorted(codes_of(reading)) == ["duplicate_id", "duplicate_id", "unknown_area"]
    assert "一个证件号只能属于一人" in reading.errors[0].message
    assert reading.sheets["students"].rejected == {0, 1}


def test_rows_without_an_id_number_are_not_alike():
    reading = students({"身份证件号": None}, {"全国学籍号": "G" + GIRL_ID, "身份证件号": None})
    assert codes_of(reading) == []


def test_pupils_but_no_school():
    rows = {"学生": table([STUDENT_ROW]), "学校": table([SCHOOL_ROW | {"学校标识码": "2164990002"}])}
    assert "“2164990001”不在学校表中" in only(read(rows), "unknown_school").message
    known = {SCHOOL: "示例第一小学"}
    assert "unknown_school" not in codes_of(read(rows, known_schools=known))
    assert "unknown_school" in codes_of(students({}, known_schools={}))
    assert "unknown_school" not in codes_of(students({}))


def test_the_code_of_a_school_is_suggested_by_its_name():
    reading = students(
        {"学校名称": "示例第一小学", "学校标识码": "2164990009"}, known_schools={SCHOOL: "示例第一小学"}
    )
    assert f"的标识码是不是 {SCHOOL}？" in only(reading, "unknown_school").message


def test_a_name_that_is_not_the_codes():
    reading = students({"学校名称": "示例第二小学"}, known_schools={SCHOOL: "示例第一小学"})
    assert only(reading, "school_name_differs").severity == "warning"
    assert not codes_of(students({"学校名称": "示例第一 小学"}, known_schools={SCHOOL: "示例第一小学"}))[1:]


def test_a_school_without_pupils():
    empty = SCHOOL_ROW | {"学校标识码": "2164990002", "学校名称": "示例第二小学"}
    reading = read({"学校": table([SCHOOL_ROW, empty]), "学生": table([STUDENT_ROW])})
    problem = only(reading, "no_students")
    assert (problem.row, problem.severity) == (3, "warning")


def test_no_students_in_the_flat_table():
    rows = table([{"学校名称": "示例小学", "学段": "小学", "在校生数": 0}])
    assert only(read({"校表": rows}, sheets=[FACTS]), "no_students").severity == "warning"


def test_a_class_of_500():
    assert "不能超过 200 人" in only(cell("classes", "班级学生数", 500), "too_large").message
    assert only(cell("classes", "班级学生数", 90), "unusual").severity == "warning"


def test_class_sizes_against_the_pupils():
    tabs = {"班级": table([CLASS_ROW]), "学生": table([STUDENT_ROW])}
    assert codes_of(read(tabs)) == ["unknown_area"]
    tabs["班级"] = table([CLASS_ROW | {"班级学生数": 43}])
    assert "学生表中在读 1 人" in only(read(tabs), "class_size").message
    tabs["班级"] = table([CLASS_ROW | {"班号": 1, "班级学生数": None}])
    assert "六年级2班（学生表中 1 人在这个班）" in only(read(tabs), "unknown_class").message


@pytest.mark.parametrize(
    ("stage", "grade", "severity"),
    [("初中", "一年级", "error"), ("小学", "初一", "error"), ("初中", "六年级", "warning")],
)
def test_grade_against_stage(stage, grade, severity):
    assert only(students({"学段": stage, "年级": grade}), "grade_stage").severity == severity


def test_special_schools_have_all_grades():
    assert "grade_stage" not in codes_of(students({"学段": "特教", "年级": "初一"}))


def test_birth_date_against_grade():
    assert "age_grade" not in codes_of(students({}, today=TODAY))
    problem = only(students({"年级": "一年级"}, today=TODAY), "age_grade")
    assert problem.severity == "warning"
    assert "11 周岁" in problem.message


def test_birth_date_and_sex_against_the_id_number():
    reading = students({"出生日期": "2015-03-09", "性别": "女"})
    assert only(reading, "birth_differs").severity == "warning"
    assert "性别填“女”" in only(reading, "sex_differs").message
    assert not reading.errors


def test_an_unknown_area_is_one_warning():
    problem = only(
        students({}, {"全国学籍号": "G" + GIRL_ID, "身份证件号": GIRL_ID, "性别": "女"}), "unknown_area"
    )
    assert "共 2 行" in problem.message
    assert problem.severity == "warning"
    assert GOOD_ID.startswith("640399")


def test_premises_as_a_whole_and_by_stage():
    rows = table([{"学校标识码": SCHOOL, "学段": "全校"}, {"学校标识码": SCHOOL, "学段": "小学"}])
    reading = read({"校舍与设备": [[*rows[0], "占地面积"], [*rows[1], 1], [*rows[2], 1]]})
    problem = only(reading, "whole_and_part")
    assert (problem.row, problem.severity) == (3, "warning")
    assert "第2行已按全校填报" in problem.message
    assert len(reading.problems) == 1


def test_many_problems_alike_are_counted(monkeypatch):
    monkeypatch.setattr("junheng.intake.report.MAX_ALIKE", 3)
    reading = schools(*({"学校标识码": f"216499{number:04}", "经度": "东"} for number in range(9)))
    assert codes_of(reading) == ["not_number"] * 4
    assert "共 9 处" in reading.problems[-1].message
    assert len(reading.sheets["schools"].rejected) == 9
