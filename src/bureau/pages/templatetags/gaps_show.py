"""缺口的写法 in templates."""

from django import template

from bureau.gaps.rules import amount as in_words
from bureau.pages.cells import said
from bureau.pages.results import pack_words as words_of_pack
from junheng.tables import codes

register = template.Library()


@register.filter(name="amount")
def amount(value: object, unit: str) -> str:
    """“3 名”“412 ㎡”; nothing for what is not known."""
    return in_words(value, unit) if isinstance(value, int | float) else ""


@register.filter(name="grade")
def grade(code: str) -> str:
    """3 → 三年级."""
    return said(codes("grade").get(code, code))


@register.filter(name="magnitude")
def magnitude(value: float, unit: str) -> str:
    """-3 → “3 名”."""
    return in_words(abs(value), unit)


@register.filter(name="pack_words")
def pack_words(name: str) -> str:
    """balanced-2017 → 优质均衡."""
    return words_of_pack(name)


@register.filter(name="plain")
def plain(value: object) -> str:
    """0.045 → 0.045: a price as entered, without grouping and without zeros behind."""
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, int | float) else ""
