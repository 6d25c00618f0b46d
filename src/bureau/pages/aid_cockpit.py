"""总览和工作台里的资助: coverage, who was missed, what waits; money by stage and by source. Few queries, remembered."""

from collections import defaultdict
from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.entitlements import lists
from bureau.entitlements.evaluation_models import Claim, Evaluation
from bureau.entitlements.evaluation_rules import DUE
from bureau.entitlements.queries import county_book
from bureau.entitlements.terms import parse
from bureau.pages.aid_words import claims_seen, clause_names
from bureau.pages.context import Page
from bureau.pages.remember import remembered
from bureau.payments.batch_queries import paid_by_source
from bureau.people.rules import Permission, may
from junheng.aid.totals import by_source
from junheng.policy.clauses import PUPIL_STAGES

SOURCES = {
    "centre": N("中央"),
    "region": N("自治区"),
    "county": N("县级"),
    "donation": N("社会捐赠"),
    "": N("文件未载明分担"),
}


def block(here: Page) -> dict[str, Any] | None:
    """What the cockpit shows of aid; None for who may not see it, and before the first evaluation."""
    if not may(here.user.role, Permission.SEE_AID):
        return None
    one = lists.headline(here.county_code)
    if one is None:
        return None
    where = claims_seen(here)
    return remembered(f"aid {one.pk} {one.settled_at}", f"cockpit {where}", lambda: _made(one, where))


def _made(one: Evaluation, where: Q) -> dict[str, Any]:
    covered = lists.coverage_of(one, where)
    rows = (
        lists.claims(one)
        .filter(where, standing__in=DUE)
        .order_by()
        .values_list("stage", "clause")
        .annotate(due=Sum("due_fen"), paid=Sum("paid_fen"))
    )
    shares = {clause.id: clause.shares for clause in county_book(one.county_code).clauses}
    stages: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    sources: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    # What batches have paid is known by its source; of all else only the document's shares are.
    schools = (
        {} if where == Q() else {"school_code__in": lists.claims(one).filter(where).values("school_code")}
    )
    drawn = paid_by_source(one.county_code, one.term, **schools)
    left: dict[str, int] = defaultdict(int)
    for stage, clause, due, paid in rows:
        stages[stage][0] += due or 0
        stages[stage][1] += paid or 0
        left[clause] += paid or 0
        for source, part in by_source(shares.get(clause) or {"": 100}, due or 0).items():
            sources[source][0] += part
    for clause, paid in left.items():
        # What was paid without being due stands in another list: no more is told here than what was due.
        rest = paid
        for source, part in drawn.get(clause, {}).items():
            sources[source][1] += min(part, rest)
            rest -= min(part, rest)
        for source, part in by_source(shares.get(clause) or {"": 100}, rest).items():
            sources[source][1] += part
    return {
        "covered": covered,
        "term": one.term,
        "stages": [(stage, *stages[stage]) for stage in PUPIL_STAGES if stage in stages],
        "sources": [(SOURCES[key], *sources[key]) for key in SOURCES if key in sources],
        "total": [sum(part[place] for part in stages.values()) for place in (0, 1)],
    }


def desk(here: Page) -> list[dict[str, Any]]:
    """What the desk lists: lines of the lists that wait for somebody."""
    made = block(here)
    if made is None:
        return []
    covered: lists.Coverage = made["covered"]
    address = f"{reverse('aid')}?term={covered.term}&list="
    words = (
        ("missed", covered.missed_children, _("名学生%(term)s漏发或少发资助")),
        ("undue", covered.undue_lines, _("条%(term)s已发不应享受或多发的资助")),
        ("unknown", covered.unknown_children, _("名学生%(term)s能否享受资助情况不明，请补齐信息")),
    )
    return [
        {"count": count, "what": what % {"term": covered.term}, "address": f"{address}{which}"}
        for which, count, what in words
        if count
    ]


def child_rows(here: Page, key: str) -> list[tuple[str, str, Claim]] | None:
    """(term, clause, line) of a child on the pupil's page, newest term first; None for who may not see aid."""
    if not may(here.user.role, Permission.SEE_AID):
        return None
    rows = Claim.objects.filter(
        evaluation__in=lists.evaluated(here.county_code), student_key=key
    ).select_related("evaluation")
    found = sorted(rows, key=lambda row: parse(row.evaluation.term), reverse=True)
    return [
        (row.evaluation.term, clause_names(row.evaluation).get(row.clause, row.clause), row) for row in found
    ]
