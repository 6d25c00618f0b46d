"""每晚的整理: what rooms above the worker want done each night; they say so when the site starts."""

from collections.abc import Callable
from datetime import datetime

Job = Callable[[datetime], object]
_JOBS: list[Job] = []


def every_night(job: Job) -> None:
    """Have `job` called each night with the moment."""
    _JOBS.append(job)


def keep_up(at: datetime) -> None:
    """整理 of every room that asked."""
    for job in _JOBS:
        job(at)
