"""资助名单的写法: names of the lists, badges, money and grades as the pages of 应助尽助 show them."""

from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.entitlements import lists
from bureau.entitlements.evaluation_models import Claim, Evaluation
from bureau.pages.context import Page
from bureau.people.scope import NOTHING, Reach
from junheng.aid.model import STATE_TITLES

LIST_WORDS = {
    "missed": N("漏发和少发"),
    "waiting": N("待发"),
    "undue": N("已发不应享受和多发"),
    "refused": N("不予发放"),
    "paid": N("应享受且已发"),
    "unconfirmed": N("待确认"),
    "unknown": N("情况不明"),
}
STANDINGS = {str(code): str(label) for code, label in Claim.Standing.choices}
STATES = {**STATE_TITLES, "absent": N("不在册")}
# Word, sign and colour: told apart without colour too.
_SIGNS = {
    "paid": ("met", "✓"),
    "less": ("near", "↓"),
    "more": ("near", "↑"),
    "waiting": ("blank", "…"),
    "missed": ("not-met", "✗"),
    "undue": ("not-met", "⚠"),
    "refused": ("none", "–"),
    "unconfirmed": ("near", "!"),
    "unknown": ("blank", "？"),
    "no_list": ("blank", "…"),
}
_STATE_SIGNS = {
    "paid": ("met", "✓"),
    "cut": ("met", "✓"),
    "unconfirmed": ("near", "!"),
    "unknown": ("blank", "？"),
    "lost": ("none", "–"),
}
_NURSERY = {1: N("小班"), 2: N("中班"), 3: N("大班")}
_NUMERALS = "零一二三四五六"
_SHORT = {"初中": "初", "普高": "高", "中职": "职", "本科": "大", "专科": "大"}


def badge(standing: str) -> SafeString:
    """The standing of a line as word, sign and colour."""
    return _badge(STANDINGS.get(standing, standing), *_SIGNS.get(standing, ("none", "·")))


def state_badge(state: str) -> SafeString:
    """What a clause says for a child, as word, sign and colour."""
    return _badge(STATES.get(state, state), *_STATE_SIGNS.get(state, ("none", "–")))


def _badge(word: str, kind: str, sign: str) -> SafeString:
    return format_html(
        '<span class="verdict {}"><span class="sign" aria-hidden="true">{}</span>{}</span>',
        kind, sign, _(word),
    )  # fmt: skip


def yuan(fen: int | None) -> str:
    """1,234.50; "" for nothing known."""
    return "" if fen is None else f"{fen / 100:,.2f}"


def ten_thousand(fen: int) -> str:
    """万元 with two decimals, as the office speaks of sums."""
    return f"{fen / 1_000_000:,.2f}"


def grade_words(stage: str, grade: int | None) -> str:
    """小学 3 → 三年级, 初中 2 → 初二, 学前 1 → 小班; "" when it is not known."""
    if not grade:
        return ""
    if stage == "学前":
        return _(_NURSERY.get(grade, ""))
    numeral = _NUMERALS[grade] if grade < len(_NUMERALS) else str(grade)
    return _(f"{_SHORT[stage]}{numeral}") if stage in _SHORT else _(f"{numeral}年级")


def line_words(place: str) -> str:
    """第4行, or 豫海镇第4行: where in its file a register has the child."""
    sheet, _mark, row = place.rpartition("!")
    return _("%(sheet)s第%(row)s行") % {"sheet": sheet, "row": row} if row.isdecimal() else place


def claims_seen(here: Page) -> Q:
    """Which lines of the county's lists the account may see, by the school the child was at then."""
    match here.scope.reach:
        case Reach.EVERYTHING:
            return Q()
        case Reach.COUNTY:
            return Q() if here.scope.code == here.county_code else NOTHING
        case Reach.TOWNSHIP:
            return Q(township_code=here.scope.code)
        case Reach.SCHOOL:
            return Q(school_code=here.scope.code)
        case _:
            return NOTHING


def chosen_term(request: HttpRequest, here: Page) -> tuple[Evaluation | None, list[Evaluation]]:
    """The evaluation of the term that the address names (else the one that a cockpit speaks of), and all to choose from."""
    found = lists.evaluated(here.county_code)
    asked = request.GET.get("term", "")
    chosen = next((one for one in found if one.term == asked), None)
    return chosen or lists.headline_of(found), found


def clause_names(one: Evaluation) -> dict[str, str]:
    """{clause: name} of an evaluation."""
    return {key: str(found["name"]) for key, found in one.clauses.items()}
