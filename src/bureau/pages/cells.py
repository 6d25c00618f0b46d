"""单元格: how a value is shown. 未报 is grey, 不适用 is a dash, 0 is 0; never one for another."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _

from bureau.pages.verdicts import badge

if TYPE_CHECKING:
    from bureau.pages.table_parts import Column

Kind = Literal["text", "number", "percent", "date", "time", "flag", "verdict", "code"]
Row = Mapping[str, Any]
NOT_APPLICABLE = "不适用"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its words, how to draw it, where it leads. `state` is "blank" (未报), "none" (不适用) or ""."""

    text: str
    kind: Kind
    column: "Column"
    state: Literal["", "blank", "none"] = ""
    link: str = ""
    why: str = ""
    value: object = None
    html: SafeString | None = None
    tint: str = ""

    @property
    def drawn(self) -> SafeString:
        """The cell as HTML."""
        return drawn(self)


def cell(column: "Column", row: Row, *, plain: bool = False) -> Cell:
    """The cell of a column in a row; `plain` without links (totals)."""
    made = _cell(column, row, plain)
    return replace(made, tint=column.tint(row)) if column.tint and not plain else made


def _cell(column: "Column", row: Row, plain: bool) -> Cell:
    value = row.get(column.field)
    link = column.link(row) if column.link and not plain else ""
    why = column.why(row) if column.why and not plain else ""
    if value == NOT_APPLICABLE and column.kind != "verdict":
        return Cell("–", column.kind, column, "none", link, why, value)
    if column.text and not plain:
        text = column.text(row)
        html = column.html(row) if column.html else None
        return Cell(text or _("未报"), column.kind, column, "" if text else "blank", link, why, value, html)
    if value is None or value == "":
        return Cell(_("未报"), column.kind, column, "blank", link, why, value)
    return Cell(words(column, value), column.kind, column, "", link, why, value)


def words(column: "Column", value: object) -> str:
    """A reported value in words."""
    if column.codes is not None:
        return said(column.codes.get(str(value), value))
    if column.kind == "flag" or isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return date_format(localtime(value) if is_aware(value) else value, "Y-m-d H:i")
    if isinstance(value, date):
        return date_format(value, "Y-m-d")
    if isinstance(value, int | float | Decimal):
        return number(value, digits=column.digits, percent=column.kind == "percent")
    return str(value) if column.choices is None else said(value)


def said(word: object) -> str:
    """A word that the system itself uses (state, stage, name of a code) in the language of the page; any other stays."""
    return _(str(word))


def bracketed(text: object) -> str:
    """（text）, in brackets of the language of the page."""
    return _("（%(unit)s）") % {"unit": _(str(text))}


def number(value: int | float | Decimal, *, digits: int | None = None, percent: bool = False) -> str:
    """1234.5 → 1,234.5; without `digits` at most two decimals and no trailing zeros; percent of a share."""
    if percent:
        return f"{float(value) * 100:,.{1 if digits is None else digits}f}%"
    if digits is not None:
        return f"{value:,.{digits}f}"
    if isinstance(value, int):
        return f"{value:,}"
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def drawn(one: Cell) -> SafeString:
    """The cell as HTML. Here and not in a template: a page has a thousand of them."""
    column = one.column
    label = column.full_heading
    kinds = " ".join(part for part in (one.kind, one.state, f"cell {one.tint}" if one.tint else "") if part)
    return SafeString(f'<td class="{kinds}" data-label="{escape(label)}">{_inside(one)}</td>')


def _inside(one: Cell) -> str:
    if one.kind == "verdict" and not one.state:
        return f"<a {_why(one.why)}>{badge(one.value)}</a>" if one.why else badge(one.value)
    if one.html is not None:
        return f"<div>{one.html}</div>"
    text = escape(one.text)
    if one.why:
        return f"<a {_why(one.why)}>{text}</a>"
    return f'<a href="{escape(one.link)}">{text}</a>' if one.link else text


def _why(address: str) -> str:
    safe = escape(address)
    return f'class="figure" href="{safe}" hx-get="{safe}" hx-target="#why-body"'
