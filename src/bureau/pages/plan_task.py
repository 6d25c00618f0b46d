"""一项任务: its words in the plan, who answers for it by when, its targets and periods, and who changed what when and why."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.people.models import Organisation
from bureau.people.rules import Permission, Refused
from bureau.plans import duty_queries, duty_rules, task_actions, task_rules
from bureau.plans.document_queries import in_county
from bureau.plans.duty_periods import words as frequency_words
from bureau.plans.duty_states import WORDS, State
from bureau.plans.models import Task
from bureau.plans.target_rules import goal_words
from bureau.plans.task_queries import events, seen_plans, tasks

FREQUENCIES = ("", "1y", "6m", "1q", "1m", "1sy", "1sem", "2y")
CONTEXT = 200


def _task(request: SignedIn, pk: int) -> Task:
    here = current(request)
    found = tasks(seen_plans(request.user, here.county_code)).filter(pk=pk).first()
    if found is None:
        raise not_found(_("没有这项任务，或者它所在的计划不在您的辖区内。"))
    return found


@page(Permission.SEE_PLANS)
def task(request: SignedIn, pk: int) -> HttpResponse:
    """One task."""
    found, user, today = _task(request, pk), request.user, localdate()
    duties = list(found.duties.all())
    against = duty_queries.contradictions([one for one in duties if one.state == State.CLAIMED])
    plan = found.plan
    units = Organisation.objects.filter(county_code=plan.county_code, active=True)
    return show(
        request,
        "plan_task.html",
        title=found.title,
        crumbs=[(_("任务清单"), reverse("plan-tasks", args=[plan.pk]))],
        task=found,
        plan=plan,
        frequency=frequency_words(found.frequency),
        clause=_clause(found),
        duties=[
            {
                "duty": one,
                "standing": "与数据矛盾" if one.pk in against else "已超期" if duty_rules.overdue(one, today=today) else WORDS[State(one.state)],
                "late": duty_rules.days_late(one, today=today),
            }
            for one in duties
        ],
        targets=[(one, goal_words(one)) for one in found.targets.order_by("number")],
        events=[(event, [(task_rules.HEADINGS.get(name, name), *pair) for name, pair in event.changes.items()]) for event in events(found)],
        why_not_change=task_rules.why_not_change(
            role=user.role, in_county=in_county(user, plan.county_code), plan_state=plan.state
        ),
        units=units,
        lead_ids={one.pk for one in found.leads.all()},
        support_ids={one.pk for one in found.supports.all()},
        frequencies=[(code, frequency_words(code)) for code in dict.fromkeys((*FREQUENCIES, found.frequency))],
    )  # fmt: skip


def _clause(task: Task) -> tuple[str, str, str]:
    """(before, the task's own words, after) in the plan's text."""
    if task.start is None or task.end is None or not task.plan.source:
        return "", task.measures, ""
    source = task.plan.source
    before = source[max(0, task.start - CONTEXT) : task.start].lstrip()
    return before, source[task.start : task.end].rstrip(), source[task.end : task.end + CONTEXT].rstrip()


@require_POST
@page(Permission.SEE_PLANS)
def change(request: SignedIn, pk: int) -> HttpResponse:
    """Save what was typed on the task's page; every field that cannot be read is named at once."""
    found = _task(request, pk)
    try:
        count = task_actions.change(
            changes={found.pk: _typed(request)},
            reason=request.POST.get("reason", ""),
            by=request.user,
            at=now(),
            today=localdate(),
            address=client_address(request),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if count:
            messages.success(request, _("任务已保存"))
        else:
            messages.info(request, _("没有改动，什么也没有保存"))
    return HttpResponseRedirect(reverse("plan-task", args=[found.pk]))


def _typed(request: SignedIn) -> task_actions.Changes:
    typed = request.POST
    changes = task_actions.Changes(
        leads=frozenset(int(one) for one in typed.getlist("leads") if one.isdigit() and len(one) < 18),
        supports=frozenset(int(one) for one in typed.getlist("supports") if one.isdigit() and len(one) < 18),
        person=typed.get("person", "").strip(),
        frequency=typed.get("frequency", "").strip(),
    )
    due = typed.get("due", "").strip()
    problems = []
    try:
        changes["due"] = date.fromisoformat(due) if due else None
    except ValueError:
        problems.append(f"完成时限“{due}”不是日期，请写成 2027-12-31")
    if not typed.get("reason", "").strip():
        problems.append("请写明为什么改，例如“县政府常务会议调整分工”")
    if problems:
        raise Refused("；".join(problems))
    return changes
