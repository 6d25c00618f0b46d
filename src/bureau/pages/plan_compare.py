"""对照两份计划: two versions of one, or the plans of two counties, target by target; and what changed in the text."""

from difflib import SequenceMatcher
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.pages.access import SignedIn, page
from bureau.pages.context import current, show
from bureau.pages.plan_reader_text import paragraphs
from bureau.people.rules import Permission
from bureau.plans.confirming_words import amount
from bureau.plans.document_queries import visible_plans
from bureau.plans.models import Plan
from bureau.plans.reading import as_found
from junheng import plandocs

WORDS = {"same": "相同", "changed": "有变化", "left only": "只在左边", "right only": "只在右边"}
MOST_PARAGRAPHS = 1_500  # beyond it two texts are not compared word by word


def _choices(request: SignedIn) -> list[Plan]:
    """Every plan with a text that the account may see, of all its counties."""
    here = current(request)
    codes = [code for code, _name in here.counties] or [here.county_code]
    found = [
        one for code in codes for one in visible_plans(request.user, code).exclude(source="").defer("source")
    ]
    names = dict(here.counties)
    for one in found:
        one.county_name = names.get(one.county_code, here.county_name)  # type: ignore[attr-defined]
    return found


@require_GET
@page(Permission.SEE_PLANS)
def compare(request: SignedIn) -> HttpResponse:
    """`?left=&right=`; targets side by side, filtered by `?only=`."""
    choices = _choices(request)
    left, right = _asked(request, choices, "left"), _asked(request, choices, "right")
    context: dict[str, Any] = {"choices": choices, "left": left, "right": right, "words": WORDS}
    if left and right and left.pk != right.pk:
        pairs = plandocs.compare(_items(left), _items(right))
        only = request.GET.get("only", "")
        counted = {code: sum(one.verdict == code for one in pairs) for code in WORDS}
        context |= {
            "pairs": [_line(one) for one in pairs if only not in WORDS or one.verdict == only],
            "tabs": [{"code": code, "words": words, "count": counted[code]} for code, words in WORDS.items()],
            "total": len(pairs),
            "only": only if only in WORDS else "",
            "passages": _passages(left, right)
            if {left.pk, right.pk} & {left.previous_id, right.previous_id}
            else None,
        }
    return show(
        request,
        "plans/compare.html",
        title=_("对照两份计划"),
        crumbs=[(_("计划文件"), reverse("plans"))],
        **context,
    )


def _asked(request: SignedIn, choices: list[Plan], name: str) -> Plan | None:
    asked = request.GET.get(name, "")
    return next((one for one in choices if str(one.pk) == asked), None)


def _items(plan: Plan) -> list[plandocs.Item]:
    rows = plan.items.filter(kind="target").exclude(status="rejected")
    return [one for one in as_found(rows, [], "") if one.fields.get("kind") in ("target", "count")]


def _line(pair: plandocs.Pair) -> dict[str, Any]:
    def side(item: plandocs.Item | None) -> dict[str, Any] | None:
        if item is None:
            return None
        return {"words": amount(item.fields), "by": item.fields.get("by", ""), "start": item.start}

    return {"pair": pair, "verdict": WORDS[pair.verdict], "left": side(pair.left), "right": side(pair.right)}


def _passages(left: Plan, right: Plan) -> list[tuple[str, str]] | None:
    """Paragraphs that differ as (before, after); None when the texts are too long to compare here."""
    texts = [
        [plan.source[start:end].strip() for start, end in paragraphs(plan.source)] for plan in (left, right)
    ]
    if any(len(lines) > MOST_PARAGRAPHS for lines in texts):
        return None
    matcher = SequenceMatcher(None, texts[0], texts[1], autojunk=False)
    return [
        ("\n".join(texts[0][a:b]), "\n".join(texts[1][c:d]))
        for what, a, b, c, d in matcher.get_opcodes()
        if what != "equal"
    ]
