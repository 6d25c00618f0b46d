"""回盘入账与退回: what the bank has paid and not paid of a batch is booked whole; what comes back later is booked back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from bureau.entitlements import paid_actions
from bureau.entitlements.paid_actions import PaidEntry
from bureau.log.models import Verb
from bureau.payments import batch_queries as queries
from bureau.payments import batch_rules as rules
from bureau.payments import booking
from bureau.payments.award_actions import settle_again
from bureau.payments.award_queries import in_hand
from bureau.payments.batch_actions import done, locked
from bureau.payments.models import Award, Batch, Line
from bureau.payments.results import Answer, Found
from bureau.payments.states import AwardState, BatchState, LineState
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.secret import unseal
from bureau.registry import bulk


def take(*, batch: Batch, found: Found, by: User, at: datetime, today: date, address: str = "") -> Batch:
    """回盘入账: lines, awards, the fund and what each child has been paid, in one transaction."""
    with transaction.atomic():
        one = locked(batch, by)
        refusal = rules.why_not_result(one, by_role=by.role)
        if refusal or found.problems:
            raise Refused(refusal or found.problems[0])
        lines = {row[0]: Due(*row) for row in _due(one)}
        if set(lines) != {answer.line for answer in found.answers}:
            raise Refused("批次在读取以后有了变化，请重新上传回盘文件")
        _write(found.answers)
        paid = [(lines[answer.line], answer.day) for answer in found.answers if answer.paid]
        failed = [lines[answer.line] for answer in found.answers if not answer.paid]
        bulk.update_by_id(Award, (line.award for line, _day in paid), state=AwardState.PAID)
        bulk.update_by_id(Award, (line.award for line in failed), state=AwardState.FAILED)
        note = f"{queries.number_of(one)}{one.title}"[:280]
        for day in sorted({day for _line, day in paid}):
            booking.pay(
                fund=one.fund,
                parts=booking.added(line.parts for line, on in paid if on == day),
                batch=one,
                note=f"发放 {note}",
                by=by,
                at=at,
                day=booking.booked_on(one.fund, day, today=today),
                today=today,
            )
        booking.release(
            fund=one.fund,
            parts=booking.added(line.parts for line in failed),
            batch=one,
            note=f"发放失败 {note}",
            by=by,
            at=at,
            day=today,
            today=today,
        )
        _record(one, paid, by=by, at=at, today=today, address=address)
        recorded = {line.term for line, _day in paid}
        unpaid = {line.term for line in failed if line.person_kind == "student"}
        settle_again(one.county_code, unpaid - recorded, at=at)
        one.state, one.settled_at = BatchState.SETTLED, at
        counts = {"paid": len(paid), "failed": len(failed)}
        return done(one, Verb.PAY, "settle", found.summary, by=by, at=at, address=address, **counts)


class Due(NamedTuple):
    """待回盘的一笔, with what is recorded of it when it is paid."""

    pk: int
    position: int
    fen: int
    parts: dict[str, int]
    award: int
    person_kind: str
    term: str
    clause: str
    person_key: str
    person_name: str
    school_code: str
    account: bytes


def _due(batch: Batch, **where: object) -> QuerySet[Line, Any]:
    rows = batch.lines.filter(**(where or {"state": LineState.WAITING}))
    return rows.values_list(
        "pk", "position", "fen", "parts", "award", "award__person_kind", "award__term", "award__clause", "award__person_key",
        "award__person_name", "award__school_code", "account__number",
    )  # fmt: skip


def _write(answers: Sequence[Answer]) -> None:
    """Thousands of lines have a handful of answers: one statement for each answer, not a case for each line."""
    same: dict[tuple[bool, str, date], list[int]] = {}
    for one in answers:
        same.setdefault((one.paid, one.reason, one.day), []).append(one.line)
    for (paid, reason, day), keys in same.items():
        state = LineState.PAID if paid else LineState.FAILED
        bulk.update_by_id(Line, keys, state=state, reason=reason, paid_on=day if paid else None)


def give_back(
    *, line: Line, day: date | None, reason: str, by: User, at: datetime, today: date, address: str = ""
) -> Line:
    """登记退回: money that the bank sent back after it was paid. It is booked back, and the award can be issued again."""
    with transaction.atomic():
        one = locked(line.batch, by)
        row = Line.objects.select_for_update(of=("self",)).select_related("award", "account").get(pk=line.pk)
        refusal = rules.why_not_give_back(
            line_state=row.state, by_role=by.role, reason=reason, day=day, paid_on=row.paid_on, today=today
        )
        if refusal or day is None:
            raise Refused(refusal or "")
        row.state, row.returned_on, row.reason = LineState.RETURNED, day, reason.strip()[:200]
        row.save()
        Award.objects.filter(pk=row.award_id).update(state=AwardState.FAILED)
        note = f"退回 {queries.number_of(one)}第{row.position}笔：{reason.strip()}"[:300]
        booking.take_back(
            fund=one.fund,
            parts=row.parts,
            batch=one,
            note=note,
            by=by,
            at=at,
            day=booking.booked_on(one.fund, day, today=today),
            today=today,
        )
        if row.award.person_kind == "student":
            paid_actions.record_paid(
                county_code=one.county_code,
                term=row.award.term,
                entries=[_entry(one, Due(*_due(one, pk=row.pk)[0]), day, sign=-1)],
                source=f"发放批次 {queries.number_of(one)} 退回",
                reference=f"batch:return:{row.pk}",
                by=by,
                at=at,
                address=address,
                in_hand=in_hand,
            )
        done(
            one, Verb.PAY, "give_back", f"第{row.position}笔：{reason.strip()}", by=by, at=at, address=address
        )
    return row


def _record(
    batch: Batch, paid: Sequence[tuple[Due, date]], *, by: User, at: datetime, today: date, address: str
) -> None:
    """What each child has been paid, by term, where coverage and missed children are counted."""
    terms: dict[str, list[PaidEntry]] = {}
    for line, day in paid:
        if line.person_kind == "student":
            terms.setdefault(line.term, []).append(_entry(batch, line, day))
    for term, entries in terms.items():
        paid_actions.record_paid(
            county_code=batch.county_code,
            term=term,
            entries=entries,
            source=f"发放批次 {queries.number_of(batch)}",
            reference=f"batch:{batch.pk}:{term}",
            by=by,
            at=at,
            today=today,
            address=address,
            in_hand=in_hand,
        )


def _entry(batch: Batch, line: Due, day: date, *, sign: int = 1) -> PaidEntry:
    return PaidEntry(
        student_key=line.person_key,
        clause=line.clause,
        fen=sign * line.fen,
        paid_on=day,
        person_name=line.person_name,
        school_code=line.school_code,
        account=unseal(line.account),
        reference=queries.reference_of(batch, line.position),
    )
