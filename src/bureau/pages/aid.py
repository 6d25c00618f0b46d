"""应助尽助: who should receive what this term, who has, who was missed, and who was paid without being entitled."""

from typing import Any

from django.db.models import Count, F, FloatField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from bureau.entitlements import lists, terms
from bureau.entitlements.evaluation_models import Claim, Evaluation
from bureau.entitlements.evaluation_rules import LISTS
from bureau.entitlements.queries import county_book
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages import aid_award
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.aid_evaluations import waiting
from bureau.pages.aid_words import (
    LIST_WORDS,
    STANDINGS,
    STATES,
    badge,
    chosen_term,
    claims_seen,
    clause_names,
    grade_words,
    yuan,
)
from bureau.pages.cells import Row, said
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.people_columns import school_names
from bureau.pages.remember import remembered
from bureau.pages.sign_in import client_address
from bureau.pages.table import Bulk, Column, Table
from bureau.pages.why import Why, answer
from bureau.people.rules import Permission, may
from bureau.registry import finding
from bureau.registry.models import Student
from junheng.policy.clauses import PUPIL_STAGES


def coverage(here: Page, one: Evaluation, where: Q) -> lists.Coverage:
    """应助尽助 of what the account sees; counted again only after a payment or a new evaluation."""
    return remembered(
        f"aid {one.pk} {one.settled_at}", f"coverage {where}", lambda: lists.coverage_of(one, where)
    )


def rows_of(one: Evaluation, where: Q) -> QuerySet[Claim]:
    """The lines with due, paid and difference in 元."""
    due, paid = (Cast(F(name), FloatField()) / 100 for name in ("due_fen", "paid_fen"))
    return lists.claims(one).filter(where).annotate(due=due, paid=paid, difference=paid - due)


def _search(county_code: str, text: str) -> Q:
    bare = "".join(finding.plain(text).split())
    numbers = (finding.ID_NUMBER, finding.ENROLMENT_NUMBER, finding.TAIL)
    if any(pattern.fullmatch(bare) for pattern in numbers):
        known = Student.objects.filter(finding.students(text), county_code=county_code, replaced_by=None)
        return Q(student_key__in=known.values("key"))
    return finding.by_name(finding.plain(text), field="person_name")


def child_address(row: Row) -> str:
    """The child's aid file; "" for one whom no register knows."""
    key = str(row["student_key"])
    return "" if key.startswith("line:") else reverse("aid-child", args=[key])


