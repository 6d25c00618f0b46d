"""四个一报告 on the desk: which reports the account's unit still owes, by which day; nothing is owed, nothing is listed."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.care import filings
from bureau.care.filing_rules import BY_NAME, why_not_send
from bureau.care.models import Filing
from bureau.pages.case_parts import days_words
from bureau.pages.context import Page

MOST = 6


def owed(here: Page, *, today: date) -> list[dict[str, Any]]:
    """The reports themselves, earliest due day first; only for those who may send them."""
    if not _sends(here):
        return []
    return [
        {
            "title": _(BY_NAME[one.kind].title),
            "words": one.words,
            "address": reverse("filing", args=[one.pk]),
            "due": one.due,
            "when": days_words(one.due, today),
            "late": one.due < today,
            "returned": one.returned_reason if one.state == Filing.State.RETURNED else "",
        }
        for one in filings.owed(here.user, here.county_code)[:MOST]
    ]


def summary(here: Page, *, today: date) -> list[dict[str, Any]]:
    """Counts for the first page, each with its address."""
    if not _sends(here):
        return []
    mine = filings.owed(here.user, here.county_code)
    late = filings.late(mine, today).count()
    next_due = mine.filter(due__gte=today).values_list("due", flat=True).first()
    waiting = mine.count() - late
    found = []
    if late:
        found.append((late, _("份控辍保学报告逾期未报"), True))
    if waiting and next_due:
        words = _("份控辍保学报告待上报，最早 %(day)s 到期") % {"day": next_due.isoformat()}
        found.append((waiting, words, False))
    address = reverse("filings")
    return [{"count": count, "what": what, "address": address, "bad": bad} for count, what, bad in found]


def _sends(here: Page) -> bool:
    role = here.user.role
    of_school = role == "school"
    refusal = why_not_send(role=role, in_scope=True, of_school=of_school, state="", text="", late=False)
    return refusal is None
