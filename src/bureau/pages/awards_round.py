"""一批评审: its awards, who may do what next, its publication and what happened."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_GET

from bureau.entitlements.queries import county_book
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.awards_jobs import to_worker
from bureau.pages.awards_shared import BUREAU_ONLY, amount, chosen, in_yuan, looked, performed
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Bulk, Column, Table
from bureau.payments import award_queries as queries
from bureau.payments import award_rules as rules
from bureau.payments import job_rules, jobs, money, publication, setting_queries
from bureau.payments import review_actions as actions
from bureau.payments.award_entitled import due_lines, propose_entitled
from bureau.payments.batch_queries import bank_words
from bureau.payments.models import Award, AwardRound, Job
from bureau.payments.models.funds import Source
from bureau.payments.states import AWARD_WORDS, AwardState
from bureau.people.models import User
from bureau.people.rules import Permission, Refused, why_not
from bureau.registry.finding import by_name

EVENT_WORDS = {
    "open": N("新开"),
    "propose": N("列入名单"),
    "school_pass": N("学校评审通过"),
    "pass": N("科室评审通过"),
    "send_back": N("退回学校"),
    "reject": N("不予发放"),
    "publish": N("公示"),
    "clear": N("公示期满"),
    "object": N("收到异议"),
    "name": N("指明异议涉及的人"),
    "uphold": N("异议成立"),
    "dismiss": N("异议不成立"),
}


# Steps over a whole list that the worker takes when it is long.
WORKERS = {"entitled": Job.Kind.ENTITLED, "school-pass": Job.Kind.SCHOOL_PASS, "pass": Job.Kind.PASS}


def found_round(request: SignedIn, pk: int) -> AwardRound:
    """The round, if it is the county's."""
    found = queries.rounds(current(request).county_code).filter(pk=pk).first()
    if found is None:
        raise not_found(_("没有这一批评审，或者它不在您的辖区。"))
    return found


def award_address(row: Row) -> str:
    """The page of one award."""
    return reverse("award", args=[row["id"]])


def award_columns() -> tuple[Column, ...]:
    """The columns of awards."""
    return (
        Column("person_name", _("姓名"), sort="pinyin", link=award_address),
        Column("school_name", _("学校"), sort="school_code"),
        Column("grade", _("年级")),
        Column("class_name", _("班级")),
        amount(),
        Column("state", _("状态"), kind="verdict", choices=AWARD_WORDS),
        Column("reason", _("说明"), text=lambda row: row["reason"] or "–"),
        Column("basis", _("认定依据"), hidden=True, text=lambda row: row["basis"] or "–"),
    )


@require_GET
@page(Permission.SEE_AID)
def one_round(request: SignedIn, pk: int) -> HttpResponseBase:
    """One round."""
    one, by, today = found_round(request, pk), request.user, localdate()
    rows = in_yuan(queries.in_class_order(queries.visible_awards(by, one.county_code).filter(round=one)))
    state = request.GET.get("state_is", "")
    shown = rows.filter(state=state) if state in AWARD_WORDS else rows

    def fill(lines: list[dict[str, Any]]) -> None:
        said = bank_words(line["id"] for line in lines if line["state"] == AwardState.FAILED)
        for line in lines:
            line["reason"] = line["reason"] or said.get(line["id"], "")
            line["state"] = AWARD_WORDS[line["state"]]

    table = Table(
        request,
        "awards",
        award_columns(),
        shown,
        what=_("人"),
        search=lambda text: by_name(text, field="person_name") | by_school(text),
        search_hint=_("姓名、拼音、学校"),
        order="school_code,place,class_name,pinyin",
        row_link=award_address,
        fill=fill,
        empty=_("名单是空的。可以从应助名单列入，或下载模板填好后上传。"),
        bulk=_bulk(request, one),
        caption=_("资助名单"),
    )
    if table.wants_export:
        return export(request, table, title=one.title)
    counts = queries.counts(rows)
    looked(
        request,
        ("award_round", str(one.pk)),
        {"shown": len(table.lines), "page": table.number, "filters": table.chosen},
    )
    role, book = by.role, county_book(one.county_code)
    return show(
        request,
        "payments/round.html",
        title=one.title,
        crumbs=[(_("评审与公示"), reverse("awards"))],
        round=one,
        table=table,
        tabs=[(state, words, *counts[state]) for state, words in AWARD_WORDS.items() if state in counts],
        state=state,
        people=sum(n for name, (n, _fen) in counts.items() if name != "rejected"),
        yuan=money.yuan(sum(fen for name, (_n, fen) in counts.items() if name != "rejected")),
        counts={name: n for name, (n, _fen) in counts.items()},
        shares="、".join(f"{Source(source).label} {share}%" for source, share in one.shares.items()),
        citation=queries.citation(book, one.clause, one.term),
        blocked=queries.why_not_clause(one.county_code, one.clause, one.term, book),
        running=queries.publication_running(one, today=today),
        days=setting_queries.value(one.county_code, "publication_days"),
        jobs=list(jobs.under_way(one.county_code, round=one)),
        events=[
            (event, _(EVENT_WORDS.get(event.what, event.what))) for event in one.events.select_related("by")
        ],
        objections=one.objections.select_related("award").all(),
        why_not_propose=rules.why_not_propose(role=role, round_closed=one.published_on is not None),
        why_not_publish=publication.why_not_publish(
            one, role=role, counts=None if role in BUREAU_ONLY else counts
        ),
        reviews=why_not(role, Permission.REVIEW_AWARDS),
        reports=why_not(role, Permission.REPORT_AID),
        today=today,
    )


