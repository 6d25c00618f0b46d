"""控辍保学: from the first absences through suspicion, dropout, notice and return to the close by a second person."""

from datetime import date, timedelta

import pytest
from cases_help import (
    COUNTY,
    PDF,
    START,
    at,
    call_the_roll,
    case_of,
    know_holidays,
    move,
    night,
    pupil,
    school_days,
)
from django.db import IntegrityError, transaction

from bureau.cases import actions, counting, escalating, lateness, owning, packs, queries, redating, reports
from bureau.cases.models import Case, Event, PackVersion, Stay
from bureau.cases.queries import Wanted
from bureau.log.models import Entry
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.registry.models import Student
from bureau.workdays.models import ConfirmedYear, SpecialDay
from bureau.workdays.queries import calendar
from junheng.policy.ledgers import shipped

Cast = dict[str, User]


@pytest.fixture
def absent(cast: Cast) -> Case:
    """A pupil away for five school days without a reason, found at night."""
    know_holidays()
    child = pupil(cast["school"].school_code)
    days = school_days(START, 5)
    call_the_roll(child, days, away=True, by=cast["office"])
    night(days[-1])
    return case_of(child, "suspected")


def test_a_desk_says_whose_turn_it_is(absent: Case, cast: Cast) -> None:
    township, school, office, day = cast["township"], cast["school"], cast["office"], absent.opened_on

    def said(to: User) -> str:
        return next((one.why for one in queries.desk(to, today=day) if one.case.pk == absent.pk), "")

    now = {"reason": "演示", "by": office, "at": at(day), "today": day}
    assert said(school).startswith("班级待办，还没有责任人，")
    assert said(township) == ""
    owning.hand_over(case_ids=[absent.pk], to=township, level="township", line="township", **now)
    assert said(township).startswith("您是责任人之一，现在班级待办，还没有责任人，")
    owning.hand_over(case_ids=[absent.pk], to=school, level="school", **now)
    assert said(school).startswith("由您办理，")
    assert "办理，您是责任人之一，" in said(township)
    # What lies at the bureau is the office's; who only confirms finds what the data shows as solved.
    owning.hand_over(case_ids=[absent.pk], to=None, level="bureau", **now)
    assert said(office).startswith("教育局待办，还没有责任人，")
    assert said(cast["inspector"]) == ""
    Case.objects.filter(pk=absent.pk).update(phase="solved", state="solved")
    assert said(cast["inspector"]) == "数据显示已解决，请核实"


def test_found_by_data_and_never_twice(absent: Case, cast: Cast) -> None:
    assert (absent.phase, absent.level, absent.evidence["连续缺勤的上课日"]) == ("open", "class", "5")
    assert absent.due == school_days(absent.opened_on + timedelta(days=1), 1)[0]
    count, logged = Case.objects.count(), Entry.objects.count()
    again = night(absent.opened_on)["suspected"]
    assert (again.found, again.opened, again.refreshed) == (1, 0, 0)
    assert (Case.objects.count(), Entry.objects.count()) == (count, logged)


