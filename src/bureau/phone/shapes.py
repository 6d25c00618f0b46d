"""上报内容的零件: what every kind of record is read with, without trusting any of it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard


@dataclass(frozen=True, slots=True)
class Flawed:
    """读不出来的一行; `id` as far as it could be read."""

    id: str
    sentence: str


def whole(value: object) -> TypeGuard[int]:
    """Whether it is a number that counts or names something."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62


def moment(text: object) -> datetime | None:
    """A moment as the phone says it, with its offset; None when it says none that can be read."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo and 1990 < found.year < 2200 else None


def clean(text: str) -> str:
    """Without what PostgreSQL cannot store."""
    return text.replace("\x00", "").encode(errors="replace").decode()
