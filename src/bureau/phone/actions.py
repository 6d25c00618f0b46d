"""手机的写入: phones, records and photos as they arrive, and what people decide about them.

A batch is taken in parts, each one transaction with a savepoint a line: what was answered is kept, whatever happens next, and a line
that cannot be taken takes back itself only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, OperationalError, transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.secret import seal
from bureau.phone import casework, clock, rules
from bureau.phone.keeping import as_text
from bureau.phone.lines import Flawed, VisitRecord, read_line
from bureau.phone.models import Clash, Device, Photo, Receipt
from bureau.phone.queries import place_of_sender
from bureau.phone.states import State
from bureau.phone.turn import in_turn

BUSY = "服务器正忙，这一条手机会自动再送"
TWICE = "同一编号的记录内容不同，第二份须由上级核实"
# So few that the next phone in turn waits for a tenth of a second.
TOGETHER = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """对一行的答复. `answer`: accepted, already, waiting, conflict, held, refused (correct it) or again (send it once more)."""

    id: str
    answer: str
    sentence: str = ""
    state: str = ""

    def as_dict(self) -> dict[str, str]:
        """For the phone."""
        return {"id": self.id, "answer": self.answer, "sentence": self.sentence, "state": self.state}


@dataclass(frozen=True, slots=True)
class Arrival:
    """一次上报: who sends, from which phone, what its clock showed, and when that was."""

    by: User
    at: datetime
    today: date
    sent_at: datetime | None = None
    device: Device | None = None
    source: Receipt.Source = Receipt.Source.PHONE
    address: str = ""


def receive(*, lines: Iterable[bytes], arrival: Arrival) -> list[Answer]:
    """收一批记录: one answer a line, in order; a line that cannot be read does not stop the others."""
    read = [read_line(line) for line in lines]
    # One look for the whole batch: most of what comes a second time was answered before.
    known = Receipt.objects.in_bulk(
        [one.id for one in read if isinstance(one, VisitRecord)], field_name="record"
    )
    answers: list[Answer] = []
    for start in range(0, len(read), TOGETHER):
        answers += _receive(read[start : start + TOGETHER], arrival, known)
    return answers


def receive_one(*, record: VisitRecord, arrival: Arrival) -> Answer:
    """收一条记录, exactly once: by its id, whatever the net did to the answer before."""
    return _receive([record], arrival, {})[0]


def _receive(
    part: Sequence[VisitRecord | Flawed], arrival: Arrival, known: Mapping[UUID, Receipt]
) -> list[Answer]:
    """Together or not at all: when the database is busy every record of the part is to come again."""
    new = [one for one in part if isinstance(one, VisitRecord) and one.id not in known]
    sitting = casework.Sitting(arrival.by)
    try:
        if not new:
            return [_answer(one, arrival, known, sitting) for one in part]
        with in_turn(), transaction.atomic():
            sitting.fetch({one.case for one in new}, records=[one.id for one in new])
            return [_answer(one, arrival, known, sitting) for one in part]
    except OperationalError:
        return [
            _flawed(one) if isinstance(one, Flawed) else Answer(str(one.id), "again", BUSY) for one in part
        ]


def _flawed(line: Flawed) -> Answer:
    # An id was read: the content is at fault and a person must correct it. Without one the line was cut on its way.
    return Answer(line.id, "refused" if line.id else "again", line.sentence)


def _answer(
    record: VisitRecord | Flawed, arrival: Arrival, known: Mapping[UUID, Receipt], sitting: casework.Sitting
) -> Answer:
    if isinstance(record, Flawed):
        return _flawed(record)
    digest = record.digest(arrival.by.pk)
    receipt = known.get(record.id)
    if receipt is None:
        try:
            with transaction.atomic():
                return _take(record, digest, arrival, sitting)
        except IntegrityError:
            # The record was there already, or came a second time while the first was being taken.
            sitting.forget(record.case, record.id)
            receipt = Receipt.objects.get(record=record.id)
    if receipt.digest == digest:
        return Answer(str(record.id), "already", receipt.sentence, receipt.state)
    return _take_other(record, digest, arrival)


def _take(record: VisitRecord, digest: str, arrival: Arrival, sitting: casework.Sitting) -> Answer:
    case = sitting.case(record.case)
    place = casework.Place(case.county_code, case.township_code, case.school_code) if case else None
    receipt = _receipt(record, digest, arrival, place or place_of_sender(arrival.by))
    receipt.save(force_insert=True)
    if record.photos:
        Photo.objects.bulk_create(
            [Photo(receipt=receipt, sha256=sha256, size=size) for sha256, size in record.photos]
        )
    refusal = rules.why_not_apply(
        role=arrival.by.role,
        known=case is not None,
        lost=arrival.device is not None and arrival.device.lost_at is not None,
    )
    if (
        refusal is None
        and case is not None
        and record.photos
        and casework.needs_file(case, record.form, sitting)
    ):
        receipt.state = State.WAITING
    elif refusal is None:
        refusal = apply(receipt, record, arrival=arrival, shared=sitting)
    if refusal is not None:
        hold(receipt, refusal, arrival=arrival)
    if receipt.state != State.ACCEPTED:
        receipt.save(update_fields=["state", "sentence"])
    return Answer(str(record.id), receipt.state, receipt.sentence, receipt.state)


def _take_other(record: VisitRecord, digest: str, arrival: Arrival) -> Answer:
    """The same id with other content: kept under an id made of both, for a person to look at; once, too."""
    other = uuid5(record.id, digest)
    known = Receipt.objects.filter(record=other).first()
    if known is None:
        try:
            with transaction.atomic():
                case = casework.find(record.case)
                place = (
                    casework.Place(case.county_code, case.township_code, case.school_code) if case else None
                )
                receipt = _receipt(record, digest, arrival, place or place_of_sender(arrival.by))
                receipt.record = other
                hold(receipt, TWICE, arrival=arrival)
                receipt.save(force_insert=True)
                return Answer(str(record.id), State.HELD, TWICE, State.HELD)
        except IntegrityError:
            known = Receipt.objects.get(record=other)
    return Answer(str(record.id), "already", known.sentence, known.state)


def _receipt(record: VisitRecord, digest: str, arrival: Arrival, place: casework.Place) -> Receipt:
    return Receipt(
        record=record.id,
        digest=digest,
        source=arrival.source,
        device=arrival.device,
        user=arrival.by,
        case=record.case,
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
    record: VisitRecord,
    *,
    arrival: Arrival,
    files: Sequence[casework.Upload] = (),
    shared: casework.Sitting | None = None,
) -> str | None:
    """入账: the visit always; contested fields stay as they are and wait for a person. A sentence when the ledger refuses."""
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
        detail={"case": receipt.case, "what": what, "why": receipt.sentence, "clock": receipt.clock},
        at=arrival.at,
        address=arrival.address,
    )
