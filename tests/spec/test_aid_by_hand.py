"""Children worked out by hand from the documents, over counties, days, stages and facts: the packs answer the same."""

import re
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from junheng.aid import Child, assess
from junheng.policy.clauses import load_book

FACTS = {
    "建": "建档立卡", "低": "低保", "特": "特困", "困": "困难", "孤": "孤儿", "残": "残疾", "寄": "寄宿", "农": "农村", "随": "随迁",
    "少": "少生快富", "试": "营养改善试点", "国奖": "获国家奖学金", "励志": "获励志奖学金", "区内": "区内高校", "品": "品学兼优",
}  # fmt: skip
BOOK = load_book()


def cases():
    by_day = defaultdict(list)
    for line in (Path(__file__).parent / "aid_by_hand.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        given, _, expected = line.partition("=>")
        county, day, stage, grade, *facts = given.split()
        signs = re.findall(r"([+-])([^+-]+)", "".join(facts))
        known = {FACTS[word]: sign == "+" for sign, word in signs}
        answer = dict(part.split(":") for part in expected.split() if part != "-")
        by_day[date.fromisoformat(day)].append((line, Child(stage, int(grade), county, known), answer))
    return by_day


def said(finding):
    """What the table writes for a finding; None where it grants nothing."""
    state, fen = finding.outcome.state, finding.outcome.fen
    if state == "paid":
        return str(fen // 100) if fen else "A"
    return {"unconfirmed": "U", "unknown": "?", "lost": "L"}.get(state)


@pytest.mark.parametrize("day", sorted(cases()))
def test_the_packs_answer_as_the_documents_do(day):
    rows = cases()[day]
    answers = assess(BOOK, [child for _, child, _ in rows], day)
    wrong = []
    for (line, _, expected), answer in zip(rows, answers, strict=True):
        found = {one.clause.id: word for one in answer.findings if (word := said(one))}
        if found != expected:
            wrong.append((line, found))
    assert wrong == []


def test_the_table_is_wide_enough():
    rows = [child for rows in cases().values() for _, child, _ in rows]
    assert len(rows) >= 120
    assert {child.stage for child in rows} == {"学前", "小学", "初中", "普高", "中职", "本科", "专科"}
