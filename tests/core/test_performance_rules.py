"""计分和考核规则: worked examples, a slow twin of the arithmetic, and each refusal in its sentence."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.performance import rules, score_rules, scoring
from bureau.performance.rules import Standing
from bureau.performance.scoring import Part, grade_of, points_of, ranks, rounded, total_of
from bureau.performance.states import NEXT, WORDS, Event, State, next_state

D = Decimal


@dataclass
class Person:
    role: str
    pk: int = 1


@dataclass
class Criterion:
    title: str = "巩固率"
    source: str = "measure"
    weight: Decimal = Decimal(20)
    measure: str = "retention"
    scope: str = "unit"
    rule: str = "linear"
    at_most: bool = False
    floor: Decimal | None = Decimal(90)
    target: Decimal | None = Decimal(95)


@dataclass
class Score:
    points: Decimal | None = Decimal(8)
    exempt: bool = False
    computed: bool = False
    by_id: int | None = 2
    checked_by_id: int | None = None


@pytest.mark.parametrize(
    ("rule", "weight", "value", "target", "floor", "at_most", "points"),
    [
        ("linear", "20", 95.0, "95", "90", False, "20"),
        ("linear", "20", 93.0, "95", "90", False, "12"),
        ("linear", "20", 89.0, "95", "90", False, "0"),
        ("linear", "20", 99.0, "95", "90", False, "20"),
        ("linear", "10", 2.0, "0", "5", True, "6"),  # 大班额占比: the less the better
        ("threshold", "15", 95.0, "95", None, False, "15"),
        ("threshold", "15", 94.99, "95", None, False, "0"),
        ("threshold", "15", 5.0, "5", None, True, "15"),
        ("proportional", "30", 80.0, "100", None, False, "24"),
        ("proportional", "30", 120.0, "100", None, False, "30"),
        ("proportional", "30", 10.0, "5", None, True, "15"),
        ("proportional", "30", 0.0, "5", None, True, "30"),
        ("proportional", "10", 100 / 3, "100", None, False, "3.33"),
        ("proportional", "1", 50.5, "100", None, False, "0.51"),  # half up, not half to even
        ("proportional", "1", 12.5, "100", None, False, "0.13"),
    ],
)
def test_points(
    rule: str, weight: str, value: float, target: str, floor: str | None, at_most: bool, points: str
) -> None:
    made = points_of(
        rule=rule,
        weight=D(weight),
        value=value,
        target=D(target),
        floor=D(floor) if floor else None,
        at_most=at_most,
    )
    assert made == D(points)


@given(
    weight=st.decimals("0.01", "100", places=2),
    value=st.floats(-50, 300, allow_nan=False),
    target=st.integers(1, 200),
    width=st.integers(1, 100),
    at_most=st.booleans(),
)
def test_the_line_between_floor_and_target_has_a_slow_twin(
    weight: Decimal, value: float, target: int, width: int, at_most: bool
) -> None:
    floor = target + width if at_most else target - width
    made = points_of(
        rule="linear", weight=weight, value=value, target=D(target), floor=D(floor), at_most=at_most
    )
    measured = Fraction(repr(value))
    share = (floor - measured) / width if at_most else (measured - floor) / width
    exact = Fraction(str(weight)) * min(max(share, Fraction(0)), Fraction(1))
    assert 0 <= made <= weight
    assert abs(Fraction(str(made)) - exact) <= Fraction(1, 200)


@given(st.lists(st.tuples(st.decimals(0, 20, places=2), st.booleans()), min_size=5, max_size=5))
def test_a_total_is_the_sum_scaled_over_what_applies(cells: list[tuple[Decimal, bool]]) -> None:
    made = total_of([Part("evidence", D(20), None if exempt else points, exempt) for points, exempt in cells])
    kept = [Fraction(str(points)) for points, exempt in cells if not exempt]
    exact = Fraction(sum(kept, Fraction(0)) / (20 * len(kept)) * 100 if kept else 0)
    twin = (D(exact.numerator) / D(exact.denominator)).quantize(D("0.01"), ROUND_HALF_UP)
    assert made.total == twin
    assert made.missing == 0


def test_deductions_vetoes_and_blanks() -> None:
    made = total_of(
        [Part("evidence", D(60), D(50)), Part("measure", D(40), None), Part("deduction", D(5), D("2.5"))]
    )
    assert (made.total, made.missing, made.vetoed) == (D("47.50"), 1, False)
    made = total_of([Part("evidence", D(100), D(1)), Part("deduction", D(5), D(5)), Part("veto", D(0), D(1))])
    assert (made.total, made.vetoed) == (D(0), True)
    assert rounded(D("0.005")) == D("0.01")


def test_ranks_are_shared_and_the_next_is_left_out() -> None:
    assert ranks({1: D("90.00"), 2: D("88.5"), 3: D("90.0"), 4: D(10)}) == {1: 1, 3: 1, 2: 3, 4: 4}


@given(st.dictionaries(st.integers(0, 30), st.decimals(0, 100, places=2), max_size=12))
def test_a_rank_is_one_more_than_those_who_are_better(totals: dict[int, Decimal]) -> None:
    found = ranks(totals)
    assert all(
        found[key] == 1 + sum(other > total for other in totals.values()) for key, total in totals.items()
    )


@pytest.mark.parametrize(
    ("total", "vetoed", "grade"),
    [
        ("90", False, "优秀"),
        ("89.99", False, "良好"),
        ("60", False, "合格"),
        ("0", False, "不合格"),
        ("99", True, "不合格"),
    ],
)
def test_grades(total: str, vetoed: bool, grade: str) -> None:
    assert grade_of(D(total), scoring.ASSUMED_BANDS, vetoed=vetoed) == grade
    assert grade_of(D(total), list(reversed(scoring.ASSUMED_BANDS)), vetoed=vetoed) == grade


def test_weights_say_by_how_much_they_miss() -> None:
    assert rules.weights_sentence([D("33.3"), D("66.7")]) is None
    assert rules.weights_sentence([D("33.3"), D("66.6")]) == "权重之和是 99.9，应为 100，还差 0.1"
    assert rules.weights_sentence([D(60), D(60)]) == "权重之和是 120，应为 100，多出 20"


def test_everything_wrong_with_a_criterion_at_once() -> None:
    bad = Criterion(weight=D(0), target=None)
    found = "；".join(rules.criterion_problems(bad, known=False, own_area=False))
    for words in ("权重应大于 0", "从列表里选择", "取值范围请选“全县”", "目标值"):
        assert words in found
    assert rules.criterion_problems(Criterion(), known=True, own_area=True) == []
    assert "底线应低于目标" in rules.criterion_problems(Criterion(floor=D(99)), known=True, own_area=True)[0]
    assert "底线应高于目标" in rules.criterion_problems(Criterion(at_most=True), known=True, own_area=True)[0]


def test_bands() -> None:
    assert rules.band_problems(scoring.ASSUMED_BANDS) == []
    assert "最低一档" in rules.band_problems([("优秀", "90"), ("合格", "60")])[0]
    assert "应为 0 到 100" in rules.band_problems([("优秀", "NaN"), ("合格", "0")])[0]
    assert "不能重复" in rules.band_problems([("优秀", "0"), ("优秀", "0")])[-1]


def test_who_may_score_and_check() -> None:
    def why(**changes: object) -> str | None:
        asked = {
            "by": Person("inspector"), "criterion": Criterion(source="evidence"), "score": None, "points": D(8), "exempt": False, "text": "",
        } | changes  # fmt: skip
        return score_rules.why_not_score(State.SCORING, **asked)  # type: ignore[arg-type]

    assert why() is None
    assert "在 0 到 20 之间，现在是 20.5" in (why(points=D("20.5")) or "")
    assert "在 0 到 20 之间" in (why(points=D(-1)) or "")
    assert "最多两位小数" in (why(points=D("1.005")) or "")
    assert why(exempt=True, points=None) == "不适用须写明原因"
    assert "由系统按数据计算" in (why(score=Score(computed=True, by_id=None)) or "")
    assert "已复核" in (why(score=Score(checked_by_id=3)) or "")
    assert "责任单位" in (why(by=Person("unit")) or "")
    assert "事实和依据" in (why(criterion=Criterion(source="deduction", weight=D(5)), points=D(1)) or "")
    assert "0（没有发生）或 1" in (why(criterion=Criterion(source="veto", weight=D(0)), points=D(2)) or "")
    assert score_rules.why_not_check(State.SCORING, by=Person("leader", 2), score=Score()) == (
        "评分的人不能自己复核，请另一人复核"
    )
    assert score_rules.why_not_check(State.SCORING, by=Person("leader", 3), score=Score()) is None


def test_publishing_says_all_that_is_missing() -> None:
    said = rules.why_not_publish(
        State.SCORING, by=Person("leader"), standing=Standing(unscored=3, unchecked=2), confirmed=False
    )
    assert said == "还有 3 项没有得分；还有 2 项没有第二人复核；等次标准和申诉期还是假定，请局领导先确认"
    assert (
        rules.why_not_publish(State.SCORING, by=Person("leader"), standing=Standing(), confirmed=True) is None
    )
    assert (
        rules.why_not_confirm_bands(State.DRAFT, by=Person("office"), confirmed=False)
        == "等次标准和申诉期由局领导确认"
    )


def test_appeals_in_time_by_the_unit_and_decided_by_another() -> None:
    day = date(2026, 3, 10)

    def why(**changes: object) -> str | None:
        asked = {
            "by": Person("unit"),
            "acts": True,
            "pending": False,
            "text": "数据有误",
            "appeal_until": day,
            "today": day,
        }
        return score_rules.why_not_appeal(State.PUBLISHED, **(asked | changes))  # type: ignore[arg-type]

    assert why() is None
    assert why(today=date(2026, 3, 11)) == "申诉期到 2026-03-10 为止，已经过了"
    assert why(acts=False) == "只有本单位的账号能申诉"
    assert why(pending=True) == "这一项已有一份申诉在等答复"
    assert why(text=" ") == "请写明申诉理由"

    def decide(**changes: object) -> str | None:
        asked = {
            "by": Person("inspector", 5),
            "decided": False,
            "asked_by_id": 9,
            "scorers": [2],
            "acts": False,
        } | changes
        return score_rules.why_not_decide(State.PUBLISHED, **asked)  # type: ignore[arg-type]

    assert decide() is None
    assert "参与过" in (decide(scorers=[2, 5]) or "")
    assert "另一人" in (decide(asked_by_id=5) or "")
    assert "本单位" in (decide(acts=True) or "")


def test_the_table_of_states_has_a_way_to_every_end() -> None:
    assert set(WORDS) == set(State)
    assert {state for state, _event in NEXT} | set(NEXT.values()) == set(State)
    assert next_state("draft", Event.PUBLISH) is None
    assert next_state("scoring", Event.PUBLISH) == State.PUBLISHED
