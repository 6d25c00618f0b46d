"""一项应办: what is owed by when, how far it is, what the data says against a claim, and each step with its reason."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.cells import bracketed
from bureau.pages.context import current, show
from bureau.pages.duties import duty_address
from bureau.pages.kept_file import sent
from bureau.pages.sign_in import client_address
from bureau.pages.uploads import uploads
from bureau.people.file_rules import KINDS, LARGEST_FILE
from bureau.people.rules import Permission, Refused, may, why_not
from bureau.plans import duty_actions as actions
from bureau.plans import duty_queries as queries
from bureau.plans import duty_rules as rules
from bureau.plans.duty_models import Duty
from bureau.plans.duty_periods import words as frequency_words
from bureau.plans.duty_states import WORDS, State
from bureau.plans.target_models import Target
from bureau.plans.target_rules import goal_words
from bureau.plans.task_queries import PLAN_TEXT, current_plans, seen_plans
from bureau.supervision.queries import shown_slips

EVENT_WORDS = {
    "open": gettext_noop("立项"),
    "report": gettext_noop("填进展"),
    "note": gettext_noop("配合单位填进展"),
    "claim": gettext_noop("报完成"),
    "withdraw": gettext_noop("撤回完成"),
    "close": gettext_noop("复核销号"),
    "send_back": gettext_noop("复核退回"),
    "reopen": gettext_noop("重新打开"),
    "drop": gettext_noop("不再执行"),
    "resume": gettext_noop("恢复执行"),
    "due": gettext_noop("改时限"),
    "carry": gettext_noop("转入新版计划"),
}
ACTION_WORDS = {name: EVENT_WORDS[name] for name in ("report", "claim", "withdraw", "close", "send_back", "reopen", "drop", "resume")}  # fmt: skip
BULK = ("report", "claim", "close", "send_back")


def _duty(request: SignedIn, pk: int) -> Duty:
    here = current(request)
    plans = seen_plans(request.user, here.county_code)
    found = (
        queries.duties(plans)
        .filter(pk=pk)
        .select_related("task__plan", "claimed_by", "closed_by")
        .defer(*(f"task__{field}" for field in PLAN_TEXT))
        .prefetch_related("task__leads", "task__supports")
        .first()
    )
    if found is None:
        raise not_found(_("没有这项应办，或者它所在的计划不在您的辖区内。"))
    return found


@page(Permission.SEE_PLANS)
def duty(request: SignedIn, pk: int) -> HttpResponse:
    """One duty."""
    found, by, today = _duty(request, pk), request.user, localdate()
    who = queries.standing(found, by)
    against = queries.contradictions([found]).get(found.pk, [])
    claimed = found.state == State.CLAIMED
    reason = queries.reasons([found.pk]).get(found.pk, "")
    within = queries.reminder(found.task.plan.county_code).days
    late = rules.days_late(found, today=today)
    events = list(queries.events(found))
    return show(
        request,
        "duty.html",
        title=found.task.title + (bracketed(found.period) if found.period else ""),
        crumbs=[(_("本单位应办"), reverse("duties"))],
        duty=found,
        slips=shown_slips(request.user, duty=found),
        supervises=may(request.user.role, Permission.SUPERVISE),
        task=found.task,
        standing=_("与数据矛盾") if claimed and against else WORDS[State(found.state)],
        late=late,
        why=rules.why_listed(
            found, today=today, within=within, contradictions=against if claimed else (), reason=reason
        ),
        against=against,
        claimed=claimed,
        frequency=frequency_words(found.task.frequency),
        targets=[(one, goal_words(one)) for one in Target.objects.filter(task=found.task)],
        others=found.task.duties.exclude(pk=found.pk).order_by("-due", "-id")[:24],
        events=[(event, _(EVENT_WORDS.get(event.what, event.what))) for event in events],
        only_supports=who.supports and not (who.leads or who.bureau),
        endings=",".join(f".{ending}" for ending in KINDS),
        largest=LARGEST_FILE // 1024 // 1024,
        why_not_report=rules.why_not_report(found, by=by, standing=who),
        why_not_claim=rules.why_not_claim(found, by=by, standing=who),
        why_not_withdraw=rules.why_not_withdraw(found, by=by, standing=who),
        why_not_close=rules.why_not_close(found, by=by, standing=who, contradictions=against),
        why_not_send_back=rules.why_not_send_back(found, by=by, standing=who, reason="-"),
        why_not_reopen=rules.why_not_reopen(found, by=by, standing=who, reason="-"),
        why_not_drop=rules.why_not_drop(found, by=by, standing=who, reason="-"),
        why_not_resume=rules.why_not_resume(found, by=by, standing=who),
    )


@require_POST
@page(Permission.SEE_PLANS)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """One step of one duty; the answer is its page with what was done or why not."""
    found = _duty(request, pk)
    _perform(request, [found.pk], action)
    return HttpResponseRedirect(reverse("duty", args=[found.pk]))


@require_POST
@page(Permission.SEE_PLANS)
def bulk(request: SignedIn, action: str) -> HttpResponse:
    """The same step for many duties: first the form with what it will touch, then all or none."""
    if action not in BULK:
        raise not_found(_("没有这个操作。"))
    ids = [int(value) for value in request.POST.getlist("ids") if value.isdigit() and len(value) < 18]
    back = (
        request.POST.get("back") or request.headers.get("Referer", "").partition("://")[2].partition("/")[2]
    )
    back = back if back.startswith("/") else f"/{back}"
    back = back if back.startswith((reverse("duties"), reverse("plan-board"))) else reverse("duties")
    if not ids:
        messages.error(request, _("没有选中任何事项，请先勾选"))
        return HttpResponseRedirect(back)
    if "do" in request.POST and _perform(request, ids, action):
        return HttpResponseRedirect(back)
    here = current(request)
    lines = queries.duties(current_plans(request.user, here.county_code)).filter(pk__in=ids)
    permission = Permission.CHECK_DUTIES if action in ("close", "send_back") else Permission.REPORT_DUTIES
    return show(
        request,
        "duties_bulk.html",
        title=_(ACTION_WORDS[action]),
        crumbs=[(_("本单位应办"), reverse("duties"))],
        action=action,
        lines=[(one, WORDS[State(one.state)], duty_address({"id": one.pk})) for one in lines.select_related("task")],
        refused=why_not(request.user.role, permission),
        posted=request.POST,
        back=back,
        endings=",".join(f".{ending}" for ending in KINDS),
    )  # fmt: skip


def _perform(request: SignedIn, ids: Sequence[int], action: str) -> bool:
    """Do it and say so on the page, or say why not."""
    text = request.POST.get("text", "").strip()
    by, at, address = request.user, now(), client_address(request)
    steps: dict[str, Callable[[], int]] = {
        "report": lambda: actions.report(
            duty_ids=ids, text=text, percent=_percent(request), uploads=uploads(request), by=by, at=at, address=address
        ),
        "claim": lambda: actions.claim(
            duty_ids=ids, text=text, uploads=uploads(request), by=by, at=at, address=address
        ),
        "withdraw": lambda: actions.withdraw(duty_ids=ids, by=by, at=at, address=address),
        "close": lambda: actions.close(duty_ids=ids, remark=text, by=by, at=at, address=address),
        "send_back": lambda: actions.send_back(duty_ids=ids, reason=text, by=by, at=at, address=address),
        "reopen": lambda: actions.reopen(duty_ids=ids, reason=text, by=by, at=at, address=address),
        "drop": lambda: actions.drop(duty_ids=ids, reason=text, by=by, at=at, address=address),
        "resume": lambda: actions.resume(duty_ids=ids, by=by, at=at, address=address),
    }  # fmt: skip
    if action not in steps:
        raise not_found(_("没有这个操作。"))
    try:
        if (too_long := rules.why_not_words(text)) is not None:
            raise Refused(too_long)
        count = steps[action]()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    words = {"what": _(ACTION_WORDS[action]), "n": f"{count:,}"}
    messages.success(request, _("%(what)s：%(n)s 项已保存") % words)
    return True


def _percent(request: SignedIn) -> int | None:
    typed = request.POST.get("percent", "").strip().rstrip("%％")
    if not typed:
        return None
    if not typed.isdigit() or len(typed) > 4:
        raise Refused(f"进度“{typed}”不是 0 到 100 的整数，请改成数字，例如 60")
    return int(typed)


@require_GET
@page(Permission.SEE_PLANS)
def file(request: SignedIn, pk: int) -> HttpResponse:
    """One piece of evidence, as a download; each look is logged."""
    found = queries.file_for(pk, request.user)
    if found is None:
        raise not_found(_("没有这个文件，或者它所在的计划不在您的辖区内。"))
    return sent(
        found.name,
        lambda: actions.content(file=found, by=request.user, at=now(), address=client_address(request)),
    )
