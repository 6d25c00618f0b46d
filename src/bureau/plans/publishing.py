"""发布计划: the tasks and targets of the preview are written, duties open, measures are bound, the version before steps back."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from difflib import SequenceMatcher

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import Organisation, User
from bureau.people.rules import Refused
from bureau.plans import duty_actions, target_actions, task_actions
from bureau.plans.document_queries import in_county
from bureau.plans.document_rules import why_not_publish
from bureau.plans.models import Plan, Task
from bureau.plans.publishing_draft import Draft, draft, openings
from bureau.plans.target_models import Target

MOVED = "已转入新版计划"
GONE = "新版计划没有这一任务"
ALIKE = 0.8
_SQUEEZE = re.compile(r"\s+")


def publish(
    *,
    plan: Plan,
    default_lead: Organisation | None = None,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> Plan:
    """发布. `default_lead` leads the tasks for which the text names nobody. Raises Refused with every open reason."""
    with transaction.atomic():
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        found = draft(plan, default_lead)
        refusal = why_not_publish(
            plan.state, openings(plan, found), role=by.role, in_county=in_county(by, plan.county_code)
        )
        if refusal:
            raise Refused(refusal)
        plan.state, plan.published_by, plan.published_at = Plan.State.PUBLISHED, by, at
        plan.save(update_fields=["state", "published_by", "published_at"])
        tasks, targets = _write(found)
        carried = _replace(plan, tasks, targets, by=by, at=at) if plan.previous else 0
        for task in tasks:
            duty_actions.open_duties(task=task, today=today, at=at)
        bound = target_actions.bind_suggested(targets=targets, by=by, at=at)
        detail: dict[str, object] = {
            "tasks": len(tasks),
            "targets": len(targets),
            "bound": bound,
            "carried": carried,
        }
        if default_lead is not None:
            detail |= {"default_lead": default_lead.name}
        obj = ("plan", str(plan.pk))
        write(by=by, verb=Verb.SUBMIT, obj=obj, detail=detail, at=at, address=address)
    return plan


def _write(found: Draft) -> tuple[list[Task], list[Target]]:
    tasks = Task.objects.bulk_create([one.task for one in found.tasks])
    for name in ("leads", "supports"):
        through = getattr(Task, name).through
        through.objects.bulk_create(
            [through(task=one.task, organisation=unit) for one in found.tasks for unit in getattr(one, name)]
        )
    for one in found.tasks:
        for target in one.targets:
            target.task = one.task
    return tasks, Target.objects.bulk_create(found.targets)


def _replace(plan: Plan, tasks: Sequence[Task], targets: Sequence[Target], *, by: User, at: datetime) -> int:
    """What was under way in the version before goes on in this one; the rest of it ends."""
    previous = plan.previous
    if previous is None:
        return 0
    left = list(previous.tasks.filter(dropped=""))
    carried = 0
    for task in tasks:
        old = same_task(task, left)
        if old is not None:
            left.remove(old)
            task_actions.carry_over(old=old, new=task, at=at)
            old.dropped = MOVED
            old.save(update_fields=["dropped"])
            carried += 1
    known = {(one.indicator, one.unit, one.scope): one for one in previous.targets.all()}
    for target in targets:
        former = known.pop((target.indicator, target.unit, target.scope), None)
        if former is not None:
            target_actions.carry_over(old=former, new=target)
    duty_actions.drop_open(plan=previous, reason=GONE, by=by, at=at)
    previous.tasks.filter(dropped="").update(dropped=GONE)
    previous.state = Plan.State.REPLACED
    previous.save(update_fields=["state"])
    return carried


def same_task(task: Task, others: Sequence[Task]) -> Task | None:
    """The task of another version that this one continues: by title and place, by title, else by like words."""
    title = _SQUEEZE.sub("", task.title)
    titled = [one for one in others if _SQUEEZE.sub("", one.title) == title]
    placed = [one for one in titled if one.section == task.section]
    if placed or titled:
        return (placed or titled)[0]
    for one in others:
        words = SequenceMatcher(None, task.measures, one.measures, autojunk=False)
        if (
            task.measures
            and words.real_quick_ratio() >= ALIKE
            and words.quick_ratio() >= ALIKE
            and words.ratio() >= ALIKE
        ):
            return one
    return None
