"""某日的逾期: which cases of a ledger were overdue on the evening of a day, for reports of times that are over.

What is overdue now is read off the cases. For a day gone by the deadline that held then is worked out again: from the state a case stood
in, the day it came into it or last rose a level, and the calendar and settings as they are.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from bureau.cases import counting, deadlines
from bureau.cases.counting import Row
from bureau.cases.escalating import rises
from bureau.cases.models import Case, Event, Stay
from bureau.people.models import User
from bureau.workdays.queries import calendar
from junheng.policy.ledgers import LIVE, Ledger


def late_on(user: User, ledger: Ledger, county_code: str, day: date, *, today: date) -> list[Row]:
    """逾期的停留 on the evening of a day as far as the account's area reaches, one for each case that stood then."""
    standing = counting.standing(user, ledger.code, day, county_code)
    if day >= today:
        late = standing.filter(of__due__lt=today)
        return [Row._make(values) for values in late.values_list(*Row._fields)]
    rows = [Row._make(values) for values in standing.values_list(*Row._fields)]
    overdue = _overdue(ledger, rows, day)
    return [row for row in rows if row.of_id in overdue]


def _overdue(ledger: Ledger, rows: Collection[Row], day: date) -> set[int]:
    cases = [row.of_id for row in rows]
    began, risen = _began(cases, day), rises(Event.objects.filter(of__in=cases, day__lte=day))
    fields = dict(Case.objects.filter(pk__in=cases).values_list("pk", "fields"))
    states = {state.name: state for state in ledger.states}
    days, late = calendar(), set()
    for row in rows:
        state, since, up = states.get(row.state), began[row.of_id], risen.get(row.of_id)
        if state is None:
            continue
        written = fields.get(row.of_id) or {}
        if up is None or deadlines.written_day(state, written) is not None:
            due, _note = deadlines.due_of(ledger, state, since, days, written)
        else:
            due, _note = deadlines.end_of(ledger.ladder.days, ledger.ladder.unit, up, days)
        if due is not None and due < day:
            late.add(row.of_id)
    return late


def _began(cases: Collection[int], day: date) -> dict[int, date]:
    """{case: since when it had been in the state of that day}; being elsewhere, or with another level, begins nothing anew."""
    found: dict[int, date] = {}
    last: dict[int, str] = {}
    stays = Stay.objects.filter(of__in=cases, since__lte=day, phase__in=LIVE).order_by("id")
    for case, state, since in stays.values_list("of", "state", "since"):
        if last.get(case) != state:
            found[case], last[case] = since, state
    return found


def by_group(rows: Collection[Row], by: str, day: date) -> dict[str, float]:
    """{分组: 逾期数}, in the groups of the counts."""
    key = counting.key_of(by, day)
    found: dict[str, float] = defaultdict(float)
    for row in rows:
        found[key(row)] += 1
    return dict(found)
