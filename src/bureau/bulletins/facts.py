"""通报的数据: what the readings, duties and slips say on one day; plain rows, from which figures and texts are made.

A day in the past is reckoned from the readings up to it and by playing back the history of each duty.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localtime

from bureau.bulletins.fact_rows import DutyFact, Facts, SlipFact, TargetFact, Unit, printed
from bureau.bulletins.models import Bulletin
from bureau.bulletins.rules import period
from bureau.people.models import Organisation
from bureau.plans.duty_models import Duty, DutyEvent
from bureau.plans.duty_states import OWED_STATES, Event, State, next_state
from bureau.plans.models import Plan, Task
from bureau.plans.target_models import Reading, Target
from bureau.plans.target_outlook import outlook
from bureau.plans.target_queries import clause, measure_of
from bureau.plans.target_rules import contradiction
from junheng.measures.progress_model import COMPARATOR_WORDS

_EVENTS = frozenset(str(one) for one in Event)
LONGEST_CLAUSE = 300


def gather(
    *, plans: QuerySet[Plan], kind: str, year: int, part: int, as_of: date, slips: Sequence[SlipFact] | None
) -> Facts:
    """The facts of a period as they stood on `as_of`."""
    starts, _ends = period(kind, year, part)
    targets = tuple(_targets(plans, starts, as_of))
    duties = tuple(_duties(plans, targets, starts, as_of))
    found = {unit.key: unit for one in duties for unit in one.leads}
    order = Organisation.objects.filter(pk__in=found).values_list("pk", flat=True)
    return Facts(
        plans=tuple(plans.order_by("id").values_list("title", flat=True)),
        starts=starts,
        as_of=as_of,
        tasks=Task.objects.filter(plan__in=plans, dropped="").count(),
        targets=targets,
        duties=duties,
        slips=None if slips is None else tuple(slips),
        units=tuple(found[key] for key in order),
    )


def gather_for(one: Bulletin, plans: QuerySet[Plan], slips: Sequence[SlipFact] | None, as_of: date) -> Facts:
    """The facts of a bulletin's own period on another day."""
    return gather(plans=plans, kind=one.kind, year=one.year, part=one.part, as_of=as_of, slips=slips)


def _targets(plans: QuerySet[Plan], starts: date, as_of: date) -> list[TargetFact]:
    rows = (
        Target.objects.filter(plan__in=plans)
        .select_related("plan", "task", "item")
        .prefetch_related(
            "task__leads", Prefetch("readings", Reading.objects.filter(day__lte=as_of).order_by("day", "id"))
        )
        .order_by("plan", "number")
    )
    found = []
    for row in rows:
        readings = [
            one for one in row.readings.all() if one.value is not None and (one.run_id or one.checked_by_id)
        ]
        verdict, said = outlook(row, readings, today=as_of)
        latest = readings[-1] if readings else None
        before = [one for one in readings if one.day < starts]
        first = before[-1] if before else readings[0] if len(readings) > 1 else None
        forecast = said.get("forecast") or {}
        measure = measure_of(row)
        words = "".join(clause(row)).strip()[:LONGEST_CLAUSE]
        found.append(
            TargetFact(
                key=row.pk, name=row.indicator, plan=row.plan.title, unit=row.unit, goal_words=_goal_words(row), goal=_goal(row),
                verdict=verdict, sentence=str(said.get("sentence", "")), leads=_units(row.task), task=row.task_id, due=row.due,
                clause=f"{row.plan.title}{row.plan.document_number}" + (f"“{words}”" if words else ""),
                document=row.plan.document_number or f"《{row.plan.title}》", formula=measure.formula if measure else "", at_least=row.comparator in ("ge", "gt", "eq", "approx"),
                goal_value=row.value, value=latest.value if latest else None, day=latest.day if latest else None,
                gap=said.get("gap"), needed=said.get("needed"), start=first.value if first else None,
                start_day=first.day if first else None, reaches=forecast.get("reaches"),
                forecast=printed(forecast["value"], row.unit) if forecast else "", run=latest.run_id if latest else None,
                numerator=latest.numerator if latest else None, denominator=latest.denominator if latest else None,
                against=contradiction(
                    row, verdict=verdict, latest=latest.value if latest else None, day=latest.day if latest else None
                )
                or "",
            )
        )  # fmt: skip
    return found


def _goal_words(row: Target) -> str:
    return "" if row.comparator == "eq" else COMPARATOR_WORDS.get(row.comparator, "")


def _goal(row: Target) -> str:
    if row.comparator == "between" and row.value2 is not None:
        return f"{printed(row.value)}到{printed(row.value2, row.unit)}之间"
    return printed(row.value, row.unit)


def _units(task: Task | None) -> tuple[Unit, ...]:
    return tuple(Unit(one.pk, one.name) for one in task.leads.all()) if task else ()


def _duties(
    plans: QuerySet[Plan], targets: Sequence[TargetFact], starts: date, as_of: date
) -> list[DutyFact]:
    rows = (
        Duty.objects.filter(task__plan__in=plans, task__dropped="")
        .exclude(opens__gt=as_of)
        .select_related("task__plan")
        .prefetch_related("task__leads", Prefetch("events", DutyEvent.objects.order_by("id")))
        .order_by("task__plan", "task__number", "due", "id")
    )
    by_task: dict[int, list[TargetFact]] = {}
    for target in targets:
        if target.task and target.verdict in ("behind", "on_course"):
            by_task.setdefault(target.task, []).append(target)
    found = []
    for row in rows:
        state, claimed, returned = _on(row, starts, as_of)
        if state == State.DROPPED:
            continue
        owed = state in OWED_STATES
        late = (as_of - row.due).days if row.due and owed and row.due < as_of else 0
        done_late = not owed and row.due is not None and claimed is not None and row.due < claimed
        found.append(
            DutyFact(
                key=row.pk, task=row.task_id, title=row.task.title + (f"（{row.period}）" if row.period else ""),
                plan=row.task.plan.title, leads=_units(row.task), due=row.due, state=state, late=late,
                closed_late=done_late and claimed is not None and claimed >= starts, returned=returned,
                against=_against(row, by_task.get(row.task_id, [])) if state == State.CLAIMED else "",
                in_period=row.due is not None and starts <= row.due <= as_of,
            )
        )  # fmt: skip
    return found


def _on(row: Duty, starts: date, as_of: date) -> tuple[str, date | None, int]:
    """(state on the day, day of its last claim, how often it was sent back in the period), by its history."""
    state: str = State.PENDING
    claimed, returned = None, 0
    for event in row.events.all():
        day = localtime(event.at).date()
        if day > as_of:
            break
        if event.what not in _EVENTS:
            continue
        state = next_state(state, Event(event.what)) or state
        if event.what == Event.CLAIM:
            claimed = day
        returned += event.what == Event.SEND_BACK and day >= starts
    return state, claimed, returned


def _against(row: Duty, targets: Sequence[TargetFact]) -> str:
    """What the data says against a claim; a recurring duty is held to the targets that have fallen due with it."""
    return "；".join(
        one.against
        for one in targets
        if one.against
        and (not row.task.frequency or one.due is None or (row.due is not None and one.due <= row.due))
    )
