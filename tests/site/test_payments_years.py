"""跨年度的账: money promised in one year and paid in the next, years that are closed, and money that comes back late."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bureau.payments import (
    account_actions,
    award_actions,
    batch_actions,
    batch_queries,
    disclosure,
    drafting,
    fund_actions,
    fund_queries,
    publication,
    results,
    review_actions,
    service_actions,
    settling,
)
from bureau.payments.batch_rules import STANDARD
from bureau.payments.models import Award, Batch, Fund, Line, Movement, ServiceTerm
from bureau.payments.persons import by_keys
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.registry.models import Student, Teacher
from site_rows import COUNTY, NOW

pytestmark = pytest.mark.django_db
DECEMBER, JANUARY = date(2025, 12, 29), date(2026, 1, 5)


def at(day: date) -> datetime:
    return NOW.replace(year=day.year, month=day.month, day=day.day)


@pytest.fixture
def fund(cast: dict[str, User]) -> Fund:
    made = fund_actions.open_fund(
        county_code=COUNTY, name="教育扶贫基金", sources=["centre", "region", "county"], begun_on=date(2025, 1, 1),
        by=cast["office"], at=at(DECEMBER),
    )  # fmt: skip
    for source in ("centre", "region", "county"):
        for kind in ("income", "budget"):
            entry = fund_actions.Entry(kind, source, 1_000_000_00, date(2025, 12, 1), "演示")
            fund_actions.enter(fund=made, entry=entry, by=cast["office"], at=at(DECEMBER), today=DECEMBER)
    return made


@pytest.fixture
def sent(cast: dict[str, User], fund: Fund) -> Batch:
    """A batch of two pupils, approved and sent on 29 December 2025."""
    second = User.objects.create(
        username="second", display_name="演示·资助中心 乙", role="office", area=cast["office"].area
    )
    made = award_actions.open_round(
        county_code=COUNTY, title="寄宿生生活补助", person_kind="student", term="2025秋", clause="cn.boarder", fund=fund,
        shares={"county": 50, "centre": 50}, by=cast["office"], at=at(DECEMBER),
    )  # fmt: skip
    keys = Student.objects.filter(
        school_code="2164990001", replaced_by=None, valid_to=None, enrolment_status="在读"
    )
    people = by_keys(COUNTY, "student", keys.order_by("key").values_list("key", flat=True)[:2])
    proposals = [award_actions.Proposal(one, 625_01, "演示") for one in people.values()]
    award_actions.propose(
        round=made, proposals=proposals, entered="uploaded", by=cast["office"], at=at(DECEMBER)
    )
    review_actions.school_pass(round=made, by=cast["school"], at=at(DECEMBER))
    review_actions.review_pass(round=made, by=cast["office"], at=at(DECEMBER))
    early = DECEMBER - timedelta(days=20)
    publication.publish(round=made, by=cast["office"], at=at(early), today=early)
    publication.keep_up(county_code=COUNTY, today=DECEMBER, at=at(DECEMBER))
    for number, one in enumerate(people.values()):
        given = account_actions.Given(one, f"62170012345{number:08d}", "演示农商行", one.name, "本人")
        account_actions.set_account(
            county_code=COUNTY, given=given, by=cast["office"], at=at(DECEMBER), today=DECEMBER
        )
    template = batch_actions.save_template(
        county_code=COUNTY, name="农商行", columns=list(STANDARD), by=cast["office"], at=at(DECEMBER)
    )
    batch = drafting.draft(
        county_code=COUNTY, title="冬季", awards=Award.objects.filter(round=made), template=template, by=second,
        at=at(DECEMBER),
    )  # fmt: skip
    batch = batch_actions.submit(batch=batch, by=second, at=at(DECEMBER), today=DECEMBER)
    batch = batch_actions.approve(batch=batch, by=cast["leader"], at=at(DECEMBER), today=DECEMBER)
    return batch_actions.send(batch=batch, by=second, at=at(DECEMBER))


def answered(batch: Batch, days: list[date], by: User, today: date) -> None:
    """The bank paid the lines on these days; its file is read on `today`."""
    answers = [
        results.Answer(line.pk, True, "", day)
        for line, day in zip(batch.lines.order_by("position"), days, strict=True)
    ]
    found = results.Found(answers, [], batch.fen, 0)
    settling.take(batch=batch, found=found, by=by, at=at(today), today=today)


def close(fund: Fund, by: User, today: date = JANUARY) -> None:
    fund_actions.close_year(fund=fund, year=2025, by=by, at=at(today), today=today)


def test_what_the_bank_paid_in_december_is_booked_in_december(
    cast: dict[str, User], fund: Fund, sent: Batch
) -> None:
    answered(sent, [date(2025, 12, 30), date(2026, 1, 4)], cast["office"], JANUARY)
    booked = Movement.objects.filter(batch=sent, kind="payment")
    # What does not divide falls to the county, in whatever order the shares were given.
    assert {(one.day, one.debit.source, one.fen) for one in booked} == {
        (day, source, fen)
        for day in (date(2025, 12, 30), date(2026, 1, 4))
        for source, fen in (("centre", 312_50), ("county", 312_51))
    }
    assert batch_queries.paid_by_source(COUNTY, "2025秋") == {
        "cn.boarder": {"centre": 2 * 312_50, "county": 2 * 312_51}
    }
    assert batch_queries.paid_by_source(COUNTY, "2025秋", school_code="0") == {}
    flows = {row["year"]: row for row in fund_queries.flows(fund)}
    assert (flows[2025]["payment"], flows[2026]["payment"]) == (625_01, 625_01)
    assert flows[2026]["carried"] == flows[2025]["held"] == 3_000_000_00 - 625_01


def test_a_year_that_paid_a_few_is_not_told_to_everybody(
    cast: dict[str, User], fund: Fund, sent: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(sent, [DECEMBER, DECEMBER], cast["office"], JANUARY)
    close(fund, cast["office"])
    assert disclosure.years(COUNTY) == [disclosure.Year(fund.name, 2025, None, None, None, None)]
    monkeypatch.setattr(disclosure, "FEW", 2)
    given, paid = 3_000_000_00, 2 * 625_01
    assert disclosure.years(COUNTY) == [disclosure.Year(fund.name, 2025, 0, given, paid, given - paid)]


def test_a_promise_of_december_keeps_the_year_open_only_until_the_bank_has_answered(
    cast: dict[str, User], fund: Fund, sent: Batch
) -> None:
    with pytest.raises(Refused, match="已承诺没有办结"):
        close(fund, cast["office"])
    answered(sent, [date(2026, 1, 4)] * 2, cast["office"], JANUARY)
    close(fund, cast["office"])
    assert fund_queries.flows(fund)[-1]["held"] == 3_000_000_00


def test_the_bank_returns_money_of_a_closed_year(cast: dict[str, User], fund: Fund, sent: Batch) -> None:
    """The day told is the day it came; the books take it today when that day's year is closed."""
    answered(sent, [date(2025, 12, 30)] * 2, cast["office"], JANUARY)
    close(fund, cast["office"])
    line = Line.objects.filter(batch=sent)[0]
    settling.give_back(
        line=line, day=date(2025, 12, 31), reason="账户注销", by=cast["office"], at=at(JANUARY), today=JANUARY
    )
    line.refresh_from_db()
    assert line.returned_on == date(2025, 12, 31)
    back = Movement.objects.filter(batch=sent, kind="return")
    assert {one.day for one in back} == {JANUARY}
    assert fund_queries.balances(COUNTY, fund=fund)[-1].balance == 3_000_000_00 - 625_01


