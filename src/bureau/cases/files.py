"""个案文件: kept sealed, opened with a line in the log, seen by those whom their access class allows."""

from collections.abc import Sequence
from datetime import datetime

from bureau.cases.models import Case, CaseFile, Event
from bureau.cases.rules import CLEARED, level_of
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.people.clearances import cleared
from bureau.people.file_rules import why_not_file
from bureau.people.kept import Upload, keep, open_kept
from bureau.people.models import User
from bureau.people.rules import Refused

ROOM = "cases"
HEAD = 16


def why_not_files(files: Sequence[Upload]) -> list[str]:
    """为什么不收这些文件: every sentence at once."""
    found = []
    for number, upload in enumerate(files):
        refusal = why_not_file(upload.name, len(upload.content), upload.content[:HEAD], files=number)
        if refusal:
            found.append(refusal)
    return found


def keep_files(
    case: Case, event: Event, files: Sequence[Upload], *, by: User, at: datetime, access: str = "child"
) -> list[CaseFile]:
    """存文件 with an event; the rule was asked before."""
    return [
        CaseFile.objects.create(
            of=case,
            event=event,
            name=upload.short_name,
            sha256=keep(ROOM, upload.content),
            size=len(upload.content),
            access=access,
            by=by,
            at=at,
        )
        for upload in files
    ]


def may_open(access: str, user: User) -> bool:
    """Whether an account sees files of this access class."""
    if access in CLEARED:
        return access in cleared(user)
    return access != "staff" or level_of(user.role) == "bureau"


def open_file(*, file: CaseFile, by: User, at: datetime, address: str = "") -> bytes:
    """打开文件, logged. Raises Refused. The caller has found the case among those visible."""
    if not may_open(file.access, by):
        raise Refused("没有查看这个文件的专门授权")
    content = open_kept(ROOM, file.sha256, file.name)
    obj = ("case", str(file.of_id))
    read_access(by=by, verb=Verb.VIEW, obj=obj, detail={"file": file.name}, at=at, address=address)
    return content
