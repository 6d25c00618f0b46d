"""已发资助的写入: a list is read and looked at, then counts whole or not at all; money paid by a batch is recorded the same way."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from bureau.entitlements import evaluation_actions, paid_finding, paid_rules, paid_sheet, terms
from bureau.entitlements.evaluation import InHand, nobody
from bureau.entitlements.paid_models import PaidLine, PaidList
from bureau.entitlements.queries import county_book
from bureau.log.actions import write as log
from bureau.log.models import Verb
from bureau.people.kept import Upload, keep, open_kept
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.people.scope import scope_of, why_not_county
from bureau.people.secret import lookup, seal_many
from bureau.registry.bulk import insert
from bureau.registry.queries import as_raw

ROOM = "paid"
BATCH = "batch:"
SHOWN = 2000
State = PaidList.State


class CancelledError(Exception):
    """Somebody does not want this list any more."""


@dataclass(frozen=True, slots=True)
class PaidEntry:
    """一笔已发资助. `fen` below zero: money that came back. `reference` names the line where it was paid from."""

    student_key: str
    clause: str
    fen: int
    paid_on: date | None
    person_name: str = ""
    school_code: str = ""
    account: str = ""
    reference: str = ""


def upload(
    *,
    county_code: str,
    term: terms.Term,
    file: Upload,
    source: str,
    clause: str,
    by: User,
    at: datetime,
    address: str = "",
) -> PaidList:
    """上传名单: kept sealed and queued for reading; nothing counts yet. `clause`: for the whole file, "" when its rows say."""
    same = PaidList.objects.filter(county_code=county_code, state=State.IN_FORCE)
    outside = not scope_of(by).covers(county_code=county_code)
    with transaction.atomic():
        sha256 = keep(ROOM, file.content)
        demand(
            paid_rules.why_not_upload(
                role=by.role,
                outside=outside,
                term_refusal=f"{term}学期还没有开始" if term.first > localtime(at).date() else None,
                same=same.filter(sha256=sha256).exists(),
                source=source,
            )
        )
        made = PaidList.objects.create(
            county_code=county_code,
            term=term.text,
            source=source.strip()[:120],
            reference=f"file:{sha256}"[:80],
            file_name=file.short_name,
            sha256=sha256,
            clause=clause,
            by=by,
            at=at,
        )
        _log(made, Verb.STAGE_IMPORT, by=by, at=at, address=address)
    return made


def read(*, list_id: int, progress: Callable[[float], None]) -> PaidList | None:
    """读取名单, in the worker: its lines wait for review, or every problem is listed. None when it was cancelled."""
    of = PaidList.objects.filter(pk=list_id, state=State.READING, cancel_asked=False).first()
    if of is None:
        return None
    try:
        content = open_kept(ROOM, of.sha256, of.file_name)
        rows, problems = paid_sheet.read(
            of.file_name, content, lambda share: progress(share * 0.5), item_needed=not of.clause
        )
        found = paid_finding.find(of, rows, county_book(of.county_code), problems)
        progress(0.8)
    except CancelledError:
        return None
    except Exception:
        PaidList.objects.filter(pk=list_id).update(
            state=State.REFUSED, note="读取时出了意外，没有保存。请把文件告诉系统管理员。", errors=1
        )
        raise
    problems.sort(key=lambda one: (one.severity != paid_sheet.ERROR, one.tab, one.row))
    of.rows = len(rows)
    of.errors = sum(1 for one in problems if one.severity == paid_sheet.ERROR)
    of.warnings = len(problems) - of.errors
    of.problems = [list(asdict(one).values()) for one in problems[:SHOWN]]
    of.progress = 1
    of.state = State.REFUSED if of.errors else State.IN_REVIEW
    with transaction.atomic():
        if not PaidList.objects.filter(pk=of.pk, state=State.READING, cancel_asked=False).exists():
            return None
        if not of.errors:
            _store(
                of,
                [
                    (
                        one.row.tab, one.row.row, one.key, one.name, one.school_code, one.clause, one.row.item,
                        one.row.fen, one.row.paid_on, one.row.account, "",
                    )
                    for one in found
                ],
            )  # fmt: skip
            of.lines, of.fen = len(found), sum(one.row.fen for one in found)
        of.save()
    return of


def enter(
    *, of: PaidList, accepted: bool, by: User, at: datetime, today: date, address: str = "", in_hand: InHand = nobody
) -> PaidList:  # fmt: skip
    """入账: all lines count from now on, and the lists of the term follow. Raises Refused with the rule's sentence."""
    with transaction.atomic():
        now = PaidList.objects.select_for_update().get(pk=of.pk)
        demand(
            paid_rules.why_not_enter(
                role=by.role,
                state=now.state,
                errors=now.errors,
                lines=now.lines,
                warnings=now.warnings,
                accepted=accepted,
            )
        )
        demand(why_not_county(by, now.county_code))
        _put_in_force(now, by=by, at=at)
        _settle(now, at, today, in_hand)
        _log(now, Verb.PAY, by=by, at=at, address=address)
    return now


