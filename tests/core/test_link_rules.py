"""名册比对的规则: who must look twice, which decisions still hold, in which order pairs come, what a reviewed sample says."""

from datetime import date
from itertools import product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.links import rules, sampling, states
from bureau.links.ages import full_years, is_grown, school_years_of_age
from bureau.links.differing import differing

LINE = {"machine": "to_check", "before": "to_check", "two_numbers": False, "twin_like": False}


@pytest.mark.parametrize(
    ("changes", "verdict", "asked"),
    [
        ({}, "same", ""),
        ({}, "different", ""),
        ({"two_numbers": True}, "same", "两个有效身份证号"),
        ({"two_numbers": True}, "different", ""),
        ({"twin_like": True}, "same", "双胞胎"),
        ({"twin_like": True}, "different", "双胞胎"),
        ({"twin_like": True}, "visit", ""),
        ({"machine": "unmatched", "before": "unmatched"}, "same", "在册不在校"),
        ({"machine": "unmatched", "before": "unmatched"}, "different", ""),
    ],
)
def test_what_needs_two_persons(changes: dict[str, object], verdict: str, asked: str) -> None:
    said = rules.why_second(verdict=verdict, **(LINE | changes))  # type: ignore[arg-type]
    assert asked in said
    assert bool(said) == bool(asked)


def decide(**changes: object) -> str | None:
    usual = {"state": "to_check", "register": "matched", "verdict": "same", "candidate": True, "reason": "", "two_numbers": False, "sampled": False}  # fmt: skip
    return rules.why_not_decide(str(changes.pop("role", "office")), **(usual | changes))  # type: ignore[arg-type]


def test_who_may_decide_and_when() -> None:
    assert decide() is None
    assert "不能" in (decide(role="school") or "")
    assert "已不在用" in (decide(register="withdrawn") or "")
    assert "正等第二人" in (decide(state="second") or "")
    assert "先撤销" in (decide(state="different") or "")
    assert "只抽查" in (decide(state="automatic") or "")
    assert decide(state="automatic", sampled=True) is None
    assert "需入户核实" in (decide(candidate=False) or "")
    assert decide(candidate=False, verdict="visit") is None
    assert "写明为什么" in (decide(two_numbers=True) or "")
    assert decide(two_numbers=True, reason="重新落户换号") is None
    assert decide(two_numbers=True, verdict="different") is None


def test_the_second_person_is_another() -> None:
    assert rules.why_not_second("inspector", state="second", by_first=False) is None
    assert "两个人" in (rules.why_not_second("office", state="second", by_first=True) or "")
    assert "不在等待" in (rules.why_not_second("office", state="same", by_first=False) or "")
    assert rules.why_not_second("township", state="second", by_first=False)


def test_undoing_ones_own_is_free_and_anothers_asks_why() -> None:
    usual = {"state": "same", "decided": True, "by_own": True, "two": False, "reason": ""}
    assert rules.why_not_undo("office", **usual) is None  # type: ignore[arg-type]
    for changes in ({"by_own": False}, {"two": True}):
        assert "撤销的原因" in (rules.why_not_undo("office", **(usual | changes)) or "")  # type: ignore[arg-type]
    assert "没有可以撤销" in (rules.why_not_undo("office", **(usual | {"decided": False})) or "")  # type: ignore[arg-type]


def test_a_contradicted_decision_is_never_applied() -> None:
    """Over all cases: applied only where nothing changed, or where the machine still says the same; otherwise said, not applied."""
    for verdict, settled, line, student, there, machine, picks in product(
        ("same", "different", "visit"), (True, False), (True, False), (True, False), (True, False), sorted(states.MACHINE), (True, False)
    ):  # fmt: skip
        found = rules.carry(
            verdict=verdict, settled=settled, same_line=line, same_student=student, student_there=there, machine=machine, machine_picks=picks
        )  # fmt: skip
        if found.applies:
            assert not found.contradiction
            assert found.state == ("visit" if verdict == "visit" else verdict if settled else "second")
            assert line or (verdict == "same" and picks)
            assert there or verdict != "same"
        else:
            assert found.state in states.MACHINE
        if verdict == "same" and not there:
            assert "已不在学籍" in found.contradiction
        if verdict == "different" and picks and not (line and student):
            assert found.state == "to_check"
            assert found.contradiction


