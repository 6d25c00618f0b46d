"""台账定义: what is shipped stands, and what is wrong is said all at once, beside its line."""

import pytest

from junheng.detecting import problems_of
from junheng.policy.ledgers import LedgerError, diagram, parse, shipped, version_of

SMALL = """kind: ledger
code: trial
title: 试行台账
group: 试行
subject: school
entered_by: 甲
proof: person
settings:
  - {name: days, title: 期限, unit: 天, value: 5, assumed: true}
columns:
  - {name: what, title: 问题, kind: text, required_in: [said]}
states:
  - {name: found, title: 待办, phase: open, level: school, deadline: {setting: days, unit: working}}
  - {name: said, title: 已报, phase: claimed, level: bureau}
  - {name: closed, title: 已销号, phase: closed}
moves:
  - {name: report, title: 报完成, from: [found], to: said, by: [school], fields: [what], needs: [file]}
  - {name: close, title: 销号, from: [said], to: closed, by: [bureau], second: true}
"""


@pytest.mark.parametrize("code", sorted(shipped()))
def test_every_shipped_ledger_stands(code: str) -> None:
    text = shipped()[code]
    assert [str(problem) for problem in problems_of(text)] == []
    ledger = parse(text)
    assert ledger.code == code
    assert ledger.title_en or ledger.citations
    drawn = diagram(ledger)
    assert {node.name for node in drawn.nodes} == {state.name for state in ledger.states}
    for move in ledger.moves:
        assert not move.passes_to or move.passes_to in shipped()


def test_a_small_one_stands_and_its_version_is_its_text() -> None:
    assert problems_of(SMALL) == ()
    assert version_of(SMALL) == version_of(SMALL.replace("\n", "\r\n"))
    assert parse(SMALL).days_of(parse(SMALL).states[0]) == 5


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("second: true", "second: false", 18, "另一人"),
        ("needs: [file]", "needs: []", 18, "证据"),
        ("from: [said], to: closed", "from: [found], to: closed", 18, "先报完成"),
        ("from: [said], to: closed", "from: [nowhere], to: closed", 18, "起点状态“nowhere”不存在"),
        ("to: said, by: [school]", "to: same, by: [school]", 14, "没有任何办理能到达"),
        ("level: school, deadline", "deadline", 13, "没有责任级别"),
        ("fields: [what]", "fields: [which]", 17, "栏目“which”不存在"),
        ("setting: days, unit", "setting: weeks, unit", 13, "设置“weeks”不存在"),
        ("setting: days, unit", "setting: days, since: what, unit", 13, "栏目“what”不存在或不是日期栏"),
        ("setting: days, unit", "since: what, column: what, unit", 13, "还要写 days 或 setting"),
        ("by: [bureau]", "by: [justice]", 18, "justice"),
        ("proof: person", "proof: data", 7, "发现规则"),
        ("value: 5", "value: 五", 9, "不是整数"),
        ("group: 试行", "grupo: 试行", 4, "没有“grupo”这一项"),
        ("subject: school", "subject: dog", 5, "不在可选的"),
        ("phase: claimed", "phase: solved", 17, "只由数据得出"),
    ],
)
def test_what_is_wrong_is_said_beside_its_line(before: str, after: str, line: int, words: str) -> None:
    assert before in SMALL
    found = problems_of(SMALL.replace(before, after))
    assert any(problem.line == line and words in problem.message for problem in found), found


def test_a_dead_end_is_named() -> None:
    text = SMALL.replace(
        "  - {name: closed,", "  - {name: lost, title: 搁置, phase: open, level: school}\n  - {name: closed,"
    ).replace(
        "  - {name: close,",
        "  - {name: drop, title: 搁置, from: [found], to: lost, by: [school]}\n  - {name: close,",
    )
    assert any("死路" in problem.message for problem in problems_of(text))


def test_everything_at_once() -> None:
    text = (
        SMALL.replace("title: 试行台账", "title: ''")
        .replace("value: 5", "value: 五")
        .replace("[file]", "[paper]")
    )
    lines = [problem.line for problem in problems_of(text)]
    assert lines == sorted(lines)
    assert {3, 9, 17} <= set(lines)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- 1\n- 2",
        "kind: ledger\n  code: x",
        "a: &a [1]\nb: *a",
        "kind: ledger\nkind: ledger",
        "x" * 300_000,
        "[" * 3000,
        "when: 2026-13-45",
        "states: 3\nmoves: {a: 1}\ncolumns: [1, [2]]\ndetectors: [{sql: [1]}]",
    ],
)
def test_hostile_texts_are_refused_in_sentences(text: str) -> None:
    found = problems_of(text)
    assert found
    with pytest.raises(LedgerError):
        parse(text)
