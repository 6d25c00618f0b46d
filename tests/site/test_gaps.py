"""缺口台账: the ledger follows the data through three imports, and nobody closes a line by saying so."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from bureau.gaps import actions, queries
from bureau.gaps.models import Gap, GapEvent
from bureau.log.models import Entry
from bureau.people.models import Area, User
from bureau.people.rules import Refused
from bureau.people.scope import scope_of
from bureau.runs.models import IndicatorResult, Run, SchoolResult

pytestmark = pytest.mark.django_db

# A county of its own beside the small one, which has a ledger already.
COUNTY, TOWN, OTHER = "649999", "649999100", "649999101"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)
FAR, NEAR = "2164990001", "2164990002"
Found = dict[tuple[str, str], tuple[str, float | None]]


def run_of(day: date, found: Found, *, out: str = "") -> Run:
    """A finished run: {(school, indicator): (verdict, gap)}."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    run = Run.objects.create(
        county_code=COUNTY, day=day, pack="balanced-2017", state="done", asked_at=at, finished_at=at
    )
    for school in sorted({school for school, _ in found}):
        SchoolResult.objects.create(
            run=run,
            school_code=school,
            school=f"演示{school[-1]}小",
            township_code=TOWN if school == FAR else OTHER,
            stage="小学",
            in_scope=school != out,
            reason="教学点不足50人" if school == out else "",
            passes=0,
            unreported=0,
            verdict="未达标",
        )
    for (school, code), (verdict, gap) in found.items():
        IndicatorResult.objects.create(
            run=run,
            school_code=school,
            school=f"演示{school[-1]}小",
            township_code=TOWN if school == FAR else OTHER,
            stage="小学",
            code=code,
            title={"R1": "高于规定学历教师", "R5": "运动场馆面积"}[code],
            unit="",
            verdict=verdict,
            gap=gap,
            gap_unit="名" if code == "R1" else "㎡",
            borderline=False,
            clause="教督〔2017〕6号",
        )
    return run


def update(run: Run) -> actions.Tally:
    return actions.open_and_update_from_run(run=run, today=TODAY)


@pytest.fixture
def people(db: None) -> dict[str, User]:
    county = Area.objects.create(code=COUNTY, name="县", kind="county", path=COUNTY, pinyin="x")
    town = Area.objects.create(code=TOWN, name="镇", kind="township", path=f"{COUNTY}/{TOWN}", pinyin="z")

    def person(name: str, role: str, area: Area | None = county, school: str = "") -> User:
        return User.objects.create(
            username=f"ledger-{name}", role=role, display_name=name, area=area, school_code=school, office=""
        )

    return {
        "office": person("office", "office"),
        "inspector": person("inspector", "inspector"),
        "leader": person("leader", "leader"),
        "township": person("township", "township", town),
        "school": person("school", "school", None, FAR),
        "administrator": person("administrator", "administrator", None),
    }


def lines() -> QuerySet[Gap]:
    return Gap.objects.filter(county_code=COUNTY)


def words(gap: Gap) -> list[str]:
    return [event.what for event in queries.events(gap)]


def the(code: str = "R1", school: str = FAR) -> Gap:
    return Gap.objects.filter(code=code, school_code=school).latest("pk")


AUTUMN, SPRING, NEXT = date(2025, 9, 1), date(2026, 3, 1), date(2026, 9, 1)


def test_each_shortfall_becomes_one_line_and_doing_it_again_changes_nothing() -> None:
    run = run_of(
        AUTUMN,
        {
            (FAR, "R1"): ("未达标", 3),
            (FAR, "R5"): ("未报", None),
            (NEAR, "R1"): ("达标", 0),
            (NEAR, "R5"): ("未达标", 412.5),
        },
    )
    assert update(run).counts() == {"opened": 2}
    assert [(gap.school_code, gap.code, gap.shortage, gap.state) for gap in lines()] == [
        (FAR, "R1", 3, "open"),
        (NEAR, "R5", 412.5, "open"),
    ]
    entries, events = Entry.objects.count(), GapEvent.objects.count()
    assert not update(run).changed
    assert (Entry.objects.count(), GapEvent.objects.count()) == (entries, events)
    assert words(the()) == ["open"]


