"""供餐的后台任务: figures of open accounts follow the registers and roll calls every night."""

from datetime import date

from django_tasks import task

from bureau.nutrition import accounts
from bureau.nutrition.models import Account


@task()
def refresh_month(county_code: str, month: str, today: str) -> None:
    """重算一个月 of a county, for its open accounts."""
    accounts.refresh_month(
        county_code=county_code, month=date.fromisoformat(month), today=date.fromisoformat(today)
    )


def nightly(*, today: date) -> int:
    """每晚: every month that still has an open account is counted anew; answers how many months."""
    months = Account.objects.filter(state="open").order_by().values_list("county_code", "month").distinct()
    for county_code, month in months:
        accounts.refresh_month(county_code=county_code, month=month, today=today)
    return len(months)
