"""点名的写入: one roll call, or many at once. Each is one transaction with one line in the log."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from bureau.attendance import queries, rules
from bureau.attendance.models import ClassDay
from bureau.attendance.rolls import Rolls
from bureau.attendance.shapes import ClassRef, Named, RollCall
from bureau.attendance.storing import Stored, retire, store
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.scope import scope_of
from bureau.registry.queries import rows_on

__all__ = ["ClassRef", "Named", "Refused", "RollCall"]

ANY = -1


def enter(
    *,
    ref: ClassRef,
    day: date,
    absences: Sequence[Named],
    by: User,
    at: datetime,
    today: date,
    source: str = "desk",
    reason: str = "",
    expected: int | None = ANY,
    address: str = "",
) -> ClassDay:
    """登记考勤 of one class; the same call corrects, and keeps what stood before. Naming the same again changes nothing.

    `expected` is the version that was on the screen (None: none); Refused when another came in between.
    """
    call = RollCall(ref, day, tuple(absences))
    with transaction.atomic():
        found = queries.entry(ref, day)
        if expected != ANY and (found.pk if found else None) != expected:
            who = found.by.display_name if found else ""
            raise Refused(f"{who}刚刚登记过这个班的这一天，请刷新后核对再登记")
        if found and _same(found, absences):
            refusal = _checker(ref.county_code, by=by, today=today)(call, found.roll, False, reason)
            if refusal:
                raise Refused(refusal)
            return found
        _save([call], {(ref, day): found} if found else {}, by=by, at=at, today=today, source=source, reason=reason)  # fmt: skip
        saved = ClassDay.objects.get(**ref._asdict(), day=day, replaced_at=None)
        write(
            by=by,
            verb=Verb.ATTEND,
            obj=("class_day", f"{ref.school_code} {ref.grade}-{ref.class_number} {day}"),
            detail={
                "roll": saved.roll,
                "kinds": dict(Counter(one.kind for one in absences)),
                "pupils": [one.student_key for one in absences],
                "source": source,
                "replaces": found.pk if found else None,
            },
            reason=reason,
            at=at,
            address=address,
        )
    return saved


def enter_many(
    *,
    county_code: str,
    calls: Sequence[RollCall],
    by: User,
    at: datetime,
    today: date,
    source: str = "excel",
    reason: str = "",
    address: str = "",
) -> tuple[int, int]:
    """成批登记, all or none: (new roll calls, corrected ones); those that say the same as before are left alone."""
    if not calls:
        raise Refused("没有可登记的内容")
    with transaction.atomic():
        days = [call.day for call in calls]
        schools = {call.ref.school_code for call in calls}
        rows = ClassDay.objects.filter(
            county_code=county_code, day__gte=min(days), day__lte=max(days), replaced_at=None
        ).prefetch_related("absences")
        if len(schools) == 1:
            rows = rows.filter(school_code=next(iter(schools)))
        standing = {(queries.ref_of(one), one.day): one for one in rows}
        wanted = [
            call
            for call in calls
            if (call.ref, call.day) not in standing or not _same(standing[call.ref, call.day], call.absences)
        ]
        replaced = {
            (call.ref, call.day): standing[call.ref, call.day]
            for call in wanted
            if (call.ref, call.day) in standing
        }
        if wanted:
            _save(wanted, replaced, by=by, at=at, today=today, source=source, reason=reason or "Excel 更正")
            write(
                by=by,
                verb=Verb.ATTEND,
                obj=("class_days", county_code),
                detail={
                    "calls": len(wanted),
                    "corrected": len(replaced),
                    "since": min(days),
                    "until": max(days),
                    "absences": sum(len(call.absences) for call in wanted),
                    "source": source,
                },
                reason=reason,
                at=at,
                address=address,
            )
    return len(wanted) - len(replaced), len(replaced)


def _save(
    calls: Sequence[RollCall],
    replaced: Mapping[tuple[ClassRef, date], ClassDay],
    *,
    by: User,
    at: datetime,
    today: date,
    source: str,
    reason: str,
) -> None:
    """Check every roll call and store them all. Raises Refused with every problem at once."""
    rolls = Rolls(calls)
    check = _checker(calls[0].ref.county_code, by=by, today=today)
    problems, rows = [], []
    for call in calls:
        names = rolls.of(call.ref, call.day)
        refusal = check(call, len(names), (call.ref, call.day) in replaced, reason)
        wrong = [refusal] if refusal else rules.why_not_named(
            [(one.student_key, one.kind, one.part, one.reason) for one in call.absences], roll=names
        )  # fmt: skip
        if wrong:
            problems += [f"{where(call)}：{one}" if len(calls) > 1 else one for one in wrong]
            continue
        corrected = (call.ref, call.day) in replaced
        rows.append(Stored(call, len(names), by.pk, at, source, reason[:120] if corrected else ""))
    if problems:
        more = f"……共 {len(problems)} 处" if len(problems) > 50 else ""
        raise Refused("；".join(problems[:50]) + more)
    retire([one.pk for one in replaced.values()], at=at)
    store(rows)


def _checker(county_code: str, *, by: User, today: date) -> Callable[[RollCall, int, bool, str], str | None]:
    """The rule of `why_not_enter` for one person; what holds for all classes and days is looked up once."""
    known = queries.school_calendar(county_code)
    reach, scope = queries.reach(county_code), scope_of(by)
    own: dict[date, set[ClassRef]] = {}
    back: dict[date, tuple[bool, int]] = {}
    schools: dict[str, bool] = {}

    def check(call: RollCall, roll: int, changing: bool, reason: str) -> str | None:
        day, school = call.day, call.ref.school_code
        if by.role == "teacher" and day not in own:
            own[day] = set(queries.classes_of(by, day)) | set(queries.classes_of(by, today))
        if day not in back:
            back[day] = known.is_school_day(day), known.count(day, today) if day < today else 0
        if school not in schools:
            place = rows_on("schools", day, county_code).filter(school_code=school)
            schools[school] = place.filter(scope.schools()).exists()
        return rules.why_not_enter(
            role=by.role,
            in_area=schools[school],
            own_class=call.ref in own.get(day, ()),
            day=day,
            today=today,
            school_day=back[day][0],
            back=back[day][1],
            reach=reach,
            roll=roll,
            changing=changing,
            reason=reason,
        )

    return check


def where(call: RollCall) -> str:
    """Which class and day, in a sentence."""
    return f"{call.ref.school_code} {call.ref.grade}年级{call.ref.class_number}班 {call.day:%Y-%m-%d}"


def _same(found: ClassDay, absences: Sequence[Named]) -> bool:
    before = {(one.student_key, one.kind, one.part, one.reason) for one in found.absences.all()}
    return before == {(one.student_key, one.kind, one.part, one.reason.strip()) for one in absences}
