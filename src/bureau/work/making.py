"""制作文件的后台任务: the worker asks the site for the same address as the same account, and keeps the answer."""

from collections.abc import Callable
from email.message import Message

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import resolve
from django.utils import timezone, translation
from django_tasks import task

from bureau.people.models import User
from bureau.work import downloads
from bureau.work.models import Download

Progress = Callable[[float], None]


@task()
def make_download(download_id: int) -> None:
    """制作一个文件."""
    downloads.make(download_id=download_id, answer=answer, at=timezone.now)


def answer(row: Download, progress: Progress) -> tuple[str, bytes]:
    """(file name, content) of the page's answer. FailedError when the account may no longer have it."""
    user = User.objects.filter(pk=row.by_id, is_active=True).first()
    if user is None:
        raise downloads.FailedError("账号已停用，文件没有制作。")
    path, _, query = row.address.partition("?")
    match = resolve(path)
    with translation.override(row.language):
        given = match.func(_request(row, user, path, query, progress), *match.args, **match.kwargs)
    return _file_of(given)


def _request(row: Download, user: User, path: str, query: str, progress: Progress) -> HttpRequest:
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.GET = QueryDict(query)
    request.META |= {"REMOTE_ADDR": row.client, "QUERY_STRING": query}
    request.user = user
    request.session = dict(row.chosen)  # type: ignore[assignment]
    # Views look here whether the answer may take its time, and tell how far they are.
    request.making = progress  # type: ignore[attr-defined]
    return request


def _file_of(given: HttpResponseBase) -> tuple[str, bytes]:
    message = Message()
    message["Content-Disposition"] = given.headers.get("Content-Disposition", "")
    name = message.get_filename() or ""
    if given.status_code != 200 or not name:
        raise downloads.FailedError("现在不能制作这个文件：您的权限、辖区或名单有了变化。请回到名单再试。")
    return name, getattr(given, "content", b"")
