"""任务的写入: who answers for a task, by when and in which words, with who changed it, when and why."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import Prefetch

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import Organisation, User
from bureau.people.rules import Refused
from bureau.plans import task_rules as rules
from bureau.plans.document_queries import in_county
from bureau.plans.duty_actions import open_duties
from bureau.plans.duty_models import Duty, DutyEvent
from bureau.plans.duty_queries import standing
from bureau.plans.duty_rules import why_not_report
from bureau.plans.duty_states import OPEN_STATES, Event, next_state
from bureau.plans.models import Task, TaskEvent
from bureau.plans.task_queries import current_duty, current_plans

UNITS = ("leads", "supports")


class Changes(TypedDict, total=False):
    """任务改动; a key left out stays as it is. Units are ids of the register."""

    title: str
    measures: str
    goal: str
    leads: frozenset[int]
    supports: frozenset[int]
    person: str
    due: date | None
    frequency: str
    progress: str


def change(
    *,
    changes: Mapping[int, Changes],
    reason: str,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> int:
    """改任务: one or many, all or none, one log line. Open duties get the new deadline. Answers how many really changed."""
    with transaction.atomic():
        tasks = _locked(list(changes), by)
        names = dict(Organisation.objects.values_list("pk", "name"))
        problems: list[str] = []
        done: dict[str, dict[str, Any]] = {}
        for task in tasks:
            new = _different(task, changes[task.pk])
            if not new:
                continue
            refusal = rules.why_not_change(
                role=by.role, in_county=in_county(by, task.plan.county_code), plan_state=task.plan.state
            )
            wrong = [refusal] if refusal else rules.why_not_values({**_units(task), **new})
            if "progress" in new and not wrong:
                wrong = _wrong_progress(task, by)
            if wrong:
                problems += [f"第 {task.number} 项“{task.title}”：{one}" for one in wrong]
                continue
            words_of = {name: [_said(_old(task, name), names), _said(new[name], names)] for name in new}
            _write(task, new)
            TaskEvent.objects.create(task=task, at=at, by=by, changes=words_of, reason=reason.strip()[:300])
            _follow(task, new, by=by, at=at, today=today)
            done[str(task.pk)] = words_of
        if problems:
            raise Refused("；".join(problems))
        if done:
            keys = ",".join(list(done)[:20])
            detail = {"count": len(done), "changes": done}
            write(
                by=by,
                verb=Verb.CHANGE,
                obj=("task", keys),
                detail=detail,
                reason=reason,
                at=at,
                address=address,
            )
    return len(done)


def carry_over(*, old: Task, new: Task, at: datetime) -> int:
    """沿用: the duties of the version before with their history go on under the new task. The publication logs it."""
    moved = list(Duty.objects.filter(task=old))
    for duty in moved:
        duty.task = new
        if not new.frequency and duty.state in OPEN_STATES:
            duty.due = new.due
    Duty.objects.bulk_update(moved, ["task", "due"], batch_size=200)
    DutyEvent.objects.bulk_create(
        [DutyEvent(duty=duty, at=at, what="carry", text=f"随新版计划转入任务“{new.title}”") for duty in moved]
    )
    TaskEvent.objects.filter(task=old).update(task=new)
    return len(moved)


def _different(task: Task, wanted: Changes) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if _old(task, name) != value}


def _units(task: Task) -> dict[str, Any]:
    return {name: _old(task, name) for name in UNITS}


def _old(task: Task, name: str) -> Any:
    if name in UNITS:
        return frozenset(one.pk for one in getattr(task, name).all())
    if name == "progress":
        duty = current_duty(task)
        return duty.progress if duty else ""
    return getattr(task, name)


def _wrong_progress(task: Task, by: User) -> list[str]:
    duty = current_duty(task)
    if duty is None:
        return ["还没有应办事项，不能填进展"]
    refusal = why_not_report(duty, by=by, standing=standing(duty, by))
    return [refusal] if refusal else []


def _write(task: Task, new: Mapping[str, Any]) -> None:
    plain = [name for name in new if name not in UNITS and name != "progress"]
    for name in plain:
        setattr(task, name, new[name])
    if plain:
        task.save(update_fields=plain)
    for name in UNITS:
        if name in new:
            getattr(task, name).set(new[name])


def _follow(task: Task, new: Mapping[str, Any], *, by: User, at: datetime, today: date) -> None:
    """What a new deadline or frequency means for the duties that are still open."""
    if "progress" in new and (duty := current_duty(task)) is not None:
        duty.progress, duty.state = new["progress"], next_state(duty.state, Event.REPORT) or duty.state
        duty.save(update_fields=["progress", "state"])
        DutyEvent.objects.create(
            duty=duty, at=at, by=by, organisation=by.organisation, what=Event.REPORT, text=new["progress"]
        )
    still = list(Duty.objects.filter(task=task, state__in=OPEN_STATES))
    if "due" in new and not task.frequency:
        single = [duty for duty in still if duty.period == ""]
        for duty in single:
            duty.due = task.due
        Duty.objects.bulk_update(single, ["due"])
        text = f"完成时限改为 {_said(task.due, {})}"
        DutyEvent.objects.bulk_create(
            [DutyEvent(duty=duty, at=at, by=by, what="due", text=text) for duty in single]
        )
    if "frequency" in new:
        # Periods nobody has touched give way to those of the new frequency; what was reported stays.
        untouched = [duty.pk for duty in still if duty.state == Duty.State.PENDING]
        Duty.objects.filter(pk__in=untouched).delete()
        open_duties(task=task, today=today, at=at)


def _said(value: Any, names: Mapping[int, str]) -> str:
    if isinstance(value, frozenset | set):
        return "、".join(sorted(names.get(pk, str(pk)) for pk in value)) or "空"
    if isinstance(value, date):
        return value.isoformat()
    return "空" if value in (None, "") else str(value)


def _locked(task_ids: list[int], by: User) -> list[Task]:
    if not task_ids:
        raise Refused("没有选中任何任务")
    tasks = list(
        Task.objects.filter(pk__in=task_ids, plan__in=current_plans(by).values("pk"))
        .select_related("plan")
        .prefetch_related(*UNITS, Prefetch("duties", Duty.objects.order_by("due", "id")))
        .order_by("number")
        .select_for_update(of=("self",))
    )
    if len(tasks) < len(set(task_ids)):
        raise Refused("有的任务不在您的辖区内，或者计划已被新版代替，请刷新后再试")
    return tasks
