"""进度: a task's share done, written into its row now and then; the task stops when the row no longer goes on."""

from time import monotonic
from typing import Any

from django.db.models import QuerySet

SECONDS_BETWEEN_MARKS = 0.4


class Marks:
    """Call it with the share done. `row` finds the one row while its work may go on; when it finds none, `stopped` is raised."""

    def __init__(self, row: QuerySet[Any], stopped: type[Exception]) -> None:
        self.row = row
        self.stopped = stopped
        self.last = 0.0

    def __call__(self, share: float) -> None:
        now = monotonic()
        if now - self.last < SECONDS_BETWEEN_MARKS:
            return
        self.last = now
        if not self.row.update(progress=share):
            raise self.stopped
