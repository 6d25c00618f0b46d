"""查日志: who did, or looked at, what and when; and whether the chain still holds."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Max, Min, Q, QuerySet
from django.utils.timezone import get_current_timezone

from bureau.log.models import Entry, Verb
from junheng.intake.chain import GENESIS, BadLine, verify


@dataclass(frozen=True, slots=True)
class ChainState:
    """日志链状态: verified up to line `seq` with this hash, or broken at `bad`."""

    seq: int = 0
    hash: str = GENESIS
    bad: BadLine | None = None


def as_line(entry: Entry) -> dict[str, object]:
    """One entry as the mapping that is hashed and exported (all but the two hashes)."""
    return {
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "who": entry.username,
        "name": entry.name,
        "role": entry.role,
        "action": entry.verb,
        "object": f"{entry.kind}/{entry.key}" if entry.kind else "",
        "detail": entry.detail,
        "reason": entry.reason,
        "address": entry.address,
    }


def json_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """导出 (JSON lines): `junheng verify-log` checks them without the server. One newline ends each."""
    for entry in entries:
        line = as_line(entry) | {"previous": entry.previous, "hash": entry.hash}
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=get_current_timezone())


def entries(
    *,
    who: str = "",
    verb: str = "",
    kind: str = "",
    key: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
) -> QuerySet[Entry]:
    """Latest first. `who` is part of a user name or of a name; days are the site's, both included."""
    found = Entry.objects.order_by("-seq")
    if who:
        found = found.filter(Q(username__icontains=who) | Q(name__icontains=who))
    if verb:
        found = found.filter(verb=verb)
    if kind:
        found = found.filter(kind=kind)
    if key:
        found = found.filter(key__icontains=key)
    if first_day:
        found = found.filter(at__gte=_start(first_day))
    if last_day:
        found = found.filter(at__lt=_start(last_day + timedelta(days=1)))
    return found


def sign_ins(username: str) -> QuerySet[Entry]:
    """本人的登录记录, failed ones included, latest first."""
    verbs = [Verb.SIGN_IN, Verb.SIGN_IN_FAILED, Verb.LOCK_OUT]
    return Entry.objects.filter(verb__in=verbs, kind="account", key=username).order_by("-seq")


def unbroken(*, first_day: date | None = None, last_day: date | None = None) -> QuerySet[Entry]:
    """Every line from the first to the last of these days, oldest first: a part that can be verified."""
    ends = entries(first_day=first_day, last_day=last_day).aggregate(first=Min("seq"), last=Max("seq"))
    if ends["first"] is None:
        return Entry.objects.none()
    return Entry.objects.filter(seq__range=(ends["first"], ends["last"])).order_by("seq")


def kinds() -> list[str]:
    """The kinds of object that occur, for the filter."""
    return list(Entry.objects.exclude(kind="").order_by("kind").values_list("kind", flat=True).distinct())


def check_chain(*, since: ChainState = ChainState()) -> ChainState:
    """核验日志链 from the line after `since` to the end; a bad line is numbered by its `seq`."""
    following = Entry.objects.filter(seq__gt=since.seq).order_by("seq")
    last = since

    def lines() -> Iterator[str]:
        nonlocal last
        for entry in following.iterator(chunk_size=5000):
            yield from json_lines([entry])
            last = ChainState(entry.seq, entry.hash)

    bad = verify(lines(), previous=since.hash)
    if bad is None and since.seq and not Entry.objects.filter(seq=since.seq, hash=since.hash).exists():
        bad = BadLine(0, "已核验的最后一条不见了，或被改动")
    if bad is None:
        return last
    return ChainState(last.seq, last.hash, BadLine(since.seq + bad.number, bad.reason))
