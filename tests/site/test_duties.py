"""应办事项: who may report, claim and close; what the data forbids; what each account sees; the log; the nightly periods."""

from datetime import date, timedelta

import pytest

from bureau.log.models import Entry
from bureau.people.kept import Upload
from bureau.people.models import Area, Organisation, User
from bureau.people.rules import Refused
from bureau.plans import duty_actions, duty_queries, reading_actions, target_actions, task_queries
from bureau.plans.duty_models import Duty, DutyEvent
from bureau.plans.models import Plan, Task
from bureau.plans.target_models import Target
from bureau.runs.models import MeasureResult
from bureau.work import plan_nightly
from plan_rows import published_plan, unit
from site_rows import COUNTY, NOW, TODAY

pytestmark = pytest.mark.django_db
PDF = Upload("佐证.pdf", b"%PDF-1.7 proof")


@pytest.fixture
def plan(cast: dict[str, User]) -> Plan:
    return published_plan(cast["office"])


def duty_of(number: int) -> Duty:
    found = Duty.objects.filter(task__number=number).order_by("due").first()
    assert found is not None
    return found


def test_duties_open_by_the_calendar_and_only_once(plan: Plan) -> None:
    assert [one.period for one in Duty.objects.filter(task__number=3).order_by("due")] == ["2026年第1季度", "2026年第2季度"]  # fmt: skip
    assert Duty.objects.filter(task__number=1).get().due == date(2027, 12, 31)
    assert duty_actions.open_due(today=TODAY, at=NOW) == 0
    assert duty_actions.open_due(today=date(2026, 4, 2), at=NOW) == 1
    assert duty_actions.open_due(today=date(2026, 4, 2), at=NOW) == 0
    assert Entry.objects.filter(kind="duty", key="nightly").count() == 1


def test_a_unit_reports_and_claims_and_another_person_closes(plan: Plan, cast: dict[str, User]) -> None:
    duty, unit_user, inspector = duty_of(3), cast["unit"], cast["inspector"]
    before = Entry.objects.count()
    duty_actions.report(duty_ids=[duty.pk], text="已拨付一半", percent=50, by=unit_user, at=NOW)
    with pytest.raises(Refused, match="佐证"):
        duty_actions.claim(duty_ids=[duty.pk], text="好", by=unit_user, at=NOW)
    duty_actions.claim(duty_ids=[duty.pk], text="", uploads=[PDF], by=unit_user, at=NOW)
    duty.refresh_from_db()
    assert (duty.state, duty.percent, duty.claimed_by) == ("claimed", 100, unit_user)
    with pytest.raises(Refused, match="正等复核"):
        duty_actions.report(duty_ids=[duty.pk], text="再补充", by=unit_user, at=NOW)
    duty_actions.close(duty_ids=[duty.pk], remark="属实", by=inspector, at=NOW)
    duty.refresh_from_db()
    assert (duty.state, duty.closed_by) == ("closed", inspector)
    assert Entry.objects.count() == before + 3
    assert [one.what for one in duty_queries.events(duty)] == ["open", "report", "claim", "close"]
    file = DutyEvent.objects.get(duty=duty, what="claim").files.get()
    assert duty_actions.content(file=file, by=inspector, at=NOW) == PDF.content
    assert duty_queries.file_for(file.pk, cast["auditor"]) == file


def test_who_claimed_does_not_close_and_who_supports_does_not_claim(
    plan: Plan, cast: dict[str, User]
) -> None:
    duty = duty_of(3)
    leader = cast["leader"]
    duty_actions.claim(duty_ids=[duty.pk], text="已全部拨付到位", by=leader, at=NOW)
    with pytest.raises(Refused, match="自己复核"):
        duty_actions.close(duty_ids=[duty.pk], by=leader, at=NOW)
    with pytest.raises(Refused, match="由牵头单位上报"):
        duty_actions.claim(duty_ids=[duty_of(1).pk], text="已全部拨付到位", by=cast["unit"], at=NOW)
    duty_actions.report(duty_ids=[duty_of(1).pk], text="资金已安排", by=cast["unit"], at=NOW)
    note = DutyEvent.objects.filter(duty=duty_of(1)).last()
    assert note is not None
    assert (note.what, note.organisation) == ("note", unit("财政局"))
    assert duty_of(1).progress == ""
    with pytest.raises(Refused, match="不由您的单位"):
        duty_actions.report(duty_ids=[duty_of(2).pk], text="不相干", by=cast["unit"], at=NOW)


