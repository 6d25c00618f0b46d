"""One cell at a time: what clerks write, and what becomes of it."""

from datetime import date, datetime, time

import pytest

from core.intake_files import GIRL_ID, GOOD_ID, SCHOOL, TODAY, cell, codes_of, only, schools, students
from junheng.intake.identity import check_digit


def value(reading, sheet, name):
    return reading.sheets[sheet].columns[name][0]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("９００", 900),
        ("1,900", 1900),
        (" 900 ", 900),
        ("900人", 900),
        (900.0, 900),
        ("900.0", 900),
        (0, 0),
        (None, None),
        ("  ", None),
        ("\u3000", None),
    ],
)
def test_whole_numbers(written, kept):
    reading = schools({"核定公用经费人数": written})
    assert codes_of(reading) == []
    assert value(reading, "schools", "funded_pupils") == kept


@pytest.mark.parametrize(
    ("written", "code", "words"),
    [
        ("九百", "not_number", "“九百”不是整数，请改成数字，例如 900"),
        ("12.5", "not_integer", "“12.5”不是整数"),
        (12.5, "not_integer", "“12.5”不是整数"),
        ("/", "not_number", "没有数据请留空，确实没有请填 0"),
        ("12,34", "not_number", "“12,34”不是整数"),
        (-3, "too_small", "“-3”不能是负数"),
        (30000, "too_large", "不能超过 20000 人"),
        (date(2015, 3, 8), "not_number", "是日期或时间"),
        ("#N/A", "error_cell", "公式出错"),
        ("85%", "not_number", "不是整数"),
        (True, "not_number", "“TRUE”不是整数"),
    ],
)
def test_what_is_no_whole_number(written, code, words):
    reading = schools({"核定公用经费人数": written})
    assert words in only(reading, code).message
    assert value(reading, "schools", "funded_pupils") is None
    assert reading.sheets["schools"].rejected == {0}


def test_the_house_sentence():
    reading = schools({"核定公用经费人数": "九百"})
    assert (
        reading.problems[0].sentence() == "学校 第2行“核定公用经费人数”：“九百”不是整数，请改成数字，例如 900"
    )
    assert reading.problems[0].found == "九百"
    assert reading.problems[0].cell == "G2"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2015-3-8", date(2015, 3, 8)),
        ("2015/3/8", date(2015, 3, 8)),
        ("2015.03.08", date(2015, 3, 8)),
        ("20150308", date(2015, 3, 8)),
        (20150308, date(2015, 3, 8)),
        ("2015年3月8日", date(2015, 3, 8)),
        ("２０１５年３月８日", date(2015, 3, 8)),
        (42071, date(2015, 3, 8)),
        ("42071", date(2015, 3, 8)),
        (date(2015, 3, 8), date(2015, 3, 8)),
        (datetime.combine(date(2015, 3, 8), time(13, 5)), date(2015, 3, 8)),
        ("2015-03-08 00:00:00", date(2015, 3, 8)),
    ],
)
def test_dates(written, kept):
    reading = students({"出生日期": written})
    assert value(reading, "students", "birth_date") == kept
    assert "not_date" not in codes_of(reading)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2015-02-30", "no_such_day"),
        ("2015-3", "not_date"),
        ("03/08/2015", "not_date"),
        ("15-3-8", "not_date"),
        ("不详", "not_date"),
        ("1815-03-08", "implausible_date"),
        ("2915-03-08", "implausible_date"),
        (3.5, "not_date"),
        ("2030-01-01", "future_date"),
    ],
)
def test_what_is_no_date(written, code):
    reading = students({"出生日期": written, "身份证件号": None}, today=TODAY)
    assert only(reading, code).severity == "error"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2023-09", date(2023, 9, 1)),
        ("2023年9月", date(2023, 9, 1)),
        ("202309", date(2023, 9, 1)),
        (2023.9, date(2023, 9, 1)),
        (2023.12, date(2023, 12, 1)),
        ("2023-09-05", date(2023, 9, 1)),
        (date(2023, 9, 5), date(2023, 9, 1)),
        (45170, date(2023, 9, 1)),
    ],
)
def test_months(written, kept):
    assert value(students({"入学年月": written}), "students", "entered_on") == kept


