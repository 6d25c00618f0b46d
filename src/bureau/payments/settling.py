"""回盘入账与退回: what the bank has paid and not paid of a batch is booked whole; what comes back later is booked back."""

from datetime import date, datetime

from django.db import transaction

from bureau.entitlements import paid_actions
from bureau.entitlements.paid_actions import PaidEntry
from bureau.log.models import Verb
from bureau.payments import batch_queries as queries
from bureau.payments import batch_rules as rules
from bureau.payments import booking
from bureau.payments.batch_actions import done, locked
from bureau.payments.models import Award, Batch, Line
from bureau.payments.results import Found
from bureau.payments.states import AwardState, BatchState, LineState
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.secret import unseal


def take(*, batch: Batch, found: Found, by: User, at: datetime, today: date, address: str = "") -> Batch:
    """回盘入账: lines, awards, the fund and what each child has been paid, in one transaction."""
    with transaction.atomic():
        one = locked(batch, by)
        refusal = rules.why_not_result(one, by_role=by.role)
        if refusal or found.problems:
            raise Refused(refusal or found.problems[0])
        lines = {
            line.pk: line
            for line in one.lines.filter(state=LineState.WAITING).select_related("award", "account")
        }
        if set(lines) != {answer.line for answer in found.answers}:
            raise Refused("批次在读取以后有了变化，请重新上传回盘文件")
        paid: list[Line] = []
        failed: list[Line] = []
        for answer in found.answers:
            line = lines[answer.line]
            line.state = LineState.PAID if answer.paid else LineState.FAILED
            line.reason, line.paid_on = answer.reason, answer.day if answer.paid else None
            (paid if answer.paid else failed).append(line)
        _write([*paid, *failed])
        for state, rows in ((AwardState.PAID, paid), (AwardState.FAILED, failed)):
            keys = [line.award_id for line in rows]
            for start in range(0, len(keys), 500):
                Award.objects.filter(pk__in=keys[start : start + 500]).update(state=state)
        # A year that was closed meanwhile takes no more: the day of booking is today's then.
        note = f"{queries.number_of(one)}{one.title}"[:280]
        booking.pay(
            fund=one.fund,
            parts=booking.added(line.parts for line in paid),
            batch=one,
            note=f"发放 {note}",
            by=by,
            at=at,
            day=today,
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
        one.state, one.settled_at = BatchState.SETTLED, at
        counts = {"paid": len(paid), "failed": len(failed)}
        return done(one, Verb.PAY, "settle", found.summary, by=by, at=at, address=address, **counts)


def _write(lines: list[Line]) -> None:
    """Thousands of lines have a handful of answers: one statement for each answer, not a case for each line."""
    same: dict[tuple[str, str, date | None], list[int]] = {}
    for line in lines:
        same.setdefault((line.state, line.reason, line.paid_on), []).append(line.pk)
    for (state, reason, paid_on), keys in same.items():
        for start in range(0, len(keys), 500):
            Line.objects.filter(pk__in=keys[start : start + 500]).update(
                state=state, reason=reason, paid_on=paid_on
            )


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
            fund=one.fund, parts=row.parts, batch=one, note=note, by=by, at=at, day=day, today=today
        )
        if row.award.person_kind == "student":
            paid_actions.record_paid(
                county_code=one.county_code,
                term=row.award.term,
                entries=[_entry(row, -row.fen, day)],
                source=f"发放批次 {queries.number_of(one)} 退回",
                reference=f"batch:return:{row.pk}",
                by=by,
                at=at,
                address=address,
            )
        done(
            one, Verb.PAY, "give_back", f"第{row.position}笔：{reason.strip()}", by=by, at=at, address=address
        )
    return row


def _record(batch: Batch, paid: list[Line], *, by: User, at: datetime, today: date, address: str) -> None:
    """What each child has been paid, by term, where coverage and missed children are counted."""
    terms: dict[str, list[Line]] = {}
    for line in paid:
        if line.award.person_kind == "student":
            terms.setdefault(line.award.term, []).append(line)
    for term, lines in terms.items():
        paid_actions.record_paid(
            county_code=batch.county_code,
            term=term,
            entries=[_entry(line, line.fen, line.paid_on or today) for line in lines],
            source=f"发放批次 {queries.number_of(batch)}",
            reference=f"batch:{batch.pk}:{term}",
            by=by,
            at=at,
            today=today,
            address=address,
        )


def _entry(line: Line, fen: int, day: date) -> PaidEntry:
    return PaidEntry(
        student_key=line.award.person_key,
        clause=line.award.clause,
        fen=fen,
        paid_on=day,
        person_name=line.award.person_name,
        school_code=line.award.school_code,
        account=unseal(line.account.number),
        reference=queries.reference_of(line.batch, line.position),
    )
