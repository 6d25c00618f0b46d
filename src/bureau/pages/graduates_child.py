"""一人一档: one child's path from kindergarten on, where it is now, and what is done for it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.cases import packs
from bureau.cases.queries import child_cases
from bureau.graduates import actions, queries, rules
from bureau.graduates.models import Leaver
from bureau.graduates.states import SUPPORT_WORDS
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.aid_child import seen_terms
from bureau.pages.case_parts import case_page, state_title
from bureau.pages.context import current, show
from bureau.pages.graduates import KINDS
from bureau.pages.people_columns import school_names
from bureau.pages.sign_in import client_address
from bureau.people.models import User
from bureau.people.rules import Permission, Refused
from bureau.registry import queries as registered

LEDGER = "graduates"
FIELDS = ("kind", "day", "study_stage", "school_name", "major", "place", "employer", "post", "note")
WIDTH, LEFT, TOP = 900, 60, 46
COLOURS = {
    "学前": "#8a6d1b", "小学": "#14538f", "初中": "#b3541e", "普高": "#4c7a34", "中职": "#7a4b8c", "专科": "#3b7d8c", "本科": "#3b7d8c",
}  # fmt: skip


def found(request: SignedIn, pk: int) -> Leaver:
    """The leaver in the account's area, else 404."""
    here = current(request)
    one = queries.child(here.county_code, pk, here.scope)
    if one is None:
        raise not_found(_("没有这名学生的档案，或学生不在您的辖区。"))
    return one


@require_GET
@page(Permission.SEE_AID)
def file(request: SignedIn, pk: int) -> HttpResponse:
    """The file; looking is logged."""
    one = found(request, pk)
    answer = _show(request, one)
    read_access(
        by=request.user, verb=Verb.VIEW, obj=("leaver", str(one.pk)), detail={"student": one.student_key}, at=now(),
        address=client_address(request),
    )  # fmt: skip
    return answer


def _show(
    request: SignedIn, one: Leaver, *, refusal: str = "", asked: dict[str, str] | None = None
) -> HttpResponse:
    here, by = current(request), request.user
    steps = queries.path(one.county_code, one.student_key)
    names = school_names(here)
    # By the key alone, which is indexed; the county would lead the database to another index.
    in_force = registered.rows_on("students", here.on).filter(key=one.student_key) if here.on else ()
    pupil = next((row.pk for row in in_force if row.county_code == one.county_code), None)
    mine = actions.is_mine(one, by)
    return show(
        request,
        "graduates/child.html",
        title=_("%(name)s的档案") % {"name": one.person_name},
        crumbs=[(_("毕业生去向"), f"{reverse('graduates')}?year={one.year}")],
        status=422 if refusal else 200,
        one=one,
        school=names.get(one.school_code, one.school_code),
        kind=_(KINDS[one.current.kind]) if one.current else _("没有登记"),
        facts=[name for name, holds in one.facts.items() if holds],
        steps=steps,
        drawing=_drawing(steps, localdate()),
        events=queries.of_child(one),
        destinations=[
            (row, _(KINDS[row.kind]), row.school_name or row.employer or row.place or "–")
            for row in queries.destinations(one)
        ],
        supports=[
            (
                row,
                SUPPORT_WORDS[row.state],
                row.state == "open" and row.due < localdate(),
                rules.why_not_report(by=by, mine=mine, state=row.state, result="-"),
                rules.why_not_confirm(by=by, state=row.state, done_by=row.done_by_id, back=False),
                rules.why_not_confirm(by=by, state=row.state, done_by=row.done_by_id, back=True, reason="-"),
            )
            for row in queries.supports(one)
        ],
        asked=asked or {"kind": one.current.kind if one.current else "", "day": ""},
        refusal=refusal,
        kinds=KINDS,
        study_stages=rules.STUDY_STAGES,
        why_not_place=rules.why_not_support(by=by, mine=mine, measure="-", owner="-", due=localdate()),
        pupil=pupil,
        aid=reverse("aid-child", args=[one.student_key]) if seen_terms(here, one.student_key) else "",
        cases=_cases(by, one),
        unplaced=one.current is None or one.current.kind not in (*rules.PLACED, "other"),
        today=localdate(),
    )


def _cases(by: User, one: Leaver) -> list[tuple[str, str]]:
    """(address, how it stands) of the child's cases in the ledger of graduates."""
    found = child_cases(by, one.county_code, one.student_key).filter(ledger=LEDGER).order_by("-id")
    ledger = packs.ledger(one.county_code, LEDGER) if found else None
    return [(case_page(case.pk), state_title(ledger, case.state)) for case in found] if ledger else []


def _drawing(steps: list[queries.Step], today: date) -> dict[str, Any] | None:
    """小图: the path as a line; each step as long as it lasted, from its first to its last day or today."""
    if not steps:
        return None
    first = min(step.since for step in steps)
    last = max(today, *(step.since for step in steps))
    days = max((last - first).days, 1)

    def x(day: date) -> int:
        return LEFT + round((min(max(day, first), last) - first).days / days * (WIDTH - 2 * LEFT))

    marks = []
    for place, step in enumerate(steps):
        following = steps[place + 1].since if place + 1 < len(steps) else None
        end = min(day for day in (step.until, following, last) if day is not None)
        label = " ".join(part for part in (_(step.stage) if step.stage else _(step.what), step.place) if part)
        marks.append(
            {
                "x": x(step.since),
                "end": max(x(end), x(step.since) + 4),
                "colour": COLOURS.get(step.stage, "#586572"),
                "label": label[:14],
                "year": step.since.year,
                "above": place % 2 == 0,
                "anchor": "start"
                if x(step.since) < WIDTH / 4
                else "end"
                if x(step.since) > WIDTH * 3 / 4
                else "middle",
            }
        )
    return {"marks": marks, "width": WIDTH, "left": LEFT, "right": WIDTH - LEFT, "top": TOP}


@require_POST
@page(Permission.SEE_AID)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """登记去向, 定措施, 报结果, 复核, 退回."""
    one, post = found(request, pk), request.POST
    who: dict[str, Any] = {"by": request.user, "at": now(), "address": client_address(request)}
    asked = {name: post.get(name, "").strip() for name in FIELDS}
    try:
        if action == "place":
            said = actions.Said(
                kind=asked["kind"], day=_day(asked["day"]), study_stage=asked["study_stage"], school_name=asked["school_name"],
                major=asked["major"], place=asked["place"], employer=asked["employer"], post=asked["post"], note=asked["note"],
            )  # fmt: skip
            actions.place(leaver=one, said=said, today=localdate(), **who)
            messages.success(request, _("去向已登记"))
        elif action == "support":
            actions.support(
                leaver=one, measure=post.get("measure", ""), owner=post.get("owner", ""), due=_day(post.get("due", "")), **who
            )  # fmt: skip
            messages.success(request, _("帮扶措施已定"))
        elif action in ("report", "confirm", "back"):
            key = post.get("support", "")
            of = queries.supports(one).filter(pk=int(key) if key.isdecimal() and len(key) < 15 else 0).first()
            if of is None:
                raise Refused("没有这项措施")
            if action == "report":
                actions.report(of=of, result=post.get("text", ""), **who)
                messages.success(request, _("已报结果，请教育局另一人复核"))
            else:
                actions.settle(of=of, back=action == "back", reason=post.get("text", ""), **who)
                messages.success(request, _("已退回") if action == "back" else _("已办结"))
        else:
            raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        if action == "place":
            return _show(request, one, refusal=str(refusal), asked=asked)
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("graduate", args=[pk]))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return None