def test_october_and_january_are_not_guessed():
    assert "2010-01 或 2010-10" in only(students({"入学年月": 2010.10}), "not_date").message


@pytest.mark.parametrize(("written", "kept"), [(2012, 2012), ("2012年", 2012), (date(2012, 9, 1), 2012)])
def test_years(written, kept):
    assert value(schools({"规划建成年份": written}), "schools", "built_year") == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("是", True),
        ("有", True),
        ("√", True),
        ("Y", True),
        (1, True),
        (True, True),
        ("ｙ", True),
        ("否", False),
        ("无", False),
        ("×", False),
        ("n", False),
        (0, False),
        (False, False),
    ],
)
def test_flags(written, kept):
    assert value(schools({"寄宿制": written}), "schools", "boarding") is kept


def test_what_is_neither_yes_nor_no():
    assert "请填“是”或“否”" in only(schools({"寄宿制": "可能"}), "not_flag").message


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("96、98", (96.0, 98.0)),
        ("96，98", (96.0, 98.0)),
        ("96㎡;98.5平方米", (96.0, 98.5)),
        (96, (96.0,)),
        (0, ()),
        ("0", ()),
        (None, None),
    ],
)
def test_room_areas(written, kept):
    reading = cell("premises", "音乐专用教室面积", written)
    assert value(reading, "premises", "music_rooms") == kept
    assert codes_of(reading) == []


@pytest.mark.parametrize(
    ("written", "code"), [("两间", "not_areas"), ("96、-2", "too_small"), (9600, "unusual")]
)
def test_odd_room_areas(written, code):
    assert codes_of(cell("premises", "音乐专用教室面积", written)) == [code]


def test_a_negative_area():
    assert "不能是负数" in only(cell("premises", "占地面积", -120), "too_small").message


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("小学", "211"),
        ("211", "211"),
        (211, "211"),
        ("完全小学", "211"),
        (" 小 学 ", "211"),
        ("211-小学", "211"),
    ],
)
def test_codes(written, kept):
    assert value(schools({"办学类型": written}), "schools", "school_kind") == kept


def test_a_code_that_lost_its_zero():
    assert value(students({"民族": 3}), "students", "ethnicity") == "03"


def test_the_nearest_name_is_suggested():
    assert "是不是“小学教学点”？" in only(schools({"办学类型": "小学教学店"}), "unknown_code").message
    assert "只能填男、女" in only(students({"性别": "先生"}), "unknown_code").message


def test_id_numbers_as_written():
    # One of these areas and days has the check digit X.
    with_x = next(
        head + "X" for serial in range(1, 1000, 2) if check_digit(head := f"64039920150308{serial:03}") == "X"
    )
    for last in ("X", "x", "ⅹ", "Ⅹ", "×", "Х", "ｘ"):
        reading = students({"身份证件号": with_x[:17] + last, "全国学籍号": "g" + with_x[:17] + last})
        assert value(reading, "students", "id_number") == with_x
        assert value(reading, "students", "enrolment_number") == "G" + with_x
        assert not reading.errors


@pytest.mark.parametrize("dress", ["'{}", " {} ", '="{}"', "\t{}", "{}\u200b"])
def test_id_numbers_kept_from_excel_by_tricks(dress):
    assert value(students({"身份证件号": dress.format(GOOD_ID)}), "students", "id_number") == GOOD_ID


