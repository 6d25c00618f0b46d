"""资金账的写入: funds, movements, reversals and the closing of a year. One transaction and one log line each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.payments import fund_queries as queries
from bureau.payments import rules
from bureau.payments.models import Account, Batch, ClosedYear, Fund, Movement
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
        _lock(fund)
        problems = [
            sentence for entry in entries if (sentence := rules.why_not_enter(role=by.role, kind=entry.kind))
        ]
        demand("；".join(dict.fromkeys(problems)) or None)
        moves = [
            _Move(
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
        made = _book(fund, moves, by=by, at=at, today=today)
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
        fund = _lock(movement.fund)
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
        fund = _lock(fund)
        demand_inside(by, fund.county_code)
        demand(why_not_close(fund, year=year, role=by.role, today=today))
        made = ClosedYear.objects.create(fund=fund, year=year, by=by, at=at)
        held = queries.balances(fund.county_code, fund=fund, until=date(year, 12, 31))[-1].balance
        detail = {"fund": fund.name, "year": year, "balance": held}
        write(by=by, verb=Verb.CLOSE, obj=("fund", str(fund.pk)), detail=detail, at=at, address=address)
    return made


def why_not_close(fund: Fund, *, year: int, role: str, today: date) -> str | None:
    """为什么不能结这一年的账."""
    end = date(year, 12, 31)
    committed = (
        queries.balances(fund.county_code, fund=fund, until=end)[-1].committed if year < today.year else 0
    )
    return rules.why_not_close(
        role=role,
        year=year,
        today=today,
        closed=queries.closed_year(fund),
        first=fund.begun_on.year,
        committed=committed,
    )


# --- what batches book ---------------------------------------------------------------------------------------------


def commit(
    *, fund: Fund, parts: Mapping[str, int], batch: Batch, note: str, by: User, at: datetime, today: date
) -> None:
    """承诺 for an approved batch, by source. Inside the caller's transaction. Raises Refused naming every source that lacks."""
    _moved(fund, "commitment", rules.ROUTES["commitment"][0], parts, batch, note, by, at, today)


def pay(
    *,
    fund: Fund,
    parts: Mapping[str, int],
    batch: Batch,
    note: str,
    by: User | None,
    at: datetime,
    day: date,
    today: date,
) -> None:
    """发放: what the bank has paid of a batch."""
    _moved(fund, "payment", rules.ROUTES["payment"][0], parts, batch, note, by, at, today, day=day)


def release(
    *,
    fund: Fund,
    parts: Mapping[str, int],
    batch: Batch,
    note: str,
    by: User,
    at: datetime,
    day: date,
    today: date,
) -> None:
    """退回 of what was promised and could not be paid: it can be promised again."""
    _moved(fund, "return", rules.ROUTES["return"][0], parts, batch, note, by, at, today, day=day)


def take_back(
    *,
    fund: Fund,
    parts: Mapping[str, int],
    batch: Batch | None,
    note: str,
    by: User,
    at: datetime,
    day: date,
    today: date,
) -> list[Movement]:
    """退回 of what was paid: returned by the bank later, or repaid by a teacher who left."""
    return _moved(fund, "return", rules.ROUTES["return"][1], parts, batch, note, by, at, today, day=day)


def shortfalls(fund: Fund, parts: Mapping[str, int]) -> list[str]:
    """承诺之前: what lacks, by source; empty when the budget covers it."""
    accounts = _accounts(fund)
    fen = queries.sums(one.pk for one in accounts.values())
    found = []
    for source, needs in parts.items():
        account = accounts.get((source, "budgeted"))
        if account is None:
            found.append(f"“{fund.name}”没有“{Source(source).label}”这个来源")
            continue
        sentence = rules.why_overdrawn(
            fund=fund.name,
            source=str(Source(source).label),
            account="budgeted",
            has=fen[account.pk],
            needs=needs,
        )
        found += [sentence] if sentence else []
    return found


def _moved(
    fund: Fund,
    kind: str,
    route: tuple[str, str],
    parts: Mapping[str, int],
    batch: Batch | None,
    note: str,
    by: User | None,
    at: datetime,
    today: date,
    *,
    day: date | None = None,
) -> list[Movement]:
    moves = [_Move(kind, source, *route, fen, day or today, note) for source, fen in parts.items() if fen]
    return _book(_lock(fund), moves, by=by, at=at, today=today, batch=batch)


@dataclass(frozen=True, slots=True)
class _Move:
    kind: str
    source: str
    credit: str
    debit: str
    fen: int
    day: date
    note: str
    voucher: str = ""


def _book(
    fund: Fund,
    moves: Sequence[_Move],
    *,
    by: User | None,
    at: datetime,
    today: date,
    batch: Batch | None = None,
) -> list[Movement]:
    accounts = _accounts(fund)
    held = queries.sums(one.pk for one in accounts.values())
    closed = queries.closed_year(fund)
    problems: list[str] = []
    made: list[Movement] = []
    for number, move in enumerate(moves, 1):
        place = f"第{number}笔：" if len(moves) > 1 else ""
        if (move.source, move.credit) not in accounts:
            words = Source(move.source).label if move.source in Source.values else move.source or "空"
            problems.append(f"{place}“{fund.name}”没有“{words}”这个来源")
            continue
        credit, debit = accounts[move.source, move.credit], accounts[move.source, move.debit]
        refusal = rules.why_not_book(
            kind=move.kind, route=(move.credit, move.debit), fen=move.fen, day=move.day, today=today, closed=closed, begun=fund.begun_on, note=move.note,
        ) or (
            None if move.credit == "outside" else rules.why_overdrawn(
                fund=fund.name, source=credit.get_source_display(), account=credit.kind, has=held[credit.pk], needs=move.fen
            )
        )  # fmt: skip
        if refusal:
            problems.append(f"{place}{refusal}")
            continue
        held[credit.pk] -= move.fen
        held[debit.pk] += move.fen
        made.append(
            Movement(fund=fund, day=move.day, kind=move.kind, debit=debit, credit=credit, fen=move.fen, note=move.note.strip(), voucher=move.voucher.strip()[:40], batch=batch, by=by, at=at)
        )  # fmt: skip
    demand("；".join(problems) or None)
    for one in made:
        one.save(force_insert=True)
    return made


def _accounts(fund: Fund) -> dict[tuple[str, str], Account]:
    return {(one.source, one.kind): one for one in Account.objects.filter(fund=fund)}


def _lock(fund: Fund) -> Fund:
    """One writer of a fund at a time, so that the balance that was looked at is the balance that is booked on."""
    return Fund.objects.select_for_update(of=("self",)).get(pk=fund.pk)


def demand_inside(by: User, county_code: str) -> None:
    """Raises Refused when the county lies outside the account's area."""
    demand(why_not_county(by, county_code))


def added(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """{source: fen} summed over lines."""
    found: dict[str, int] = {}
    for one in parts:
        for source, fen in one.items():
            found[source] = found.get(source, 0) + fen
    return found
