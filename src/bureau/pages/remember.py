"""记住: what was counted in a register stays true until the register changes, so it is counted once."""

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from django.core.cache import cache

T = TypeVar("T")
SECONDS = 3600


def remembered(version: str, question: str, answer: Callable[[], T]) -> T:
    """The answer to a question about a register of this version; asked anew when the version is not known ("")."""
    if not version:
        return answer()
    key = f"register:{sha256(f'{version}|{question}'.encode()).hexdigest()}"
    known: T | None = cache.get(key)
    if known is None:
        known = answer()
        cache.set(key, known, SECONDS)
    return known
