"""自动算出的栏目: sums over records, scores with full marks, grades with vetoes; a slow twin; what cannot be worked out is refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bureau.cases.values import read
from junheng.policy.ledgers import Record, each_time, parse, problems_of, work_out

PACK = """kind: ledger
code: review
title: 评估
group: 试行
subject: school
entered_by: 甲
proof: person
columns:
  - {name: gate, title: 门卫（20 分）, kind: decimal, least: 0, most: 20}
  - {name: fire, title: 消防, kind: choice, choices: [好, 中, 差], points: {好: 30, 中: 15, 差: 0}}
  - {name: dead, title: 发生死亡事故, kind: flag}
  - {name: total, title: 总分, kind: decimal, tally: {score: [gate, fire]}}
  - {name: grade, title: 等级, kind: text, tally: {grade: [total], steps: [{least: 45, title: 优秀}, {least: 30, title: 合格}, {least: 0, title: 不合格}], vetoes: [{column: dead, holds: 是, grade: 不合格}]}}
  - {name: hours_now, title: 本次课时, kind: integer, least: -20, most: 20}
  - {name: hours, title: 本学年课时, kind: decimal, tally: {sum: [hours_now], over: year}}
  - {name: visits, title: 本学期次数, kind: decimal, tally: {count: [note], over: term}}
  - {name: plan, title: 应有课时, kind: integer, least: 1}
  - {name: share, title: 完成率, kind: decimal, tally: {share: [hours, plan]}}
states:
  - {name: found, title: 待办, phase: open, level: school}
  - {name: said, title: 已报, phase: claimed, level: bureau}
  - {name: closed, title: 已销号, phase: closed}
moves:
  - {name: note, title: 登记, from: [found], to: same, by: [school], fields: [gate, fire, dead, hours_now, plan]}
  - {name: report, title: 报完成, from: [found], to: said, by: [school], needs: [file]}
  - {name: close, title: 销号, from: [said], to: closed, by: [bureau], second: true}
"""
DAY = date(2026, 11, 20)


def test_scores_grades_and_vetoes() -> None:
    of = parse(PACK)
    got = work_out(of, {"gate": "18.5", "fire": "好"}, [], DAY)
    assert (got["total"], got["grade"]) == ("48.5", "优秀")
    assert work_out(of, {"gate": 15, "fire": "中", "dead": False}, [], DAY)["grade"] == "合格"
    assert work_out(of, {"gate": 20, "fire": "好", "dead": True}, [], DAY)["grade"] == "不合格"
    # An item still open is no zero: there is no total yet, but a veto speaks at once.
    open_ = work_out(of, {"gate": 20}, [], DAY)
    assert (open_["total"], open_["grade"]) == (None, None)
    assert work_out(of, {"gate": 20, "dead": True}, [], DAY)["grade"] == "不合格"


def test_hours_delivered_against_hours_planned() -> None:
    of = parse(PACK)
    records = [
        Record("note", date(2026, 7, 31), {"hours_now": 9}),  # last school year
        Record("note", date(2026, 8, 1), {"hours_now": 3}),
        Record("note", date(2026, 11, 2), {"hours_now": 4}),
        Record("note", date(2026, 11, 3), {"hours_now": -1}),  # a correction
        Record("report", DAY, {}),
    ]
    got = work_out(of, {"plan": 216}, records, DAY)
    assert (got["hours"], got["visits"], got["share"]) == ("6", "3", "2.8")
    assert each_time(of) == {"hours_now"}


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(["note", "report"]), st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.one_of(st.none(), st.integers(-20, 20))), max_size=20),
    st.dates(date(2026, 1, 1), date(2027, 6, 30)),
)  # fmt: skip
def test_sums_and_counts_as_counted_by_hand(rows: list[tuple[str, date, int | None]], day: date) -> None:
    got = work_out(parse(PACK), {}, [Record(move, on, {"hours_now": hours}) for move, on, hours in rows], day)
    hours, visits = 0, 0
    for move, on, one in rows:
        if on >= date(day.year - (day.month < 8), 8, 1):
            hours += one or 0
        term = date(day.year, 2, 1) if 2 <= day.month <= 7 else date(day.year - (day.month == 1), 8, 1)
        visits += move == "note" and on >= term
    assert (got["hours"], got["visits"]) == (str(hours), str(visits))


def test_more_than_the_full_score_is_refused() -> None:
    gate = parse(PACK).column("gate")
    assert read(gate, "20") == ("20", None)
    assert "超过最大值（满分）20" in (read(gate, "20.5")[1] or "")
    assert "小于最小值 0" in (read(gate, "-1")[1] or "")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("score: [gate, fire]", "score: [gate, dead]", "不是数字"),
        ("score: [gate, fire]", "score: [gate, nothing]", "“nothing”不存在"),
        ("count: [note]", "count: [nothing]", "办理“nothing”不存在"),
        ("sum: [hours_now], over: year", "over: year", "要写怎样算"),
        ("grade: [total], steps: [{least: 45, title: 优秀}, {least: 30, title: 合格}, {least: 0, title: 不合格}],", "grade: [total],", "没有分档"),
        ("points: {好: 30", "points: {很好: 30", "不是选项"),
        ("fields: [gate, fire", "fields: [total, gate, fire", "自动算出，不能填写"),
        ("title: 总分, kind: decimal", "title: 总分, kind: text", "kind: decimal"),
        ("kind: flag}", "kind: flag, most: 3}", "只有数字栏"),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_out_is_said(before: str, after: str, words: str) -> None:
    assert before in PACK
    assert problems_of(PACK) == ()
    found = problems_of(PACK.replace(before, after))
    assert any(words in problem.message for problem in found), found


def test_a_restricted_column_never_leaks_into_an_open_one() -> None:
    text = PACK.replace("title: 消防, kind: choice,", "title: 消防, kind: choice, access: screening,")
    assert any("受限更严" in problem.message for problem in problems_of(text))


def test_decimals_stay_exact() -> None:
    assert work_out(parse(PACK), {"gate": "0.1", "fire": "差"}, [], DAY)["total"] == str(Decimal("0.1"))
