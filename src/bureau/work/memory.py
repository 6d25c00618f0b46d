"""内存: when Python looks for circles among its objects."""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def without_circles(job: Callable[P, R]) -> Callable[P, R]:
    """Of a job that holds millions of cells at once, nothing in them circular: looking for circles would be most of its time.

    Anything else looks as usual: a Word document is all circles, and a thousand letters would fill the memory.
    """

    @wraps(job)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        usual = gc.get_threshold()
        gc.set_threshold(200_000, 50, 100)
        try:
            return job(*args, **kwargs)
        finally:
            gc.set_threshold(*usual)

    return done
