"""导入的状态表: which state may follow which. Pure; every change of an import's state asks it.

排队读取 ─► 正在读取 ─► 待核对 ─► 正在提交 ─► 已提交 ─► 正在撤销 ─► 已撤销
正在读取 ─► 无法读取
待核对 ─► 正在读取          重新比对
排队读取 ─► 已取消
正在读取 ─► 已取消
待核对 ─► 已取消
正在读取 ─► 排队读取        cut off, or not done: back to the step before
正在提交 ─► 待核对
正在撤销 ─► 已提交
"""

NEXT: dict[str, frozenset[str]] = {
    "received": frozenset({"reading", "cancelled"}),
    "reading": frozenset({"in_review", "refused", "cancelled", "received"}),
    "refused": frozenset(),
    "in_review": frozenset({"reading", "committing", "cancelled"}),
    "committing": frozenset({"committed", "in_review"}),
    "committed": frozenset({"undoing"}),
    "undoing": frozenset({"undone", "committed"}),
    "undone": frozenset(),
    "cancelled": frozenset(),
}
# What the worker is in the middle of, and where it starts again when it was cut off.
STEP_BEFORE = {"reading": "received", "committing": "in_review", "undoing": "committed"}
WAITING_FOR_WORKER = frozenset({"received", *STEP_BEFORE})


def may_become(now: str, then: str) -> bool:
    """Whether an import in state `now` may become `then`."""
    return then in NEXT[now]


def before(then: str) -> frozenset[str]:
    """The states that `then` may follow."""
    return frozenset(now for now, following in NEXT.items() if then in following)