def test_the_whole_chain_closes_only_by_data_and_two_persons(absent: Case, cast: Cast) -> None:
    day = absent.opened_on
    child = pupil(cast["school"].school_code)
    school, office, leader = (cast[role] for role in ("school", "office", "leader"))
    move(absent, "written", school, day, reason="学习困难或厌学")
    passed = move(absent, "pass", school, day, whereabouts="演示：在家")
    assert (passed.phase, passed.state) == ("passed", "passed")
    dropout = case_of(child, "dropout")
    assert (dropout.state, dropout.fields["reason"]) == ("school", "学习困难或厌学")
    # The absence goes on: the suspected ledger does not open again beside the dropout case.
    assert night(day)["suspected"].opened == 0
    move(dropout, "to_township", school, day, answer="拒绝")
    with pytest.raises(Refused, match="证明材料"):
        move(dropout, "to_bureau", office, day, notice_on="2026-03-16")
    move(dropout, "to_bureau", office, day, notice_on="2026-03-16", files=[PDF])
    move(dropout, "report", school, day, return_on="2026-03-17", placement="原班就读")
    # Said, but the next roll calls still show the child away: red, and no way to close.
    later = school_days(day + timedelta(days=1), 2)
    call_the_roll(child, later, away=True, by=office)
    night(later[-1])
    dropout.refresh_from_db()
    assert dropout.phase == "claimed"
    assert "仍显示没有解决" in dropout.contradiction
    assert [one.case.pk for one in queries.desk(school, today=later[-1])][:1] == [dropout.pk]
    # Back in class: the data says so; still a person must look, and another one must close.
    back = school_days(later[-1] + timedelta(days=1), 1)
    call_the_roll(child, back, away=False, by=office)
    night(back[-1])
    dropout.refresh_from_db()
    assert (dropout.state, dropout.contradiction) == ("solved", "")
    move(dropout, "verify", office, back[-1])
    with pytest.raises(Refused, match="不能自己销号"):
        move(dropout, "close", office, back[-1])
    closed = move(dropout, "close", leader, back[-1])
    assert (closed.phase, closed.closed_by, closed.done_by) == ("closed", leader, office)
    # The follow-up of 30 and 90 days begins by itself.
    night(back[-1] + timedelta(days=1))
    followed = case_of(child, "returned")
    assert followed.due == back[-1] + timedelta(days=31)


def test_gone_evidence_waits_for_a_person_and_comes_back(absent: Case, cast: Cast) -> None:
    child, office = pupil(cast["school"].school_code), cast["office"]
    back = school_days(absent.opened_on + timedelta(days=1), 1)
    call_the_roll(child, back, away=False, by=office)
    night(back[-1])
    absent.refresh_from_db()
    assert (absent.state, absent.phase) == ("solved", "solved")
    with pytest.raises(Refused, match="还没有人核实办理过"):
        move(absent, "close", office, back[-1])
    away = school_days(back[-1] + timedelta(days=1), 5)
    call_the_roll(child, away, away=True, by=office)
    night(away[-1])
    absent.refresh_from_db()
    assert (absent.state, absent.reopened) == ("found", 0)


def test_a_fact_that_returns_reopens_the_case(absent: Case, cast: Cast) -> None:
    child, office = pupil(cast["school"].school_code), cast["office"]
    back = school_days(absent.opened_on + timedelta(days=1), 1)
    call_the_roll(child, back, away=False, by=office)
    night(back[-1])
    move(absent, "verify", cast["school"], back[-1], return_on="2026-03-16")
    move(absent, "close", office, back[-1])
    away = school_days(back[-1] + timedelta(days=1), 5)
    call_the_roll(child, away, away=True, by=office)
    night(away[-1])
    absent.refresh_from_db()
    assert (absent.phase, absent.reopened, absent.closed_by, absent.done_by) == ("open", 1, None, None)
    assert Event.objects.filter(of=absent, what="reopened").exists()
    assert Case.objects.filter(ledger="suspected", subject_key=child.key).count() == 1
    moved = counting.movement(office, "suspected", START, away[-1])[""]
    assert (moved.opened, moved.closed, moved.reopened, moved.after) == (1, 1, 1, 1)
    assert moved.checks


