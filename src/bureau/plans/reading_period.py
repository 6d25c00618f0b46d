"""计划期: from when to when a plan runs, as its title, its number and its deadlines say. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bureau.plans.document_dates import first_day, last_day

_RANGE = re.compile(r"((?:19|20)\d{2})年?\s*(?:-|—{1,2}|－|–|~|～|至|到)\s*((?:19|20)\d{2})")
_YEAR = re.compile(r"[〔\[（(【]((?:19|20)\d{2})[〕\]）)】]")
LONGEST = 30  # years; a later year in a plan is not its end


def period_of(
    title: str, number: str, dated: str, compiled: Mapping[str, Any]
) -> tuple[date | None, date | None]:
    """(first day, last day); None where nothing is said. The title counts most, then the latest deadline of the text."""
    if match := _RANGE.search(title):
        return first_day(match[1]), last_day(match[2])
    begins = first_day(dated)
    year = begins.year if begins else int(found[1]) if (found := _YEAR.search(number)) else None
    ends = [
        last_day(one.get("t_end"))
        for one in compiled["deadlines"]
        if one["kind"] in ("by", "in", "range", "duration")
    ]
    ends += [last_day(one.get("by")) for one in compiled["targets"]]
    known = [day for day in ends if day and (year is None or year <= day.year <= year + LONGEST)]
    return begins, max(known, default=None)
