"""通报状态: the table of next states of a bulletin. Who drafts does not issue.

拟稿 ──submit──► 待签发 ──issue──► 已印发 ──withdraw──► 已撤回
  ▲                │
  └───── return ───┘
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """通报状态, as stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What moves a bulletin."""

    SUBMIT = "submit"
    RETURN = "return"
    ISSUE = "issue"
    WITHDRAW = "withdraw"


WORDS: Mapping[str, str] = {
    State.DRAFT: "拟稿",
    State.SUBMITTED: "待签发",
    State.ISSUED: "已印发",
    State.WITHDRAWN: "已撤回",
}

NEXT: Mapping[tuple[State, Event], State] = {
    (State.DRAFT, Event.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Event.RETURN): State.DRAFT,
    (State.SUBMITTED, Event.ISSUE): State.ISSUED,
    (State.ISSUED, Event.WITHDRAW): State.WITHDRAWN,
}


def next_state(state: str, event: Event) -> State | None:
    """下一状态, or None where the table has none."""
    return NEXT.get((State(state), event))
