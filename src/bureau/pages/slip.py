"""一张督办单: what is asked, how long is left, what happened, and who may do what next."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.kept_file import sent_and_logged
from bureau.pages.sign_in import client_address
from bureau.pages.uploads import uploads
from bureau.people.rules import Permission, Refused
from bureau.supervision import actions, escalation, inspections, queries, rules
from bureau.supervision.models import EscalationStep, Extension, Publication, Slip, SlipFile
from bureau.supervision.states import WORDS
from bureau.workdays.queries import calendar

EVENT_WORDS = {
    "draft": gettext_noop("拟稿"),
    "issue": gettext_noop("发出"),
    "receive": gettext_noop("签收"),
    "note": gettext_noop("记进展"),
    "answer": gettext_noop("反馈"),
    "send_back": gettext_noop("退办"),
    "confirm": gettext_noop("复核销号"),
    "withdraw": gettext_noop("撤回"),
    "ask_extension": gettext_noop("申请延期"),
    "decide_extension": gettext_noop("答复延期"),
    "escalate": gettext_noop("逾期升级"),
    "publish": gettext_noop("公示"),
    "take_down": gettext_noop("撤下公示"),
}
DONE_WORDS = {
    "issue": gettext_noop("已发出"),
    "receive": gettext_noop("已签收"),
    "note": gettext_noop("已记录"),
    "answer": gettext_noop("已反馈，请另一人复核"),
    "send-back": gettext_noop("已退办"),
    "confirm": gettext_noop("已销号"),
    "withdraw": gettext_noop("已撤回"),
    "extend": gettext_noop("已申请延期，等待答复"),
    "grant": gettext_noop("已同意延期"),
    "deny": gettext_noop("已答复不同意"),
    "escalate": gettext_noop("已记录"),
    "publish": gettext_noop("已公示"),
    "take-down": gettext_noop("已撤下公示"),
}


def found_slip(request: SignedIn, pk: int) -> Slip:
    """The slip, if the account may see it."""
    here = current(request)
    one = queries.visible_slips(request.user, here.county_code).filter(pk=pk).first()
    if one is None:
        raise not_found(_("没有这张督办单，或者它不是您单位的。"))
    return one


@require_GET
@page(Permission.SEE_PLANS)
def slip(request: SignedIn, pk: int) -> HttpResponse:
    """One slip."""
    one, by, today = found_slip(request, pk), request.user, localdate()
    acts = queries.acts_for(by, one.organisation)
    days = calendar()
    pending = one.extensions.filter(granted=None).select_related("by").first()
    taken = {step.position for step in one.escalations.all()}
    steps = [step for step in queries.steps(one.county_code) if step.position not in taken]
    against = queries.contradiction_of(one)
    left = days.between(today, one.due) if one.due else None
    return show(
        request,
        "supervision/slip.html",
        title=one.title,
        crumbs=[(_("督办"), reverse("slips"))],
        slip=one,
        number=queries.number_of(one),
        standing=WORDS[one.state],
        late=rules.overdue(one, today=today),
        left=left,
        days_late=-left if left is not None and left < 0 else 0,
        against=against,
        events=[
            (event, _(EVENT_WORDS.get(event.what, event.what)), event.files.all())
            for event in one.events.select_related("by").prefetch_related("files")
        ],
        pending=pending,
        steps=steps,
        publications=one.publications.all(),
        today=today,
        why_not_edit=rules.why_not_issue(one, by=by),
        why_not_issue=rules.why_not_issue(one, by=by),
        why_not_receive=rules.why_not_receive(one, by=by, acts=acts),
        why_not_answer=rules.why_not_answer(one, by=by, acts=acts, text="-"),
        why_not_confirm=rules.why_not_confirm(one, by=by, contradiction=against),
        why_not_send_back=rules.why_not_send_back(one, by=by, reason="-"),
        why_not_withdraw=rules.why_not_withdraw(one, by=by, reason="-"),
        why_not_extend=rules.why_not_extend(
            one, by=by, acts=acts, pending=pending is not None, new_due=date.max, reason="-", today=today
        ),
        why_not_decide=rules.why_not_decide(by=by, asked_by_id=pending.by_id, decided=False)
        if pending
        else "",
        why_not_escalate=rules.why_not_escalate(one, by=by, taken=not steps, text="-", today=today),
        why_not_publish=rules.why_not_publish(one, by=by, text="-", starts=today, ends=today),
    )


@require_POST
@page(Permission.SEE_PLANS)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """One step; the answer is the slip's page with what was done or why not."""
    one = found_slip(request, pk)
    if action not in DONE_WORDS:
        raise not_found(_("没有这个操作。"))
    try:
        _perform(request, one, action)
        messages.success(request, _(DONE_WORDS[action]))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("slip", args=[pk]))


