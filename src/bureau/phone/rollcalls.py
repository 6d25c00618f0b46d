"""手机与考勤之间: the only place where the phone meets the attendance room: one's own classes go out, roll calls come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db import IntegrityError, transaction

from bureau.attendance import actions, queries, rules
from bureau.attendance.models import ClassDay
from bureau.attendance.shapes import ClassRef, Named
from bureau.people.models import User
from bureau.people.rules import Permission, Refused, may
from bureau.phone.casework import Place
from bureau.phone.roll_lines import RollRecord
from bureau.registry.models import School
from junheng.tables import codes

# School days that are carried in advance, so that a phone without network knows them.
AHEAD = timedelta(days=14)
COLUMN = "roll"


@dataclass(frozen=True, slots=True)
class Taken:
    """一次点名的下落. A conflict and a refusal have written nothing."""

    kind: Literal["accepted", "conflict", "refused"]
    sentence: str = ""
    theirs: str = ""
    theirs_by: str = ""
    theirs_at: datetime | None = None


def classes(user: User, today: date) -> list[dict[str, Any]]:
    """本人的班, each with its roll and what was entered on the days that may still be entered; none without the right."""
    if not may(user.role, Permission.TAKE_ATTENDANCE):
        return []
    return [_class(ref, user, today) for ref in queries.classes_of(user, today)]


def _class(ref: ClassRef, user: User, today: date) -> dict[str, Any]:
    known, reach = queries.school_calendar(ref.county_code), queries.reach(ref.county_code)
    back = reach.teacher_days if user.role == User.Role.TEACHER else reach.school_days
    past = known.between(today - timedelta(days=3 * back + 60), today)[-back - 1 :]
    days = [*past, *known.between(today + timedelta(days=1), today + AHEAD)]
    rows = ClassDay.objects.filter(**ref._asdict(), day__in=past, replaced_at=None)
    entered = {one.day: one for one in rows.select_related("by").prefetch_related("absences")}
    return {
        "school": ref.school_code,
        "grade": ref.grade,
        "class": ref.class_number,
        "title": title(ref),
        "roll": list(queries.roll(ref, today).items()),
        "days": [_day(day, entered.get(day)) for day in days],
    }


def _day(day: date, entry: ClassDay | None) -> dict[str, Any]:
    named = (
        [[one.student_key, one.kind, one.part, one.reason] for one in entry.absences.all()] if entry else []
    )
    return {
        "day": day.isoformat(),
        "version": entry.pk if entry else None,
        "named": named,
        "by": entry.by.display_name if entry else "",
    }


def choices() -> dict[str, dict[str, str]]:
    """类别和时段, in the order of the buttons."""
    return {"kinds": dict(rules.KINDS), "parts": dict(rules.PARTS)}


def labels() -> set[str]:
    """The words of `choices`."""
    return {word for words in choices().values() for word in words.values()}


def title(ref: ClassRef) -> str:
    """三年级2班."""
    return f"{codes('grade').get(ref.grade, ref.grade)}{ref.class_number}班"


def about(record: RollRecord) -> str:
    """Which class and day a record is about."""
    return f"{title(ClassRef('', record.school_code, record.grade, record.class_number))} {record.day:%Y-%m-%d} 点名"


def place(record: RollRecord) -> Place | None:
    """Whose desk the record lies on; None for a school that is not in the register."""
    rows = School.objects.filter(school_code=record.school_code, replaced_by=None).order_by("-valid_from")
    found = rows.values_list("county_code", "township_code").first()
    return Place(found[0], found[1] or "", record.school_code) if found else None


def version_now(record: RollRecord) -> int | None:
    """The version of the day's roll call in force."""
    return _version(_entry(record))


def _version(entry: ClassDay | None) -> int | None:
    return entry.pk if entry else None


def words_now(record: RollRecord) -> str:
    """What stands there now, in words."""
    entry = _entry(record)
    return _words(_ref(record), record.day, _named(entry)) if entry else "没有登记"


def words(record: RollRecord) -> str:
    """What the phone says, in words."""
    return _words(_ref(record), record.day, record.named)


def take(record: RollRecord, *, by: User, at: datetime, today: date, address: str = "") -> Taken:
    """登记 what a phone says; what somebody else entered meanwhile, and otherwise, is answered and never overwritten."""
    entry = _entry(record)
    if _version(entry) != record.version and (entry is None or set(_named(entry)) != set(record.named)):
        if entry is not None:
            return Taken("conflict", "", words_now(record), entry.by.display_name, entry.at)
        return Taken("refused", "您看到的那次点名已被撤销，请联网更新后重新点名")
    try:
        with transaction.atomic():
            _enter(record, entry, record.reason, by=by, at=at, today=today, address=address)
    except Refused as refusal:
        return Taken("refused", str(refusal))
    except IntegrityError:
        if version_now(record) == _version(entry):
            raise
        # Somebody entered the same class and day at this very moment: the second look sees it.
        return take(record, by=by, at=at, today=today, address=address)
    return Taken("accepted")


def settle(
    record: RollRecord,
    *,
    version: int | None,
    reason: str,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> None:
    """按商定的结果登记 what the phone says over `version`, the one that was shown beside it. Raises Refused."""
    entry = _entry(record)
    if _version(entry) != version:
        raise Refused("这一天的点名刚刚又有人改过，请刷新后重新核对")
    why = reason.strip() or record.reason or "手机点名与已登记的不一致，经核对采用手机上的"
    _enter(record, entry, why, by=by, at=at, today=today, address=address)


def _enter(
    record: RollRecord,
    entry: ClassDay | None,
    reason: str,
    *,
    by: User,
    at: datetime,
    today: date,
    address: str,
) -> None:
    actions.enter(
        ref=_ref(record),
        day=record.day,
        absences=[Named(*one) for one in record.named],
        by=by,
        at=at,
        today=today,
        source="phone",
        reason=reason,
        expected=_version(entry),
        address=address,
    )


def _ref(record: RollRecord) -> ClassRef:
    where = place(record)
    return ClassRef(where.county_code if where else "", record.school_code, record.grade, record.class_number)


def _entry(record: RollRecord) -> ClassDay | None:
    return queries.entry(_ref(record), record.day)


def _named(entry: ClassDay) -> tuple[tuple[str, str, str, str], ...]:
    return tuple((one.student_key, one.kind, one.part, one.reason) for one in entry.absences.all())


def _words(ref: ClassRef, day: date, named: Sequence[tuple[str, str, str, str]]) -> str:
    roll = queries.roll(ref, day)
    said = []
    for key, kind, part, reason in named:
        more = "，".join(
            text for text in (rules.PARTS.get(part, part) if part != "day" else "", reason) if text
        )
        said.append(
            f"{roll.get(key, '不在名单上的学生')} {rules.KINDS.get(kind, kind)}{f'（{more}）' if more else ''}"
        )
    return "；".join(said) or "全员到校"
