"""What-if, sensitivity, stored results, register checks, forms: the parts around the formulas."""

import json
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from junheng.documents.official_forms import official_forms, self_assessment
from junheng.engines import DuckDB, schema_of
from junheng.measures import (
    Assessment,
    Edit,
    FactRow,
    Merge,
    assess,
    checked_facts,
    facts_of,
    judged_facts,
    sensitivity,
    what_if,
)
from junheng.measures.registers import years_before
from junheng.policy import Pack, load, parse
from junheng.tables import FACTS, SHEETS
from oracle.county_rows import DAY, made_up, made_up_facts

PACK = load("balanced-2017")
FULL = {
    "qualified_teachers": 42.0,
    "backbone_teachers": 10.0,
    "arts_sports_teachers": 9.0,
    "teaching_area": 4500.0,
    "sports_area": 7500.0,
    "equipment_value": 200.0,
    "multimedia_rooms": 23.0,
}


def fact(school: str, students: int | None = 1000, stage: str = "小学", **amounts: float | None) -> FactRow:
    return FactRow("甲县", "", school, stage, students, FULL | amounts)


def verdicts(found: Assessment) -> dict[str, str]:
    return {school.school: school.verdict for school in found.schools}


def test_an_edit_changes_verdicts_and_not_the_facts() -> None:
    facts = [fact("一小"), fact("二小")]
    found = what_if(facts, [Edit(facts[0].key, "students", 1500)], [], PACK, day=DAY)
    assert verdicts(found) == {"一小": "未达标", "二小": "达标"}
    assert facts[0].students == 1000
    blank = what_if(facts, [Edit(facts[0].key, "sports_area", None)], [], PACK, day=DAY)
    assert verdicts(blank)["一小"] == "未报"


def test_a_merge_adds_pupils_and_amounts_and_what_is_unknown_stays_unknown() -> None:
    facts = [fact("一小", backbone_teachers=0.0), fact("二小", backbone_teachers=20.0, multimedia_rooms=None)]
    found = what_if(facts, [], [Merge(facts[0].key, facts[1].key)], PACK, day=DAY)
    [school] = found.schools
    amounts = {row.code: row.numerator for row in found.indicators}
    assert (school.school, school.students) == ("二小", 2000)
    assert (amounts["R2"], amounts["R7"]) == (20.0, None)


def test_a_teaching_point_enters_the_scope_when_it_grows() -> None:
    point = FactRow(
        "甲县", "", "教学点", "小学", 40, dict(FULL), kind="218", in_scope=False, reason="不足50人"
    )
    found = what_if([point], [Edit(point.key, "students", 50)], [], PACK, day=DAY)
    assert found.schools[0].in_scope
    assert found.schools[0].reason == ""