def _perform(request: SignedIn, one: Slip, action: str) -> None:
    text = request.POST.get("text", "").strip()
    by, at, today, address = request.user, now(), localdate(), client_address(request)
    steps: dict[str, Callable[[], object]] = {
        "issue": lambda: actions.issue(slip=one, by=by, at=at, today=today, address=address),
        "receive": lambda: actions.receive(slip=one, remark=text, by=by, at=at, address=address),
        "note": lambda: actions.note(slip=one, text=text, by=by, at=at, address=address),
        "answer": lambda: actions.answer(
            slip=one, text=text, uploads=uploads(request), by=by, at=at, address=address
        ),
        "send-back": lambda: actions.send_back(slip=one, reason=text, by=by, at=at, address=address),
        "confirm": lambda: actions.confirm(slip=one, remark=text, by=by, at=at, address=address),
        "withdraw": lambda: actions.withdraw(slip=one, reason=text, by=by, at=at, address=address),
        "extend": lambda: actions.ask_extension(
            slip=one,
            new_due=_day(request, "new_due"),
            reason=text,
            by=by,
            at=at,
            today=today,
            address=address,
        ),
        "grant": lambda: actions.decide_extension(
            extension=_pending(one), granted=True, remark=text, by=by, at=at, address=address
        ),
        "deny": lambda: actions.decide_extension(
            extension=_pending(one), granted=False, remark=text, by=by, at=at, address=address
        ),
        "escalate": lambda: escalation.escalate(
            slip=one,
            step=_step(request, one),
            text=text,
            present=request.POST.get("present", ""),
            by=by,
            at=at,
            today=today,
            address=address,
        ),
        "publish": lambda: inspections.publish(
            slip=one,
            text=text,
            starts=_day(request, "starts"),
            ends=_day(request, "ends"),
            by=by,
            at=at,
            address=address,
        ),
        "take-down": lambda: inspections.take_down(
            publication=_publication(request, one), reason=text, by=by, at=at, address=address
        ),
    }
    steps[action]()


def _day(request: SignedIn, name: str) -> date | None:
    typed = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Refused(f"“{typed}”不是日期，请写成 2026-12-31") from None


def _pending(one: Slip) -> Extension:
    found = one.extensions.filter(granted=None).first()
    if found is None:
        raise Refused("没有等答复的延期申请")
    return found


def _step(request: SignedIn, one: Slip) -> EscalationStep:
    position = request.POST.get("step", "")
    found = (
        queries.steps(one.county_code).filter(position=int(position) if position.isdecimal() else 0).first()
    )
    if found is None:
        raise Refused("请选择措施")
    return found


def _publication(request: SignedIn, one: Slip) -> Publication:
    key = request.POST.get("publication", "")
    found = one.publications.filter(pk=int(key) if key.isdecimal() else 0).first()
    if found is None:
        raise Refused("没有这条公示")
    return found


@require_GET
@page(Permission.SEE_PLANS)
def file(request: SignedIn, pk: int, file_id: int) -> HttpResponse:
    """One file of an answer, as a download; each look is logged."""
    one = found_slip(request, pk)
    found = SlipFile.objects.filter(pk=file_id, event__slip=one).first()
    if found is None:
        raise not_found(_("没有这个文件。"))
    return sent_and_logged(request, found, room=actions.ROOM, kind="slip_file")
