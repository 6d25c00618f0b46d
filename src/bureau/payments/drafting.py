"""制批次: awards that passed their publication, or failed before, become lines for the bank; whole or not at all.

Getting ready reads much and writes nothing, so that the writing is short however long the list is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bureau.log.models import Verb
from bureau.payments import award_queries, booking, fund_actions
from bureau.payments import batch_queries as queries
from bureau.payments import batch_rules as rules
from bureau.payments.batch_actions import done, move_awards
from bureau.payments.models import Award, BankAccount, BankTemplate, Batch, Fund, Line
from bureau.payments.states import AwardState, LineState
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from junheng.aid import by_source

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Ready:
    """备好的明细, in the order of the lines, not yet written."""

    county_code: str
    title: str
    person_kind: str
    fund: Fund
    template: BankTemplate
    lines: tuple[Line, ...]


def draft(
    *,
    county_code: str,
    title: str,
    awards: QuerySet[Award],
    template: BankTemplate | None,
    by: User,
    at: datetime,
    address: str = "",
) -> Batch:
    """制批次; each award goes to the account its person has now. Raises Refused with every problem."""
    ready = get_ready(county_code=county_code, title=title, awards=awards, template=template, by=by)
    return write(ready, by=by, at=at, address=address)


def get_ready(
    *,
    county_code: str,
    title: str,
    awards: QuerySet[Award],
    template: BankTemplate | None,
    by: User,
    progress: Callable[[float], None] = lambda share: None,
) -> Ready:
    """备明细: what would be written, or Refused with every problem."""
    fund_actions.demand_inside(by, county_code)
    drawable = awards.filter(county_code=county_code, state__in=queries.DRAWABLE)
    rows = award_queries.in_class_order(drawable.select_related("round__fund"))
    chosen: list[Award] = list(rows)
    progress(0.2)
    kinds = {(one.round.fund_id, one.person_kind) for one in chosen}
    kind = chosen[0].person_kind if chosen else "student"
    accounts: dict[str, BankAccount] = {}
    if len(kinds) < 2:
        accounts = queries.accounts_of(county_code, kind, (one.person_key for one in chosen))
    progress(0.5)
    demand(
        rules.why_not_draft(
            role=by.role,
            title=title,
            awards=len(chosen),
            without_account=sum(one.person_key not in accounts for one in chosen) if len(kinds) < 2 else 0,
            template=template is not None,
            several=len(kinds) > 1,
        )
    )
    assert template is not None  # noqa: S101 — the rule has seen to it
    lines = []
    for position, one in enumerate(chosen, 1):
        if position % AT_ONCE == 0:
            progress(0.5 + position / len(chosen) / 2)
        lines.append(
            Line(
                position=position,
                award=one,
                account=accounts[one.person_key],
                fen=one.fen,
                parts=by_source(one.round.shares, one.fen),
                reviewed_by_id=one.reviewed_by_id,  # type: ignore[misc]  # nothing is cleared unreviewed
            )
        )
    return Ready(county_code, title.strip(), kind, chosen[0].round.fund, template, tuple(lines))


def write(ready: Ready, *, by: User, at: datetime, address: str = "") -> Batch:
    """写批次, if awards and accounts still are what they were when it was got ready."""
    with transaction.atomic():
        _still(ready)
        batch = Batch.objects.create(
            county_code=ready.county_code,
            title=ready.title,
            person_kind=ready.person_kind,
            fund=ready.fund,
            template=ready.template,
            lines_count=len(ready.lines),
            fen=sum(line.fen for line in ready.lines),
            parts=booking.added(line.parts for line in ready.lines),
            drafted_by=by,
            drafted_at=at,
        )
        for line in ready.lines:
            line.batch = batch
        Line.objects.bulk_create(ready.lines, batch_size=AT_ONCE)
        move_awards(batch, LineState.WAITING, AwardState.BATCHED)
        return done(batch, Verb.CREATE, "draft", f"{batch.lines_count:,} 笔", by=by, at=at, address=address)


def _still(ready: Ready) -> None:
    """Nobody has drawn, refused or paid one of them meanwhile, nor changed an account."""
    keys = sorted(line.award_id for line in ready.lines)
    accounts = sorted({line.account_id for line in ready.lines})
    there = sum(
        len(
            Award.objects.select_for_update(of=("self",))
            .filter(pk__in=keys[start : start + AT_ONCE], state__in=queries.DRAWABLE)
            .values_list("pk", flat=True)
        )
        for start in range(0, len(keys), AT_ONCE)
    )
    in_use = sum(
        BankAccount.objects.filter(pk__in=accounts[start : start + AT_ONCE], until=None).count()
        for start in range(0, len(accounts), AT_ONCE)
    )
    if there != len(keys) or in_use != len(accounts):
        raise Refused("制批次时名单或收款账户有了变化，什么也没有存；请核对后重新制")
