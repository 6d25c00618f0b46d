"""资助的写法 in templates: money from fen, badges of lines and of clauses."""

from django import template
from django.utils.safestring import SafeString

from bureau.pages import aid_words

register = template.Library()


@register.filter(name="yuan")
def yuan(fen: object) -> str:
    """元 with two decimals; "" for nothing known."""
    return aid_words.yuan(fen) if isinstance(fen, int) else ""


@register.filter(name="yuan_wan")
def yuan_wan(fen: object) -> str:
    """万元 with two decimals."""
    return aid_words.ten_thousand(fen) if isinstance(fen, int) else ""


@register.filter(name="standing_badge")
def standing_badge(standing: str) -> SafeString:
    """已发, 漏发 and so on."""
    return aid_words.badge(standing)


@register.filter(name="state_badge")
def state_badge(state: str) -> SafeString:
    """应享受, 条件不符 and so on."""
    return aid_words.state_badge(state)
