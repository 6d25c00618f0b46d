"""台账的状态与规则: every state against every event, and every refusal as the sentence a person reads. No database."""

from dataclasses import dataclass
from datetime import date

import pytest

from bureau.gaps import rules
from bureau.gaps.models import Gap
from bureau.gaps.states import NEXT, WORDS, Event, State, next_state


@dataclass
class Line:
    state: str = State.OPEN
    shortage: float = 3
    unit: str = "名"
    claimed_by_id: int | None = None


@dataclass
class Person:
    pk: int
    role: str


OFFICE, INSPECTOR, SCHOOL = Person(1, "office"), Person(2, "inspector"), Person(3, "school")
TOWNSHIP, AUDITOR = Person(4, "township"), Person(5, "auditor")


def test_the_words_and_values_are_those_that_are_stored() -> None:
    assert dict(Gap.State.choices) == {str(state): words for state, words in WORDS.items()}


def test_only_a_person_closes_and_only_what_the_data_shows_closed() -> None:
    into_closed = {pair for pair, to in NEXT.items() if to == State.CLOSED}
    assert into_closed == {(State.SOLVED, Event.CONFIRM)}
    into_solved = {event for (_, event), to in NEXT.items() if to == State.SOLVED}
    assert into_solved == {Event.MET}


def test_a_closed_gap_never_moves() -> None:
    assert [next_state(State.CLOSED, event) for event in Event] == [None] * len(Event)


@pytest.mark.parametrize(
    ("state", "event", "to"),
    [
        ("open", Event.PLAN, "under_way"),
        ("open", Event.MET, "solved"),
        ("claimed", Event.SHORT_AFTER_CLAIM, "claimed"),
        ("claimed", Event.PLAN, "claimed"),
        ("solved", Event.SHORT, "under_way"),
        ("solved", Event.SHORT_AFTER_CLAIM, "claimed"),
        ("open", Event.CONFIRM, None),
        ("claimed", Event.CONFIRM, None),
    ],
)
def test_next_state(state: str, event: Event, to: str | None) -> None:
    assert next_state(state, event) == to


@pytest.mark.parametrize(
    ("gap", "by", "in_area", "why"),
    [
        (Line(State.SOLVED, 0), OFFICE, True, None),
        (Line(State.SOLVED, 0), INSPECTOR, True, None),
        (Line(State.SOLVED, 0, claimed_by_id=2), OFFICE, True, None),
        (Line(State.SOLVED, 0, claimed_by_id=1), OFFICE, True, "报完成的人不能自己复核，请另一人销号"),
        (Line(State.CLAIMED, 3), OFFICE, True, "数据仍缺 3 名，不能销号；请先导入达标的数据"),
        (Line(State.OPEN, 412.04, "㎡"), OFFICE, True, "数据仍缺 412 ㎡，不能销号；请先导入达标的数据"),
        (Line(State.CLOSED, 0), OFFICE, True, "已经销号"),
        (Line(State.SOLVED, 0), OFFICE, False, "这所学校不在您的辖区内"),
        (
            Line(State.SOLVED, 0),
            SCHOOL,
            True,
            "“学校”不能复核销号；可以的角色：局领导、业务科室、督学",
        ),
    ],
)
def test_why_not_close(gap: Line, by: Person, in_area: bool, why: str | None) -> None:
    assert rules.why_not_close(gap, by=by, in_area=in_area) == why


@pytest.mark.parametrize("by", [TOWNSHIP, AUDITOR, INSPECTOR, Person(9, "administrator")])
def test_who_only_reads_neither_plans_nor_claims(by: Person) -> None:
    assert "不能填写缺口台账" in (rules.why_not_plan(Line(), by=by, in_area=True) or "")
    assert "不能填写缺口台账" in (rules.why_not_claim(Line(), by=by, in_area=True) or "")