def cancel(*, of: PaidList, by: User, at: datetime, address: str = "") -> None:
    """取消 a list that does not count yet; its lines are thrown away."""
    with transaction.atomic():
        now = PaidList.objects.select_for_update().get(pk=of.pk)
        demand(paid_rules.why_not_cancel(role=by.role, state=now.state))
        demand(why_not_county(by, now.county_code))
        PaidLine.objects.filter(list=now).delete()
        now.state, now.cancel_asked = State.CANCELLED, True
        now.save(update_fields=["state", "cancel_asked"])
        _log(now, Verb.DISCARD_IMPORT, by=by, at=at, address=address)


def undo_paid(
    *, of: PaidList, reason: str, by: User, at: datetime, today: date | None = None, address: str = "", in_hand: InHand = nobody
) -> PaidList:  # fmt: skip
    """撤销 a list whole: none of its lines counts any more; the lines stay to be looked at."""
    with transaction.atomic():
        now = PaidList.objects.select_for_update().get(pk=of.pk)
        demand(
            paid_rules.why_not_undo(
                role=by.role,
                state=now.state,
                reason=reason,
                from_batch=now.reference.startswith(BATCH),
            )
        )
        demand(why_not_county(by, now.county_code))
        now.state, now.undone_by, now.undone_at = State.UNDONE, by, at
        now.undo_reason = reason.strip()
        now.save(update_fields=["state", "undone_by", "undone_at", "undo_reason"])
        _settle(now, at, today, in_hand)
        _log(now, Verb.UNDO_IMPORT, by=by, at=at, address=address, reason=now.undo_reason)
    return now


def record_paid(
    *,
    county_code: str,
    term: str,
    entries: Sequence[PaidEntry],
    source: str,
    reference: str,
    by: User,
    at: datetime,
    today: date | None = None,
    address: str = "",
    in_hand: InHand = nobody,
) -> PaidList:
    """记已发: what a batch has paid (or got back), in force at once. The same `reference` twice is refused."""
    terms.parse(term)
    if not entries:
        raise Refused("没有要记的发放")
    if not reference.strip() or not source.strip():
        raise Refused("请写明来源和凭据")
    if PaidList.objects.filter(county_code=county_code, reference=reference, state=State.IN_FORCE).exists():
        raise Refused(f"“{source}”已经入账，不能入账两次")
    try:
        with transaction.atomic():
            made = PaidList.objects.create(
                county_code=county_code,
                term=term,
                source=source[:120],
                reference=reference[:80],
                state=State.IN_REVIEW,
                rows=len(entries),
                lines=len(entries),
                fen=sum(one.fen for one in entries),
                progress=1,
                by=by,
                at=at,
            )
            _store(
                made,
                [
                    (
                        "", number, one.student_key, one.person_name, one.school_code, one.clause, "",
                        one.fen, one.paid_on, one.account, one.reference,
                    )
                    for number, one in enumerate(entries, start=1)
                ],
            )  # fmt: skip
            _put_in_force(made, by=by, at=at)
            _settle(made, at, today, in_hand)
            _log(made, Verb.PAY, by=by, at=at, address=address)
    except IntegrityError as error:
        raise Refused(f"“{source}”没有入账：同一凭据已经入账，或有金额为0的行") from error
    return made


def _settle(of: PaidList, at: datetime, today: date | None, in_hand: InHand) -> None:
    day = today or localtime(at).date()
    evaluation_actions.settle_term(
        county_code=of.county_code, term=of.term, at=at, today=day, in_hand=in_hand
    )


_Line = tuple[str, int, str, str, str, str, str, int, date | None, str, str]
_NAMES = (
    "list", "tab", "row", "student_key", "person_name", "school_code", "clause", "item", "fen", "paid_on", "account",
    "account_lookup", "reference",
)  # fmt: skip


def _store(of: PaidList, lines: Sequence[_Line]) -> None:
    """The lines of a list; of an account number only its seal and its keyed hash are kept."""
    accounts = seal_many([line[-2] for line in lines])

    def rows() -> Iterator[Sequence[object]]:
        for line, sealed in zip(lines, accounts, strict=True):
            tab, row, key, name, school, clause, item, fen, paid_on, account, reference = line
            yield as_raw(
                (
                    of.pk, tab[:60], row, key, name[:60], school, clause, item[:120], fen, paid_on, sealed,
                    lookup(account), reference[:80],
                )
            )  # fmt: skip

    insert(PaidLine, _NAMES, rows())


def _put_in_force(of: PaidList, *, by: User, at: datetime) -> None:
    of.state, of.entered_by, of.entered_at = State.IN_FORCE, by, at
    try:
        with transaction.atomic():
            of.save(update_fields=["state", "entered_by", "entered_at"])
    except IntegrityError as error:
        raise Refused("这个文件已经入账，同一份名单不能入账两次") from error


def _log(of: PaidList, verb: Verb, *, by: User, at: datetime, address: str, reason: str = "") -> None:
    log(
        by=by,
        verb=verb,
        obj=("paid_list", str(of.pk)),
        detail={
            "county": of.county_code, "term": of.term, "source": of.source, "lines": of.lines, "fen": of.fen, "state": of.state,
        },
        reason=reason,
        at=at,
        address=address,
    )  # fmt: skip
