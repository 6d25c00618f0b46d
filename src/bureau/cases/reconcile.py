"""台账跟随数据: what a comparison means for the cases of one ledger: which to open, move, reopen. Pure.

No evidence is no proof of being solved by itself: the case goes to a person's desk as “数据显示已解决，待核实”.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """一件个案, as far as the comparison looks at it. `said_on`: when somebody reported it done; `gone`: the data day on which
    the fact was seen gone, as long as it has not been seen again."""

    id: int
    key: Key
    phase: str
    found_before: bool
    closed_on: date | None = None
    said_on: date | None = None
    gone: date | None = None


@dataclass(slots=True)
class Changes:
    """要做的变动: keys to open; ids of cases to refresh, to move to solved, back from it, to reopen, to show as contradicted;
    `settle` are closed ones whose fact the data has stopped showing only now."""

    open: list[Key] = field(default_factory=list)
    refresh: list[tuple[int, Key]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    back: list[tuple[int, Key]] = field(default_factory=list)
    reopen: list[tuple[int, Key]] = field(default_factory=list)
    contradict: list[tuple[int, Key]] = field(default_factory=list)
    settle: list[int] = field(default_factory=list)


def reconcile(
    known: Iterable[Known],
    found: Collection[Key],
    *,
    day: date,
    period_days: int,
    today: date,
    again_days: int = 0,
    elsewhere: Collection[Key] = (),
) -> Changes:
    """变动 of one ledger. `found` are the subjects the data shows on the data day; `elsewhere` those whose case lives on in
    the ledger it was passed to: they are not opened here again. What persists is looked at again every `again_days`."""
    live: dict[Key, Known] = {}
    closed: dict[Key, Known] = {}
    for one in known:
        if one.phase in ("open", "claimed", "solved"):
            live[one.key] = one
        elif one.phase == "closed" and one.closed_on is not None:
            other = closed.get(one.key)
            if other is None or (other.closed_on or date.min, other.id) < (one.closed_on, one.id):
                closed[one.key] = one
    changes = Changes()
    for key in sorted(found):
        case = live.get(key)
        if case is not None:
            if case.phase == "solved":
                changes.back.append((case.id, key))
            elif case.phase == "claimed" and case.said_on is not None and day > case.said_on:
                changes.contradict.append((case.id, key))
            else:
                changes.refresh.append((case.id, key))
        elif key not in elsewhere:
            last = closed.get(key)
            if last is None or last.closed_on is None:
                changes.open.append(key)
            elif last.gone:
                # A fact that persisted through its closing has not come back: people closed it knowing it. One that was gone and
                # is there again has, also when an import of the same day, or its undoing, brought it.
                if (day - last.closed_on).days <= period_days:
                    changes.reopen.append((last.id, key))
                else:
                    changes.open.append(key)
            elif again_days and (today - last.closed_on).days >= again_days:
                changes.open.append(key)
    for key, case in live.items():
        solved = case.phase == "solved"
        # Sent back by a person who does not believe it: only newer data, or somebody's new claim, brings it up again.
        news = case.gone is None or day > case.gone or case.phase == "claimed"
        if key not in found and not solved and news and (case.found_before or case.phase == "claimed"):
            changes.gone.append(case.id)
    changes.gone.sort()
    changes.settle = sorted(case.id for key, case in closed.items() if key not in found and case.gone is None)
    return changes
