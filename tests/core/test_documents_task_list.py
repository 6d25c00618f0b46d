"""Task and responsibility lists: out to Excel and paper, and back with every problem at once."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.test_documents_official import squeezed, text_of_docx, text_of_pdf
from junheng.documents.official import official_document, official_pdf
from junheng.documents.task_list import (
    TASK_STATES,
    TaskRow,
    read_task_list,
    task_list_document,
    task_list_workbook,
)
from word_checks import flaws_of

UNITS = ("教育体育局", "财政局", "民政局", "住房和城乡建设局")
ROWS = (
    TaskRow("t1", "1", "改善寄宿条件", "新建宿舍3栋", "床位满足率100%", "教育体育局", ("财政局", "住房和城乡建设局"), "马某", "2026年12月31日",
        date(2026, 12, 31), "主体封顶", "推进中", "", "第6条"),
    TaskRow("t2", "2", "改善寄宿条件", "配齐被褥", "", "教育体育局", (), "", "2026年底前", date(2026, 12, 31), "", "未启动"),
    TaskRow("t3", "3", "资助困难学生", "按标准足额发放", "应助尽助", "民政局", ("财政局",), "", "长期坚持", None, "已发放", "已完成", "拨付文件"),
    TaskRow("t4", "4", "建立台账", lead="教育体育局", due="每学期末"),
)  # fmt: skip


def exported(rows=ROWS, **more):
    return task_list_workbook(rows, title="云岭县任务清单", states=TASK_STATES, **more)


def changed(change, **more):
    book = openpyxl.load_workbook(BytesIO(exported(**more)))
    change(book.worksheets[0])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def codes_of(reading):
    return sorted(problem.code for problem in reading.problems)


def test_what_comes_back_is_what_went_out():
    reading = read_task_list(exported(units=UNITS), before=ROWS, units=UNITS)
    assert reading.rows == ROWS
    assert reading.changes == ()
    assert reading.problems == ()


def test_the_workbook_helps_and_guards():
    book = openpyxl.load_workbook(
        BytesIO(exported(units=UNITS, source="云政发〔2026〕3号", marked="演示数据"))
    )
    tab = book["任务清单"]
    assert tab["B1"].value == "云岭县任务清单"
    assert "共 4 项" in tab["B2"].value
    headings = [cell.value for cell in tab[3]]
    assert headings == ["行标识", "序号", "重点任务", "具体措施", "目标", "牵头单位", "配合单位", "责任人", "完成时限", "状态", "进展",
        "佐证", "出处"]  # fmt: skip
    assert tab.column_dimensions["A"].hidden
    assert tab.protection.sheet
    assert tab["C3"].protection.locked
    assert not tab["C4"].protection.locked
    assert not tab["C60"].protection.locked or not tab.column_dimensions["C"].protection.locked
    rules = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in tab.data_validations.dataValidation}
    assert rules == {"J4": '"未启动,推进中,已完成"', "F4": "='下拉选项'!$A$2:$A$5".removeprefix("=")}
    assert book["下拉选项"].sheet_state == "hidden"


def test_a_responsibility_list_goes_by_unit():
    tab = openpyxl.load_workbook(BytesIO(exported(kind="责任清单")))["责任清单"]
    assert [tab.cell(line, 3).value for line in range(4, 8)] == ["教育体育局"] * 3 + ["民政局"]
    assert [tab.cell(line, 2).value for line in range(4, 8)] == ["1", "2", "3", "4"]
    assert read_task_list(exported(kind="责任清单"), before=ROWS).changes == ()


def test_changes_are_listed_against_what_went_out():
    def change(tab):
        tab["K4"] = "已交付"
        tab["J4"] = "已完成"
        tab["L4"] = "竣工验收单"
        tab["I5"] = date(2027, 3, 1)

    reading = read_task_list(changed(change), before=ROWS)
    found = [(one.row_id, one.column, one.old, one.new) for one in reading.changes]
    assert ("t1", "进展", "主体封顶", "已交付") in found
    assert ("t1", "状态", "推进中", "已完成") in found
    assert ("t1", "佐证", "", "竣工验收单") in found
    assert [one.column for one in reading.changes if one.row_id == "t2"] == ["完成时限"]
    assert reading.rows[1].due_on == date(2027, 3, 1)
    assert reading.errors == ()


def test_every_problem_at_once():
    def change(tab):
        tab["A5"] = "t1"  # as row 4
        tab["A6"] = "zz"
        tab["A7"] = None
        tab["J4"] = "差不多了"
        tab["F4"] = "教育体局"
        tab["G6"] = "财政局、财政局、不存在局"
        tab["C7"] = None
        tab["I6"] = "2026年13月"
        tab.cell(8, 3).value = "新任务"
        tab.cell(8, 10).value = "已完成"

    reading = read_task_list(changed(change, units=UNITS), "清单.xlsx", before=ROWS, units=UNITS)
    found = codes_of(reading)
    for code in ("row_id_repeated", "row_id_unknown", "row_new", "unknown_state", "unknown_unit", "unit_repeated", "blank", "due_in_words",
                 "no_evidence", "no_lead", "rows_missing"):  # fmt: skip
        assert code in found, code
    assert found.count("row_id_repeated") == 2
    unit = next(one for one in reading.problems if one.code == "unknown_unit" and one.row == 4)
    assert "是否应为“教育体育局”" in unit.message
    assert (unit.tab, unit.cell) == ("任务清单", "F4")
    assert [row.task for row in reading.rows] == ["新任务"]
    assert all(one.message and not one.message.isascii() for one in reading.problems)
    missing = next(one for one in reading.problems if one.code == "rows_missing")
    assert "少了 3 项" in missing.message


def test_a_missing_column_leaves_the_record_alone():
    reading = read_task_list(changed(lambda tab: tab.delete_cols(11)), before=ROWS)
    assert reading.rows[0].progress == "主体封顶"
    assert reading.changes == ()


def test_a_changed_heading_is_reported_and_a_needed_one_is_missed():
    def change(tab):
        tab["C3"] = "随便改的"
        tab["K3"] = "工作进展"

    reading = read_task_list(changed(change), before=ROWS)
    assert {"unknown_heading", "missing_column"} <= set(codes_of(reading))
    assert reading.rows == ()


def test_the_wrong_worksheet_or_file():
    book = openpyxl.Workbook()
    book.active.append(["姓名", "年龄"])
    stream = BytesIO()
    book.save(stream)
    assert codes_of(read_task_list(stream.getvalue())) == ["wrong_sheet"]
    assert codes_of(read_task_list(b"%PDF-1.7")) == ["not_workbook"]
    assert codes_of(read_task_list(b"")) == ["empty"]
    assert codes_of(read_task_list(b"PK\x03\x04 cut off")) == ["corrupt"]


def test_formulas_are_not_run_and_are_pointed_out():
    def change(tab):
        tab["K4"] = "=1+1"
        tab["L4"] = '=HYPERLINK("http://x","y")'

    reading = read_task_list(changed(change), before=ROWS)
    assert "formulas" in codes_of(reading)
    attack = replace(ROWS[0], progress="=cmd|'/c calc'!A1", task="@SUM(A1)")
    book = openpyxl.load_workbook(BytesIO(exported((attack,))))
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)
    assert read_task_list(exported((attack,)), before=(attack,)).changes == ()


words = (
    st.text(st.sampled_from("甲乙丙丁一二3% （）“”"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: len(text) > 1 and any(c in "甲乙丙丁" for c in text))
)


@given(st.lists(st.tuples(words, words, words, st.sampled_from(TASK_STATES)), min_size=1, max_size=6))
@settings(max_examples=20)
def test_any_list_comes_back_unchanged(drawn):
    rows = tuple(
        TaskRow(f"r{n}", str(n), task, progress=progress, evidence=evidence, state=state, lead="甲局")
        for n, (task, progress, evidence, state) in enumerate(drawn, start=1)
    )
    reading = read_task_list(exported(rows), before=rows)
    assert reading.changes == ()
    assert [row.row_id for row in reading.rows] == [row.row_id for row in rows]


@pytest.mark.parametrize("kind", ["任务清单", "责任清单"])
def test_on_paper(kind):
    document = task_list_document(
        ROWS, title=f"云岭县{kind}", kind=kind, note="时限以文件为准", marked="演示数据"
    )
    paper = squeezed("".join(text_of_pdf(official_pdf(document))))
    word = squeezed(text_of_docx(official_document(document)))
    for text in ("序号", "重点任务", "具体措施", "目标", "牵头单位", "配合单位", "责任人", "完成时限", "进展", "佐证", "床位满足率100%", "长期坚持",
                 "时限以文件为准"):  # fmt: skip
        assert text in paper, text
        assert text in word, text
    assert flaws_of(official_document(document)) == []
    assert ("教育体育局（3项）" in paper) == (kind == "责任清单")


def test_an_empty_list_is_still_a_list():
    assert read_task_list(exported(())).rows == ()
    assert official_pdf(task_list_document((), title="空清单"))[:4] == b"%PDF"