@pytest.mark.parametrize(
    ("written", "code", "words"),
    [
        (float(GOOD_ID), "id_as_number", "按数字保存，后几位已经丢失"),
        ("6.40399E+17", "id_as_number", "按数字保存"),
        (GOOD_ID[:15] + "000", "id_as_number", "末三位是 000"),
        (GOOD_ID[:-1] + ("1" if GOOD_ID[-1] != "1" else "2"), "id_check_digit", "校验码不对"),
        (GOOD_ID[:10] + "1332" + GOOD_ID[14:], "id_birth", "“20151332”不是日期".replace("2015", "2015")),
        (GOOD_ID[:17], "id_length", "是 17 位"),
        ("640399150308001", "id_length", "15位旧号码"),
        (GOOD_ID[:8] + "O" + GOOD_ID[9:], "id_characters", "数字以外的字符"),
        ("#REF!", "error_cell", "公式出错"),
    ],
)
def test_bad_id_numbers(written, code, words):
    problem = only(students({"身份证件号": written}), code)
    if code != "id_birth":
        assert words in problem.message
    assert problem.severity == "error"


def test_other_documents_are_not_taken_for_id_numbers():
    reading = students({"身份证件类型": "护照", "身份证件号": "E12345678"})
    assert value(reading, "students", "id_number") == "E12345678"
    assert codes_of(reading) == []
    assert "document_number" in codes_of(students({"身份证件类型": "护照", "身份证件号": "无"}))


@pytest.mark.parametrize(
    "written",
    ["L640399201503081234", "J64039920150308001X", "G" + GIRL_ID],
    ids=["temporary", "no id", "formal"],
)
def test_enrolment_numbers(written):
    assert value(students({"全国学籍号": written}), "students", "enrolment_number") == written


@pytest.mark.parametrize("written", [GOOD_ID, "G" + GOOD_ID[:-1], "X" + GOOD_ID, float(GOOD_ID), "L６４"])
def test_bad_enrolment_numbers(written):
    assert students({"全国学籍号": written}).errors


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("19900000001", "19900000001"),
        (19900000001, "19900000001"),
        ("199 0000 0001", "19900000001"),
        ("+86-19900000001", "19900000001"),
        ("0953-8000000", "0953-8000000"),
        ("（0953）8000000", "0953-8000000"),
        ("010-80000000-12", "010-80000000-12"),
    ],
)
def test_phones(written, kept):
    reading = students({"监护人电话": written})
    assert value(reading, "students", "guardian_phone") == kept
    assert not reading.errors


@pytest.mark.parametrize("written", ["1990000000", "19900000001、19900000002", "没有", "#N/A"])
def test_bad_phones(written):
    assert students({"监护人电话": written}).errors


def test_school_codes():
    assert value(schools({"学校标识码": int(SCHOOL)}), "schools", "school_code") == SCHOOL
    assert "10位数字" in only(schools({"学校标识码": "21640001"}), "school_code").message


@pytest.mark.parametrize("written", ["=cmd|'/c calc'!A1", "+1+cmd", "@SUM(A1)", "-名字"])
def test_text_that_looks_like_a_formula_is_kept_as_text(written):
    reading = schools({"地址": written})
    assert value(reading, "schools", "address") == written
    assert only(reading, "formula_text").severity == "warning"


def test_control_characters_are_taken_out():
    reading = schools({"地址": "一\x07路_x0007_1号"})
    assert value(reading, "schools", "address") == "一路1号"
    assert only(reading, "control_characters").severity == "warning"


def test_blank_is_neither_zero_nor_text():
    reading = schools({"学校名称": "", "地址": " \u3000", "核定公用经费人数": None})
    assert only(reading, "blank").message == "不能为空，请填写学校名称"
    columns = reading.sheets["schools"].columns
    assert columns["address"] == [None]
    assert columns["funded_pupils"] == [None]


def test_true_is_not_taken_for_the_number_one_of_the_row_above():
    reading = schools({"核定公用经费人数": 1}, {"学校标识码": "2164990002", "核定公用经费人数": True})
    assert reading.sheets["schools"].columns["funded_pupils"] == [1, None]
