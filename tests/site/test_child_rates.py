"""入学、巩固、辍学: any day is counted when asked for, each figure opens to what it was divided from, and an area sees its own."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from cases_help import COUNTY, at, know_holidays, pupil
from django.test import Client
from django.utils.timezone import localdate, now

from bureau.cases import actions
from bureau.links.models import OutsideRegister
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.runs import day_measures
from bureau.runs.day_models import DayMeasures
from bureau.work import care_tasks
from site_rows import NOW

pytestmark = pytest.mark.django_db
PAGE = "/school-age/rates/"
BrowserOf = Callable[[str], Client]


def test_a_day_is_asked_for_counted_and_shown_with_its_reasons(
    cast: dict[str, User], browser_of: BrowserOf
) -> None:
    know_holidays()
    today = localdate()
    school = cast["school"].school_code
    actions.open_case(county_code=COUNTY, ledger="dropout", subject_key=pupil(school).key, text="演示", by=cast["office"], at=at(today), today=today)  # fmt: skip
    office = browser_of("office")
    assert "还没有算过" in office.get(f"{PAGE}?day={today}").content.decode()
    answer = office.post(f"{PAGE}ask/", {"day": str(today)})
    assert answer.headers["Location"] == f"{PAGE}?day={today}"
    row = DayMeasures.objects.get(day=today)
    if row.made_at is None:
        assert "正在计算" in office.get(f"{PAGE}?day={today}").content.decode()
        care_tasks.count_day.func(row.pk)
    text = office.get(f"{PAGE}?day={today}").content.decode()
    assert "没有适龄人口比对表" in text
    assert "学年的学生登记表" in text
    assert "看这一天" in text
    one = f"{PAGE}?day={today}&of=dropout.standing&stage=义务教育"
    text = office.get(one).content.decode()
    assert school in text
    assert "台账在册" in text
    why = f"{PAGE}why/?day={today}&of=dropout.standing&stage=义务教育"
    text = office.get(why).content.decode()
    assert "当日辍学台账在册、数据还没有证实返校的学生÷义务教育在校生" in text
    assert "系统约定" in text
    assert office.get(f"{one}&format=xlsx").status_code == 200
    # A school opens the figures of its own and of no other.
    own = browser_of("school")
    line = next(
        one
        for one in day_measures.lines(DayMeasures.objects.get(day=today))
        if one.code == "dropout.standing"
    )
    other = next(one.code for one in line.schools if one.code not in ("", school))
    assert other not in own.get(one).content.decode()
    assert own.get(f"{why}&area={school}").status_code == 200
    assert own.get(f"{why}&area={other}").status_code == 404


def test_a_list_compared_later_makes_a_counted_day_old(cast: dict[str, User], browser_of: BrowserOf) -> None:
    know_holidays()
    today = localdate()
    care_tasks.keep_day(COUNTY, day=today, today=today, at=now())
    office = browser_of("office")
    assert "请重新计算" not in office.get(f"{PAGE}?day={today}").content.decode()
    row = DayMeasures.objects.get(day=today)
    OutsideRegister.objects.create(
        county_code=COUNTY, source="household", day=row.population_day or today, by=cast["office"], at=now(), matched_at=now()
    )  # fmt: skip
    assert "登记表或名册在此之后更新过" in office.get(f"{PAGE}?day={today}").content.decode()


def test_a_past_day_counts_the_ledger_as_it_stood(cast: dict[str, User], county: str) -> None:
    know_holidays()
    today = localdate()
    earlier = today - timedelta(days=3)
    child = pupil(cast["school"].school_code)
    actions.open_case(county_code=COUNTY, ledger="dropout", subject_key=child.key, text="演示", by=cast["office"], at=at(today), today=today)  # fmt: skip
    for day, told in ((earlier, None), (today, 1)):
        care_tasks.keep_day(COUNTY, day=day, today=today, at=NOW)
        row = day_measures.of_day(COUNTY, day)
        assert row is not None
        line = next(one for one in day_measures.lines(row) if one.code == "dropout.standing")
        assert line.numerator == told
    assert day_measures.counted_days(COUNTY) == [today, earlier]
    assert [day for day, _value in day_measures.trend(COUNTY, "dropout.standing", "义务教育")] == [today, earlier]  # fmt: skip


def test_days_that_cannot_be_counted(cast: dict[str, User], browser_of: BrowserOf) -> None:
    today = localdate()
    with pytest.raises(Refused, match="还没有到"):
        day_measures.ask(county_code=COUNTY, day=today + timedelta(days=1), by=cast["office"], at=NOW, today=today)  # fmt: skip
    office = browser_of("office")
    for given, said in (("abc", "请填写日期"), ("1012-01-01", "日期太早")):
        page = office.post(f"{PAGE}ask/", {"day": given}, follow=True).content.decode()
        assert said in page
    assert not DayMeasures.objects.exists()
    # Before the first import there is nothing to count from, and it says so.
    care_tasks.keep_day(COUNTY, day=today.replace(year=2001), today=today, at=NOW)
    assert "没有测算过的登记表" in office.get(f"{PAGE}?day={today.replace(year=2001)}").content.decode()


def test_what_is_under_way_is_not_begun_twice(cast: dict[str, User], county: str) -> None:
    today = localdate()
    rows = [
        day_measures.ask(county_code=COUNTY, day=today, by=cast["office"], at=NOW + timedelta(seconds=wait), today=today)
        for wait in (0, 5, 700)
    ]  # fmt: skip
    assert len({row.pk for row in rows}) == 1
    assert [row.asked_at for row in rows] == [NOW, NOW, NOW + timedelta(seconds=700)]
