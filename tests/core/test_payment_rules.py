"""发放规则与状态: the tables as they are drawn, money to the fen, and each refusal as the sentence its button shows."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.payments import (
    account_rules,
    award_rules,
    batch_rules,
    job_rules,
    money,
    rules,
    service_rules,
    setting_rules,
    states,
)

TODAY = date(2026, 3, 2)
TABLES = {
    "资助": (states.AWARD_WORDS, states.AWARD_NEXT, states.AwardState.PROPOSED),
    "批次": (states.BATCH_WORDS, states.BATCH_NEXT, states.BatchState.DRAFT),
    "明细": (states.LINE_WORDS, states.LINE_NEXT, states.LineState.WAITING),
    "线索": (states.FINDING_WORDS, states.FINDING_NEXT, states.FindingState.OPEN),
}


@dataclass(frozen=True)
class One:
    state: str = "proposed"
    school_code: str = "1"
    school_by_id: int | None = None
    reviewed_by_id: int | None = None
    drafted_by_id: int = 1
    lines_count: int = 3


def drawn(title: str) -> set[tuple[str, str, str]]:
    text = (states.__doc__ or "").split(f"\n{title}\n")[1]
    found = set()
    for line in text.splitlines():
        if not line.startswith("  "):
            break
        parts = re.split(r" ─(\w+)─► ", line.strip())
        found |= {(parts[at], parts[at + 1], parts[at + 2]) for at in range(0, len(parts) - 2, 2)}
    return found


@pytest.mark.parametrize("title", TABLES)
def test_the_drawing_is_the_table_and_every_state_is_reached(title: str) -> None:
    words, table, first = TABLES[title]
    assert drawn(title) == {(words[at], event, words[to]) for (at, event), to in table.items()}
    reached = {str(first)}
    for _ in words:
        reached |= {str(to) for (at, _event), to in table.items() if at in reached}
    assert reached == {str(state) for state in words}


@given(st.integers(1, 10**13))
def test_money_is_read_as_it_was_written(fen: int) -> None:
    assert money.fen_of(money.yuan(fen)) == fen
    assert money.fen_of(money.plain_yuan(fen)) == fen


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1250", 125000),
        ("1,250.5", 125050),
        ("￥1250.00元", 125000),
        (1250.1, 125010),
        ("0.125万元", 125000),
        (625, 62500),
        ("1.5万", 1500000),
    ],
)
def test_amounts_as_clerks_write_them(typed: object, fen: int) -> None:
    assert money.fen_of(typed) == fen


@pytest.mark.parametrize(
    "typed",
    ["", None, "九百", "-5", "0", "1.005", "1e5", "=1+1", "12,5元元", float("nan"), float("inf"), 10**18],
)
def test_what_is_no_amount_says_so(typed: object) -> None:
    assert isinstance(money.fen_of(typed), str)


def test_ten_thousands_typed_for_yuan_are_noticed() -> None:
    warning = money.magnitude_warning(12, 125000)  # 0.12 for 1,250.00
    assert warning is not None
    assert "万元" in warning
    assert money.magnitude_warning(62500, 125000) is None
    assert money.magnitude_warning(125000 * 10000, 125000) is not None


def test_account_numbers_that_excel_rounded_are_refused() -> None:
    assert account_rules.account_number("6217 0012 3456 7890 123") == ("6217001234567890123", None)
    assert account_rules.account_number("001234567")[0] == "001234567"
    for typed in (6.2170012345678901e18, "6.2E+18", "62170012345O", "12345678", "", None):
        assert account_rules.account_number(typed)[1]


def test_the_card_check_digit_warns() -> None:
    good = next(
        f"621700123456789{digit}"
        for digit in range(10)
        if account_rules.card_warning(f"621700123456789{digit}") is None
    )
    assert sum(account_rules.card_warning(f"{good[:-1]}{digit}") is None for digit in range(10)) == 1


def test_the_owner_of_an_own_account_bears_the_name() -> None:
    wrong = account_rules.why_not_set(
        role="office", holder_name="马强", relation="本人", bank="", person_name="马小龙"
    )
    assert len(wrong) == 2
    assert "马小龙" in wrong[0]


def test_nobody_reviews_twice_or_approves_his_own() -> None:
    assert award_rules.why_not_pass(One("school_passed", school_by_id=7), by_id=7, by_role="office")
    assert award_rules.why_not_pass(One("school_passed", school_by_id=7), by_id=8, by_role="office") is None
    assert batch_rules.why_not_approve(One("submitted"), by_id=1, by_role="leader", reviewers=set())
    assert batch_rules.why_not_approve(One("submitted"), by_id=2, by_role="leader", reviewers={2})
    assert batch_rules.why_not_approve(One("submitted"), by_id=2, by_role="leader", reviewers={3}) is None
    assert "可以的角色" in (
        batch_rules.why_not_approve(One("submitted"), by_id=2, by_role="school", reviewers=set()) or ""
    )


@pytest.mark.parametrize(
    ("name", "value", "basis", "role", "part"),
    [
        ("publication_days", 7, "演示文件", "office", None),
        ("publication_days", 0, "演示文件", "office", "1 到 60"),
        ("publication_days", None, "", "office", "依据"),
        ("publication_days", 5, "演示文件", "office", "没有改变"),
        ("most_siblings", 3, "局务会", "inspector", "可以的角色"),
        ("days_before_end", 0, "局务会", "leader", None),
        ("days_before_end", 3, "长" * 301, "leader", "最多 300 字"),
        ("nothing", 3, "局务会", "leader", "没有这项设置"),
    ],
)
def test_a_setting_is_saved_with_its_basis_or_says_why_not(
    name: str, value: int | None, basis: str, role: str, part: str | None
) -> None:
    current = 5 if name == "publication_days" else None
    answer = setting_rules.why_not_set(role=role, name=name, value=value, basis=basis, current=current)
    assert (answer is None) if part is None else (part in (answer or ""))


def test_what_the_worker_does_can_be_cancelled_until_it_has_ended() -> None:
    assert job_rules.why_not_cancel(state="doing", own=True, reviews="不行") is None
    assert job_rules.why_not_cancel(state="doing", own=False, reviews="不行") == "不行"
    assert "已经结束" in (job_rules.why_not_cancel(state="done", own=True, reviews=None) or "")


def test_only_lawful_fields_are_published() -> None:
    assert set(award_rules.PUBLIC_FIELDS) == {"person_name", "school_name", "grade", "class_name"}


def test_the_last_day_of_a_publication_counts_whole() -> None:
    assert not award_rules.period_over(TODAY, today=TODAY)
    assert award_rules.period_over(TODAY, today=date(2026, 3, 3))
    assert not award_rules.period_over(None, today=TODAY)


def test_an_unclear_shares_sum_is_said_with_everything_else() -> None:
    refusal = award_rules.why_not_open_round(
        role="office",
        title="",
        term="2026年",
        person_kind="student",
        clause_refusal="没有这一条",
        fund=False,
        shares={"county": 90},
    )
    assert refusal is not None
    for part in ("名称", "2026秋", "没有这一条", "基金", "90%"):
        assert part in refusal


def test_every_route_of_money_ends_where_it_should() -> None:
    for kind, routes in rules.ROUTES.items():
        for credit, debit in routes:
            assert credit != debit
            assert (credit == "outside") == (kind in ("opening", "income"))


# --- service terms: 100,000 yuan, eight years ------------------------------------------------------------------------

FEN, START = 100_000_00, date(2019, 9, 1)


@pytest.mark.parametrize(
    ("left", "method", "owed"),
    [
        (date(2027, 9, 1), "months", 0),
        (date(2027, 8, 31), "months", 104167),  # one of 96 months, rounded up to the fen
        (date(2023, 9, 1), "months", 50_000_00),
        (date(2023, 9, 1), "years", 50_000_00),
        (date(2023, 8, 31), "years", 62_500_00),  # the fifth year from the end had begun
        (date(2026, 1, 1), "whole", 100_000_00),
        (START, "months", 100_000_00),
    ],
)
def test_what_a_teacher_owes_who_leaves_early(left: date, method: str, owed: int) -> None:
    assert service_rules.owed(fen=FEN, starts=START, years=8, left=left, method=method) == owed


@given(
    st.integers(1, 10**9),
    st.integers(1, 12),
    st.integers(0, 5000),
    st.sampled_from(["months", "years", "whole"]),
)
def test_serving_longer_never_owes_more(fen: int, years: int, days: int, method: str) -> None:
    here, later = START + timedelta(days=days), START + timedelta(days=days + 40)
    first = service_rules.owed(fen=fen, starts=START, years=years, left=here, method=method)
    second = service_rules.owed(fen=fen, starts=START, years=years, left=later, method=method)
    assert 0 <= second <= first <= fen


def test_the_schedule_runs_from_all_to_nothing() -> None:
    table = service_rules.schedule(fen=FEN, starts=START, years=8, method="months")
    assert table[0] == (START, FEN)
    assert table[-1] == (date(2027, 9, 1), 0)
    assert [fen for _day, fen in table] == [FEN - 12_500_00 * year for year in range(9)]
    assert service_rules.schedule(fen=FEN, starts=date(2020, 2, 29), years=1, method="whole")[-1] == (
        date(2021, 3, 1),
        0,
    )