@pytest.mark.parametrize(
    ("edits", "merges", "said"),
    [
        ([Edit(("甲县", "三小", "小学"), "students", 1)], [], "没有学校“三小”"),
        ([Edit(("甲县", "一小", "小学"), "colour", 1)], [], "没有“colour”这一项"),
        ([Edit(("甲县", "一小", "小学"), "students", -1)], [], "不能是负数"),
        ([], [Merge(("甲县", "一小", "小学"), ("甲县", "一小", "小学"))], "不能并入自己"),
        ([], [Merge(("甲县", "一小", "小学"), ("甲县", "一中", "初中"))], "学段不同"),
    ],
)
def test_what_if_refuses_in_a_sentence(edits: list[Edit], merges: list[Merge], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        what_if([fact("一小"), fact("一中", stage="初中")], edits, merges, PACK, day=DAY)


def test_stored_results_give_the_facts_back() -> None:
    facts = [f for f in made_up_facts(9) if f.students != 0]
    found = judged_facts(facts, PACK, DAY)
    again = judged_facts(facts_of(found.schools, found.indicators, PACK), PACK, DAY)
    assert again.indicators == found.indicators
    assert again.coefficients == found.coefficients


def test_shares_sum_to_one_and_a_hopeless_coefficient_is_named() -> None:
    facts = [fact("一小", backbone_teachers=1.0), fact("二小", backbone_teachers=30.0), fact("三小")]
    found = sensitivity(facts, PACK, day=DAY)
    shares = [row for row in found.shares if row.code == "R2"]
    assert sum(row.share for row in shares) == pytest.approx(1)
    assert [row.share for row in shares] == sorted((row.share for row in shares), reverse=True)
    [change] = [row for row in found.changes if row.code == "R2"]
    assert change.amount == int(change.amount)
    halves = [fact(f"{n}小", backbone_teachers=float(n % 2)) for n in range(20)]
    assert ("甲县", "小学", "R2") in sensitivity(halves, PACK, day=DAY).hopeless


def test_rounding_before_testing_is_a_setting() -> None:
    rounding = """
kind: standard
id: rounded
title: 先取整
extends: balanced-2017
responsible: 李四
entered_by: 李四
documents: [{key: 约定, title: 县约定}]
standards:
  rounding.test: {value: rounded, document: 约定, item: 一, status: assumed}
"""
    rounded: Pack = parse(rounding)
    close = [fact("一小", sports_area=7495.0), fact("二小", sports_area=7494.0)]
    assert [i.verdict for i in judged_facts(close, PACK, DAY).indicators if i.code == "R5"] == [
        "未达标",
        "未达标",
    ]
    assert [i.verdict for i in judged_facts(close, rounded, DAY).indicators if i.code == "R5"] == [
        "达标",
        "未达标",
    ]


def test_years_before_a_leap_day() -> None:
    assert years_before(date(2024, 2, 29), 3) == date(2021, 2, 28)


def test_facts_are_checked_with_rows_and_only_once() -> None:
    columns: dict[str, list[Any]] = {
        "county": ["甲县", "甲县", None],
        "school": ["一小", "一小", "二小"],
        "stage": ["小学", "小学", "小学"],
        "students": [100, 100, 0],
        "sports_area": [-1.0, 1.0, 1.0],
    }
    usable, problems = checked_facts(columns, [2, 3, 4])
    assert usable["school"] == ["一小", "二小"]
    assert (usable["sports_area"], usable["students"]) == ([None, 1.0], [100, None])
    assert [(p.row, p.column, p.severity) for p in problems] == [
        (2, "体育运动场馆面积", "error"),
        (3, "学校名称", "error"),
        (4, "在校生数", "error"),
        (4, "县区", "warning"),
    ]
    _, told = checked_facts(columns, [2, 3, 4], {(2, "体育运动场馆面积")})
    assert [p.row for p in told] == [3, 4, 4]
    assert set(usable) == {column.name for column in FACTS.columns}


@pytest.fixture(scope="module")
def county() -> Assessment:
    held = made_up(21, 14)
    held["county"] = [{"item": "population", "figure": 32.6}, {"item": "veto_exam", "conclusion": "未达标"}]
    with DuckDB() as engine:
        tables = {name: engine.from_rows(rows, schema_of(SHEETS[name])) for name, rows in held.items()}
        return assess(tables, PACK, day=DAY, county="甲县", keep=engine.keep)


def test_every_line_names_its_clause_and_what_is_missing(county: Assessment) -> None:
    assert [line.code for line in county.county] == [line.code for line in PACK.lines]
    for line in county.county:
        assert line.clause.startswith("教督〔2017〕6号")
        assert line.verdict in ("达标", "未达标", "未报", "不适用")
        assert line.text
        if line.verdict == "未报":
            assert line.missing, line.code
        if line.verdict == "未达标" and line.group != "一票否决":
            assert line.failing, line.code
    veto = next(line for line in county.county if line.code == "V1")
    assert (veto.verdict, veto.text) == ("未达标", "存在此情形")


def test_blanks_explain_themselves(county: Assessment) -> None:
    assert county.problems
    assert all(problem.severity == "warning" for problem in county.problems)
    assert all("，" in problem.message for problem in county.problems)


def test_no_tables_is_a_sentence() -> None:
    found = assess({}, PACK, day=DAY)
    assert [problem.message for problem in found.problems] == ["没有可评估的表，请给出学校表等登记表"]


def test_official_forms(county: Assessment) -> None:
    book = openpyxl.load_workbook(
        BytesIO(official_forms(county, county="甲县", items={"recognition_forms": 600}))
    )
    assert book.sheetnames == ["表Ⅰ", "表Ⅱ-1", "表Ⅱ-2", "表Ⅲ", "表Ⅳ", "表Ⅴ", "表Ⅵ"]
    assert [cell.value for cell in book["表Ⅰ"][3]][-1] == "L24"
    assert book["表Ⅰ"]["A5"].value == 32.6
    inside = [school for school in county.schools if school.in_scope]
    numbers = [row[0].value for row in book["表Ⅱ-2"].iter_rows() if isinstance(row[0].value, int)]
    assert len(numbers) == len(inside)
    assert [row[-1].value for row in book["表Ⅲ"].iter_rows(min_row=4, max_row=4)] == ["——"]
    assert len([row for row in book["表Ⅳ"].iter_rows(min_row=4) if row[0].value]) == 15
    assert len([row for row in book["表Ⅴ"].iter_rows(min_row=4) if row[0].value]) == 9
    assert book["表Ⅵ"]["A4"].value == 600


def test_self_assessment_of_one_school(county: Assessment) -> None:
    chosen = next(school for school in county.schools if school.in_scope)
    for name in (chosen.school_code, chosen.school):
        book = openpyxl.load_workbook(BytesIO(self_assessment(county, name, county="甲县")))
        sheet = book["学校自评表"]
        assert chosen.school in sheet["A1"].value
        levels = [row[0].value for row in sheet.iter_rows(min_row=4)]
        assert sum(str(level).startswith("资源配置") for level in levels) % 7 == 0
        assert {"政府保障程度", "教育质量"} <= set(levels)
    with pytest.raises(KeyError):
        self_assessment(county, "没有这所学校")


def test_results_are_plain_values(county: Assessment) -> None:
    from junheng.cli.assess_answer import answer

    json.dumps(answer(county), allow_nan=False)


def test_a_veto_answered_no_and_a_recognition_that_contradicts_its_forms() -> None:
    held = made_up(3, 2)
    held["county"] = [
        {"item": "veto_key", "conclusion": "未达标"},
        {"item": "recognition", "figure": 90.0},
        {"item": "recognition_satisfied", "figure": 80.0},
        {"item": "recognition_valid", "figure": 100.0},
    ]
    with DuckDB() as engine:
        tables = {name: engine.from_rows(rows, schema_of(SHEETS[name])) for name, rows in held.items()}
        found = assess(tables, PACK, day=DAY)
    told = [problem.message for problem in found.problems if problem.sheet == "县级数据"]
    assert len(told) == 2
    assert "表示存在此情形" in told[0]
    assert "计算为80.00%" in told[1]
    assert next(line.value for line in found.county if line.code == "S1") == 80.0


def test_oversized_schools() -> None:
    rows = {
        "schools": [
            {"school_code": "2164000001", "school_name": "大校", "school_kind": "312", "locale": "121"}
        ],
        "classes": [
            {
                "school_code": "2164000001",
                "stage": stage,
                "grade": grade,
                "class_number": 1,
                "class_students": 1200,
            }
            for stage, grade in (("小学", "1"), ("初中", "7"))
        ],
    }
    with DuckDB() as engine:
        tables = {name: engine.from_rows(given, schema_of(SHEETS[name])) for name, given in rows.items()}
        found = assess(tables, PACK, day=DAY)
    assert [(row.found, row.gap) for row in found.oversized] == [("2400人", 400.0)]
    assert next(line.verdict for line in found.county if line.code == "G4") == "达标"
