"""访问频率 (rate limit): one address may ask so many times a minute; the count is gone with the minute."""

from django.core.cache import cache

ASKED_A_MINUTE = 60
_MINUTE = 60


def why_not_ask(*, page: str, address: str, minute: int) -> str | None:
    """为什么现在不能查: counts this question of the address in that minute; None while it is within the limit.

    Each server process counts for itself, in memory.
    """
    key = f"asked:{page}:{address}:{minute}"
    cache.add(key, 0, timeout=2 * _MINUTE)
    try:
        count = cache.incr(key)
    except ValueError:  # the memory was needed for something else in between
        return None
    if count <= ASKED_A_MINUTE:
        return None
    return f"同一网络一分钟内查询超过{ASKED_A_MINUTE}次，请过一分钟再试"
