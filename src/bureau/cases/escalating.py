"""逾期升级: each night what is overdue goes one level up, and what belonged to somebody who has left goes to the desk above."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bureau.cases import change, deadlines, owning, packs
from bureau.cases.models import Case, Event, Holding
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.workdays.queries import calendar
from junheng.policy.ledgers import LEVEL_WORDS, LIVE


@dataclass(slots=True)
class Raised:
    """升级数 and the cases of those who left."""

    escalated: int = 0
    released: int = 0


def escalate(*, county_code: str, at: datetime, today: date) -> Raised:
    """每晚一次. A case at the top of its ladder stays there, overdue; one level a night at most."""
    raised = Raised()
    days = calendar()
    with transaction.atomic():
        late = Case.objects.select_for_update().filter(county_code=county_code, phase__in=LIVE, due__lt=today)
        ledgers = {ledger.code: ledger for ledger in packs.ledgers(county_code)}
        for case in late.order_by("pk"):
            ledger = ledgers.get(case.ledger)
            if ledger is None:
                continue
            above = owning.next_level(ledger.ladder.levels, case.level)
            if above == case.level:
                continue
            text = f"期限 {case.due} 已过，由{LEVEL_WORDS.get(case.level, '')}升级到{LEVEL_WORDS[above]}"
            case.level, case.owner = above, None
            case.due, case.due_note = deadlines.end_of(ledger.ladder.days, ledger.ladder.unit, today, days)
            case.revision += 1
            case.save(update_fields=["level", "owner", "due", "due_note", "revision"])
            change.hold(case, line="", level=above, user=None, day=today, by=None, reason="逾期升级")
            change.new_stay(case, "moved", today)
            change.event_of(case, Event.What.ESCALATED, at=at, day=today, by=None, text=text).save()
            raised.escalated += 1
        for user in _gone(county_code):
            reason = f"{user} 已离岗"
            raised.released += owning.release(user=user, reason=reason, by=None, at=at, today=today)
        if raised.escalated:
            write(
                by=None,
                verb=Verb.HAND_OVER,
                obj=("ledgers", county_code),
                detail={"escalated": raised.escalated},
                at=at,
            )
    return raised


def _gone(county_code: str) -> list[User]:
    """Owners whose account was deactivated, or moved to another school than their cases'."""
    owners = set(
        Case.objects.filter(county_code=county_code, phase__in=LIVE, owner__is_active=False).values_list(
            "owner", flat=True
        )
    )
    owners |= set(
        Holding.objects.filter(of__county_code=county_code, until=None, user__is_active=False).values_list(
            "user", flat=True
        )
    )
    return list(User.objects.filter(pk__in=owners).order_by("pk"))
