"""审计线索: each kind is found from what was paid, once, with its evidence; what is gone is looked at by a person."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bureau.cases import actions as case_actions
from bureau.cases.models import Case
from bureau.cases.sweeping import sweep
from bureau.cases.tables import County
from bureau.entitlements import evaluation_actions, paid_actions, terms
from bureau.entitlements.paid_models import PaidLine as EntitledLine
from bureau.entitlements.paid_models import PaidList
from bureau.links.models import Line, Link, OutsideRegister
from bureau.payments import (
    account_actions,
    award_actions,
    batch_actions,
    batch_queries,
    drafting,
    finding_actions,
    findings,
    fund_actions,
    publication,
    results,
    review_actions,
    service_actions,
    setting_actions,
    settling,
)
from bureau.payments.batch_rules import STANDARD
from bureau.payments.finding_rules import LEDGERS
from bureau.payments.models import Award, Batch, Finding, Fund
from bureau.payments.models import Line as PaidLine
from bureau.payments.paid_lines import standing_lines
from bureau.payments.persons import Person, by_keys
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.registry.models import Student, Teacher
from bureau.work import aid_tasks, finding_tables, payment_tasks
from site_rows import COUNTY, NOW, TODAY

pytestmark = pytest.mark.django_db
CLAUSE, TERM = "cn.boarder", "2025秋"
PAID_ON = TODAY - timedelta(days=1)


@pytest.fixture
def people(cast: dict[str, User]) -> dict[str, User]:
    return cast | {
        "second": User.objects.create(
            username="second", display_name="演示", role="office", area=cast["office"].area
        )
    }


@pytest.fixture
def pupils(county: str) -> list[Person]:
    rows = Student.objects.filter(
        county_code=COUNTY, replaced_by=None, valid_to=None, enrolment_status="在读", stage="小学"
    ).order_by("key")
    return list(by_keys(COUNTY, "student", rows.values_list("key", flat=True)[:6]).values())


def account(people: dict[str, User], person: Person, number: str, holder: str = "") -> None:
    given = account_actions.Given(
        person, number, "演示银行", holder or person.name, "其他" if holder else "本人"
    )
    account_actions.set_account(county_code=COUNTY, given=given, by=people["office"], at=NOW, today=TODAY)


def pay(
    people: dict[str, User],
    awards: list[Person] | None = None,
    *,
    fund: Fund | None = None,
    title: str = "补助",
) -> Batch:
    """A batch of new awards, or of those that came back, paid wholly."""
    if fund is None:
        fund = fund_actions.open_fund(
            county_code=COUNTY,
            name="基金",
            sources=["county"],
            begun_on=TODAY.replace(day=1, month=1),
            by=people["office"],
            at=NOW,
        )
        for kind in ("income", "budget"):
            fund_actions.enter(
                fund=fund,
                entry=fund_actions.Entry(kind, "county", 10_000_000, TODAY, "演示"),
                by=people["office"],
                at=NOW,
                today=TODAY,
            )
        batch_actions.save_template(
            county_code=COUNTY, name="银行", columns=list(STANDARD), by=people["office"], at=NOW
        )
    if awards:
        made = award_actions.open_round(
            county_code=COUNTY,
            title=title,
            person_kind="student",
            term=TERM,
            clause=CLAUSE,
            fund=fund,
            shares={"county": 100},
            by=people["office"],
            at=NOW,
        )
        award_actions.propose(
            round=made,
            proposals=[award_actions.Proposal(one, 625_00) for one in awards],
            entered="uploaded",
            by=people["office"],
            at=NOW,
        )
        review_actions.school_pass(round=made, by=people["second"], at=NOW)
        review_actions.review_pass(round=made, by=people["office"], at=NOW)
        made = publication.publish(round=made, by=people["office"], at=NOW, today=TODAY - timedelta(days=30))
        publication.keep_up(county_code=COUNTY, today=TODAY, at=NOW)
    template = batch_queries.templates(COUNTY)[0]
    batch = drafting.draft(
        county_code=COUNTY,
        title="批",
        awards=batch_queries.drawable(COUNTY),
        template=template,
        by=people["second"],
        at=NOW,
    )
    batch = batch_actions.submit(batch=batch, by=people["second"], at=NOW, today=TODAY)
    batch = batch_actions.approve(batch=batch, by=people["leader"], at=NOW, today=TODAY)
    batch = batch_actions.send(batch=batch, by=people["second"], at=NOW)
    answers = [results.Answer(line.pk, True, "", PAID_ON) for line in batch.lines.all()]
    return settling.take(
        batch=batch, found=results.Found(answers, [], batch.fen, 0), by=people["second"], at=NOW, today=TODAY
    )


def found(kind: str) -> list[Finding]:
    finding_actions.refresh(county_code=COUNTY, today=TODAY, at=NOW)
    return list(Finding.objects.filter(kind=kind))


def test_one_account_of_several_families_is_found_once(people: dict[str, User], pupils: list[Person]) -> None:
    assert len({one.guardian for one in pupils[:3]}) > 1
    for person in pupils[:3]:
        account(people, person, "6217000000000001")
    account(people, pupils[3], "6217000000000002")
    pay(people, pupils[:4])
    one = found("shared_account")[0]
    assert "收了 3 人的钱" in one.title
    assert (one.fen, len(one.evidence)) == (3 * 625_00, 3)
    assert "6217000000000001" not in str(one.evidence)
    again = finding_actions.refresh(county_code=COUNTY, today=TODAY, at=NOW)
    assert (again["new"], Finding.objects.filter(kind="shared_account").count()) == (0, 1)


def test_a_teacher_whose_account_takes_a_pupils_money(people: dict[str, User], pupils: list[Person]) -> None:
    account(people, pupils[0], "6217000000000001")
    pay(people, pupils[:1])
    one = standing_lines(COUNTY)[0]
    known = {pupils[0].key: pupils[0]}
    assert not list(findings.shared_account([one], known, 4))
    both = [one, replace(one, kind="teacher", key="t", award=-1, line=-1)]
    assert "收了 2 人的钱，其中 1 名教师" in next(findings.shared_account(both, known, 4)).title


def test_paid_after_leaving_the_register_says_so(people: dict[str, User], pupils: list[Person]) -> None:
    for number, person in enumerate(pupils[:2]):
        account(people, person, f"62170000000000{number:02d}")
    pay(people, pupils[:2])
    assert not found("after_leaving")
    rows = Student.objects.filter(key=pupils[0].key, replaced_by=None, valid_to=None)
    rows.update(enrolment_status="死亡", status_on=PAID_ON)
    assert not found("after_leaving")  # paid on the very day is not after
    rows.update(status_on=PAID_ON - timedelta(days=1))
    one = found("after_leaving")[0]
    assert "死亡" in one.title
    # Its evidence goes: the register was wrong. A person looks, a second confirms.
    rows.update(enrolment_status="在读", status_on=None)
    finding_actions.refresh(county_code=COUNTY, today=TODAY, at=NOW)
    one.refresh_from_db()
    assert one.state == "gone"
    rows.update(enrolment_status="转出", status_on=PAID_ON - timedelta(days=2))
    finding_actions.refresh(county_code=COUNTY, today=TODAY, at=NOW)
    one.refresh_from_db()
    assert one.state == "gone"  # moved away after the term that was paid for: nothing wrong
    rows.update(enrolment_status="转出", status_on=date(2025, 8, 31))
    finding_actions.refresh(county_code=COUNTY, today=TODAY, at=NOW)
    one.refresh_from_db()
    assert one.state == "open"


def test_money_that_came_back_and_went_to_another(people: dict[str, User], pupils: list[Person]) -> None:
    account(people, pupils[0], "6217000000000001")
    batch = pay(people, pupils[:1])
    line = batch.lines.get()
    settling.give_back(line=line, day=TODAY, reason="销户", by=people["second"], at=NOW, today=TODAY)
    account(people, pupils[0], "6217000000000009", holder="某人")
    pay(people, fund=batch.fund)
    case = opened("round_trip")
    one = Finding.objects.get(kind="round_trip")
    assert "退回，又发到某人的账户" in one.title
    assert len(one.evidence) == 2
    again = PaidLine.objects.get(state="paid")
    settling.give_back(line=again, day=TODAY, reason="追回", by=people["second"], at=NOW, today=TODAY)
    solved_by_data(case)


def listed(people: dict[str, User], person: Person, fen: int, source: str, county: str = COUNTY) -> PaidList:
    """What a list of another office says of one child."""
    entry = paid_actions.PaidEntry(person.key, CLAUSE, fen, PAID_ON, person.name, person.school_code)
    return paid_actions.record_paid(
        county_code=county, term=TERM, entries=[entry], source=source, reference=f"file:{source}",
        by=people["office"], at=NOW, today=TODAY,
    )  # fmt: skip


@pytest.mark.parametrize("way", ["the list is undone", "the second payment came back", "a list says so"])
def test_paid_here_and_there(people: dict[str, User], pupils: list[Person], way: str) -> None:
    for number, person in enumerate(pupils[:2]):
        account(people, person, f"62170000000000{number:02d}")
    batch = pay(people, pupils[:2])
    given = listed(people, pupils[0], 625_00, "财政局名单")
    case = opened("paid_twice")
    one = Finding.objects.get(kind="paid_twice")
    assert "发放了 2 次" in one.title
    assert one.fen == 625_00
    assert any("财政局名单" in label for label, _value in one.evidence)
    if way == "the list is undone":
        paid_actions.undo_paid(of=given, reason="名单有误", by=people["office"], at=NOW, today=TODAY)
    elif way == "the second payment came back":
        line = batch.lines.get(award__person_key=pupils[0].key)
        settling.give_back(line=line, day=TODAY, reason="追回", by=people["second"], at=NOW, today=TODAY)
    else:
        listed(people, pupils[0], -600_00, "追回名单一")
        assert found("paid_twice")[0].fen == 25_00  # not yet all of it
        listed(people, pupils[0], -25_00, "追回名单二")
    solved_by_data(case)


def test_lists_of_two_counties_name_the_same_child(people: dict[str, User], pupils: list[Person]) -> None:
    listed(people, pupils[0], 625_00, "本县名单")
    assert not found("two_counties")
    rows = PaidList.objects.filter(source="本县名单").values()
    PaidList.objects.create(**rows.get() | {"id": None, "county_code": "640422", "reference": "there"})
    there = PaidList.objects.get(county_code="640422")
    line = EntitledLine.objects.filter(list__county_code=COUNTY).values().get()
    EntitledLine.objects.create(**line | {"id": None, "list_id": there.pk})
    case = opened("two_counties")
    EntitledLine.objects.filter(list=there).delete()  # the other county's list was wrong
    solved_by_data(case)


def test_the_same_child_in_two_counties(people: dict[str, User], pupils: list[Person]) -> None:
    account(people, pupils[0], "6217000000000001")
    batch = pay(people, pupils[:1])
    there = Award.objects.get(lines__batch=batch)
    line = batch.lines.get()
    batch.pk, batch.county_code = None, "640422"
    batch.save(force_insert=True)
    there.pk, there.county_code = None, "640422"
    there.save(force_insert=True)
    PaidLine.objects.create(
        batch=batch,
        position=1,
        award=there,
        account=line.account,
        fen=5,
        state="paid",
        paid_on=PAID_ON,
        reviewed_by=people["office"],
        approved_by=people["leader"],
    )
    case = opened("two_counties")
    assert "本县和" in Finding.objects.get(kind="two_counties").title
    PaidLine.objects.filter(batch=batch).update(state="returned")  # the other county took its money back
    solved_by_data(case)


def test_more_children_of_one_guardian_than_the_county_has_said(
    people: dict[str, User], pupils: list[Person]
) -> None:
    rows = Student.objects.filter(key__in=[one.key for one in pupils[:3]], replaced_by=None, valid_to=None)
    rows.update(guardian_id_lookup="the same")
    for person in pupils[:3]:
        account(people, person, "6217000000000001", holder="演示母亲")
    pay(people, pupils[:3])
    assert not found("shared_account")  # three of four
    setting_actions.save(
        county_code=COUNTY, name="most_siblings", value=2, basis="演示文件", by=people["leader"], at=NOW
    )
    assert "为同一监护人" in found("shared_account")[0].title
    setting_actions.save(
        county_code=COUNTY, name="most_siblings", value=3, basis="演示纪要", by=people["leader"], at=NOW
    )
    assert found("shared_account")[0].state == "gone"


def test_paid_just_before_a_status_ended(people: dict[str, User], pupils: list[Person]) -> None:
    account(people, pupils[0], "6217000000000001")
    pay(people, pupils[:1])
    assert not found("before_end")
    register = OutsideRegister.objects.create(
        county_code=COUNTY,
        source="minimum",
        day=date(2025, 9, 1),
        state="matched",
        by=people["office"],
        at=NOW,
    )
    line = Line.objects.create(
        of=register, number=1, place="2", id_number=b"", guardian_ids=b"", phone=b"", until=PAID_ON + timedelta(days=30)
    )  # fmt: skip
    Link.objects.create(
        line=line, of=register, state="automatic", machine="automatic", student_key=pupils[0].key
    )
    one = found("before_end")[0]
    assert "“低保”到" in one.title
    assert one.fen == 625_00
    assert ["身份", f"低保（低保名册）到 {line.until:%Y-%m-%d}"] in one.evidence
    # One day later than asked for is not just before; a county may look at fewer days.
    Line.objects.filter(pk=line.pk).update(until=PAID_ON + timedelta(days=31))
    assert found("before_end")[0].state == "gone"
    Line.objects.filter(pk=line.pk).update(until=PAID_ON)
    assert found("before_end")[0].state == "open"  # paid on its very last day
    Line.objects.filter(pk=line.pk).update(until=PAID_ON - timedelta(days=1))
    assert found("before_end")[0].state == "gone"  # after its end: that is another finding


def test_paid_by_a_clause_that_does_not_fit(people: dict[str, User], pupils: list[Person]) -> None:
    for number, person in enumerate(pupils[:2]):
        account(people, person, f"62170000000000{number:02d}")
    pay(people, pupils[:2])
    assert not found("not_entitled")  # nobody has judged the term: nobody is accused
    rows = Student.objects.filter(replaced_by=None, valid_to=None)
    rows.filter(key=pupils[0].key).update(attendance_way="走读")
    rows.filter(key=pupils[1].key).update(attendance_way="住校", registered_household=True)
    judged()
    one = found("not_entitled")[0]
    assert one.person_key == pupils[0].key
    assert Finding.objects.filter(kind="not_entitled").count() == 1
    assert [label for label, _words in one.evidence][:1] == ["为什么"]
    rows.filter(key=pupils[0].key).update(attendance_way="住校", registered_household=True)
    judged()
    assert found("not_entitled")[0].state == "gone"


def judged() -> None:
    asked = evaluation_actions.ask(county_code=COUNTY, term=terms.parse(TERM), by=None, at=NOW, today=TODAY)
    aid_tasks.carry_out(asked.pk)


def refreshed(at: datetime) -> None:
    payment_tasks.audit_now(COUNTY, today=at.date(), at=at)


def the_case(one: Finding) -> Case:
    return Case.objects.get(ledger="audit_findings", item=str(one.pk))


def opened(kind: str) -> Case:
    """The case of the one finding of a kind, as the night opens it."""
    refreshed(NOW)
    case = the_case(Finding.objects.get(kind=kind))
    assert case.phase == "open"
    return case


def solved_by_data(case: Case) -> None:
    """The next night finds nothing: the case waits for a second person, who may now close it."""
    later = NOW + timedelta(days=1)
    refreshed(later)
    case.refresh_from_db()
    assert Finding.objects.get(pk=int(case.item)).state == "gone"
    assert (case.phase, case.evidence_gone_on, case.closed_on) == ("solved", later.date(), None)
    refreshed(later + timedelta(days=1))
    case.refresh_from_db()
    assert case.phase == "solved"  # by saying nothing it is not closed


def step(case: Case, move: str, by: User, at: datetime, **more: Any) -> Case:
    files = [Upload("核查.pdf", b"%PDF-1.4 shown")] if move in ("report", "explain") else []
    return case_actions.move(
        case_id=case.pk, move=move, text="已入户核实", files=files, by=by, at=at, today=at.date(), **more
    )


def test_a_finding_is_one_case_and_is_settled_there(people: dict[str, User], pupils: list[Person]) -> None:
    for person in pupils[:3]:
        account(people, person, "6217000000000001")
    batch = pay(people, pupils[:3])
    refreshed(NOW)
    one = Finding.objects.get(kind="shared_account")
    case = the_case(one)
    assert (case.phase, case.subject_key, case.evidence["线索"]) == ("open", one.person_key, one.title)
    later = NOW + timedelta(days=1)
    fields = {"cause": "账户共用有正当理由", "action": "亲姐妹三人"}
    case = step(case, "explain", people["office"], later, fields=fields)
    with pytest.raises(Refused, match="另一人"):
        step(case, "close", people["office"], later)
    case = step(case, "close", people["inspector"], later)
    assert (case.phase, case.evidence_gone_on) == ("closed", None)
    for days in (2, 3):  # found every night, it stays closed
        refreshed(NOW + timedelta(days=days))
        case.refresh_from_db()
        assert case.phase == "closed"
    one.refresh_from_db()
    assert one.state == "open"  # what the data shows is said as it is
    # A fourth child's money arrives at the account: that was not explained.
    account(people, pupils[3], "6217000000000001")
    pay(people, pupils[3:4], fund=batch.fund, title="补发")
    refreshed(NOW + timedelta(days=4))
    case.refresh_from_db()
    assert (case.phase, case.reopened) == ("open", 1)


def test_what_was_reported_as_recovered_closes_when_the_data_shows_it(
    people: dict[str, User], pupils: list[Person]
) -> None:
    for person in pupils[:3]:
        account(people, person, "6217000000000001")
    batch = pay(people, pupils[:3])
    refreshed(NOW)
    one = Finding.objects.get(kind="shared_account")
    later = NOW + timedelta(days=1)
    fields = {"cause": "属实，已追回", "action": "两户退回"}
    case = step(the_case(one), "report", people["office"], later, fields=fields)
    with pytest.raises(Refused):
        step(case, "close", people["inspector"], later)  # said, and not yet shown
    refreshed(NOW + timedelta(days=2))
    case.refresh_from_db()
    assert "数据仍显示" in case.contradiction
    for line in batch.lines.order_by("position")[:2]:
        settling.give_back(line=line, day=TODAY, reason="退回", by=people["second"], at=NOW, today=TODAY)
    refreshed(NOW + timedelta(days=3))
    case.refresh_from_db()
    one.refresh_from_db()
    assert (case.phase, case.contradiction, one.state) == ("solved", "", "gone")
    assert step(case, "close", people["inspector"], later).phase == "closed"


def test_a_teachers_finding_stands_in_its_own_ledger(people: dict[str, User]) -> None:
    keys = Teacher.objects.filter(county_code=COUNTY, replaced_by=None, valid_to=None).order_by("key")
    key = keys.values_list("key", flat=True)[0]
    made = Finding.objects.create(
        county_code=COUNTY, kind="paid_twice", fingerprint="t", title="演示教师重复发放", person_kind="teacher", person_key=key, person_name="演示",
        fen=1, first_seen=TODAY, last_seen=TODAY, changed_at=NOW,
    )  # fmt: skip
    tables = {"payment_findings": finding_tables.payment_findings(COUNTY)}
    for ledger in LEDGERS.values():
        sweep(county_code=COUNTY, county=County({}, {}), more=tables, at=NOW, today=TODAY, only=ledger)
    case = Case.objects.get(item=str(made.pk))
    assert (case.ledger, case.subject, case.subject_key) == ("audit_findings_staff", "teacher", key)


def test_a_teacher_who_left_pays_back_into_the_fund(people: dict[str, User]) -> None:
    teacher = by_keys(
        COUNTY,
        "teacher",
        Teacher.objects.filter(county_code=COUNTY, replaced_by=None, valid_to=None).values_list(
            "key", flat=True
        )[:1],
    )
    person = next(iter(teacher.values()))
    fund = fund_actions.open_fund(
        county_code=COUNTY, name="教师", sources=["county"], begun_on=TODAY, by=people["office"], at=NOW
    )
    term = service_actions.begin(
        county_code=COUNTY, teacher=person, clause="tx.settlement", fund=fund, source="county", fen=100_000_00, starts=TODAY - timedelta(days=4 * 365 + 1),
        years=8, method="months", contract="演示合同", by=people["office"], at=NOW,
    )  # fmt: skip
    assert service_actions.due(COUNTY, today=TODAY) == []
    term = service_actions.leave(
        term=term, on=TODAY, reason="调离", due_on=TODAY, by=people["office"], at=NOW, today=TODAY
    )
    owed = service_actions.owed_fen(term)
    assert owed == 50_000_00
    assert [(one.pk, fen) for one, fen in service_actions.due(COUNTY, today=TODAY)] == [(term.pk, owed)]
    with pytest.raises(Refused, match="不超过"):
        service_actions.repay(term=term, fen=owed + 1, day=TODAY, by=people["office"], at=NOW, today=TODAY)
    service_actions.repay(term=term, fen=owed, day=TODAY, by=people["office"], at=NOW, today=TODAY)
    assert service_actions.due(COUNTY, today=TODAY) == []
    assert fund.movements.get().fen == owed
