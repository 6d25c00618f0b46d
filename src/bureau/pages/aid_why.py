"""应助尽助的为什么: one line of the lists, and the share of those who have everything that is due."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from bureau.entitlements import lists
from bureau.entitlements.evaluation_models import Claim
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.aid_list import child_address, coverage
from bureau.pages.aid_words import STANDINGS, STATES, claims_seen, clause_names, yuan
from bureau.pages.cells import said
from bureau.pages.context import current
from bureau.pages.sign_in import client_address
from bureau.pages.why import Why, answer
from bureau.people.rules import Permission


@page(Permission.SEE_AID)
def why(request: SignedIn, claim: int) -> HttpResponse:
    """Why a line is due, or not: the clause's sentence with its citation, and what was paid."""
    here = current(request)
    row = Claim.objects.filter(claims_seen(here), pk=claim).select_related("evaluation").first()
    if row is None or row.evaluation.county_code != here.county_code or not row.evaluation.current:
        raise not_found(_("名单已经更新，没有这一行了；请回到名单刷新。"))
    one = row.evaluation
    state, sentence = lists.findings(one, [(row.student_key, row.clause)])[row.student_key, row.clause]
    read_access(
        by=request.user, verb=Verb.VIEW, obj=("aid_child", row.student_key), detail={"term": one.term, "clause": row.clause},
        at=now(), address=client_address(request),
    )  # fmt: skip
    due = _("%(yuan)s 元") % {"yuan": yuan(row.due_fen)}
    return answer(
        request,
        Why(
            title=clause_names(one).get(row.clause, row.clause),
            of=f"{row.person_name} {one.term}",
            notes=[
                (_("结论"), f"{said(STANDINGS[row.standing])}（{said(STATES[state])}）"),
                (_("理由"), sentence),
                (_("本学期应发"), due if row.due_fen else _("无") if row.standing == "undue" else ""),
                (_("本学期已发"), _("%(yuan)s 元") % {"yuan": yuan(row.paid_fen)}),
                (_("还不知道什么"), row.missing),
                (_("规则日期"), f"{one.rules_day:%Y-%m-%d}"),
            ],
            rows_address=child_address({"student_key": row.student_key}),
            day=one.register_day,
            pack=_("条款汇编 %(version)s") % {"version": one.book_version},
            pack_address=reverse("clauses"),
        ),
    )


@page(Permission.SEE_AID)
def why_coverage(request: SignedIn, term: str) -> HttpResponse:
    """应助尽助: numerator, denominator, and the lists they are made of."""
    here = current(request)
    one = lists.current(here.county_code, term)
    if one is None:
        raise not_found(_("这个学期还没有判断。"))
    covered = coverage(here, one, claims_seen(here))
    base = f"{reverse('aid')}?term={one.term}"
    return answer(
        request,
        Why(
            title=_("%(term)s应助尽助比例") % {"term": one.term},
            value=None if covered.share is None else round(covered.share * 100, 1),
            unit="%",
            numerator=covered.children_covered,
            numerator_label=_("应享受的都已发足的学生"),
            numerator_unit=_("人"),
            denominator=covered.children_due,
            denominator_label=_("应享受现金补助的学生"),
            denominator_unit=_("人"),
            notes=[
                (_("怎么算"), _("一名学生本学期应享受的每一项补助都已发足，才算已助；待确认的条款和情况不明的学生不在分母里，单独列出。")),
                (_("名册"), "；".join(f"{source}（{day}）" for source, day, *_rest in one.sources) or _("没有外部名册，只按学籍填报判断")),
            ],
            rows=[
                (_("应发（人次）"), covered.lines_due),
                (_("已发足（人次）"), covered.lines_paid),
                (_("漏发和少发（人次）"), covered.missed_lines),
                (_("待发（人次）"), covered.waiting_lines),
                (_("情况不明（人）"), covered.unknown_children),
                (_("等别的单位的名单（人）"), covered.no_list_children),
            ],
            rows_address=f"{base}&list=missed",
            day=one.register_day,
            pack=_("条款汇编 %(version)s") % {"version": one.book_version},
            pack_address=reverse("clauses"),
        ),
    )  # fmt: skip
