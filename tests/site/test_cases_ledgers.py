"""What single ledgers promise beyond the engine: the days their deadlines count from, schedules, patrols, and what is never shown."""

from datetime import timedelta

import pytest
from cases_help import COUNTY, START, at, know_holidays, move, pupil, school_days

from bureau.cases import actions
from bureau.cases.models import Case
from bureau.people.models import Organisation, User
from bureau.people.rules import Refused

Cast = dict[str, User]


@pytest.fixture(autouse=True)
def holidays(db: None) -> None:
    know_holidays()


def opened(ledger: str, key: str, by: User, **fields: object) -> Case:
    """A case opened by hand."""
    given = {"by": by, "at": at(START), "today": START, "text": "演示"}
    return actions.open_case(county_code=COUNTY, ledger=ledger, subject_key=key, fields=fields, **given)


def unit() -> str:
    """A township's government."""
    return str(Organisation.objects.filter(county_code=COUNTY, area__kind="township").order_by("pk")[0].pk)


def again(case: Case) -> Case:
    """As it stands now."""
    return Case.objects.get(pk=case.pk)


def test_a_transfer_is_due_from_the_day_it_was_asked_for(cast: Cast) -> None:
    office = cast["office"]
    case = opened("migrants", pupil(cast["school"].school_code).key, office)
    # A seat is owed from the day of arrival, not from the day on which somebody found the child.
    arrived = START - timedelta(days=4)
    move(case, "note", office, START, arrived_on=arrived)
    assert again(case).due == school_days(arrived + timedelta(days=1), 10)[-1]
    with pytest.raises(Refused, match="转学申请日期“2026-03-10”还没有到"):
        move(case, "apply", office, START, kind="进城务工随迁", applied_on=START + timedelta(days=1))
    asked = START - timedelta(days=6)
    move(case, "apply", office, START, kind="进城务工随迁", applied_on=asked)
    assert again(case).due == school_days(asked + timedelta(days=1), 10)[-1]
    # The day of the request is corrected: the days count from it anew.
    actions.change_fields(case_id=case.pk, fields={"applied_on": START}, by=office, at=at(START), today=START)
    assert again(case).due == school_days(START + timedelta(days=1), 10)[-1]
    with pytest.raises(Refused, match="“转学办结日期”、“不同意的理由”"):
        move(case, "refuse", office, START)
    move(case, "refuse", office, START, decided_on=START, refused_why="演示：学位已满，另行安排")
    assert again(case).state == "refused"


@pytest.mark.parametrize(
    ("ledger", "step", "fields"),
    [
        ("four_checks", "plan", {"kind": "查短补齐", "problem": "演示", "measure": "演示"}),
        ("hazards", "plan", {"site": "演示", "kind": "消防", "grade": "重大", "measure": "演示", "person": "演示"}),
    ],
)  # fmt: skip
def test_the_day_promised_is_the_deadline(
    ledger: str, step: str, fields: dict[str, object], cast: Cast
) -> None:
    office = cast["office"]
    case = opened(ledger, unit() if ledger == "four_checks" else cast["school"].school_code, office)
    with pytest.raises(Refused, match="已经过去"):
        move(case, step, office, START, **fields, until=START - timedelta(days=1))
    move(case, step, office, START, **fields, until=START + timedelta(days=12))
    assert again(case).due == START + timedelta(days=12)
    move(case, step, office, START, until=START + timedelta(days=3))
    assert again(case).due == START + timedelta(days=3)


def test_calls_with_the_parents_against_what_was_planned(cast: Cast) -> None:
    school = cast["school"]
    case = opened("left_behind", pupil(school.school_code).key, school)
    told = {
        "by_state": "是",
        "by_statistics": "否",
        "categories": "留守",
        "carer": "演示",
        "relation": "祖父母",
    }
    move(case, "begin", school, START, **told, calls_planned=20)
    later = START + timedelta(days=9)
    move(case, "contact", school, later, way="亲情通话", calls_now=5)
    assert (again(case).fields["calls_share"], again(case).due) == ("25", later + timedelta(days=30))


def test_a_place_of_water_is_patrolled_until_it_is_safe(cast: Cast) -> None:
    office, township = cast["office"], cast["township"]
    case = opened("drowning", unit(), office)
    move(case, "plan", office, START, place="演示：塘坝", kind="塘坝", guard="警示牌、救生圈", patrol="演示")
    for day in (START + timedelta(days=5), START + timedelta(days=11)):
        move(case, "patrol", township, day, patrolled_on=day)
        assert again(case).due == day + timedelta(days=7)
    with pytest.raises(Refused, match="至少上传一个文件"):
        move(case, "report", township, START + timedelta(days=12))
