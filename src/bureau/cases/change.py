"""个案的写入细节, shared by the actions of this room: entering a state, events, stays, owners. Always inside an action's transaction."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime

from bureau.cases import deadlines
from bureau.cases.models import Case, Event, Holding, Restricted, Stay
from bureau.people.models import User
from bureau.people.secret import seal, unseal
from bureau.workdays.rules import Calendar
from junheng.policy.ledgers import LEVEL_WORDS, Ledger, State

SYSTEM = "系统"


def enter(case: Case, ledger: Ledger, state: State, *, day: date, calendar: Calendar) -> None:
    """Put a case into a state: phase, level, deadline. Nothing is saved here."""
    if case.phase != state.phase and state.phase != "claimed":
        case.contradiction = ""
    case.state, case.phase, case.state_since = state.name, state.phase, day
    case.due, case.due_note = deadlines.due_of(ledger, state, day, calendar, case.fields)
    if state.level and state.level != case.level:
        case.level, case.owner = state.level, None


def redate(
    case: Case, ledger: Ledger, before: Mapping[str, object], *, calendar: Callable[[], Calendar]
) -> None:
    """The deadline of the state it is in, when a column that it rests on was written anew; only then is the calendar asked."""
    state = ledger.state(case.state)
    if any(case.fields.get(name) != before.get(name) for name in deadlines.rests_on(state)):
        since, fields = case.state_since, case.fields
        case.due, case.due_note = deadlines.due_of(ledger, state, since, calendar(), fields)


def stay_of(case: Case, how: str, day: date) -> Stay:
    """A stay that begins, not yet saved."""
    return Stay(
        of=case,
        county_code=case.county_code,
        ledger=case.ledger,
        state=case.state,
        phase=case.phase,
        level=case.level,
        school_code=case.school_code,
        township_code=case.township_code,
        birth_date=case.birth_date,
        how=how,
        since=day,
    )


def new_stay(case: Case, how: str, day: date) -> None:
    """End the stay that runs and begin another."""
    Stay.objects.filter(of=case, until=None).update(until=day)
    stay_of(case, how, day).save()


def how_between(before: str, after: str) -> str:
    """What a change of phase is called in the counts."""
    if before == after:
        return "moved"
    if after in ("closed", "passed", "solved"):
        return after
    if before in ("closed", "passed"):
        return "reopened"
    return "returned" if before == "solved" else "moved"


def event_of(
    case: Case, what: Event.What, *, at: datetime, day: date, by: User | None, text: str = "", **more: object
) -> Event:
    """An event, not yet saved."""
    return Event(of=case, what=what, at=at, day=day, by=by, text=text[:2000], revision=case.revision, **more)


def hold(
    case: Case, *, line: str, level: str, user: User | None, day: date, by: User | None, reason: str
) -> None:
    """责任人 of a line from a day on; the one before ends. The line "" is the owner in charge."""
    if Holding.objects.filter(of=case, line=line, until=None, user=user, level=level).exists():
        return
    Holding.objects.filter(of=case, line=line, until=None).update(until=day)
    holding_of(case, line=line, level=level, user=user, day=day, by=by, reason=reason).save()


def holding_of(
    case: Case, *, line: str, level: str, user: User | None, day: date, by: User | None, reason: str
) -> Holding:
    """A holding, not yet saved."""
    name = str(user) if user else f"{LEVEL_WORDS.get(level, level)}待办"
    return Holding(
        of=case, line=line, level=level, user=user, name=name[:60], since=day, by=by, reason=reason[:200]
    )


def restricted(case: Case, access: str) -> dict[str, object]:
    """受限栏目的值 of one access class; {} when none were filled in."""
    row = Restricted.objects.filter(of=case, access=access).first()
    if row is None:
        return {}
    values: dict[str, object] = json.loads(unseal(row.sealed))
    return values


def put_restricted(case: Case, access: str, values: Mapping[str, object]) -> None:
    """Add to, or replace, values of one access class."""
    together = {**restricted(case, access), **values}
    sealed = seal(json.dumps(together, ensure_ascii=False, sort_keys=True))
    Restricted.objects.update_or_create(of=case, access=access, defaults={"sealed": sealed})
