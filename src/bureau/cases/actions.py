"""个案的写入: open, move, fill in, look. Each is one transaction with one line in the log, and refuses with its rule's sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bureau.cases import change, deadlines, rules, values
from bureau.cases.files import keep_files, why_not_files
from bureau.cases.filling import fill, filled_in, names_of, put_sealed, sealed_words
from bureau.cases.models import Case, Event
from bureau.cases.opening import hold_owner, open_case, pass_on, place_owner
from bureau.cases.overtaken import demand_seen
from bureau.cases.sitting import Sitting
from bureau.cases.tallying import tally
from bureau.log.actions import read_access, write
from bureau.log.models import Verb
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from junheng.policy.ledgers import Ledger, Move

# What a step that leaves the case in its state can change.
_STAYING = ["fields", "due", "due_note", "done_by", "done_at", "revision"]
__all__ = ["Record", "change_fields", "fill_in", "look", "move", "open_case", "reveal"]


@dataclass(frozen=True, slots=True)
class Record:
    """手机记录: what a phone says about itself. `based_on` is the revision of the case that it saw."""

    record_id: UUID
    said_at: datetime | None = None
    based_on: int = 0
    latitude: float | None = None
    longitude: float | None = None
    consent: bool = False
    note: str = ""
    form: str = ""


def move(
    *,
    case_id: int,
    move: str,
    fields: Mapping[str, object] | None = None,
    text: str = "",
    files: Sequence[Upload] = (),
    record: Record | None = None,
    based_on: int | None = None,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
    shared: Sitting | None = None,
) -> Case:
    """办理: one step of the ledger, with all that is missing said at once. Closing is a step to a closed state. Raises Refused.

    With `based_on` (a revision), refused when the case has changed since. `shared` is given by whoever does many within one transaction.
    """
    sitting = Sitting.of(by, shared)
    with sitting.step(case_id) as case:
        of = sitting.ledger(case.county_code, case.ledger)
        step = _step(of, move)
        inside = sitting.reaches(case)
        if inside:
            demand_seen(case, based_on, of, by=by)
        demand(rules.why_not_move(case, step, of, by=by, in_scope=inside))
        before = (case.state, case.phase)
        had = dict(case.fields)
        wrong = rules.why_not_with(step, text=text, files=len(files)) + why_not_files(files)
        try:
            sealed = fill(case, of, fields or {}, sitting, allowed=step.fields)
        except Refused as refusal:
            raise Refused("；".join([str(refusal), *wrong])) from None
        tally(case, of, sealed, names_of(of, fields or {}), move=step.name, day=today)
        wrong += rules.why_not_as_filled(step, of, case.fields)
        wrong += deadlines.why_not_days(of, had, case.fields, today=today)
        target = of.state(step.target) if step.target else None
        if target is not None:
            have = filled_in(case, sealed)
            missing = rules.missing_columns(of, target.name, have)
            wrong += [f"请先填写{'、'.join(f'“{title}”' for title in missing)}"] if missing else []
        demand("；".join(wrong) or None)
        closing = target is not None and target.phase == "closed"
        if target is not None:
            level = case.level
            change.enter(case, of, target, day=today, calendar=sitting.calendar)
            if case.level != level:
                place_owner(case, today)
        else:
            change.redate(case, of, had, calendar=lambda: sitting.calendar)
        if closing:
            case.closed_by, case.closed_at, case.closed_on = by, at, today
        else:
            case.done_by, case.done_at = by, at
            if target is not None and target.phase == "passed":
                case.closed_on = today
        case.revision += 1
        case.save(update_fields=None if target is not None else _STAYING)
        put_sealed(case, sealed)
        event = _moved(case, of, step, before[0], fields or {}, text, record, by=by, at=at, today=today)
        keep_files(case, event, files, by=by, at=at)
        if target is not None:
            change.new_stay(case, change.how_between(before[1], case.phase), today)
            hold_owner(case, today, by)
            # Another level or owner: who reaches it is asked again.
            sitting.forget(case.pk)
        if step.passes_to:
            pass_on(case, step, text, by=by, at=at, today=today)
        write(
            by=by,
            verb=Verb.CLOSE if closing else Verb.MOVE_CASE,
            obj=("case", str(case.pk)),
            detail={"ledger": case.ledger, "move": step.name, "before": before[0], "after": case.state},
            at=at,
            address=address,
        )
    return case


def change_fields(
    *,
    case_id: int,
    fields: Mapping[str, object],
    based_on: int | None = None,
    by: User,
    at: datetime,
    today: date,
    text: str = "",
    address: str = "",
    shared: Sitting | None = None,
) -> Case:
    """修改栏目. With `based_on` (a revision), refused when another has changed the case since. Raises Refused."""
    sitting = Sitting.of(by, shared)
    with sitting.step(case_id) as case:
        of = sitting.ledger(case.county_code, case.ledger)
        names, inside = names_of(of, fields), sitting.reaches(case)
        if inside:
            demand_seen(case, based_on, of, by=by)
        demand(rules.why_not_change(case, by=by, in_scope=inside, names=names, ledger=of))
        before = dict(case.fields)
        sealed = fill(case, of, fields, sitting)
        tally(case, of, sealed, (), move="", day=today)
        demand("；".join(deadlines.why_not_days(of, before, case.fields, today=today)) or None)
        change.redate(case, of, before, calendar=lambda: sitting.calendar)
        if case.fields == before and not sealed:
            return case
        case.revision += 1
        case.save(update_fields=["fields", "due", "due_note", "revision"])
        put_sealed(case, sealed)
        changed = {name: value for name, value in case.fields.items() if before.get(name) != value}
        change.event_of(
            case,
            Event.What.CHANGED,
            at=at,
            day=today,
            by=by,
            text=text,
            fields=changed,
            title=sealed_words(of, sealed),
        ).save()
        write(
            by=by,
            verb=Verb.CHANGE,
            obj=("case", str(case.pk)),
            detail={"columns": sorted(changed) + sorted(name for part in sealed.values() for name in part)},
            at=at,
            address=address,
        )
    return case


def fill_in(
    *,
    case_id: int,
    fields: Mapping[str, object],
    based_on: int,
    by: User,
    at: datetime,
    today: date,
    text: str,
    shared: Sitting | None = None,
) -> Case:
    """填表: a row of a sheet, or the same for many. The ledger's `sheet` move where the state allows it, else only the columns change."""
    sitting = Sitting.of(by, shared)
    with sitting.step(case_id) as case:
        of = sitting.ledger(case.county_code, case.ledger)
        step = of.move(of.sheet) if of.sheet else None
        if step is not None and case.state in step.sources and set(names_of(of, fields)) <= set(step.fields):
            return move(case_id=case_id, move=step.name, fields=fields, text=text, based_on=based_on, by=by, at=at, today=today, shared=sitting)  # fmt: skip
        return change_fields(case_id=case_id, fields=fields, based_on=based_on, by=by, at=at, today=today, text=text, shared=sitting)  # fmt: skip


