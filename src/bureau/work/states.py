"""制作文件的状态表: which state of a download may follow which. Pure.

排队 ─► 正在制作 ─► 可以下载
正在制作 ─► 没有做成
排队 ─► 已取消
正在制作 ─► 已取消
正在制作 ─► 排队            cut off: begins again
"""

NEXT: dict[str, frozenset[str]] = {
    "waiting": frozenset({"making", "cancelled"}),
    "making": frozenset({"ready", "failed", "cancelled", "waiting"}),
    "ready": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
}
UNDER_WAY = frozenset({"waiting", "making"})


def before(then: str) -> frozenset[str]:
    """The states that `then` may follow."""
    return frozenset(now for now, following in NEXT.items() if then in following)


def why_not_cancel(*, state: str) -> str | None:
    """为什么不能取消."""
    return None if state in before("cancelled") else "只有排队或正在制作的文件可以取消。"


def why_not_take(*, state: str) -> str | None:
    """为什么不能下载."""
    return {
        "ready": None,
        "failed": "文件没有做成，请回到名单重新导出。",
        "cancelled": "这个文件已取消制作，请回到名单重新导出。",
    }.get(state, "文件还在制作，请稍候。")
