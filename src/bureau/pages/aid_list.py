"""应助尽助的名单: the lines of a term as a table, and how much of what is due has been paid."""

from typing import Any

from django.db.models import F, FloatField, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.entitlements import lists
from bureau.entitlements.evaluation_models import Claim, EvaluatedChild, Evaluation
from bureau.entitlements.evaluation_rules import LISTS
from bureau.pages import aid_award
from bureau.pages.access import SignedIn
from bureau.pages.aid_words import (
    LIST_WORDS,
    STANDINGS,
    STATES,
    badge,
    claims_seen,
    clause_names,
    grade_words,
)
from bureau.pages.cells import Row, said
from bureau.pages.context import Page, current
from bureau.pages.people_columns import school_names
from bureau.pages.remember import remembered
from bureau.pages.table import Bulk, Column, Table
from bureau.payments.award_queries import refusals
from bureau.registry import finding
from bureau.registry.models import Student
from junheng.policy.clauses import PUPIL_STAGES


def coverage(here: Page, one: Evaluation, where: Q) -> lists.Coverage:
    """应助尽助 of what the account sees; counted again only after a payment or a new evaluation."""
    return remembered(
        f"aid {one.pk} {one.settled_at}", f"coverage {where}", lambda: lists.coverage_of(one, where)
    )


def conflicts_seen(here: Page, one: Evaluation, where: Q) -> int:
    """填报与名册不一致的人 of what the account sees."""
    if where == Q():
        return one.conflicts
    rows = EvaluatedChild.objects.filter(where, evaluation=one, conflicts__gt=0)
    return remembered(f"aid {one.pk}", f"conflicts {where}", rows.count)


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
        why = (
            refusals(one.county_code, one.term, [row["student_key"] for row in rows])
            if which == "refused"
            else {}
        )
        elsewhere = _elsewhere(one, [row["student_key"] for row in rows if not row["school_code"]])
        for row in rows:
            away = elsewhere.get(row["student_key"]) or _("不在册")
            row["school_name"] = names.get(row["school_code"], row["school_code"]) or away
            row["grade"] = grade_words(row["stage"], row["grade"])
            row["why_refused"] = why.get((row["student_key"], row["clause"]), "")

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
        Column("due", _("确认或查明后应发") if which in ("unconfirmed", "unknown", "no_list") else _("应发"), "number", unit="元", digits=2, total=True, why=standing_why),
        Column("paid", _("已发"), "number", unit="元", digits=2, total=True),
        Column("difference", _("差额"), "number", unit="元", digits=2, hidden=which not in ("missed", "undue")),
        *((Column("why_refused", _("不予发放的原因"), computed=True),) if which == "refused" else ()),
        Column("missing", _("还不知道什么"), hidden=which not in ("unknown", "no_list"), text=lambda row: row["missing"] or "–"),
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


def children_in(table: Table) -> int:
    """How many children the lines of a list are of: counted by the database, not by reading them."""
    found = table.found
    if not isinstance(found, QuerySet):
        return len({row["student_key"] for row in found})
    return int(found.order_by().values("student_key").distinct().count())


def _elsewhere(one: Evaluation, keys: list[str]) -> dict[str, str]:
    """{student: school} of those who study outside the county."""
    if not keys:
        return {}
    rows = EvaluatedChild.objects.filter(evaluation=one, student_key__in=keys)
    return dict(rows.values_list("student_key", "elsewhere"))


def _bulk(request: SignedIn, which: str) -> list[Bulk]:
    if which not in ("missed", "waiting", "refused"):
        return []
    return [Bulk(_("列入评审"), reverse("aid-award"), why_not=aid_award.why_not(request.user.role))]


def _empty(which: str, one: Evaluation) -> str:
    return {
        "missed": _("没有漏发和少发：已经开始发放的项目，应享受的学生都已发到。"),
        "waiting": _("没有待发：应享受的都已开始发放。"),
        "undue": _("没有发现已发不应享受的情况。"),
        "refused": _("没有评审时不予发放的学生。"),
        "paid": _("这个学期还没有发放记录；可上传其他部门或以往学期的发放名单，本系统发放的会自动计入。"),
        "unconfirmed": _("没有因条款待确认而暂缓的学生。"),
        "unknown": _("没有情况不明的学生：所需事实都已知道。"),
        "no_list": _("没有等名单的学生：以名单为准的事实都已由名单说明。"),
    }.get(which, _("这个学期没有需要发放的资助。"))
