"""督办 from draft to closing, with receipt, extension, a late unit and a second person; inspections and publication."""

from datetime import date, timedelta

import pytest

from bureau.log.models import Entry
from bureau.people.kept import Upload
from bureau.people.models import Organisation, User
from bureau.people.rules import Refused
from bureau.supervision import actions, escalation, inspections, queries
from bureau.supervision.models import Escalation, Slip
from bureau.work.tasks import nightly
from bureau.workdays import actions as workdays
from site_rows import COUNTY, NOW, TODAY

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 made up"


@pytest.fixture
def people(county: str) -> dict[str, User]:
    return {user.role: user for user in User.objects.all()}


def finance() -> Organisation:
    return Organisation.objects.get(county_code=COUNTY, name="财政局")


def drafted(by: User, **changes: object) -> Slip:
    what = {
        "title": "拨付教育基金",
        "requirement": "按计划足额注入",
        "organisation": finance(),
        "working_days": 5,
    }
    return actions.draft(county_code=COUNTY, what=actions.Draft(**(what | changes)), by=by, at=NOW)  # type: ignore[arg-type]


def issued(people: dict[str, User], **changes: object) -> Slip:
    return actions.issue(slip=drafted(people["office"], **changes), by=people["office"], at=NOW, today=TODAY)


def test_from_draft_to_closing_with_a_line_each(people: dict[str, User]) -> None:
    before = Entry.objects.count()
    slip = issued(people)
    assert queries.number_of(slip) == f"督〔{TODAY.year}〕1号"
    assert slip.due == TODAY + timedelta(days=7)
    assert str(TODAY.year) in slip.due_doubt  # nobody has confirmed the year
    slip = actions.receive(slip=slip, by=people["unit"], at=NOW)
    slip = actions.answer(
        slip=slip, text="已拨付", uploads=[Upload("凭证.pdf", PDF)], by=people["unit"], at=NOW
    )
    with pytest.raises(Refused, match="责任单位"):
        actions.confirm(slip=slip, remark="", by=people["unit"], at=NOW)
    slip = actions.confirm(slip=slip, remark="凭证属实", by=people["inspector"], at=NOW)
    assert slip.state == "closed"
    assert [event.what for event in slip.events.all()] == ["draft", "issue", "receive", "answer", "confirm"]
    assert Entry.objects.count() == before + 5


def test_numbers_run_per_kind_and_year(people: dict[str, User]) -> None:
    numbers = [queries.number_of(issued(people)) for _ in range(2)]
    numbers.append(queries.number_of(issued(people, kind="rectification", finding="账目不清")))
    assert numbers == [f"督〔{TODAY.year}〕1号", f"督〔{TODAY.year}〕2号", f"整〔{TODAY.year}〕1号"]


def test_a_deadline_counts_the_calendar_as_it_stands(people: dict[str, User]) -> None:
    friday = TODAY + timedelta(days=(4 - TODAY.weekday()) % 7)
    monday = friday + timedelta(days=3)
    entry = workdays.Entry(monday, False, "演示假日", "演示通知")
    workdays.set_days(entries=[entry], by=people["office"], at=NOW)
    slip = drafted(people["office"], working_days=1)
    slip = actions.issue(slip=slip, by=people["office"], at=NOW, today=friday)
    assert slip.due == monday + timedelta(days=1)


def test_a_bad_file_among_good_ones_leaves_nothing(people: dict[str, User]) -> None:
    slip = actions.receive(slip=issued(people), by=people["unit"], at=NOW)
    bad = [Upload("好.pdf", PDF), Upload("坏.exe", b"MZ"), Upload("假.pdf", b"MZ")]
    with pytest.raises(Refused, match=r"坏.exe.*假.pdf"):
        actions.answer(slip=slip, text="已办", uploads=bad, by=people["unit"], at=NOW)
    slip.refresh_from_db()
    assert slip.state == "received"
    assert not slip.events.filter(what="answer").exists()


def test_who_supervises_signs_for_a_unit_without_an_account(people: dict[str, User]) -> None:
    women = Organisation.objects.get(county_code=COUNTY, name="妇联")
    slip = actions.receive(slip=issued(people, organisation=women), by=people["office"], at=NOW)
    assert slip.events.get(what="receive").text == "代妇联签收"
    with pytest.raises(Refused, match="只有承办单位"):
        actions.receive(slip=issued(people, organisation=women), by=people["unit"], at=NOW)


def test_an_extension_granted_by_another_moves_the_deadline(people: dict[str, User]) -> None:
    slip = issued(people)
    later = TODAY + timedelta(days=30)
    asked = actions.ask_extension(
        slip=slip, new_due=later, reason="资金在途", by=people["unit"], at=NOW, today=TODAY
    )
    with pytest.raises(Refused, match="原因"):
        actions.decide_extension(extension=asked, granted=False, remark="", by=people["office"], at=NOW)
    slip = actions.decide_extension(extension=asked, granted=True, remark="", by=people["office"], at=NOW)
    assert slip.due == later
    with pytest.raises(Refused, match="已经答复"):
        actions.decide_extension(extension=asked, granted=True, remark="", by=people["office"], at=NOW)


