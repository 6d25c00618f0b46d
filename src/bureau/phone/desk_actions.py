"""来件的处理: clashes are settled field by field by a person, held records are taken over or declined by another one."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.phone import casework, entering, photo_actions, rollcalls, rules
from bureau.phone.arrivals import Arrival
from bureau.phone.keeping import as_record, both
from bureau.phone.models import Clash, Receipt
from bureau.phone.queries import in_area
from bureau.phone.roll_lines import RollRecord
from bureau.phone.states import State


def settle(
    *,
    receipt: int,
    choices: Mapping[str, str],
    revision: int | None,
    reason: str = "",
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> Receipt:
    """商定不一致处: {column: mine or theirs} for every clash. What was chosen from the phone is written over what stands there.

    `revision` of the case, or of the roll call, is the one that was shown beside it. Raises Refused when somebody has changed it since.
    """
    with transaction.atomic():
        one = _locked(receipt)
        clashes = list(one.clashes.all())
        undecided = [clash.title for clash in clashes if choices.get(clash.column) not in Clash.Choice]
        demand(rules.why_not_settle(one, by=by, in_area=_in_area(one, by), undecided=undecided))
        chosen = {}
        for clash in clashes:
            clash.choice = choices[clash.column]
            if clash.choice == Clash.Choice.MINE:
                chosen[clash.column] = both(clash.sealed)[0]
        if chosen:
            _write_chosen(
                one, chosen, revision=revision, reason=reason, by=by, at=at, today=today, address=address
            )
        Clash.objects.bulk_update(clashes, ["choice"])
        _decide(one, State.SETTLED, reason, by=by, at=at, address=address)
    return one


def _write_chosen(
    one: Receipt, chosen: Mapping[str, object], *, revision: int | None, reason: str, by: User, at: datetime, today: date,
    address: str,
) -> None:  # fmt: skip
    record = as_record(one.sealed)
    if isinstance(record, RollRecord):
        rollcalls.settle(record, version=revision, reason=reason, by=by, at=at, today=today, address=address)
    else:
        casework.settle(
            record.case, chosen, revision=revision or 0, by=by, at=at, today=today, address=address
        )


def release(*, receipt: int, reason: str, by: User, at: datetime, today: date, address: str = "") -> Receipt:
    """采用 a held record: entered by who decides, under the phone's id, naming who wrote it."""
    with transaction.atomic():
        one = _locked(receipt)
        demand(rules.why_not_decide(one, by=by, in_area=_in_area(one, by), reason=reason))
        arrival = Arrival(by=by, at=at, today=today, sent_at=one.sent_at, address=address)
        aside = photo_actions.taken_aside(one)
        sentence = one.sentence
        record = as_record(one.sealed)
        if record.id != one.record:
            raise Refused("这是同一编号的第二份内容，不能直接入账；请核对后退回，由本人重新填写")
        one.clock = f"{one.user.display_name}在手机上填写；{one.clock}"[:200]
        demand(entering.apply(one, record, arrival=arrival))
        for photo, upload in aside:
            photo_actions.attach(photo, upload, by=by, arrival=arrival)
        if one.state == State.CONFLICT:
            one.save(update_fields=["state", "sentence", "clock"])
            return one
        one.state, one.sentence = State.HELD, sentence
        _decide(one, State.RELEASED, reason, by=by, at=at, address=address)
    return one


def decline(*, receipt: int, reason: str, by: User, at: datetime, address: str = "") -> Receipt:
    """退回 a held record with a reason; it stays kept as it came."""
    with transaction.atomic():
        one = _locked(receipt)
        demand(rules.why_not_decide(one, by=by, in_area=_in_area(one, by), reason=reason))
        _decide(one, State.DECLINED, reason, by=by, at=at, address=address)
    return one


def _decide(one: Receipt, state: State, reason: str, *, by: User, at: datetime, address: str) -> None:
    one.state, one.settled_by, one.settled_at, one.reason = state, by, at, reason.strip()[:200]
    one.save()
    write(
        by=by,
        verb=Verb.CONFIRM if state != State.DECLINED else Verb.RETURN,
        obj=("phone_record", str(one.record)),
        detail={"case": one.case, "about": one.about, "state": state.value, "of": one.user.username},
        reason=one.reason,
        at=at,
        address=address,
    )


def _locked(receipt: int) -> Receipt:
    found = Receipt.objects.select_for_update(of=("self",)).select_related("user").filter(pk=receipt).first()
    if found is None:
        raise Refused("没有这条来件")
    return found


def _in_area(one: Receipt, by: User) -> bool:
    return in_area(by).filter(pk=one.pk).exists()
