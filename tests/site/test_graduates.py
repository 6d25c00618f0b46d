"""去向 as actions: graduates from two registers, destinations, lists that find their children, measures, who studies elsewhere."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bureau.graduates import actions, coming, deriving, figures, queries
from bureau.graduates.actions import Said
from bureau.graduates.coming import Entry
from bureau.graduates.models import ComeList, Derivation, Destination, Leaver, ListLine, Support
from bureau.pages.people_columns import opened
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.scope import scope_of
from bureau.registry.import_models import Import
from bureau.registry.models import Student
from site_rows import COUNTY, NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 8)
NINE, JUNIOR, SENIOR = "3164990007", "3164990006", "3464990010"


def derive(by: User, year: int = 2026) -> dict[str, int]:
    of = actions.ask_update(county_code=COUNTY, year=year, by=by, at=NOW)
    return actions.update(of=of, at=NOW)


@pytest.fixture
def taken(cast: dict[str, User]) -> list[Leaver]:
    derive(cast["office"])
    return list(Leaver.objects.order_by("id"))


def next_autumn(child: Student, **changed: object) -> None:
    """The same child in a register of the next September."""
    of = Import.objects.filter(state="committed", day=date(2026, 9, 20)).first()
    if of is None:
        of = Import.objects.order_by("id")[0]
        of.pk, of.day, of.state, of.sheets = None, date(2026, 9, 20), "committed", ["schools", "students"]
        of.save()
    Student.objects.filter(pk=child.pk).update(valid_to=date(2026, 9, 20))
    child.pk, child.valid_from, child.valid_to, child.created_by = None, date(2026, 9, 20), None, of  # type: ignore[assignment]
    for name, value in changed.items():
        setattr(child, name, value)
    child.save()


def pupil(grade: str, place: int = 0, school: str = JUNIOR) -> Student:
    rows = Student.objects.filter(
        grade=grade, school_code=school, enrolment_status="在读", valid_to=None, replaced_by=None
    )
    return rows.order_by("key")[place]


def test_graduates_come_from_the_last_grades_of_the_register(cast: dict[str, User]) -> None:
    counts = derive(cast["office"])
    last = Student.objects.filter(
        grade__in=["9", "12"], enrolment_status="在读", valid_to=None, replaced_by=None
    )
    assert counts["new"] == Leaver.objects.count() == last.count() > 40
    assert set(Leaver.objects.values_list("stage", flat=True)) == {"初中", "高中"}
    poor = last.filter(registered_household=True).count()
    assert Leaver.objects.filter(facts__建档立卡=True).count() == poor
    again = derive(cast["office"])
    assert (again["new"], again["changed"], again["removed"]) == (0, 0, 0)


def test_two_registers_tell_who_went_on_repeated_and_left(cast: dict[str, User]) -> None:
    on, repeats, gone, done = (pupil("9", place) for place in range(4))
    next_autumn(on, grade="10", stage="高中", school_code=SENIOR)
    next_autumn(repeats)
    next_autumn(gone, enrolment_status="转出", status_on=date(2026, 3, 1), registered_household=True)
    next_autumn(done, enrolment_status="毕业", status_on=date(2026, 7, 5))
    derive(cast["office"])
    leavers = {one.student_key: one for one in Leaver.objects.select_related("current")}
    now = leavers[on.key].current
    assert now is not None
    assert (now.kind, now.source, now.study_stage, now.in_county) == ("study", "register", "普高", True)
    assert "高级中学" in now.school_name
    # Whoever the later register still has in the same grade is no graduate.
    assert repeats.key not in leavers
    assert leavers[gone.key].kind == "moved"
    assert leavers[done.key].current is None


def test_what_people_said_stays_when_the_registers_are_read_again(
    cast: dict[str, User], taken: list[Leaver]
) -> None:
    one = taken[0]
    actions.place(
        leaver=one,
        said=Said("work", date(2026, 8, 1), employer="演示公司"),
        by=cast["office"],
        at=NOW,
        today=TODAY,
    )
    child = Student.objects.get(key=one.student_key, valid_to=None)
    next_autumn(child, enrolment_status="在读")  # repeats, but somebody has spoken of the child
    derive(cast["office"])
    one.refresh_from_db()
    assert one.current is not None
    assert one.current.employer == "演示公司"


def test_an_update_can_be_cancelled_and_leaves_nothing(cast: dict[str, User]) -> None:
    of = actions.ask_update(county_code=COUNTY, year=2026, by=cast["office"], at=NOW)
    with pytest.raises(Refused, match="正在更新"):
        actions.ask_update(county_code=COUNTY, year=2026, by=cast["office"], at=NOW)

    def stop(share: float) -> None:
        if share > 0.5:
            raise deriving.CancelledError

    actions.update(of=of, at=NOW, progress=stop)
    assert Derivation.objects.get(pk=of.pk).state == "cancelled"
    assert not Leaver.objects.exists()
    with pytest.raises(Refused, match="没有 2018—2019 学年"):
        actions.ask_update(county_code=COUNTY, year=2019, by=cast["office"], at=NOW)


def test_a_destination_replaces_the_one_before_which_is_kept(
    cast: dict[str, User], taken: list[Leaver]
) -> None:
    one, office = taken[0], cast["office"]
    with pytest.raises(Refused, match="就读学校"):
        actions.place(
            leaver=one, said=Said("study", date(2026, 9, 1), "本科"), by=office, at=NOW, today=TODAY
        )
    first = actions.place(leaver=one, said=Said("idle", date(2026, 8, 1)), by=office, at=NOW, today=TODAY)
    actions.place(
        leaver=one, said=Said("study", date(2026, 9, 1), "专科", "演示学院"), by=office, at=NOW, today=TODAY
    )
    first.refresh_from_db()
    assert first.replaced_at is not None
    assert one.destinations.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Destination.objects.filter(pk=first.pk).update(replaced_at=None)
    with pytest.raises(Refused, match="不在您的辖区"):
        actions.place(leaver=one, said=Said("idle", date(2026, 8, 1)), by=cast["school"], at=NOW, today=TODAY)


def entry(number: int, one: Leaver, **changed: object) -> Entry:
    child = Student.objects.filter(key=one.student_key, valid_to=None).get()
    asked = {
        "number": number, "person_name": one.person_name, "id_number": opened(child.id_number), "birth_date": one.birth_date,
        "guardian_name": one.guardian_name,
        "said": Said("study", date(2026, 9, 1), "本科", "演示大学", "师范", "银川"),
    }  # fmt: skip
    return Entry(**(asked | changed))  # type: ignore[arg-type]


def take(by: User, *entries: Entry) -> ComeList:
    return coming.take_list(
        county_code=COUNTY, kind="university", title="录取名单", day=date(2026, 8, 20), upload=Upload("名单.xlsx", b"x" * 20),
        entries=entries, by=by, at=NOW, today=TODAY,
    )  # fmt: skip


def with_id(leavers: list[Leaver]) -> list[Leaver]:
    return [one for one in leavers if one.id_lookup]


def test_a_list_finds_its_children_and_only_the_certain_are_placed(
    cast: dict[str, User], taken: list[Leaver]
) -> None:
    office = cast["office"]
    a, b, c, d = with_id(taken)[:4]
    actions.place(
        leaver=c, said=Said("work", date(2026, 8, 1), employer="演示公司"), by=office, at=NOW, today=TODAY
    )
    made = take(
        office,
        entry(2, a),
        entry(3, b, id_number=""),
        entry(4, c),
        entry(5, d, person_name="不同名"),
        Entry(6, "没有这个人", "", date(2000, 1, 1), "", Said("study", None, "本科", "演示大学")),
    )
    lines = {line.number: line for line in made.lines.all()}
    assert [lines[n].state for n in range(2, 7)] == [
        "matched",
        "to_check",
        "to_check",
        "to_check",
        "unmatched",
    ]
    assert "演示公司" in lines[4].reason
    assert "姓名不同" in lines[5].reason
    a.refresh_from_db()
    assert a.current is not None
    assert (a.current.source, a.current.school_name) == ("list", "演示大学")
    assert bytes(lines[2].id_number) != b""
    assert a.person_name not in str(bytes(lines[2].id_number))

    coming.decide(line=lines[3], same=True, by=office, at=NOW)
    b.refresh_from_db()
    assert b.current is not None
    assert b.current.line_id == lines[3].pk
    coming.decide(line=lines[3], same=False, by=office, at=NOW)  # decided again
    b.refresh_from_db()
    assert b.current is None
    with pytest.raises(Refused, match="先选择"):
        coming.decide(line=lines[6], same=True, by=office, at=NOW)

    coming.decide(line=lines[4], same=True, by=office, at=NOW)
    coming.withdraw(of=made, reason="名单有误", by=office, at=NOW)
    for one, employer in ((a, None), (c, "演示公司")):
        one.refresh_from_db()
        assert (one.current.employer if one.current else None) == employer
    with pytest.raises(Refused, match="已经撤回"):
        coming.decide(line=lines[3], same=True, by=office, at=NOW)


def test_two_lines_for_one_child_are_both_looked_at(cast: dict[str, User], taken: list[Leaver]) -> None:
    one = with_id(taken)[0]
    made = take(cast["office"], entry(2, one), entry(3, one, said=Said("work", None, employer="演示公司")))
    assert set(made.lines.values_list("state", flat=True)) == {"to_check"}
    assert not Destination.objects.exists()


def test_a_school_finds_only_its_own_children_in_a_list(cast: dict[str, User], taken: list[Leaver]) -> None:
    one = with_id(taken)[0]
    made = take(cast["school"], entry(2, one))  # a primary school has no graduates here
    assert ListLine.objects.get(of=made).state == "unmatched"


def test_rates_are_counted_beside_registered_families(cast: dict[str, User], taken: list[Leaver]) -> None:
    office = cast["office"]
    Leaver.objects.filter(stage="高中").update(registered=False)
    seniors = list(Leaver.objects.filter(stage="高中"))
    poor = seniors[0]
    Leaver.objects.filter(pk=poor.pk).update(registered=True)
    for one in seniors[:4]:
        actions.place(
            leaver=one,
            said=Said("study", date(2026, 9, 1), "本科", "演示大学"),
            by=office,
            at=NOW,
            today=TODAY,
        )
    actions.place(
        leaver=seniors[4],
        said=Said("work", date(2026, 9, 1), employer="演示公司"),
        by=office,
        at=NOW,
        today=TODAY,
    )
    (rate,) = figures.rates(COUNTY, 2026, "高中", "school", scope_of(office))
    assert (rate.graduates, rate.share("study"), rate.share("study", "work")) == (10, 0.4, 0.5)
    assert (rate.registered, rate.registered_share("study")) == (1, 1.0)
    by_class = figures.rates(COUNTY, 2026, "高中", "class", scope_of(office))
    assert sum(one.graduates for one in by_class) == 10
    # The slow way: one child after another.
    plain = [
        one for one in Leaver.objects.filter(stage="高中") if one.current and one.current.kind == "study"
    ]
    assert len(plain) == rate.kinds["study"]
    assert figures.rates(COUNTY, 2026, "高中", "school", scope_of(cast["school"])) == []
    counts = figures.counts(figures.standings(Leaver.objects.filter(stage="高中")))
    assert (counts["all"], counts["study"], counts["none"], counts["registered_unplaced"]) == (10, 4, 5, 0)


def test_who_studies_elsewhere_is_given_with_stage_school_year_and_facts(
    cast: dict[str, User], taken: list[Leaver]
) -> None:
    office = cast["office"]
    one, other, third = Leaver.objects.filter(stage="高中").order_by("id")[:3]
    Leaver.objects.filter(pk=one.pk).update(facts={"低保": True, "孤儿": False})
    actions.place(
        leaver=one,
        said=Said("study", date(2026, 7, 25), "本科", "演示大学", place="银川"),
        by=office,
        at=NOW,
        today=TODAY,
    )
    actions.place(
        leaver=other, said=Said("work", date(2026, 9, 1), employer="演示公司"), by=office, at=NOW, today=TODAY
    )
    actions.place(
        leaver=third, said=Said("study", date(2026, 9, 1), "其他", "演示学校"), by=office, at=NOW, today=TODAY
    )
    (found,) = queries.students_elsewhere(COUNTY, date(2027, 10, 1))
    assert (found.student_key, found.stage, found.grade) == (one.student_key, "本科", 2)
    assert found.facts["低保"] is True
    assert found.facts["孤儿"] is False
    assert "特困" not in found.facts  # not known is not 否
    assert queries.students_elsewhere(COUNTY, date(2026, 7, 1)) == []
    assert queries.students_elsewhere(COUNTY, date(2033, 10, 1)) == []  # long finished


def test_the_path_runs_from_the_register_to_the_destination(
    cast: dict[str, User], taken: list[Leaver]
) -> None:
    one = taken[0]
    actions.place(
        leaver=one,
        said=Said("study", date(2026, 9, 1), "专科", "演示学院"),
        by=cast["office"],
        at=NOW,
        today=TODAY,
    )
    steps = queries.path(COUNTY, one.student_key)
    assert [step.source for step in steps] == ["学生登记册", "人工登记"]
    assert steps[-1].place == "演示学院"
    assert steps[0].since <= steps[1].since
    assert (steps[0].until, steps[1].until) == (steps[1].since, None)  # school ends where university begins


def test_a_measure_has_owner_deadline_result_and_a_second_person(
    cast: dict[str, User], taken: list[Leaver]
) -> None:
    office, leader = cast["office"], cast["leader"]
    with pytest.raises(Refused, match="责任人"):
        actions.support(leaver=taken[0], measure="推荐就业", owner="", due=TODAY, by=office, at=NOW)
    made = actions.support(
        leaver=taken[0], measure="推荐就业", owner="演示·班主任", due=TODAY, by=office, at=NOW
    )
    made = actions.report(of=made, result="已参加招聘会", by=office, at=NOW)
    with pytest.raises(Refused, match="另一人"):
        actions.settle(of=made, back=False, reason="", by=office, at=NOW)
    made = actions.settle(of=made, back=True, reason="没有结果", by=leader, at=NOW)
    assert made.state == "open"
    made = actions.report(of=made, result="已入职演示公司", by=office, at=NOW)
    made = actions.settle(of=made, back=False, reason="", by=leader, at=NOW)
    assert made.state == "confirmed"
    with pytest.raises(IntegrityError), transaction.atomic():
        Support.objects.filter(pk=made.pk).update(confirmed_by=office)


def test_each_child_of_a_registered_family_is_counted_once(cast: dict[str, User]) -> None:
    on, done = pupil("9", 0), pupil("9", 1)
    for child in (on, done):
        Student.objects.filter(pk=child.pk).update(registered_household=True)
        child.registered_household = True
    next_autumn(on, grade="10", stage="高中", school_code=SENIOR)
    next_autumn(done, enrolment_status="毕业", status_on=date(2026, 7, 5))
    derive(cast["office"])
    day = date(2026, 10, 1)
    gone = figures.away(COUNTY, scope_of(cast["office"]), day)
    keys = set(gone.values_list("student_key", flat=True))
    assert on.key not in keys
    assert done.key in keys


def test_the_tabs_count_what_they_show(cast: dict[str, User], taken: list[Leaver]) -> None:
    """Fast: one question for all groups. Slow: each view counted by itself."""
    from bureau.pages.graduates import VIEWS, _in_view, views_of

    for kind, leaver in zip(("study", "work", "army", "idle", "unknown"), taken, strict=False):
        said = actions.Said(kind, TODAY, study_stage="本科", school_name="演示大学", employer="演示公司")
        actions.place(leaver=leaver, said=said, by=cast["office"], at=NOW, today=TODAY)
    Leaver.objects.filter(pk__in=[one.pk for one in taken[:4]]).update(registered=True)
    Leaver.objects.filter(pk=taken[-1].pk).update(kind="moved")
    rows = Leaver.objects.all()
    groups = figures.standings(rows)
    assert {view: _in_view(groups, view) for view in VIEWS} == {
        view: found.count() for view, found in views_of(rows).items()
    }
