"""通报的规则: marks and what they must print, numerals without a source, the ranking's arithmetic, states, and every refusal in a sentence."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.bulletins import marks, rules
from bureau.bulletins.ranking import ASSUMED, Criterion, UnitFacts, ranked
from bureau.bulletins.states import NEXT, Event, State, next_state
from bureau.people.rules import Permission, why_not


@dataclass(frozen=True)
class Person:
    pk: int = 1
    role: str = "office"


@dataclass(frozen=True)
class Paper:
    state: str = "draft"
    drafted_by_id: int = 1
    submitted_by_id: int | None = None


FIGURES = {"F1": "96.3%", "F2": "12个", "F3": "1,203人"}


def test_a_value_before_its_mark_must_be_the_figures() -> None:
    good = "巩固率96.3%〔F1〕，目标12个〔F2〕，学生1,203人〔F3〕。"
    assert marks.problems(good, FIGURES) == []
    assert marks.problems("巩固率95%〔F1〕", FIGURES) == ["F1 应为 96.3%，文中是 95%，请改正"]
    assert marks.problems("巩固率196.3%〔F1〕", FIGURES) == ["F1 应为 96.3%，文中是 196.3%，请改正"]
    assert marks.problems("巩固率〔F1〕", FIGURES) == ["F1 应为 96.3%，文中没有写数，请改正"]
    assert "没有 F9 这个数据" in marks.problems("共3个〔F9〕", FIGURES)[0]
    wrong = marks.problems("95%〔F1〕，11个〔F2〕，2人〔F7〕", FIGURES)
    assert len(wrong) == 3  # all at once


@pytest.mark.parametrize("typed", ["96.3% [F1]", "96.3%【f1】", "96.3%（Ｆ1）", "96.3%〔 F01 〕"])
def test_brackets_as_people_type_them_are_the_same_mark(typed: str) -> None:
    assert marks.normal(typed) == "96.3%〔F1〕"
    assert marks.problems(typed, FIGURES) == []


def test_numerals_without_a_source_are_listed_and_dates_and_titles_are_not() -> None:
    text = (
        "截至2026年9月30日，依据同教发〔2026〕12号，第3季度巩固率96.3%〔F1〕，比上年提高2个百分点，"
        "新建学校5所；《2018—2020年新建10所计划》和“新建20所”按计划推进，3个工作日内报送。"
    )
    assert marks.unsourced(text) == ["比上年提高2个百分点", "新建学校5所"]
    assert marks.unsourced("没有数字") == []


def test_newer_values_follow_where_the_old_one_was_printed() -> None:
    before, after = {"F1": "96.3%", "F2": "12个"}, {"F1": "97%", "F2": "12个"}
    text = "巩固率96.3%〔F1〕，又写作95%〔F1〕，目标12个〔F2〕"
    assert marks.replaced(text, before, after) == "巩固率97%〔F1〕，又写作95%〔F1〕，目标12个〔F2〕"


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["，", "目标", "1", ".", "〔", "〕", "F", "项", "\n"]),
            st.sampled_from(["96.3%〔F1〕", "12个〔F2〕"]),
        )
    )
)
def test_cutting_a_text_loses_nothing_but_the_marks(bits: list[str]) -> None:
    text = marks.normal("".join(bits))
    bare = text
    for mark in reversed(marks.marks(text)):
        bare = bare[: mark.start] + bare[mark.end :]
    assert "".join(piece.text for piece in marks.pieces(text, FIGURES)) == bare
    assert marks.replaced(text, FIGURES, FIGURES) == text
    good = sum(piece.good for piece in marks.pieces(text, FIGURES) if piece.code)
    assert good == len(marks.marks(text)) - len(marks.problems(text, FIGURES))


def facts(key: int, due: int = 1, **counts: int) -> UnitFacts:
    return UnitFacts(key=key, unit=f"单位{key}", due=due, done=0, total=due, counts=counts)


def test_the_worked_example_of_a_ranking() -> None:
    """甲 2 late by 35 days together: 100 − 2×5 − 35×0.05 = 88.25 → 88.3 (half up); 乙 nothing; 丙 nothing fallen due."""
    first, second, third = facts(1, late=2, late_days=35), facts(2), facts(3, due=0)
    found = ranked([third, first, second], ASSUMED)
    assert [(one.rank, one.facts.key, str(one.total)) for one in found] == [
        (1, 2, "100.0"),
        (2, 1, "88.3"),
        (None, 3, "100.0"),
    ]
    assert (
        found[1].words
        == "100 分，扣：逾期未完成的任务 2 项 × 5 = 10；逾期天数合计 35 天 × 0.05 = 1.75；得 88.3 分"
    )
    assert found[2].words == "还没有到期的任务，不参加排名"
    [capped] = ranked([facts(1, late=20)], ASSUMED)
    assert "= 100，封顶扣 40" in capped.words
    assert capped.total == 60


counts = st.dictionaries(st.sampled_from([one.code for one in ASSUMED]), st.integers(0, 60))
points = st.decimals(0, 60, places=2)


@given(st.lists(counts, max_size=8), st.lists(points, min_size=14, max_size=14))
def test_ranking_against_its_slow_twin(many: list[dict[str, int]], drawn: list[Decimal]) -> None:
    criteria = [
        Criterion(one.code, one.name, one.unit, min(drawn[2 * n : 2 * n + 2]), max(drawn[2 * n : 2 * n + 2]))
        for n, one in enumerate(ASSUMED)
    ]
    units = [facts(number, due=number % 3, **one) for number, one in enumerate(many)]
    found = ranked(units, criteria)
    assert {one.facts.key for one in found} == {one.key for one in units}
    for one in found:
        left = 100.0
        for rule in criteria:
            off = 0.0
            for _each in range(one.facts.counts.get(rule.code, 0)):
                off = min(off + float(rule.each), float(rule.cap))
            left -= off
        assert float(one.total) == pytest.approx(max(left, 0), abs=0.051)
        better = sum(
            1 for other in found if other.rank is not None and other.total > one.total and other is not one
        )
        assert one.rank == (better + 1 if one.facts.due else None)


def test_every_fault_of_a_rule_is_said_at_once() -> None:
    bad = [
        Criterion("late", "逾期", "项", Decimal(200), Decimal(10)),
        Criterion("slips", "督办", "张", Decimal(5), Decimal(2)),
    ]
    said = rules.why_not_rank_so(bad, by=Person(), in_county=True, reason=" ") or ""
    for words in (
        "“逾期”每项扣分应在 0 到 100",
        "“督办”每张扣分不应大于最多扣分",
        "每一条规则都要填写",
        "原因",
    ):
        assert words in said
    assert rules.why_not_rank_so(ASSUMED, by=Person(), in_county=True, reason="会议纪要") is None
    assert "不能撰写通报" in (
        rules.why_not_rank_so(ASSUMED, by=Person(role="unit"), in_county=True, reason="-") or ""
    )


def test_weights_are_all_or_none_and_make_a_hundred() -> None:
    assert rules.why_not_weights({"甲": None, "乙": None}) is None
    assert rules.why_not_weights({"甲": Decimal(60), "乙": Decimal(40)}) is None
    said = rules.why_not_weights({"甲": Decimal("60.5"), "乙": None, "丙": Decimal(0)}) or ""
    assert said == "“乙”没有填权重；“丙”的权重应大于 0，现在是 0；权重之和是 60.5，应为 100"


def test_periods() -> None:
    assert rules.period("quarterly", 2026, 3) == (date(2026, 7, 1), date(2026, 9, 30))
    assert rules.period("half_yearly", 2026, 1) == (date(2026, 1, 1), date(2026, 6, 30))
    assert rules.period("yearly", 2024, 1) == (date(2024, 1, 1), date(2024, 12, 31))
    assert rules.period_words("half_yearly", 2026, 2) == "2026年下半年"


def test_beginning_says_all_that_is_wrong() -> None:
    today = date(2026, 11, 1)
    said = (
        rules.why_not_begin(
            by=Person(), in_county=True, kind="quarterly", year=2027, part=7, as_of=date(2026, 12, 1), today=today,
            plans=0, there="已有的",
        )
        or ""
    )  # fmt: skip
    for words in ("年份应是", "请选择季度", "还没有到", "已发布的计划", "“已有的”"):
        assert words in said
    early = rules.why_not_begin(
        by=Person(), in_county=True, kind="quarterly", year=2026, part=4, as_of=date(2026, 9, 1), today=today, plans=1
    )  # fmt: skip
    assert "早于这一期的开始" in (early or "")
    assert "不在您的辖区" in (
        rules.why_not_begin(
            by=Person(), in_county=False, kind="yearly", year=2025, part=1, as_of=today, today=today, plans=1
        )
        or ""
    )


def test_nobody_issues_his_own_and_nothing_wrong_goes_out() -> None:
    sent = Paper("submitted", drafted_by_id=1, submitted_by_id=2)

    def said(person: Person, **changes: object) -> str | None:
        whole: dict[str, object] = {
            "in_county": True, "number": "同教发〔2026〕1号", "problems": (), "unsourced": (), **changes,
        }  # fmt: skip
        return rules.why_not_issue(sent, by=person, **whole)  # type: ignore[arg-type]

    assert "另一人" in (said(Person(1)) or "")
    assert "另一人" in (said(Person(2)) or "")
    assert said(Person(3)) is None
    assert "发文字号" in (said(Person(3), number="") or "")
    assert "已经用在“别的”" in (said(Person(3), taken="别的") or "")
    both = said(Person(3), problems=["甲"], unsourced=["乙", "丙"]) or ""
    assert "1 处数据与出处不符" in both
    assert "2 个没有出处的数字" in both
    assert "送签后才能签发" in (
        rules.why_not_issue(Paper(), by=Person(3), in_county=True, number="", problems=(), unsourced=()) or ""
    )


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("event", list(Event))
def test_what_the_table_has_no_next_state_for_is_refused(state: State, event: Event) -> None:
    paper, by = Paper(state.value, drafted_by_id=7, submitted_by_id=7), Person()
    refusal = {
        Event.SUBMIT: rules.why_not_submit(paper, by=by, in_county=True, problems=(), unsourced=()),
        Event.RETURN: rules.why_not_return(paper, by=by, in_county=True, reason="-"),
        Event.ISSUE: rules.why_not_issue(
            paper, by=by, in_county=True, number="同教发〔2026〕1号", problems=(), unsourced=()
        ),
        Event.WITHDRAW: rules.why_not_withdraw(paper, by=by, in_county=True, reason="-"),
    }[event]
    assert (refusal is None) == ((state, event) in NEXT)
    assert next_state(state, event) == NEXT.get((state, event))


def test_who_may_not_write_is_told_who_may() -> None:
    sentence = why_not("unit", Permission.WRITE_BULLETINS)
    assert rules.why_not_write(Paper(), by=Person(role="unit"), in_county=True) == sentence
    assert rules.why_not_delete(Paper("issued"), by=Person(), in_county=True) is not None


def test_section_and_details() -> None:
    said = rules.why_not_section(" ", "字" * 9000) or ""
    assert "请填写小标题" in said
    assert "9,000 个字" in said
    said = rules.why_not_details(title="通报。", recipients="各" * 501, number_flaw="文号不规范") or ""
    for words in ("不加标点", "最多 500", "文号不规范"):
        assert words in said
