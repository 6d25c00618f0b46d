"""制批次: awards that passed their publication, or failed before, become lines for the bank; whole or not at all.

Getting ready reads much and writes nothing, so that the writing is short however long the list is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from json import dumps
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from bureau.log.models import Verb
from bureau.payments import award_queries, booking, fund_actions
from bureau.payments import batch_queries as queries
from bureau.payments import batch_rules as rules
from bureau.payments.award_actions import settle_again
from bureau.payments.batch_actions import done, move_awards
from bureau.payments.models import Award, AwardRound, BankTemplate, Batch, Fund, Line
from bureau.payments.money import in_order
from bureau.payments.states import AwardState, LineState
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.registry import bulk
from junheng.aid import by_source

AT_ONCE = 500
CHANGED = "制批次时名单或收款账户有了变化，什么也没有存；请核对后重新制"
_NAMES = ("batch", "position", "award", "account", "fen", "parts", "reviewed_by", "state", "reason")


class Waiting(NamedTuple):
    """一笔: not yet written."""

    award: int
    account: int
    fen: int
    parts: Mapping[str, int]
    reviewed_by: int


@dataclass(frozen=True, slots=True)
class Ready:
    """备好的明细, in the order of the lines, not yet written."""

    county_code: str
    title: str
    person_kind: str
    fund: Fund
    template: BankTemplate
    lines: tuple[Waiting, ...]


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
    rows = award_queries.in_class_order(drawable)
    chosen = list(rows.values_list("pk", "round", "person_kind", "person_key", "fen", "reviewed_by"))
    rounds = AwardRound.objects.select_related("fund").in_bulk({row[1] for row in chosen})
    progress(0.3)
    kinds = {(rounds[of].fund_id, kind) for _pk, of, kind, *_rest in chosen}
    kind = chosen[0][2] if chosen else "student"
    accounts: dict[str, int] = {}
    if len(kinds) < 2:
        accounts = queries.accounts_of(county_code, kind, (row[3] for row in chosen))
    progress(0.6)
    demand(
        rules.why_not_draft(
            role=by.role,
            title=title,
            awards=len(chosen),
            without_account=sum(row[3] not in accounts for row in chosen) if len(kinds) < 2 else 0,
            template=template is not None,
            several=len(kinds) > 1,
        )
    )
    assert template is not None  # noqa: S101 — the rule has seen to it
    shared: dict[tuple[int, int], Mapping[str, int]] = {}
    lines = []
    for number, (pk, of, _kind, key, fen, reviewed_by) in enumerate(chosen):
        if number % AT_ONCE == 0:
            progress(0.6 + number / len(chosen) * 0.3)
        parts = shared.setdefault((of, fen), {}) or by_source(in_order(rounds[of].shares), fen)
        shared[of, fen] = parts
        lines.append(Waiting(pk, accounts[key], fen, parts, reviewed_by))
    return Ready(county_code, title.strip(), kind, rounds[chosen[0][1]].fund, template, tuple(lines))


def write(ready: Ready, *, by: User, at: datetime, address: str = "") -> Batch:
    """写批次, if awards and accounts still are what they were when it was got ready."""
    with transaction.atomic():
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
        rows = (
            (batch.pk, position, line.award, line.account, line.fen, dumps(line.parts), line.reviewed_by, LineState.WAITING.value, "")
            for position, line in enumerate(ready.lines, 1)
        )  # fmt: skip
        try:
            with transaction.atomic():
                bulk.insert(Line, _NAMES, rows)
        except IntegrityError:
            raise Refused(CHANGED) from None
        moved = move_awards(batch, LineState.WAITING, AwardState.BATCHED, since=queries.DRAWABLE)
        ended = batch.lines.filter(account__until__isnull=False).exists()
        if batch.person_kind == "student":
            # Who had not been paid because the bank could not is in hand again.
            settle_again(
                batch.county_code, batch.lines.values_list("award__term", flat=True).distinct(), at=at
            )
        # Somebody drew, refused or paid one of them meanwhile, or changed an account.
        demand(CHANGED if moved != len(ready.lines) or ended else None)
        return done(batch, Verb.CREATE, "draft", f"{batch.lines_count:,} 笔", by=by, at=at, address=address)