def by_school(text: str) -> Q:
    """By the name of the school."""
    return Q(school_name__contains=text)


def _bulk(request: SignedIn, one: AwardRound) -> list[Bulk]:
    role = request.user.role
    if why_not(role, Permission.REPORT_AID) and why_not(role, Permission.REVIEW_AWARDS):
        return []
    reviews = why_not(role, Permission.REVIEW_AWARDS)

    def to(action: str) -> str:
        return reverse("award-round-change", args=[one.pk, action])

    return [
        Bulk(_("学校评审通过"), to("school-pass"), why_not=why_not(role, Permission.REPORT_AID)),
        Bulk(_("科室评审通过"), to("pass"), why_not=reviews),
        Bulk(_("退回学校或不予发放…"), to("ask"), danger=True),
    ]


@page(Permission.SEE_AID)
def change(request: SignedIn, pk: int, action: str) -> HttpResponseBase:
    """一步: for the chosen, or for all that wait for it."""
    one, by, at, address = found_round(request, pk), request.user, now(), client_address(request)
    to = reverse("award-round", args=[pk])
    if request.method != "POST":
        raise not_found(_("请从评审页操作。"))
    if action == "ask":
        return _ask(request, one)
    ids = chosen(request) or (None if request.POST.get("all") else [])
    reason = request.POST.get("reason", "")
    steps: dict[str, Callable[[], object]] = {
        "school-pass": lambda: (
            actions.school_pass(round=one, chosen=ids, by=by, at=at, address=address).sentence
        ),
        "pass": lambda: actions.review_pass(round=one, chosen=ids, by=by, at=at, address=address).sentence,
        "send-back": lambda: (
            actions.send_back(
                round=one, chosen=ids or [], reason=reason, by=by, at=at, address=address
            ).sentence
        ),
        "reject": lambda: (
            actions.reject(round=one, chosen=ids or [], reason=reason, by=by, at=at, address=address).sentence
        ),
        "publish": lambda: (
            publication.publish(round=one, by=by, at=at, today=localdate(), address=address) and None
        ),
        "entitled": lambda: propose_entitled(round=one, by=by, at=at, address=address).sentence,
    }
    if action not in steps:
        raise not_found(_("没有这个操作。"))
    if (ids is None or action == "entitled") and action in WORKERS:
        rows = _meant(one, action, by)
        if rows > job_rules.AT_ONCE:
            try:
                return to_worker(request, kind=WORKERS[action], title=one.title, rows=rows, round=one)
            except Refused as refusal:
                messages.error(request, str(refusal))
                return HttpResponseRedirect(to)
    return performed(request, steps[action], _("已公示，期满自动撤下"), to)


def _meant(one: AwardRound, action: str, by: User) -> int:
    """How many a step over the whole list would take."""
    if action == "entitled":
        return due_lines(one.county_code, one.term, one.clause)
    state = {"school-pass": "proposed", "pass": "school_passed"}[action]
    return queries.visible_awards(by, one.county_code).filter(round=one, state=state).count()


def _ask(request: SignedIn, one: AwardRound) -> HttpResponse:
    """退回、不予发放 need a reason: who is meant is shown again."""
    rows = queries.visible_awards(request.user, one.county_code).filter(round=one, pk__in=chosen(request))
    found = list(rows[:500])
    return show(
        request,
        "payments/round_ask.html",
        title=_("退回学校或不予发放"),
        crumbs=[(_("评审与公示"), reverse("awards")), (one.title, reverse("award-round", args=[one.pk]))],
        round=one,
        awards=[(award, AWARD_WORDS[award.state], money.yuan(award.fen)) for award in found],
        reviews=why_not(request.user.role, Permission.REVIEW_AWARDS),
    )


@require_GET
@page(Permission.SEE_AID)
def award(request: SignedIn, pk: int) -> HttpResponse:
    """一项资助: its way so far, its payments, its objections."""
    found = queries.visible_awards(request.user, current(request).county_code).filter(pk=pk)
    one = found.select_related("round__fund", "proposed_by", "school_by", "reviewed_by").first()
    if one is None:
        raise not_found(_("没有这一项资助，或者它不在您的辖区。"))
    looked(request, ("award", str(one.pk)), {"person": one.person_key})
    lines = one.lines.select_related("batch", "account").defer("account__number")
    return show(
        request,
        "payments/award.html",
        title=f"{one.person_name} {one.round.clause_name}",
        crumbs=[
            (_("评审与公示"), reverse("awards")),
            (one.round.title, reverse("award-round", args=[one.round_id])),
        ],
        award=one,
        standing=AWARD_WORDS[one.state],
        yuan=money.yuan(one.fen),
        citation=queries.citation(county_book(one.county_code), one.clause, one.term),
        lines=[(line, money.yuan(line.fen)) for line in lines],
        objections=one.objections.all(),
        others=_others(one),
        bureau=request.user.role not in ("school", "township"),
    )


def _others(one: Award) -> list[tuple[Award, str, str]]:
    rows = Award.objects.filter(county_code=one.county_code, person_key=one.person_key).exclude(pk=one.pk)
    return [
        (other, AWARD_WORDS[other.state], money.yuan(other.fen))
        for other in rows.select_related("round")[:20]
    ]
