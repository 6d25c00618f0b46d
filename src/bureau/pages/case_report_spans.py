"""报告期: the months, quarters, terms and school years of the ledgers' reports."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_noop as N

from bureau.attendance.terms import month_end, term_name

CLOCKS = {"month": N("每月"), "quarter": N("每季度"), "term": N("每学期"), "year": N("每学年")}


@dataclass(frozen=True, slots=True)
class Span:
    """报告期: from the first to the last day, in words; `until` never lies after today."""

    since: date
    until: date
    words: str
    key: str

    @property
    def evening_before(self) -> date:
        """Where the movement is counted from."""
        return self.since - timedelta(days=1)


def spans(clock: str, today: date) -> list[Span]:
    """The last periods of a clock, the running one first."""
    found: list[Span] = []
    day = today
    while len(found) < (12 if clock == "month" else 6):
        since, end, words = period(clock, day)
        found.append(Span(since, min(end, today), words, f"{since:%Y-%m-%d}"))
        day = since - timedelta(days=1)
    return found


def period(clock: str, day: date) -> tuple[date, date, str]:
    """(first day, last day, words) of the period that a day lies in."""
    if clock == "month":
        return day.replace(day=1), month_end(day), f"{day.year}年{day.month}月"
    if clock == "quarter":
        first = 3 * ((day.month - 1) // 3) + 1
        since = date(day.year, first, 1)
        return since, month_end(date(day.year, first + 2, 1)), f"{day.year}年第{(first + 2) // 3}季度"
    if clock == "term":
        name = term_name(day)
        year = int(name[:4])
        if name.endswith("秋"):
            return date(year, 8, 1), date(year + 1, 1, 31), name
        return date(year, 2, 1), date(year, 7, 31), name
    year = day.year if day.month >= 8 else day.year - 1
    return date(year, 8, 1), date(year + 1, 7, 31), f"{year}—{year + 1}学年"