def test_what_is_most_harmful_and_least_sure_comes_first() -> None:
    usual = {
        "source": "minimum",
        "school_age": True,
        "twin_like": False,
        "two_numbers": False,
        "contradicted": False,
    }
    assert rules.urgency(0.5, **usual) > rules.urgency(0.9, **usual)  # type: ignore[arg-type]
    assert rules.urgency(0.5, **usual) > rules.urgency(0.5, **(usual | {"school_age": False}))  # type: ignore[arg-type]
    assert rules.urgency(0.6, **(usual | {"twin_like": True})) > rules.urgency(0.5, **usual)  # type: ignore[arg-type]
    assert rules.urgency(0.99, **(usual | {"contradicted": True})) > rules.urgency(0.9, **usual)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("automatic", "drawn"), [(0, 0), (4, 4), (10, 10), (600, 10), (1001, 11), (11_000, 110)]
)
def test_one_in_a_hundred_is_drawn_and_ten_at_least(automatic: int, drawn: int) -> None:
    assert sampling.sample_size(automatic) == drawn


@pytest.mark.parametrize(
    ("wrong", "reviewed", "low", "high"),
    # Published values of the exact interval.
    [(0, 100, 0.0, 0.03622), (1, 100, 0.00025, 0.05446), (5, 50, 0.03328, 0.21814), (10, 10, 0.69150, 1.0)],
)
def test_the_interval_of_the_error_rate_is_the_exact_one(
    wrong: int, reviewed: int, low: float, high: float
) -> None:
    found = sampling.error_rate(wrong, reviewed)
    assert found is not None
    assert found[0] == wrong / reviewed
    assert found[1] == pytest.approx(low, abs=1e-5)
    assert found[2] == pytest.approx(high, abs=1e-5)
    assert sampling.error_rate(0, 0) is None


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_leaves_a_fortieth_on_each_side(sample: tuple[int, int]) -> None:
    wrong, size = sample
    found = sampling.error_rate(wrong, size)
    assert found is not None
    rate, low, high = found
    assert low <= rate <= high

    def at_most(k: int, p: float) -> float:
        return sum(comb(size, i) * p**i * (1 - p) ** (size - i) for i in range(k + 1))

    if wrong:
        assert 1 - at_most(wrong - 1, low) == pytest.approx(0.025, abs=1e-6)
    if wrong < size:
        assert at_most(wrong, high) == pytest.approx(0.025, abs=1e-6)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2019, 8, 31), date(2025, 9, 20), 6),
        (date(2019, 9, 1), date(2025, 9, 20), 5),
        (date(2019, 9, 1), date(2026, 8, 30), 5),
        (date(2011, 2, 28), date(2026, 3, 2), 14),
        (None, date(2026, 3, 2), None),
    ],
)
def test_school_age_is_counted_on_the_last_of_august(born: date | None, day: date, age: int | None) -> None:
    assert school_years_of_age(born, day) == age


def test_who_of_a_household_is_grown() -> None:
    day, old, young = date(2026, 3, 2), date(1985, 5, 5), date(2014, 5, 5)
    assert full_years(old, day) == 40
    assert is_grown(given=old, inside=None, relation="", mostly_grown=False, day=day)
    assert not is_grown(given=young, inside=old, relation="", mostly_grown=True, day=day)
    # A parent's number in a child's place, in a list of children; the head of the household, in a list of households.
    assert not is_grown(given=None, inside=old, relation="之子", mostly_grown=False, day=day)
    assert is_grown(given=None, inside=old, relation="户主", mostly_grown=False, day=day)
    assert is_grown(given=None, inside=old, relation="", mostly_grown=True, day=day)
    assert not is_grown(given=None, inside=None, relation="", mostly_grown=True, day=day)


@given(st.text(alphabet="马小龙虎燕雁·", max_size=6), st.text(alphabet="马小龙虎燕雁·", max_size=6))
def test_marked_pieces_are_the_texts_and_their_equal_parts_are_equal(mine: str, theirs: str) -> None:
    left, right = differing(mine, theirs)
    assert ("".join(text for text, _ in left), "".join(text for text, _ in right)) == (mine, theirs)
    assert "".join(text for text, differs in left if not differs) == "".join(
        text for text, differs in right if not differs
    )
    if mine == theirs:
        assert not any(differs for _text, differs in [*left, *right])


@pytest.mark.parametrize("state", states.REGISTER_NEXT)
def test_the_state_table_is_closed(state: str) -> None:
    assert states.REGISTER_NEXT[state] <= states.REGISTER_NEXT.keys()
    withdrawable = rules.why_not_withdraw("office", state, "民政局发错了", in_county=True) is None
    assert withdrawable == states.may_become(state, "withdrawn")
    assert rules.why_not_withdraw("office", state, "民政局发错了", in_county=False)
    assert rules.why_not_withdraw("school", state, "民政局发错了", in_county=True)
