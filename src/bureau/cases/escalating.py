"""逾期升级: each night what is overdue goes one level up, and what belonged to somebody who has left goes to the desk above."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Max, QuerySet

from bureau.cases import change, deadlines, owning, packs
from bureau.cases.assigning import assign
from bureau.cases.models import Case, Event, Holding, Stay
from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Permission, may
from bureau.people.scope import scope_of
from bureau.workdays.queries import calendar
from junheng.policy.ledgers import LEVEL_WORDS, LIVE

BATCH = 500
_ENTERING = [
    Event.What.OPENED,
    Event.What.MOVED,
    Event.What.PASSED,
    Event.What.GONE,
    Event.What.BACK,
    Event.What.REOPENED,
]


@dataclass(slots=True)
class Raised:
    """升级数, the cases of those who left, and those whose class has another teacher."""

    escalated: int = 0
    released: int = 0
    followed: int = 0


def escalate(*, county_code: str, at: datetime, today: date) -> Raised:
    """每晚一次. A case at the top of its ladder stays there, overdue; one level a night at most."""
    raised = Raised()
    days = calendar()
    with transaction.atomic():
        late = Case.objects.select_for_update().filter(county_code=county_code, phase__in=LIVE, due__lt=today)
        ledgers = {ledger.code: ledger for ledger in packs.ledgers(county_code)}
        risen: list[Case] = []
        events: list[Event] = []
        for case in late.order_by("pk"):
            ledger = ledgers.get(case.ledger)
            if ledger is None:
                continue
            above = owning.next_level(ledger.ladder.levels, case.level)
            if above == case.level:
                continue
            text = f"期限 {case.due} 已过，由{LEVEL_WORDS.get(case.level, '')}升级到{LEVEL_WORDS[above]}"
            case.level, case.owner = above, None
            if deadlines.written_day(ledger.state(case.state), case.fields) is None:
                case.due, case.due_note = deadlines.end_of(
                    ledger.ladder.days, ledger.ladder.unit, today, days
                )
            case.revision += 1
            risen.append(case)
            events.append(change.event_of(case, Event.What.ESCALATED, at=at, day=today, by=None, text=text))
        _save(risen, events, today)
        raised.escalated = len(risen)
        # First to whoever has the class now; only what nobody has taken along goes one level up.
        raised.followed = _follow_teachers(county_code, at=at, today=today)
        raised.released = _release(county_code, at=at, today=today)
        if raised.escalated or raised.followed:
            write(
                by=None,
                verb=Verb.HAND_OVER,
                obj=("ledgers", county_code),
                detail={"escalated": raised.escalated, "followed": raised.followed},
                at=at,
            )
    return raised


def rises(events: QuerySet[Event]) -> dict[int, date]:
    """上一次逾期升级 of cases, as these events tell it: {case: the day}; left out where the case has come into another state since."""
    entered = events.filter(what__in=_ENTERING).exclude(before=F("after")).order_by()
    last = dict(entered.values_list("of").annotate(id=Max("pk")))
    rows = events.filter(what=Event.What.ESCALATED).order_by("pk").values_list("pk", "of", "day")
    return {case: day for pk, case, day in rows if pk > last.get(case, 0)}


def _follow_teachers(county_code: str, *, at: datetime, today: date) -> int:
    """A class that has another teacher takes its cases along."""
    teachers = owning.class_teachers(county_code, today)
    cases = Case.objects.filter(county_code=county_code, phase__in=LIVE, level="class", owner__role="teacher")
    taken: dict[User, list[Case]] = {}
    for case in cases.select_related("owner"):
        now = owning.owner_by_rule(case, teachers)
        if now is not None and now != case.owner:
            taken.setdefault(now, []).append(case)
    for now, theirs in taken.items():
        assign(theirs, now, level="class", line="", reason="班主任更换", by=None, at=at, today=today)
    return sum(map(len, taken.values()))


def _save(risen: list[Case], events: list[Event], today: date) -> None:
    """All of them in a few statements: after a holiday a county may have thousands."""
    Case.objects.bulk_update(risen, ["level", "owner", "due", "due_note", "revision"], batch_size=200)
    Event.objects.bulk_create(events, batch_size=BATCH)
    for start in range(0, len(risen), BATCH):
        part = risen[start : start + BATCH]
        Holding.objects.filter(of__in=part, line="", until=None).update(until=today)
        Stay.objects.filter(of__in=part, until=None).update(until=today)
        Stay.objects.bulk_create(change.stay_of(case, "moved", today) for case in part)
        Holding.objects.bulk_create(
            change.holding_of(
                case, line="", level=case.level, user=None, day=today, by=None, reason="逾期升级"
            )
            for case in part
        )


def _release(county_code: str, *, at: datetime, today: date) -> int:
    """What belongs to somebody who has left, or who does not act there any more, goes to the desk above, named."""
    held = Holding.objects.filter(of__county_code=county_code, of__phase__in=LIVE, until=None)
    owners = set(held.exclude(user=None).values_list("user", flat=True))
    owners |= set(
        Case.objects.filter(county_code=county_code, phase__in=LIVE)
        .exclude(owner=None)
        .order_by()
        .values_list("owner", flat=True)
        .distinct()
    )
    count = 0
    for user in User.objects.filter(pk__in=owners).select_related("area").order_by("pk"):
        keeps = scope_of(user) if may(user.role, Permission.WORK_CASES) else owning.NOWHERE
        reason = f"{user} 已不在这里办理个案" if user.is_active else f"{user} 已离岗"
        count += owning.release(user=user, reason=reason, by=None, at=at, today=today, keeps=keeps)
    return count
