"""个案页: who it is about, what the data says, what happened, who may do what next and why not."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.cases import actions, enrolments, letters, notes, packs, queries, rules, values
from bureau.cases.models import Case, CaseFile, Event, Watch
from bureau.cases.owning import holders
from bureau.pages import case_source, gap_block
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.case_parts import (
    SEES,
    days_words,
    found_case,
    inputs,
    owner_words,
    phase_badge,
    state_title,
)
from bureau.pages.context import show
from bureau.pages.export import download
from bureau.pages.ledger_list import item_words
from bureau.pages.record import REASONS
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused, may, why_not
from bureau.registry.models import Student
from bureau.registry.queries import on
from junheng.policy.ledgers import LEVEL_WORDS, LIVE, Ledger

KEPT_FORMS = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}


@page(roles=SEES)
def case_file(request: SignedIn, pk: int) -> HttpResponse:
    """The file of a case; looking is logged."""
    return shown(request, found_case(request, pk))


def shown(
    request: SignedIn,
    case: Case,
    *,
    problem: str = "",
    at_move: str = "",
    revealed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page, with what was typed when a step was refused, or with restricted columns for this answer only."""
    user, today = request.user, localdate()
    ledger = packs.ledger(case.county_code, case.ledger)
    gap = gap_block.of(request, case)
    suggested = gap.suggested if gap else None
    finding = case_source.finding_of(case)
    actions.look(case=case, by=user, at=now(), address=client_address(request))
    posted = request.POST if problem else None
    moves = [
        {
            "move": one.move,
            "why_not": one.why_not,
            "target": state_title(ledger, one.move.target) if one.move.target else _("状态不变"),
            "inputs": inputs(
                ledger, one.move.fields, user=user, values=case.fields,
                posted=posted if one.move.name == at_move else None, prefix=f"{one.move.name}-",
                suggested=suggested,
            ),
            "open": one.move.name == at_move,
            "text": request.POST.get("text", "") if one.move.name == at_move else "",
        }
        for one in queries.next_moves(case, user)
    ]  # fmt: skip
    events = [event_line(ledger, event) for event in queries.timeline(case, user)]
    fields = queries.fields_for(case, user)
    editable = rules.why_not_change(case, by=user, in_scope=True, names=(), ledger=ledger)
    locked = {line.column.access: line.access_words for line in fields if line.locked and line.filled}
    return show(
        request,
        "cases/case.html",
        title=case_source.heading_of(case, finding),
        crumbs=_crumbs(request, case, ledger),
        case=case,
        gap=gap,
        source=case_source.source_of(case, finding, user),
        ledger=ledger,
        badge=phase_badge(state_title(ledger, case.state), case.phase, contradiction=case.contradiction),
        when=days_words(case.due, today) if case.phase in LIVE else "",
        overdue=case.due is not None and case.due < today and case.phase in LIVE,
        owner=owner_words(str(case.owner) if case.owner else None, case.level),
        days=((case.closed_on or today) - case.opened_on).days,
        level=_(LEVEL_WORDS.get(case.level, "—")),
        fields=fields,
        revealed=revealed or {},
        locked=[(access, words, queries.may_reveal(access, user)) for access, words in locked.items()],
        reasons=REASONS,
        moves=[one for one in moves if not one["why_not"]],
        refused=[one for one in moves if one["why_not"]],
        editing=inputs(ledger, [column.name for column in ledger.columns], user=user, values=case.fields, suggested=suggested) if not editable else [],
        why_not_edit=editable,
        events=events,
        visits=[event for event in events if event["event"].form],
        records=_records(ledger, events),
        which=item_words(case.item),
        files=queries.files(case, user),
        holdings=queries.holdings(case),
        owner_lines=_owner_lines(case, ledger),
        letters=letters.letters_of(case),
        levels=[(name, _(LEVEL_WORDS[name])) for name in ledger.ladder.levels],
        takers=_takers(case, ledger) if may(user.role, Permission.ASSIGN_CASES) else [],
        why_not_hand_over=why_not(user.role, Permission.ASSIGN_CASES) if case.phase in LIVE else _("个案已经结束"),
        watched=Watch.objects.filter(user=user, of=case).exists(),
        may_work=may(user.role, Permission.WORK_CASES) or may(user.role, Permission.CLOSE_CASES),
        child=child_address(request, case, today),
        others=_others(request, case, today),
        enrolments=enrolments.others_of(case, today) if case.phase in LIVE else [],
        problem=problem,
        unsaved="" if any(one["open"] and not one["why_not"] for one in moves) else request.POST.get("text", "").strip() if at_move else "",
        status=422 if problem else 200,
    )  # fmt: skip


