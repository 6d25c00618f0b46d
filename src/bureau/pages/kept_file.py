"""留存文件的下载: what is said when a kept file is gone or changed, the same on every page."""

from collections.abc import Callable
from typing import Protocol

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found
from bureau.pages.export import download
from bureau.pages.sign_in import client_address
from bureau.people.kept import open_kept
from bureau.people.rules import Refused
from bureau.people.secret import UnreadableError


class Kept(Protocol):
    """A row that names a kept file."""

    pk: int
    name: str
    sha256: str


def sent(name: str, read: Callable[[], bytes]) -> HttpResponse:
    """The file as a download; `read` opens it and logs the look. 404 with a sentence when it is gone or was changed."""
    try:
        content = read()
    except FileNotFoundError as error:
        raise not_found(_("文件不在数据文件夹里，请系统管理员从备份恢复。")) from error
    except (Refused, UnreadableError) as error:
        raise not_found(str(error)) from error
    return download(content, name, "application/octet-stream")


def sent_and_logged(request: SignedIn, file: Kept, *, room: str, kind: str) -> HttpResponse:
    """The same for a file kept below DATA/`room`; the look is logged under `kind`, once it has been opened."""
    answer = sent(file.name, lambda: open_kept(room, file.sha256, file.name))
    read_access(
        by=request.user,
        verb=Verb.VIEW,
        obj=(kind, str(file.pk)),
        detail={"file": file.name, "sha256": file.sha256},
        at=now(),
        address=client_address(request),
    )
    return answer
