"""一条缺口: what is missing and why, the plan, what was claimed, what the data says, and who may close it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from bureau.gaps import actions, queries, rules
from bureau.gaps.models import Gap
from bureau.gaps.states import WORDS, State
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.cells import bracketed
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.people.models import User
from bureau.people.rules import Permission, Refused, why_not

EVENT_WORDS = {
    "open": gettext_noop("立账"),
    "reopen": gettext_noop("重新出现，另立一条"),
    "plan": gettext_noop("填计划"),
    "amount": gettext_noop("数据更新"),
    "short": gettext_noop("缺口又出现"),
    "unknown": gettext_noop("数据未报"),
    "met": gettext_noop("数据已达标"),
    "claim": gettext_noop("报完成"),
    "withdraw": gettext_noop("撤回完成"),
    "send_back": gettext_noop("复核退回"),
    "close": gettext_noop("复核销号"),
}
ACTION_WORDS = {
    "plan": gettext_noop("填整改计划"),
    "claim": gettext_noop("报完成"),
    "close": gettext_noop("复核销号"),
    "withdraw": gettext_noop("撤回完成"),
    "send_back": gettext_noop("退回"),
}


def read_plan(request: HttpRequest, *, blank_keeps: bool) -> actions.Plan:
    """The plan as typed. Raises Refused with a sentence for every field that cannot be read, all at once.

    `blank_keeps`: an empty field leaves the value as it is (many lines at once); otherwise it empties it.
    """
    plan, problems = actions.Plan(), []
    measure, office = request.POST.get("measure", "").strip(), request.POST.get("office", "").strip()
    due, price = request.POST.get("due", "").strip(), request.POST.get("unit_price", "").strip()
    if "measure" in request.POST and (measure or not blank_keeps):
        plan["measure"] = measure[:300]
    if "office" in request.POST and (office or not blank_keeps):
        plan["office"] = office[:40]
    if "due" in request.POST and (due or not blank_keeps):
        try:
            plan["due"] = date.fromisoformat(due) if due else None
        except ValueError:
            problems.append(f"完成时限“{due}”不是日期，请写成 2027-08-31")
    if "unit_price" in request.POST and (price or not blank_keeps):
        try:
            plan["unit_price"] = float(price.replace(",", "")) if price else None
        except ValueError:
            problems.append(f"单价“{price}”不是数，请改成数字，例如 0.35")
    if problems:
        raise Refused("；".join(problems))
    return plan


def _gap(request: SignedIn, pk: int) -> Gap:
    here = current(request)
    gap = (
        queries.ledger(here.scope)
        .filter(pk=pk)
        .select_related("opened_run", "latest_run", "claimed_by", "closed_by", "closed_run")
        .first()
    )
    if gap is None:
        raise not_found(_("台账里没有这条缺口，或者它不在您的辖区内。"))
    return gap


@page(Permission.SEE_SCHOOLS)
def gap(request: SignedIn, pk: int) -> HttpResponse:
    """One line of the ledger."""
    found = _gap(request, pk)
    today = localdate()
    by = request.user
    known = queries.prices(found.county_code, found.latest_run.day)
    price = known.get(found.code)
    unit_price = found.unit_price if found.unit_price is not None else price.value if price else None
    claimed_on = localtime(found.claimed_at).date() if found.claimed_at else None
    bureau_fields = ("office", "due", "unit_price")
    return show(
        request,
        "gap.html",
        title=f"{found.school}{bracketed(_(found.stage))}{found.title}",
        crumbs=[(_("缺口台账"), reverse("gaps"))],
        gap=found,
        standing=WORDS[State(found.state)],
        overdue=rules.overdue(found, due=found.due, today=today),
        contradiction=rules.contradiction(found, claimed_on=claimed_on, data_day=found.latest_run.day),
        price=price,
        unit_price=unit_price,
        cost=found.shortage * unit_price if unit_price is not None else None,
        events=[(event, _(EVENT_WORDS.get(event.what, event.what))) for event in queries.events(found)],
        earlier=queries.earlier(found),
        offices=queries.offices(found.county_code),
        may_decide=rules.why_not_plan(found, by=by, in_area=True, fields=bureau_fields) is None,
        why_not_plan=rules.why_not_plan(found, by=by, in_area=True),
        why_not_claim=rules.why_not_claim(found, by=by, in_area=True),
        why_not_close=rules.why_not_close(found, by=by, in_area=True),
        why_not_withdraw=rules.why_not_withdraw(found, by=by, in_area=True),
        why_not_send_back=rules.why_not_send_back(found, by=by, in_area=True, reason="-"),
    )


@require_POST
@page(Permission.SEE_SCHOOLS)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """One step of one line; the answer is the line's page with what was done or why not."""
    found = _gap(request, pk)
    with suppress(_Said):
        _perform(request, [found.pk], action, blank_keeps=False)
    return HttpResponseRedirect(reverse("gap", args=[found.pk]))