def look(*, case: Case, by: User, at: datetime, what: str = "个案", address: str = "") -> None:
    """记查阅 of a case, of its file or of a letter made from it."""
    obj = ("case", str(case.pk))
    read_access(
        by=by, verb=Verb.VIEW, obj=obj, detail={"what": what, "ledger": case.ledger}, at=at, address=address
    )


def reveal(
    *, case_id: int, access: str, reason: str, by: User, at: datetime, today: date, address: str = ""
) -> dict[str, str]:
    """查看受限内容: {title: words} of one access class; logged with its reason, and shown in the case's own history. Raises Refused."""
    sitting = Sitting(by)
    with sitting.step(case_id) as case:
        of = sitting.ledger(case.county_code, case.ledger)
        inside = sitting.reaches(case)
        demand(rules.why_not_reveal(access, by=by, in_scope=inside, cleared=sitting.cleared, reason=reason))
        stored = change.restricted(case, access)
        change.event_of(case, Event.What.LOOKED, at=at, day=today, by=by, text=reason, title=access).save()
        obj = ("case", str(case.pk))
        read_access(
            by=by, verb=Verb.REVEAL, obj=obj, detail={"access": access}, reason=reason, at=at, address=address
        )
    return {
        column.title: values.in_words(stored[column.name])
        for column in of.columns_of(access)
        if column.name in stored
    }


def _step(of: Ledger, name: str) -> Move:
    try:
        return of.move(name)
    except KeyError:
        raise Refused(f"“{of.title}”没有这项办理") from None


def _moved(
    case: Case,
    of: Ledger,
    step: Move,
    before: str,
    fields: Mapping[str, object],
    text: str,
    record: Record | None,
    *,
    by: User,
    at: datetime,
    today: date,
) -> Event:
    shown = {
        name: case.fields.get(name) for name in names_of(of, fields) if of.column(name).access == "child"
    }
    event = change.event_of(
        case,
        Event.What.PASSED if step.passes_to else Event.What.MOVED,
        at=at,
        day=today,
        by=by,
        text=text,
        move=step.name,
        title=step.title,
        before=before,
        after=case.state,
        fields=shown,
        form=record.form if record else step.form,
    )
    if record is not None:
        event.record_id, event.said_at, event.note = record.record_id, record.said_at, record.note[:200]
        if record.consent and record.latitude is not None and record.longitude is not None:
            event.latitude, event.longitude, event.consent = record.latitude, record.longitude, True
    event.save()
    return event
