"""计划条目的画法: one row an item, doubtful first; the bar above with what is left to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bureau.pages.plan_reader_text import mark_class
from bureau.plans import confirming_fields as spec
from bureau.plans.confirming_words import describe
from bureau.plans.document_queries import KindCount
from bureau.plans.document_rules import Openings
from bureau.plans.models import Item

AT_ONCE = 300
AROUND = 14  # characters shown on either side of an item
STATES = ("open", "decided")
_DOES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "repair": (("confirm", "采用"), ("edit", "另改"), ("reject", "不采用")),
    "warning": (("confirm", "照原文"), ("edit", "写明处理"), ("reject", "不是问题")),
    "residual": (("confirm", "是背景"), ("edit", "写理由"), ("add", "补为条目")),
}
_DOES_ALL = (("confirm", "确认"), ("edit", "修改"), ("reject", "剔除"))


def ordered(rows: Sequence[Item]) -> list[Item]:
    """What is doubtful and undecided first, the least sure before the others; the rest in the order of the text."""
    return sorted(
        rows,
        key=lambda row: (
            not (row.status == "auto" and row.doubt),
            (row.confidence or 0.0) if row.status == "auto" and row.doubt else 0.0,
            row.start,
        ),
    )


def draw_row(row: Item, source: str, *, editable: bool, swap: bool = False) -> str:
    """One item: kind, words, why it is doubtful, who decided; buttons where it may be changed."""
    oob = ' hx-swap-oob="true"' if swap else ""
    lines = [
        f'<li id="i{row.pk}" class="{mark_class(row)}" data-s="{row.start}" data-e="{row.end}" data-kind="{row.kind}" tabindex="-1"{oob}>',
        f'<div class="row-line"><span class="chip-kind">{escape(_(spec.KINDS[row.kind]))}</span> ',
        f'<span class="row-words">{escape(_words(row))}</span>{_state(row)}</div>',
    ]
    if row.kind == "repair" and row.fields.get("suggest"):
        lines.append(
            f'<div class="row-why"><span class="before">{escape(row.text[:60])}</span> → <span class="after">{escape(row.fields["suggest"])}</span></div>'
        )
    elif row.doubt and row.status == "auto" and row.kind not in ("warning", "residual"):
        lines.append(f'<div class="row-why">{escape(row.doubt)}</div>')
    if row.kind != "header" and row.status == "auto":
        lines.append(f'<div class="row-text">{_around(row, source)}</div>')
    if row.fields.get("note"):
        lines.append(f'<div class="row-why">{escape(_("说明"))}：{escape(row.fields["note"])}</div>')
    if row.read is not None:
        read = escape(describe(row.kind, row.read, row.text))
        lines.append(
            f'<div class="row-text">{escape(_("系统原读"))}：<span class="before">{read}</span></div>'
        )
    if editable:
        lines.append(_buttons(row))
    lines.append(f'<div class="row-form" id="form{row.pk}"></div></li>')
    return "".join(lines)


def _words(row: Item) -> str:
    """The item in one line; a deadline with the words of the text, since its reading alone names no thing."""
    words = describe(row.kind, row.fields, row.text)
    return f"“{' '.join(row.text.split())}” {words}" if row.kind == "deadline" else words


def _around(row: Item, source: str) -> str:
    """The words of the text with a few on either side."""
    before, after = source[max(0, row.start - AROUND) : row.start], source[row.end : row.end + AROUND]
    parts = [" ".join(part.split()) for part in (before, row.text[:80], after)]
    return f"…{escape(parts[0])}<b>{escape(parts[1])}</b>{escape(parts[2])}…"


def _state(row: Item) -> str:
    if row.status == "auto":
        return ""
    sign = {"confirmed": "✓", "edited": "✎", "rejected": "✗", "added": "＋"}[row.status]
    words = {
        "confirmed": _("已确认"), "edited": _("已修改"), "rejected": _("已剔除"), "added": _("人工补充"),
    }[row.status]  # fmt: skip
    who = f"{row.by.display_name} {localtime(row.at):%m-%d %H:%M}" if row.by and row.at else ""
    carried = _("（沿用上一版）") if row.carried else ""
    return (
        f' <span class="row-state" title="{escape(who)}"><span aria-hidden="true">{sign}</span> {escape(words)}{escape(carried)}'
        f' <span class="row-who">{escape(who)}</span></span>'
    )


def _buttons(row: Item) -> str:
    does = _DOES.get(row.kind, _DOES_ALL)
    if row.status in ("confirmed", "edited", "added"):
        does = tuple(one for one in does if one[0] in ("edit", "reject"))
    elif row.status == "rejected":
        does = tuple(one for one in does if one[0] == "confirm")
    drawn = "".join(
        f'<button type="button" class="do do-{name}" data-do="{name}">{escape(_(words))}</button>'
        for name, words in does
    )
    return f'<div class="row-do">{drawn}</div>'


@dataclass(frozen=True, slots=True)
class Bar:
    """进度: what the bar above the rows says."""

    openings: Openings
    total: int
    settled: int
    kinds: tuple[KindCount, ...]

    @property
    def percent(self) -> int:
        """How far the plan is; 100 only when nothing is left."""
        share = 100 * self.settled // self.total if self.total else 100
        return min(share, 99) if self.openings.to_decide else 100


def bar_of(openings: Openings, counts: Sequence[KindCount]) -> Bar:
    """The bar for what was counted."""
    order = {kind: place for place, kind in enumerate(spec.KINDS)}
    known = tuple(sorted(counts, key=lambda one: order.get(one.kind, 99)))
    total = sum(one.total for one in known)
    return Bar(openings, total, total - sum(one.open for one in known), known)


def draw_rows(rows: Sequence[Item], source: str, *, editable: bool) -> SafeString:
    """Rows one after another."""
    return SafeString("".join(draw_row(row, source, editable=editable) for row in rows))