class _Said(Exception):
    """The refusal was put on the page."""


def _perform(request: SignedIn, ids: list[int], action: str, *, blank_keeps: bool) -> int:
    text = request.POST.get("text", "").strip()
    by, at, address = request.user, now(), client_address(request)
    steps: dict[str, Callable[[], int]] = {
        "plan": lambda: _plan(request, ids, by=by, blank_keeps=blank_keeps),
        "claim": lambda: actions.claim(gap_ids=ids, text=text, by=by, at=at, address=address),
        "withdraw": lambda: actions.withdraw(gap_ids=ids, by=by, at=at, address=address),
        "close": lambda: actions.close(gap_ids=ids, by=by, at=at, remark=text, address=address),
        "send_back": lambda: actions.send_back(gap_ids=ids, reason=text, by=by, at=at, address=address),
    }
    if action not in steps:
        raise not_found(_("没有这个操作。"))
    try:
        count = steps[action]()
    except Refused as refusal:
        messages.error(request, str(refusal))
        raise _Said from refusal
    words = _(ACTION_WORDS[action])
    if count:
        messages.success(request, _("%(what)s：%(n)s 条已保存") % {"what": words, "n": f"{count:,}"})
    else:
        messages.info(request, _("没有改动，什么也没有保存"))
    return count


def _plan(request: SignedIn, ids: list[int], *, by: User, blank_keeps: bool) -> int:
    plan = read_plan(request, blank_keeps=blank_keeps)
    if not plan:
        raise Refused("什么也没有填，请至少填一项")
    return actions.plan(
        changes=dict.fromkeys(ids, plan), by=by, at=now(), today=localdate(), address=client_address(request)
    )


@require_POST
@page(Permission.SEE_SCHOOLS)
def bulk(request: SignedIn, action: str) -> HttpResponse:
    """The same step for many lines: first the form with what it will touch, then all or none."""
    if action not in ("plan", "claim", "close"):
        raise not_found(_("没有这个操作。"))
    ids = [int(value) for value in request.POST.getlist("ids") if value.isdigit() and len(value) < 18]
    lines: QuerySet[Gap] = queries.ledger(current(request).scope).filter(pk__in=ids)
    back = request.POST.get("back") or request.headers.get("Referer", "")
    back = back if back.startswith(reverse("gaps")) else reverse("gaps")
    if not ids:
        messages.error(request, _("没有选中任何缺口，请先勾选"))
        return HttpResponseRedirect(back)
    if "do" in request.POST:
        try:
            _perform(request, ids, action, blank_keeps=True)
        except _Said:
            pass
        else:
            return HttpResponseRedirect(back)
    permission = Permission.CONFIRM_GAPS if action == "close" else Permission.EDIT_GAPS
    bureau = request.user.role in rules.DIRECTORS
    return show(
        request,
        "gaps_bulk.html",
        title=_(ACTION_WORDS[action]),
        crumbs=[(_("缺口台账"), reverse("gaps"))],
        action=action,
        lines=lines.order_by("school_code", "stage", "code"),
        refused=why_not(request.user.role, permission),
        offices=queries.offices(current(request).county_code),
        may_decide=bureau,
        posted=request.POST,
        back=back,
    )
