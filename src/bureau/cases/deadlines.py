"""期限: until when a case may stay in a state; days not laid down by a document are settings of the ledger."""

from collections.abc import Mapping
from datetime import date, timedelta

from bureau.workdays.rules import Calendar
from junheng.policy.ledgers import Ledger, State


def due_of(
    ledger: Ledger, state: State, since: date, calendar: Calendar, fields: Mapping[str, object]
) -> tuple[date | None, str]:
    """(last day, note). The note says when holidays of that time are not yet in the table; None when there is no deadline.

    Where the state takes its deadline from a column, the day that people wrote there comes first.
    """
    written = written_day(state, fields)
    if written is not None:
        return written, ""
    days = ledger.days_of(state)
    return (None, "") if days is None else end_of(days, state.unit, since, calendar)


def written_day(state: State, fields: Mapping[str, object]) -> date | None:
    """人定的期限 of a state; None while nobody has written one."""
    words = fields.get(state.column) if state.column else None
    return date.fromisoformat(words) if isinstance(words, str) else None


def why_not_days(
    ledger: Ledger, before: Mapping[str, object], after: Mapping[str, object], *, today: date
) -> list[str]:
    """为什么期限不行: each deadline written just now that is already past."""
    found = []
    for name in dict.fromkeys(state.column for state in ledger.states if state.column):
        words = after.get(name)
        if words != before.get(name) and isinstance(words, str) and date.fromisoformat(words) < today:
            found.append(f"{ledger.column(name).title}“{words}”已经过去，请填今天或以后的日期")
    return found


def end_of(days: int, unit: str, since: date, calendar: Calendar) -> tuple[date, str]:
    """The day on which so many days after `since` end."""
    if unit == "calendar":
        return since + timedelta(days=days), ""
    end = calendar.after(since, days)
    return end, calendar.doubts(since, end) or ""
