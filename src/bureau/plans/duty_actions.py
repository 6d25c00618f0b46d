"""应办事项的写入: units report and claim, a second person closes or sends back; nothing is closed by saying so.

Each action is one transaction with one line in the log, all or none, and refuses with the sentence of its rule (`Refused`).
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import read_access, write
from bureau.log.models import Verb
from bureau.people.file_rules import why_not_file
from bureau.people.kept import Upload, keep, open_kept
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.plans import duty_rules as rules
from bureau.plans.document_queries import in_county
from bureau.plans.duty_models import Duty, DutyEvent, DutyFile, DutySetting
from bureau.plans.duty_periods import periods
from bureau.plans.duty_queries import contradictions, standing
from bureau.plans.duty_rules import Standing
from bureau.plans.duty_states import OPEN_STATES, Event, State, next_state
from bureau.plans.models import Plan, Task
from bureau.plans.task_queries import PLAN_TEXT, acts_for, current_plans

ROOM = "plans"
Change = Callable[[Duty, Standing], DutyEvent]


def open_duties(*, task: Task, today: date, at: datetime) -> int:
    """立应办: the one duty of a task, or the current and the next period of a recurring one. Answers how many are new.

    Doing it again adds nothing. Without a log line of its own: publishing a plan and the nightly run write theirs.
    """
    if task.dropped:
        return 0
    known = set(Duty.objects.filter(task=task).values_list("period", flat=True))
    if task.frequency:
        wanted = [
            Duty(task=task, period=one.name, opens=one.opens, due=one.due)
            for one in periods(
                task.frequency, starts=task.plan.starts, ends=task.due or task.plan.ends, today=today
            )
        ]
    else:
        wanted = [Duty(task=task, period="", opens=task.plan.starts, due=task.due)]
    new = [duty for duty in wanted if duty.period not in known]
    with transaction.atomic():
        Duty.objects.bulk_create(new)
        DutyEvent.objects.bulk_create([DutyEvent(duty=duty, at=at, what="open") for duty in new])
    return len(new)


def open_due(*, today: date, at: datetime) -> int:
    """续开期次, each night: the next periods of the recurring tasks of all plans in force. Answers how many are new."""
    tasks = Task.objects.filter(plan__state=Plan.State.PUBLISHED, dropped="").exclude(frequency="")
    with transaction.atomic():
        opened = sum(open_duties(task=task, today=today, at=at) for task in tasks.select_related("plan"))
        if opened:
            write(by=None, verb=Verb.CREATE, obj=("duty", "nightly"), detail={"opened": opened}, at=at)
    return opened


def drop_open(*, plan: Plan, reason: str, by: User, at: datetime) -> int:
    """全部不再执行: all open duties of a plan that is withdrawn or replaced; the action that does that writes the log line."""
    with transaction.atomic():
        still = list(Duty.objects.select_for_update().filter(task__plan=plan, state__in=OPEN_STATES))
        for duty in still:
            duty.state = State.DROPPED
        Duty.objects.bulk_update(still, ["state"], batch_size=200)
        DutyEvent.objects.bulk_create(
            [DutyEvent(duty=duty, at=at, by=by, what=Event.DROP, text=reason) for duty in still]
        )
    return len(still)


def report(
    *,
    duty_ids: Sequence[int],
    text: str,
    percent: int | None = None,
    uploads: Sequence[Upload] = (),
    by: User,
    at: datetime,
    address: str = "",
) -> int:
    """填进展: words, per cent (by the leading unit) and files as evidence."""
    if not text.strip() and percent is None and not uploads:
        raise Refused("什么也没有填，请写进展、填百分比或上传文件")

    def change(duty: Duty, who: Standing) -> DutyEvent:
        only = who.supports and not (who.leads or who.bureau)
        demand(rules.why_not_report(duty, by=by, standing=who))
        demand(rules.why_not_percent(percent, supports_only=only))
        duty.state = next_state(duty.state, Event.REPORT) or duty.state
        duty.percent = duty.percent if percent is None else percent
        if text.strip() and not only:
            duty.progress = text.strip()
        return DutyEvent(what="note" if only else Event.REPORT, text=text.strip(), percent=percent)

    return _each(duty_ids, change, uploads=uploads, by=by, verb=Verb.REPORT, at=at, address=address)


def claim(
    *,
    duty_ids: Sequence[int],
    text: str,
    uploads: Sequence[Upload] = (),
    by: User,
    at: datetime,
    address: str = "",
) -> int:
    """报完成, with evidence in words or files. It closes nothing: the data must agree and another person look."""

    def change(duty: Duty, who: Standing) -> DutyEvent:
        demand(rules.why_not_claim(duty, by=by, standing=who))
        demand(rules.why_not_evidence(text, files=len(uploads)))
        duty.state = next_state(duty.state, Event.CLAIM) or duty.state
        duty.claimed_by, duty.claimed_at, duty.percent = by, at, 100
        if text.strip():
            duty.progress = text.strip()
        return DutyEvent(what=Event.CLAIM, text=text.strip(), percent=100)

    return _each(duty_ids, change, uploads=uploads, by=by, verb=Verb.REPORT, at=at, address=address)


def withdraw(*, duty_ids: Sequence[int], by: User, at: datetime, address: str = "") -> int:
    """撤回完成."""

    def change(duty: Duty, who: Standing) -> DutyEvent:
        demand(rules.why_not_withdraw(duty, by=by, standing=who))
        duty.state = next_state(duty.state, Event.WITHDRAW) or duty.state
        duty.claimed_by, duty.claimed_at = None, None
        return DutyEvent(what=Event.WITHDRAW)

    return _each(duty_ids, change, by=by, verb=Verb.RETURN, at=at, address=address)


def close(*, duty_ids: Sequence[int], remark: str = "", by: User, at: datetime, address: str = "") -> int:
    """复核销号 by a second person; refused while the data of the task's targets contradicts the claim."""
    against = contradictions(list(Duty.objects.filter(pk__in=list(duty_ids)).select_related("task")))

    def change(duty: Duty, who: Standing) -> DutyEvent:
        demand(rules.why_not_close(duty, by=by, standing=who, contradictions=against.get(duty.pk, ())))
        duty.state = next_state(duty.state, Event.CLOSE) or duty.state
        duty.closed_by, duty.closed_at = by, at
        return DutyEvent(what=Event.CLOSE, text=remark.strip())

    return _each(duty_ids, change, by=by, verb=Verb.CLOSE, at=at, address=address, reason=remark)


