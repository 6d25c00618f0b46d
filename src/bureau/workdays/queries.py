"""查工作日历."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from bureau.workdays.models import ConfirmedYear, SpecialDay
from bureau.workdays.rules import Calendar


def calendar() -> Calendar:
    """工作日历 as it stands: two small queries; keep it for the time of one request or task."""
    return Calendar(
        dict(SpecialDay.objects.values_list("day", "working")),
        frozenset(ConfirmedYear.objects.values_list("year", flat=True)),
    )


def special_days(year: int) -> QuerySet[SpecialDay]:
    """特殊日 of one year, with who entered them."""
    return SpecialDay.objects.filter(day__year=year).select_related("by")


def years(*, today: date) -> list[int]:
    """Years on offer: those with days, this one and the next."""
    found: Iterable[date] = SpecialDay.objects.dates("day", "year")
    return sorted({one.year for one in found} | {today.year, today.year + 1})


def confirmation(year: int) -> ConfirmedYear | None:
    """Who confirmed a year."""
    return ConfirmedYear.objects.filter(year=year).select_related("by").first()
