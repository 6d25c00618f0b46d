"""访问频率 (rate limit): one address may ask so many times a minute and send so many times an hour; the counts are gone with them."""

from django.core.cache import cache

ASKED_A_MINUTE = 60
SENT_AN_HOUR = 10
_MINUTE, _HOUR = 60, 3600


def why_not_ask(*, page: str, address: str, minute: int) -> str | None:
    """为什么现在不能查: counts this question of the address in that minute; None while it is within the limit.

    Each server process counts for itself, in memory.
    """
    if _count(f"asked:{page}:{address}:{minute}", 2 * _MINUTE) <= ASKED_A_MINUTE:
        return None
    return f"同一网络一分钟内查询超过{ASKED_A_MINUTE}次，请过一分钟再试"


def why_not_send(*, page: str, address: str, hour: int) -> str | None:
    """为什么现在不能提交: counts this form of the address in that hour; None while it is within the limit."""
    if _count(f"sent:{page}:{address}:{hour}", 2 * _HOUR) <= SENT_AN_HOUR:
        return None
    return f"同一网络一小时内提交超过{SENT_AN_HOUR}次，请过一小时再试，或打电话给学校和教育局"


def _count(key: str, seconds: int) -> int:
    """How often, this time included."""
    cache.add(key, 0, timeout=seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # the memory was needed for something else in between
        return 0
