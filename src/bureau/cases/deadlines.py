"""期限: until when a case may stay in a state; days not laid down by a document are settings of the ledger."""

from collections.abc import Mapping
from datetime import date, timedelta

from bureau.workdays.rules import Calendar
from junheng.policy.ledgers import Ledger, State


def due_of(
    ledger: Ledger, state: State, since: date, calendar: Calendar, fields: Mapping[str, object]
) -> tuple[date | None, str]:
    """(last day, note). The note says when holidays of that time are not yet in the table; None when there is no deadline.

    Where the state takes its deadline from a column, the day that people wrote there comes first; where it counts from a column,
    a request's own day counts and not the day on which it was entered.
    """
    written = written_day(state, fields)
    if written is not None:
        return written, ""
    days = ledger.days_of(state)
    began = _day(fields.get(state.since)) or since
    return (None, "") if days is None else end_of(days, state.unit, began, calendar)


def rests_on(state: State) -> tuple[str, ...]:
    """The columns that a state's deadline rests on."""
    return tuple(name for name in (state.column, state.since) if name)


def written_day(state: State, fields: Mapping[str, object]) -> date | None:
    """人定的期限 of a state; None while nobody has written one."""
    return _day(fields.get(state.column)) if state.column else None


def _day(written: object) -> date | None:
    return date.fromisoformat(written) if isinstance(written, str) else None


def why_not_days(
    ledger: Ledger, before: Mapping[str, object], after: Mapping[str, object], *, today: date
) -> list[str]:
    """为什么期限不行: each deadline written just now that is already past, each day to count from that has not come yet."""
    found = []
    for name in dict.fromkeys(name for state in ledger.states for name in rests_on(state)):
        day = _day(after.get(name))
        if day is None or after.get(name) == before.get(name):
            continue
        title = ledger.column(name).title
        if day < today and any(state.column == name for state in ledger.states):
            found.append(f"{title}“{day}”已经过去，请填今天或以后的日期")
        if day > today and any(state.since == name for state in ledger.states):
            found.append(f"{title}“{day}”还没有到，请填今天或以前的日期")
    return found


def end_of(days: int, unit: str, since: date, calendar: Calendar) -> tuple[date, str]:
    """The day on which so many days after `since` end."""
    if unit == "calendar":
        return since + timedelta(days=days), ""
    end = calendar.after(since, days)
    return end, calendar.doubts(since, end) or ""
