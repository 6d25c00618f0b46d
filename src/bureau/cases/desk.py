"""我的案头: what lies on a person's desk, due first, and why it does."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from bureau.cases import packs, rules
from bureau.cases.models import Case, Holding
from bureau.cases.seeing import visible
from bureau.people.models import User
from bureau.people.rules import Permission, may
from junheng.policy.ledgers import LEVEL_WORDS, LIVE, Ledger


def mine(user: User) -> Q:
    """我的: owned in charge, or answered for on one of the other lines."""
    return Q(owner=user) | Q(pk__in=Holding.objects.filter(user=user, until=None).values("of"))


@dataclass(frozen=True, slots=True)
class DeskLine:
    """案头一行. `days_left` is negative when overdue, None without a deadline."""

    case: Case
    ledger_title: str
    state_title: str
    why: str
    due: date | None
    days_left: int | None


# What a line of a list does not say.
UNREAD = ("fields", "detectors", "evidence")


def _levels(user: User) -> list[str]:
    """Whose cases without a named owner lie on this desk: those of its own level; a class's lie with its school."""
    level = rules.level_of(user.role)
    if level is None or not may(user.role, Permission.WORK_CASES):
        return []
    return {"class": [], "school": ["school", "class"]}.get(level, [level])


def desk_cases(user: User) -> QuerySet[Case]:
    """我案头的个案: mine, those of my level's desk without a named owner, and those I may confirm."""
    reach = mine(user) | Q(owner=None, level__in=_levels(user))
    if rules.level_of(user.role) == "bureau" and may(user.role, Permission.CLOSE_CASES):
        reach |= Q(phase="solved") & ~Q(done_by=user)
    return (
        visible(user)
        .filter(reach, phase__in=LIVE)
        .select_related("owner")
        .order_by(F("due").asc(nulls_last=True), "id")
    )


def desk(
    user: User,
    *,
    today: date,
    most: int = 200,
    when: Collection[str] = (),
    ledgers: Collection[str] = (),
    text: str = "",
) -> list[DeskLine]:
    """我的案头, the earliest deadline first, at most so many of those asked for: by deadline (`desk_counts`), ledger, or words of it."""
    known: dict[tuple[str, str], Ledger] = {}
    lines = []
    found = desk_cases(user).defer(*UNREAD)
    if when:
        parts = _parts(today)
        found = found.filter(reduce(or_, (parts[name] for name in when if name in parts), Q(pk=None)))
    if ledgers:
        found = found.filter(ledger__in=ledgers)
    if text:
        found = found.filter(Q(label__contains=text) | Q(school__contains=text) | Q(village__contains=text))
    for one in found[:most]:
        of = _of(known, one)
        state = of.state(one.state)
        left = (one.due - today).days if one.due else None
        lines.append(DeskLine(one, of.title, state.title, _why(one, user, left), one.due, left))
    return lines


SOON_DAYS = 3


def _parts(today: date) -> dict[str, Q]:
    soon = today + timedelta(days=SOON_DAYS)
    return {
        "late": Q(due__lt=today),
        "today": Q(due=today),
        "soon": Q(due__gt=today, due__lte=soon),
        "later": Q(due__gt=soon),
        "none": Q(due=None),
        "wrong": ~Q(contradiction=""),
    }


def desk_counts(user: User, *, today: date) -> dict[str, int]:
    """案头件数 by deadline: late, today, soon, later, none; `wrong` of them contradict the data. All of them, however many a list shows."""
    return desk_overview(user, today=today)[0]


def desk_overview(user: User, *, today: date) -> tuple[dict[str, int], list[str]]:
    """(件数 as of `desk_counts`, the codes of the ledgers that lie there), in one query."""
    parts = _parts(today)
    counted = {name: Count("pk", filter=condition) for name, condition in parts.items()}
    grouped = desk_cases(user).select_related(None).order_by().values("ledger")
    rows: list[dict[str, Any]] = [dict(row) for row in grouped.annotate(**counted)]
    return {name: sum(row[name] for row in rows) for name in parts}, sorted(row["ledger"] for row in rows)


def _why(one: Case, user: User, left: int | None) -> str:
    if one.contradiction:
        return one.contradiction
    if one.phase == "solved":
        return "数据显示已解决，请核实" if one.done_by_id is None else "数据显示已解决，请另一人复核销号"
    when = (
        ""
        if left is None
        else f"已逾期 {-left} 天"
        if left < 0
        else "今天到期"
        if left == 0
        else f"还有 {left} 天"
    )
    waits = f"{LEVEL_WORDS.get(one.level, '')}待办，还没有责任人"
    if one.owner_id is not None:
        whose = "由您办理" if one.owner_id == user.pk else f"由{one.owner}办理，您是责任人之一"
    else:
        whose = waits if one.level in _levels(user) else f"您是责任人之一，现在{waits}"
    return f"{whose}，{when}" if when else whose


def _of(known: dict[tuple[str, str], Ledger], one: Case) -> Ledger:
    key = (one.county_code, one.ledger)
    if key not in known:
        known |= {(one.county_code, of.code): of for of in packs.ledgers(one.county_code)}
    return known.get(key) or packs.ledger(*key)