def test_a_teacher_who_repaid_in_a_year_that_is_closed(cast: dict[str, User], fund: Fund) -> None:
    teacher = Teacher.objects.filter(replaced_by=None, valid_to=None)[0]
    person = by_keys(COUNTY, "teacher", [teacher.key])[teacher.key]
    term = service_actions.begin(
        county_code=COUNTY, teacher=person, clause="c640324.settlement", fund=fund, source="county", fen=100_000_00,
        starts=date(2020, 9, 1), years=8, method="months", contract="演示合同", by=cast["office"], at=at(JANUARY),
    )  # fmt: skip
    term = service_actions.leave(
        term=term, on=date(2025, 9, 1), reason="调出", due_on=date(2025, 12, 1), by=cast["office"], at=at(JANUARY),
        today=JANUARY,
    )  # fmt: skip
    close(fund, cast["office"])
    service_actions.repay(
        term=term, fen=37_500_00, day=date(2025, 12, 20), by=cast["office"], at=at(JANUARY), today=JANUARY
    )
    repaid = term.repayments.get()
    assert (repaid.day, repaid.movement.day) == (date(2025, 12, 20), JANUARY)
    assert service_actions.open_fen(term) == 0


@pytest.fixture
def settlement(cast: dict[str, User], fund: Fund) -> ServiceTerm:
    """100,000 yuan for eight years from 1 September 2020, paid before the books were begun."""
    teacher = Teacher.objects.filter(replaced_by=None, valid_to=None)[0]
    return service_actions.begin(
        county_code=COUNTY, teacher=by_keys(COUNTY, "teacher", [teacher.key])[teacher.key], clause="c640324.settlement", fund=fund,
        source="county", fen=100_000_00, starts=date(2020, 9, 1), years=8, method="months", contract="演示合同", by=cast["office"],
        at=at(JANUARY),
    )  # fmt: skip