def test_a_school_out_of_scope_opens_nothing_and_its_line_awaits_review() -> None:
    update(run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)}, out=FAR))
    assert not lines().exists()
    update(run_of(SPRING, {(FAR, "R1"): ("未达标", 3)}))
    update(run_of(NEXT, {(FAR, "R1"): ("未达标", 3)}, out=FAR))
    assert the().state == "solved"
    assert queries.events(the()).last().text == "学校不计入统计：教学点不足50人"  # type: ignore[union-attr]


def test_unreported_or_absent_data_closes_nothing_and_is_said_once() -> None:
    update(run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3), (NEAR, "R1"): ("未达标", 2)}))
    silent = run_of(SPRING, {(FAR, "R1"): ("未报", None)})
    assert update(silent).counts() == {"unknown": 2}
    assert update(silent).counts() == {}
    assert (the().state, the().shortage) == ("open", 3)
    assert words(the()) == ["open", "unknown"]


def test_the_whole_loop(people: dict[str, User]) -> None:
    before = Entry.objects.count()
    update(run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)}))
    gap = the()
    changes: dict[int, actions.Plan] = {gap.pk: {"office": "人事股", "due": date(2026, 12, 31)}}
    assert actions.plan(changes=changes, by=people["office"], at=NOW, today=TODAY) == 1
    assert actions.plan(changes=changes, by=people["office"], at=NOW, today=TODAY) == 0
    assert (the().state, the().office) == ("under_way", "人事股")

    actions.claim(gap_ids=[gap.pk], text="已招2人", by=people["school"], at=NOW)
    with pytest.raises(Refused, match="数据仍缺 3 名"):
        actions.close(gap_ids=[gap.pk], by=people["office"], at=NOW)

    update(run_of(SPRING, {(FAR, "R1"): ("未达标", 1)}))
    assert (the().state, the().shortage) == ("claimed", 1)
    assert lines().filter(queries.CONTRADICTED).count() == 1

    last = run_of(NEXT, {(FAR, "R1"): ("达标", 0)})
    assert update(last).counts() == {"solved": 1}
    with pytest.raises(Refused, match="不能复核销号"):
        actions.close(gap_ids=[gap.pk], by=people["school"], at=NOW)
    actions.close(gap_ids=[gap.pk], by=people["inspector"], at=NOW, remark="已到校核对")
    gap.refresh_from_db()
    assert (gap.state, gap.closed_run, gap.closed_by) == ("closed", last, people["inspector"])
    assert words(gap) == ["open", "plan", "claim", "amount", "met", "close"]
    assert list(Entry.objects.filter(seq__gt=before).values_list("verb", flat=True)) == [
        "change",
        "assign",
        "report",
        "change",
        "change",
        "close",
    ]


def test_who_claimed_cannot_close_not_even_in_the_database(people: dict[str, User]) -> None:
    update(run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)}))
    actions.claim(gap_ids=[the().pk], text="", by=people["office"], at=NOW)
    run = run_of(SPRING, {(FAR, "R1"): ("达标", 0)})
    update(run)
    with pytest.raises(Refused, match="不能自己复核"):
        actions.close(gap_ids=[the().pk], by=people["office"], at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Gap.objects.filter(pk=the().pk).update(
            state="closed", closed_by=people["office"], closed_run=run, closed_at=NOW
        )
    actions.close(gap_ids=[the().pk], by=people["leader"], at=NOW)


def test_a_fact_that_returns_opens_a_new_line_or_falls_back(people: dict[str, User]) -> None:
    update(run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3), (FAR, "R5"): ("未达标", 10)}))
    update(run_of(SPRING, {(FAR, "R1"): ("达标", 0), (FAR, "R5"): ("达标", 0)}))
    first = the()
    actions.close(gap_ids=[first.pk], by=people["leader"], at=NOW)
    tally = update(run_of(NEXT, {(FAR, "R1"): ("未达标", 2), (FAR, "R5"): ("未达标", 4)}))
    assert tally.counts() == {"reopened": 1, "returned": 1}
    assert the().pk != first.pk
    assert words(the()) == ["reopen"]
    assert (the("R5").state, the("R5").shortage) == ("under_way", 4)
    assert [gap.pk for gap in queries.earlier(the())] == [first.pk]


