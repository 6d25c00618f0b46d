"""期限随日历: each night the deadlines of live cases are counted again, so that a holiday entered later moves what was counted without it."""

from datetime import date, datetime

from django.db import transaction

from bureau.cases import change, deadlines, packs
from bureau.cases.escalating import rises
from bureau.cases.models import Case, Event
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.workdays.queries import calendar
from bureau.workdays.rules import Calendar
from junheng.policy.ledgers import LIVE, Ledger

WORKING = "working"
Deadline = tuple[date | None, str]


def redate(*, county_code: str, at: datetime, today: date) -> int:
    """Answers how many deadlines moved. Only those counted in working days; none becomes late by being counted again."""
    days = calendar()
    known = {ledger.code: ledger for ledger in packs.ledgers(county_code)}
    moved: list[Case] = []
    noted: list[Case] = []
    events: list[Event] = []
    with transaction.atomic():
        live = Case.objects.select_for_update().filter(
            county_code=county_code, ledger__in=known, phase__in=LIVE
        )
        live = live.exclude(due=None).order_by("pk")
        risen = rises(Event.objects.filter(of__county_code=county_code, of__phase__in=LIVE))
        for case in live:
            due, note = _deadline(case, known[case.ledger], risen, days)
            if due is None or case.due is None or (due < case.due and due < today):
                continue
            if due != case.due:
                text = f"按现在的工作日历和期限设置，期限由 {case.due} 改为 {due}"
                case.revision += 1
                moved.append(case)
                events.append(change.event_of(case, Event.What.CHANGED, at=at, day=today, by=None, text=text))
            elif note != case.due_note:
                noted.append(case)
            case.due, case.due_note = due, note
        Case.objects.bulk_update(moved, ["due", "due_note", "revision"], batch_size=200)
        Case.objects.bulk_update(noted, ["due_note"], batch_size=200)
        Event.objects.bulk_create(events, batch_size=500)
        if moved:
            write(
                by=None, verb=Verb.CHANGE, obj=("ledgers", county_code), detail={"redated": len(moved)}, at=at
            )
    return len(moved)


def _deadline(case: Case, ledger: Ledger, risen: dict[int, date], days: Calendar) -> Deadline:
    """The deadline of the state it is in, or of its last rise; (None, "") where it is not counted in working days."""
    try:
        state = ledger.state(case.state)
    except KeyError:
        return None, ""
    if deadlines.written_day(state, case.fields) is not None:
        return None, ""
    since = risen.get(case.pk)
    if since is not None:
        of = ledger.ladder
        return deadlines.end_of(of.days, of.unit, since, days) if of.unit == WORKING else (None, "")
    if state.unit != WORKING:
        return None, ""
    return deadlines.due_of(ledger, state, case.state_since, days, case.fields)
