"""手机记录入账: one form from a phone, accepted once; what somebody else has changed meanwhile is answered, never overwritten."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db import IntegrityError, transaction

from bureau.cases import actions
from bureau.cases.actions import Record
from bureau.cases.filling import names_of
from bureau.cases.models import Case, Event
from bureau.cases.sitting import Sitting
from bureau.cases.values import in_words, read_all
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.rules import Refused
from junheng.policy.ledgers import Form, Ledger, each_time


@dataclass(frozen=True, slots=True)
class Clash:
    """同一栏两种说法: what this phone says, and what somebody wrote after the phone had last seen the case."""

    column: str
    title: str
    mine: str
    theirs: str
    theirs_by: str
    theirs_at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """一条记录的下落. A conflict and a refusal have written nothing."""

    kind: Literal["accepted", "already", "conflict", "refused"]
    sentence: str = ""
    case: Case | None = None
    clashes: tuple[Clash, ...] = ()


ALREADY = "这条记录已入账"


def record_form(
    *,
    case_id: int,
    form: str,
    values: Mapping[str, object],
    text: str = "",
    files: Sequence[Upload] = (),
    record: Record,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
    shared: Sitting | None = None,
) -> Recorded:
    """入账. The form's own move is done when the state allows it; else what was found is kept as a visit, if the ledger has one.

    `shared` is given by whoever enters many within one transaction; without it the record has one of its own.
    """
    # Whoever shares his sitting is inside a transaction of his own.
    with nullcontext() if shared else transaction.atomic():
        return _record_form(
            Sitting.of(by, shared),
            case_id,
            form,
            values,
            text,
            files,
            record,
            at=at,
            today=today,
            address=address,
        )


def _record_form(
    sitting: Sitting,
    case_id: int,
    form: str,
    values: Mapping[str, object],
    text: str,
    files: Sequence[Upload],
    record: Record,
    *,
    at: datetime,
    today: date,
    address: str,
) -> Recorded:
    entered = sitting.recorded(record.record_id)
    if entered is not None:
        return Recorded("already", ALREADY, entered)
    case = sitting.case(case_id)
    if case is None or not sitting.reaches(case):
        return Recorded("refused", "这件个案已不在您名下或不在您的辖区内")
    of = sitting.ledger(case.county_code, case.ledger)
    try:
        sheet = of.form(form)
    except KeyError:
        return Recorded("refused", f"“{of.title}”已没有这张表单，请联网更新后重填", case)
    clashes = _clashes(case, of, values, record.based_on)
    if clashes:
        return Recorded("conflict", "有栏目在您离线期间被他人修改，请核对后选定", case, clashes)
    try:
        moved = actions.move(
            case_id=case_id,
            move=_move_for(of, sheet, case.state),
            fields=values,
            text=text,
            files=files,
            record=record,
            by=sitting.by,
            at=at,
            today=today,
            address=address,
            shared=sitting,
        )
    except Refused as refusal:
        return Recorded("refused", str(refusal), case)
    except IntegrityError:
        # The same record came twice at once: the other one was first.
        sitting.forget(case_id, record.record_id)
        entered = sitting.recorded(record.record_id)
        return (
            Recorded("already", ALREADY, entered)
            if entered
            else Recorded("refused", "这条记录没有存上，请稍后再同步", case)
        )
    sitting.entered(record.record_id, moved)
    return Recorded("accepted", "已入账", moved)


def _move_for(of: Ledger, form: Form, state: str) -> str:
    """The form's move, or one of the same form that fits the state the case has moved on to."""
    move = of.move(form.move)
    if state in move.sources:
        return move.name
    fitting = [one.name for one in of.moves_from(state) if one.form == form.name]
    return fitting[0] if fitting else move.name


def _clashes(case: Case, of: Ledger, typed: Mapping[str, object], based_on: int) -> tuple[Clash, ...]:
    """Columns that somebody wrote after the phone had seen the case, and wrote differently."""
    if based_on >= case.revision:
        return ()
    mine, _ = read_all(of, typed)
    # What is counted up record by record adds to what others recorded, and contradicts nobody.
    ever = each_time(of)
    differing = [
        name
        for name in names_of(of, typed)
        if name in mine and name not in ever and mine[name] != case.fields.get(name)
    ]
    if not differing:
        return ()
    wrote: dict[str, int] = {}
    events = Event.objects.filter(of=case, revision__gt=based_on).exclude(fields={}).order_by("id")
    for pk, fields in events.values_list("pk", "fields"):
        wrote |= dict.fromkeys(fields, pk)
    contested = {name: wrote[name] for name in differing if name in wrote}
    if not contested:
        return ()
    others = Event.objects.select_related("by").in_bulk(set(contested.values()))
    clashes = []
    for name, pk in contested.items():
        other = others[pk]
        clashes.append(
            Clash(
                name,
                of.column(name).title,
                in_words(mine[name]),
                in_words(case.fields.get(name)),
                str(other.by or "系统"),
                other.at,
            )
        )
    return tuple(clashes)
