"""应办状态: the table of next states of a duty. People report and claim; a second person closes; only data contradicts.

待启动 ──report──► 推进中 ──claim──► 已报完成，待复核 ──close──► 已销号
   │                 ▲  ▲                │   │                      │
   └──claim──────────┼──┼──withdraw──────┘   │                      │
                     │  └────────reopen──────┼──────────────────────┘
                 report                  send_back
                     └────── 已退回 ◄────────┘
                               └──claim──► 已报完成，待复核

Every open state may be dropped (不再执行) with a reason, and a dropped duty resumed.
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """应办状态, as stored."""

    PENDING = "pending"
    UNDER_WAY = "under_way"
    CLAIMED = "claimed"
    RETURNED = "returned"
    CLOSED = "closed"
    DROPPED = "dropped"


class Event(StrEnum):
    """What a person does to a duty; each is one line of its history."""

    REPORT = "report"
    CLAIM = "claim"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    SEND_BACK = "send_back"
    REOPEN = "reopen"
    DROP = "drop"
    RESUME = "resume"


WORDS: Mapping[str, str] = {
    State.PENDING: "待启动",
    State.UNDER_WAY: "推进中",
    State.CLAIMED: "已报完成，待复核",
    State.RETURNED: "已退回",
    State.CLOSED: "已销号",
    State.DROPPED: "不再执行",
}
OPEN_STATES = (State.PENDING, State.UNDER_WAY, State.CLAIMED, State.RETURNED)
OWED_STATES = (State.PENDING, State.UNDER_WAY, State.RETURNED)
"""In these the unit has something to do; after its claim it waits for the second person."""

NEXT: Mapping[tuple[State, Event], State] = {
    (State.PENDING, Event.REPORT): State.UNDER_WAY,
    (State.PENDING, Event.CLAIM): State.CLAIMED,
    (State.PENDING, Event.DROP): State.DROPPED,
    (State.UNDER_WAY, Event.REPORT): State.UNDER_WAY,
    (State.UNDER_WAY, Event.CLAIM): State.CLAIMED,
    (State.UNDER_WAY, Event.DROP): State.DROPPED,
    (State.CLAIMED, Event.WITHDRAW): State.UNDER_WAY,
    (State.CLAIMED, Event.CLOSE): State.CLOSED,
    (State.CLAIMED, Event.SEND_BACK): State.RETURNED,
    (State.CLAIMED, Event.DROP): State.DROPPED,
    (State.RETURNED, Event.REPORT): State.UNDER_WAY,
    (State.RETURNED, Event.CLAIM): State.CLAIMED,
    (State.RETURNED, Event.DROP): State.DROPPED,
    (State.CLOSED, Event.REOPEN): State.UNDER_WAY,
    (State.DROPPED, Event.RESUME): State.UNDER_WAY,
}


def next_state(state: str, event: Event) -> State | None:
    """下一状态, or None where the table has none."""
    return NEXT.get((State(state), event))
