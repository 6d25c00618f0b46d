"""资助判断的算例: each child of aid_examples.yaml by the slow reference and by the fast path."""

from pathlib import Path

import pytest
import yaml

from junheng.aid import Child, assess, outcomes
from junheng.policy.clauses import load_book

BOOK = load_book()
ASKED = (
    "建档立卡",
    "低保",
    "特困",
    "困难",
    "孤儿",
    "残疾",
    "寄宿",
    "农村",
    "留守",
    "随迁",
    "少生快富",
    "获国家奖学金",
    "获励志奖学金",
    "区内高校",
    "品学兼优",
)
EXAMPLES = yaml.safe_load((Path(__file__).parent / "aid_examples.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["name"] for example in EXAMPLES])
def test_example(example):
    facts = dict.fromkeys(ASKED, False) | dict.fromkeys(example["facts"], True)
    facts |= dict.fromkeys(example.get("unknown", ()), None)
    child = Child(example["stage"], example["grade"], example["county"], facts)
    slow = outcomes(BOOK, child, example["day"])
    paid = {outcome.clause: outcome.fen for outcome in slow if outcome.state in ("paid", "cut")}
    assert paid == {clause: yuan * 100 for clause, yuan in example["pays"].items()}
    states = {outcome.clause: outcome.state for outcome in slow}
    assert {clause: states[clause] for clause in example.get("states", {})} == example.get("states", {})
    answer = assess(BOOK, [child], example["day"], everywhere=True)[0]
    fast = {finding.clause.id: finding.outcome for finding in answer.findings}
    assert fast == {outcome.clause: outcome for outcome in slow if outcome.clause in fast}
    sums = {(kind, period): fen // 100 for (kind, period), fen in answer.totals.paid.items()}
    assert sums.get(("cash", "year"), 0) == example["cash"]
    assert sums.get(("cash", "once"), 0) == example.get("once", 0)
    for kind in ("waiver", "in_kind"):
        if kind in example:
            assert sums.get((kind, "year"), 0) == example[kind]
