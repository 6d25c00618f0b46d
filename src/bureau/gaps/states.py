"""台账状态: the table of next states of a gap. Data and people move a gap; only both together close it.

待整改 ──plan──► 整改中 ──claim──► 已报完成
   │               │                 │
   └─────met───────┴──────met────────┴──► 数据已达标，待复核 ──confirm──► 已销号
                                            │
                                            └─ short (the fact returns) ─► 整改中 or 已报完成
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """台账状态, as stored."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    CLAIMED = "claimed"
    SOLVED = "solved"
    CLOSED = "closed"


class Event(StrEnum):
    """What moves a gap: `MET` and `SHORT…` come from a run, the others from a person."""

    PLAN = "plan"
    CLAIM = "claim"
    WITHDRAW = "withdraw"
    MET = "met"
    SHORT = "short"
    SHORT_AFTER_CLAIM = "short_after_claim"
    SEND_BACK = "send_back"
    CONFIRM = "confirm"


WORDS: Mapping[str, str] = {
    State.OPEN: "待整改",
    State.UNDER_WAY: "整改中",
    State.CLAIMED: "已报完成",
    State.SOLVED: "数据已达标，待复核",
    State.CLOSED: "已销号",
}
OPEN_STATES = (State.OPEN, State.UNDER_WAY, State.CLAIMED, State.SOLVED)

NEXT: Mapping[tuple[State, Event], State] = {
    (State.OPEN, Event.PLAN): State.UNDER_WAY,
    (State.OPEN, Event.CLAIM): State.CLAIMED,
    (State.OPEN, Event.MET): State.SOLVED,
    (State.OPEN, Event.SHORT): State.OPEN,
    (State.UNDER_WAY, Event.PLAN): State.UNDER_WAY,
    (State.UNDER_WAY, Event.CLAIM): State.CLAIMED,
    (State.UNDER_WAY, Event.MET): State.SOLVED,
    (State.UNDER_WAY, Event.SHORT): State.UNDER_WAY,
    (State.CLAIMED, Event.PLAN): State.CLAIMED,
    (State.CLAIMED, Event.WITHDRAW): State.UNDER_WAY,
    (State.CLAIMED, Event.MET): State.SOLVED,
    (State.CLAIMED, Event.SHORT_AFTER_CLAIM): State.CLAIMED,
    (State.SOLVED, Event.MET): State.SOLVED,
    (State.SOLVED, Event.SHORT): State.UNDER_WAY,
    (State.SOLVED, Event.SHORT_AFTER_CLAIM): State.CLAIMED,
    (State.SOLVED, Event.SEND_BACK): State.UNDER_WAY,
    (State.SOLVED, Event.CONFIRM): State.CLOSED,
}


def next_state(state: str, event: Event) -> State | None:
    """下一状态, or None where the table has none: a closed gap never moves again, its fact returning opens a new line."""
    return NEXT.get((State(state), event))
