"""一条资助条款: rates by date with their quotations, condition, group, and the worked examples run again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.entitlements import actions, rules
from bureau.entitlements.queries import base_book, confirmations, county_book, open_of, open_pack
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.clauses import STATUS_WORDS, standing_badge
from bureau.pages.clauses_words import amount_words, condition_words, grade_words, standing
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused
from junheng.aid import STATE_TITLES, Child, outcomes, why
from junheng.aid.model import GRANTED
from junheng.aid.reasons import money
from junheng.policy import STATUS_TITLES
from junheng.policy.clauses import GROUP_RULES, KINDS, Book, Clause, Example, Rate, facts_of

_SOURCES = {"centre": "中央", "region": "自治区", "county": "县级"}


@page(Permission.SEE_SCHOOLS)
def clause(request: SignedIn, clause_id: str) -> HttpResponse:
    """One clause: who receives what since when, in whose words, and whether it may be paid."""
    here = current(request)
    made = county_book(here.county_code)
    day = here.on or localdate()
    try:
        one = made.clause(clause_id)
    except KeyError:
        raise not_found(_("没有条款“%(name)s”，请从条款列表打开。") % {"name": clause_id}) from None
    base = base_book(here.county_code)
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
        rates=[_rate(made, one, rate, rate is one.on(day)) for rate in reversed(one.rates)],
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
        examples=[_example(base, one, example) for example in one.examples],
        version=made.version,
        questions=_questions(request, here.county_code, base, base.clause(clause_id)),
        why_not_edit=rules.why_not_edit_pack(
            role=request.user.role, open_state=_open_state(here.county_code)
        ),
    )


def _open_state(county_code: str) -> str:
    found = open_pack(county_code)
    return str(found.state) if found else ""


def _questions(request: SignedIn, county_code: str, base: Book, clause: Clause) -> list[dict[str, Any]]:
    """What waits for two persons, who confirmed it, who checked, and why this account cannot."""
    said: dict[str, list[Any]] = {}
    for row in confirmations(county_code):
        said.setdefault(row.of, []).append(row)
    found = []
    for question in open_of(base, clause):
        rows = said.get(question.of, [])
        valid = next((row for row in rows if row.withdrawn_at is None), None)
        found.append(
            {
                "question": question,
                "now": valid,
                "lapsed": valid is not None and valid.assumption != question.assumption,
                "before": [row for row in rows if row.withdrawn_at is not None],
                "why_not": rules.why_not_confirm(
                    role=request.user.role,
                    assumption=question.assumption,
                    forms=question.forms,
                    wider=question.wider_than(county_code),
                    confirmed=valid is not None,
                    reason="-",
                ),
                "why_not_check": rules.why_not_check(
                    role=request.user.role,
                    waiting=valid is not None and valid.checked_by_id is None,
                    by_self=valid is not None and valid.by_id == request.user.pk,
                ),
                "why_not_withdraw": rules.why_not_withdraw(
                    role=request.user.role, confirmed=valid is not None
                ),
            }
        )
    return found


@require_POST
@page(Permission.CHANGE_PACKS)
def change(request: SignedIn, clause_id: str, action: str) -> HttpResponse:
    """Confirm what no document says of the clause or its group, check it as the second person, or withdraw it."""
    here = current(request)
    made = base_book(here.county_code)
    of = request.POST.get("of", "")
    questions = {
        one.of: one for clause in made.clauses if clause.id == clause_id for one in open_of(made, clause)
    }
    if of not in questions or action not in ("confirm", "check", "withdraw"):
        raise not_found(_("没有这个待确认的事项。"))
    try:
        if action == "confirm":
            actions.confirm(
                county_code=here.county_code,
                question=questions[of],
                reason=request.POST.get("reason", ""),
                by=request.user,
                at=now(),
                address=client_address(request),
            )
            messages.success(request, _("已确认；另一位有权限的人员复核后，本县可以按这一条发放"))
        elif action == "check":
            actions.check(
                county_code=here.county_code,
                of=of,
                by=request.user,
                at=now(),
                address=client_address(request),
            )
            messages.success(request, _("已复核，本县从现在起可以按这一条发放"))
        else:
            actions.withdraw(
                county_code=here.county_code,
                of=of,
                by=request.user,
                at=now(),
                address=client_address(request),
            )
            messages.success(request, _("已撤回，这一条又待确认，不能发放"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("clause", args=[clause_id]))


def _rate(book: Book, clause: Clause, rate: Rate, now: bool) -> dict[str, Any]:
    return {
        "rate": rate,
        "now": now,
        "amounts": amount_words(clause, rate),
        "stages": grade_words(rate, clause.stages),
        "document": book.documents[rate.cite.document],
        "status": STATUS_WORDS[rate.cite.status],
        "status_words": STATUS_TITLES[rate.cite.status],
    }


def _example(book: Book, clause: Clause, example: Example) -> dict[str, Any]:
    """A worked example run again without confirmations: what it waits for may be confirmed here by now."""
    child = Child(example.stage, example.grade, example.county, example.facts)
    found = next(one for one in outcomes(book, child, example.on) if one.clause == clause.id)
    granted = found.fen if found.state in GRANTED else None
    cite = book.cite(clause.near(example.on))
    if example.state:
        expected, holds = STATE_TITLES[example.state], found.state == example.state
    else:
        expected = "不发放" if example.fen is None else money(example.fen)
        holds = granted == example.fen
    return {
        "on": example.on,
        "who": f"{example.stage}{example.grade}年级" if example.grade else example.stage,
        "area": book.areas.get(example.county, "全国") if example.county else "全国",
        "has": [name for name, value in example.facts.items() if value],
        "lacks": [name for name, value in example.facts.items() if value is False],
        "expected": expected,
        "found": STATE_TITLES[found.state] if granted is None else money(granted),
        "holds": holds,
        # The page cites the document already.
        "why": why(book, child, found, example.on).replace(f"；依据{cite}", ""),
    }
