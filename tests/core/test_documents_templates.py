"""Templates, filled sheets, annotated workbooks and lists, read back with openpyxl and with our own intake."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from core.intake_files import GOOD_ID, SCHOOL, SCHOOL_ROW, STUDENT_ROW, TODAY, codes_of, table, workbook
from junheng.documents.listing import Field, listing
from junheng.documents.problems import annotated
from junheng.documents.templates import template
from junheng.intake import read_files
from junheng.tables import FACTS, SCHOOLS, SHEETS, STUDENTS

ATTACK = "=cmd|'/c calc'!A1"


def opened(content):
    return openpyxl.load_workbook(BytesIO(content))


def formulas(content):
    return [
        cell.coordinate
        for tab in opened(content)
        for row in tab.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


@pytest.mark.parametrize("sheet", [*SHEETS.values(), FACTS], ids=lambda sheet: sheet.name)
def test_a_template_of_each_sheet(sheet):
    tab = opened(template([sheet]))[sheet.title]
    headings = [cell.value for cell in tab[1]]
    assert headings == [column.heading for column in sheet.columns]
    for cell, column in zip(tab[1], sheet.columns, strict=True):
        assert column.meaning in cell.comment.text
        assert ("必填" in cell.comment.text) == column.required
        assert column.unit in cell.comment.text
        assert cell.protection.locked
    assert tab.protection.sheet
    assert tab.freeze_panes == "A2"
    drops = [rule for rule in tab.data_validations.dataValidation if rule.type == "list"]
    assert len(drops) == sum(column.kind in ("code", "flag") for column in sheet.columns)


def test_long_lists_stand_in_a_hidden_sheet():
    book = opened(template([STUDENTS, SHEETS["county"]]))
    assert book["下拉选项"].sheet_state == "hidden"
    names = [cell.value for cell in book["下拉选项"]["A"]]
    assert names[1] == "总人口（万人）"
    rules = [rule.formula1 for rule in book["县级数据"].data_validations.dataValidation]
    assert f"'下拉选项'!$A$2:$A${len(names)}" in rules
    rules = [rule.formula1 for rule in book["学生"].data_validations.dataValidation]
    assert '"是,否"' in rules
    assert any(rule and rule.startswith('"汉族,') for rule in rules)


def test_an_empty_template_is_not_an_error_when_read():
    reading = read_files([("模板.xlsx", template(list(SHEETS.values())))])
    assert set(codes_of(reading)) == {"no_rows"}
    assert set(reading.sheets) == set(SHEETS)


def test_a_filled_sheet_is_read_back_as_it_was():
    rows = {
        "schools": [
            {
                "school_code": SCHOOL,
                "school_name": "示例第一小学",
                "school_kind": "211",
                "organizer": "7",
                "locale": "220",
                "township": "示例镇",
                "address": ATTACK,
                "longitude": 105.910001,
                "built_year": 2012,
                "boarding": False,
                "has_charter": None,
                "funded_pupils": 0,
                "phone": "0953-8000000",
            }
        ],
        "premises": [
            {"school_code": SCHOOL, "premises_stage": "全校", "music_rooms": (96.0, 98.5), "art_rooms": ()}
        ],
        "students": [
            {
                "enrolment_number": "G" + GOOD_ID,
                "person_name": "张 某某",
                "sex": "1",
                "birth_date": date(2015, 3, 8),
                "id_number": GOOD_ID,
                "ethnicity": "03",
                "school_code": SCHOOL,
                "stage": "小学",
                "grade": "6",
                "class_number": 2,
                "entered_on": date(2021, 9, 1),
                "enrolment_status": "在读",
            }
        ],
    }
    content = template([SHEETS[name] for name in rows], rows, row_ids={name: [f"r-{name}"] for name in rows})
    assert formulas(content) == []
    tab = opened(content)["学校"]
    assert tab["A1"].value == "行标识"
    assert tab.column_dimensions["A"].hidden
    assert tab["B2"].number_format == "@"
    assert not tab["B2"].protection.locked
    reading = read_files([("学校.xlsx", content)])
    assert not reading.errors
    for name, written in rows.items():
        read = reading.sheets[name]
        assert read.row_ids == [f"r-{name}"]
        assert next(read.rows()) == {column.name: None for column in SHEETS[name].columns} | written[0]


def test_the_annotated_workbook():
    book = workbook(
        {
            "学校": [
                ["全县学校"],
                *table([SCHOOL_ROW | {"核定公用经费人数": "九百", "地址": ATTACK, "规划建成年份": 2012}]),
            ],
            "学生": table([STUDENT_ROW | {"出生日期": date(2015, 3, 8), "性别": "女"}]),
        }
    )
    files = [("县.xlsx", book), ("坏.xlsx", b"PK\x03\x04")]
    problems = read_files(files, today=TODAY).problems
    content = annotated(files, problems)
    assert formulas(content) == []
    made = opened(content)
    assert made.sheetnames == ["问题清单", "学校", "学生"]
    cell = made["学校"]["G3"]
    assert cell.value == "九百"
    assert "例如 900" in cell.comment.text
    assert cell.fill.fgColor.rgb == "FFF8CBAD"
    assert made["学校"]["H3"].value == ATTACK
    assert made["学校"]["H3"].fill.fgColor.rgb == "FFFFF2CC"
    assert made["学校"]["I3"].value == 2012
    assert made["学生"]["D2"].value.date() == date(2015, 3, 8)
    listed = made["问题清单"]
    assert listed.max_row == len(problems) + 1
    links = {link.location for cells in listed.iter_rows() for link in [cells[4].hyperlink] if link}
    assert "'学校'!G3" in links
    again = read_files([("改.xlsx", content)], today=TODAY)
    assert sorted(codes_of(again)) == sorted(code for code in (p.code for p in problems) if code != "corrupt")


def test_annotating_keeps_the_row_ids_hidden_and_names_apart():
    rows = table([{"行标识": "7"} | SCHOOL_ROW | {"经度": "东"}])
    files = [("甲.xlsx", workbook({"学校": rows})), ("乙.xlsx", workbook({"学校": rows}))]
    problems = read_files(files).problems
    made = opened(annotated(files, problems))
    assert made.sheetnames == ["问题清单", "学校", "学校（2）"]
    assert made["学校"].column_dimensions["A"].hidden
    assert made["问题清单"]["H2"].value == "甲.xlsx"


def test_annotating_a_csv():
    text = "\n".join(",".join(map(str, row)) for row in table([SCHOOL_ROW | {"经度": "东"}]))
    files = [("学[校].csv", text.encode("gb18030"))]
    made = opened(annotated(files, read_files(files).problems))
    assert made.sheetnames == ["问题清单", "学＿校＿"]
    assert made["学＿校＿"]["G2"].comment is not None


def test_a_list():
    fields = [
        "学校名称",
        Field("生均面积", "decimal", "㎡"),
        Field("达标率", "percent"),
        Field("日期", "date"),
    ]
    rows = [[ATTACK, 4.5, 0.853, date(2026, 9, 1)], ["示例第二小学", None, 1.2, None]]
    content = listing("生均一览", fields, rows, source="来源：2026年9月学校表", marked="演示数据")
    assert formulas(content) == []
    tab = opened(content)["生均一览"]
    assert [cell.value for cell in tab[3]] == ["学校名称", "生均面积（㎡）", "达标率", "日期"]
    assert tab["A2"].value == "来源：2026年9月学校表　共 2 行　演示数据"
    assert tab["A4"].value == ATTACK
    assert (tab["B4"].number_format, tab["C4"].number_format) == ("#,##0.00", "0.00%")
    assert tab["D4"].value.date() == date(2026, 9, 1)
    assert tab["B5"].value is None
    assert tab.page_setup.orientation == "landscape"
    assert tab.page_setup.paperSize == 9
    assert tab.freeze_panes == "A4"
    assert tab.auto_filter.ref == "A3:D5"
    assert tab.print_title_rows == "$3:$3"


def test_a_list_without_rows():
    assert opened(listing("空", ["甲"], []))["空"]["A3"].value == "甲"


@pytest.mark.parametrize("text", ["a\x07b", "_x0041_", " 前后 ", "一\n二", "<&>\"'", "\ud800", "长" * 40_000])
def test_any_text_survives_or_is_made_harmless(text):
    row = {"school_code": SCHOOL, "address": text}
    content = template([SCHOOLS], {"schools": [row]})
    value = opened(content)["学校"]["H2"].value
    assert value is not None
    read_files([("学校.xlsx", content)])


def test_no_sheet_is_an_error():
    with pytest.raises(ValueError):
        template([])
