"""The database backend: Django's SQLite, whose writers queue on a file lock before they begin.

SQLite lets one transaction write at a time and has the others ask again after pauses of up to a tenth of a second: with
several writers the file is free most of the time while all of them sleep, and one that writes without pause shuts the
others out. The system wakes those who wait for a file lock at once and in their order. What ends a transaction, or the
process, frees the place. Where the system has no such lock (Windows) SQLite's own waiting remains.
"""

import os
from typing import Any

from django.db.backends.sqlite3 import base

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection, which stands in the queue from before BEGIN until its transaction ends."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._place: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._queue_up()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._step_aside()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        # Not in a `finally`: a COMMIT that fails leaves the transaction open until it is rolled back.
        self._step_aside()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._step_aside()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._step_aside()

    def _queue_up(self) -> None:
        if fcntl is None or self.is_in_memory_db():
            return
        # Opened anew for each transaction: such a lock belongs to the opening, and is gone with it.
        place = os.open(f"{self.settings_dict['NAME']}-queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(place, fcntl.LOCK_EX)
        except BaseException:
            os.close(place)
            raise
        self._place = place

    def _step_aside(self) -> None:
        if self._place is not None:
            place, self._place = self._place, None
            fcntl.flock(place, fcntl.LOCK_UN)
            os.close(place)
