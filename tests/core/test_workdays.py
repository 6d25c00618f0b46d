"""工作日: deadlines over holidays, worked weekends and years nobody has confirmed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.workdays.rules import Calendar, why_not_day
from bureau.workdays.seed import published

NATIONAL = {
    **{date(2026, 10, n): False for n in range(1, 8)},
    date(2026, 9, 20): True,
    date(2026, 10, 10): True,
}
CALENDAR = Calendar({day: works for day, works in NATIONAL.items() if works != (day.weekday() < 5)}, (2026,))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-09-30", 1, "2026-10-08"),  # a holiday week in between
        ("2026-09-30", 3, "2026-10-10"),  # Saturday 10 October is worked
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-09-18", 1, "2026-09-20"),  # Sunday 20 September is worked
        ("2026-11-20", 5, "2026-11-27"),
        ("2026-11-21", 1, "2026-11-23"),  # begins on a Saturday
        ("2026-11-20", 0, "2026-11-20"),
    ],
)
def test_a_deadline_in_working_days(start: str, days: int, end: str) -> None:
    assert CALENDAR.after(date.fromisoformat(start), days) == date.fromisoformat(end)


@given(st.dates(date(2025, 1, 1), date(2027, 1, 1)), st.integers(0, 60))
def test_counting_forward_and_back_agree_with_a_walk(start: date, days: int) -> None:
    end = CALENDAR.after(start, days)
    walked = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(CALENDAR.works(day) for day in walked) == days == CALENDAR.between(start, end)
    assert days == 0 or CALENDAR.works(end)
    assert CALENDAR.between(end, start) == -days


def test_a_year_nobody_has_confirmed_is_said() -> None:
    assert CALENDAR.doubts(date(2026, 3, 1), date(2026, 4, 1)) is None
    assert CALENDAR.doubts(date(2026, 12, 25), date(2027, 1, 8)) == (
        "2027年的节假日还没有人确认，期限按现有工作日历计算，属假定"
    )


def test_an_absurd_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="应在 0 到 500 之间"):
        CALENDAR.after(date(2026, 1, 1), 501)


@pytest.mark.parametrize(
    ("day", "working", "name", "source", "says"),
    [
        (date(2026, 10, 1), False, "国庆节", "放假通知", None),
        (date(2026, 10, 10), True, "国庆节调休", "放假通知", None),
        (date(2026, 10, 3), False, "国庆节", "放假通知", "周末，本来就休息"),
        (date(2026, 10, 1), True, "国庆节", "放假通知", "本来就上班"),
        (date(2026, 10, 1), False, " ", "放假通知", "名称"),
        (date(2026, 10, 1), False, "国庆节", "", "依据"),
    ],
)
def test_what_a_special_day_needs(day: date, working: bool, name: str, source: str, says: str | None) -> None:
    refusal = why_not_day(day, working=working, name=name, source=source)
    assert (refusal is None) if says is None else (refusal is not None and says in refusal)


def test_the_package_knows_this_year_and_says_nothing_of_a_far_one() -> None:
    rows = {row.day: row for row in published(2026)}
    assert not rows[date(2026, 10, 1)].working
    assert rows[date(2026, 10, 10)].working
    assert date(2026, 10, 3) not in rows  # a Saturday, free anyway
    assert published(2035) == []
