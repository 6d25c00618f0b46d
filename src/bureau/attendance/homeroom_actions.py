"""班主任的写入: who is in charge of a class, handed over with its history."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from bureau.attendance import queries, rules
from bureau.attendance.models import Homeroom
from bureau.attendance.shapes import ClassRef
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.scope import scope_of
from bureau.registry.queries import rows_on


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
