"""排名规则: the points of a county as it set them, what they make of today's data, tried before they are saved."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bureau.bulletins import facts, queries, ranking_actions, rules
from bureau.bulletins.ranking import Criterion, Score, ranked, unit_facts
from bureau.pages.access import SignedIn, page, refused
from bureau.pages.bulletin_slips import slip_facts
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused, why_not
from bureau.plans.task_queries import current_plans

UNREADABLE = Decimal(-1)


@require_http_methods(["GET", "POST"])
@page(Permission.SEE_PLANS)
def ranking(request: SignedIn) -> HttpResponse:
    """The rules and the ranking of today; POST tries typed points or saves them."""
    here = current(request)
    closed = why_not(request.user.role, Permission.WRITE_BULLETINS)
    held = queries.ranking(here.county_code)
    if request.method == "GET":
        return _shown(request, held, held.criteria)
    if closed:
        return refused(request, closed)
    typed, problems = _typed(request, held.criteria)
    reason = request.POST.get("reason", "")
    trying = "try" in request.POST
    if problems:
        return _shown(request, held, typed, refusal="；".join(problems), reason=reason)
    if trying:
        wrong = rules.why_not_rank_so(typed, by=request.user, in_county=True, reason="-")
        return _shown(request, held, typed, refusal=wrong or "", reason=reason, trying=not wrong)
    try:
        ranking_actions.set_ranking(
            county_code=here.county_code,
            criteria=typed,
            reason=reason,
            by=request.user,
            at=now(),
            address=client_address(request),
        )
    except Refused as refusal:
        return _shown(request, held, typed, refusal=str(refusal), reason=reason)
    messages.success(request, _("排名规则已保存并确认，以后起草和更新的通报按它计算"))
    return HttpResponseRedirect(request.path)


def _typed(request: SignedIn, held: tuple[Criterion, ...]) -> tuple[tuple[Criterion, ...], list[str]]:
    made, problems = [], []
    for one in held:
        values = {}
        for name, words in (("each", f"每{one.unit}扣分"), ("cap", "最多扣分")):
            text = request.POST.get(f"{name}-{one.code}", "").strip()
            value = rules.points(text)
            if value is None:
                problems.append(f"“{one.name}”的{words}“{text}”不是数，请填写最多两位小数的数，例如 2.5")
            values[name] = getattr(one, name) if value is None else value
        made.append(replace(one, each=values["each"], cap=values["cap"]))
    return tuple(made), problems


def _scores(request: SignedIn, criteria: tuple[Criterion, ...], today: date) -> list[Score]:
    here = current(request)
    year, part = today.year, (today.month - 1) // 3 + 1
    starts, _ends = rules.period("quarterly", year, part)
    slips = slip_facts(request.user, here.county_code, starts=starts, as_of=today)
    plans = current_plans(request.user, here.county_code)
    found = facts.gather(plans=plans, kind="quarterly", year=year, part=part, as_of=today, slips=slips)
    return ranked(unit_facts(found), criteria)


def _shown(
    request: SignedIn,
    held: queries.Ranking,
    criteria: tuple[Criterion, ...],
    *,
    refusal: str = "",
    reason: str = "",
    trying: bool = False,
) -> HttpResponse:
    here, today = current(request), localdate()
    before = {one.facts.key: one for one in _scores(request, held.criteria, today)}
    scores = _scores(request, criteria, today) if trying else list(before.values())
    return show(
        request,
        "bulletins/ranking.html",
        title=_("排名规则"),
        crumbs=[(_("通报和报告"), reverse("bulletins"))],
        status=422 if refusal else 200,
        held=held,
        criteria=criteria,
        scores=[(one, before[one.facts.key]) for one in scores],
        refusal=refusal,
        reason=reason,
        trying=trying,
        today=today,
        closed=why_not(request.user.role, Permission.WRITE_BULLETINS),
        history=[
            (one, [c for c in queries.criteria_of(one) if c.each])
            for one in queries.ranking_history(here.county_code)[:20]
        ],
    )
