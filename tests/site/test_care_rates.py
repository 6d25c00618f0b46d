"""台账指标: what the ledgers say on any day reaches the measures of the plans by itself, by township and school."""

from datetime import date, timedelta

import pytest
from cases_help import COUNTY, at, know_holidays, night, pupil
from django.utils.timezone import localdate

from bureau.care import pairing, rates
from bureau.care.pairing_rules import left_behind
from bureau.cases import actions
from bureau.cases.models import Case, Stay
from bureau.people.models import User
from bureau.plans import reading_actions, target_actions, target_queries
from bureau.plans.target_models import Target
from bureau.registry.models import Student
from bureau.runs.models import MeasureResult
from bureau.work import plan_nightly
from plan_rows import published_plan

pytestmark = pytest.mark.django_db
Cast = dict[str, User]
TODAY = date(2026, 3, 10)


def open_case(ledger: str, key: str, by: User, day: date) -> Case:
    return actions.open_case(county_code=COUNTY, ledger=ledger, subject_key=key, text="演示", by=by, at=at(day), today=day)  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "evidence", "is_one"),
    [
        ({"by_state": True}, {"学籍登记留守": "否"}, True),
        ({"categories": ["孤儿", "留守"]}, {}, True),
        ({}, {"学籍登记留守": "是"}, True),
        ({}, {"学籍登记留守": "否", "学籍登记孤儿": "是"}, False),
        ({"categories": ["孤儿"]}, {}, False),
        ({}, {}, True),
    ],
)
def test_who_counts_as_left_behind(
    fields: dict[str, object], evidence: dict[str, object], is_one: bool
) -> None:
    assert left_behind(fields, evidence) is is_one


def test_care_on_any_day(cast: Cast) -> None:
    know_holidays()
    school = cast["school"].school_code
    for number in range(3):
        open_case("left_behind", pupil(school, skip=number).key, cast["school"], TODAY)
    assert "care_ledger" not in rates.ledger_tables(COUNTY, TODAY - timedelta(days=1))
    told = rates.ledger_tables(COUNTY, TODAY)["care_ledger"]
    assert (told["tutor"], told["people"], told["school_code"]) == ([False], [3], [school])
    later = TODAY + timedelta(days=5)
    proposed = pairing.school_of(COUNTY, school, "care", today=later)
    chosen = {proposed.proposal.pairs[0].pupil: ""}
    pairing.accept(county_code=COUNTY, school_code=school, kind="care", mark=proposed.mark, chosen=chosen, by=cast["school"], at=at(later), today=later)  # fmt: skip
    told = rates.ledger_tables(COUNTY, later)["care_ledger"]
    assert dict(zip(told["tutor"], told["people"], strict=True)) == {True: 2, False: 1}
    # The past stays what it was.
    assert rates.ledger_tables(COUNTY, TODAY)["care_ledger"]["tutor"] == [False]


def test_who_was_left_behind_on_a_past_day_is_what_the_case_said_then(cast: Cast) -> None:
    know_holidays()
    child = pupil(cast["school"].school_code)
    case = open_case("left_behind", child.key, cast["school"], TODAY)
    days = [TODAY + timedelta(days=number) for number in (2, 4)]
    for day, fields in zip(days, ({"categories": ["孤儿"]}, {"categories": ["孤儿", "留守"]}), strict=True):
        actions.change_fields(case_id=case.pk, fields=fields, by=cast["school"], at=at(day), today=day)

    def told(days_on: int) -> int:
        columns = rates.ledger_tables(COUNTY, TODAY + timedelta(days=days_on)).get("care_ledger", {})
        return sum(int(str(n)) for n in columns.get("people", []))

    # Nothing said, then an orphan who is not left behind, then both.
    assert [told(days_on) for days_on in (0, 1, 2, 3, 4, 9)] == [1, 1, 0, 0, 1, 1]


def test_the_registers_word_on_a_past_day_stays_in_the_history(cast: Cast) -> None:
    know_holidays()
    child = pupil(cast["school"].school_code)
    Student._default_manager.filter(key=child.key).update(left_behind=True, orphan=False)
    night(TODAY, only="left_behind")
    later = TODAY + timedelta(days=7)
    Student._default_manager.filter(key=child.key).update(left_behind=False, orphan=True)
    night(later, only="left_behind")
    case = Case.objects.get(ledger="left_behind", subject_key=child.key)
    assert case.evidence["学籍登记留守"] == "否"
    then = rates._as_it_stood(COUNTY, TODAY)
    assert then[case.pk][1]["学籍登记留守"] == "是"
    assert rates._as_it_stood(COUNTY, later) == {}


