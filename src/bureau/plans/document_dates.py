"""不完整的日期: 2018, 2018-10 and 2018-10-08 as the first and last day they may mean. Pure."""

from calendar import monthrange
from contextlib import suppress
from datetime import date


def first_day(partial: str | None) -> date | None:
    """2018 → 2018-01-01; None for what is no date."""
    parts = _parts(partial)
    if parts is None:
        return None
    with suppress(ValueError):
        return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
    return None


def last_day(partial: str | None) -> date | None:
    """2018 → 2018-12-31, 2018-02 → 2018-02-28; None for what is no date."""
    parts = _parts(partial)
    if parts is None:
        return None
    with suppress(ValueError):
        month = parts[1] if len(parts) > 1 else 12
        return date(parts[0], month, parts[2] if len(parts) > 2 else monthrange(parts[0], month)[1])
    return None


def _parts(partial: str | None) -> list[int] | None:
    parts = (partial or "").split("-")
    if not 1 <= len(parts) <= 3 or not all(part.isdigit() for part in parts) or len(parts[0]) != 4:
        return None
    found = [int(part) for part in parts]
    return found if found[0] and (len(found) < 2 or 1 <= found[1] <= 12) else None
