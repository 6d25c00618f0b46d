"""制作文件: asked for by a page, made by the worker, taken by whoever asked, forgotten after a day."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from bureau.people.models import User
from bureau.people.secret import seal_bytes, unseal_bytes
from bureau.work import states
from bureau.work.marks import Marks
from bureau.work.models import Download

KEPT = timedelta(days=1)


class RefusedError(Exception):
    """办不到: the sentence says why."""


class CancelledError(Exception):
    """Whoever asked does not want the file any more."""


class FailedError(Exception):
    """没有做成: the sentence says why, for whoever asked."""


def ask(
    *,
    by: User,
    title: str,
    rows: int | None,
    address: str,
    chosen: Mapping[str, object],
    language: str,
    client: str,
    at: datetime,
) -> tuple[Download, bool]:
    """申请制作. (row, whether it is new): the same asked for while it is under way is the same file."""
    under_way = Download.objects.filter(by=by, address=address, state__in=states.UNDER_WAY)
    for one in under_way:
        if one.chosen == dict(chosen) and one.language == language:
            return one, False
    made = Download.objects.create(
        by=by,
        title=title[:120],
        rows=rows,
        address=address,
        chosen=dict(chosen),
        language=language,
        client=client,
        at=at,
    )
    return made, True


def of(user: User) -> QuerySet[Download]:
    """The files an account has asked for, newest first."""
    return Download.objects.filter(by=user).order_by("-id")


def make(
    *,
    download_id: int,
    answer: Callable[[Download, Callable[[float], None]], tuple[str, bytes]],
    at: Callable[[], datetime],
) -> None:
    """制作: `answer` gives (file name, bytes), telling how far it is; it raises FailedError with a sentence."""
    if not _move(download_id, "making", progress=0):
        return
    row = Download.objects.select_related("by").get(pk=download_id)
    sentence = "制作时出了意外。请稍后重新导出；若再次出现，请告诉系统管理员。"
    try:
        name, content = answer(
            row, Marks(Download.objects.filter(pk=download_id, state="making"), CancelledError)
        )
        place = _file(download_id)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(seal_bytes(content))
        if not _move(
            download_id, "ready", progress=1, file_name=name[:200], size=len(content), ready_at=at()
        ):
            place.unlink(missing_ok=True)
    except CancelledError:
        return
    except FailedError as failed:
        sentence = str(failed)
    except OSError as error:
        sentence = "磁盘空间不足，文件没有做成。" if "No space" in str(error) else sentence
        raise
    finally:
        _move(download_id, "failed", note=sentence)


def _move(download_id: int, to: str, **values: object) -> bool:
    found = Download.objects.filter(pk=download_id, state__in=states.before(to))
    return bool(found.update(state=to, **values))


def cancel(*, row: Download) -> None:
    """取消. RefusedError says why not."""
    why = states.why_not_cancel(state=row.state)
    if why or not _move(row.pk, "cancelled"):
        raise RefusedError(why or "文件已经做好，不能再取消。")


def take(*, row: Download) -> bytes:
    """下载: the file in clear. RefusedError says why not."""
    why = states.why_not_take(state=row.state)
    if why:
        raise RefusedError(why)
    place = _file(row.pk)
    if not place.exists():
        raise RefusedError("文件只保留一天，已经删除。请回到名单重新导出。")
    return unseal_bytes(place.read_bytes())


def forget_old(*, at: datetime) -> int:
    """Remove what was asked for more than a day ago; returns how many."""
    old = list(Download.objects.filter(at__lt=at - KEPT).exclude(state="making").values_list("pk", flat=True))
    for identity in old:
        _file(identity).unlink(missing_ok=True)
    Download.objects.filter(pk__in=old).delete()
    return len(old)


def recover() -> list[int]:
    """After a process was killed: what was being made waits again. Returns everything that waits."""
    Download.objects.filter(state="making").update(state="waiting", progress=0)
    return list(Download.objects.filter(state="waiting").order_by("id").values_list("pk", flat=True))


def _file(identity: int) -> Path:
    # Under tmp, which a backup leaves out: a file can be asked for again.
    return Path(settings.DATA) / "tmp" / "downloads" / f"{identity}.sealed"
