"""换责任人: writes a new owner of many cases in a few statements; the rules were asked before. Inside an action's transaction."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F

from bureau.cases.change import event_of, holding_of, stay_of
from bureau.cases.models import Case, Event, Holding, Stay
from bureau.people.models import User
from junheng.policy.ledgers import LEVEL_WORDS

BATCH = 500


def assign(
    cases: Sequence[Case],
    to: User | None,
    *,
    level: str,
    line: str,
    reason: str,
    by: User | None,
    at: datetime,
    today: date,
) -> None:
    """Holdings, events and the cases themselves, whose `owner` is loaded; `line` "" is the owner in charge."""
    for start in range(0, len(cases), BATCH):
        part = cases[start : start + BATCH]
        before = {case.pk: _words(case.owner, case.level) for case in part}
        hold_all(part, to, level=level, line=line, reason=reason, by=by, today=today)
        if not line:
            _own(part, to, level, today)
        after = _words(to, level)
        Event.objects.bulk_create(
            event_of(
                case,
                Event.What.ASSIGNED,
                at=at,
                day=today,
                by=by,
                text=f"{after}。{reason}" if line else f"{before[case.pk]} → {after}。{reason}",
                title=line,
            )
            for case in part
        )


def hold_all(
    cases: Sequence[Case],
    to: User | None,
    *,
    level: str,
    line: str,
    reason: str,
    by: User | None,
    today: date,
) -> None:
    """责任人 of one line of many cases from a day on; the one before ends, and who held it already goes on."""
    now = Holding.objects.filter(of__in=cases, line=line, until=None)
    same = set(now.filter(user=to, level=level).values_list("of", flat=True))
    others = [case for case in cases if case.pk not in same]
    now.filter(of__in=others).update(until=today)
    Holding.objects.bulk_create(
        holding_of(case, line=line, level=level, user=to, day=today, by=by, reason=reason) for case in others
    )


def _own(part: Sequence[Case], to: User | None, level: str, today: date) -> None:
    moved = [case for case in part if case.level != level]
    Case.objects.filter(pk__in=[case.pk for case in part]).update(
        owner=to, level=level, revision=F("revision") + 1
    )
    for case in part:
        case.owner, case.level = to, level
        case.revision += 1
    Stay.objects.filter(of__in=moved, until=None).update(until=today)
    Stay.objects.bulk_create(stay_of(case, "moved", today) for case in moved)


def _words(owner: User | None, level: str) -> str:
    return str(owner) if owner else f"{LEVEL_WORDS.get(level, '')}待办"
