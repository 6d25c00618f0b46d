"""Headings and rows: where the table stands in a worksheet, and which rows are data."""

import pytest

from core.intake_files import SCHOOL, SCHOOL_ROW, STUDENT_ROW, codes_of, only, read, table
from junheng.intake import read_files
from junheng.tables import FACTS, SHEETS, STUDENTS

SECOND = SCHOOL_ROW | {"学校标识码": "2164990002", "学校名称": "示例第二小学"}


def codes(reading, sheet="schools"):
    return reading.sheets[sheet].columns["school_code"]


def test_headings_in_any_order_and_dress():
    row = {
        "乡 镇*": "示例镇",
        "城乡\n类型": "村庄",
        "举办者类型（必填）": "县级教育部门",
        "办学类别": "小学",
        "校名": "示例第一小学",
        "学校（机构）标识码＊": SCHOOL,
        "公用经费预算总额（万元）": 82.5,
        "核定公用经费人数(人)": 100,
    }
    reading = read({"学校": table([row])})
    assert codes_of(reading) == []
    assert reading.sheets["schools"].columns["public_budget"] == [82.5]
    assert "public_budget" in reading.sheets["schools"].present
    assert "address" not in reading.sheets["schools"].present


@pytest.mark.parametrize(
    "heading", ["占地面积㎡", "占地面积(㎡)", "占地面积（平方米）", "占地面积 (m²)", "占 地 面 积"]
)
def test_units_in_headings(heading):
    row = {"学校标识码": SCHOOL, "学段": "全校", heading: 12000}
    reading = read({"校舍与设备": table([row])})
    if heading == "占地面积㎡":
        assert codes_of(reading) == ["unknown_heading"]
    else:
        assert reading.sheets["premises"].columns["site_area"] == [12000.0]


def test_another_unit_in_a_heading_is_refused():
    reading = read(
        {"校舍与设备": table([{"学校标识码": SCHOOL, "学段": "全校", "教学仪器设备值（元）": 886000}])}
    )
    assert "约定的单位是万元" in only(reading, "wrong_unit").message
    assert reading.sheets["premises"].rejected == {0}


def test_title_rows_above_the_headings():
    rows = [["同心县学校基本情况表"], ["填报单位：", "示例", "2026年"], [], *table([SCHOOL_ROW])]
    reading = read({"Sheet1": rows})
    assert codes(reading) == [SCHOOL]
    assert reading.sheets["schools"].row_numbers == [5]
    assert codes_of(reading) == []


def test_two_rows_of_headings():
    rows = [
        ["学校标识码", "学段", "校舍", None, "设备"],
        [None, None, "占地面积", "校舍建筑面积", "教学仪器设备值"],
        [SCHOOL, "全校", 12000, 4200, 88.6],
    ]
    reading = read({"校舍与设备": rows})
    assert codes_of(reading) == []
    columns = reading.sheets["premises"].columns
    assert (columns["site_area"], columns["equipment_value"]) == ([12000.0], [88.6])


def test_blank_rows_totals_notes_and_repeated_headings_are_no_data():
    heading, first = table([SCHOOL_ROW])
    second = table([SECOND])[1]
    rows = [
        heading,
        first,
        [],
        [None, " "],
        heading,
        second,
        ["合计", "2所"],
        ["注：不含幼儿园"],
        ["填表人：某某"],
    ]
    reading = read({"学校": rows})
    assert codes(reading) == [SCHOOL, "2164990002"]
    assert reading.sheets["schools"].row_numbers == [2, 6]
    assert sorted(codes_of(reading)) == ["skipped_footnote", "skipped_heading", "skipped_totals"]
    assert only(reading, "skipped_totals").message == "第7行是合计行，没有读取"


def test_a_prefilled_serial_number_is_no_data():
    rows = table([{"序号": 1} | SCHOOL_ROW])
    rows += [[2], [3], [4]]
    assert codes(read({"学校": rows})) == [SCHOOL]


def test_the_whole_school_is_no_totals_row():
    rows = table([{"学校标识码": SCHOOL, "学段": "合计", "占地面积": 12}])
    assert read({"校舍与设备": rows}).sheets["premises"].columns["premises_stage"] == ["全校"]