def table_of(request: SignedIn, one: Evaluation, which: str) -> Table:
    """One list of a term as the address asks for it."""
    here = current(request)
    names, clauses = school_names(here), clause_names(one)
    where = claims_seen(here)
    if which in LISTS:
        where &= Q(standing__in=LISTS[which])

    def fill(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["school_name"] = names.get(row["school_code"], row["school_code"]) or _("不在册")
            row["grade"] = grade_words(row["stage"], row["grade"])

    def standing_why(row: Row) -> str:
        return reverse("aid-why", args=[row["id"]])

    columns = (
        Column("person_name", _("姓名"), sort="pinyin", link=child_address, text=lambda row: row["person_name"] or _("不详")),
        Column("school_name", _("学校"), computed=True, sort="school_code"),
        Column("school_code", _("学校标识码"), "code", choices=names, hidden=True),
        Column("stage", _("学段"), "code", choices={stage: stage for stage in PUPIL_STAGES}),
        Column("grade", _("年级"), text=lambda row: row["grade"]),
        Column("class_number", _("班号"), "number", hidden=True),
        Column("clause", _("资助项目"), "code", codes=clauses, choices=clauses),
        Column("standing", _("结论"), "code", choices={code: STANDINGS[code] for code in LISTS.get(which, STANDINGS)}, text=lambda row: said(STANDINGS[row["standing"]]), html=lambda row: badge(row["standing"])),
        Column("state", _("条款判断"), "code", codes=STATES, choices=STATES, hidden=which not in ("undue", "")),
        Column("due", _("确认或查明后应发") if which in ("unconfirmed", "unknown") else _("应发"), "number", unit="元", digits=2, total=True, why=standing_why),
        Column("paid", _("已发"), "number", unit="元", digits=2, total=True),
        Column("difference", _("差额"), "number", unit="元", digits=2, hidden=which not in ("missed", "undue")),
        Column("missing", _("还不知道什么"), hidden=which != "unknown", text=lambda row: row["missing"] or "–"),
    )  # fmt: skip
    return Table(
        request,
        f"aid-{which}",
        columns,
        rows_of(one, where),
        what=_("条（一人一项）"),
        search=lambda text: _search(here.county_code, text),
        search_hint=_("姓名、拼音、身份证号或后四位、学籍号"),
        order="pinyin,clause",
        extra=("student_key", "school_code", "stage", "standing", "class_number"),
        fill=fill,
        row_link=child_address,
        empty=_empty(which, one),
        bulk=_bulk(request, which),
        caption=_(LIST_WORDS.get(which, "全部")),
        version=f"aid {one.pk} {one.settled_at}",
    )


def _bulk(request: SignedIn, which: str) -> list[Bulk]:
    if which not in ("missed", "waiting"):
        return []
    return [Bulk(_("列入评审"), reverse("aid-award"), why_not=aid_award.why_not(request.user.role))]


def _gaps(here: Page, one: Evaluation, where: Q) -> list[dict[str, Any]]:
    """What is not known of how many children, the commonest first: one register brought may settle thousands."""
    rows = lists.claims(one).filter(where, standing__in=LISTS["unknown"]).order_by().values("missing")
    facts = county_book(here.county_code).facts
    found = remembered(
        f"aid {one.pk} {one.settled_at}",
        f"gaps {where}",
        lambda: list(rows.annotate(n=Count("student_key", distinct=True)).order_by("-n")[:6]),
    )
    return [
        {**row, "register": facts[row["missing"]].register if row["missing"] in facts else ""}
        for row in found
    ]


def _empty(which: str, one: Evaluation) -> str:
    return {
        "missed": _("没有漏发和少发：已经开始发放的项目，应享受的学生都已发到。"),
        "waiting": _("没有待发：应享受的都已开始发放。"),
        "undue": _("没有发现已发不应享受的情况。"),
        "paid": _("这个学期还没有发放记录；可上传其他部门或以往学期的发放名单，本系统发放的会自动计入。"),
        "unconfirmed": _("没有因条款待确认而暂缓的学生。"),
        "unknown": _("没有情况不明的学生：所需事实都已知道。"),
    }.get(which, _("这个学期没有需要发放的资助。"))


@page(Permission.SEE_AID)
def aid(request: SignedIn) -> HttpResponseBase:
    """The lists of one term."""
    here = current(request)
    one, found = chosen_term(request, here)
    running = waiting(here)
    if one is None:
        newest = terms.open_term(here.county_code, localdate())
        return show(
            request, "aid/aid_none.html", title=_("应助尽助"), waiting=running, newest=newest,
            can_evaluate=may(request.user.role, Permission.REVIEW_AWARDS),
        )  # fmt: skip
    where = claims_seen(here)
    covered = coverage(here, one, where)
    which = request.GET.get(
        "list", "missed" if covered.missed_lines or not covered.waiting_lines else "waiting"
    )
    which = which if which in LISTS else ""
    table = table_of(request, one, which)
    searched = finding.for_the_log(table.query)
    if table.wants_export:
        title = f"{one.term}{_(LIST_WORDS.get(which, '资助名单'))}"
        return export(request, table, title=title, searched=searched)
    counts = {
        "missed": (covered.missed_lines, covered.missed_fen),
        "waiting": (covered.waiting_lines, covered.waiting_fen),
        "undue": (covered.undue_lines, covered.undue_fen),
        "paid": (covered.lines_paid - covered.more_lines, None),
        "unconfirmed": (covered.unconfirmed_lines, None),
        "unknown": (covered.unknown_lines, None),
    }
    response = show(
        request,
        "aid/aid.html",
        title=_("应助尽助"),
        evaluation=one,
        terms=[(each.term, f"{request.path}?term={each.term}") for each in found],
        covered=covered,
        which=which,
        tabs=[
            (key, words, *counts[key], f"{request.path}?term={one.term}&list={key}")
            for key, words in LIST_WORDS.items()
        ],
        table=table,
        letters=table.address({"term": one.term, "list": which or "all"}).partition("?")[2],
        waiting=running,
        gaps=_gaps(here, one, where) if which == "unknown" else [],
        other_kinds=[
            (key, found_clause)
            for key, found_clause in one.clauses.items()
            if found_clause["kind"] in ("waiver", "in_kind") and found_clause.get("granted")
        ],
        can_pay=may(request.user.role, Permission.REVIEW_AWARDS),
    )
    read_access(
        by=request.user,
        verb=Verb.VIEW,
        obj=("aid_list", here.county_code),
        detail={
            "term": one.term,
            "list": which,
            "found": table.count,
            "shown": len(table.lines),
            "page": table.number,
            "search": searched,
            "filters": table.chosen,
        },
        at=now(),
        address=client_address(request),
    )
    return response


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
            ],
            rows_address=f"{base}&list=missed",
            day=one.register_day,
            pack=_("条款汇编 %(version)s") % {"version": one.book_version},
            pack_address=reverse("clauses"),
        ),
    )  # fmt: skip
