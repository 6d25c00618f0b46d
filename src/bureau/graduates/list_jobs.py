"""后台读取名单: a long list is read, compared and stored by the worker; cancelled or refused, nothing of it is kept but its file."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from bureau.graduates import awards, coming, reading, rules
from bureau.graduates.deriving import CancelledError
from bureau.graduates.models import ROOM, ComeList
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.kept import Upload, open_kept
from bureau.people.models import User
from bureau.people.rules import Refused, demand

MOST_PROBLEMS = 300


def ask_list(
    *,
    county_code: str,
    kind: str,
    title: str,
    day: date | None,
    upload: Upload,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> ComeList:
    """请后台读取名单; its state says how far it is. Raises Refused."""
    with transaction.atomic():
        made = coming.register(
            county_code=county_code, kind=kind, title=title, day=day, upload=upload, by=by, at=at, today=today, waiting=True
        )  # fmt: skip
        detail = {"kind": kind, "sha256": made.sha256}
        obj = ("graduate_list", str(made.pk))
        write(by=by, verb=Verb.RUN, obj=obj, detail=detail, at=at, address=address)
    return made


def read_list(*, of: ComeList, at: datetime, progress: Callable[[float], None]) -> None:
    """读取一份等着的名单; a second delivery finds it done. `progress` may raise CancelledError."""
    row = ComeList.objects.filter(pk=of.pk)
    if not row.filter(state="queued", cancel_asked=False).update(state="running"):
        row.filter(state="queued").update(state="cancelled")
        return
    try:
        content = open_kept(ROOM, of.sha256, of.file_name)
        progress(0.05)
        entries, problems = reading.read_list(
            of.file_name, content, of.kind, awards.facts_by_list(of.county_code)
        )
        if problems:
            more = [f"……共 {len(problems):,} 处"] if len(problems) > MOST_PROBLEMS else []
            row.update(state="failed", problems=problems[:MOST_PROBLEMS] + more)
            return
        progress(0.3)
        coming.fill(of=of, entries=entries, by=of.by, at=at, progress=progress)
    except CancelledError:
        row.update(state="cancelled")
    except Exception:
        row.update(state="failed", problems=["读取时出了意外，什么也没有保存。请把文件和时间告诉系统管理员"])
        raise
    else:
        row.update(state="done", progress=1)


def cancel_list(*, of: ComeList, by: User, at: datetime, address: str = "") -> None:
    """取消读取, by who uploaded it or the bureau. Raises Refused."""
    demand(rules.why_not_withdraw(by=by, uploaded_by=of.by_id, withdrawn=False, reason="-"))
    with transaction.atomic():
        found = ComeList.objects.filter(pk=of.pk, state__in=["queued", "running"]).update(cancel_asked=True)
        if not found:
            raise Refused("名单已经读完，不能取消；要收回请撤回名单")
        write(by=by, verb=Verb.DELETE, obj=("graduate_list", str(of.pk)), at=at, address=address)