def test_duplicate_headings_are_an_error():
    rows = [[*table([SCHOOL_ROW])[0], "校名"], [*table([SCHOOL_ROW])[1], "另一个"]]
    reading = read({"学校": rows})
    assert "B 列和 G 列都是学校名称" in only(reading, "duplicate_heading").message
    assert reading.sheets["schools"].rejected == {0}


def test_missing_and_unknown_headings():
    row = {key: value for key, value in SCHOOL_ROW.items() if key != "乡镇"} | {"绿化面积": 3}
    reading = read({"学校": table([row, row | {"学校标识码": "2164990002"}])})
    assert (
        only(reading, "missing_column").sentence()
        == "学校“乡镇”列：缺少必填的列“乡镇”，请补上这一列，或下载模板填写"
    )
    assert only(reading, "unknown_heading").severity == "warning"
    assert reading.sheets["schools"].rejected == {0, 1}


def test_the_wrong_sheet():
    reading = read({"食谱": [["星期", "早餐"], ["一", "鸡蛋"]]})
    assert "只看到工作表“食谱”" in only(reading, "wrong_sheet").message
    assert reading.sheets == {}


def test_a_named_sheet_without_headings():
    assert codes_of(read({"学校": [["随便"], ["写的"]]})) == ["no_headings"]


def test_sheets_are_recognised_by_their_headings():
    reading = read({"第一小学": table([STUDENT_ROW]), "Sheet2": table([SCHOOL_ROW]), "备忘": [["买墨盒"]]})
    assert set(reading.sheets) == {"schools", "students"}
    assert sorted(codes_of(reading)) == ["unknown_area", "unknown_tab"]


def test_every_sheet_is_recognised_by_its_own_headings():
    for sheet in (*SHEETS.values(), FACTS):
        rows = [[column.heading for column in sheet.columns], [column.example for column in sheet.columns]]
        reading = read({"Sheet1": rows}, sheets=[*SHEETS.values(), FACTS])
        assert list(reading.sheets) == [sheet.name]


def test_several_files_feed_one_register():
    from core.intake_files import workbook

    one = workbook({"学校": table([SCHOOL_ROW])})
    two = workbook({"学校": [["标题"], *table([SECOND, SCHOOL_ROW])]})
    reading = read_files([("甲.xlsx", one), ("乙.xlsx", two)])
    rows = reading.sheets["schools"]
    assert codes(reading) == [SCHOOL, "2164990002", SCHOOL]
    assert [rows.origin(position).file for position in range(3)] == ["甲.xlsx", "乙.xlsx", "乙.xlsx"]
    assert rows.row_numbers == [2, 3, 4]
    assert "文件“乙.xlsx”工作表“学校”第4行" in reading.problems[0].message
    assert rows.rejected == {0, 2}
    assert reading.files == ("甲.xlsx", "乙.xlsx")
    assert len(reading.sha256) == 64


def test_row_ids_of_a_downloaded_sheet():
    rows = [["行标识", *table([SCHOOL_ROW])[0]], ["17", *table([SCHOOL_ROW])[1]], [None, *table([SECOND])[1]]]
    reading = read({"学校": rows})
    assert reading.sheets["schools"].row_ids == ["17", None]
    assert codes_of(reading) == []
    assert reading.sheets["schools"].origins[0].letters["school_code"] == "B"


def test_only_the_sheets_asked_for():
    reading = read({"学校": table([SCHOOL_ROW]), "学生": table([STUDENT_ROW])}, sheets=[STUDENTS])
    assert set(reading.sheets) == {"students"}


def test_headings_without_rows():
    assert codes_of(read({"学校": table([SCHOOL_ROW])[:1]})) == ["no_rows"]


def test_progress_rises_to_one(monkeypatch):
    monkeypatch.setattr("junheng.intake.tabs.CHUNK", 2)
    shares = []
    many = [SCHOOL_ROW | {"学校标识码": f"216499{number:04}"} for number in range(9)]
    read({"学校": table(many), "学生": table([STUDENT_ROW])}, progress=shares.append)
    assert shares == sorted(shares)
    assert len(shares) > 6
    assert shares[-1] == 1.0
