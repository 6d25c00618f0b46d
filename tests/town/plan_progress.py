"""编造的落实经过: what units of the demo county did about its plans: reports, claims (some against the data), checks, late ones.

Everything goes through the actions that people use, and comes out the same each time. All invented; texts say 演示.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.db import transaction

from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.plans import duty_actions, duty_queries, reading_actions, target_actions, target_queries
from bureau.plans.duty_models import Duty
from bureau.plans.models import Plan, Task
from bureau.plans.target_models import Target
from bureau.plans.target_outlook import refresh
from bureau.plans.task_queries import acts_for
from bureau.runs.subsets import subset_words
from bureau.work import plan_nightly
from junheng.measures import catalogue

_REPORTS = (
    "演示：已开会部署，正在摸底，建立问题清单",
    "演示：已印发实施方案，分解到各校，明确到人",
    "演示：主要环节已完成，正在收尾",
)
_CLAIMS = (
    "演示：已全部完成，验收资料存档备查",
    "演示：已落实到位，见印发文件、明细表和现场照片",
)
_RETURNS = ("演示：缺验收资料，请补充", "演示：只有方案，没有落实的依据")


REPORT, CLAIM, RETURN, CLOSE = range(4)


@dataclass(frozen=True, order=True)
class Step:
    """What an account does to several duties on one day."""

    day: date
    kind: int
    by: int
    words: int
    percent: int


@dataclass(frozen=True)
class Cast:
    """The accounts of the story: whoever acts for a unit, else the bureau's office; inspectors check."""

    office: User
    checkers: tuple[User, ...]
    by_unit: dict[int, User]

    def of(self, task: Task) -> User:
        """Who reports for a task."""
        return next((self.by_unit[one.pk] for one in task.leads.all() if one.pk in self.by_unit), self.office)

    def checker(self, chance: Random, but: User) -> User:
        """A second person."""
        return chance.choice([one for one in self.checkers if one.pk != but.pk])


def progress_story(county: str, *, today: date) -> dict[str, int]:
    """Three years of work on the county's published plans, up to `today`. Answers how many duties stand in which state."""
    cast = _cast(county)
    plans = Plan.objects.filter(county_code=county, state=Plan.State.PUBLISHED)
    with transaction.atomic():
        for plan in plans.order_by("pk"):
            _targets(plan, cast, today)
    plan_nightly.measure_bound.func(county)
    with transaction.atomic():
        for plan in plans.order_by("pk"):
            _duties(plan, cast, today)
        refresh(list(Target.objects.filter(plan__in=plans).select_related("plan")), today=today)
    found: dict[str, int] = {}
    for state in Duty.objects.filter(task__plan__in=plans).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def _cast(county: str) -> Cast:
    own = User.objects.filter(is_active=True, area__path__startswith=county)
    offices = list(own.filter(role="office").order_by("pk"))
    inspectors = tuple(own.filter(role="inspector").order_by("pk"))
    by_unit: dict[int, User] = {}
    for user in [*own.filter(role__in=("unit", "township")).order_by("pk"), *offices]:
        if user.organisation_id and user.role in ("unit", "office"):
            by_unit.setdefault(user.organisation_id, user)
        if user.role == "township":
            for pk in acts_for(user):
                by_unit.setdefault(pk, user)
    return Cast(offices[0], (*inspectors, *own.filter(role="leader")[:1]), by_unit)


def _duties(plan: Plan, cast: Cast, today: date) -> None:
    starts = plan.starts or today - timedelta(900)
    ends = min(plan.ends or today, today)
    together: dict[Step, list[int]] = {}
    for task in Task.objects.filter(plan=plan, dropped="").select_related("plan").prefetch_related("leads"):
        if task.frequency:
            for day in _steps(starts, ends):
                duty_actions.open_duties(task=task, today=day, at=_at(day))
        for duty in Duty.objects.filter(task=task, state=Duty.State.PENDING).order_by("due", "id"):
            chance = Random(f"{plan.document_number} {task.number} {duty.period}")
            for step in _life(duty, cast.of(task), cast, chance, starts, today):
                together.setdefault(step, []).append(duty.pk)
    people = {one.pk: one for one in (*cast.by_unit.values(), *cast.checkers, cast.office)}
    for step in sorted(together):
        _take(step, together[step], people[step.by])


