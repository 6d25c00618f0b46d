"""台账定义的四种写法 that the gap ledger brought: who fills a column, a date people set, tracked evidence, data only."""

import pytest

from junheng.detecting import problems_of
from junheng.policy.ledgers import diagram, parse

TEXT = """kind: ledger
code: trial
title: 试行台账
group: 试行
subject: school
entered_by: 甲
proof: data
data_only: true
sheet: plan
columns:
  - {name: until, title: 完成时限, kind: date, by: [bureau]}
  - {name: what, title: 措施, kind: long}
states:
  - {name: found, title: 待办, phase: open, level: school, deadline: {column: until, days: 30, unit: calendar}}
  - {name: solved, title: 待复核, phase: solved, level: school}
  - {name: closed, title: 已销号, phase: closed}
moves:
  - {name: plan, title: 填计划, from: [found], to: same, by: [school, bureau], fields: [until, what]}
  - {name: verify, title: 登记核实, from: [solved], to: same, by: [school, bureau], fields: [what]}
  - {name: close, title: 销号, from: [solved], to: closed, by: [bureau], second: true}
ladder: {levels: [school, bureau], days: 10, unit: working}
detectors:
  - name: short
    title: 缺
    sql: SELECT school_code AS subject_key, pupils FROM schools
    evidence: {pupils: 学生}
    tracked: [pupils]
"""


def test_the_four_are_read() -> None:
    assert problems_of(TEXT) == ()
    ledger = parse(TEXT)
    assert (ledger.data_only, ledger.sheet, ledger.tracked) == (True, "plan", ("学生",))
    assert ledger.column("until").by == ("bureau",)
    assert ledger.column("what").by == ()
    assert ledger.initial.column == "until"
    assert "按“完成时限”，未填时30" in diagram(ledger).nodes[0].deadline_words


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("by: [bureau]}", "by: [mayor]}", "“mayor”不在可选的"),
        ("column: until", "column: what", "期限用的栏目“what”不存在或不是日期栏"),
        ("tracked: [pupils]", "tracked: [boarders]", "依据“boarders”不存在"),
        ("sheet: plan", "sheet: fill", "办理“fill”不存在"),
        ("days: 30", "days: 30, setting: x", "之一"),
        ("proof: data\ndata_only: true", "proof: data\ndata_only: 是", "应是 true 或 false"),
    ],
)
def test_what_is_wrong_is_said(before: str, after: str, words: str) -> None:
    assert before in TEXT
    found = problems_of(TEXT.replace(before, after))
    assert any(words in problem.message for problem in found), found


def test_a_date_alone_is_a_deadline() -> None:
    assert problems_of(TEXT.replace("column: until, days: 30, unit: calendar", "column: until")) == ()
