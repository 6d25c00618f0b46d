"""应助尽助: who should receive what this term, who has, who was missed, and who was paid without being entitled."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from bureau.entitlements import lists, terms
from bureau.entitlements.evaluation_models import Evaluation
from bureau.entitlements.evaluation_rules import LISTS
from bureau.entitlements.queries import county_book
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.aid_evaluations import waiting
from bureau.pages.aid_list import conflicts_seen, coverage, table_of
from bureau.pages.aid_words import LIST_WORDS, STANDINGS, chosen_term, claims_seen, clause_names
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.remember import remembered
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, may
from bureau.registry import finding


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
        title = f"{one.term}{_(LIST_WORDS.get(which, STANDINGS.get(which, '资助名单')))}"
        return export(request, table, title=title, searched=searched)
    counts = {
        "missed": (covered.missed_lines, covered.missed_fen),
        "waiting": (covered.waiting_lines, covered.waiting_fen),
        "undue": (covered.undue_lines, covered.undue_fen),
        "refused": (covered.refused_lines, None),
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
        conflicts=conflicts_seen(here, one, where),
        which=which,
        tabs=[
            (key, words, *counts[key], f"{request.path}?term={one.term}&list={key}")
            for key, words in LIST_WORDS.items()
            if key != "refused" or covered.refused_lines or which == key
        ],
        back=f"{request.path}?{urlencode({'term': one.term, 'list': 'unknown'})}",
        tab="unknown" if which == "no_list" else which,
        can_bring=may(request.user.role, Permission.REPORT_AID),
        table=table,
        letters=table.address({"term": one.term, "list": which or "all"}).partition("?")[2],
        waiting=running,
        gaps=_gaps(here, one, where) if which == "unknown" else [],
        awaited=_awaited(here, one, where) if which in ("unknown", "no_list") else [],
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


def _awaited(here: Page, one: Evaluation, where: Q) -> list[dict[str, Any]]:
    """Clauses that wait for somebody else's list: of how many children, what it must say, and who is asked for it."""
    rows = lists.claims(one).filter(where, standing__in=LISTS["no_list"]).order_by()
    book = county_book(here.county_code)
    found = remembered(
        f"aid {one.pk} {one.settled_at}",
        f"awaited {where}",
        lambda: list(
            rows.values("clause", "missing").annotate(n=Count("student_key", distinct=True)).order_by("-n")
        ),
    )
    names = clause_names(one)
    answer = []
    for row in found:
        facts = [book.facts[name] for name in row["missing"].split("、") if name in book.facts]
        answer.append(
            {
                "name": names.get(row["clause"], row["clause"]),
                "n": row["n"],
                "granted": one.clauses.get(row["clause"], {}).get("granted", 0) if where == Q() else None,
                "meaning": "、".join(str(_(fact.meaning)) for fact in facts),
                "register": "、".join(dict.fromkeys(str(_(fact.register)) for fact in facts)),
                "of": "、".join(dict.fromkeys(str(_(fact.list_of)) for fact in facts)),
                "address": f"{reverse('aid')}?{urlencode({'term': one.term, 'list': 'no_list', 'clause': row['clause']})}",
            }
        )
    return answer
