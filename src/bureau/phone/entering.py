"""来件入账: what a record becomes in the rooms it is about, what waits for a person, and what is held for the desk above."""

from collections.abc import Sequence

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.secret import seal
from bureau.phone import casework, clock, rollcalls
from bureau.phone.arrivals import Arrival
from bureau.phone.keeping import as_text
from bureau.phone.lines import Record, VisitRecord
from bureau.phone.models import Clash, Receipt
from bureau.phone.roll_lines import RollRecord
from bureau.phone.states import State


def receipt_of(record: Record, digest: str, arrival: Arrival, place: casework.Place) -> Receipt:
    """来件 of a record, not yet saved."""
    return Receipt(
        record=record.id,
        digest=digest,
        source=arrival.source,
        device=arrival.device,
        user=arrival.by,
        case=record.case if isinstance(record, VisitRecord) else None,
        about="" if isinstance(record, VisitRecord) else rollcalls.about(record),
        county_code=place.county_code,
        township_code=place.township_code,
        school_code=place.school_code,
        state=State.ACCEPTED,
        sealed=seal(as_text(record)),
        said_at=record.said_at,
        sent_at=arrival.sent_at,
        received_at=arrival.at,
        clock=clock.mark(said_at=record.said_at, sent_at=arrival.sent_at, received_at=arrival.at)
        if arrival.source == Receipt.Source.PHONE
        else "",
    )


def apply(
    receipt: Receipt,
    record: Record,
    *,
    arrival: Arrival,
    files: Sequence[casework.Upload] = (),
    shared: casework.Sitting | None = None,
) -> str | None:
    """入账: the visit always; contested fields stay as they are and wait for a person. A sentence when the ledger refuses."""
    if isinstance(record, RollRecord):
        return _apply_roll(receipt, record, arrival)
    taken = _enter(receipt, record, arrival, tuple(files), shared)
    if taken.kind == "conflict":
        clashes = taken.clashes
        contested = frozenset(clash.column for clash in clashes)
        taken = _enter(receipt, record, arrival, tuple(files), shared, without=contested)
        if taken.kind in ("accepted", "already"):
            receipt.state = State.CONFLICT
            receipt.sentence = f"{'、'.join(clash.title for clash in clashes)}已被别人改过，请商定"[:300]
            Clash.objects.bulk_create([_clash(receipt, clash) for clash in clashes])
            _log(receipt, arrival, what="conflict")
    if taken.kind in ("accepted", "already"):
        if receipt.state in (State.WAITING, State.HELD):
            receipt.state = State.ACCEPTED
        return None
    return taken.sentence or "这条记录现在不能入账"


def _apply_roll(receipt: Receipt, record: RollRecord, arrival: Arrival) -> str | None:
    """登记点名; what somebody else entered for that day stays as it is and waits for a person."""
    taken = rollcalls.take(record, by=arrival.by, at=arrival.at, today=arrival.today, address=arrival.address)
    if taken.kind == "refused":
        return taken.sentence
    if taken.kind == "conflict":
        receipt.state = State.CONFLICT
        receipt.sentence = f"{taken.theirs_by}已登记过这一天的点名，内容不一致，请商定"[:300]
        Clash.objects.create(
            receipt=receipt,
            column=rollcalls.COLUMN,
            title="点名",
            sealed=seal(as_text({"mine": rollcalls.words(record), "theirs": taken.theirs})),
            theirs_by=taken.theirs_by[:60],
            theirs_at=taken.theirs_at,
        )
        _log(receipt, arrival, what="conflict")
    elif receipt.state == State.HELD:
        receipt.state = State.ACCEPTED
    return None


def _enter(
    receipt: Receipt,
    record: VisitRecord,
    arrival: Arrival,
    files: tuple[casework.Upload, ...],
    shared: casework.Sitting | None,
    without: frozenset[str] = frozenset(),
) -> casework.Recorded:
    return casework.take(
        record, without=without, files=files, note=receipt.clock, by=arrival.by, at=arrival.at,
        today=arrival.today, address=arrival.address, shared=shared,
    )  # fmt: skip


def _clash(receipt: Receipt, clash: casework.Clash) -> Clash:
    return Clash(
        receipt=receipt,
        column=clash.column,
        title=clash.title,
        sealed=seal(as_text({"mine": clash.mine, "theirs": clash.theirs})),
        theirs_by=clash.theirs_by[:60],
        theirs_at=clash.theirs_at,
    )


def hold(receipt: Receipt, sentence: str, *, arrival: Arrival) -> None:
    """转上级: kept whole and applied to nothing, until somebody with the right has looked."""
    receipt.state, receipt.sentence = State.HELD, sentence[:300]
    _log(receipt, arrival, what="held")


def _log(receipt: Receipt, arrival: Arrival, *, what: str) -> None:
    write(
        by=arrival.by,
        verb=Verb.SYNC,
        obj=("phone_record", str(receipt.record)),
        detail={
            "case": receipt.case,
            "about": receipt.about,
            "what": what,
            "why": receipt.sentence,
            "clock": receipt.clock,
        },
        at=arrival.at,
        address=arrival.address,
    )