def test_what_was_entered_wrongly_of_a_service_term_is_put_right(
    cast: dict[str, User], fund: Fund, settlement: ServiceTerm, browser_of: Callable[[str], Client]
) -> None:
    by: dict[str, Any] = {"by": cast["office"], "at": at(JANUARY), "today": JANUARY}
    due_on = date(2025, 12, 1)
    term = service_actions.leave(term=settlement, on=date(2024, 9, 1), reason="调出", due_on=due_on, **by)
    assert service_actions.owed_fen(term) == 50_000_00
    paid = service_actions.repay(term=term, fen=50_000_00, day=JANUARY, **by)
    # He left a year later: half of that was too much, and has to be taken out of the books first.
    right: dict[str, Any] = {"on": date(2025, 9, 1), "due_on": due_on, "reason": "日期登记错"}
    with pytest.raises(Refused, match="多于更正后应退的"):
        service_actions.correct_leave(term=term, **right, **by)
    before = fund_queries.balances(COUNTY, fund=fund)[-1].balance
    fund_actions.reverse(movement=paid.movement, reason="金额登记错", **by)
    assert fund_queries.balances(COUNTY, fund=fund)[-1].balance == before - 50_000_00
    assert service_actions.repaid_fen(term) == 0
    term = service_actions.correct_leave(term=term, **right, **by)
    assert [(one.pk, fen) for one, fen in service_actions.due(COUNTY, today=JANUARY)] == [
        (term.pk, 37_500_00)
    ]
    page = browser_of("office").get(f"/awards/service/{term.pk}/").content.decode()
    assert "已冲销" in page
    browser_of("office").post(f"/awards/service/{term.pk}/correct/", {"stays": "1", "reason": "没有调走"})
    term.refresh_from_db()
    assert (term.left_on, service_actions.owed_fen(term)) == (None, 0)


def test_what_these_books_paid_comes_back_as_a_return(
    cast: dict[str, User], fund: Fund, settlement: ServiceTerm
) -> None:
    """The page names no award: the one that was paid is found, and fund, source and sum have to be its own."""
    made = award_actions.open_round(
        county_code=COUNTY, title="安家费", person_kind="student", term="2025秋", clause="cn.boarder", fund=fund,
        shares={"county": 100}, by=cast["office"], at=at(DECEMBER),
    )  # fmt: skip
    person = by_keys(COUNTY, "teacher", [settlement.teacher_key])[settlement.teacher_key]
    Award.objects.create(
        round=made, county_code=COUNTY, person_kind="teacher", person_key=person.key, person_name=person.name, school_code=person.school_code,
        clause=settlement.clause, term="2025秋", fen=100_000_00, state="paid", proposed_by=cast["office"], proposed_at=at(DECEMBER),
    )  # fmt: skip
    asked: dict[str, Any] = {
        "county_code": COUNTY, "teacher": person, "clause": settlement.clause, "starts": date(2025, 9, 1), "years": 8,
        "method": "months", "contract": "演示合同", "by": cast["office"], "at": at(JANUARY), "fund": fund,
    }  # fmt: skip
    with pytest.raises(Refused, match=r"不是从所选来源发的.*发给这位教师的是 100,000"):
        service_actions.begin(**asked, source="centre", fen=10_00)
    term = service_actions.begin(**asked, source="county", fen=100_000_00)
    assert term.award == Award.objects.get(person_kind="teacher")
