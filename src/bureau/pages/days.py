"""地址里的日期: a day that somebody typed or that stands in an address, within the years that a register can speak of."""

from datetime import date

FIRST, LAST = 1990, 2100


def day_from(text: str) -> date:
    """日期 written as 2026-09-01. Raises ValueError for what is none, and for years in which no school of ours has a day before or after."""
    day = date.fromisoformat(text)
    if not FIRST <= day.year <= LAST:
        raise ValueError(f"“{text}”不在 {FIRST} 年到 {LAST} 年之间")
    return day
