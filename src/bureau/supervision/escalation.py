"""逾期升级: what follows when a slip is late, by rules that the bureau sees and changes, and by hand (约谈、问责)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Permission, demand, why_not
from bureau.supervision import queries, rules
from bureau.supervision.models import Escalation, EscalationStep, Slip, SlipEvent
from bureau.workdays.queries import calendar

# No document gives these days: every county confirms or changes them.
ASSUMED_STEPS = (("提醒", 1, True), ("通报", 5, True), ("约谈", 10, False), ("问责建议", 20, False))


@dataclass(frozen=True, slots=True)
class Step:
    """一级措施."""

    title: str
    days_late: int
    automatic: bool


def begin_steps(*, county_code: str, at: datetime) -> None:
    """The assumed steps, where a county has none yet."""
    with transaction.atomic():
        if not queries.steps(county_code).exists():
            EscalationStep.objects.bulk_create(
                EscalationStep(
                    county_code=county_code, position=number, title=title, days_late=days, automatic=automatic
                )
                for number, (title, days, automatic) in enumerate(ASSUMED_STEPS, 1)
            )
            obj = ("escalation_steps", county_code)
            write(by=None, verb=Verb.CHANGE_SETTING, obj=obj, detail={"assumed": True}, at=at)


def set_steps(*, county_code: str, steps: Sequence[Step], by: User, at: datetime, address: str = "") -> None:
    """改升级规则: saving is confirming, by a named person. Raises Refused with every problem at once."""
    problems = [] if steps else ["至少要有一级措施"]
    last = 0
    for number, step in enumerate(steps, 1):
        if not step.title.strip():
            problems.append(f"第 {number} 级没有名称")
        if step.days_late <= last:
            problems.append(f"第 {number} 级的逾期工作日“{step.days_late}”应大于上一级的 {last}")
        last = max(last, step.days_late)
    demand(why_not(by.role, Permission.SUPERVISE) or "；".join(problems) or None)
    with transaction.atomic():
        queries.steps(county_code).delete()
        EscalationStep.objects.bulk_create(
            EscalationStep(
                county_code=county_code,
                position=number,
                title=step.title.strip(),
                days_late=step.days_late,
                automatic=step.automatic,
                confirmed_by=by,
                confirmed_at=at,
            )
            for number, step in enumerate(steps, 1)
        )
        detail = {"steps": [f"{step.title} {step.days_late}" for step in steps]}
        obj = ("escalation_steps", county_code)
        write(by=by, verb=Verb.CHANGE_SETTING, obj=obj, detail=detail, at=at, address=address)


def follow(*, county_code: str, today: date, at: datetime) -> int:
    """每晚: records the automatic steps that late slips have reached; answers how many. Doing it twice changes nothing."""
    automatic = [step for step in queries.steps(county_code) if step.automatic]
    if not automatic:
        return 0
    days = calendar()
    made = 0
    with transaction.atomic():
        for slip in queries.overdue_slips(county_code=county_code, today=today).prefetch_related(
            "escalations"
        ):
            late = days.between(slip.due or today, today)
            taken = {one.position for one in slip.escalations.all()}
            for step in automatic:
                if late >= step.days_late and step.position not in taken:
                    text = f"逾期 {late} 个工作日未反馈，按规则{step.title}"
                    _record(slip, step, text=text, present="", by=None, at=at, today=today, address="")
                    made += 1
    return made


def escalate(
    *,
    slip: Slip,
    step: EscalationStep,
    text: str,
    present: str,
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> Escalation:
    """约谈、问责: recorded by a person, with who was there and what came of it."""
    with transaction.atomic():
        one = Slip.objects.select_for_update(of=("self",)).get(pk=slip.pk)
        taken = one.escalations.filter(position=step.position).exists()
        demand(rules.why_not_escalate(one, by=by, taken=taken, text=text, today=today))
        return _record(one, step, text=text, present=present, by=by, at=at, today=today, address=address)


def _record(
    slip: Slip,
    step: EscalationStep,
    *,
    text: str,
    present: str,
    by: User | None,
    at: datetime,
    today: date,
    address: str,
) -> Escalation:
    made = Escalation.objects.create(
        slip=slip,
        position=step.position,
        title=step.title,
        day=today,
        present=present.strip(),
        text=text.strip(),
        by=by,
        at=at,
    )
    SlipEvent.objects.create(slip=slip, at=at, by=by, what="escalate", text=f"{step.title}：{text.strip()}")
    detail = {"step": step.title, "number": queries.number_of(slip)}
    write(by=by, verb=Verb.CHANGE, obj=("slip", str(slip.pk)), detail=detail, at=at, address=address)
    return made
