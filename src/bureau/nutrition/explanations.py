"""差异说明: words about a difference hold for the figures they were written about; where those change they are taken away."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from bureau.nutrition.models import Account, AccountClass


def forget_classes(lines: Iterable[int]) -> None:
    """各班的说明不再作数."""
    _forget(AccountClass.objects.filter(pk__in=list(lines)))


def forget_whole(accounts: Iterable[int]) -> None:
    """全校的说明不再作数."""
    _forget(Account.objects.filter(pk__in=list(accounts)))


def forget_delivered(county_code: str, deliveries: Iterable[tuple[str, date]]) -> None:
    """到货变了的学校和月份; what is signed says what was explained then."""
    for school_code, month in {(school, day.replace(day=1)) for school, day in deliveries}:
        _forget(
            Account.objects.filter(
                county_code=county_code, school_code=school_code, month=month, state="open"
            )
        )


def _forget(rows: QuerySet[Any]) -> None:
    rows.exclude(explained="").update(explained="", explained_by=None, explained_at=None)