def send_back(*, duty_ids: Sequence[int], reason: str, by: User, at: datetime, address: str = "") -> int:
    """复核退回 with the reason; the unit owes it again."""

    def change(duty: Duty, who: Standing) -> DutyEvent:
        demand(rules.why_not_send_back(duty, by=by, standing=who, reason=reason))
        duty.state = next_state(duty.state, Event.SEND_BACK) or duty.state
        duty.claimed_by, duty.claimed_at = None, None
        return DutyEvent(what=Event.SEND_BACK, text=reason.strip())

    return _each(duty_ids, change, by=by, verb=Verb.RETURN, at=at, address=address, reason=reason)


def reopen(*, duty_ids: Sequence[int], reason: str, by: User, at: datetime, address: str = "") -> int:
    """重新打开 a closed duty, with the reason."""

    def change(duty: Duty, who: Standing) -> DutyEvent:
        demand(rules.why_not_reopen(duty, by=by, standing=who, reason=reason))
        duty.state = next_state(duty.state, Event.REOPEN) or duty.state
        duty.claimed_by, duty.claimed_at, duty.closed_by, duty.closed_at = None, None, None, None
        return DutyEvent(what=Event.REOPEN, text=reason.strip())

    return _each(duty_ids, change, by=by, verb=Verb.REOPEN, at=at, address=address, reason=reason)


def drop(*, duty_ids: Sequence[int], reason: str, by: User, at: datetime, address: str = "") -> int:
    """不再执行, with the reason."""

    def change(duty: Duty, who: Standing) -> DutyEvent:
        demand(rules.why_not_drop(duty, by=by, standing=who, reason=reason))
        duty.state = next_state(duty.state, Event.DROP) or duty.state
        duty.claimed_by, duty.claimed_at = None, None
        return DutyEvent(what=Event.DROP, text=reason.strip())

    return _each(duty_ids, change, by=by, verb=Verb.CHANGE, at=at, address=address, reason=reason)


