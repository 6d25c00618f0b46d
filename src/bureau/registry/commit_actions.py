"""提交与撤销: all of an import in one transaction or nothing, and exactly that taken back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import DatabaseError, transaction

from bureau.log.actions import write as log
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.registry import apply, bulk, queries, rules, staged_file, staging
from bureau.registry.import_models import Import, ImportChange, ImportProblem, RegisterVersion
from bureau.registry.moving import RefusedError, become, move
from bureau.registry.staged_file import Reviewed
from bureau.registry.states import STEP_BEFORE

MATCH_FLOOR = 0.7


def _asked(of: Import, now: str, claimed: bool) -> str:
    """The state to judge by: whoever has put the import into state `now` asks whether it might have."""
    return STEP_BEFORE[now] if claimed and of.state == now else of.state


def why_not_commit(
    of: Import, *, accept_low_match: bool = False, accept_rejected: bool = False, claimed: bool = False
) -> str | None:
    """为什么不能提交, asked by the page, the button and (`claimed`) the commit itself."""
    state = _asked(of, Import.State.COMMITTING, claimed)
    return rules.why_not_commit(
        state=state,
        counts=of.counts,
        file_errors=ImportProblem.objects.filter(of=of, severity="error", row=0).count(),
        complete=of.complete,
        match_share=of.match_share,
        match_floor=MATCH_FLOOR,
        accept_low_match=accept_low_match,
        accept_rejected=accept_rejected,
        changed_meanwhile=state == "in_review" and queries.versions(of.county_code, of.sheets) != of.seen,
    )


def commit(
    *,
    of: Import,
    by: User,
    at: datetime,
    accept_low_match: bool = False,
    accept_rejected: bool = False,
    address: str = "",
    reviewed: Reviewed | None = None,
) -> Import:
    """提交: all of it in one transaction, or nothing; then the import is in review again. RefusedError says why not."""
    of.refresh_from_db()
    if of.state != Import.State.COMMITTING:
        why = why_not_commit(of, accept_low_match=accept_low_match, accept_rejected=accept_rejected)
        if why:
            raise RefusedError(why)
        if not move(of.pk, Import.State.COMMITTING, progress=0, note=""):
            raise RefusedError("这次导入已经有人在提交。")
    sentence = "提交时出了意外，没有写入任何内容。请稍后再试；若再次出现，请告诉系统管理员。"
    try:
        prepared = _prepare(of, reviewed or staged_file.reviewed(of.pk))
        try:
            with transaction.atomic():
                of = _write(of, prepared, accept_low_match=accept_low_match, accept_rejected=accept_rejected)
                become(of, Import.State.COMMITTED)
                of.committed_by, of.committed_at, of.progress, of.note = by, at, 1, ""
                of.save()
                log(
                    by=by,
                    verb=Verb.COMMIT_IMPORT,
                    obj=("import", str(of.pk)),
                    detail={"counts": of.counts, "day": of.day, "file": of.file_name},
                    at=at,
                    address=address,
                )
        finally:
            for one in prepared:
                one.drop()
    except RefusedError as refused:
        sentence = str(refused)
        raise
    except (DatabaseError, OSError) as error:
        sentence = _disk_sentence(error) or sentence
        if _disk_sentence(error):
            raise RefusedError(sentence) from error
        raise
    finally:
        move(of.pk, Import.State.IN_REVIEW, since=Import.State.COMMITTING, note=sentence)
    staged_file.forget(of.pk)
    bulk.weigh(one.model for one in prepared)
    return of


def _prepare(of: Import, reviewed: Reviewed) -> list[apply.Prepared]:
    """Everything that can be done before others have to wait. What it builds on is checked again inside the transaction."""
    mine_wins = frozenset(ImportChange.objects.filter(of=of, keep_mine=True).values_list("key", flat=True))
    codes = staging.township_codes(of.county_code)
    return [
        apply.prepare(
            of,
            one,
            staging.present_columns(one),
            reviewed.found[one.sheet.name],
            mine_wins=mine_wins,
            township_codes=codes,
        )
        for one in reviewed.staged
    ]


def _write(
    of: Import, prepared: Sequence[apply.Prepared], *, accept_low_match: bool, accept_rejected: bool
) -> Import:
    """The rows into their registers, when these still stand as they were reviewed."""
    _lock(of)
    of = Import.objects.select_for_update().get(pk=of.pk)
    why = why_not_commit(of, accept_low_match=accept_low_match, accept_rejected=accept_rejected, claimed=True)
    if why:
        raise RefusedError(why)
    for one in prepared:
        one.write()
    _count_up(of)
    return of


def _disk_sentence(error: Exception) -> str | None:
    if "full" in str(error) or "No space" in str(error):
        return "磁盘空间不足，本次没有写入任何内容。请清理磁盘后再提交。"
    if "lock" in str(error):
        return "数据库正忙，本次没有写入任何内容。请稍后再提交。"
    return None


def _lock(of: Import) -> None:
    for sheet in of.sheets:
        RegisterVersion.objects.get_or_create(county_code=of.county_code, sheet=sheet)
    list(
        RegisterVersion.objects.select_for_update()
        .filter(county_code=of.county_code, sheet__in=of.sheets)
        .order_by("sheet")
    )


def _count_up(of: Import) -> None:
    for one in RegisterVersion.objects.filter(county_code=of.county_code, sheet__in=of.sheets):
        RegisterVersion.objects.filter(pk=one.pk).update(version=one.version + 1)


def why_not_undo(of: Import, *, reason: str, claimed: bool = False) -> str | None:
    """为什么不能撤销, asked by the page and (`claimed`) by the undo itself."""
    if not reason.strip():
        return "请写明撤销的原因。"
    state = _asked(of, Import.State.UNDOING, claimed)
    dependents = queries.dependents(of) if state == Import.State.COMMITTED else ()
    return rules.why_not_undo(state=state, dependents=dependents)


def undo(*, of: Import, by: User, reason: str, at: datetime, address: str = "") -> Import:
    """撤销: take back exactly what the import wrote, while nothing later depends on it. RefusedError says why not."""
    of.refresh_from_db()
    if of.state != Import.State.UNDOING:
        why = why_not_undo(of, reason=reason)
        if why:
            raise RefusedError(why)
        if not move(of.pk, Import.State.UNDOING, note=""):
            raise RefusedError("这次导入已经有人在撤销。")
    sentence = "撤销时出了意外，登记册没有改动。请稍后再试；若再次出现，请告诉系统管理员。"
    try:
        with transaction.atomic():
            _lock(of)
            of = Import.objects.select_for_update().get(pk=of.pk)
            if why := why_not_undo(of, reason=reason, claimed=True):
                raise RefusedError(why)
            apply.take_back(of)
            _count_up(of)
            become(of, Import.State.UNDONE)
            of.undone_by, of.undone_at, of.undo_reason = by, at, reason.strip()[:200]
            of.save()
            log(
                by=by,
                verb=Verb.UNDO_IMPORT,
                obj=("import", str(of.pk)),
                detail={"file": of.file_name},
                reason=reason,
                at=at,
                address=address,
            )
    except RefusedError as refused:
        sentence = str(refused)
        raise
    finally:
        move(of.pk, Import.State.COMMITTED, since=Import.State.UNDOING, note=sentence)
    return of
