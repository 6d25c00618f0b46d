"""节假日 of the demo: what the package knows of this year and the last; of a year it does not know the calendar page says so."""

from datetime import date, timedelta

from bureau.workdays import actions as workdays
from bureau.workdays.models import SpecialDay
from bureau.workdays.seed import published
from town.cases_people import at


def fill_holidays(*, today: date) -> None:
    """Once; nothing for a year that has days already."""
    for year in (today.year - 1, today.year):
        if published(year) and not SpecialDay.objects.filter(day__year=year).exists():
            workdays.load_published(year=year, by=None, at=at(today - timedelta(days=300)))
