"""一条资助条款: rates by date with their quotations, condition, group, and the worked examples run again."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.clauses import STATUS_WORDS, book, standing_badge
from bureau.pages.clauses_words import amount_words, condition_words, grade_words, standing
from bureau.pages.context import current, show
from bureau.people.rules import Permission
from junheng.aid import STATE_TITLES, Child, outcomes, why
from junheng.aid.model import GRANTED
from junheng.aid.reasons import money
from junheng.policy import STATUS_TITLES
from junheng.policy.clauses import GROUP_RULES, KINDS, Clause, Example, Rate, facts_of

_SOURCES = {"centre": "中央", "region": "自治区", "county": "县级"}


@page(Permission.SEE_SCHOOLS)
def clause(request: SignedIn, clause_id: str) -> HttpResponse:
    """One clause: who receives what since when, in whose words, and whether it may be paid."""
    here, made = current(request), book()
    day = here.on or localdate()
    try:
        one = made.clause(clause_id)
    except KeyError:
        raise not_found(_("没有条款“%(name)s”，请从条款列表打开。") % {"name": clause_id}) from None
    group = made.groups.get(one.group)
    now_standing = standing(one, day, here.county_code)
    return show(
        request,
        "aid/clause.html",
        title=one.name,
        crumbs=[(_("资助条款"), reverse("clauses"))],
        clause=one,
        day=day,
        standing=standing_badge(now_standing),
        pack=next(pack for pack in made.packs if pack.id == one.pack),
        kind=KINDS[one.kind],
        condition=condition_words(one.condition),
        facts=[made.facts[name] for name in facts_of(one.condition)],
        areas="、".join(made.areas.get(area, area) if area else "全国" for area in one.areas),
        rates=[_rate(one, rate, rate is one.on(day)) for rate in reversed(one.rates)],
        shares=[(_SOURCES.get(name, name), share) for name, share in one.shares.items()],
        group=group,
        group_rule=GROUP_RULES[group.rule] if group else "",
        group_cap=money(group.cap) if group and group.cap is not None else "",
        members=[other for other in made.clauses if group and other.group == group.id and other is not one],
        cap=money(one.cap) if one.cap is not None else "",
        restated=[
            (made.documents[cite.document], cite)
            for pack in made.packs
            for of, cite in pack.restatements
            if of == one.id
        ],
        examples=[_example(one, example) for example in one.examples],
        version=made.version,
    )


def _rate(clause: Clause, rate: Rate, now: bool) -> dict[str, Any]:
    return {
        "rate": rate,
        "now": now,
        "amounts": amount_words(clause, rate),
        "stages": grade_words(rate, clause.stages),
        "document": book().documents[rate.cite.document],
        "status": STATUS_WORDS[rate.cite.status],
        "status_words": STATUS_TITLES[rate.cite.status],
    }


def _example(clause: Clause, example: Example) -> dict[str, Any]:
    """A worked example run again with the rules as they stand now."""
    child = Child(example.stage, example.grade, example.county, example.facts)
    found = next(one for one in outcomes(book(), child, example.on) if one.clause == clause.id)
    granted = found.fen if found.state in GRANTED else None
    cite = book().cite(clause.near(example.on))
    if example.state:
        expected, holds = STATE_TITLES[example.state], found.state == example.state
    else:
        expected = "不发放" if example.fen is None else money(example.fen)
        holds = granted == example.fen
    return {
        "on": example.on,
        "who": f"{example.stage}{example.grade}年级" if example.grade else example.stage,
        "area": book().areas.get(example.county, "全国") if example.county else "全国",
        "has": [name for name, value in example.facts.items() if value],
        "lacks": [name for name, value in example.facts.items() if value is False],
        "expected": expected,
        "found": STATE_TITLES[found.state] if granted is None else money(granted),
        "holds": holds,
        # The page cites the document already.
        "why": why(book(), child, found, example.on).replace(f"；依据{cite}", ""),
    }