def test_sent_back_it_is_owed_again(plan: Plan, cast: dict[str, User]) -> None:
    duty = duty_of(3)
    duty_actions.claim(duty_ids=[duty.pk], text="已全部拨付到位", by=cast["unit"], at=NOW)
    with pytest.raises(Refused, match="原因"):
        duty_actions.send_back(duty_ids=[duty.pk], reason=" ", by=cast["inspector"], at=NOW)
    duty_actions.send_back(duty_ids=[duty.pk], reason="缺拨款凭证", by=cast["inspector"], at=NOW)
    rows = duty_queries.duties_of(cast["unit"], COUNTY)
    late = TODAY + timedelta(100)
    counts = duty_queries.view_counts(rows, today=late, user=cast["unit"])
    assert (counts["returned"], counts["to_check"]) == (1, 0)
    assert counts["overdue"] == 1
    assert duty_queries.reasons([duty.pk]) == {duty.pk: "缺拨款凭证"}
    duty_actions.claim(duty_ids=[duty.pk], text="已补拨款凭证", by=cast["unit"], at=NOW)
    duty_actions.withdraw(duty_ids=[duty.pk], by=cast["unit"], at=NOW)
    assert duty_of(3).state == "under_way"


def test_a_claim_against_the_data_stays_red(plan: Plan, cast: dict[str, User]) -> None:
    """大班额 ≤ 5 % is bound to the registers; whatever they say decides whether the claim may be closed."""
    target = Target.objects.get(number=1)
    target_actions.bind(
        target=target, measure="class.large_share", stage="义务教育", reason="文件所指", by=cast["office"], at=NOW
    )  # fmt: skip
    target.refresh_from_db()
    latest = target.readings.exclude(value=None).last()
    assert latest is not None
    assert latest.value is not None
    Target.objects.filter(pk=target.pk).update(comparator="le", value=latest.value - 1)
    plan_nightly.keep_up(today=TODAY, at=NOW)
    duty = duty_of(1)
    duty_actions.claim(duty_ids=[duty.pk], text="大班额已全部化解", by=cast["office"], at=NOW)
    rows = duty_queries.duties_of(cast["inspector"], COUNTY)
    counts = duty_queries.view_counts(rows, today=TODAY, user=cast["inspector"])
    assert (counts["contradiction"], counts["to_check"]) == (1, 0)
    (sentence,) = duty_queries.contradictions([duty])[duty.pk]
    assert f"{latest.value - 1:.2f}".rstrip("0").rstrip(".") in sentence.replace(",", "")
    assert "没有达到" in sentence
    with pytest.raises(Refused, match="与数据矛盾，不能销号"):
        duty_actions.close(duty_ids=[duty.pk], by=cast["inspector"], at=NOW)
    Target.objects.filter(pk=target.pk).update(value=latest.value + 1)
    plan_nightly.keep_up(today=TODAY, at=NOW)
    duty_actions.close(duty_ids=[duty.pk], by=cast["inspector"], at=NOW)


def test_many_or_none(plan: Plan, cast: dict[str, User]) -> None:
    ids = [duty_of(3).pk, duty_of(2).pk]
    with pytest.raises(Refused, match="加强队伍建设"):
        duty_actions.claim(duty_ids=ids, text="已全部完成到位", by=cast["unit"], at=NOW)
    assert not Duty.objects.filter(state="claimed").exists()
    with pytest.raises(Refused, match="没有选中"):
        duty_actions.close(duty_ids=[], by=cast["inspector"], at=NOW)


def test_wrong_files_are_refused_all_at_once(plan: Plan, cast: dict[str, User]) -> None:
    files = [Upload("a.exe", b"MZ"), Upload("b.pdf", b"not a pdf")]
    with pytest.raises(Refused) as refusal:
        duty_actions.report(duty_ids=[duty_of(3).pk], text="进展", uploads=files, by=cast["unit"], at=NOW)
    assert "a.exe" in str(refusal.value)
    assert "b.pdf" in str(refusal.value)


