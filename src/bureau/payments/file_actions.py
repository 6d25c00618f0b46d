"""上传的表: kept sealed, read (in the worker when it is large) with every problem, and taken whole when a person confirms."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.payments import account_actions, award_actions, award_sheet, fund_sheet, results, settling
from bureau.payments.models import AwardRound, Batch, PaymentFile
from bureau.people.kept import Upload, keep, open_kept
from bureau.people.models import User
from bureau.people.rules import Permission, Refused, demand, why_not
from bureau.people.scope import scope_of

ROOM = "payments"
LARGEST = 20 * 1024 * 1024
LARGE = 150_000  # bytes: more is read by the worker
SHOWN = 2000
State, Kind = PaymentFile.State, PaymentFile.Kind
NEEDED = {
    Kind.AWARDS: Permission.REPORT_AID,
    Kind.ACCOUNTS: Permission.REPORT_AID,
    Kind.RESULT: Permission.REVIEW_AWARDS,
    Kind.FUNDS: Permission.MANAGE_FUNDS,
}
Found = award_sheet.Found | account_actions.Found | results.Found | fund_sheet.Found


class CancelledError(Exception):
    """Somebody does not want this file any more."""


def receive(
    *,
    county_code: str,
    kind: str,
    upload: Upload,
    batch: Batch | None = None,
    round: AwardRound | None = None,
    rest_on: date | None = None,
    by: User,
    at: datetime,
    address: str = "",
) -> PaymentFile:
    """收文件: nothing counts yet. `rest_on`: the bank lists failures only, all other lines were paid on that day."""
    refusal = why_not(by.role, NEEDED[Kind(kind)])
    inside = scope_of(by).covers(county_code=county_code) or by.role == "school"
    if not refusal and not inside:
        refusal = "这个县不在您的辖区内"
    if not refusal and not upload.content:
        refusal = "文件是空的，请检查后重新上传"
    if not refusal and len(upload.content) > LARGEST:
        refusal = f"文件有 {len(upload.content) / 1024 / 1024:.0f} MB，超过 20 MB，请分成几个"
    if refusal:
        raise Refused(refusal)
    with transaction.atomic():
        made = PaymentFile.objects.create(
            county_code=county_code,
            kind=kind,
            batch=batch,
            round=round,
            only_failures=rest_on is not None,
            paid_on=rest_on,
            name=upload.short_name,
            sha256=keep(ROOM, upload.content),
            size=len(upload.content),
            by=by,
            at=at,
        )
        _log(made, Verb.STAGE_IMPORT, by=by, at=at, address=address)
    return made


def read(
    *, file: PaymentFile, today: date, progress: Callable[[float], None] = lambda share: None
) -> PaymentFile:
    """读文件: afterwards it waits for a person, or every problem is said. A second delivery does nothing."""
    if not PaymentFile.objects.filter(pk=file.pk, state=State.WAITING).update(state=State.READING):
        return PaymentFile.objects.get(pk=file.pk)
    try:
        found = _read(file, today, progress)
    except CancelledError:
        return PaymentFile.objects.get(pk=file.pk)
    except Exception:
        sentence = "读取时出了意外，没有入库。请把文件和时间告诉系统管理员。"
        PaymentFile.objects.filter(pk=file.pk).update(state=State.REFUSED, problems=[sentence])
        raise
    problems = list(found.problems)
    warnings = list(getattr(found, "warnings", []))
    PaymentFile.objects.filter(pk=file.pk, state=State.READING).update(
        state=State.REFUSED if problems else State.READY,
        problems=problems[:SHOWN]
        + ([f"还有 {len(problems) - SHOWN:,} 处没有列出"] if len(problems) > SHOWN else []),
        warnings=warnings[:SHOWN],
        summary="" if problems else found.summary,
        progress=1,
    )
    return PaymentFile.objects.get(pk=file.pk)


def take(
    *,
    file: PaymentFile,
    accepted: bool,
    by: User,
    at: datetime,
    today: date,
    progress: Callable[[float], None] = lambda share: None,
    address: str = "",
) -> str:
    """入库, all or none; answers what was done. What was read is read again: the registers may have changed since."""
    # Reading takes longest and writes nothing: nobody waits for it.
    demand(why_not_take(file, role=by.role, accepted=accepted))
    found = _read(file, today, progress)
    if found.problems:
        raise Refused("；".join(found.problems[:20]))
    with transaction.atomic():
        one = (
            PaymentFile.objects.select_for_update(of=("self",))
            .select_related("batch", "round")
            .get(pk=file.pk)
        )
        demand(why_not_take(one, role=by.role, accepted=accepted))
        words = _take(one, found, by=by, at=at, today=today, address=address)
        one.state, one.taken_at = State.TAKEN, at
        one.save(update_fields=["state", "taken_at"])
        _log(one, Verb.COMMIT_IMPORT, by=by, at=at, address=address)
    return words


def ask_take(*, file: PaymentFile, accepted: bool, by: User) -> None:
    """请后台入库: a person has confirmed a large file, the worker takes it."""
    with transaction.atomic():
        one = PaymentFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
        demand(why_not_take(one, role=by.role, accepted=accepted))
        PaymentFile.objects.filter(pk=one.pk).update(state=State.TAKING, progress=0)


def take_asked(
    *,
    file: PaymentFile,
    by: User,
    at: datetime,
    today: date,
    progress: Callable[[float], None],
    address: str = "",
) -> None:
    """入库, in the worker: taken whole, or refused with the sentences. A second delivery does nothing."""
    if file.state != State.TAKING:
        return
    problems = ["入库时出了意外，什么也没有入库。请把文件和时间告诉系统管理员。"]
    try:
        take(file=file, accepted=True, by=by, at=at, today=today, progress=progress, address=address)
    except Refused as refusal:
        problems = str(refusal).split("；")
    except CancelledError:
        return
    finally:
        stopped = PaymentFile.objects.filter(pk=file.pk, state=State.TAKING)
        stopped.update(state=State.REFUSED, problems=problems)


def why_not_take(file: PaymentFile, *, role: str, accepted: bool) -> str | None:
    """为什么不能入库."""
    refusal = why_not(role, NEEDED[Kind(file.kind)])
    if refusal:
        return refusal
    if file.state not in (State.READY, State.TAKING):
        return f"这个文件“{file.get_state_display()}”，不能入库"
    if file.warnings and not accepted:
        return f"有 {len(file.warnings):,} 处提醒，请核对后勾选“已核对”"
    return None


def cancel(*, file: PaymentFile, by: User, at: datetime, address: str = "") -> None:
    """取消: the worker stops at its next mark."""
    with transaction.atomic():
        under_way = [State.TAKING, State.WAITING, State.READING, State.READY, State.REFUSED]
        if not PaymentFile.objects.filter(pk=file.pk, state__in=under_way).update(state=State.CANCELLED):
            raise Refused("这个文件已经入库或取消")
        _log(file, Verb.DISCARD_IMPORT, by=by, at=at, address=address)


def _read(file: PaymentFile, today: date, progress: Callable[[float], None]) -> Found:
    content = open_kept(ROOM, file.sha256, file.name)
    match file.kind:
        case Kind.AWARDS:
            if file.round is None:
                raise Refused("没有说明是哪一批")
            return award_sheet.read(file.round, file.name, content, progress=progress)
        case Kind.ACCOUNTS:
            found = account_actions.read(file.county_code, "student", file.name, content, progress=progress)
            return _teachers_too(file, found, content, progress)
        case Kind.RESULT:
            if file.batch is None:
                raise Refused("没有说明是哪个批次")
            asked = results.Asked(file.batch, today, file.paid_on if file.only_failures else None)
            return results.read(asked, file.name, content, progress=progress)
        case _:
            return fund_sheet.read(file.county_code, file.name, content, today=today, progress=progress)


def _teachers_too(
    file: PaymentFile, found: account_actions.Found, content: bytes, progress: Callable[[float], None]
) -> account_actions.Found:
    """A sheet of teachers looks the same: it is read as such when nobody in it is a pupil."""
    if not found.problems or found.accounts:
        return found
    teachers = account_actions.read(file.county_code, "teacher", file.name, content, progress=progress)
    return teachers if teachers.accounts else found


def _take(file: PaymentFile, found: Found, *, by: User, at: datetime, today: date, address: str) -> str:
    if isinstance(found, award_sheet.Found) and file.round is not None:
        result = award_actions.propose(
            round=file.round, proposals=found.proposals, entered="uploaded", by=by, at=at, address=address
        )
        return result.sentence
    if isinstance(found, account_actions.Found):
        made = account_actions.take(
            county_code=file.county_code, accounts=found.accounts, by=by, at=at, today=today, address=address
        )
        return f"读到 {len(found.accounts):,} 个账户，登记或更换了 {made:,} 个"
    if isinstance(found, results.Found) and file.batch is not None:
        settling.take(batch=file.batch, found=found, by=by, at=at, today=today, address=address)
        return found.summary
    if isinstance(found, fund_sheet.Found):
        return f"已入账 {fund_sheet.take(found, by=by, at=at, today=today, address=address)} 笔"
    raise Refused("这个文件不能入库")


def _log(file: PaymentFile, verb: Verb, *, by: User, at: datetime, address: str) -> None:
    detail = {"kind": file.kind, "file": file.name, "sha256": file.sha256, "summary": file.summary}
    if file.only_failures:
        detail["rest_paid_on"] = f"{file.paid_on}"
    write(by=by, verb=verb, obj=("payment_file", str(file.pk)), detail=detail, at=at, address=address)
