"""评审与公示: the rounds of a county, and a new one."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_GET

from bureau.entitlements import lists
from bureau.entitlements.queries import county_book
from bureau.entitlements.terms import terms_of
from bureau.pages.access import SignedIn, page
from bureau.pages.awards_shared import amount, number_in
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.sentences import spoken
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.payments import award_actions as actions
from bureau.payments import award_queries as queries
from bureau.payments import fund_queries, setting_queries
from bureau.payments.models import AwardRound
from bureau.payments.models.awards import PERSON_KINDS
from bureau.payments.models.funds import Source
from bureau.people.rules import Permission, Refused, why_not

STEPS = {
    "proposed": N("待学校评审"),
    "school_passed": N("待科室评审"),
    "reviewed": N("待公示"),
    "published": N("公示中"),
    "objected": N("有异议待处理"),
    "cleared": N("待列批次"),
    "failed": N("发放失败"),
}


def round_address(row: Row) -> str:
    """The page of one round."""
    return reverse("award-round", args=[row["id"]])


def _columns() -> tuple[Column, ...]:
    kinds = dict(PERSON_KINDS)
    return (
        Column("title", _("名称"), link=round_address),
        Column("clause_name", _("资助项目")),
        Column("term", _("学期")),
        Column("person_kind", _("对象"), codes=kinds, choices=kinds),
        Column("fund__name", _("基金"), hidden=True),
        Column("people", _("人数"), kind="number", unit=_("人"), total=True),
        amount(),
        Column("standing", _("进度"), kind="verdict"),
        Column("waiting", _("待办"), kind="number", unit=_("人"), note=_("还没有走完的人")),
        Column(
            "published_until",
            _("公示止"),
            kind="date",
            text=lambda row: f"{row['published_until']:%Y-%m-%d}" if row["published_until"] else "–",
        ),
        Column("paid", _("已发放"), kind="number", unit=_("人"), total=True),
    )


@require_GET
@page(Permission.SEE_AID)
def listing(request: SignedIn) -> HttpResponseBase:
    """评审批: what waits for whom comes first."""
    here, today = current(request), localdate()
    visible = queries.visible_awards(request.user, here.county_code)
    standing = queries.by_round(visible)
    whole_county = request.user.role not in ("school", "township")
    rows = [
        _row(one, standing.get(one.pk, {}))
        for one in queries.rounds(here.county_code)
        if whole_county or one.pk in standing
    ]
    table = Table(
        request,
        "rounds",
        _columns(),
        rows,
        what=_("批"),
        search=("title", "clause_name", "term"),
        search_hint=_("名称、项目、学期"),
        order="-id",
        row_link=round_address,
        empty=_("还没有评审。点“新开一批”，选资助项目和学期，再从应助名单列入或上传名单。"),
        caption=_("评审批"),
    )
    if table.wants_export:
        return export(request, table, title=_("评审批"))
    found: dict[str, int] = {}
    for states in standing.values():
        for state, (n, _fen) in states.items():
            found[state] = found.get(state, 0) + n
    period = setting_queries.standing(here.county_code, "publication_days")
    return show(
        request,
        "payments/rounds.html",
        title=_("评审与公示"),
        table=table,
        figures=[
            (_(words), found[state], state in ("objected", "failed"))
            for state, words in STEPS.items()
            if state in found
        ],
        objections=queries.open_objections(here.county_code).count(),
        running=queries.published_rounds(here.county_code, today=today).count(),
        days=period.value,
        setting=period.newest,
        opens=why_not(request.user.role, Permission.REVIEW_AWARDS),
        bureau=whole_county,
    )


def _row(one: AwardRound, states: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """A round with how its awards stand; those refused count no more."""
    alive = {state: found for state, found in states.items() if state != "rejected"}
    first = next((words for state, words in STEPS.items() if state in states), "")
    otherwise = "已列批次" if "batched" in states else "已办结" if states else "待列名单"
    return {
        "id": one.pk,
        "title": one.title,
        "clause_name": one.clause_name,
        "term": one.term,
        "person_kind": one.person_kind,
        "fund__name": one.fund.name,
        "people": sum(n for n, _fen in alive.values()),
        "yuan": sum(fen for _n, fen in alive.values()) / 100,
        "standing": first or otherwise,
        "waiting": sum(n for state, (n, _fen) in states.items() if state in STEPS),
        "published_until": one.published_until,
        "paid": states.get("paid", (0, 0))[0],
    }


@page(Permission.REVIEW_AWARDS)
def create(request: SignedIn) -> HttpResponse:
    """新开一批: clause, term, fund and the shares of its sources."""
    here, today = current(request), localdate()
    kind = request.POST.get("person_kind") or request.GET.get("kind", "student")
    kind = kind if kind in dict(PERSON_KINDS) else "student"
    book = county_book(here.county_code)
    clauses = queries.clauses(book, here.county_code, person_kind=kind)
    offered, remarks = _terms(here.county_code, kind, today)
    asked: dict[str, Any] = {
        "title": "",
        "term": request.GET.get("term", "") or next(iter(offered), ""),
        "clause": request.GET.get("clause", ""),
        "fund": "",
        "shares": {},
    }
    refusal = ""
    funds = list(fund_queries.funds(here.county_code))
    if request.method == "POST":
        asked = {name: request.POST.get(name, "").strip() for name in ("title", "term", "clause", "fund")}
        asked["shares"] = {source: number_in(request, f"share_{source}") or 0 for source in Source.values}
        clause = next((one for one in clauses if one.id == asked["clause"]), None)
        if not any(asked["shares"].values()) and clause is not None:
            asked["shares"] = dict(clause.shares) or {"county": 100}
        try:
            made = actions.open_round(
                county_code=here.county_code,
                title=asked["title"] or (f"{asked['term']} {clause.name}" if clause else ""),
                person_kind=kind,
                term=asked["term"],
                clause=asked["clause"],
                fund=next((one for one in funds if str(one.pk) == asked["fund"]), None),
                shares=asked["shares"],
                by=request.user,
                at=now(),
                address=client_address(request),
            )
        except Refused as wrong:
            refusal = str(wrong)
        else:
            messages.success(request, _("已新开，请列入名单"))
            return HttpResponseRedirect(reverse("award-round", args=[made.pk]))
    return show(
        request,
        "payments/round_new.html",
        title=_("新开一批评审"),
        crumbs=[(_("评审与公示"), reverse("awards"))],
        kind=kind,
        kinds=PERSON_KINDS,
        clauses=[
            (
                one.id,
                one.name,
                queries.why_not_clause(here.county_code, one.id, asked["term"], book)
                if asked["term"]
                else "",
            )
            for one in clauses
        ],
        funds=funds,
        shares=[(value, str(label), asked["shares"].get(value, "")) for value, label in Source.choices],
        asked=asked,
        terms=offered,
        remarks=remarks,
        refusal=refusal,
        status=422 if refusal else 200,
    )


def _terms(county_code: str, kind: str, today: date) -> tuple[list[str], list[tuple[str, str, str]]]:
    """(terms to choose from, the first of which is proposed; remarks: why a newer one is not, what to do, and where).

    A pupil's term must be one that the register can answer for; a teacher's needs no register of pupils.
    """
    states = terms_of(county_code, today)
    if kind == "teacher":
        return [state.term.text for state in states], []
    offered = [state.term for state in states if state.why_not is None]
    remarks = [
        (
            _("没有推荐 %(term)s：%(why)s。") % {"term": state.term, "why": spoken(state.why_not)},
            _("去导入"),
            reverse("imports"),
        )
        for state in states
        if state.why_not and (not offered or state.term > offered[0])
    ]
    if offered and lists.current(county_code, offered[0].text) is None:
        sentence = _("%(term)s学期还没有判断，应助名单列不出来。") % {"term": offered[0]}
        remarks.append((sentence, _("去判断"), reverse("aid-evaluations")))
    return [term.text for term in offered], remarks
