"""督办规则与状态: the table of states, and each refusal as the sentence its button shows."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import pytest

from bureau.supervision import rules, states
from bureau.supervision.states import NEXT, WORDS, Event, State, next_state

TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Somebody:
    pk: int
    role: str


@dataclass(frozen=True)
class OneSlip:
    state: str
    due: date | None = date(2026, 11, 27)
    drafted_by_id: int = 1
    answered_by_id: int | None = None


OFFICE, UNIT, INSPECTOR = Somebody(1, "office"), Somebody(2, "unit"), Somebody(3, "inspector")


def test_every_state_has_words_and_is_drawn_and_reachable() -> None:
    assert set(WORDS) == set(State)
    assert states.__doc__ is not None
    assert all(words in states.__doc__ for words in WORDS.values())
    reached = {State.DRAFT}
    for _ in State:
        reached |= {to for (at, _event), to in NEXT.items() if at in reached}
    assert reached == set(State)


def test_what_is_closed_or_withdrawn_never_moves_again() -> None:
    for state, event in product((State.CLOSED, State.WITHDRAWN), Event):
        assert next_state(state, event) is None


@pytest.mark.parametrize("state", list(State))
def test_only_an_answered_slip_is_closed_and_only_by_another(state: State) -> None:
    slip = OneSlip(state, answered_by_id=UNIT.pk)
    refusal = rules.why_not_confirm(slip, by=INSPECTOR)
    assert (refusal is None) == (state == State.ANSWERED)
    assert rules.why_not_confirm(slip, by=UNIT)  # a unit may not check at all
    own = replace(slip, answered_by_id=INSPECTOR.pk)
    assert rules.why_not_confirm(own, by=INSPECTOR)


def test_data_against_an_answer_is_said_and_stops_the_closing() -> None:
    against = rules.contradiction(indicator="小学巩固率", met=False, sentence="今为 96.1%，目标 97%")
    assert against is not None
    assert "96.1%" in against
    slip = OneSlip(State.ANSWERED, answered_by_id=UNIT.pk)
    assert rules.why_not_confirm(slip, by=INSPECTOR, contradiction=against) == against
    assert rules.contradiction(indicator="小学巩固率", met=None, sentence="") is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, None),
        ({"title": " "}, "事项"),
        ({"requirement": ""}, "办理要求"),
        ({"organisation": False}, "承办单位"),
        ({"working_days": None}, "1 到 250"),
        ({"working_days": 0}, "1 到 250"),
        ({"rectification": True}, "发现的问题"),
        ({"by": UNIT}, "责任单位"),
    ],
)
def test_what_a_draft_needs(changes: dict[str, object], says: str | None) -> None:
    whole: dict[str, object] = {
        "by": OFFICE, "title": "补充体育教师", "requirement": "11月底前到岗", "organisation": True,
        "working_days": 5, "rectification": False, "finding": "",
    }  # fmt: skip
    refusal = rules.why_not_draft(**(whole | changes))  # type: ignore[arg-type]
    assert (refusal is None) if says is None else (refusal is not None and says in refusal)


def test_all_that_is_missing_is_said_at_once() -> None:
    refusal = rules.why_not_draft(
        by=OFFICE,
        title="",
        requirement="",
        organisation=False,
        working_days=None,
        rectification=True,
        finding="",
    )
    assert refusal is not None
    assert refusal.count("；") == 4


@pytest.mark.parametrize(
    ("today", "new_due", "reason", "pending", "says"),
    [
        (TODAY, date(2026, 12, 10), "设备未到货", False, None),
        (date(2026, 11, 27), date(2026, 12, 10), "设备未到货", False, None),  # on the day itself
        (date(2026, 11, 28), date(2026, 12, 10), "设备未到货", False, "已过"),
        (TODAY, date(2026, 11, 27), "设备未到货", False, "晚于"),
        (TODAY, None, "设备未到货", False, "晚于"),
        (TODAY, date(2026, 12, 10), "", False, "理由"),
        (TODAY, date(2026, 12, 10), "设备未到货", True, "等答复"),
    ],
)
def test_an_extension_is_asked_before_the_due_date_with_a_reason(
    today: date, new_due: date | None, reason: str, pending: bool, says: str | None
) -> None:
    slip = OneSlip(State.RECEIVED)
    refusal = rules.why_not_extend(
        slip, by=UNIT, acts=True, pending=pending, new_due=new_due, reason=reason, today=today
    )
    assert (refusal is None) if says is None else (refusal is not None and says in refusal)
    assert rules.why_not_extend(
        slip, by=UNIT, acts=False, pending=False, new_due=new_due, reason=reason, today=today
    )


def test_nobody_answers_his_own_application() -> None:
    assert rules.why_not_decide(by=OFFICE, asked_by_id=UNIT.pk, decided=False) is None
    assert rules.why_not_decide(by=OFFICE, asked_by_id=OFFICE.pk, decided=False)
    assert rules.why_not_decide(by=OFFICE, asked_by_id=UNIT.pk, decided=True)


def test_a_unit_signs_before_it_answers() -> None:
    assert rules.why_not_answer(OneSlip(State.ISSUED), by=UNIT, acts=True, text="已办") == (
        "请先签收，再反馈办理情况"
    )
    assert rules.why_not_answer(OneSlip(State.RECEIVED), by=UNIT, acts=True, text="已办") is None
    assert rules.why_not_answer(OneSlip(State.RECEIVED), by=UNIT, acts=False, text="已办")


def test_late_means_past_the_day_and_not_answered() -> None:
    assert not rules.overdue(OneSlip(State.RECEIVED), today=date(2026, 11, 27))
    assert rules.overdue(OneSlip(State.RECEIVED), today=date(2026, 11, 28))
    assert not rules.overdue(OneSlip(State.ANSWERED), today=date(2026, 12, 28))


def test_only_what_was_checked_is_published_and_not_for_ever() -> None:
    closed = OneSlip(State.CLOSED)
    asked = {"by": OFFICE, "text": "已整改", "starts": TODAY}
    assert rules.why_not_publish(closed, ends=date(2026, 11, 27), **asked) is None  # type: ignore[arg-type]
    assert rules.why_not_publish(closed, ends=date(2027, 11, 27), **asked)  # type: ignore[arg-type]
    assert rules.why_not_publish(OneSlip(State.ANSWERED), ends=date(2026, 11, 27), **asked)  # type: ignore[arg-type]