def test_a_return_is_the_day_from_which_the_data_showed_it_without_a_break(cast: Cast) -> None:
    know_holidays()
    case = open_case("dropout", pupil(cast["school"].school_code).key, cast["office"], TODAY)
    Stay.objects.filter(of=case).delete()
    steps = (("open", 0, 10), ("solved", 10, 12), ("open", 12, 20), ("claimed", 20, 21), ("solved", 21, 25), ("closed", 25, None))  # fmt: skip
    for phase, since, until in steps:
        Stay.objects.create(
            of=case, county_code=COUNTY, ledger="dropout", state="school", phase=phase, level="school", school_code=case.school_code,
            township_code=case.township_code, how="moved", since=TODAY + timedelta(days=since),
            until=None if until is None else TODAY + timedelta(days=until),
        )  # fmt: skip

    def took(days: int) -> object:
        return rates.ledger_tables(COUNTY, TODAY + timedelta(days=days))["dropout_ledger"]["took"][0]

    assert [took(5), took(11), took(15), took(20), took(22), took(60)] == [None, 10, None, None, 21, 21]
    assert rates.ledger_tables(COUNTY, TODAY + timedelta(days=60))["dropout_ledger"]["waited"] == [60]
    assert "dropout_ledger" not in rates.ledger_tables(COUNTY, TODAY + timedelta(days=366))


def test_who_is_out_of_school_by_the_ledger_on_a_day(cast: Cast) -> None:
    know_holidays()
    child = pupil(cast["school"].school_code)
    case = open_case("dropout", child.key, cast["office"], TODAY)
    before = TODAY - timedelta(days=1)
    assert "dropout_standing" not in rates.ledger_tables(COUNTY, before)
    assert rates.out_of_school(COUNTY, before) == frozenset()
    assert rates.ledger_tables(COUNTY, TODAY)["dropout_standing"]["people"] == [1]
    assert rates.out_of_school(COUNTY, TODAY) == {child.key}
    # Back by the data: the ledger stands empty, which is a nought.
    Stay.objects.filter(of=case).update(phase="solved")
    assert rates.ledger_tables(COUNTY, TODAY)["dropout_standing"] == {"school_code": [""], "township": [""], "people": [0]}  # fmt: skip
    assert rates.out_of_school(COUNTY, TODAY) == frozenset()


def test_a_school_passes_by_its_check_and_not_by_leaving(cast: Cast) -> None:
    know_holidays()
    school = cast["school"].school_code
    case = open_case("safety_equipment", school, cast["office"], TODAY)
    told = rates.ledger_tables(COUNTY, TODAY)["safety_ledger"]
    assert (told["school_code"], told["met"]) == ([school], [None])
    stay = Stay.objects.get(of=case)
    for phase, state, met in (("open", "lacking", [False]), ("claimed", "said", [None]), ("closed", "closed", [True])):  # fmt: skip
        stay.phase, stay.state = phase, state
        stay.save()
        assert rates.ledger_tables(COUNTY, TODAY)["safety_ledger"]["met"] == met
    stay.phase = "solved"
    stay.save()
    assert "safety_ledger" not in rates.ledger_tables(COUNTY, TODAY)


def test_each_night_the_ledgers_are_counted_for_the_newest_registers(cast: Cast) -> None:
    know_holidays()
    run = target_queries.runs_by_day(COUNTY)[-1]
    today = localdate()
    for number in range(2):
        open_case("left_behind", pupil(cast["school"].school_code, skip=number).key, cast["school"], today)
    plan_nightly.after_run(run, today=today)
    of_measure = MeasureResult.objects.filter(run=run, code="care.coverage")
    county = of_measure.get(level="county")
    assert (county.numerator, county.denominator, county.counted_on) == (0, 2, today)
    assert [line[0] for line in county.schools] == [cast["school"].school_code]
    assert of_measure.get(level="township").denominator == 2
    others = MeasureResult.objects.filter(run=run).exclude(code="care.coverage").count()
    open_case("left_behind", pupil(cast["school"].school_code, skip=2).key, cast["school"], today)
    tomorrow = today + timedelta(days=1)
    assert plan_nightly.count_ledgers(COUNTY, today=tomorrow) > 0
    county = of_measure.get(level="county")
    assert (county.denominator, county.counted_on) == (3, tomorrow)
    assert MeasureResult.objects.filter(run=run).exclude(code="care.coverage").count() == others


def test_a_target_follows_the_ledger_with_the_day_it_was_counted_on(cast: Cast) -> None:
    know_holidays()
    published_plan(cast["office"])
    today, office = localdate(), cast["office"]
    open_case("left_behind", pupil(cast["school"].school_code).key, cast["school"], today)
    runs = target_queries.runs_by_day(COUNTY)
    for run in runs:
        plan_nightly.after_run(run, today=today)
    target = target_actions.bind(
        target=Target.objects.get(number=1), measure="care.coverage", stage="义务教育", reason="由台账计算", by=office, at=at(today)
    )  # fmt: skip

    def read() -> list[tuple[date, float | None]]:
        rows = target.readings.order_by("day").values_list("day", "denominator")
        return [(day, below) for day, below in rows if below is not None]

    assert read() == [(today, 1)]
    # The next night takes the place of this one; what earlier registers said stays.
    tomorrow, before = today + timedelta(days=1), target.readings.count()
    plan_nightly.count_ledgers(COUNTY, today=tomorrow)
    assert read() == [(tomorrow, 1)]
    assert target.readings.count() == before == len(runs)
    reading_actions.rebuild([target], today=tomorrow)
    assert read() == [(tomorrow, 1)]
