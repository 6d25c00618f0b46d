"""来件的状态: what may become of a record that has arrived. Pure."""

from enum import StrEnum


class State(StrEnum):
    """来件状态, with the words shown to people in `WORDS`."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    CONFLICT = "conflict"
    HELD = "held"
    SETTLED = "settled"
    RELEASED = "released"
    DECLINED = "declined"


def N(words: str) -> str:
    """Marks words for the English catalogue; whoever shows them translates them."""
    return words


WORDS = {
    State.ACCEPTED: N("已收到"),
    State.WAITING: N("等照片到齐"),
    State.CONFLICT: N("与别人的修改不一致"),
    State.HELD: N("转上级处理"),
    State.SETTLED: N("不一致处已商定"),
    State.RELEASED: N("上级已采用"),
    State.DECLINED: N("上级未采用"),
}
NEXT: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.ACCEPTED, State.CONFLICT, State.HELD}),
    State.CONFLICT: frozenset({State.SETTLED}),
    State.HELD: frozenset({State.RELEASED, State.DECLINED}),
}
# What a person still has to decide.
OPEN = (State.CONFLICT, State.HELD)


def may_become(state: str, after: State) -> bool:
    """能否变为."""
    return after in NEXT.get(State(state), frozenset())
