"""批量办理: the selected cases, or all that the list shows; each with its own result, however many."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_GET, require_POST

from bureau.cases import bulk, queries
from bureau.cases.models import Bulk
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.case_parts import (
    SEES,
    Input,
    case_page,
    filled,
    found_ledger,
    inputs,
    state_title,
    typed_fields,
)
from bureau.pages.context import Page, current, show
from bureau.pages.ledger_list import VIEWS, list_table
from bureau.pages.sign_in import client_address
from bureau.pages.table import Table
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.work.case_tasks import do_bulk
from junheng.policy.ledgers import LEVEL_WORDS, Ledger, Move

# So many are done at once, while the person waits; more than that the worker does.
AT_ONCE = 50
# The page asks for itself every two seconds while the work goes on.
MOST_SHOWN = 500
TITLES = {"assign": N("分派、移交"), "move": N("一起办理")}


def _back(request: HttpRequest) -> str:
    """The list it came from, if it is one of this site."""
    came = request.POST.get("back") or request.headers.get("Referer", "")
    parts = urlsplit(came)
    if parts.netloc and parts.netloc != request.get_host():
        return reverse("ledgers")
    return f"{parts.path}?{parts.query}" if parts.path.startswith("/ledgers/") else reverse("ledgers")


def _every(table: Table) -> list[int]:
    """All that the list holds, in its order."""
    found = table.found
    return list(found.values_list("pk", flat=True)) if isinstance(found, QuerySet) else []


@require_POST
@page(roles=SEES)
def start(request: SignedIn, action: str) -> HttpResponse:
    """The form of what is to be done; then, with `do`, doing it."""
    if action not in TITLES:
        raise not_found(_("没有这个操作。"))
    here = current(request)
    ledger = found_ledger(here.county_code, request.GET.get("ledger", ""))
    table = list_table(request, here, ledger, _view(request))
    ids = [int(one) for one in request.POST.getlist("ids") if one.isdigit() and len(one) < 15]
    problem = ""
    if "do" in request.POST:
        wanted = _every(table) if request.POST.get("every") else ids
        try:
            made = bulk.ask(
                kind=action, county_code=here.county_code, case_ids=wanted, ledger=ledger.code,
                arguments=_arguments(request, ledger, action), by=request.user, at=now(), address=client_address(request),
            )  # fmt: skip
        except Refused as refusal:
            problem = str(refusal)
        else:
            return carry_out(made)
    chosen = queries.visible(request.user).filter(pk__in=ids).select_related("owner").order_by("label")
    return show(
        request,
        "cases/bulk.html",
        title=_("%(what)s：%(ledger)s") % {"what": _(TITLES[action]), "ledger": ledger.title},
        crumbs=[(_("台账"), reverse("ledgers")), (ledger.title, reverse("ledger", args=[ledger.code]))],
        action=action,
        ledger=ledger,
        cases=chosen,
        ids=ids,
        every=table.count,
        levels=[(name, _(LEVEL_WORDS[name])) for name in ledger.ladder.levels],
        takers=_takers(here, ledger),
        moves=[_offered(request, ledger, one) for one in ledger.moves],
        posted=request.POST,
        problem=problem,
        back=_back(request),
        status=422 if problem else 200,
    )  # fmt: skip


def _offered(request: SignedIn, ledger: Ledger, one: Move) -> tuple[Move, list[Input], str, str]:
    """一项办理: its inputs with what was typed, the columns that its state asks for, and the states from which it goes."""
    posted = request.POST if "do" in request.POST else None
    fields = inputs(ledger, one.fields, user=request.user, values={}, posted=posted, prefix=f"{one.name}-")
    needed = [field.column.title for field in fields if one.target in field.column.required_in]
    sources = [state_title(ledger, name) for name in one.sources]
    return one, fields, _("、").join(needed), "”“".join(sources)


def _view(request: SignedIn) -> str:
    view = request.GET.get("view", "live")
    return view if view in VIEWS else "live"


def _takers(here: Page, ledger: Ledger) -> list[tuple[str, list[User]]]:
    """Accounts that may take cases over, by level; whether each fits each case is asked case by case."""
    roles = {
        "class": ("teacher",),
        "school": ("school",),
        "township": ("township",),
        "bureau": ("leader", "office"),
    }
    found = User.objects.filter(is_active=True).select_related("area").order_by("display_name")
    codes = set(here.schools().values_list("school_code", flat=True))
    groups = []
    for level in ledger.ladder.levels:
        able = [
            one
            for one in found.filter(role__in=roles[level])
            if not one.school_code or one.school_code in codes
        ]
        groups.append((_(LEVEL_WORDS[level]), able[:300]))
    return groups


def _arguments(request: SignedIn, ledger: Ledger, action: str) -> dict[str, Any]:
    posted: QueryDict = request.POST
    if action == "assign":
        to, reason = posted.get("to", ""), posted.get("reason", "").strip()
        if not reason:
            raise Refused("移交须写明理由")
        if posted.get("level", "") not in ledger.ladder.levels:
            raise Refused("请选择移交到哪一级")
        return {"to": int(to) if to.isdigit() and len(to) < 15 else None, "level": posted["level"], "line": posted.get("line", ""), "reason": reason[:200]}  # fmt: skip
    name = posted.get("move", "")
    if name not in {one.name for one in ledger.moves}:
        raise Refused("请选择一项办理")
    fields = filled(typed_fields(posted, ledger, prefix=f"{name}-"))
    return {"move": name, "fields": fields, "text": posted.get("text", "").strip()[:2000]}


def carry_out(made: Bulk) -> HttpResponse:
    """A few at once; many by the worker, followed on the same page."""
    if made.total <= AT_ONCE:
        bulk.run(pk=made.pk, at=now, today=localdate(), progress=lambda share: None)
    else:
        do_bulk.enqueue(made.pk)
    return HttpResponseRedirect(reverse("case-bulk", args=[made.pk]))


@require_GET
@page(roles=SEES)
def one(request: SignedIn, pk: int) -> HttpResponse:
    """One bulk job: how far it is, what was refused and why."""
    try:
        job = queries.bulk(request.user, pk)
    except Bulk.DoesNotExist:
        raise not_found(_("没有这次批量办理，或者它不是您发起的。")) from None
    return show(
        request,
        "cases/bulk_progress.html" if request.headers.get("HX-Request") else "cases/bulk_one.html",
        title=_("%(kind)s %(n)s 件") % {"kind": _(job.get_kind_display()), "n": f"{job.total:,}"},
        crumbs=[(_("台账"), reverse("ledgers"))],
        job=job,
        going=job.state in (Bulk.State.QUEUED, Bulk.State.RUNNING),
        succeeded=job.done - job.refused_count,
        refused=[{"address": case_page(pk), "label": label, "sentence": sentence} for pk, label, sentence in job.refused[:MOST_SHOWN]],
        most=MOST_SHOWN,
        back=reverse("ledger", args=[job.ledger]) if job.ledger else reverse("ledgers"),
    )  # fmt: skip


@require_POST
@page(roles=SEES)
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """What is done stays done."""
    try:
        bulk.cancel(pk=pk, by=request.user, at=now(), address=client_address(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("case-bulk", args=[pk]))
