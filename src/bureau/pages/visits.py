"""走访安排: the children to be visited, village by village, and a route to print with a code for each case."""

import io
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import segno
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.cases import packs, queries
from bureau.cases.models import Case, Event
from bureau.cases.queries import Wanted
from bureau.links.models import Line
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, page
from bureau.pages.attendance_place import home_county
from bureau.pages.case_parts import SEES, case_page, days_words, owner_words, state_title
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.people.queries import townships
from bureau.registry.models import Student
from bureau.registry.queries import on
from junheng.policy.ledgers import Ledger

# What a line says of a case.
READ = (
    "county_code", "ledger", "access", "subject", "subject_key", "label", "school", "class_name", "township_code",
    "village", "state", "level", "owner__username", "owner__display_name", "due",
)  # fmt: skip
MOST = 200
MOST_ON_PAPER = 300


def to_visit(request: SignedIn, county: str, known: Iterable[Ledger]) -> QuerySet[Case]:
    """Live cases about children, of ledgers whose forms are filled in at home; the account's own, or all it sees."""
    codes = [one.code for one in known if one.subject in ("student", "line") and one.forms]
    whose = request.GET.get("whose", "")
    found = (
        queries.desk_cases(request.user)
        if whose != "every"
        else queries.cases(request.user, Wanted(), today=localdate())
    )
    found = found.filter(county_code=county, ledger__in=codes)
    if wanted := request.GET.get("ledger", ""):
        found = found.filter(ledger=wanted)
    if wanted := request.GET.get("township", ""):
        found = found.filter(_lives_in(county, wanted))
    return found


def _lives_in(county: str, township_code: str) -> Q:
    """Whoever lives in a township, wherever the school stands; whose home is not known to lie in one, as the case stands."""
    names = dict(townships(county).values_list("code", "name"))
    pupils = Student.objects.filter(on(localdate()), county_code=county)
    here = pupils.filter(home_township=names.get(township_code))
    others = pupils.filter(home_township__in=[name for code, name in names.items() if code != township_code])
    return Q(subject="student", subject_key__in=here.values("key")) | Q(township_code=township_code) & ~Q(
        subject="student", subject_key__in=others.values("key")
    )


@page(roles=SEES)
def visits(request: SignedIn) -> HttpResponse:
    """By township and village; looking is logged."""
    today = localdate()
    county = home_county(request, current(request).county_code)
    known = {one.code: one for one in packs.ledgers(county)}
    rows = _rows(list(to_visit(request, county, known.values()).only(*READ)[:MOST]), known)
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["township"], row["village"]].append(row)
    read_access(
        by=request.user, verb=Verb.VIEW, obj=("listing", "visits"), detail={"rows": len(rows)}, at=now(),
        address=client_address(request),
    )  # fmt: skip
    return show(
        request,
        "cases/visits.html",
        title=_("今天去哪个村，看哪些孩子"),
        groups=[
            {"township": township or _("乡镇不明"), "village": village or _("村不明"), "rows": found, "late": sum(row["late"] for row in found)}
            for (township, village), found in sorted(groups.items(), key=lambda one: (-sum(row["late"] for row in one[1]), one[0]))
        ],
        count=len(rows),
        ledgers=[(code, one.title) for code, one in known.items() if one.subject in ("student", "line") and one.forms],
        towns=townships(county).values_list("code", "name"),
        whose=request.GET.get("whose", ""),
        ledger=request.GET.get("ledger", ""),
        township=request.GET.get("township", ""),
        today=today,
        more=len(rows) == MOST,
    )  # fmt: skip


def _rows(cases: list[Case], known: dict[str, Ledger]) -> list[dict[str, Any]]:
    """One line a case, with where the child lives and when somebody was last there."""
    today = localdate()
    names = dict(
        townships().filter(code__in={case.township_code for case in cases}).values_list("code", "name")
    )
    homes = _homes(cases)
    last: dict[int, Any] = {}
    ids = [case.pk for case in cases]
    for start in range(0, len(ids), 800):
        events = Event.objects.filter(of__in=ids[start : start + 800]).exclude(form="").order_by("day")
        last.update(events.values_list("of_id", "day"))
    rows = []
    for case in cases:
        home = homes.get((case.county_code, case.subject_key), {})
        rows.append(
            {
                "case": case,
                "id": str(case.pk),
                "pick": _("选中%(name)s") % {"name": case.label},
                "address": case_page(case.pk),
                "ledger": known[case.ledger].title if case.ledger in known else case.ledger,
                "state": state_title(known[case.ledger], case.state) if case.ledger in known else case.state,
                # One goes to where the child lives, which need not be the township of the school.
                "township": home.get("home_township") or names.get(case.township_code, ""),
                "village": home.get("home_village") or case.village,
                "home": home.get("home_address") or "",
                "guardian": home.get("guardian_name") or "",
                "when": days_words(case.due, today),
                "late": bool(case.due and case.due < today),
                "last": last.get(case.pk),
                "last_words": f"{last[case.pk]:%Y-%m-%d}" if last.get(case.pk) else "",
                "owner": owner_words(str(case.owner) if case.owner else None, case.level),
            }
        )
    return rows


def _homes(cases: list[Case]) -> dict[tuple[str, str], dict[str, Any]]:
    """Where the children live, by the student register; of those in no school, whose they are by the outside register."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    keys = [case.subject_key for case in cases if case.subject == "student"]
    for start in range(0, len(keys), 800):
        rows = Student.objects.filter(on(localdate()), key__in=keys[start : start + 800]).values(
            "county_code", "key", "home_township", "home_village", "home_address", "guardian_name"
        )
        found.update({(row["county_code"], row["key"]): {**row} for row in rows})
    lines = [case.subject_key for case in cases if case.subject == "line"]
    for start in range(0, len(lines), 800):
        named = Line.objects.filter(key__in=lines[start : start + 800]).order_by("of__day", "of_id")
        for county, key, guardians in named.values_list("of__county_code", "key", "guardians"):
            if guardians:
                found[county, key] = {"guardian_name": guardians}
    return found


@require_POST
@page(roles=SEES)
def route(request: SignedIn) -> HttpResponse:
    """The chosen cases as a list for paper, in the order of villages; handing it out is logged."""
    ids = [int(one) for one in request.POST.getlist("ids") if one.isdigit() and len(one) < 15][:MOST_ON_PAPER]
    cases = list(queries.visible(request.user).filter(pk__in=ids).select_related("owner"))
    known = {one.code: one for one in packs.ledgers(cases[0].county_code)} if cases else {}
    rows = sorted(_rows(cases, known), key=lambda row: (row["township"], row["village"], row["case"].pinyin))
    for row in rows:
        row["picture"] = picture(request.build_absolute_uri(row["address"]))
        if row["case"].access != "child":
            # Paper is seen by others: it does not say that a child is in a restricted ledger.
            row["ledger"], row["state"] = _("关爱走访"), ""
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("listing", "visit-route"),
        detail={"rows": len(rows), "cases": [case.pk for case in cases][:200]}, at=now(), address=client_address(request),
    )  # fmt: skip
    return show(
        request,
        "cases/route.html",
        title=_("走访单"),
        crumbs=[(_("走访安排"), reverse("visits"))],
        rows=rows,
        today=localdate(),
        most=MOST_ON_PAPER,
    )


def picture(text: str) -> SafeString:
    """二维码 as SVG that stands in the page."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", scale=2, border=2, light="#ffffff", xmldecl=False, svgns=True, omitsize=True
    )
    return SafeString(drawn.getvalue().decode())
