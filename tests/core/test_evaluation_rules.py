"""What a pupil's row says of the facts, how due and paid compare, which item of a list means which clause, and which term a register answers for."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bureau.entitlements import evaluation_rules as rules
from bureau.entitlements import paid_rules, terms
from bureau.entitlements.evaluation_facts import Pupil
from bureau.entitlements.evaluation_profiles import FEN, STATE, sort
from bureau.entitlements.queries import shipped_book
from junheng.aid import Child, outcomes

BLANK = rules.Entry(*[None] * len(rules.Entry._fields))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (("学前", "K3", "111"), ("学前", 3)),
        (("小学", "3", "211"), ("小学", 3)),
        (("初中", "9", "312"), ("初中", 3)),
        (("高中", "10", "342"), ("普高", 1)),
        (("高中", "11", "365"), ("中职", 2)),
        (("中职", "10", "361"), ("中职", 1)),
        (("特教", "4", "511"), ("小学", 4)),
        (("特教", "8", "511"), ("初中", 2)),
        (("特教", None, "511"), ("", 0)),
        (("小学", "9", "211"), ("小学", 0)),  # a grade of another stage is not known, and not guessed
        (("小学", None, "211"), ("小学", 0)),
        ((None, "3", "211"), ("", 0)),
    ],
)
def test_stage_and_grade_as_the_clauses_count_them(
    written: tuple[str, str, str], meant: tuple[str, int]
) -> None:
    assert rules.stage_and_grade(*written) == meant


def test_blank_is_not_no() -> None:
    assert set(rules.own_facts(BLANK).values()) == {None}
    said = rules.own_facts(BLANK._replace(disability="无", attendance_way="走读", minimum_living=False))
    assert (said["残疾"], said["寄宿"], said["低保"]) == (False, False, False)
    assert rules.own_facts(BLANK._replace(disability="智力", attendance_way="住校"))["残疾"] is True
    assert "困难" not in said  # no column of the school's sheet says it


def test_rural_by_household_or_school_and_a_town_school_says_nothing() -> None:
    assert rules.rural_school("220") is True
    assert rules.rural_school("111") is False
    assert rules.rural_school("121") is None
    assert rules.either(rules.rural_household("居民户口"), rules.rural_school("121")) is None
    assert rules.either(rules.rural_household("非农业户口"), rules.rural_school("210")) is True
    assert rules.either(rules.rural_household("非农业户口"), rules.rural_school("111")) is False
    assert rules.either(rules.rural_household("居民户口"), rules.rural_school("112")) is None


@pytest.mark.parametrize(
    ("state", "due", "paid", "in_payment", "standing"),
    [
        ("paid", 500, 500, True, "paid"),
        ("paid", 500, 499, True, "less"),
        ("paid", 500, 501, True, "more"),
        ("paid", 500, 0, True, "missed"),
        ("paid", 500, 0, False, "waiting"),
        ("paid", 500, 500, False, "paid"),
        ("cut", 300, 0, True, "missed"),
        ("unconfirmed", 500, 0, True, "unconfirmed"),
        ("unconfirmed", 500, 500, True, "unconfirmed"),
        ("unknown", 500, 0, True, "unknown"),
        ("not_met", 0, 500, True, "undue"),
        ("lost", 0, 500, True, "undue"),
        ("absent", 0, 500, True, "undue"),
    ],
)
def test_due_beside_paid(state: str, due: int, paid: int, in_payment: bool, standing: str) -> None:
    assert rules.standing_of(state=state, due=due, paid=paid, in_payment=in_payment) == standing


@pytest.mark.parametrize(
    ("state", "paid", "standing"), [("paid", 0, "refused"), ("paid", 500, "paid"), ("not_met", 500, "undue")]
)
def test_who_was_refused_was_not_forgotten(state: str, paid: int, standing: str) -> None:
    found = rules.standing_of(state=state, due=500, paid=paid, in_payment=True, in_hand=True, refused=True)
    assert found == standing


@pytest.mark.parametrize(
    ("missing", "paid", "standing"),
    [
        ("获奖", 0, "no_list"),
        ("获奖、另一奖", 0, "no_list"),
        ("获奖、困难", 0, "unknown"),  # 困难 can be found out here
        ("困难", 0, "unknown"),
        ("", 0, "unknown"),
        ("获奖", 500, "unknown"),  # somebody paid it: why?
    ],
)
def test_what_only_lists_say_waits_for_its_list(missing: str, paid: int, standing: str) -> None:
    by_list = rules.only_by_list(missing, {"获奖", "另一奖"})
    found = rules.standing_of(state="unknown", due=500, paid=paid, in_payment=True, by_list=by_list)
    assert found == standing


def test_every_standing_is_in_one_list_and_what_is_due_is_covered_or_open() -> None:
    listed = [standing for standings in rules.LISTS.values() for standing in standings]
    assert len(listed) == len(set(listed)) == 10
    assert set(rules.COVERED) < set(rules.DUE) <= set(listed)


def test_a_term_rests_on_its_own_school_year() -> None:
    spring, autumn = terms.Term(2026, "春"), terms.Term(2025, "秋")
    days = [date(2024, 9, 20), date(2025, 9, 20)]
    today = date(2026, 11, 22)
    assert (autumn.first, autumn.last) == (date(2025, 9, 1), date(2026, 2, 28))
    assert terms.register_day(autumn, days, today) == terms.register_day(spring, days, today) == days[1]
    assert terms.register_day(terms.Term(2025, "春"), days, today) == days[0]
    # A year later every child is a grade higher: the old register does not answer.
    assert terms.register_day(terms.Term(2026, "秋"), days, today) is None
    assert "2026秋学期所在学年没有学籍数据" in (
        terms.why_not_judge(terms.Term(2026, "秋"), days, today) or ""
    )
    assert "还没有开始" in (terms.why_not_judge(terms.Term(2027, "春"), days, today) or "")


@given(st.dates(date(2015, 1, 1), date(2040, 12, 31)))
def test_every_day_lies_in_its_term_and_terms_follow_one_another(day: date) -> None:
    term = terms.term_of(day)
    assert term.first <= day <= term.last
    assert term.next.before == term == term.before.next
    assert terms.parse(term.text) == terms.parse(f"{term.year}年{term.season}季学期") == term


@pytest.mark.parametrize("text", ["", "2026", "春2026", "2026冬", "26春", "1926春", "2026春秋"])
def test_what_is_no_term_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="不是学期"):
        terms.parse(text)


NAMES = {"a": "四类非寄宿生生活补助", "b": "家庭经济困难寄宿生生活补助", "c": "普通高中国家助学金"}


def test_items_of_a_list_find_their_clause_or_say_what_may_be_meant() -> None:
    assert paid_rules.find_clause("四类非寄宿生生活补助", NAMES)[0] == "a"
    assert paid_rules.find_clause(" “四类非寄宿生生活补助” ", NAMES)[0] == "a"
    assert paid_rules.find_clause("普通高中国家助学金项目", NAMES)[0] == "c"
    assert paid_rules.find_clause("b", NAMES)[0] == "b"
    assert paid_rules.find_clause("寄宿生生活", NAMES) == ("", ("a", "b"))
    assert paid_rules.find_clause("营养改善", NAMES) == ("", ())


def test_amounts_in_another_unit_are_noticed() -> None:
    assert "万元" in (paid_rules.odd_amount(6, 62_500) or "")  # 0.0625 万元 typed as 0.06 元
    assert "2,000 倍" in (paid_rules.odd_amount(125_000_000, 62_500) or "")
    assert "6 倍" in (paid_rules.odd_amount(375_000, 62_500) or "")
    assert paid_rules.odd_amount(62_500, 62_500) is None
    assert paid_rules.odd_amount(31_250, 62_500) is None
    assert paid_rules.odd_amount(10, 0) is None


FACTS = ("建档立卡", "低保", "特困", "困难", "孤儿", "残疾", "寄宿", "农村", "营养改善试点")


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["学前", "小学", "初中", "普高", "中职"]),
            st.integers(0, 3),
            st.tuples(*[st.sampled_from([True, False, None])] * len(FACTS)),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_sorted_pupils_get_what_each_would_get_alone(
    drawn: list[tuple[str, int, tuple[bool | None, ...]]],
) -> None:
    """The slow twin: every pupil judged alone by the reference."""
    book, day, county = shipped_book(), date(2026, 3, 1), "640324"
    pupils = [
        Pupil(f"{number}", "", "", "", "", stage, grade, None, dict(zip(FACTS, values, strict=True)))
        for number, (stage, grade, values) in enumerate(drawn)
    ]
    made = sort(pupils, book, county, day, lambda share: None)
    assert sum(one.children for one in made.situations) == len(pupils)
    for pupil, place in zip(pupils, made.of_pupil, strict=True):
        alone = {
            one.clause: (one.state, one.fen)
            for one in outcomes(book, Child(pupil.stage, pupil.grade, county, pupil.facts), day)
        }
        for finding in made.situations[place].findings:
            assert (finding[STATE], finding[FEN]) == alone[str(finding[0])]
