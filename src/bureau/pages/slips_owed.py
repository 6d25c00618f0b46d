"""督办单 on the desk: what the account's unit owes, and what waits for this account's check; nothing waits, nothing is listed."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.pages.context import Page
from bureau.supervision import queries
from bureau.supervision.rules import overdue
from bureau.supervision.states import WORDS, State

MOST = 10


def owed(here: Page, *, today: date) -> list[dict[str, Any]]:
    """The slips themselves, earliest deadline first: the unit's own, then those to be checked."""
    mine = list(queries.owed(here.user, here.county_code)[:MOST])
    checks = [one for one in queries.to_check(here.user, here.county_code)[:MOST] if one not in mine]
    return [
        {
            "slip": one,
            "number": queries.number_of(one),
            "address": reverse("slip", args=[one.pk]),
            "state": "已超期" if overdue(one, today=today) else WORDS[State(one.state)],
        }
        for one in (*mine, *checks)
    ]


def summary(here: Page, *, today: date) -> list[dict[str, Any]]:
    """Counts for the first page, each with its address."""
    mine = queries.owed(here.user, here.county_code)
    late = sum(overdue(one, today=today) for one in mine)
    found = (
        (late, _("张督办单已逾期"), f"{reverse('duties')}#slips", True),
        (mine.count() - late, _("张督办单待办"), f"{reverse('duties')}#slips", False),
        (
            queries.to_check(here.user, here.county_code).count(),
            _("张督办单待我复核"),
            f"{reverse('slips')}?view=answered",
            False,
        ),
    )
    return [
        {"count": count, "what": what, "address": address, "bad": bad}
        for count, what, address, bad in found
        if count
    ]
