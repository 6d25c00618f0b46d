"""模板里的写法: numbers, days, verdicts and figures, drawn the same on every page."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _

from bureau.pages import access, cells, sentences
from bureau.pages.verdicts import badge
from bureau.people import rules

register = template.Library()


@register.filter(name="number")
def number(value: object, digits: int | None = None) -> str:
    """1234.5 → 1,234.5; a blank is 未报."""
    if value is None or value == "":
        return _("未报")
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return cells.number(value, digits=digits)
    return str(value)


@register.filter(name="percent")
def percent(value: object, digits: int = 1) -> str:
    """0.953 → 95.3%; a blank is 未报."""
    if isinstance(value, int | float | Decimal):
        return cells.number(value, digits=digits, percent=True)
    return _("未报")


@register.filter(name="day")
def day(value: object) -> str:
    """2026年9月1日, in the language of the page."""
    if isinstance(value, datetime):
        return date_format(localtime(value) if is_aware(value) else value, "DATE_FORMAT")
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else ""


@register.filter(name="moment")
def moment(value: object) -> str:
    """2026-09-01 08:30, local time."""
    if not isinstance(value, datetime):
        return ""
    return date_format(localtime(value) if is_aware(value) else value, "Y-m-d H:i")


@register.simple_tag(name="verdict")
def verdict(word: object, borderline: bool = False) -> SafeString:
    """达标 ✓ 未达标 ✗ 临界 ! 未报 ○: word, sign and colour; a borderline verdict says so beside it."""
    return badge(word, borderline=borderline)


@register.simple_tag(name="figure")
def figure(text: object, address: str) -> SafeString:
    """A figure that opens its why in the side panel; without scripts the link opens a page."""
    return format_html(
        '<a class="figure" href="{0}" hx-get="{0}" hx-target="#why-body">{1}</a>', address, text
    )


@register.filter(name="coded")
def coded(value: object, names: dict[str, str]) -> str:
    """The official name of a code."""
    return cells.said(names.get(str(value), value)) if value not in (None, "") else _("未报")


@register.filter(name="said")
def said(word: object) -> str:
    """A state, stage or name of a code in the language of the page."""
    return cells.said(word) if word else ""


@register.filter(name="spoken")
def spoken(text: object) -> str:
    """A Chinese sentence in the language of the page, where it is cut or measured before the page is finished."""
    return sentences.spoken(str(text)) if text else ""


@register.filter(name="bracketed")
def bracketed(text: object) -> str:
    """（text）, in brackets of the language of the page."""
    return cells.bracketed(text) if text else ""


@register.simple_tag(name="opens", takes_context=True)
def opens(context: template.Context, name: str) -> bool:
    """Whether the account may open a page: {% opens "what-if" as can_open %}."""
    return access.opens(name, getattr(context["request"].user, "role", ""))


@register.simple_tag(name="may", takes_context=True)
def may(context: template.Context, permission: str) -> bool:
    """Whether the account may: {% may "import" as can_import %}."""
    user = context["request"].user
    return rules.may(getattr(user, "role", ""), rules.Permission(permission))
