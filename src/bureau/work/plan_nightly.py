"""计划跟随数据: what a finished run and each night mean for the targets and duties of the plans in force."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from bureau.care import rates
from bureau.links.population import population
from bureau.plans import duty_actions, reading_actions, target_outlook
from bureau.plans.models import Plan
from bureau.plans.target_models import Target
from bureau.plans.target_queries import runs_by_day, wanted_subsets
from bureau.runs import measured
from bureau.runs.models import Run


def after_run(run: Run, *, today: date) -> int:
    """指标入库，读数跟随: stores the measures of a finished run and brings the targets of its county up to date."""
    stored = measured.measure(
        run,
        subsets=wanted_subsets(run.county_code),
        population=people(run),
        ledgers=counted(run, today=today),
    )
    if stored:
        reading_actions.follow(run=run, today=today)
    return stored


def people(
    run: Run, day: date | None = None, *, ledger_day: date | None = None
) -> measured.Population | None:
    """适龄人口比对表: the household register beside the student register on a day, of the run itself unless told, and beside the dropout
    ledger of `ledger_day`, the same day unless told."""
    on = day or run.day
    away = rates.out_of_school(run.county_code, ledger_day or on)
    return population(run.county_code, on, out_of_school=away)


def counted(run: Run, *, today: date) -> measured.Counted:
    """台账的数 for a run: as of today where its registers are still the newest, else as of its own day."""
    runs = runs_by_day(run.county_code)
    day = max(run.day, today) if not runs or run.day >= runs[-1].day else run.day
    return counted_on(run.county_code, day)


def counted_on(county_code: str, day: date) -> measured.Counted:
    """台账的数 as of the evening of a day."""
    return measured.Counted(day, rates.ledger_tables(county_code, day))


def count_ledgers(county_code: str, *, today: date) -> int:
    """每晚: the measures of ledgers go on while the registers stay; answers how many rows were counted."""
    runs = runs_by_day(county_code)
    if not runs:
        return 0
    ledgers = counted(runs[-1], today=today)
    stored = measured.count_again(runs[-1], subsets=wanted_subsets(county_code), ledgers=ledgers)
    if stored:
        reading_actions.follow(run=runs[-1], today=today)
    return stored


def keep_up(*, today: date, at: datetime) -> None:
    """每晚: further periods of recurring tasks open, and each target is judged as of today."""
    duty_actions.open_due(today=today, at=at)
    targets = Target.objects.filter(plan__state=Plan.State.PUBLISHED)
    with transaction.atomic():
        target_outlook.refresh(list(targets), today=today)


@task()
def measure_bound(county_code: str) -> None:
    """补算: what bindings of a county ask for and the stored results do not hold yet, for every data day."""
    subsets = wanted_subsets(county_code)
    today = timezone.localdate()
    for run in runs_by_day(county_code):
        own, ledgers = people(run), counted(run, today=today)
        if measured.measure_more(run, subsets=subsets, population=own, ledgers=ledgers):
            reading_actions.follow(run=run, today=today)
