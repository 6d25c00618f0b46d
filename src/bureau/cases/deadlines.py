"""期限: until when a case may stay in a state; days not laid down by a document are settings of the ledger."""

from datetime import date, timedelta

from bureau.workdays.rules import Calendar
from junheng.policy.ledgers import Ledger, State


def due_of(ledger: Ledger, state: State, since: date, calendar: Calendar) -> tuple[date | None, str]:
    """(last day, note). The note says when holidays of that time are not yet in the table; None when there is no deadline."""
    days = ledger.days_of(state)
    return (None, "") if days is None else end_of(days, state.unit, since, calendar)


def end_of(days: int, unit: str, since: date, calendar: Calendar) -> tuple[date, str]:
    """The day on which so many days after `since` end."""
    if unit == "calendar":
        return since + timedelta(days=days), ""
    end = calendar.after(since, days)
    return end, calendar.doubts(since, end) or ""
