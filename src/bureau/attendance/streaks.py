"""连续缺勤: pupils away in a row, when they were seen again, and one child's attendance."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet

from bureau.attendance import rules
from bureau.attendance.models import Absence, ClassDay
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
# Most streaks are told by the day before them; one more spares a second look where that day was not called.
ASKED_AT_ONCE = 2
CLASSES_AT_ONCE = 100
LATELY = 3


def streaks(
    county_code: str, on: date, *, at_least: int = 1, school_code: str = "", keys: Sequence[str] = ()
) -> list[Streak]:
    """连续缺勤 up to each class's last roll call by `on`: only pupils whole days away on that call, longest first."""
    since = on - timedelta(days=STREAK_REACH)
    rows = absence_rows(county_code, since, on, school_code).filter(halves=2)
    rows = rows.exclude(kind__in=rules.NO_ABSENCE)
    if keys:
        rows = rows.filter(student_key__in=keys)
    last = _last_calls(county_code, since, on, school_code, rows)
    now = {
        key: ClassRef(county_code, school, grade, number)
        for key, school, grade, number, day in rows.filter(day__in=set(last.values())).values_list(
            "student_key", "school_code", "grade", "class_number", "day"
        )
        if last.get(ClassRef(county_code, school, grade, number)) == day
    }
    away: dict[str, dict[date, str]] = defaultdict(dict)
    called: dict[str, set[date]] = defaultdict(set)
    for part in _parts(now):
        before = rows.filter(student_key__in=part).values_list(
            "student_key", "day", "kind", "school_code", "grade", "class_number"
        )
        for key, day, kind, school, grade, number in before:
            away[key][day] = kind
            if ClassRef(county_code, school, grade, number) == now[key]:
                # Who was named away was named at a roll call of this class.
                called[key].add(day)
    first = min((min(away[key]) for key in now), default=on)
    days = school_calendar(county_code).between(first, on)
    _ask_back(county_code, now, last, days, away, called)
    found = []
    for key, ref in now.items():
        one = rules.streak(days, called[key], away[key])
        if one and one.days >= at_least:
            found.append(Streak(key, *ref[1:], one.days, one.since, one.last, one.unexcused, one.unknown))
    return sorted(found, key=lambda one: (-one.days, one.school_code, one.grade, one.class_number))


def _last_calls(
    county_code: str, since: date, on: date, school_code: str, absent: QuerySet[Absence]
) -> dict[ClassRef, date]:
    """{class: its last roll call} of every class with a call of late, and of those with an absence before."""
    near = (school_calendar(county_code).between(since, on)[-LATELY:] or [since])[0]
    last = _newest(county_code, class_day_rows(county_code, near, on, school_code))
    before = absent.filter(day__lt=near).values_list("school_code", "grade", "class_number").distinct()
    quiet = {ref for row in before if (ref := ClassRef(county_code, *row)) not in last}
    for part in _of_classes(quiet):
        last |= _newest(county_code, ClassDay.objects.filter(part, day__gte=since, day__lt=near))
    return last


def _newest(county_code: str, calls: QuerySet[ClassDay]) -> dict[ClassRef, date]:
    rows = calls.filter(replaced_at=None).order_by().values_list("school_code", "grade", "class_number")
    return {
        ClassRef(county_code, school, grade, number): day
        for school, grade, number, day in rows.annotate(last=Max("day"))
    }


def _of_classes(classes: Iterable[ClassRef]) -> Iterator[Q]:
    """Conditions on `ClassDay`; without the county, as in `class_day_rows`: found through the index of classes."""
    refs = list(classes)
    for start in range(0, len(refs), CLASSES_AT_ONCE):
        either = Q()
        for ref in refs[start : start + CLASSES_AT_ONCE]:
            either |= Q(school_code=ref.school_code, grade=ref.grade, class_number=ref.class_number)
        yield either


def _ask_back(
    county_code: str,
    now: Mapping[str, ClassRef],
    last: Mapping[ClassRef, date],
    days: Sequence[date],
    away: Mapping[str, Mapping[date, str]],
    called: Mapping[str, set[date]],
) -> None:
    """Add to `called` what decides where each streak began: a few days a pupil, instead of every roll call of the county."""
    silent: dict[ClassRef, set[date]] = defaultdict(set)
    places = {ref: bisect_right(days, last[ref]) for ref in now.values()}
    starts = {key: bisect_left(days, min(away[key])) for key in now}
    while True:
        asked: dict[ClassRef, set[date]] = defaultdict(set)
        for key, ref in now.items():
            back = (days[place] for place in range(places[ref] - 1, starts[key] - 1, -1))
            asked[ref].update(_undecided(back, away[key], called[key], silent[ref]))
        asked = {ref: wanted for ref, wanted in asked.items() if wanted}
        if not asked:
            return
        answered = _called_on(asked)
        for ref, wanted in asked.items():
            silent[ref] |= wanted - answered.get(ref, set())
        for key, ref in now.items():
            called[key].update(answered.get(ref, ()))


def _undecided(
    back: Iterable[date], away: Mapping[date, str], called: Collection[date], silent: Collection[date]
) -> list[date]:
    """The next days, going back, of which it must be known whether the class called; none when the streak is told."""
    found: list[date] = []
    for day in back:
        if day in called:
            if day not in away:
                break
        elif day not in silent:
            found.append(day)
            if len(found) == ASKED_AT_ONCE:
                break
    return found


def _called_on(asked: Mapping[ClassRef, Collection[date]]) -> Mapping[ClassRef, set[date]]:
    """Of these days of these classes those with a roll call."""
    found: dict[ClassRef, set[date]] = defaultdict(set)
    (county_code,) = {ref.county_code for ref in asked}
    days = {day for wanted in asked.values() for day in wanted}
    for part in _of_classes(asked):
        rows = ClassDay.objects.filter(part, day__in=days, replaced_at=None).order_by()
        for school, grade, number, day in rows.values_list("school_code", "grade", "class_number", "day"):
            found[ClassRef(county_code, school, grade, number)].add(day)
    return found


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