def test_a_claim_survives_data_that_comes_and_goes(people: dict[str, User]) -> None:
    update(run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)}))
    actions.claim(gap_ids=[the().pk], text="", by=people["school"], at=NOW)
    update(run_of(SPRING, {(FAR, "R1"): ("达标", 0)}))
    update(run_of(NEXT, {(FAR, "R1"): ("未达标", 3)}))
    assert the().state == "claimed"


def test_sent_back_with_a_reason(people: dict[str, User]) -> None:
    update(run_of(AUTUMN, {(FAR, "R5"): ("未达标", 3)}))
    update(run_of(SPRING, {(FAR, "R5"): ("达标", 0)}))
    with pytest.raises(Refused, match="原因"):
        actions.send_back(gap_ids=[the("R5").pk], reason="", by=people["inspector"], at=NOW)
    actions.send_back(gap_ids=[the("R5").pk], reason="场地是借的", by=people["inspector"], at=NOW)
    assert the("R5").state == "under_way"


def test_a_late_run_of_older_data_is_ignored() -> None:
    older = run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3)})
    newer = run_of(SPRING, {(FAR, "R1"): ("未达标", 1)})
    update(newer)
    assert not update(older).changed
    assert the().shortage == 1


def test_plans_are_all_or_none_and_name_the_school(people: dict[str, User]) -> None:
    update(run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3), (FAR, "R5"): ("未达标", 9)}))
    past: dict[int, actions.Plan] = {
        the("R1").pk: {"due": date(2027, 1, 1)},
        the("R5").pk: {"due": date(2020, 1, 1)},
    }
    with pytest.raises(Refused, match="演示1小（小学）运动场馆面积：完成时限“2020-01-01”已经过去"):
        actions.plan(changes=past, by=people["office"], at=NOW, today=TODAY)
    assert not lines().exclude(due=None).exists()


def test_each_account_sees_and_touches_its_own_area(people: dict[str, User]) -> None:
    update(run_of(AUTUMN, {(FAR, "R1"): ("未达标", 3), (NEAR, "R1"): ("未达标", 2)}))
    seen = {name: queries.ledger(scope_of(user)).count() for name, user in people.items()}
    assert seen == {
        "office": 2,
        "inspector": 2,
        "leader": 2,
        "township": 1,
        "school": 1,
        "administrator": 0,
    }
    with pytest.raises(Refused, match="1 条不在您的辖区内"):
        actions.claim(gap_ids=[the(school=NEAR).pk], text="", by=people["school"], at=NOW)


def test_cost_is_shortage_times_price_and_yearly_pay_is_apart(people: dict[str, User]) -> None:
    update(
        run_of(
            AUTUMN,
            {(FAR, "R1"): ("未达标", 3), (FAR, "R5"): ("未达标", 100), (NEAR, "R5"): ("未达标", 10)},
        )
    )
    mine = queries.ledger(scope_of(people["office"]))
    price = queries.Price("R1", 12.0, "", True, True)
    assert queries.cost(mine, {"R1": price}) == queries.Cost(0.0, 36.0, 2)
    own: dict[int, actions.Plan] = {the("R5", NEAR).pk: {"unit_price": 0.05}}
    actions.plan(changes=own, by=people["office"], at=NOW, today=TODAY)
    known = {"R1": price, "R5": queries.Price("R5", 0.08, "造价站", False, False)}
    assert queries.cost(mine, known) == queries.Cost(pytest.approx(8.5), 36.0, 0)
    groups = {group.key: group for group in queries.counts_by_indicator(mine, today=TODAY)}
    assert (groups["R5"].schools, groups["R5"].shortage, groups["R5"].unit) == (2, 110, "㎡")
    assert queries.counts_by_state(mine)["open"] == 2
    assert [group.key for group in queries.counts_by_township(mine, today=TODAY)] == [TOWN, OTHER]
