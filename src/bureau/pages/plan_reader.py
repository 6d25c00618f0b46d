"""核对计划: the text on the left with every found item marked, the items on the right, doubtful ones first."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import show
from bureau.pages.plan_found import found_plan, why_not_edit_here
from bureau.pages.plan_reader_outline import outline_lines
from bureau.pages.plan_reader_rows import AT_ONCE, STATES, bar_of, draw_rows, ordered
from bureau.pages.plan_reader_text import Marks, draw_part, parts
from bureau.pages.plan_reader_units import name_lines
from bureau.people.models import Organisation
from bureau.people.rules import Permission
from bureau.plans import confirming_fields as spec
from bureau.plans.document_queries import counts, last_decision, reading_openings
from bureau.plans.document_rules import reasons_not_to_publish
from bureau.plans.models import Item, Plan

TABS = ("items", "outline", "units", "details")
PARTS_AT_ONCE = 2


@require_GET
@page(Permission.SEE_PLANS)
def reader(request: SignedIn, pk: int) -> HttpResponse:
    """The reader; read-only once published, or for who may not edit."""
    plan = found_plan(request, pk)
    if not plan.source:
        return HttpResponse(status=302, headers={"Location": reverse("plan", args=[plan.pk])})
    asked = request.GET.get("tab", "")
    tab = asked if asked in TABS else "items"
    refusal = why_not_edit_here(request, plan)
    every = parts(plan.source)
    marks = marks_of(plan)
    at = request.GET.get("at", "")
    wanted = int(at) if at.isdigit() and len(at) < 9 else 0
    shown = [
        {"number": part.number, "html": draw_part(plan.source, part, marks), "start": part.start, "end": part.end}
        if part.number < PARTS_AT_ONCE or (at and part.start <= wanted <= part.end)
        else {"number": part.number, "html": "", "start": part.start, "end": part.end, "lines": len(part.paragraphs)}
        for part in every
    ]  # fmt: skip
    return show(
        request,
        "plans/reader.html",
        title=plan.title,
        crumbs=[(_("计划文件"), reverse("plans")), (_("计划"), reverse("plan", args=[plan.pk]))],
        plan=plan,
        parts=shown,
        at=at if at.isdigit() else "",
        tab=tab,
        why_not_edit=refusal,
        editable=refusal is None,
        addable=[(kind, spec.KINDS[kind]) for kind in spec.ADDABLE],
        **bar_context(request, plan),
        **_tab_context(request, plan, tab, refusal is None),
    )


def marks_of(plan: Plan) -> Marks:
    """Every item and heading of the text, without the numerals that people have called background."""
    return Marks(
        Item.objects.filter(plan=plan).exclude(kind="residual", status="confirmed").defer("read"),
        list(plan.nodes.all()),
    )


def bar_context(request: SignedIn, plan: Plan) -> dict[str, Any]:
    """What the bar shows, and the reasons that stand against publishing as far as the reader knows them."""
    found = counts(plan)
    openings = reading_openings(plan, found)
    decision = last_decision(plan, request.user)
    return {
        "bar": bar_of(openings, found),
        "kind_words": spec.KINDS,
        "reasons": reasons_not_to_publish(openings),
        "undo": decision.words if decision else "",
        "kind": asked_kind(request),
        "state": asked_state(request),
    }


def asked_kind(request: HttpRequest) -> str:
    """The kind that the address asks for, "" for all."""
    asked = request.GET.get("kind", "")
    return asked if asked in spec.KINDS else ""


def asked_state(request: HttpRequest) -> str:
    """open, decided, or "" for all."""
    asked = request.GET.get("state", "")
    return asked if asked in STATES else ""


def rows_asked(request: HttpRequest, plan: Plan) -> QuerySet[Item]:
    """The items of the address's filters."""
    rows = Item.objects.filter(plan=plan).select_related("by")
    if kind := asked_kind(request):
        rows = rows.filter(kind=kind)
    match asked_state(request):
        case "open":
            rows = rows.filter(status="auto")
        case "decided":
            rows = rows.exclude(status="auto")
    return rows


def _tab_context(request: SignedIn, plan: Plan, tab: str, editable: bool) -> dict[str, Any]:
    match tab:
        case "outline":
            return {"outline": outline_lines(plan)}
        case "units":
            units = Organisation.objects.filter(county_code=plan.county_code, active=True)
            return {"names": name_lines(plan), "units": units}
        case "details":
            header = plan.items.filter(kind="header").exclude(status="rejected")
            words = [
                (spec.HEADER_FIELDS.get(row.fields.get("field", ""), ""), row.fields.get("norm"), row.start)
                for row in header
            ]
            return {"header": words}
        case _:
            rows = ordered(list(rows_asked(request, plan)))
            return {
                "rows": draw_rows(rows[:AT_ONCE], plan.source, editable=editable),
                "left": max(0, len(rows) - AT_ONCE),
            }


@require_GET
@page(Permission.SEE_PLANS)
def part(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """One more part of a long text."""
    plan = found_plan(request, pk)
    every = parts(plan.source)
    if not 0 <= number < len(every):
        raise not_found(_("正文没有这一段。"))
    one = every[number]
    drawn = {
        "number": number,
        "html": draw_part(plan.source, one, marks_of(plan)),
        "start": one.start,
        "end": one.end,
    }
    return render(request, "plans/reader_part.html", {"plan": plan, "part": drawn})


@require_GET
@page(Permission.SEE_PLANS)
def rows(request: SignedIn, pk: int) -> HttpResponse:
    """More rows of a long list."""
    plan = found_plan(request, pk)
    asked = request.GET.get("from", "")
    first = int(asked) if asked.isdigit() and len(asked) < 9 else 0
    found = ordered(list(rows_asked(request, plan)))
    editable = why_not_edit_here(request, plan) is None
    context = {
        "plan": plan,
        "rows": draw_rows(found[first : first + AT_ONCE], plan.source, editable=editable),
        "next": first + AT_ONCE,
        "left": max(0, len(found) - first - AT_ONCE),
        "kind": asked_kind(request),
        "state": asked_state(request),
    }
    return render(request, "plans/reader_rows.html", context)
