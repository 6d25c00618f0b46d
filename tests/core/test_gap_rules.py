"""缺口的说法: amounts that never round away, and what the data says against a claim. No database."""

from dataclasses import dataclass, field

import pytest

from bureau.gaps import rules
from junheng.policy.ledgers import parse, shipped


@dataclass
class Line:
    phase: str = "claimed"
    contradiction: str = ""
    evidence: dict[str, object] = field(
        default_factory=lambda: {"缺口": "3", "单位": "名", "数据日期": "2026-10-01"}
    )


def test_a_claim_that_the_data_does_not_prove_is_said() -> None:
    assert rules.unproven(Line()) == "已报完成，但2026年10月1日的数据仍缺 3 名；导入新数据证实前不能销号"
    against = rules.unproven(Line(contradiction="2026-09-01 已报完成，但 2026-10-01 的数据仍显示没有解决"))
    assert against == "与数据矛盾：已报完成，但2026年10月1日的数据仍缺 3 名"
    assert rules.unproven(Line("open")) is None
    assert rules.unproven(Line("solved")) is None


def test_a_county_may_word_its_evidence_otherwise() -> None:
    assert rules.found_amount({"缺口": "三名"}) is None
    assert rules.found_amount({}) is None
    assert rules.unproven(Line(evidence={})) == "已报完成，但数据仍有缺口；导入新数据证实前不能销号"


@pytest.mark.parametrize(
    ("shortage", "unit", "text"),
    [
        (3, "名", "3 名"),
        (412.04, "㎡", "412 ㎡"),
        (1234.56, "㎡", "1,234.6 ㎡"),
        (18.6, "万元", "18.6 万元"),
        (0.004, "㎡", "不足 0.01 ㎡"),
        (0, "间", "0 间"),
    ],
)
def test_amounts_never_round_a_shortage_away(shortage: float, unit: str, text: str) -> None:
    assert rules.amount(shortage, unit) == text


def test_the_ledger_names_what_the_room_reads() -> None:
    ledger = parse(shipped()[rules.LEDGER])
    titles = {title for one in ledger.detectors for _, title in one.evidence}
    assert {rules.TITLE, rules.STAGE, rules.CODE, rules.SHORTAGE, rules.UNIT, rules.DAY} <= titles
    assert {"measure", "office", "until", "unit_price", "result"} <= {one.name for one in ledger.columns}


def test_only_a_second_person_closes_and_only_what_the_data_shows_closed() -> None:
    ledger = parse(shipped()[rules.LEDGER])
    closing = [one for one in ledger.moves if one.target and ledger.state(one.target).phase == "closed"]
    assert [(one.sources, one.second) for one in closing] == [(("solved",), True)]
    assert ledger.proof == "data"
    assert ledger.data_only
