"""返校跟踪的故事: children who dropped out months ago and came back, so that both follow-up visits have been due since.

Their comparisons look at these few children only: what a night would have found of them then.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bureau.cases import packs, sweeping, tables
from bureau.cases.models import Case
from bureau.cases.tables import County
from junheng.policy.ledgers import Ledger
from town.cases_earlier import away_row, plain
from town.cases_people import at
from town.cases_walk import Story, way_to

ROUNDS = (
    (125, 0),
    (62, 4),
)  # days before today on which the absence was found, and where its children stand in the list
EACH = 4


def tell_returned(story: Story, now: County, today: date) -> None:
    """Two rounds: the first has run out by today, the second stands between its two visits."""
    pupils = now.tables["students"]
    rows = plain(pupils, story.cast.own)[20:]
    for before, first in ROUNDS:
        chosen = rows[first : first + EACH]
        if len(chosen) == EACH:
            _round(story, pupils, chosen, today - timedelta(days=before), today)


def _round(story: Story, pupils: Mapping[str, list[Any]], rows: list[int], day: date, today: date) -> None:
    keys = [pupils["student_key"][row] for row in rows]
    of = {code: packs.ledger(story.county_code, code) for code in ("suspected", "dropout", "returned")}
    _compare(story, pupils, rows, day, "suspected", away=True)
    for case in _cases(story, "suspected", keys):
        story.walk(case, of["suspected"], way_to(of["suspected"], "passed"), day + timedelta(days=1))
    for case in _cases(story, "dropout", keys):
        story.walk(case, of["dropout"], [of["dropout"].move("visit")], day + timedelta(days=2))
        story.walk(case, of["dropout"], way_to(of["dropout"], "said"), day + timedelta(days=3))
    _compare(story, pupils, rows, day + timedelta(days=6), "dropout", away=False)
    for case in _cases(story, "dropout", keys):
        moves = [of["dropout"].move("verify"), of["dropout"].move("close")]
        story.walk(case, of["dropout"], moves, day + timedelta(days=7))
    _compare(story, pupils, rows, day + timedelta(days=7), "returned", away=False)
    followed = _cases(story, "returned", keys)
    for case in followed[1:]:
        story.walk(case, of["returned"], [of["returned"].move("visit_first")], day + timedelta(days=36))
    second = min(day + timedelta(days=96), today - timedelta(days=1))
    for case in followed[-1:]:
        _second(story, case, of["returned"], second)


def _second(story: Story, case: Case, of: Ledger, day: date) -> None:
    story.walk(case, of, [of.move("visit_second")], day)


def _cases(story: Story, ledger: str, keys: list[str]) -> list[Case]:
    found = Case.objects.filter(county_code=story.county_code, ledger=ledger, subject_key__in=keys)
    return list(found.order_by("subject_key"))


def _compare(
    story: Story, pupils: Mapping[str, list[Any]], rows: list[int], day: date, only: str, *, away: bool
) -> None:
    children = {name: [values[row] for row in rows] for name, values in pupils.items()}
    rooms = {(pupils["school_code"][row], pupils["grade"][row], pupils["class_number"][row]) for row in rows}
    days = {"school_code": [], "grade": [], "class_number": [], "day": [], "roll": [], "away_halves": []}  # type: dict[str, list[Any]]
    for school, grade, number in sorted(rooms):
        for back in range(2):
            called = (school, grade, number, day - timedelta(days=back), 40, 0)
            for name, value in zip(days, called, strict=True):
                days[name].append(value)
    streaks: dict[str, list[Any]] = {}
    for row in rows if away else ():
        for name, value in away_row(pupils, row, day).items():
            streaks.setdefault(name, []).append(value)
    county = County(
        {
            "students": children,
            "students_before": children,
            "class_days": days,
            "streaks": streaks,
            "cases": tables.cases_table(story.county_code),
        },
        dict.fromkeys(("students", "class_days", "streaks", "absences"), day),
        {"register_day": day, "register_day_before": day},
    )
    sweeping.sweep(county_code=story.county_code, county=county, at=at(day, 4), today=day, only=only)
