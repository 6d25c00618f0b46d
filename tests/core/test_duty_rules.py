"""应办事项的规则和期次: every state by every event, who may, what the data forbids, and the calendar against a slow twin."""

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.plans import duty_periods, duty_rules, target_rules, task_rules
from bureau.plans.duty_rules import Standing
from bureau.plans.duty_states import NEXT, OPEN_STATES, OWED_STATES, WORDS, Event, State, next_state

TODAY = date(2026, 3, 2)
LEAD, SUPPORT, BUREAU, NOBODY = (
    Standing(leads=True),
    Standing(supports=True),
    Standing(bureau=True),
    Standing(),
)


@dataclass
class Duty:
    state: str = "under_way"
    due: date | None = None
    claimed_by_id: int | None = None


@dataclass
class Who:
    pk: int = 1
    role: str = "unit"


@dataclass
class Goal:
    indicator: str = "三年巩固率"
    comparator: str = "ge"
    value: float = 95
    value2: float | None = None
    unit: str = "%"


def test_every_state_has_words_and_a_way_out_but_the_last() -> None:
    assert set(WORDS) == set(State)
    for state in State:
        assert any(start == state for start, _event in NEXT)
    assert set(NEXT.values()) == set(State) - {State.PENDING}


def test_only_a_second_person_closes() -> None:
    assert [start for (start, event), after in NEXT.items() if after == State.CLOSED] == [State.CLAIMED]
    assert next_state("closed", Event.REPORT) is None


@pytest.mark.parametrize("state", State)
def test_a_rule_refuses_exactly_where_the_table_has_no_next_state(state: State) -> None:
    duty, bureau, check = Duty(state, claimed_by_id=2), Who(role="office"), Who(role="inspector")
    answers = {
        Event.REPORT: duty_rules.why_not_report(duty, by=bureau, standing=BUREAU),
        Event.CLAIM: duty_rules.why_not_claim(duty, by=bureau, standing=BUREAU),
        Event.WITHDRAW: duty_rules.why_not_withdraw(duty, by=bureau, standing=BUREAU),
        Event.CLOSE: duty_rules.why_not_close(duty, by=check, standing=NOBODY),
        Event.SEND_BACK: duty_rules.why_not_send_back(duty, by=check, standing=NOBODY, reason="缺材料"),
        Event.REOPEN: duty_rules.why_not_reopen(duty, by=check, standing=NOBODY, reason="复查"),
        Event.DROP: duty_rules.why_not_drop(duty, by=bureau, standing=BUREAU, reason="文件废止"),
        Event.RESUME: duty_rules.why_not_resume(duty, by=bureau, standing=BUREAU),
    }
    for event, refusal in answers.items():
        assert (refusal is None) == (next_state(state, event) is not None), (state, event, refusal)


def test_who_may_report_and_who_may_claim() -> None:
    duty, unit = Duty(), Who()
    assert duty_rules.why_not_report(duty, by=unit, standing=LEAD) is None
    assert duty_rules.why_not_report(duty, by=unit, standing=SUPPORT) is None
    assert "不由您的单位" in (duty_rules.why_not_report(duty, by=unit, standing=NOBODY) or "")
    assert duty_rules.why_not_claim(duty, by=unit, standing=LEAD) is None
    assert "由牵头单位上报" in (duty_rules.why_not_claim(duty, by=unit, standing=SUPPORT) or "")
    assert "辖区" in (
        duty_rules.why_not_claim(duty, by=unit, standing=Standing(leads=True, in_county=False)) or ""
    )
    assert "不能填报任务进展" in (
        duty_rules.why_not_report(duty, by=Who(role="auditor"), standing=LEAD) or ""
    )
    assert duty_rules.why_not_percent(50, supports_only=True)
    assert duty_rules.why_not_percent(101, supports_only=False)
    assert duty_rules.why_not_percent(100, supports_only=False) is None


def test_a_claim_needs_words_or_a_file() -> None:
    assert duty_rules.why_not_evidence("  好 ", files=0)
    assert duty_rules.why_not_evidence("", files=1) is None
    assert duty_rules.why_not_evidence("已印发实施方案", files=0) is None


def test_nobody_closes_his_own_claim_and_no_claim_against_the_data() -> None:
    inspector, duty = Who(pk=7, role="inspector"), Duty("claimed", claimed_by_id=7)
    assert "自己" in (duty_rules.why_not_close(duty, by=inspector, standing=NOBODY) or "")
    against = target_rules.contradiction(Goal(), verdict="behind", latest=93.2, day=date(2025, 9, 30))
    assert against == "目标“三年巩固率”要求 ≥ 95%，2025年9月30日的数据是 93.2%，没有达到"
    other = Duty("claimed", claimed_by_id=8)
    refusal = duty_rules.why_not_close(other, by=inspector, standing=NOBODY, contradictions=[against])
    assert refusal == "与数据矛盾，不能销号：" + against
    assert duty_rules.why_not_close(other, by=inspector, standing=NOBODY) is None
    assert target_rules.contradiction(Goal(), verdict="met", latest=96, day=TODAY) is None
    assert target_rules.contradiction(Goal(), verdict="no_data", latest=None, day=None) is None


