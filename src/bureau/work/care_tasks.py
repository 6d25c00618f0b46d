"""控辍关爱的后台任务: the roll of school age and the reports that are due, each night and when asked."""

from datetime import date, datetime

from django.utils import timezone
from django_tasks import task

from bureau.care import filings, roll
from bureau.cases import duty_lines
from bureau.people.models import User
from bureau.registry import queries as registered
from bureau.runs import day_measures, measured
from bureau.runs.models import Run
from bureau.work import plan_nightly


@task()
def refresh_roll(county_code: str, user_id: int | None, address: str = "") -> None:
    """更新适龄台账 of one county."""
    by = User.objects.filter(pk=user_id).first() if user_id else None
    roll.refresh(
        county_code=county_code, today=timezone.localdate(), at=timezone.now(), by=by, address=address
    )


def _people(run: Run, day: date, ledger_day: date) -> measured.Population | None:
    return plan_nightly.people(run, day, ledger_day=ledger_day)


@task()
def count_day(pk: int) -> None:
    """计算某日指标, asked for by a person."""
    day_measures.count(pk=pk, population=_people, ledgers=plan_nightly.counted_on, at=timezone.now())


def keep_day(county_code: str, *, day: date, today: date, at: datetime, by: User | None = None) -> None:
    """某日指标, asked for and counted at once."""
    row = day_measures.ask(county_code=county_code, day=day, by=by, at=at, today=today)
    day_measures.count(pk=row.pk, population=_people, ledgers=plan_nightly.counted_on, at=at)


def nightly(*, today: date, at: datetime) -> None:
    """每晚, after the cases: whose duty each case is, the roll, reports of periods that have ended, and measures of the ledgers and of the day."""
    for county_code in registered.counties():
        duty_lines.fill(county_code=county_code, today=today)
        roll.refresh(county_code=county_code, today=today, at=at)
        filings.make_due(county_code=county_code, at=at, today=today)
        plan_nightly.count_ledgers(county_code, today=today)
        keep_day(county_code, day=today, today=today, at=at)
