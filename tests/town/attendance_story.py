"""编造的考勤: a term of roll calls for the whole county, by the actions people use. All invented; reasons say 演示.

A few pupils are away for days on end, a few classes forget to call the roll, one class has changed hands.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from bureau.attendance import actions, homeroom_actions, queries
from bureau.attendance.models import ClassDay, Homeroom
from bureau.attendance.shapes import ClassRef, Named, RollCall
from bureau.people.models import User

_SHARE = 0.006  # of the pupils away on an ordinary day
_FORGOTTEN = 0.004  # of the roll calls
_KINDS = (
    ("sick", "演示：感冒发烧"),
    ("sick", "演示：肠胃不适"),
    ("personal", "演示：家中有事"),
    ("late", ""),
)
_LONG = ("unexcused", "演示：联系不上家长")
_DAYS = 60


def attendance_story(county_code: str, *, today: date) -> dict[str, int]:
    """Roll calls of the term up to the newest school day before `today`. Answers what was entered."""
    suffix = "" if county_code == "640324" else f"-{county_code}"
    people = {
        one.username.removesuffix(suffix): one for one in User.objects.filter(username__endswith=suffix)
    }
    bureau = people["basic"]
    days = _days(county_code, today)
    if not days or ClassDay.objects.filter(county_code=county_code).exists():
        return {"days": 0}
    pupils: dict[ClassRef, list[str]] = defaultdict(list)
    for key, school, grade, number in (
        queries.on_the_roll(county_code, days[-1])
        .exclude(stage="学前")
        .order_by("key")
        .values_list("key", "school_code", "grade", "class_number")
    ):
        pupils[ClassRef(county_code, school, grade, number)].append(key)
    homerooms = _homerooms(pupils, people, days[0])
    chance = Random(f"attendance {county_code}")
    calls = _calls(pupils, days, chance)
    at = _at(days[-1], 10)
    new = 0
    for start in range(0, len(days), 20):
        part = set(days[start : start + 20])
        entered, _corrected = actions.enter_many(
            county_code=county_code,
            calls=[call for call in calls if call.day in part],
            by=bureau,
            at=min(at, _at(max(part), 18)),
            today=today,
        )
        new += entered
    _correct(calls, people, today, at)
    return {"days": len(days), "calls": new, "classes": len(pupils), "homerooms": homerooms}


def _days(county_code: str, today: date) -> Sequence[date]:
    """The newest school days: of this term, or of the last one when school is out."""
    known = queries.school_calendar(county_code)
    days = known.between(today - timedelta(days=150), today - timedelta(days=1))[-_DAYS:]
    term = known.term(days[-1]) if days else None
    return [day for day in days if term and term.since <= day <= term.until]


def _homerooms(pupils: dict[ClassRef, list[str]], people: dict[str, User], since: date) -> int:
    """The demo teachers have two classes each of their school; one class was handed over."""
    made = 0
    for name, place in (("teacher", 0), ("teacher2", 2)):
        teacher = people.get(name)
        head = people.get("nine") or people.get("school")
        if teacher is None:
            continue
        own = sorted(ref for ref in pupils if ref.school_code == teacher.school_code)[place : place + 2]
        for ref in own:
            by = head if head and head.school_code == teacher.school_code else people["basic"]
            if name == "teacher" and ref == own[0]:
                homeroom_actions.appoint(
                    ref=ref, user=None, teacher_name="演示·前任班主任", since=since, by=by, at=_at(since, 8)
                )
            after = since + timedelta(days=14) if name == "teacher" and ref == own[0] else since
            homeroom_actions.appoint(
                ref=ref, user=teacher, since=after, by=by, at=_at(after, 8), reason="演示：分工调整"
            )
            made += 1
    return made


def _calls(pupils: dict[ClassRef, list[str]], days: Sequence[date], chance: Random) -> list[RollCall]:
    """Every class on every day: a few away, of one class in ten somebody for days on end, a few calls forgotten."""
    named: dict[tuple[ClassRef, date], dict[str, Named]] = defaultdict(dict)
    for ref, keys in pupils.items():
        for _ in range(_about(len(keys) * len(days) * _SHARE, chance)):
            key, start = chance.choice(keys), chance.randrange(len(days))
            kind, reason = chance.choice(_KINDS)
            length = 1 if kind == "late" else chance.choice((1, 1, 1, 2, 3))
            part = chance.choice(("day", "day", "am", "pm")) if length == 1 and kind != "late" else "day"
            for day in days[start : start + length]:
                named[ref, day].setdefault(key, Named(key, kind, part, reason))
        if chance.random() < 0.1:
            key = chance.choice(keys)
            for day in days[-chance.randint(3, min(25, len(days))) :]:
                named[ref, day][key] = Named(key, _LONG[0], "day", _LONG[1])
    forgotten = {ref for ref in pupils if chance.random() < 0.05}
    return [
        RollCall(ref, day, tuple(named[ref, day].values()) if (ref, day) in named else ())
        for day in days
        for ref in pupils
        if not (chance.random() < _FORGOTTEN or (day == days[-1] and ref in forgotten))
    ]


def _correct(calls: Sequence[RollCall], people: dict[str, User], today: date, at: datetime) -> None:
    """One pupil came back in the afternoon: the roll call of that day is corrected, and both stay on record."""
    own = set(Homeroom.objects.filter(user__isnull=False).values_list("school_code", "grade", "class_number"))
    for call in reversed(calls):
        if call.absences and call.ref[1:] in own:
            first, *rest = call.absences
            actions.enter(
                ref=call.ref,
                day=call.day,
                absences=[Named(first.student_key, "personal", "am", "演示：下午已返校"), *rest],
                by=people["basic"],
                at=at,
                today=today,
                reason="演示：下午已返校，更正为半天",
            )
            return


def _about(number: float, chance: Random) -> int:
    """The whole number below or above, so that the mean is `number`."""
    return int(number) + (chance.random() < number % 1)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour - 8), UTC)