@pytest.mark.parametrize(
    ("due", "state", "late", "soon"),
    [
        (TODAY, "pending", 0, True),
        (TODAY - timedelta(1), "pending", 1, False),
        (TODAY - timedelta(1), "returned", 1, False),
        (TODAY - timedelta(1), "claimed", 0, False),
        (TODAY - timedelta(400), "closed", 0, False),
        (TODAY + timedelta(30), "under_way", 0, True),
        (TODAY + timedelta(31), "under_way", 0, False),
        (None, "under_way", 0, False),
    ],
)
def test_late_and_soon(due: date | None, state: str, late: int, soon: bool) -> None:
    duty = Duty(state, due)
    assert duty_rules.days_late(duty, today=TODAY) == late
    assert duty_rules.due_soon(duty, today=TODAY, within=30) is soon
    assert duty_rules.overdue(duty, today=TODAY) is (late > 0)


def test_a_listed_line_says_what_it_waits_for() -> None:
    def said(state: str, due: date | None = None, **more: object) -> str:
        return duty_rules.why_listed(Duty(state, due), today=TODAY, **more)  # type: ignore[arg-type]

    assert said("under_way", TODAY - timedelta(35)) == "已超期 35 天"
    assert said("under_way", TODAY) == "今天到期"
    assert said("under_way", TODAY + timedelta(12)) == "还有 12 天到期，请抓紧"
    assert said("under_way", TODAY + timedelta(90)) == "还有 90 天到期"
    assert said("returned", TODAY - timedelta(3), reason="缺佐证") == "复核退回：缺佐证；已超期 3 天"
    assert said("claimed", contradictions=["甲", "乙"]) == "与数据矛盾：甲；乙"
    assert set(OWED_STATES) < set(OPEN_STATES)


@pytest.mark.parametrize(
    ("frequency", "today", "names"),
    [
        ("1y", date(2019, 3, 2), ["2019年", "2020年"]),
        ("2y", date(2019, 3, 2), ["2018—2019年", "2020—2021年"]),
        ("1q", date(2019, 3, 2), ["2019年第1季度", "2019年第2季度"]),
        ("6m", date(2019, 9, 2), ["2019年下半年", "2020年上半年"]),
        ("1sy", date(2019, 9, 2), ["2019—2020学年", "2020—2021学年"]),
        ("1sem", date(2019, 3, 2), ["2019年春季学期", "2019年秋季学期"]),
        ("1sem*2", date(2019, 3, 2), ["2019年春季学期第1次", "2019年春季学期第2次", "2019年秋季学期第1次", "2019年秋季学期第2次"]),
        ("1y", date(2026, 3, 2), ["2020年"]),
        ("1y", date(2010, 1, 1), ["2018年", "2019年"]),
        ("", date(2019, 3, 2), []),
        ("每年", date(2019, 3, 2), []),
    ],
)  # fmt: skip
def test_periods_by_the_calendar(frequency: str, today: date, names: list[str]) -> None:
    found = duty_periods.periods(frequency, starts=date(2018, 9, 15), ends=date(2020, 12, 31), today=today)
    assert [one.name for one in found] == names


FREQUENCIES = st.builds(
    lambda every, unit: f"{every}{unit}",
    st.integers(1, 6),
    st.sampled_from(["y", "q", "m", "w", "sy", "sem"]),
)


@given(FREQUENCIES, st.dates(date(2015, 1, 1), date(2025, 1, 1)), st.integers(0, 900))
def test_walking_day_by_day_opens_each_period_once_and_leaves_no_hole(
    frequency: str, starts: date, days: int
) -> None:
    """The slow twin: whoever asks on any days gets periods that follow one another without gap, named once each."""
    known: dict[str, duty_periods.Period] = {}
    for step in range(0, days, 17):
        today = starts + timedelta(step)
        found = duty_periods.periods(frequency, starts=starts, ends=None, today=today)
        assert found[0].opens <= today <= found[0].due
        for one in found:
            assert known.setdefault(one.name, one) == one
    whole = sorted(known.values(), key=lambda one: one.opens)
    for before, after in itertools.pairwise(whole):
        assert after.opens > before.due


@given(st.text(max_size=8))
def test_any_text_as_frequency_is_said_or_refused(text: str) -> None:
    refusal = duty_periods.why_not_frequency(text)
    found = duty_periods.periods(text, starts=None, ends=None, today=TODAY)
    assert bool(found) == (refusal is None and text != "")
    assert duty_periods.words(text)


def test_binding_needs_the_same_unit() -> None:
    def asked(target: str, measure: str, source: str = "registers") -> str | None:
        return target_rules.why_not_bind(
            role="office", in_county=True, target_unit=target, measure_unit=measure, measure_title="学校数", source=source
        )  # fmt: skip

    assert asked("%", "%") is None
    assert asked("名", "人") is None
    assert "不能直接比较" in (asked("万人", "人") or "")
    assert "填报数列" in (asked("人", "人", "reported") or "")


def test_task_changes_are_refused_all_at_once() -> None:
    problems = task_rules.why_not_values(
        {"title": " ", "frequency": "常常", "due": date(1026, 1, 1), "leads": {1, 2}, "supports": {2}}
    )
    assert len(problems) == 4


def test_milestones_lie_between_baseline_and_deadline() -> None:
    def asked(*points: tuple[date, float]) -> str | None:
        return target_rules.why_not_milestones(points, baseline_day=date(2018, 1, 1), due=date(2020, 12, 31))

    assert asked((date(2019, 12, 31), 93)) is None
    assert asked((date(2018, 1, 1), 93))
    assert asked((date(2020, 12, 31), 93))
    assert asked((date(2019, 1, 1), 93), (date(2019, 1, 1), 94))
    assert asked((date(2019, 1, 1), 1e13))
