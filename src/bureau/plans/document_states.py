"""计划文件的状态: the table of next states. Only the worker reads, only a person publishes, and what was published is kept.

正在读取 ──read──► 核对中 ──publish──► 已发布 ──replace──► 已被新版代替
   │                  │                  │
   ├─fail─► 无法读取  │                  └─withdraw─► 已撤下
   │           │      │
   └───────────┴──────┴───────────discard───────────► 已撤下
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """计划文件的状态, as stored."""

    READING = "reading"
    FAILED = "failed"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What moves a plan: READ and FAIL come from the worker, REPLACE from the publication of the next version."""

    READ = "read"
    FAIL = "fail"
    DISCARD = "discard"
    PUBLISH = "publish"
    REPLACE = "replace"
    WITHDRAW = "withdraw"


def N(words: str) -> str:
    """Marks words for the English catalogue; whoever shows them translates them."""
    return words


WORDS: Mapping[str, str] = {
    State.READING: N("正在读取"),
    State.FAILED: N("无法读取"),
    State.IN_REVIEW: N("核对中"),
    State.PUBLISHED: N("已发布"),
    State.REPLACED: N("已被新版代替"),
    State.WITHDRAWN: N("已撤下"),
}
NEXT: Mapping[tuple[State, Event], State] = {
    (State.READING, Event.READ): State.IN_REVIEW,
    (State.READING, Event.FAIL): State.FAILED,
    (State.READING, Event.DISCARD): State.WITHDRAWN,
    (State.FAILED, Event.DISCARD): State.WITHDRAWN,
    (State.IN_REVIEW, Event.DISCARD): State.WITHDRAWN,
    (State.IN_REVIEW, Event.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Event.REPLACE): State.REPLACED,
    (State.PUBLISHED, Event.WITHDRAW): State.WITHDRAWN,
}


def next_state(state: str, event: Event) -> State | None:
    """下一状态, or None where the table has none."""
    return NEXT.get((State(state), event))
