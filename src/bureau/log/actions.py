"""记日志: the only way to add a line. Call it inside the transaction of what it records, and as its last step."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Protocol

from django.db import connection, transaction

from bureau.log.models import Entry, Verb
from bureau.log.queries import as_line
from junheng.intake.chain import GENESIS, line_hash

# Any number does, so long as nothing else in the database asks for the same advisory lock.
CHAIN_LOCK = 640324_0001
LAST_LINE = "SELECT seq, hash FROM log_entry ORDER BY seq DESC LIMIT 1"
READS = (Verb.VIEW, Verb.REVEAL, Verb.EXPORT)


class Actor(Protocol):
    """操作人: what the log copies of an account."""

    username: str
    display_name: str
    role: str


def write(
    *,
    by: Actor | None,
    verb: Verb,
    obj: tuple[str, str] = ("", ""),
    detail: Mapping[str, object] | None = None,
    reason: str = "",
    at: datetime,
    address: str = "",
) -> Entry:
    """追加一行: who (`None` is the system itself) did what to which object (kind, key), when, from where and why.

    `detail` may hold anything made of text, whole numbers, truth values, dates, decimals, lists and mappings;
    it must never hold an identifier in clear. Concurrent writers wait for one another until the surrounding
    transaction ends, so the chain never forks.
    """
    # Within the transaction of what it records no savepoint of its own: what takes back the one takes back the other.
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
            # SQLite needs no lock of ours: every transaction begins IMMEDIATE (settings), so there is one writer.
            # Every write of the site asks this while others wait for it: in plain SQL, a third of the time.
            cursor.execute(LAST_LINE)
            seq, previous = cursor.fetchone() or (0, GENESIS)
        entry = Entry(
            seq=seq + 1,
            at=at.astimezone(UTC),
            username=_text(by.username if by else "", 150),
            name=_text(by.display_name if by else "系统", 40),
            role=_text(by.role if by else "system", 20),
            verb=verb.value,
            kind=_text(obj[0], 40),
            key=_text(obj[1], 200),
            detail=_plain(detail or {}),
            reason=_text(reason, 2000),
            address=_text(address, 45),
            previous=previous,
        )
        entry.hash = line_hash(previous, as_line(entry))
        entry.save(force_insert=True)
    return entry


def read_access(
    *,
    by: Actor,
    verb: Verb,
    obj: tuple[str, str],
    detail: Mapping[str, object] | None = None,
    reason: str = "",
    at: datetime,
    address: str = "",
) -> Entry:
    """记查阅: a list of children was shown, a masked value revealed, or something exported.

    Raises ValueError when a reveal comes without a reason: nobody reads a child's identifier for nothing.
    """
    if verb not in READS:
        raise ValueError(f"{verb} is not a read")
    if verb is Verb.REVEAL and not reason.strip():
        raise ValueError("查看明文须填写事由")
    return write(by=by, verb=verb, obj=obj, detail=detail, reason=reason, at=at, address=address)


def _text(value: object, length: int) -> str:
    """Cut before hashing, and free of what PostgreSQL cannot store, so that both databases keep the same line."""
    return str(value).replace("\x00", "\ufffd").encode(errors="replace").decode()[:length]


def _plain(value: object) -> object:
    """JSON that reads back the same from both databases: a decimal or a float is text, exactly as written."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {_text(key, 200): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [_plain(item) for item in items]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | float | str):
        return _text(value, 20_000)
    raise TypeError(f"not for the log: {type(value).__name__}")
