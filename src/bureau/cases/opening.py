"""立案: by hand, and by being passed on from another ledger."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from bureau.attendance import queries as attendance
from bureau.attendance.shapes import ClassRef
from bureau.cases import change, packs, rules
from bureau.cases.filling import fill, put_sealed
from bureau.cases.models import Case, Event
from bureau.cases.sitting import Sitting
from bureau.cases.subjects import Place, places
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.people.scope import scope_of
from bureau.workdays.queries import calendar
from bureau.workdays.rules import Calendar
from junheng.policy.ledgers import LIVE, SUBJECT_WORDS, Ledger, Move


def open_case(
    *,
    county_code: str,
    ledger: str,
    subject_key: str,
    item: str = "",
    fields: Mapping[str, object] | None = None,
    text: str = "",
    by: User,
    at: datetime,
    today: date,
    place: Place | None = None,
    address: str = "",
) -> Case:
    """手工立案. `place` says where a line of an outside register stands; other subjects are looked up. Raises Refused."""
    of = packs.ledger(county_code, ledger)
    if of.subject != "line" or place is None:
        place = places(county_code, of.subject, [subject_key], today).get(subject_key)
    if place is None:
        raise Refused(f"没有找到这个{SUBJECT_WORDS[of.subject]}，请核对后再立案")
    sitting = Sitting(by)
    with transaction.atomic():
        live = Case.objects.filter(
            county_code=county_code, ledger=ledger, subject_key=subject_key, item=item, phase__in=LIVE
        ).exists()
        scope = scope_of(by)
        inside = scope.covers(
            school_code=place.school_code, township_code=place.township_code, county_code=county_code
        )
        demand(rules.why_not_open(of, by=by, in_scope=inside, live=live, item=item))
        demand(rules.why_not_write_restricted(of.access, by=by, cleared=sitting.cleared))
        case = new_case(of, county_code, subject_key, item, place, day=today)
        case.opened_by = by
        case.done_by, case.done_at = None, None
        place_owner(case, today)
        sealed = fill(case, of, fields or {}, sitting)
        change.redate(case, of, {}, calendar=lambda: sitting.calendar)
        case.save()
        put_sealed(case, sealed)
        change.stay_of(case, "opened", today).save()
        hold_owner(case, today, by)
        change.event_of(
            case, Event.What.OPENED, at=at, day=today, by=by, text=text, after=case.state, fields=case.fields
        ).save()
        obj = ("case", str(case.pk))
        write(by=by, verb=Verb.CREATE, obj=obj, detail={"ledger": ledger}, at=at, address=address)
    return case


def new_case(
    of: Ledger,
    county_code: str,
    subject_key: str,
    item: str,
    place: Place,
    *,
    day: date,
    days: Calendar | None = None,
) -> Case:
    """A case in its first state, not yet saved. `days` is the calendar of whoever makes many."""
    case = Case(
        county_code=county_code,
        ledger=of.code,
        access=of.access,
        subject=of.subject,
        subject_key=subject_key,
        item=item,
        opened_on=day,
        needs_proof=of.proof == "data",
        **place.fields(),
    )
    change.enter(case, of, of.initial, day=day, calendar=days or calendar())
    return case


def pass_on(case: Case, step: Move, text: str, *, by: User, at: datetime, today: date) -> None:
    """转入另一台账: a case there, with the columns of the same name; one that is live already takes the note instead."""
    of = packs.ledger(case.county_code, step.passes_to)
    there = Case.objects.filter(
        county_code=case.county_code, ledger=of.code, subject_key=case.subject_key, item="", phase__in=LIVE
    ).first()
    here = packs.ledger(case.county_code, case.ledger).title
    if there is None:
        place = Place(**{name: getattr(case, name) for name in Place.__slots__})
        there = new_case(of, case.county_code, case.subject_key, "", place, day=today)
        there.opened_by = by
        known = {column.name for column in of.columns if column.access == "child"}
        there.fields = {name: value for name, value in case.fields.items() if name in known}
        there.evidence = case.evidence
        place_owner(there, today)
        there.save()
        change.stay_of(there, "opened", today).save()
        hold_owner(there, today, by)
    change.event_of(
        there,
        Event.What.OPENED,
        at=at,
        day=today,
        by=by,
        text=f"由“{here}”第 {case.pk} 号转入。{text}",
        after=there.state,
    ).save()
    own = Event.objects.filter(of=case).order_by("-id").first()
    if own is not None:
        Event.objects.filter(pk=own.pk).update(text=f"{own.text} 转入“{of.title}”第 {there.pk} 号"[:2000])


def place_owner(case: Case, today: date) -> None:
    """责任人 by rule at the level of the class: its class teacher, if he has an account."""
    if case.level == "class" and case.class_number is not None:
        ref = ClassRef(case.county_code, case.school_code, case.grade, case.class_number)
        room = attendance.homeroom_of(ref, today)
        case.owner = room.user if room and room.user and room.user.is_active else None


def hold_owner(case: Case, today: date, by: User | None) -> None:
    if case.phase in LIVE:
        change.hold(case, line="", level=case.level, user=case.owner, day=today, by=by, reason="")
