"""督办的数目: the slips of a county as rows for bulletins and their ranking, as they stood on a day."""

from datetime import date, datetime

from django.utils.timezone import localtime

from bureau.bulletins.fact_rows import SlipFact, Unit
from bureau.bulletins.rules import period
from bureau.people.models import User
from bureau.plans.models import Plan
from bureau.supervision.models import Slip
from bureau.supervision.queries import number_of, visible_slips
from bureau.supervision.states import WORDS, State


def slip_facts(
    user: User, county_code: str, *, starts: date, as_of: date, plan: Plan | None = None
) -> list[SlipFact]:
    """The slips issued by `as_of`; with a plan, only those about its tasks and targets and those of inspections."""
    rows = visible_slips(user, county_code).exclude(state__in=[State.DRAFT, State.WITHDRAWN])
    found = []
    for row in rows.filter(issued_at__isnull=False).order_by("issued_at", "id"):
        issued = _day(row.issued_at)
        if issued is None or issued > as_of or (plan is not None and _plan(row) not in (None, plan.pk)):
            continue
        closed = row.state == State.CLOSED and _by(row.closed_at, as_of)
        answered = row.state in (State.ANSWERED, State.CLOSED) and _by(row.answered_at, as_of)
        late = not answered and row.due is not None and row.due < as_of
        found.append(
            SlipFact(
                key=row.pk, number=number_of(row), title=row.title, unit=Unit(row.organisation_id, row.organisation.name),
                rectification=row.kind == Slip.Kind.RECTIFICATION, closed=closed, late=late,
                in_period=issued >= starts, due=row.due,
                standing="已逾期" if late else WORDS[State.CLOSED if closed else State.ANSWERED if answered else State.RECEIVED],
            )
        )  # fmt: skip
    return found


def slips_of_period(
    user: User,
    county_code: str,
    *,
    kind: str,
    year: int | None,
    part: int | None,
    as_of: date | None,
    plan: Plan | None,
) -> list[SlipFact]:
    """The slips for a bulletin; none for a period that is not one, which the rule of drafting says."""
    try:
        starts, _ends = period(kind, year or 0, part or 0)
    except (KeyError, ValueError):
        return []
    return slip_facts(user, county_code, starts=starts, as_of=as_of, plan=plan) if as_of else []


def _plan(row: Slip) -> int | None:
    if row.duty is not None:
        return row.duty.task.plan_id
    return row.target.plan_id if row.target is not None else None


def _day(at: datetime | None) -> date | None:
    return localtime(at).date() if at else None


def _by(at: datetime | None, day: date) -> bool:
    found = _day(at)
    return found is not None and found <= day
