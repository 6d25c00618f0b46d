"""状态转移: the only place where an import passes from one state to another, as the table of states allows."""

from bureau.registry import states
from bureau.registry.import_models import Import


class RefusedError(Exception):
    """办不到: the sentence says why."""


def move(import_id: int, to: str, *, since: str = "", **values: object) -> bool:
    """Into state `to` from wherever the table allows (or only from `since`), setting other fields with it.

    One statement, so that of two who try only one succeeds; False when the import stands elsewhere.
    """
    known = states.before(to) & {since} if since else states.before(to)
    return bool(Import.objects.filter(pk=import_id, state__in=known).update(state=to, **values))


def become(of: Import, to: str) -> None:
    """The same for a row that the caller has locked and will save. RefusedError when the table does not allow it."""
    if not states.may_become(of.state, to):
        now, then = Import.State(of.state).label, Import.State(to).label
        raise RefusedError(f"这次导入现在是“{now}”，不能变成“{then}”。请刷新页面后再看。")
    of.state = to


def recover() -> int:
    """After a process was killed: imports caught in the middle go back to the step before. Returns how many."""
    return sum(
        Import.objects.filter(state=caught).update(state=back, progress=0)
        for caught, back in states.STEP_BEFORE.items()
    )
