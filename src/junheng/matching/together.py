"""并行: pieces of work that do not touch one another, on several processors; the answers come in the order asked, whichever ends first.

The array functions let go of the interpreter while they work, so threads do use more than one processor, and nothing is copied.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import Final, TypeVar

_Answer = TypeVar("_Answer")
MOST: Final = 4  # more at once would only want more memory


def workers() -> int:
    """How many pieces are worked on at once."""
    return min(MOST, cpu_count() or 1)


def together(pieces: Iterable[Callable[[], _Answer]]) -> list[_Answer]:
    """Calls each piece; the answers in order. What a piece raises is raised here."""
    with ThreadPoolExecutor(workers()) as pool:
        return [one.result() for one in [pool.submit(piece) for piece in pieces]]
