"""控辍关爱的后台任务: the roll of school age and the reports that are due, each night and when asked."""

from datetime import date, datetime

from django.utils import timezone
from django_tasks import task

from bureau.care import filings, roll
from bureau.cases import duty_lines
from bureau.people.models import User
from bureau.registry import queries as registered
from bureau.work import plan_nightly


@task()
def refresh_roll(county_code: str, user_id: int | None, address: str = "") -> None:
    """更新适龄台账 of one county."""
    by = User.objects.filter(pk=user_id).first() if user_id else None
    roll.refresh(
        county_code=county_code, today=timezone.localdate(), at=timezone.now(), by=by, address=address
    )


def nightly(*, today: date, at: datetime) -> None:
    """每晚, after the cases: whose duty each case is, the roll, reports of periods that have ended, and measures of the ledgers."""
    for county_code in registered.counties():
        duty_lines.fill(county_code=county_code, today=today)
        roll.refresh(county_code=county_code, today=today, at=at)
        filings.make_due(county_code=county_code, at=at, today=today)
        plan_nightly.count_ledgers(county_code, today=today)
