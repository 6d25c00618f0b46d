"""资金账的写入: funds, movements, reversals and the closing of a year. One transaction and one log line each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.payments import booking, rules
from bureau.payments import fund_queries as queries
from bureau.payments.models import Account, ClosedYear, Fund, Movement
from bureau.payments.models.funds import Source
from bureau.people.models import User
from bureau.people.rules import demand
from bureau.people.scope import why_not_county

THREE_FUNDS = ("教育扶贫基金", "优秀教师奖励基金", "教师大病救助基金")


@dataclass(frozen=True, slots=True)
class Entry:
    """一笔手工账: opening, income or budget of one source."""

    kind: str
    source: str
    fen: int
    day: date
    note: str
    voucher: str = ""


def open_fund(
    *,
    county_code: str,
    name: str,
    sources: Sequence[str],
    begun_on: date,
    basis: str = "",
    by: User,
    at: datetime,
    address: str = "",
) -> Fund:
    """建账: a fund with the accounts of its sources."""
    known = [source for source in Source.values if source in sources]
    taken = Fund.objects.filter(county_code=county_code, name=name.strip()).exists()
    demand(rules.why_not_open_fund(role=by.role, name=name, taken=taken, sources=len(known)))
    demand_inside(by, county_code)
    with transaction.atomic():
        fund = Fund.objects.create(
            county_code=county_code, name=name.strip(), basis=basis.strip(), begun_on=begun_on, by=by, at=at
        )
        Account.objects.bulk_create(
            Account(fund=fund, source=source, kind=kind) for source in known for kind in queries.KINDS
        )
        detail = {"name": fund.name, "sources": known, "begun": begun_on}
        write(by=by, verb=Verb.CREATE, obj=("fund", str(fund.pk)), detail=detail, at=at, address=address)
    return fund


def enter(*, fund: Fund, entry: Entry, by: User, at: datetime, today: date, address: str = "") -> Movement:
    """记一笔: opening, income or budget, by hand."""
    return enter_all(fund=fund, entries=[entry], by=by, at=at, today=today, address=address)[0]


def enter_all(
    *, fund: Fund, entries: Sequence[Entry], by: User, at: datetime, today: date, address: str = ""
) -> list[Movement]:
    """记几笔, all or none. Raises Refused with every problem, each with its place in the list."""
    demand_inside(by, fund.county_code)
    with transaction.atomic():
        booking.lock(fund)
        problems = [
            sentence for entry in entries if (sentence := rules.why_not_enter(role=by.role, kind=entry.kind))
        ]
        demand("；".join(dict.fromkeys(problems)) or None)
        moves = [
            booking.Move(
                entry.kind,
                entry.source,
                *rules.ROUTES[entry.kind][0],
                entry.fen,
                entry.day,
                entry.note,
                entry.voucher,
            )
            for entry in entries
        ]
        made = booking.book(fund, moves, by=by, at=at, today=today)
        detail = {
            "fund": fund.name,
            "movements": [f"{one.kind} {one.debit.source} {one.fen} {one.day}" for one in made[:200]],
            "fen": sum(one.fen for one in made),
        }
        write(by=by, verb=Verb.PAY, obj=("fund", str(fund.pk)), detail=detail, at=at, address=address)
    return made


def reverse(
    *, movement: Movement, reason: str, by: User, at: datetime, today: date, address: str = ""
) -> Movement:
    """冲销: the mirror of an entry, today. What was spent since cannot be taken back."""
    with transaction.atomic():
        fund = booking.lock(movement.fund)
        demand_inside(by, fund.county_code)
        demand(
            rules.why_not_reverse(
                movement,
                role=by.role,
                reversed_already=Movement.objects.filter(reverses=movement).exists(),
                reason=reason,
            )
            or rules.why_not_day(
                day=today, today=today, closed=queries.closed_year(fund), begun=fund.begun_on
            )
        )
        has = queries.sums([movement.debit_id])[movement.debit_id]
        demand(
            rules.why_overdrawn(
                fund=fund.name,
                source=movement.debit.get_source_display(),
                account=movement.debit.kind,
                has=has,
                needs=movement.fen,
            )
        )
        made = Movement.objects.create(
            fund=fund,
            day=today,
            kind=Movement.Kind.REVERSAL,
            debit=movement.credit,
            credit=movement.debit,
            fen=movement.fen,
            note=f"冲销 {movement.day:%Y-%m-%d}“{movement.note}”：{reason.strip()}"[:300],
            reverses=movement,
            by=by,
            at=at,
        )
        obj = ("fund", str(fund.pk))
        detail = {"reverses": movement.pk, "fen": movement.fen}
        write(by=by, verb=Verb.PAY, obj=obj, detail=detail, reason=reason.strip(), at=at, address=address)
    return made


def close_year(
    *, fund: Fund, year: int, by: User, at: datetime, today: date, address: str = ""
) -> ClosedYear:
    """结账: nothing is written into the year any more; the database holds to it."""
    with transaction.atomic():
        fund = booking.lock(fund)
        demand_inside(by, fund.county_code)
        demand(why_not_close(fund, year=year, role=by.role, today=today))
        made = ClosedYear.objects.create(fund=fund, year=year, by=by, at=at)
        held = queries.balances(fund.county_code, fund=fund, until=date(year, 12, 31))[-1].balance
        detail = {"fund": fund.name, "year": year, "balance": held}
        write(by=by, verb=Verb.CLOSE, obj=("fund", str(fund.pk)), detail=detail, at=at, address=address)
    return made


def why_not_close(fund: Fund, *, year: int, role: str, today: date) -> str | None:
    """为什么不能结这一年的账."""
    # What was promised in December and paid in January is no hindrance once the bank has answered.
    committed = queries.open_committed(fund, until=date(year, 12, 31)) if year < today.year else 0
    return rules.why_not_close(
        role=role,
        year=year,
        today=today,
        closed=queries.closed_year(fund),
        first=fund.begun_on.year,
        committed=committed,
    )


def demand_inside(by: User, county_code: str) -> None:
    """Raises Refused when the county lies outside the account's area."""
    demand(why_not_county(by, county_code))