def test_the_database_refuses_a_close_by_one_person(absent: Case, cast: Cast) -> None:
    office = cast["office"]
    base = {"phase": "closed", "closed_on": absent.opened_on, "closed_at": at(absent.opened_on)}
    for wrong in (
        {"closed_by": office, "done_by": office, "evidence_gone_on": absent.opened_on},
        {"closed_by": office, "done_by": None, "evidence_gone_on": absent.opened_on},
        {"closed_by": office, "done_by": cast["leader"], "evidence_gone_on": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=absent.pk).update(**base, **wrong)


def test_two_officials_closing_one_case(absent: Case, cast: Cast) -> None:
    child = pupil(cast["school"].school_code)
    back = school_days(absent.opened_on + timedelta(days=1), 1)
    call_the_roll(child, back, away=False, by=cast["office"])
    night(back[-1])
    move(absent, "verify", cast["school"], back[-1])
    move(absent, "close", cast["office"], back[-1])
    with pytest.raises(Refused, match="已经结束"):
        move(absent, "close", cast["leader"], back[-1])


def test_what_is_overdue_rises_and_what_was_left_behind_is_named(absent: Case, cast: Cast) -> None:

    late = absent.due + timedelta(days=1) if absent.due else absent.opened_on
    raised = escalating.escalate(county_code=COUNTY, at=at(late), today=late)
    absent.refresh_from_db()
    assert (raised.escalated, absent.level) == (1, "school")
    assert absent.due is not None
    assert absent.due > late
    school = cast["school"]
    refused = owning.hand_over(
        case_ids=[absent.pk],
        to=school,
        level="school",
        reason="指定",
        by=cast["office"],
        at=at(late),
        today=late,
    )
    assert refused == []
    assert owning.release(user=school, reason="学校甲 已离岗", by=None, at=at(late), today=late) == 1
    absent.refresh_from_db()
    assert (absent.owner, absent.level) == (None, "township")
    names = [row.name for row in queries.holdings(absent)]
    assert names[0] == "乡镇待办"
    assert str(school) in names


def test_a_class_with_another_teacher_takes_its_cases_along(absent: Case, cast: Cast) -> None:
    from cases_help import ref_of

    from bureau.attendance import homeroom_actions

    day, child = absent.opened_on, pupil(cast["school"].school_code)
    hand = {"by": cast["school"], "at": at(day), "today": day}
    assert (
        owning.hand_over(case_ids=[absent.pk], to=cast["teacher"], level="class", reason="班主任", **hand)
        == []
    )
    other = User.objects.create(
        username="teacher-b", display_name="教师乙", role="teacher", school_code=cast["school"].school_code
    )
    homeroom_actions.appoint(ref=ref_of(child), user=other, since=day, by=cast["school"], at=at(day))
    raised = escalating.escalate(county_code=COUNTY, at=at(day), today=day)
    absent.refresh_from_db()
    assert (raised.followed, absent.owner) == (1, other)
    assert [row.name for row in queries.holdings(absent)][:2] == ["教师乙", str(cast["teacher"])]


def test_a_deadline_over_days_nobody_has_confirmed_says_so(cast: Cast) -> None:
    child = pupil(cast["school"].school_code, skip=1)
    days = school_days(START, 5)
    call_the_roll(child, days, away=True, by=cast["office"])
    night(days[-1])
    assert "假定" in case_of(child, "suspected").due_note


def test_a_holiday_entered_later_moves_the_deadlines_that_lie_behind_it(absent: Case, cast: Cast) -> None:
    day, due = absent.opened_on, absent.due
    assert due is not None
    # Only those counted in working days, by the calendar as it is: the first night finds nothing to change.
    assert redating.redate(county_code=COUNTY, at=at(day), today=day) == 0
    SpecialDay.objects.update_or_create(
        day=due, defaults={"working": False, "name": "演示停课", "source": "演示通知", "by": cast["office"], "at": at(day)}
    )  # fmt: skip
    assert redating.redate(county_code=COUNTY, at=at(day), today=day) > 0
    absent.refresh_from_db()
    assert absent.due == calendar().after(due, 1)
    assert f"期限由 {due} 改为 {absent.due}" in Event.objects.filter(of=absent).latest("id").text
    SpecialDay.objects.filter(day=due).delete()
    # What would be late by being counted again stays; and who confirms the year takes the doubt away.
    redating.redate(county_code=COUNTY, at=at(day), today=absent.due)
    assert Case.objects.get(pk=absent.pk).due == absent.due
    ConfirmedYear.objects.create(year=due.year, notice="演示", by=cast["office"], at=at(day))
    redating.redate(county_code=COUNTY, at=at(day), today=day)
    absent.refresh_from_db()
    assert (absent.due, absent.due_note) == (due, "")
    risen = due + timedelta(days=1)
    escalating.escalate(county_code=COUNTY, at=at(risen), today=risen)
    assert redating.redate(county_code=COUNTY, at=at(risen), today=risen) == 0
    # On the day on which it rose it is moved on: the days of the new state count, not those of the rise.
    before = Case.objects.get(pk=absent.pk).due
    step = next(
        one
        for one in packs.ledger(COUNTY, "suspected").moves_from(absent.state)
        if one.target and "file" not in one.needs
    )
    needed = [one for one in packs.ledger(COUNTY, "suspected").columns if step.target in one.required_in]
    actions.move(
        case_id=absent.pk, move=step.name, text="演示", by=cast["school"], at=at(risen), today=risen,
        fields={one.name: one.choices[0] if one.choices else str(risen) for one in needed},
    )  # fmt: skip
    now = Case.objects.get(pk=absent.pk).due
    assert now != before
    redating.redate(county_code=COUNTY, at=at(risen), today=risen)
    assert Case.objects.get(pk=absent.pk).due == now


def test_a_report_of_a_month_that_is_over_says_what_was_overdue_then(absent: Case, cast: Cast) -> None:
    ledger, due, office = packs.ledger(COUNTY, "suspected"), absent.due, cast["office"]
    assert due is not None
    year = due + timedelta(days=365)

    def late(day: date, today: date) -> bool:
        rows = lateness.late_on(office, ledger, COUNTY, day, today=today)
        return absent.pk in {row.of_id for row in rows}

    for day in (absent.opened_on, due, due + timedelta(days=1), due + timedelta(days=9)):
        # Worked out a year later it is what the case itself said on that day.
        assert late(day, year) == late(day, day) == (due < day), day
    escalating.escalate(county_code=COUNTY, at=at(due + timedelta(days=1)), today=due + timedelta(days=1))
    absent.refresh_from_db()
    assert absent.due is not None
    for day in (due, due + timedelta(days=2), absent.due, absent.due + timedelta(days=1)):
        assert late(day, year) == (absent.due < day), day
    given = {"since": absent.opened_on - timedelta(days=40), "today": year}
    before = reports.report(
        office, COUNTY, "suspected", "monthly", until=absent.opened_on - timedelta(days=1), **given
    )
    assert before.rows == ()
    after = reports.report(
        office, COUNTY, "suspected", "monthly", until=absent.due + timedelta(days=1), **given
    )
    assert dict(zip(after.names, after.total.figures, strict=True))["overdue"] >= 1
    assert any("当天的数" in note for note in after.notes)


def test_a_report_has_one_total_and_the_days_of_each_age(absent: Case, cast: Cast) -> None:
    back = school_days(absent.opened_on + timedelta(days=1), 2)
    call_the_roll(pupil(cast["school"].school_code), back, away=False, by=cast["office"])
    night(back[-1])
    text = (
        shipped()["suspected"]
        .replace("rows: school,", "rows: age,")
        .replace("overdue]", "overdue, returned_days]")
    )
    PackVersion.objects.create(
        county_code=COUNTY, code="suspected", number=1, state="in_force", text=text, title="演示", by=cast["office"], at=at(back[0]), reason="演示",
        checked_by=cast["leader"], checked_at=at(back[0]),
    )  # fmt: skip
    made = reports.report(
        cast["office"], COUNTY, "suspected", "monthly", since=START, until=back[-1], today=back[-1]
    )
    assert made.total.words not in [row.words for row in made.rows]
    days = made.names.index("returned_days")
    assert made.total.figures[days] in [row.figures[days] for row in made.rows]


def test_an_area_sees_its_own_and_a_teacher_what_he_holds(absent: Case, cast: Cast) -> None:
    day = absent.opened_on
    wanted = Wanted(ledger="suspected")
    seen = {role: queries.cases(user, wanted, today=day).count() for role, user in cast.items()}
    assert (seen["office"], seen["leader"], seen["inspector"], seen["auditor"], seen["school"]) == (
        1,
        1,
        1,
        1,
        1,
    )
    assert (seen["teacher"], seen["unit"], seen["administrator"]) == (0, 0, 0)
    refused = owning.hand_over(
        case_ids=[absent.pk],
        to=cast["teacher"],
        level="class",
        reason="班主任",
        by=cast["school"],
        at=at(day),
        today=day,
    )
    assert refused == []
    assert queries.cases(cast["teacher"], Wanted(mine=True), today=day).count() == 1


def test_a_missing_register_solves_nothing(absent: Case) -> None:
    from bureau.cases import sweeping, tables

    county = tables.gather(COUNTY, today=absent.opened_on)
    gone = tables.County({**county.tables, "students": {}}, county.days)
    day = absent.opened_on + timedelta(days=1)
    done = sweeping.sweep(county_code=COUNTY, county=gone, at=at(day), today=day, only="suspected")
    absent.refresh_from_db()
    assert "不作判断" in done[0].error
    assert absent.phase == "open"


def test_a_child_that_moves_takes_the_case_along(absent: Case, cast: Cast) -> None:
    from bureau.cases.follow import follow
    from bureau.cases.packs import ledger
    from bureau.cases.subjects import Place
    from junheng.detecting import Candidate

    day = absent.opened_on + timedelta(days=1)
    place = Place("演示", "", "2164999999", "演示新学校", "640324101", "三年级1班", "3", 1)
    candidate = Candidate(absent.subject_key, "", "absent", (("连续缺勤的上课日", "6"),))
    follow(
        county_code=COUNTY,
        ledger=ledger(COUNTY, "suspected"),
        found=[candidate],
        places={absent.subject_key: place},
        day=day,
        at=at(day),
        today=day,
    )
    absent.refresh_from_db()
    assert (absent.school_code, absent.township_code) == ("2164999999", "640324101")
    assert Stay.objects.filter(of=absent).count() == 2
    by_school = counting.movement(cast["office"], "suspected", absent.opened_on, day, by="school")
    assert all(one.checks for one in by_school.values())
    assert by_school["2164999999"].moved_in == 1


def test_a_name_put_right_in_the_register_is_right_in_the_case(absent: Case) -> None:
    before = Event.objects.filter(of=absent).count()
    Student.objects.filter(key=absent.subject_key).update(person_name="演示·改名", home_village="新村")
    night(absent.opened_on)
    absent.refresh_from_db()
    assert (absent.label, absent.village) == ("演示·改名", "新村")
    assert Event.objects.filter(of=absent).count() == before


def test_every_problem_of_a_step_at_once(absent: Case, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        actions.move(
            case_id=absent.pk,
            move="written",
            fields={"reason": "不想去", "visits": "2", "return_on": "明天", "nothing": "1"},
            by=cast["school"],
            at=at(absent.opened_on),
            today=absent.opened_on,
        )
    for words in ("不想去", "由系统算出", "明天", "nothing", "请填写说明"):
        assert words in str(refused.value)
    absent.refresh_from_db()
    assert absent.fields == {}


def test_who_moved_to_another_school_leaves_his_cases_there(absent: Case, cast: Cast) -> None:
    """A teacher who changes schools sees the old school's children no more; nothing of his stays on nobody's desk."""
    teacher, day = cast["teacher"], absent.opened_on
    now = {"by": cast["office"], "at": at(day), "today": day}
    owning.hand_over(case_ids=[absent.pk], to=teacher, level="class", reason="班主任", **now)
    owning.hand_over(case_ids=[absent.pk], to=teacher, level="class", line="teacher", reason="包教学", **now)
    assert escalating.escalate(county_code=COUNTY, at=at(day), today=day).released == 0
    User.objects.filter(pk=teacher.pk).update(school_code="2164990002")
    raised = escalating.escalate(county_code=COUNTY, at=at(day), today=day)
    absent.refresh_from_db()
    assert (raised.released, absent.owner, absent.level) == (2, None, "school")
    held = {row.line: row for row in queries.holdings(absent) if row.until is None}
    assert (held[""].user, held["teacher"].user) == (None, None)
    assert "已不在这里办理个案" in held["teacher"].reason
    assert queries.visible(cast["school"]).filter(pk=absent.pk).exists()
    assert not queries.visible(User.objects.get(pk=teacher.pk)).filter(pk=absent.pk).exists()
    assert escalating.escalate(county_code=COUNTY, at=at(day), today=day).released == 0
