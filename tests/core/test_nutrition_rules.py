"""供餐规则: worked examples of the month's days, differences, and who may do what when."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.nutrition import rules, supply_rules
from bureau.nutrition.rules import Line, Whole

OCTOBER = date(2026, 10, 1)


@dataclass(frozen=True)
class Somebody:
    pk: int
    role: str


OFFICE, OTHER, SCHOOL = Somebody(1, "office"), Somebody(2, "office"), Somebody(3, "school")
AGREES = Line("三年级1班", 100, 96, 96)
FINE = Whole(None, 96, 40_000, 50_000)


@given(
    st.sets(st.integers(0, 30), max_size=8), st.dictionaries(st.integers(-5, 40), st.booleans(), max_size=6)
)
def test_serving_days_are_the_school_days_with_what_was_changed(
    offsets: set[int], changed: dict[int, bool]
) -> None:
    school_days = [OCTOBER + timedelta(days=n) for n in sorted(offsets)]
    changes = {OCTOBER + timedelta(days=n): serves for n, serves in changed.items()}
    slow = [day for n in range(31) if changes.get(day := OCTOBER + timedelta(days=n), day in school_days)]
    assert rules.serving_days(school_days, changes, OCTOBER) == slow


def test_differences_in_words() -> None:
    assert rules.differences(AGREES) == []
    assert rules.differences(replace(AGREES, eaten=99)) == ["就餐比出勤多 3 人次"]
    assert rules.differences(replace(AGREES, eaten=90)) == ["就餐比出勤少 6 人次"]
    assert rules.differences(Line("初一1班", 100, 104, 104)) == ["就餐比应供多 4 人次"]
    assert rules.differences(Line("初一1班", 100, None, 90)) == []
    assert rules.differences(Line("初一1班", 100, 0, 2)) == ["就餐比出勤少 2 人次"]


def test_portions_and_money_of_the_whole_school() -> None:
    assert rules.whole_differences(FINE) == []
    assert rules.whole_differences(replace(FINE, delivered=100)) == ["验收份数比就餐多 4 份"]
    assert rules.whole_differences(replace(FINE, spent=50_001)) == ["支出比应补金额多 0.01 元"]


def sign(**changed: object) -> str | None:
    asked = {
        "by": SCHOOL, "state": "open", "mine": True, "over": True, "lines": [AGREES], "whole": FINE, "waiting": 0,
    }  # fmt: skip
    return rules.why_not_sign(**(asked | changed))  # type: ignore[arg-type]


def test_a_school_signs_when_everything_is_reported_accepted_and_explained() -> None:
    assert sign() is None
    everything = sign(
        over=False,
        lines=[
            Line("一年级1班", 100, None, 90),
            Line("一年级2班", 100, 90, None),
            Line("一年级3班", 100, 90, 95),
        ],
        whole=replace(FINE, delivered=1),
        waiting=2,
    )
    assert everything is not None
    for part in (
        "还没有结束",
        "一年级1班没有登记",
        "一年级2班没有出勤",
        "一年级3班的差异",
        "2 批到货",
        "没有说明",
    ):
        assert part in everything
    assert sign(lines=[replace(AGREES, eaten=90, explained="运动会")]) is None
    assert sign(by=Somebody(9, "auditor")) is not None
    assert "已结账" in str(sign(state="closed"))


def test_many_classes_are_named_by_three_and_their_number() -> None:
    lines = [Line(f"{n}班", 10, None, None) for n in range(1, 8)]
    assert "1班、2班、3班等 7 个班没有登记" in str(sign(lines=lines))


def test_closing_needs_another_person_and_stays() -> None:
    assert rules.why_not_close(by=OFFICE, state="signed", signed_by=SCHOOL.pk) is None
    assert "另一人" in str(rules.why_not_close(by=OFFICE, state="signed", signed_by=OFFICE.pk))
    assert rules.why_not_close(by=SCHOOL, state="signed", signed_by=9) is not None
    assert "学校签字后" in str(rules.why_not_close(by=OFFICE, state="open", signed_by=None))
    assert "不能退回" in str(rules.why_not_send_back(by=OFFICE, state="closed", reason="错"))
    assert "不能再改" in str(rules.why_not_record(by=SCHOOL, state="closed", mine=True))


def test_a_slip_of_the_pen_is_not_a_difference() -> None:
    assert rules.why_not_count(name="一年级1班", due=100, eaten=300) is None
    assert "10 倍" in str(rules.why_not_count(name="一年级1班", due=100, eaten=1_000))
    assert rules.why_not_count(name="一年级1班", due=100, eaten=None) is None


def test_a_delivery_is_accepted_by_two_from_a_supplier_in_order() -> None:
    day = date(2026, 10, 8)
    ended = supply_rules.supplier_ended(
        day=day, active=True, licence_until=date(2026, 10, 7), contract_until=None
    )
    assert "2026-10-07到期" in str(ended)
    assert supply_rules.supplier_ended(day=day, active=True, licence_until=day, contract_until=day) is None
    assert "只能拒收" in str(supply_rules.why_not_inspect(by=SCHOOL, mine=True, state="waiting", ended=ended))
    assert supply_rules.why_not_inspect(by=SCHOOL, mine=True, state="waiting", ended=None) is None
    assert "另一人" in str(
        supply_rules.why_not_second(by=SCHOOL, mine=True, state="inspected", inspected_by=SCHOOL.pk)
    )
    teacher = Somebody(8, "teacher")
    assert (
        supply_rules.why_not_second(by=teacher, mine=True, state="inspected", inspected_by=SCHOOL.pk) is None
    )
    assert supply_rules.why_not_second(
        by=Somebody(8, "auditor"), mine=True, state="inspected", inspected_by=3
    )
    assert "原因" in str(supply_rules.why_not_reject(by=SCHOOL, mine=True, state="waiting", reason=" "))


@pytest.mark.parametrize(
    ("state", "back", "by", "refused"),
    [
        ("answered", False, OFFICE, None),
        ("answered", False, OTHER, "另一人"),
        ("open", False, OFFICE, "答复后"),
        ("answered", True, OFFICE, "退回的原因"),
        ("closed", False, OFFICE, "已办结"),
    ],
)
def test_a_complaint_is_checked_by_another(state: str, back: bool, by: Somebody, refused: str | None) -> None:
    found = supply_rules.why_not_check_complaint(by=by, state=state, answered_by=OTHER.pk, back=back)
    assert (refused is None and found is None) or (refused is not None and refused in str(found))


def test_a_price_says_where_it_comes_from_and_another_confirms_it() -> None:
    assert rules.why_not_price(by=OFFICE, fen=500, since=OCTOBER, source="县级", document="文件") is None
    whole = str(rules.why_not_price(by=OFFICE, fen=None, since=None, source="", document=""))
    assert all(part in whole for part in ("金额", "起始日期", "资金来源", "依据"))
    assert "每月或每年" in str(
        rules.why_not_price(by=OFFICE, fen=100_000, since=OCTOBER, source="县级", document="文件")
    )
    assert "另一人" in str(rules.why_not_confirm_price(by=OFFICE, entered_by=OFFICE.pk, confirmed=False))
    assert rules.why_not_confirm_price(by=OTHER, entered_by=OFFICE.pk, confirmed=False) is None


def test_a_month_is_opened_when_days_schools_and_price_are_known() -> None:
    asked = {
        "by": OFFICE,
        "covered": 3,
        "days": 20,
        "price": True,
        "month": OCTOBER,
        "today": date(2026, 10, 9),
    }
    assert rules.why_not_open(**asked) is None  # type: ignore[arg-type]
    whole = str(
        rules.why_not_open(**(asked | {"covered": 0, "days": 0, "price": False, "today": date(2026, 9, 1)}))
    )  # type: ignore[arg-type]
    assert all(part in whole for part in ("没有实施学校", "没有供餐日", "标准", "还没有到"))
