"""手机的写入: phones, records and photos as they arrive, and what people decide about them.

A batch is taken in parts, each one transaction with a savepoint a line: what was answered is kept, whatever happens next, and a line
that cannot be taken takes back itself only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from django.db import IntegrityError, OperationalError, transaction

from bureau.phone import casework, rollcalls, rules
from bureau.phone.arrivals import Answer, Arrival
from bureau.phone.entering import apply, hold, receipt_of
from bureau.phone.lines import Record, VisitRecord, read_line
from bureau.phone.models import Photo, Receipt
from bureau.phone.queries import place_of_sender
from bureau.phone.roll_lines import RollRecord
from bureau.phone.shapes import Flawed
from bureau.phone.states import State

BUSY = "服务器正忙，这一条手机会自动再送"
TWICE = "同一编号的记录内容不同，第二份须由上级核实"
# So few that the next phone in turn waits for a tenth of a second.
TOGETHER = 20


def receive(*, lines: Iterable[bytes], arrival: Arrival) -> list[Answer]:
    """收一批记录: one answer a line, in order; a line that cannot be read does not stop the others."""
    read = [read_line(line) for line in lines]
    # One look for the whole batch: most of what comes a second time was answered before.
    known = Receipt.objects.order_by().in_bulk(
        [one.id for one in read if not isinstance(one, Flawed)], field_name="record"
    )
    answers: list[Answer] = []
    for start in range(0, len(read), TOGETHER):
        answers += _receive(read[start : start + TOGETHER], arrival, known)
    return [
        replace(said, photos=True) if isinstance(one, VisitRecord) and one.photos else said
        for one, said in zip(read, answers, strict=True)
    ]


def receive_one(*, record: Record, arrival: Arrival) -> Answer:
    """收一条记录, exactly once: by its id, whatever the net did to the answer before."""
    return _receive([record], arrival, {})[0]


def _receive(
    part: Sequence[Record | Flawed], arrival: Arrival, known: Mapping[UUID, Receipt]
) -> list[Answer]:
    """Together or not at all: when the database is busy every record of the part is to come again."""
    new = [one for one in part if not isinstance(one, Flawed) and one.id not in known]
    visits = [one for one in new if isinstance(one, VisitRecord)]
    sitting = casework.Sitting(arrival.by)
    try:
        if not new:
            return [_answer(one, arrival, known, sitting) for one in part]
        question = sitting.question(one.case for one in visits)
        with transaction.atomic():
            sitting.ask(question)
            return [_answer(one, arrival, known, sitting) for one in part]
    except OperationalError:
        return [
            _flawed(one) if isinstance(one, Flawed) else Answer(str(one.id), "again", BUSY) for one in part
        ]


def _flawed(line: Flawed) -> Answer:
    # An id was read: the content is at fault and a person must correct it. Without one the line was cut on its way.
    return Answer(line.id, "refused" if line.id else "again", line.sentence)


def _answer(
    record: Record | Flawed, arrival: Arrival, known: Mapping[UUID, Receipt], sitting: casework.Sitting
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
            if isinstance(record, VisitRecord):
                sitting.forget(record.case, record.id)
            receipt = Receipt.objects.get(record=record.id)
    if receipt.digest == digest:
        return Answer(str(record.id), "already", receipt.sentence, receipt.state)
    return _take_other(record, digest, arrival)


def _lost(arrival: Arrival) -> bool:
    return arrival.device is not None and arrival.device.lost_at is not None


def _take_roll(record: RollRecord, digest: str, arrival: Arrival) -> Answer:
    place = rollcalls.place(record) or place_of_sender(arrival.by)
    receipt = receipt_of(record, digest, arrival, place)
    receipt.save(force_insert=True)
    refusal = rules.why_not_trust(lost=_lost(arrival)) or apply(receipt, record, arrival=arrival)
    return _concluded(receipt, refusal, arrival)


def _concluded(receipt: Receipt, refusal: str | None, arrival: Arrival) -> Answer:
    """The answer to a record that was just applied, or refused and held."""
    if refusal is not None:
        hold(receipt, refusal, arrival=arrival)
    if receipt.state != State.ACCEPTED:
        receipt.save(update_fields=["state", "sentence"])
    return Answer(str(receipt.record), receipt.state, receipt.sentence, receipt.state)


def _take(record: Record, digest: str, arrival: Arrival, sitting: casework.Sitting) -> Answer:
    if isinstance(record, RollRecord):
        return _take_roll(record, digest, arrival)
    case = sitting.case(record.case)
    place = casework.place_of(case) if case else place_of_sender(arrival.by)
    receipt = receipt_of(record, digest, arrival, place)
    receipt.save(force_insert=True)
    sitting.first_time(record.id)
    if record.photos:
        Photo.objects.bulk_create(
            [Photo(receipt=receipt, sha256=sha256, size=size) for sha256, size in record.photos]
        )
    refusal = rules.why_not_apply(
        role=arrival.by.role,
        known=case is not None,
        lost=_lost(arrival),
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
    return _concluded(receipt, refusal, arrival)


def _take_other(record: Record, digest: str, arrival: Arrival) -> Answer:
    """The same id with other content: kept under an id made of both, for a person to look at; once, too."""
    other = uuid5(record.id, digest)
    known = Receipt.objects.filter(record=other).first()
    if known is None:
        try:
            with transaction.atomic():
                receipt = receipt_of(record, digest, arrival, _place(record) or place_of_sender(arrival.by))
                receipt.record = other
                hold(receipt, TWICE, arrival=arrival)
                receipt.save(force_insert=True)
                return Answer(str(record.id), State.HELD, TWICE, State.HELD)
        except IntegrityError:
            known = Receipt.objects.get(record=other)
    return Answer(str(record.id), "already", known.sentence, known.state)


def _place(record: Record) -> casework.Place | None:
    if isinstance(record, RollRecord):
        return rollcalls.place(record)
    case = casework.find(record.case)
    return casework.place_of(case) if case else None