def test_late_slips_climb_by_rule_once_and_stop_when_answered(people: dict[str, User]) -> None:
    escalation.begin_steps(county_code=COUNTY, at=NOW)
    slip = issued(people)
    assert slip.due is not None
    late = slip.due + timedelta(days=8)
    assert escalation.follow(county_code=COUNTY, today=slip.due, at=NOW) == 0
    assert escalation.follow(county_code=COUNTY, today=late, at=NOW) == 2
    assert escalation.follow(county_code=COUNTY, today=late, at=NOW) == 0
    assert list(Escalation.objects.values_list("title", flat=True)) == ["提醒", "通报"]
    step = queries.steps(COUNTY).get(title="约谈")
    escalation.escalate(
        slip=slip, step=step, text="分管领导约谈", present="甲、乙", by=people["leader"], at=NOW, today=late
    )
    actions.receive(slip=slip, by=people["unit"], at=NOW)
    actions.answer(slip=slip, text="已办", by=people["unit"], at=NOW)
    assert escalation.follow(county_code=COUNTY, today=late + timedelta(days=60), at=NOW) == 0


def test_steps_are_assumed_until_a_person_saves_them(people: dict[str, User]) -> None:
    escalation.begin_steps(county_code=COUNTY, at=NOW)
    assert not queries.steps(COUNTY).exclude(confirmed_by=None).exists()
    wrong = [escalation.Step("提醒", 5, True), escalation.Step(" ", 3, True)]
    with pytest.raises(Refused, match=r"第 2 级没有名称.*第 2 级的逾期工作日"):
        escalation.set_steps(county_code=COUNTY, steps=wrong, by=people["office"], at=NOW)
    escalation.set_steps(
        county_code=COUNTY, steps=[escalation.Step("提醒", 2, True)], by=people["office"], at=NOW
    )
    assert queries.steps(COUNTY).get().confirmed_by == people["office"]


def test_an_inspection_issues_its_findings_together_and_the_outcome_is_published(
    people: dict[str, User],
) -> None:
    inspector = people["inspector"]
    visit = inspections.begin(
        county_code=COUNTY, title="秋季督查", basis="年度督查安排", starts=TODAY, ends=TODAY, team="甲、乙",
        by=inspector, at=NOW,
    )  # fmt: skip
    right = inspections.Finding(finance(), "基金", "未按时拨付", "月底前拨付", 5)
    wrong = inspections.Finding(finance(), "台账", "缺台账", "", 5)
    with pytest.raises(Refused, match=r"第 2 个问题：请填写办理要求"):
        inspections.record(inspection=visit, findings=[right, wrong], by=inspector, at=NOW)
    assert not visit.slips.exists()
    inspections.record(inspection=visit, findings=[right, right], by=inspector, at=NOW)
    assert inspections.report(inspection=visit, by=inspector, at=NOW, today=TODAY) == 2
    slip = visit.slips.first()
    assert slip is not None
    with pytest.raises(Refused, match="复核销号后"):
        inspections.publish(slip=slip, text="已整改", starts=TODAY, ends=TODAY, by=inspector, at=NOW)
    actions.receive(slip=slip, by=people["unit"], at=NOW)
    actions.answer(slip=slip, text="已拨付", by=people["unit"], at=NOW)
    actions.confirm(slip=slip, remark="", by=people["leader"], at=NOW)
    made = inspections.publish(
        slip=slip, text="已整改", starts=TODAY, ends=TODAY + timedelta(days=5), by=inspector, at=NOW
    )
    inspections.take_down(publication=made, reason="文字有误", by=inspector, at=NOW)
    assert made.withdrawn_at == NOW


def test_who_sees_which_slips(people: dict[str, User]) -> None:
    mine = issued(people)
    women = Organisation.objects.get(county_code=COUNTY, name="妇联")
    other = issued(people, organisation=women)
    draft = drafted(people["office"])

    def seen(role: str) -> set[int]:
        return set(queries.visible_slips(people[role], COUNTY).values_list("pk", flat=True))

    assert seen("office") == seen("leader") == seen("inspector") == {mine.pk, other.pk, draft.pk}
    assert seen("auditor") == {mine.pk, other.pk}
    assert seen("unit") == {mine.pk}
    assert seen("school") == set()
    assert list(queries.owed(people["unit"], COUNTY)) == [mine]


def test_a_confirmed_year_is_open_again_after_a_change(people: dict[str, User]) -> None:
    year = 2026
    assert workdays.load_published(year=year, by=None, at=NOW) > 5
    assert workdays.load_published(year=year, by=None, at=NOW) == 0
    workdays.confirm_year(year=year, notice="演示通知", by=people["office"], at=NOW)
    workdays.remove_day(day=date(2026, 10, 1), by=people["office"], at=NOW)
    from bureau.workdays.queries import confirmation

    assert confirmation(year) is None
    with pytest.raises(Refused, match="随包数据没有2035年"):
        workdays.load_published(year=2035, by=None, at=NOW)


def test_every_night_late_slips_climb(people: dict[str, User]) -> None:
    slip = issued(people)
    long_ago = TODAY - timedelta(days=400)
    Slip.objects.filter(pk=slip.pk).update(due=long_ago)
    nightly.func()
    assert list(Escalation.objects.values_list("title", flat=True)) == ["提醒", "通报"]
    nightly.func()
    assert Escalation.objects.count() == 2