def _life(duty: Duty, by: User, cast: Cast, chance: Random, starts: date, today: date) -> Iterator[Step]:
    """The steps of one duty from its opening to where it stands on the day; days are rough, so that units do several at once."""
    opens = max(duty.opens or starts, starts)
    due = duty.due or today + timedelta(200)
    if opens > today:
        return
    luck = chance.random()
    # A plan that has run out is mostly settled; one that runs has its share of late units.
    over = due < today
    first, second = (_rough(opens + (min(due, today) - opens) * part // 10, today) for part in (3, 7))
    if (over and luck < 0.12) or (not over and luck < 0.2):
        if luck >= 0.04:
            yield Step(first, REPORT, by.pk, 0, chance.choice((20, 40, 60)))
        return
    yield Step(first, REPORT, by.pk, 1, 40)
    yield Step(second, REPORT, by.pk, 2, chance.choice((70, 90)))
    if not over and luck < 0.75:
        return
    claimed = max(_rough(min(due + timedelta(chance.choice((-60, -20, 45))), today), today), second)
    yield Step(claimed, CLAIM, by.pk, chance.randrange(2), 100)
    if luck > 0.95:
        return
    checker = cast.checker(chance, by)
    looked = _rough(min(claimed + timedelta(40), today), today)
    yield Step(max(looked, claimed), RETURN if luck > 0.9 else CLOSE, checker.pk, chance.randrange(2), 0)


def _take(step: Step, ids: Sequence[int], by: User) -> None:
    """Do it; a claim that the data contradicts stays open, which is part of the story."""
    at = _at(step.day)
    if step.kind == REPORT:
        text = _REPORTS[step.words]
        duty_actions.report(duty_ids=ids, text=text, percent=step.percent, by=by, at=at)
    elif step.kind == CLAIM:
        duty_actions.claim(duty_ids=ids, text=_CLAIMS[step.words], by=by, at=at)
    elif step.kind == RETURN:
        duty_actions.send_back(duty_ids=ids, reason=_RETURNS[step.words], by=by, at=at)
    else:
        against = duty_queries.contradictions(list(Duty.objects.filter(pk__in=ids).select_related("task")))
        agreed = [pk for pk in ids if pk not in against]
        if agreed:
            duty_actions.close(duty_ids=agreed, remark="演示：资料齐全，已现场核实", by=by, at=at)


def _rough(day: date, today: date) -> date:
    """The end of the half-year, or today if that is sooner."""
    return min(date(day.year, 6, 28) if day.month < 7 else date(day.year, 12, 28), today)


def _targets(plan: Plan, cast: Cast, today: date) -> None:
    """The office takes what is suggested; half of what no register holds is reported; some computed ones get a claim beside them."""
    known = catalogue()
    for target in Target.objects.filter(plan=plan).select_related("plan", "task").order_by("number"):
        chance = Random(f"{plan.document_number} target {target.number}")
        by = cast.of(target.task) if target.task else cast.office
        offered = [] if target.measure or target.reported else target_queries.suggestions(target)
        # A count may be what is to be built, which no register of schools answers.
        answers = [
            one for one in offered if known[one.code].source != "reported" and not known[one.code].whole
        ]
        if answers and answers[0].confidence >= 0.6:
            first = answers[0]
            _try(
                lambda target=target, first=first: target_actions.bind(  # type: ignore[misc]
                    target=target, measure=first.code, stage=first.stage, subset=subset_words(first.scope) or "",
                    reason="演示：与文件口径一致", by=cast.office, at=_at(plan.starts or today),
                )
            )  # fmt: skip
            target.refresh_from_db()
        if target.measure:
            latest = target.readings.exclude(value=None).last()
            if latest is not None and latest.value is not None and chance.random() < 0.4:
                value = round(
                    latest.value * chance.choice((1.0, 1.01, 1.02)), 1 if target.unit == "%" else None
                )
                _claim(target, latest.day, value, cast, by, today)
        elif target.unit == "%" and (target.reported or chance.random() < 0.5):
            if not target.reported:
                target = target_actions.report_series(
                    target=target,
                    reason="演示：登记册没有这项数据",
                    by=cast.office,
                    at=_at(plan.starts or today),
                )
            _series(target, chance, cast, by, today)


def _claim(target: Target, day: date, value: float, cast: Cast, by: User, today: date) -> None:
    for who in (by, cast.office):
        if _try(
            lambda who=who: reading_actions.claim(  # type: ignore[misc]
                target=target, day=day, value=value, text="演示：单位自报", by=who, at=_at(today), today=today
            )
        ):
            return


def _series(target: Target, chance: Random, cast: Cast, by: User, today: date) -> None:
    """Yearly readings that climb towards the target or stay behind it; the last one may still wait for its check."""
    first = (target.plan.starts or today).year
    last = min(today, target.due or today).year
    years = list(range(max(first, last - 3), last + 1))
    short = chance.choice((0.0, 0.0, 4.0, 9.0))
    for place, year in enumerate(years):
        day = min(date(year, 12, 31), today - timedelta(10))
        value = round(target.value - short - 3.0 * (len(years) - 1 - place), 1)
        at = _at(min(day + timedelta(20), today))
        for who in (by, cast.office):
            try:
                reading = reading_actions.enter(
                    target=target, day=day, value=value, note="演示：年度统计表", by=who, at=at, today=today
                )
            except Refused:
                continue
            if place < len(years) - 1 or chance.random() < 0.7:
                reading_actions.check(reading=reading, by=cast.checker(chance, who), at=at)
            break


def _steps(starts: date, ends: date) -> Iterator[date]:
    day = starts
    while day <= ends:
        yield day
        day += timedelta(180)


def _try(step: Callable[[], object]) -> bool:
    """Whether the step was taken; a refusal is part of the story (a claim that the data contradicts stays open)."""
    try:
        step()
    except Refused:
        return False
    return True


def _at(day: date) -> datetime:
    return datetime.combine(day, time(2), UTC)
