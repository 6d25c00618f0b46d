"""登记册的写入: receive an upload, stage it, compare it, settle conflicts, cancel it; `commit_actions` commit it and undo it."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write as log
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.registry import queries, rules, staged_file, staging
from bureau.registry.import_models import Import, ImportChange
from bureau.registry.moving import RefusedError, become, move
from bureau.registry.staged_file import Reviewed, StagedSheet

Progress = Callable[[float], None]


def receive(
    *,
    by: User,
    files: Sequence[tuple[str, bytes]],
    day: date,
    county_code: str,
    complete: bool,
    at: datetime,
    address: str = "",
) -> Import:
    """接收: keep the uploaded files sealed and queue them for reading."""
    digest = hashlib.sha256()
    for _, content in files:
        digest.update(hashlib.sha256(content).digest() if len(files) > 1 else content)
    with transaction.atomic():
        of = Import.objects.create(
            by=by,
            at=at,
            day=day,
            county_code=county_code,
            complete=complete,
            file_name="、".join(name for name, _ in files)[:300],
            sha256=digest.hexdigest(),
            size=sum(len(content) for _, content in files),
        )
        staged_file.keep_uploads(of.pk, files)
        log(
            by=by,
            verb=Verb.STAGE_IMPORT,
            obj=("import", str(of.pk)),
            detail={"file": of.file_name, "sha256": of.sha256},
            at=at,
            address=address,
        )
    return of


def stage(*, of: Import, today: date, progress: Progress) -> Import:
    """读取并比对: after it the import is in review, or refused with the reason in its note."""
    staged = read(of=of, today=today, progress=lambda share: progress(share * 0.8))
    if staged is not None:
        review(of=of, staged=staged, progress=progress)
    of.refresh_from_db()
    return of


def read(*, of: Import, today: date, progress: Progress) -> list[StagedSheet] | None:
    """读取: the rows as staged, and every problem written down; None when the file is refused."""
    if not move(of.pk, Import.State.READING, since=Import.State.RECEIVED, progress=0, note=""):
        raise RefusedError("只有等待读取的导入可以读取。")
    files = staged_file.uploads(of.pk)
    reading = staging.read(files, day=of.day, county_code=of.county_code, today=today, progress=progress)
    del files
    why = rules.why_not_import(role=of.by.role, sheets=list(reading.sheets))
    if why is None and not any(len(rows) for rows in reading.sheets.values()):
        why = "文件中没有可以导入的行。" + "".join(
            problem.sentence() + "。" for problem in reading.problems[:5]
        )
    if of.by.role == User.Role.SCHOOL:
        staging.only_own_school(reading, of.by.school_code)
    staged = staging.staged_sheets(reading)
    if not why:
        staged_file.keep(of.pk, staged)
    with transaction.atomic():
        staging.write_problems(of, reading.problems)
        if why:
            move(of.pk, Import.State.REFUSED, note=why, progress=1)
    return None if why else staged


def review(*, of: Import, staged: Sequence[StagedSheet], progress: Progress) -> Reviewed:
    """比对: what the staged rows would change, written down for the review page. RefusedError when cancelled meanwhile."""
    of.refresh_from_db()
    names = [one.sheet.name for one in staged]
    registered = {name: queries.rows_on(name, of.day, of.county_code).count() for name in names}
    seen = queries.versions(of.county_code, names)
    found = {one.sheet.name: staging.compare(of, one, school_code=_own(of)) for one in staged}
    staged_file.keep_differences(of.pk, found)
    progress(0.9)
    with transaction.atomic():
        of = Import.objects.select_for_update().get(pk=of.pk)
        become(of, Import.State.IN_REVIEW)
        ImportChange.objects.filter(of=of).delete()
        counts = {}
        for one in staged:
            staging.write_changes(of, one, found[one.sheet.name])
            counts[one.sheet.name] = staging.count(found[one.sheet.name], one)
        of.sheets, of.counts, of.seen = names, counts, seen
        of.match_share = staging.match_share(counts, registered)
        of.progress = 1
        of.save()
    return Reviewed(staged, found)


def _own(of: Import) -> str:
    return of.by.school_code if of.by.role == User.Role.SCHOOL else ""


def compare_again(*, of: Import, progress: Progress) -> Import:
    """重新比对 what was asked to be compared again (`asking`); settled conflicts are asked again."""
    review(of=of, staged=staged_file.load(of.pk), progress=progress)
    of.refresh_from_db()
    return of


def settle(*, of: Import, change: ImportChange, keep_mine: bool) -> None:
    """处理冲突: whether the file wins over what somebody else wrote meanwhile."""
    ImportChange.objects.filter(
        pk=change.pk, of=of, kind=ImportChange.Kind.CONFLICT, of__state="in_review"
    ).update(keep_mine=keep_mine)


def cancel(*, of: Import, by: User, at: datetime, address: str = "") -> Import:
    """取消: drop an import that is not committed; a reading under way stops at its next step."""
    with transaction.atomic():
        of = Import.objects.select_for_update().get(pk=of.pk)
        why = rules.why_not_cancel(state=of.state)
        if why:
            raise RefusedError(why)
        become(of, Import.State.CANCELLED)
        of.cancel_asked = True
        of.save()
        ImportChange.objects.filter(of=of).delete()
        log(
            by=by,
            verb=Verb.DISCARD_IMPORT,
            obj=("import", str(of.pk)),
            detail={"file": of.file_name},
            at=at,
            address=address,
        )
    staged_file.forget_all(of.pk)
    return of
