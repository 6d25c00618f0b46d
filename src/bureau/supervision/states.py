"""督办状态: the table of next states of a slip.

拟稿 ──issue──► 已发出，待签收 ──receive──► 办理中 ──answer──► 已反馈，待复核 ──confirm──► 已销号
  │                   │                     ▲  │                   │
  └────── withdraw ───┴──► 已撤回 ◄─withdraw─┼──┘                   │
                                            └───── send_back ──────┘
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """督办状态, as stored."""

    DRAFT = "draft"
    ISSUED = "issued"
    RECEIVED = "received"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What moves a slip."""

    ISSUE = "issue"
    RECEIVE = "receive"
    ANSWER = "answer"
    SEND_BACK = "send_back"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"


WORDS: Mapping[str, str] = {
    State.DRAFT: "拟稿",
    State.ISSUED: "已发出，待签收",
    State.RECEIVED: "办理中",
    State.ANSWERED: "已反馈，待复核",
    State.CLOSED: "已销号",
    State.WITHDRAWN: "已撤回",
}
OPEN_STATES = (State.ISSUED, State.RECEIVED, State.ANSWERED)

NEXT: Mapping[tuple[State, Event], State] = {
    (State.DRAFT, Event.ISSUE): State.ISSUED,
    (State.DRAFT, Event.WITHDRAW): State.WITHDRAWN,
    (State.ISSUED, Event.RECEIVE): State.RECEIVED,
    (State.ISSUED, Event.WITHDRAW): State.WITHDRAWN,
    (State.RECEIVED, Event.ANSWER): State.ANSWERED,
    (State.RECEIVED, Event.WITHDRAW): State.WITHDRAWN,
    (State.ANSWERED, Event.SEND_BACK): State.RECEIVED,
    (State.ANSWERED, Event.CONFIRM): State.CLOSED,
}


def next_state(state: str, event: Event) -> State | None:
    """下一状态, or None where the table has none."""
    return NEXT.get((State(state), event))
