"""应助尽助的汇总: due, paid and missed by school, township, stage or clause, each number leading to its lines."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.entitlements import lists
from bureau.entitlements.evaluation_models import Claim
from bureau.entitlements.evaluation_rules import COVERED, DUE, LISTS
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.aid_words import chosen_term, claims_seen, clause_names
from bureau.pages.cells import NOT_APPLICABLE, Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.people_columns import school_names
from bureau.pages.remember import remembered
from bureau.pages.table import Column, Table
from bureau.people.queries import townships
from bureau.people.rules import Permission

BY = {
    "school": ("school_code", N("学校")),
    "township": ("township_code", N("乡镇")),
    "stage": ("stage", N("学段")),
    "clause": ("clause", N("资助项目")),
}
_COUNTED = (("missed", LISTS["missed"]), ("waiting", LISTS["waiting"]), ("undue", LISTS["undue"]), ("refused", LISTS["refused"]), ("unconfirmed", LISTS["unconfirmed"]), ("unknown", LISTS["unknown"]), ("no_list", LISTS["no_list"]))  # fmt: skip


def grouped(rows: QuerySet[Claim], field: str) -> list[dict[str, Any]]:
    """One row for each value of the field: children, lines and 元."""
    due = Q(standing__in=DUE)
    counted = {
        name: Count("student_key", distinct=True, filter=Q(standing__in=standings))
        for name, standings in _COUNTED
    }
    found = rows.order_by().values(field).annotate(
        children=Count("student_key", distinct=True, filter=due),
        short=Count("student_key", distinct=True, filter=due & ~Q(standing__in=COVERED)),
        due_fen=Sum("due_fen", filter=due),
        paid_fen=Sum("paid_fen", filter=due),
        **counted,
    )  # fmt: skip
    answer = []
    for row in found:
        children = row["children"]
        answer.append(
            {
                **row,
                "id": row[field],
                "covered": children - row["short"],
                # Where nobody is entitled there is no share: neither 0 nor not reported.
                "share": (children - row["short"]) / children if children else NOT_APPLICABLE,
                "share_order": (children - row["short"]) / children if children else None,
                "due": (row["due_fen"] or 0) / 100,
                "paid": (row["paid_fen"] or 0) / 100,
            }
        )
    return answer


@page(Permission.SEE_AID)
def summary(request: SignedIn) -> HttpResponseBase:
    """The lists added up."""
    here = current(request)
    one, found = chosen_term(request, here)
    if one is None:
        raise not_found(_("还没有判断过任何学期的资助，请先在“资助判断”中判断。"))
    by = request.GET.get("by", "school")
    by = by if by in BY else "school"
    field, words = BY[by]
    where = claims_seen(here)
    rows = remembered(
        f"aid {one.pk} {one.settled_at}",
        f"summary {by} {where}",
        lambda: grouped(lists.claims(one).filter(where), field),
    )
    names: Mapping[str, str] = {}
    if by == "school":
        names = school_names(here)
    elif by == "township":
        names = dict(townships(here.county_code).values_list("code", "name"))
    elif by == "clause":
        names = clause_names(one)
    rows = [{**row, "name": names.get(row[field], row[field]) or _("不在册")} for row in rows]
    base = f"{reverse('aid')}?{urlencode({'term': one.term})}"

    def to(which: str) -> Any:
        def address(row: Row) -> str:
            if by == "township":
                return ""
            return f"{base}&{urlencode({'list': which, field: row[field]})}" if row.get(field) else ""

        return address

    def count(name: str, heading: str, *, hidden: bool = False) -> Column:
        return Column(name, heading, "number", unit="人", total=True, link=to(name), hidden=hidden)

    table = Table(
        request,
        f"aid-summary-{by}",
        (
            Column("name", _(words), link=to("all") if by != "township" else None),
            Column("children", _("应享受"), "number", unit="人", total=by != "clause"),
            Column("covered", _("已助"), "number", unit="人", total=by != "clause"),
            Column("share", _("应助尽助"), "percent", sort="share_order"),
            count("missed", _("漏发和少发")),
            count("waiting", _("待发")),
            count("undue", _("已发不应享受和多发")),
            count("refused", _("不予发放"), hidden=True),
            count("unconfirmed", _("待确认")),
            count("unknown", _("情况不明")),
            count("no_list", _("等名单"), hidden=by != "clause"),
            Column("due", _("应发"), "number", unit="元", digits=2, total=True),
            Column("paid", _("其中已发"), "number", unit="元", digits=2, total=True),
        ),
        rows,
        what=_("行"),
        search=("name",),
        search_hint=_("名称"),
        order="-missed,name",
        empty=_("这个学期没有需要发放的资助。"),
        caption=_("应助尽助汇总"),
        page_size=200,
    )
    if table.wants_export:
        return export(request, table, title=f"{one.term}{_('应助尽助汇总')}")
    return show(
        request,
        "aid/aid_summary.html",
        title=_("应助尽助汇总"),
        crumbs=[(_("应助尽助"), f"{base}")],
        evaluation=one,
        table=table,
        by=by,
        ways=[(key, label, f"{request.path}?{urlencode({'term': one.term, 'by': key})}") for key, (_f, label) in BY.items()],
        terms=[(each.term, f"{request.path}?{urlencode({'term': each.term, 'by': by})}") for each in found],
    )  # fmt: skip