def resume(*, duty_ids: Sequence[int], by: User, at: datetime, address: str = "") -> int:
    """恢复执行."""

    def change(duty: Duty, who: Standing) -> DutyEvent:
        demand(rules.why_not_resume(duty, by=by, standing=who))
        duty.state = next_state(duty.state, Event.RESUME) or duty.state
        return DutyEvent(what=Event.RESUME)

    return _each(duty_ids, change, by=by, verb=Verb.CHANGE, at=at, address=address)


def set_reminder(*, county_code: str, days: int, by: User, at: datetime, address: str = "") -> DutySetting:
    """定提醒天数 of a county: from then on confirmed by a named person."""
    with transaction.atomic():
        demand(rules.why_not_remind(days, by=by, in_county=in_county(by, county_code)))
        setting, _ = DutySetting.objects.update_or_create(
            county_code=county_code, defaults={"remind_days": days, "by": by, "at": at}
        )
        detail = {"remind_days": days}
        obj = ("duty_setting", county_code)
        write(by=by, verb=Verb.CHANGE_SETTING, obj=obj, detail=detail, at=at, address=address)
    return setting


def content(*, file: DutyFile, by: User, at: datetime, address: str = "") -> bytes:
    """打开佐证: its bytes, checked against the SHA-256 it was kept under; each look is logged."""
    data = open_kept(ROOM, file.sha256, file.name)
    detail = {"file": file.name, "sha256": file.sha256}
    obj = ("duty_file", str(file.pk))
    read_access(by=by, verb=Verb.VIEW, obj=obj, detail=detail, at=at, address=address)
    return data


def _each(
    duty_ids: Sequence[int],
    change: Change,
    *,
    uploads: Sequence[Upload] = (),
    by: User,
    verb: Verb,
    at: datetime,
    address: str,
    reason: str = "",
) -> int:
    with transaction.atomic():
        rows = _locked(duty_ids, by)
        demand("；".join(_wrong_files(uploads)) or None)
        units = acts_for(by)
        events = []
        for duty in rows:
            try:
                event = change(duty, standing(duty, by, units))
            except Refused as refusal:
                named = f"“{duty.task.title}”：{refusal}" if len(rows) > 1 else str(refusal)
                raise Refused(named) from refusal
            event.duty, event.at, event.by, event.organisation = duty, at, by, by.organisation
            events.append(event)
        fields = ["state", "percent", "progress", "claimed_by", "claimed_at", "closed_by", "closed_at"]
        Duty.objects.bulk_update(rows, fields, batch_size=200)
        DutyEvent.objects.bulk_create(events)
        kept = [(one, keep(ROOM, one.content)) for one in uploads]
        DutyFile.objects.bulk_create(
            [
                DutyFile(event=event, name=one.short_name, sha256=sha256, size=len(one.content))
                for event in events
                for one, sha256 in kept
            ]
        )
        detail = {
            "count": len(rows),
            "what": events[0].what,
            "state": rows[0].state,
            "text": events[0].text[:500],
            "files": [f"{one.short_name} {sha256}" for one, sha256 in kept],
        }
        keys = ",".join(str(duty.pk) for duty in rows[:20]) + ("…" if len(rows) > 20 else "")
        write(by=by, verb=verb, obj=("duty", keys), detail=detail, reason=reason, at=at, address=address)
    return len(rows)


def _locked(duty_ids: Sequence[int], by: User) -> list[Duty]:
    """The duties, locked until the end of the transaction; those the account does not see do not exist for it."""
    wanted = set(duty_ids)
    if not wanted:
        raise Refused("没有选中任何事项，请先勾选")
    rows = list(
        Duty.objects.filter(pk__in=wanted, task__plan__in=current_plans(by))
        .select_related("task__plan")
        .defer(*(f"task__{field}" for field in PLAN_TEXT))
        .prefetch_related("task__leads", "task__supports")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    if len(rows) < len(wanted):
        raise Refused(
            f"选中的 {len(wanted):,} 项中有 {len(wanted) - len(rows):,} 项不在您的辖区内，或者计划已不再执行"
        )
    return rows


def _wrong_files(uploads: Sequence[Upload]) -> list[str]:
    """Every file that is not taken, all at once."""
    found = (
        why_not_file(one.name, len(one.content), one.content[:8], files=number)
        for number, one in enumerate(uploads)
    )
    return [sentence for sentence in found if sentence]