def test_a_school_writes_its_measure_and_the_bureau_decides_the_rest() -> None:
    assert rules.why_not_plan(Line(), by=SCHOOL, in_area=True, fields=("measure",)) is None
    assert "由局里确定" in (rules.why_not_plan(Line(), by=SCHOOL, in_area=True, fields=("due",)) or "")
    assert rules.why_not_plan(Line(), by=OFFICE, in_area=True, fields=("due", "office")) is None
    assert "已销号" in (rules.why_not_plan(Line(State.CLOSED, 0), by=OFFICE, in_area=True) or "")


def test_claiming_twice_or_what_is_met_is_refused() -> None:
    assert rules.why_not_claim(Line(State.UNDER_WAY), by=SCHOOL, in_area=True) is None
    assert "已经报过" in (rules.why_not_claim(Line(State.CLAIMED), by=SCHOOL, in_area=True) or "")
    assert "数据已达标" in (rules.why_not_claim(Line(State.SOLVED, 0), by=SCHOOL, in_area=True) or "")
    assert rules.why_not_claim(Line(State.CLOSED, 0), by=SCHOOL, in_area=True)


def test_a_claim_is_taken_back_by_its_author_or_the_bureau() -> None:
    gap = Line(State.CLAIMED, claimed_by_id=3)
    assert rules.why_not_withdraw(gap, by=SCHOOL, in_area=True) is None
    assert rules.why_not_withdraw(gap, by=OFFICE, in_area=True) is None
    assert rules.why_not_withdraw(gap, by=Person(8, "school"), in_area=True)
    assert rules.why_not_withdraw(Line(), by=OFFICE, in_area=True)


def test_a_claim_against_the_data_is_a_contradiction() -> None:
    before, after = date(2026, 9, 1), date(2026, 10, 1)
    claimed = date(2026, 9, 15)
    gap = Line(State.CLAIMED, 3)
    assert (
        rules.contradiction(gap, claimed_on=claimed, data_day=after)
        == "与数据矛盾：已报完成，但2026年10月1日的数据仍缺 3 名"
    )
    assert "导入新数据证实前不能销号" in (rules.contradiction(gap, claimed_on=claimed, data_day=before) or "")
    assert rules.contradiction(Line(State.OPEN, 3), claimed_on=None, data_day=after) is None
    assert rules.contradiction(Line(State.SOLVED, 0), claimed_on=claimed, data_day=after) is None


def test_overdue_stops_when_the_data_shows_it_closed() -> None:
    today, due = date(2026, 11, 1), date(2026, 10, 31)
    assert rules.overdue(Line(), due=due, today=today)
    assert not rules.overdue(Line(), due=today, today=today)
    assert not rules.overdue(Line(), due=None, today=today)
    assert not rules.overdue(Line(State.SOLVED, 0), due=due, today=today)


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


def test_plan_values() -> None:
    assert "已经过去" in (rules.why_not_due(date(2026, 1, 1), today=date(2026, 1, 2)) or "")
    assert rules.why_not_due(None, today=date(2026, 1, 2)) is None
    assert rules.why_not_price(-1)
    assert rules.why_not_price(0.35) is None


def test_the_ledger_follows_finished_runs_of_its_own_standard() -> None:
    assert rules.why_not_follow(state="done", pack="balanced-2017") is None
    assert rules.why_not_follow(state="running", pack="balanced-2017")
    assert rules.why_not_follow(state="done", pack="basic-2012")


def test_sending_back_needs_a_reason() -> None:
    assert (
        rules.why_not_send_back(Line(State.SOLVED, 0), by=INSPECTOR, in_area=True, reason="借用的场地")
        is None
    )
    assert (
        rules.why_not_send_back(Line(State.SOLVED, 0), by=INSPECTOR, in_area=True, reason=" ")
        == "退回须写明原因"
    )
    assert rules.why_not_send_back(Line(), by=INSPECTOR, in_area=True, reason="x")
