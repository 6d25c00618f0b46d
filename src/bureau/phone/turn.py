"""排队写入: one record after another where the database takes one writer at a time.

SQLite lets a waiting writer sleep and try again, for longer each time, so that the unlucky of many phones wait for seconds. A lock
of the system wakes whoever waits at once. PostgreSQL needs none of this.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection


@contextmanager
def in_turn() -> Iterator[None]:
    """Hold the turn while writing. Inside a transaction the database's own lock is held already, and waiting here could last for ever."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with (Path(settings.DATA) / "phone.turn").open("wb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
