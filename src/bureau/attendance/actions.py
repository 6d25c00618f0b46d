"""考勤的写入: roll calls, homerooms, terms and limits. Each is one transaction with one line in the log."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from bureau.attendance import queries, rules
from bureau.attendance.models import ClassDay, Homeroom, Limits, Term
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


# --- homerooms -----------------------------------------------------------------------------------------------------


def appoint(
    *,
    ref: ClassRef,
    user: User | None,
    since: date,
    by: User,
    at: datetime,
    reason: str = "",
    teacher_name: str = "",
    teacher_key: str = "",
    address: str = "",
) -> Homeroom:
    """指定班主任, or hand the class over: the one in charge ends on the day the next begins; both stay on record."""
    with transaction.atomic():
        held = Homeroom.objects.filter(**ref._asdict(), until=None).select_for_update(of=("self",)).first()
        refusal = rules.why_not_appoint(
            role=by.role,
            in_area=_in_area(ref, by, since),
            teacher_role=user.role if user else "",
            same_school=user.school_code == ref.school_code if user else True,
            active=user.is_active if user else True,
            since=since,
            held_since=held.since if held else None,
        )
        name = (teacher_name or (user.display_name if user else "")).strip()[:40]
        if refusal or not name:
            raise Refused(refusal or "请选择账号，或填写班主任姓名")
        if held and held.user_id == (user.pk if user else None) and held.teacher_name == name:
            return held
        if held:
            held.until, held.ended_by = since, by
            held.save(update_fields=["until", "ended_by"])
        made = Homeroom.objects.create(
            **ref._asdict(), user=user, teacher_name=name, teacher_key=teacher_key, since=since, by=by, at=at, reason=reason[:120]
        )  # fmt: skip
        write(
            by=by,
            verb=Verb.HAND_OVER if held else Verb.ASSIGN,
            obj=("homeroom", f"{ref.school_code} {ref.grade}-{ref.class_number}"),
            detail={"to": name, "account": user.username if user else "", "from": held.teacher_name if held else "", "since": since},
            reason=reason,
            at=at,
            address=address,
        )  # fmt: skip
    return made


def appoint_many(
    *,
    rows: Sequence[tuple[ClassRef, User | None, str, date]],
    by: User,
    at: datetime,
    reason: str = "",
    address: str = "",
) -> int:
    """成批指定班主任 (class, account, name, since), all or none; answers how many changed. Every problem is said at once."""
    problems, changed = [], 0
    with transaction.atomic():
        for ref, user, name, since in rows:
            before = queries.homeroom_of(ref, since)
            try:
                after = appoint(ref=ref, user=user, teacher_name=name, since=since, by=by, at=at, reason=reason, address=address)  # fmt: skip
            except Refused as refusal:
                problems.append(f"{ref.school_code} {ref.grade}年级{ref.class_number}班：{refusal}")
            else:
                changed += before is None or before.pk != after.pk
        if problems:
            raise Refused("；".join(problems))
    return changed


def end_homeroom(
    *, ref: ClassRef, until: date, by: User, at: datetime, reason: str, address: str = ""
) -> Homeroom:
    """结束班主任 without a successor: the class then has nobody in charge, and says so."""
    with transaction.atomic():
        held = Homeroom.objects.filter(**ref._asdict(), until=None).select_for_update(of=("self",)).first()
        if held is None:
            raise Refused("这个班现在没有班主任")
        refusal = rules.why_not_appoint(
            role=by.role, in_area=_in_area(ref, by, until), teacher_role="", same_school=True, active=True, since=until, held_since=held.since
        )  # fmt: skip
        if refusal or not reason.strip():
            raise Refused(refusal or "请写明原因")
        held.until, held.ended_by = until, by
        held.save(update_fields=["until", "ended_by"])
        write(
            by=by,
            verb=Verb.HAND_OVER,
            obj=("homeroom", f"{ref.school_code} {ref.grade}-{ref.class_number}"),
            detail={"to": "", "from": held.teacher_name, "since": until},
            reason=reason,
            at=at,
            address=address,
        )
    return held


def _in_area(ref: ClassRef, by: User, day: date) -> bool:
    place = rows_on("schools", day, ref.county_code).filter(school_code=ref.school_code)
    return place.filter(scope_of(by).schools()).exists()


# --- settings ------------------------------------------------------------------------------------------------------


def set_term(
    *, county_code: str, name: str, since: date, until: date, source: str, by: User, at: datetime, address: str = ""
) -> Term:  # fmt: skip
    """登记学期: takes the place of the assumed dates, or of dates typed before."""
    refusal = rules.why_not_term(role=by.role, name=name, since=since, until=until, source=source)
    others = Term.objects.filter(county_code=county_code, since__lte=until, until__gte=since)
    crossing = others.exclude(name=name).first()
    if refusal is None and crossing:
        refusal = (
            f"与{crossing.name}（{crossing.since:%Y-%m-%d} 至 {crossing.until:%Y-%m-%d}）重叠，请先改那个学期"
        )
    if refusal:
        raise Refused(refusal)
    with transaction.atomic():
        before = Term.objects.filter(county_code=county_code, name=name).first()
        term, _made = Term.objects.update_or_create(
            county_code=county_code, name=name, defaults={"since": since, "until": until, "source": source[:120], "by": by, "at": at}
        )  # fmt: skip
        write(
            by=by,
            verb=Verb.CHANGE_SETTING,
            obj=("term", f"{county_code} {name}"),
            detail={"since": since, "until": until, "before": [before.since, before.until] if before else [], "source": source},
            at=at,
            address=address,
        )  # fmt: skip
    return term


def set_limits(
    *, county_code: str, teacher_days: int, school_days: int, by: User, at: datetime, address: str = ""
) -> Limits:
    """登记补登时限."""
    refusal = rules.why_not_settle(role=by.role)
    if refusal is None and not 0 <= teacher_days <= school_days <= 200:
        refusal = "班主任的时限应不超过学校的，且都在 0 到 200 个上学日之间"
    if refusal:
        raise Refused(refusal)
    with transaction.atomic():
        values = {"teacher_days": teacher_days, "school_days": school_days, "by": by, "at": at}
        limits, _made = Limits.objects.update_or_create(county_code=county_code, defaults=values)
        write(
            by=by,
            verb=Verb.CHANGE_SETTING,
            obj=("attendance_limits", county_code),
            detail={"teacher_days": teacher_days, "school_days": school_days},
            at=at,
            address=address,
        )
    return limits
