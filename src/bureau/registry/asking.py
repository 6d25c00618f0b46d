"""交给后台: what a clerk asks for before the worker does it, so that a second click finds it asked already."""

from bureau.people.models import User
from bureau.people.rules import Permission, why_not
from bureau.registry import commit_actions, rules
from bureau.registry.import_models import Import
from bureau.registry.moving import RefusedError, move


def why_not_ask_commit(
    of: Import, *, by: User, accept_low_match: bool = False, accept_rejected: bool = False
) -> str | None:
    """为什么不能提交: the account's reasons first, then the import's."""
    return why_not(by.role, Permission.COMMIT) or commit_actions.why_not_commit(
        of, accept_low_match=accept_low_match, accept_rejected=accept_rejected
    )


def ask_commit(*, of: Import, by: User, accept_low_match: bool, accept_rejected: bool) -> None:
    """申请提交: the import waits for the worker as “正在提交”. RefusedError says why not."""
    why = why_not_ask_commit(of, by=by, accept_low_match=accept_low_match, accept_rejected=accept_rejected)
    if why:
        raise RefusedError(why)
    if not move(of.pk, Import.State.COMMITTING, progress=0, note=""):
        raise RefusedError("这次导入已经有人在提交。")


def ask_undo(*, of: Import, reason: str) -> None:
    """申请撤销: the import waits for the worker as “正在撤销”. RefusedError says why not."""
    why = commit_actions.why_not_undo(of, reason=reason)
    if why:
        raise RefusedError(why)
    if not move(of.pk, Import.State.UNDOING, note=""):
        raise RefusedError("这次导入已经有人在撤销。")


def ask_compare(*, of: Import, **changes: object) -> None:
    """申请重新比对: the import waits for the worker as “正在读取”. RefusedError says why not."""
    why = rules.why_not_compare(state=of.state)
    if why:
        raise RefusedError(why)
    since = Import.State.IN_REVIEW
    if not move(of.pk, Import.State.READING, since=since, progress=0, note="", **changes):
        raise RefusedError("这次导入已经有人在重新比对或提交。")


def ask_compare_as_partial(*, of: Import) -> None:
    """取消“完整名册”: rows that the file lacks stay in the register; compared again."""
    ask_compare(of=of, complete=False)
