"""总览里的控辍: children out of school now, each with days and owner; whether it grows; where it is worst."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bureau.cases import packs, queries
from bureau.cases.counting import kept_since
from bureau.pages.case_parts import case_page, owner_words
from bureau.pages.context import Page
from bureau.pages.ledger_counts import first_day, stands
from bureau.people.queries import townships
from bureau.people.rules import Permission, may
from junheng.policy.ledgers import LIVE

MOST = 8
HOT = 5


def out_of_school(here: Page) -> dict[str, Any] | None:
    """What the overview shows; None for those who do not see cases, and where nobody has looked yet."""
    if not may(here.user.role, Permission.SEE_CASES):
        return None
    if kept_since(here.county_code, *queries.AWAY) is None:
        return None  # Never compared: nought would say that nobody is out of school.
    today = localdate()
    cases = queries.out_of_school(here.user, here.county_code)
    known = {one.code: one.title for one in packs.ledgers(here.county_code) if one.code in queries.AWAY}
    rows = list(cases.values("pk", "label", "school", "school_code", "township_code", "opened_on", "ledger", "level", "due", "owner__display_name", "subject_key"))  # fmt: skip
    children = len({row["subject_key"] for row in rows})
    towns = dict(townships(here.county_code).values_list("code", "name"))
    by_school = Counter(row["school"] for row in rows if row["school"])
    by_town = Counter(towns.get(row["township_code"], "") for row in rows if row["township_code"])
    begun = first_day(list(known), here.county_code)
    months = [day for day in _months(today) if begun and day >= begun] or [today]
    trend = stands(here.user, here.county_code, list(known), months)
    return {
        "children": children,
        "late": sum(bool(row["due"] and row["due"] < today) for row in rows),
        "no_owner": sum(row["owner__display_name"] is None for row in rows),
        "rows": [
            {
                "label": row["label"],
                "address": case_page(row["pk"]),
                "place": row["school"] or towns.get(row["township_code"], ""),
                "days": (today - row["opened_on"]).days,
                "ledger": known.get(row["ledger"], ""),
                "owner": owner_words(row["owner__display_name"], row["level"]),
            }
            for row in rows[:MOST]
        ],
        "more": max(len(rows) - MOST, 0),
        "towns": by_town.most_common(HOT),
        "schools": by_school.most_common(HOT),
        "finding": _finding(trend),
        "trend": {
            "grid": {"left": 8, "right": 24, "top": 20, "bottom": 8},
            "tooltip": {"trigger": "axis", "formatter": "tooltip"},
            "xAxis": {"type": "category", "data": [f"{day:%m-%d}" for day in months]},
            "yAxis": {"type": "value", "minInterval": 1, "splitNumber": 2},
            "series": [{"name": _("未销号"), "type": "line", "data": trend, "label": {"show": True}}],
        },
        "trend_rows": list(zip(months, trend, strict=True)),
        "ledgers": reverse("out-of-school"),
        "live": LIVE,
    }


def _months(today: date) -> list[date]:
    """The ends of the last five months, and today."""
    days, first = [today], today.replace(day=1)
    for _month in range(5):
        days.append(first - timedelta(days=1))
        first = (first - timedelta(days=1)).replace(day=1)
    return days[::-1]


def _finding(trend: list[int]) -> str:
    change = trend[-1] - trend[-2] if len(trend) > 1 else 0
    if not any(trend):
        return _("三本控辍台账近半年没有未销号的个案")
    if change > 0:
        return _("未销号 %(now)s 件，比上月末多 %(n)s 件") % {"now": f"{trend[-1]:,}", "n": f"{change:,}"}
    if change < 0:
        return _("未销号 %(now)s 件，比上月末少 %(n)s 件") % {"now": f"{trend[-1]:,}", "n": f"{-change:,}"}
    return _("未销号 %(now)s 件，与上月末相同") % {"now": f"{trend[-1]:,}"}
