"""导入的状态表: which state may follow which. The diagram in the help pages is drawn from this."""

NEXT: dict[str, frozenset[str]] = {
    "received": frozenset({"reading", "cancelled"}),
    "reading": frozenset({"in_review", "refused", "cancelled", "received"}),
    "refused": frozenset(),
    "in_review": frozenset({"reading", "committing", "cancelled"}),
    "committing": frozenset({"committed", "in_review"}),
    "committed": frozenset({"undoing", "undone"}),
    "undoing": frozenset({"undone", "committed"}),
    "undone": frozenset(),
    "cancelled": frozenset(),
}


def may_become(now: str, then: str) -> bool:
    """Whether an import in state `now` may become `then`."""
    return then in NEXT[now]
