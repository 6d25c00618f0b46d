"""备注、文件、关注、常用筛选: what people add to a case without moving it."""

from datetime import date, datetime

from django.db import transaction

from bureau.cases import change, rules
from bureau.cases.files import keep_files, open_file, why_not_files
from bureau.cases.models import Case, CaseFile, Event, SavedFilter, Watch
from bureau.cases.seeing import visible
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.clearances import cleared
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.rules import Permission, Refused, why_not

__all__ = ["add_file", "comment", "drop_filter", "open_file", "save_filter", "watch"]
MOST_FILTERS = 50


def comment(*, case_id: int, text: str, by: User, at: datetime, today: date, address: str = "") -> Event:
    """备注. Raises Refused."""
    with transaction.atomic():
        case = _workable(case_id, by)
        if not text.strip() or len(text) > rules.LONGEST_TEXT:
            raise Refused(f"请填写备注，最多 {rules.LONGEST_TEXT} 个字")
        event = change.event_of(case, Event.What.COMMENTED, at=at, day=today, by=by, text=text.strip())
        event.save()
        obj = ("case", str(case.pk))
        write(by=by, verb=Verb.CHANGE, obj=obj, detail={"what": "comment"}, at=at, address=address)
    return event


def add_file(
    *,
    case_id: int,
    upload: Upload,
    access: str = "child",
    text: str = "",
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> CaseFile:
    """上传文件 of an access class. Raises Refused."""
    with transaction.atomic():
        case = _workable(case_id, by)
        refusal = rules.why_not_write_restricted(access, by=by, cleared=cleared(by))
        problems = ([refusal] if refusal else []) + why_not_files([upload])
        if problems:
            raise Refused("；".join(problems))
        event = change.event_of(
            case, Event.What.FILED, at=at, day=today, by=by, text=text or upload.short_name
        )
        event.save()
        (kept,) = keep_files(case, event, [upload], by=by, at=at, access=access)
        obj = ("case", str(case.pk))
        write(by=by, verb=Verb.CHANGE, obj=obj, detail={"file": kept.name}, at=at, address=address)
    return kept


def watch(*, case_id: int, on: bool, by: User, at: datetime, address: str = "") -> None:
    """关注 or no longer. Raises Refused when the case is not the account's to see."""
    case = visible(by).filter(pk=case_id).first()
    if case is None:
        raise Refused("没有这件个案，或不在您的辖区内")
    with transaction.atomic():
        if on:
            Watch.objects.get_or_create(user=by, of=case)
        else:
            Watch.objects.filter(user=by, of=case).delete()
        write(
            by=by, verb=Verb.CHANGE, obj=("case", str(case.pk)), detail={"watch": on}, at=at, address=address
        )


def save_filter(
    *, name: str, ledger: str, query: str, by: User, at: datetime, address: str = ""
) -> SavedFilter:
    """存常用筛选; the same name is replaced. Raises Refused."""
    name = name.strip()
    if not name or len(name) > 40:
        raise Refused("请给筛选起一个名称，最多 40 个字")
    if len(query) > 1000:
        raise Refused("筛选条件太长，请减少条件")
    with transaction.atomic():
        if SavedFilter.objects.filter(user=by).count() >= MOST_FILTERS:
            raise Refused(f"最多存 {MOST_FILTERS} 个筛选，请先删去不用的")
        saved, _ = SavedFilter.objects.update_or_create(
            user=by, ledger=ledger, name=name, defaults={"query": query}
        )
        obj = ("saved_filter", str(saved.pk))
        write(by=by, verb=Verb.CHANGE, obj=obj, detail={"ledger": ledger}, at=at, address=address)
    return saved


def drop_filter(*, pk: int, by: User, at: datetime, address: str = "") -> None:
    """删常用筛选 of one's own."""
    with transaction.atomic():
        if SavedFilter.objects.filter(pk=pk, user=by).delete()[0]:
            write(by=by, verb=Verb.DELETE, obj=("saved_filter", str(pk)), at=at, address=address)


def _workable(case_id: int, by: User) -> Case:
    refusal = why_not(by.role, Permission.WORK_CASES) and why_not(by.role, Permission.CLOSE_CASES)
    if refusal:
        raise Refused(refusal)
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None or not visible(by).filter(pk=case_id).exists():
        raise Refused("没有这件个案，或不在您的辖区内")
    return case
