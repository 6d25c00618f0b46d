"""一起办理缺口: the same step for many lines: the form with what it will touch, then each with its own result."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.cases import bulk as bulk_work
from bureau.cases import deadlines, packs, values
from bureau.cases.models import Bulk
from bureau.cases.rules import why_not_fill
from bureau.gaps import queries
from bureau.gaps.rules import LEDGER
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.case_parts import Input, filled, inputs, state_title, typed_fields
from bureau.pages.cases_bulk import carry_out
from bureau.pages.context import current, show
from bureau.pages.gaps import BULK, why_not_at_all
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused
from junheng.policy.ledgers import Ledger, Move


@require_POST
@page(Permission.SEE_SCHOOLS)
def bulk(request: SignedIn, action: str) -> HttpResponse:
    """The form; then, with `do`, doing it: what is wrong with what was typed is said before anything is saved."""
    here = current(request)
    ledger = packs.ledger(here.county_code, LEDGER)
    move = next((one for one in ledger.moves if one.name == action and action in BULK), None)
    if move is None:
        raise not_found(_("没有这个操作。"))
    ids = [int(value) for value in request.POST.getlist("ids") if value.isdigit() and len(value) < 18]
    back = request.POST.get("back") or request.headers.get("Referer", "")
    back = back if back.startswith(reverse("gaps")) else reverse("gaps")
    lines = list(
        queries.lines(request.user, here.county_code).filter(pk__in=ids).order_by("school_code", "item")
    )
    if not ids:
        messages.error(request, _("没有选中任何缺口，请先勾选"))
        return HttpResponseRedirect(back)
    problem = ""
    if "do" in request.POST:
        try:
            if len(lines) < len(set(ids)):
                raise Refused(
                    f"选中的 {len(set(ids)):,} 条中有 {len(set(ids)) - len(lines):,} 条不在您的辖区内"
                )
            return _answer(request, _ask(request, ledger, move, lines), back)
        except Refused as refusal:
            problem = str(refusal)
    return show(
        request,
        "gaps_bulk.html",
        title=_(BULK[action]),
        crumbs=[(_("缺口台账"), reverse("gaps"))],
        move=move,
        lines=[(line, state_title(ledger, line.state)) for line in lines],
        inputs=_inputs(request, ledger, move),
        text=request.POST.get("text", ""),
        refused=why_not_at_all(request.user, ledger, move),
        problem=problem,
        back=back,
        status=422 if problem else 200,
    )  # fmt: skip


def _answer(request: SignedIn, made: Bulk, back: str) -> HttpResponse:
    """Back to the list when all went well at once; else to the results, line by line."""
    answer = carry_out(made)
    made.refresh_from_db()
    if made.state == Bulk.State.DONE and not made.refused:
        messages.success(request, _("已保存 %(n)s 条") % {"n": f"{made.done:,}"})
        return HttpResponseRedirect(back)
    return answer


def _inputs(request: SignedIn, ledger: Ledger, move: Move) -> list[Input]:
    words = {"office": queries.offices(current(request).county_code)}
    return inputs(ledger, move.fields, user=request.user, values={}, posted=request.POST, suggested=words)


def _ask(request: SignedIn, ledger: Ledger, move: Move, lines: Sequence[Any]) -> Bulk:
    """A plan is filled in as from a sheet, in whatever state the line is; another step is that step. Raises Refused."""
    fields = filled(typed_fields(request.POST, ledger))
    given = _checked(request, ledger, move, fields)
    if move.name != ledger.sheet:
        arguments: dict[str, Any] = {
            "move": move.name,
            "fields": fields,
            "text": request.POST.get("text", "").strip()[:2000],
        }
        kind = Bulk.Kind.MOVE
    else:
        if not given:
            raise Refused("什么也没有填，请至少填一项")
        arguments, kind = {"changes": [[line.pk, line.revision, fields] for line in lines]}, Bulk.Kind.UPLOAD
    return bulk_work.ask(
        kind=kind,
        county_code=current(request).county_code,
        case_ids=[line.pk for line in lines],
        ledger=LEDGER,
        arguments=arguments,
        by=request.user,
        at=now(),
        address=client_address(request),
    )


def _checked(request: SignedIn, ledger: Ledger, move: Move, fields: dict[str, object]) -> dict[str, object]:
    """The values as they will be stored. Raises Refused with everything that is wrong with them."""
    given, wrong = values.read_all(ledger, fields)
    for name in given:
        if name not in move.fields:
            wrong.append(f"这项办理不填写“{ledger.column(name).title}”")
        elif refusal := why_not_fill(ledger.column(name), by=request.user):
            wrong.append(refusal)
    wrong += deadlines.why_not_days(ledger, {}, given, today=localdate())
    if "text" in move.needs and not request.POST.get("text", "").strip():
        wrong.append(f"“{move.title}”要写明情况，请填写说明")
    if wrong:
        raise Refused("；".join(wrong))
    return {name: value for name, value in given.items() if value is not None}
