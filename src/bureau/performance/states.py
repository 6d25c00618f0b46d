"""考核状态: the table of next states of a scheme.

起草中 ──activate──► 已下达 ──start──► 评分中 ──publish──► 已公布 ──close──► 已办结
   ▲                   │                 │
   └──── revise ───────┘◄──── recall ────┘
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """考核状态, as stored."""

    DRAFT = "draft"
    ACTIVE = "active"
    SCORING = "scoring"
    PUBLISHED = "published"
    CLOSED = "closed"


class Event(StrEnum):
    """What moves a scheme."""

    ACTIVATE = "activate"
    REVISE = "revise"
    START = "start"
    RECALL = "recall"
    PUBLISH = "publish"
    CLOSE = "close"


WORDS: Mapping[str, str] = {
    State.DRAFT: "起草中",
    State.ACTIVE: "已下达",
    State.SCORING: "评分中",
    State.PUBLISHED: "已公布",
    State.CLOSED: "已办结",
}

NEXT: Mapping[tuple[State, Event], State] = {
    (State.DRAFT, Event.ACTIVATE): State.ACTIVE,
    (State.ACTIVE, Event.REVISE): State.DRAFT,
    (State.ACTIVE, Event.START): State.SCORING,
    (State.SCORING, Event.RECALL): State.ACTIVE,
    (State.SCORING, Event.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Event.CLOSE): State.CLOSED,
}


def next_state(state: str, event: Event) -> State | None:
    """下一状态, or None where the table has none."""
    return NEXT.get((State(state), event))
