"""后台办理规则: what goes to the worker, and what may be cancelled. Pure."""

# Measured: a step over so many awards takes under a second of a request; more of them are the worker's.
AT_ONCE = 1_000
UNDER_WAY = ("waiting", "doing")


def why_not_ask(*, under_way: bool) -> str | None:
    """为什么不能再排一件: the same step over the same list."""
    return "这一步已经在后台办理，请等它办完或取消" if under_way else None


def why_not_cancel(*, state: str, own: bool, reviews: str | None) -> str | None:
    """为什么不能取消. `reviews`: why the account may not review awards."""
    if state not in UNDER_WAY:
        return "这件后台办理已经结束"
    return None if own else reviews