def _crumbs(request: SignedIn, case: Case, ledger: Ledger) -> list[tuple[str, str]]:
    if request.user.role == "teacher":
        return [(_("我的个案"), reverse("my-cases"))]
    return [(_("台账"), reverse("ledgers")), (ledger.title, reverse("ledger", args=[case.ledger]))]


def event_line(ledger: Ledger, event: Event) -> dict[str, Any]:
    """One event in words, its columns by their titles."""
    titles = {column.name: column.title for column in ledger.columns}
    filled = [
        (titles.get(name, name), values.in_words(value))
        for name, value in (event.fields or {}).items()
        if value not in (None, "", [])
    ]
    return {
        "event": event,
        "words": event.title
        if event.title and event.what in ("moved", "passed")
        else event.get_what_display(),
        "path": [state_title(ledger, name) for name in (event.before, event.after) if name]
        if event.before != event.after
        else [],
        "fields": filled,
        "files": getattr(event, "shown_files", []),
    }


def _records(ledger: Ledger, events: Sequence[Mapping[str, Any]]) -> str:
    """What the records of a case are called: the titles of their forms."""
    titles = {form.name: form.title for form in ledger.forms}
    names = dict.fromkeys(titles.get(one["event"].form, "") for one in events if one["event"].form)
    return "、".join(name for name in names if name) or _("记录")


def _owner_lines(case: Case, ledger: Ledger) -> list[dict[str, Any]]:
    """三包三保: who answers on which line."""
    now_held = {one.line: one for one in queries.holdings(case) if one.until is None}
    return [{"line": line, "held": now_held.get(line.name)} for line in ledger.owner_lines]


def _takers(case: Case, ledger: Ledger) -> list[tuple[str, list[Any]]]:
    """可接手的账号 by level."""
    return [
        (_(LEVEL_WORDS[level]), list(holders(case, level).order_by("display_name")[:200]))
        for level in ledger.ladder.levels
    ]


def child_address(request: SignedIn, case: Case, today: date) -> str:
    """The child's page, for those who may open it."""
    if case.subject != "student" or not may(request.user.role, Permission.SEE_CHILDREN):
        return ""
    pk = (
        Student.objects.filter(on(today), county_code=case.county_code, key=case.subject_key)
        .values_list("pk", flat=True)
        .first()
    )
    return reverse("student", args=[pk]) if pk else ""


def _others(request: SignedIn, case: Case, today: date) -> list[tuple[Case, str]]:
    """Other cases of the same child."""
    if case.subject != "student":
        return []
    found = queries.child_cases(request.user, case.county_code, case.subject_key).exclude(pk=case.pk)
    known: dict[str, Ledger] = {}
    lines = []
    for one in found[:20]:
        of = known.setdefault(one.ledger, packs.ledger(one.county_code, one.ledger))
        lines.append((one, f"{of.title}：{state_title(of, one.state)}"))
    return lines


@require_GET
@page(roles=SEES)
def file(request: SignedIn, pk: int) -> HttpResponse:
    """One file of a case; opening is logged."""
    row = CaseFile.objects.select_related("of").filter(pk=pk).first()
    if row is None:
        raise not_found(_("没有这个文件，或者它不在您的辖区内。"))
    found_case(request, row.of_id)
    try:
        content = notes.open_file(file=row, by=request.user, at=now(), address=client_address(request))
    except Refused as refusal:
        raise not_found(str(refusal)) from refusal
    ending = row.name.rpartition(".")[2].lower()
    return download(content, row.name, KEPT_FORMS.get(ending, "application/octet-stream"))
