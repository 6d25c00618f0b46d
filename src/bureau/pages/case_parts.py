"""个案页面共用: which case an address means, its ledger, the words beside it, and what a form of its columns says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bureau.cases import packs, queries
from bureau.cases.models import Case
from bureau.cases.rules import why_not_fill, why_not_write_restricted
from bureau.pages.access import SignedIn, not_found
from bureau.pages.attendance_place import MAY_SEE
from bureau.people.clearances import cleared
from bureau.people.models import User
from bureau.people.rules import Refused
from junheng.policy.ledgers import LEVEL_WORDS, Column, Ledger, each_time

# Those who see cases: whoever sees the ledgers, and teachers, who see their own.
SEES = MAY_SEE
LISTS = tuple(role for role in MAY_SEE if role != "teacher")
FIELD = "f-"
SIGNS = {
    "contradiction": ("not-met", "✗"),
    "open": ("near", "…"),
    "claimed": ("near", "?"),
    "solved": ("met", "?"),
    "closed": ("met", "✓"),
    "passed": ("none", "→"),
}


def case_page(pk: int) -> str:
    """The file of one case."""
    return reverse("case", args=[pk])


def found_case(request: SignedIn, pk: int) -> Case:
    """The case of an address; outside one's area and absent look the same."""
    try:
        return queries.case(request.user, pk)
    except Case.DoesNotExist:
        raise not_found(_("台账里没有这件个案，或者它不在您的辖区内。")) from None


def found_ledger(county_code: str, code: str) -> Ledger:
    """The ledger of an address."""
    try:
        return packs.ledger(county_code, code)
    except Refused:
        raise not_found(_("没有这本台账。")) from None


def standing(ledger: Ledger, row: Mapping[str, Any]) -> str:
    """状态 as a word: a contradiction comes before the state."""
    return "与数据矛盾" if row["contradiction"] else state_title(ledger, row["state"])


def state_title(ledger: Ledger, name: str) -> str:
    """状态 in words; of a state that the ledger no longer has, its name."""
    try:
        return ledger.state(name).title
    except KeyError:
        return name


def phase_badge(title: str, phase: str, *, contradiction: object = "") -> SafeString:
    """状态 as word, sign and colour: what it means for the case, whatever the ledger calls it."""
    words, kind = ("与数据矛盾", "contradiction") if contradiction else (title, phase)
    look, sign = SIGNS.get(kind, ("none", "·"))
    return format_html(
        '<span class="verdict {}"><span class="sign" aria-hidden="true">{}</span>{}</span>',
        look,
        sign,
        _(words),
    )


def owner_words(name: str | None, level: str) -> str:
    """责任人, or the desk of the level."""
    return name or _("%(level)s待办") % {"level": _(LEVEL_WORDS.get(level, "—"))}


def days_words(due: date | None, today: date) -> str:
    """逾期 3 天, 今天到期, 还有 2 天."""
    if due is None:
        return _("没有期限")
    left = (due - today).days
    if left < 0:
        return _("逾期 %(n)s 天") % {"n": -left}
    return _("今天到期") if left == 0 else _("还有 %(n)s 天") % {"n": left}


@dataclass(frozen=True, slots=True)
class Input:
    """一栏的输入: the column, what stands in it, and why it may not be filled in."""

    column: Column
    name: str
    value: str
    chosen: tuple[str, ...]
    why_not: str | None
    suggested: Sequence[str] = ()


def inputs(
    ledger: Ledger,
    names: Iterable[str],
    *,
    user: User,
    values: Mapping[str, Any],
    posted: QueryDict | None = None,
    prefix: str = FIELD,
    suggested: Mapping[str, Sequence[str]] | None = None,
) -> list[Input]:
    """The inputs of some columns, with what was typed before what is stored, and words to choose from for some."""
    mine = cleared(user)
    found = []
    ever = each_time(ledger)
    for name in names:
        column = ledger.column(name)
        if column.tally is not None:
            continue
        value = None if name in ever else values.get(name)
        key = f"{prefix}{name}"
        typed = posted.getlist(key) if posted is not None and key in posted else None
        chosen = tuple(typed) if typed is not None else tuple(value) if isinstance(value, list) else ()
        text = typed[0] if typed else "" if value is None or isinstance(value, list) else _plain(value)
        refusal = (
            why_not_fill(column, by=user)
            if column.access == "child"
            else why_not_write_restricted(column.access, by=user, cleared=mine)
        )
        found.append(Input(column, key, text, chosen, refusal, (suggested or {}).get(name, ())))
    return found


def _plain(value: object) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(value)


def typed_fields(posted: QueryDict, ledger: Ledger, *, prefix: str = FIELD) -> dict[str, object]:
    """{column name: what was typed} of a form; a blank stays a blank."""
    found: dict[str, object] = {}
    for column in ledger.columns:
        key = f"{prefix}{column.name}"
        if key in posted:
            values = [one for one in posted.getlist(key) if one.strip()]
            found[column.name] = values if column.kind == "many" else (values[0] if values else "")
    return found


def filled(fields: Mapping[str, object]) -> dict[str, object]:
    """Without the blanks: a step does not empty what it does not speak of."""
    return {name: value for name, value in fields.items() if value not in ("", [])}
