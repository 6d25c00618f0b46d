"""考勤规则: school days, who may enter which day, and days away in a row."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.attendance import rules
from bureau.attendance.terms import SchoolCalendar, Span, assumed_span, month_end, term_name
from bureau.workdays.rules import Calendar

# 2026-10-01 to 10-07 are off, and 2026-10-10, a Saturday, is worked.
HOLIDAYS = {date(2026, 10, n): False for n in (1, 2, 5, 6, 7)} | {date(2026, 10, 10): True}
WORK = Calendar(HOLIDAYS, {2026})
ASSUMED = SchoolCalendar(WORK, {})
TYPED = SchoolCalendar(WORK, {"2026秋": Span("2026秋", date(2026, 8, 27), date(2027, 1, 22))})


@pytest.mark.parametrize(
    ("day", "assumed", "typed"),
    [
        (date(2026, 8, 26), False, False),
        (date(2026, 8, 27), False, True),  # school begins earlier than assumed
        (date(2026, 9, 1), True, True),
        (date(2026, 9, 5), False, False),  # Saturday
        (date(2026, 10, 1), False, False),  # holiday
        (date(2026, 10, 10), True, True),  # worked Saturday
        (date(2027, 1, 18), False, True),
        (date(2027, 2, 1), False, False),
    ],
)
def test_a_school_day_is_a_working_day_inside_a_term(day: date, assumed: bool, typed: bool) -> None:
    assert ASSUMED.is_school_day(day) is assumed
    assert TYPED.is_school_day(day) is typed


def test_assumed_terms_say_so() -> None:
    assert "假定" in (ASSUMED.doubts(date(2026, 9, 1), date(2026, 9, 30)) or "")
    assert TYPED.doubts(date(2026, 9, 1), date(2026, 9, 30)) is None
    # A year whose holidays nobody confirmed is said as well.
    assert "2027" in (TYPED.doubts(date(2026, 12, 1), date(2027, 1, 5)) or "")


def test_names_of_terms() -> None:
    assert term_name(date(2026, 9, 1)) == "2026秋"
    assert term_name(date(2027, 1, 10)) == "2026秋"
    assert term_name(date(2027, 3, 1)) == "2027春"
    assert assumed_span("2026秋").until == date(2027, 1, 15)
    for wrong in ("", "秋", "2026", "2026夏", "二零秋"):
        with pytest.raises(ValueError):
            assumed_span(wrong)
    assert month_end(date(2026, 12, 3)) == date(2026, 12, 31)
    assert month_end(date(2028, 2, 1)) == date(2028, 2, 29)


def enter(**changes: object) -> str | None:
    given_: dict[str, object] = {
        "role": "teacher", "in_area": True, "own_class": True, "day": date(2026, 9, 3), "today": date(2026, 9, 3),
        "school_day": True, "back": 0, "reach": rules.Reach(), "roll": 40,
    }  # fmt: skip
    return rules.why_not_enter(**(given_ | changes))  # type: ignore[arg-type]


def test_who_may_enter_which_day() -> None:
    assert enter() is None
    assert "不是这个班的班主任" in (enter(own_class=False) or "")
    assert "不在您的辖区" in (enter(role="school", in_area=False) or "")
    assert "还没有到" in (enter(today=date(2026, 9, 2)) or "")
    assert "不是上学日" in (enter(school_day=False) or "")
    assert "没有在读学生" in (enter(roll=0) or "")
    assert "请学校账号登记" in (enter(back=6) or "")
    assert enter(role="school", back=6) is None
    assert "请教育局登记" in (enter(role="school", back=31) or "")
    assert enter(role="office", back=200) is None
    assert "写明原因" in (enter(changing=True) or "")
    assert enter(changing=True, reason="家长补交病假条") is None
    assert "不能登记考勤" in (enter(role="township") or "")


def test_every_problem_of_the_named_at_once() -> None:
    roll = {"a": "马演示", "b": "李演示"}
    wrong = rules.why_not_named(
        [("a", "sick", "day", ""), ("a", "flu", "night", "x" * 101), ("z", "late", "day", "")], roll=roll
    )
    assert len(wrong) == 5
    assert any("马演示登记了两次" in one for one in wrong)
    assert any("“flu”" in one for one in wrong)
    assert any("“night”" in one for one in wrong)
    assert any("101 个字" in one for one in wrong)
    assert any("不在这个班" in one for one in wrong)
    assert rules.why_not_named([("a", "sick", "am", "")], roll=roll) == []


def test_halves() -> None:
    assert rules.halves_of("sick", "day") == 2
    assert rules.halves_of("sick", "am") == 1
    assert rules.halves_of("late", "day") == 0


def days(*numbers: int) -> list[date]:
    return [date(2026, 9, number) for number in numbers]


def test_away_in_a_row() -> None:
    week = days(1, 2, 3, 4, 7, 8)
    away = dict.fromkeys(days(3, 4, 7, 8), "unexcused") | {date(2026, 9, 4): "sick"}
    assert rules.streak(week, week, away) == rules.Streak(4, date(2026, 9, 3), date(2026, 9, 8), 3, 0)
    # The roll was not called on the 7th: the day neither counts nor breaks the row.
    assert rules.streak(week, set(week) - set(days(7)), away) == rules.Streak(
        3, date(2026, 9, 3), date(2026, 9, 8), 2, 1
    )
    # Present at the last call: no row. Nothing called: no row.
    assert rules.streak(week, week, dict.fromkeys(days(1, 2, 3), "sick")) is None
    assert rules.streak(week, (), away) is None
    # Days without a call at either end say nothing.
    assert rules.streak(week, days(2, 3, 4), away) == rules.Streak(
        2, date(2026, 9, 3), date(2026, 9, 4), 1, 0
    )


def plain_streak(known: list[date], called: set[date], away: dict[date, str]) -> tuple[int, int] | None:
    """The slow twin: days counted forwards, starting anew at each presence."""
    row: list[date] = []
    for day in known:
        if day in called:
            row = [*row, day] if day in away else []
    if not row:
        return None
    inside = [day for day in known if row[0] <= day <= row[-1] and day not in called]
    return len(row), len(inside)


@given(st.lists(st.sampled_from(["present", "away", "unknown"]), max_size=30))
def test_a_row_counted_backwards_is_the_row_counted_forwards(marks: list[str]) -> None:
    known = [date(2026, 9, 1) + timedelta(days=n) for n in range(len(marks))]
    called = {day for day, mark in zip(known, marks, strict=True) if mark != "unknown"}
    away = {day: "sick" for day, mark in zip(known, marks, strict=True) if mark == "away"}
    found = rules.streak(known, called, away)
    assert (found and (found.days, found.unknown)) == plain_streak(known, called, away)


def test_appointing() -> None:
    def why(**changes: object) -> str | None:
        given_: dict[str, object] = {
            "role": "school", "in_area": True, "teacher_role": "teacher", "same_school": True, "active": True,
            "since": date(2026, 9, 1), "held_since": None,
        }  # fmt: skip
        return rules.why_not_appoint(**(given_ | changes))  # type: ignore[arg-type]

    assert why() is None
    assert "学校或教育局" in (why(role="teacher") or "")
    assert "不在您的辖区" in (why(in_area=False) or "")
    assert "角色为“教师”" in (why(teacher_role="leader") or "")
    assert "不属于本校" in (why(same_school=False) or "")
    assert "已停用" in (why(active=False) or "")
    assert "不能更早" in (why(held_since=date(2026, 9, 2)) or "")


def test_terms_typed() -> None:
    def why(**changes: object) -> str | None:
        given_: dict[str, object] = {
            "role": "office", "name": "2026秋", "since": date(2026, 8, 27), "until": date(2027, 1, 22), "source": "校历",
        }  # fmt: skip
        return rules.why_not_term(**(given_ | changes))  # type: ignore[arg-type]

    assert why() is None
    assert "教育局" in (why(role="school") or "")
    assert "2026秋" in (why(name="26秋") or "")
    assert "之后" in (why(until=date(2026, 8, 1)) or "")
    assert "核对" in (why(until=date(2027, 8, 1)) or "")
    assert "依据" in (why(source=" ") or "")
