"""连续缺勤: pupils away in a row, when they were seen again, and one child's attendance."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Max

from bureau.attendance import rules
from bureau.attendance.rows import (
    AT_ONCE,
    absence_rows,
    absences,
    class_day_rows,
    class_of,
    days_called,
    pupils,
    school_calendar,
)
from bureau.attendance.shapes import ChildAttendance, ClassRef, Streak

# No streak is looked for further back than this; a pupil away so long has a case since long.
STREAK_REACH = 150


def streaks(
    county_code: str, on: date, *, at_least: int = 1, school_code: str = "", keys: Sequence[str] = ()
) -> list[Streak]:
    """连续缺勤 up to each class's last roll call by `on`: only pupils whole days away on that call, longest first."""
    since = on - timedelta(days=STREAK_REACH)
    last: dict[ClassRef, date] = {
        ClassRef(county_code, school, grade, number): day
        for school, grade, number, day in class_day_rows(county_code, since, on, school_code)
        .values_list("school_code", "grade", "class_number")
        .annotate(last=Max("day"))
    }
    rows = absence_rows(county_code, since, on, school_code).filter(halves=2)
    rows = rows.exclude(kind__in=rules.NO_ABSENCE)
    if keys:
        rows = rows.filter(student_key__in=keys)
    now = {
        key: ClassRef(county_code, school, grade, number)
        for key, school, grade, number, day in rows.filter(day__in=set(last.values())).values_list(
            "student_key", "school_code", "grade", "class_number", "day"
        )
        if last.get(ClassRef(county_code, school, grade, number)) == day
    }
    away: dict[str, dict[date, str]] = defaultdict(dict)
    for part in _parts(now):
        before = rows.filter(student_key__in=part).values_list("student_key", "day", "kind")
        for key, day, kind in before:
            away[key][day] = kind
    # Away on the last call only: the calls before it need not be known.
    longer = {now[key] for key in now if len(away[key]) > 1}
    first = min((min(away[key]) for key in now), default=on)
    called = _called(county_code, first, on, school_code, longer)
    days = school_calendar(county_code).between(first, on)
    found = []
    for key, ref in now.items():
        one = rules.streak(days, called.get(ref, {last[ref]}), away[key])
        if one and one.days >= at_least:
            found.append(Streak(key, *ref[1:], one.days, one.since, one.last, one.unexcused, one.unknown))
    return sorted(found, key=lambda one: (-one.days, one.school_code, one.grade, one.class_number))


def streaks_with(county_code: str, on: date, before: Sequence[Streak], *, at_least: int = 1) -> list[Streak]:
    """连续缺勤 as `streaks` tells it, from those of the day before (`at_least` one fewer) and the roll calls of `on` alone.

    The past need not be read again at each roll call of a morning. On a day without school nothing is added up: see `streaks`.
    """
    known = school_calendar(county_code)
    if not known.is_school_day(on):
        return streaks(county_code, on, at_least=at_least)
    called = {
        ClassRef(county_code, *row)
        for row in class_day_rows(county_code, on, on).values_list("school_code", "grade", "class_number")
    }
    rows = absence_rows(county_code, on, on).filter(halves=2).exclude(kind__in=rules.NO_ABSENCE)
    was = {one.student_key: one for one in before}
    found, moved = [], []
    for key, school, grade, number, kind in rows.values_list(
        "student_key", "school_code", "grade", "class_number", "kind"
    ):
        one = was.pop(key, None)
        if one is None:
            found.append(Streak(key, school, grade, number, 1, on, on, int(kind == "unexcused"), 0))
        elif (one.school_code, one.grade, one.class_number) == (school, grade, number):
            # The class's last call was that of the streak: the school days since then are not known.
            between = len(known.between(one.last, on)) - 2
            found.append(
                replace(
                    one,
                    days=one.days + 1,
                    last=on,
                    unexcused=one.unexcused + (kind == "unexcused"),
                    unknown=one.unknown + between,
                )
            )
        else:
            moved.append(key)
    for part in _parts(moved):
        found += streaks(county_code, on, keys=part)
    found += [one for one in was.values() if ClassRef(county_code, one.school_code, one.grade, one.class_number) not in called]  # fmt: skip
    long = [one for one in found if one.days >= at_least]
    return sorted(long, key=lambda one: (-one.days, one.school_code, one.grade, one.class_number))


def _parts(keys: Iterable[str]) -> Iterator[list[str]]:
    known = list(dict.fromkeys(keys))
    for start in range(0, len(known), AT_ONCE):
        yield known[start : start + AT_ONCE]


def _called(
    county_code: str, since: date, until: date, school_code: str, wanted: Iterable[ClassRef]
) -> Mapping[ClassRef, frozenset[date]]:
    """{class: days with a roll call} of the wanted classes."""
    classes = set(wanted)
    if not classes:
        return {}
    found = days_called(county_code, since, until, school_code=school_code)
    return {ref: frozenset(days) for ref, days in found.items() if ref in classes}


def seen_since(county_code: str, keys: Iterable[str], since: date, *, on: date) -> dict[str, date]:
    """到校的第一天: {student key: first roll call after `since` on which the pupil was on the roll and not named away}."""
    found: dict[str, date] = {}
    for part in _parts(keys):
        refs = {
            key: ClassRef(county_code, school, grade, number)
            for key, _id, _name, school, grade, number in pupils(county_code, on, part)
        }
        called = _called(county_code, since + timedelta(days=1), on, "", refs.values())
        rows = absence_rows(county_code, since + timedelta(days=1), on).filter(student_key__in=part)
        away = set(rows.filter(halves=2).values_list("student_key", "day"))
        for key, ref in refs.items():
            present = [day for day in sorted(called.get(ref, ())) if (key, day) not in away]
            if present:
                found[key] = present[0]
    return found


def child(county_code: str, student_key: str, since: date, until: date) -> ChildAttendance:
    """一名学生的考勤 between two days."""
    rows = tuple(absences(county_code, since, until, student_key=student_key))
    ref = class_of(county_code, student_key, until)
    if ref is None and rows:
        ref = ClassRef(county_code, *rows[-1][2:5])
    entered = _called(county_code, since, until, ref.school_code, [ref]).get(ref, ()) if ref else ()
    away = sum(row.halves for row in rows if row.kind not in rules.NO_ABSENCE)
    # Only the own school's roll calls: a page about one child does not read the county's.
    away_now = streaks(county_code, until, keys=[student_key], school_code=ref.school_code) if ref else []
    one = next(iter(away_now), None)
    streak = rules.Streak(one.days, one.since, one.last, one.unexcused, one.unknown) if one else None
    return ChildAttendance(rows, max(len(entered), len({row.day for row in rows})), away, streak)
