"""核对一个条目: the form of each kind, and each decision saved at once; the answer redraws only what has changed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.plan_found import found_plan, why_not_edit_here
from bureau.pages.plan_reader import bar_context, marks_of
from bureau.pages.plan_reader_rows import draw_row
from bureau.pages.plan_reader_text import draw_paragraph, touched
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused
from bureau.plans import confirming
from bureau.plans import confirming_fields as spec
from bureau.plans.models import Item, Plan

MANY = 40  # rows after which the page is drawn anew


def _item(plan: Plan, pk: int) -> Item:
    row = Item.objects.filter(plan=plan, pk=pk).select_related("by").first()
    if row is None:
        raise not_found(_("这个条目已经不在，请刷新页面。"))
    return row


@require_GET
@page(Permission.EDIT_PLANS)
def form(request: SignedIn, pk: int, row: int) -> HttpResponse:
    """The form to edit one item."""
    plan = found_plan(request, pk)
    found = _item(plan, row)
    return _form(request, plan, found.kind, found.fields, row=found)


@require_GET
@page(Permission.EDIT_PLANS)
def new(request: SignedIn, pk: int) -> HttpResponse:
    """The form to add an item of a kind from selected words, filled with what the compiler reads in them alone."""
    plan = found_plan(request, pk)
    kind, start, end = _selection(request.GET)
    refusal = why_not_edit_here(request, plan) or confirming.why_not_here(plan, kind, start, end)
    if refusal:
        return _said(request, refusal, status=422)
    fields = confirming.guess(plan, kind, start, end)
    return _form(request, plan, kind, fields, start=start, end=end)


def _form(
    request: SignedIn,
    plan: Plan,
    kind: str,
    fields: Any,
    *,
    row: Item | None = None,
    start: int = 0,
    end: int = 0,
    problems: str = "",
) -> HttpResponse:
    shown = [
        {
            "of": one,
            "id": f"f{row.pk if row else 'new'}-{one.name}",
            "value": "\n".join(fields.get(one.name) or ())
            if one.kind == "list"
            else fields.get(one.name, ""),
            "choices": [(code, words) for code, words in (one.choices or {}).items()],
            "reasons": spec.CONTEXT_REASONS if kind == "residual" else (),
        }
        for one in spec.FIELDS[kind]
    ]
    context = {
        "plan": plan, "kind": kind, "kind_words": spec.KINDS[kind], "row": row, "fields": shown, "problems": problems,
        "text": row.text if row else plan.source[start:end], "start": start, "end": end,
    }  # fmt: skip
    return render(request, "plans/item_form.html", context, status=422 if problems else 200)


@require_POST
@page(Permission.EDIT_PLANS)
def decide(request: SignedIn, pk: int, row: int, action: str) -> HttpResponse:
    """confirm, reject or edit one item."""
    plan = found_plan(request, pk)
    found = _item(plan, row)
    who: dict[str, Any] = {"plan": plan, "by": request.user, "at": now(), "address": client_address(request)}
    posted = request.POST.dict()
    try:
        match action:
            case "confirm":
                change = confirming.confirm(items=[found], note=posted.get("note", "").strip()[:200], **who)
            case "reject":
                change = confirming.reject(items=[found], note=posted.get("note", "").strip()[:200], **who)
            case "edit":
                change = confirming.edit(item=found, posted=posted, **who)
            case _:
                raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        if action == "edit":
            return _form(request, plan, found.kind, {**found.fields, **posted, **_lists(found.kind, posted)}, row=found, problems=str(refusal))  # fmt: skip
        return _said(request, str(refusal), status=422)
    return _redrawn(request, plan, change)


@require_POST
@page(Permission.EDIT_PLANS)
def act(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """What concerns several items or none yet: sure, context, add, undo."""
    plan = found_plan(request, pk)
    who: dict[str, Any] = {"plan": plan, "by": request.user, "at": now(), "address": client_address(request)}
    posted = request.POST.dict()
    kind, start, end = _selection(request.POST)
    try:
        match action:
            case "sure":
                asked = posted.get("kind", "")
                change = confirming.confirm_sure(kind=asked if asked in spec.KINDS else "", **who)
            case "context":
                numerals = list(Item.objects.filter(plan=plan, kind="residual", status="auto"))
                if not numerals:
                    raise Refused(_("余数清单已经清空"))
                change = confirming.confirm(items=numerals, note=posted.get("note", "").strip()[:200], **who)
            case "add":
                change = confirming.add(kind=kind, start=start, end=end, posted=posted, **who)
            case "undo":
                change = confirming.undo(**who)
            case _:
                raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        if action == "add" and kind in spec.FIELDS and why_not_edit_here(request, plan) is None:
            guessed = {**posted, **_lists(kind, posted)}
            return _form(request, plan, kind, guessed, start=start, end=end, problems=str(refusal))
        return _said(request, str(refusal), status=422)
    return _redrawn(request, plan, change)


def _selection(values: Any) -> tuple[str, int, int]:
    def number(name: str) -> int:
        text = values.get(name, "")
        return int(text) if text.isdigit() and len(text) < 9 else 0

    return values.get("item_kind", ""), number("start"), number("end")


def _lists(kind: str, posted: dict[str, str]) -> dict[str, list[str]]:
    names = [one.name for one in spec.FIELDS[kind] if one.kind == "list"]
    return {name: posted.get(name, "").splitlines() for name in names}


def _redrawn(request: SignedIn, plan: Plan, change: confirming.Change) -> HttpResponse:
    """The rows, paragraphs and numbers that a change has touched, each for its own place on the page."""
    rows = [*change.changed, *change.added]
    if len(rows) + len(change.gone) > MANY:
        return HttpResponseClientRefresh()
    for row in rows:
        row.by = request.user if row.by_id == request.user.pk else row.by
    drawn = [draw_row(row, plan.source, editable=True, swap=True) for row in change.changed]
    if change.added:
        inside = "".join(draw_row(row, plan.source, editable=True) for row in change.added)
        drawn.append(f'<div hx-swap-oob="afterbegin:#rows">{inside}</div>')
    drawn += [f'<li id="i{pk}" hx-swap-oob="delete"></li>' for pk in change.gone]
    marks = marks_of(plan)
    drawn += [
        draw_paragraph(plan.source, start, end, marks, swap=True)
        for start, end in touched(plan.source, [*rows, *change.places])
    ]
    bar = render(
        request,
        "plans/reader_bar.html",
        {"plan": plan, "editable": True, "swap": True, **bar_context(request, plan)},
    )
    said = _("已保存。") if not change.added or change.changed else _("已补充。")
    return HttpResponse(f'<p id="said">{escape(said)}</p>' + "".join(drawn) + bar.content.decode())


def _said(request: SignedIn, sentence: str, *, status: int = 200) -> HttpResponse:
    return render(request, "plans/reader_said.html", {"sentence": sentence}, status=status)
