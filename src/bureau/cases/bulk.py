"""批量办理: asked for by a person, done by the worker, one case after another, so that one refusal stops no other."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypedDict

from django.db import transaction

from bureau.cases import actions, owning
from bureau.cases.models import Bulk
from bureau.cases.seeing import visible
from bureau.cases.sitting import Sitting
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Permission, Refused, why_not

# So many in one transaction: others who write wait for it, so that a step, which costs more than a new owner, comes in smaller parts.
AT_ONCE = {Bulk.Kind.ASSIGN: 500, Bulk.Kind.MOVE: 50, Bulk.Kind.UPLOAD: 50}
MOST_LISTED = 5_000
Progress = Callable[[float], None]


class _Given(TypedDict):
    by: User
    at: datetime
    today: date
    shared: Sitting


class StoppedError(Exception):
    """批量办理已取消."""


def ask(
    *,
    kind: str,
    county_code: str,
    case_ids: Sequence[int] = (),
    ledger: str = "",
    arguments: Mapping[str, Any],
    by: User,
    at: datetime,
    address: str = "",
) -> Bulk:
    """请求批量办理. `arguments`: assign {to: account id or null, level, line, reason}; move {move, fields, text};
    upload {changes: [[case id, revision, {column: value}], …]} as `bulk_sheet.read` gives them. Raises Refused."""
    permission = Permission.ASSIGN_CASES if kind == Bulk.Kind.ASSIGN else Permission.WORK_CASES
    if kind == Bulk.Kind.MOVE and why_not(by.role, permission):
        permission = Permission.CLOSE_CASES
    refusal = why_not(by.role, permission)
    if refusal:
        raise Refused(refusal)
    if kind not in Bulk.Kind.values:
        raise Refused("没有这种批量办理")
    wanted = [row[0] for row in arguments.get("changes", ())] if kind == Bulk.Kind.UPLOAD else list(case_ids)
    if not wanted:
        raise Refused("没有选中个案")
    with transaction.atomic():
        bulk = Bulk.objects.create(
            kind=kind,
            county_code=county_code,
            ledger=ledger,
            arguments=dict(arguments),
            ids=wanted,
            total=len(wanted),
            by=by,
            at=at,
        )
        obj = ("bulk", str(bulk.pk))
        write(
            by=by,
            verb=Verb.SUBMIT,
            obj=obj,
            detail={"kind": kind, "count": len(wanted)},
            at=at,
            address=address,
        )
    return bulk


def cancel(*, pk: int, by: User, at: datetime, address: str = "") -> None:
    """取消: what is done stays done. Raises Refused."""
    with transaction.atomic():
        asked = Bulk.objects.filter(
            pk=pk, by=by, state__in=[Bulk.State.QUEUED, Bulk.State.RUNNING], cancel_asked=False
        ).update(cancel_asked=True)
        if not asked:
            raise Refused("这次批量办理已经结束，不能取消")
        write(by=by, verb=Verb.CHANGE, obj=("bulk", str(pk)), detail={"cancel": True}, at=at, address=address)


def run(*, pk: int, at: Callable[[], datetime], today: date, progress: Progress) -> Bulk | None:
    """办理. None when another worker has it already. A restart after a crash goes on where it stopped: what is done is counted."""
    taken = Bulk.objects.filter(pk=pk, state=Bulk.State.QUEUED).update(state=Bulk.State.RUNNING)
    bulk = Bulk.objects.select_related("by").get(pk=pk)
    if not taken and bulk.state != Bulk.State.RUNNING:
        return None
    if not bulk.by.is_active:
        return _end(bulk, Bulk.State.FAILED, at())
    try:
        progress(bulk.done / bulk.total)
        while bulk.done < bulk.total:
            part = bulk.ids[bulk.done : bulk.done + AT_ONCE[Bulk.Kind(bulk.kind)]]
            with transaction.atomic():
                refused = _part(bulk, part, at=at(), today=today)
                bulk.refused = [*bulk.refused, *refused][:MOST_LISTED]
                bulk.refused_count += len(refused)
                bulk.done += len(part)
                bulk.save(update_fields=["refused", "refused_count", "done"] if refused else ["done"])
            progress(bulk.done / bulk.total)
    except StoppedError:
        return _end(bulk, Bulk.State.CANCELLED, at())
    except Exception:
        _end(bulk, Bulk.State.FAILED, at())
        raise
    return _end(bulk, Bulk.State.DONE, at())


def _end(bulk: Bulk, state: str, at: datetime) -> Bulk:
    bulk.state, bulk.finished_at = state, at
    bulk.progress = bulk.done / bulk.total if bulk.total else 1.0
    bulk.save(update_fields=["state", "finished_at", "progress"])
    return bulk


def _part(bulk: Bulk, ids: Sequence[int], *, at: datetime, today: date) -> list[list[Any]]:
    labels = dict(visible(bulk.by).filter(pk__in=ids).values_list("pk", "label"))
    arguments = bulk.arguments
    if bulk.kind == Bulk.Kind.ASSIGN:
        to = User.objects.filter(pk=arguments.get("to")).first() if arguments.get("to") else None
        try:
            refused = owning.hand_over(
                case_ids=ids,
                to=to,
                level=str(arguments.get("level", "")),
                line=str(arguments.get("line", "")),
                reason=str(arguments.get("reason", "")),
                by=bulk.by,
                at=at,
                today=today,
            )
        except Refused as refusal:
            refused = [(pk, str(refusal)) for pk in ids]
        return [[pk, labels.get(pk, ""), sentence] for pk, sentence in refused]
    changes = {row[0]: row for row in arguments.get("changes", ())}
    sitting = Sitting(bulk.by)
    sitting.fetch(ids)
    given: _Given = {"by": bulk.by, "at": at, "today": today, "shared": sitting}
    found = []
    for pk in ids:
        # Each step is a savepoint of its own: a refusal takes back this one only.
        try:
            if bulk.kind == Bulk.Kind.MOVE:
                actions.move(
                    case_id=pk,
                    move=str(arguments.get("move", "")),
                    fields=arguments.get("fields") or {},
                    text=str(arguments.get("text", "")),
                    **given,
                )
            else:
                _, revision, fields = changes[pk]
                actions.fill_in(case_id=pk, fields=fields, based_on=revision, text="表格上传", **given)
        except Refused as refusal:
            found.append([pk, labels.get(pk, ""), str(refusal)])
    return found