def test_dropped_and_resumed_and_reopened(plan: Plan, cast: dict[str, User]) -> None:
    duty = duty_of(3)
    duty_actions.drop(duty_ids=[duty.pk], reason="并入其他任务", by=cast["office"], at=NOW)
    assert not duty_queries.in_view(
        duty_queries.duties_of(cast["unit"], COUNTY).filter(pk=duty.pk), "open", today=TODAY, user=cast["unit"]
    ).exists()  # fmt: skip
    duty_actions.resume(duty_ids=[duty.pk], by=cast["office"], at=NOW)
    duty_actions.claim(duty_ids=[duty.pk], text="已全部拨付到位", by=cast["unit"], at=NOW)
    duty_actions.close(duty_ids=[duty.pk], by=cast["office"], at=NOW)
    duty_actions.reopen(duty_ids=[duty.pk], reason="抽查发现未到账", by=cast["inspector"], at=NOW)
    duty.refresh_from_db()
    assert (duty.state, duty.closed_by, duty.claimed_by) == ("under_way", None, None)


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [
        ("leader", 4, True),
        ("office", 4, True),
        ("inspector", 4, False),
        ("auditor", 4, False),
        ("township", 4, False),
        ("school", 4, False),
        ("unit", 4, False),
        ("administrator", 0, False),
    ],
)
def test_each_role_sees_its_county_and_nothing_else(
    plan: Plan, cast: dict[str, User], role: str, own: int, other: bool
) -> None:
    elsewhere = published_plan(cast["leader"], title="别县的计划", county="640106")
    user = cast[role]
    assert duty_queries.duties_of(user, COUNTY).count() == own
    assert duty_queries.duties_of(user, "640106").exists() is other
    assert duty_queries.duties_of(user).filter(task__plan=elsewhere).exists() is other
    if not other:
        duty = Duty.objects.filter(task__plan=elsewhere).order_by("pk")[0]
        with pytest.raises(Refused):
            duty_actions.report(duty_ids=[duty.pk], text="越权填报", by=user, at=NOW)


def test_whom_an_account_acts_for(plan: Plan, cast: dict[str, User]) -> None:
    bureau, office = unit("教育体育局").pk, unit("基教科").pk
    assert {bureau, office} <= task_queries.acts_for(cast["office"])
    assert {bureau, office} <= task_queries.acts_for(cast["leader"])
    assert task_queries.acts_for(cast["unit"]) == {unit("财政局").pk}
    township = cast["township"]
    every = Organisation.objects.create(county_code=COUNTY, name="各乡镇", kind="township")
    far = Organisation.objects.create(county_code="640106", name="各乡镇", kind="township")
    own = Organisation.objects.get(area=Area.objects.get(pk=township.area_id))
    assert {every.pk, own.pk} <= task_queries.acts_for(township)
    assert far.pk not in task_queries.acts_for(township)


def test_by_unit_and_reminder(plan: Plan, cast: dict[str, User]) -> None:
    office = cast["office"]
    late = date(2026, 7, 15)
    lines = duty_queries.by_unit(duty_queries.duties_of(office, COUNTY), today=late, user=office)
    assert [(one.unit, one.open, one.overdue) for one in lines] == [("财政局", 2, 2), ("教育体育局", 2, 0)]
    assert duty_queries.reminder(COUNTY).assumed
    duty_actions.set_reminder(county_code=COUNTY, days=10, by=office, at=NOW)
    assert duty_queries.reminder(COUNTY) == duty_queries.Reminder(10, office.display_name, False)
    with pytest.raises(Refused, match="提醒天数"):
        duty_actions.set_reminder(county_code=COUNTY, days=0, by=office, at=NOW)


def test_every_run_has_stored_its_measures(plan: Plan) -> None:
    rows = MeasureResult.objects.filter(code="class.large_share", stage="义务教育", level="county")
    assert rows.exists()
    row = rows[0]
    assert row.numerator is not None
    assert row.denominator
    assert row.value == pytest.approx(100 * row.numerator / row.denominator)
    assert sum(line[3] or 0 for line in row.schools) == row.numerator
    towns = MeasureResult.objects.filter(run=row.run, code=row.code, stage=row.stage, level="township")
    assert sum(town.denominator or 0 for town in towns) == row.denominator
    assert reading_actions.follow(run=row.run, today=TODAY) == 0
    assert Task.objects.count() == 3
