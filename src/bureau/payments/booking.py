"""记账: how money moves between the accounts of a fund, and what batches and repayments book. Inside the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bureau.payments import fund_queries as queries
from bureau.payments import rules
from bureau.payments.models import Account, Batch, Fund, Movement
from bureau.payments.models.funds import Source
from bureau.people.models import User
from bureau.people.rules import demand


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


def booked_on(fund: Fund, day: date, *, today: date) -> date:
    """入账日期: the day on which money moved, or today when that day's year has been closed meanwhile."""
    closed = queries.closed_year(fund)
    return today if closed is not None and day.year <= closed else day


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
    moves = [Move(kind, source, *route, fen, day or today, note) for source, fen in parts.items() if fen]
    return book(lock(fund), moves, by=by, at=at, today=today, batch=batch)


@dataclass(frozen=True, slots=True)
class Move:
    """要记的一笔: from `credit` to `debit` of one source."""

    kind: str
    source: str
    credit: str
    debit: str
    fen: int
    day: date
    note: str
    voucher: str = ""


def book(
    fund: Fund,
    moves: Sequence[Move],
    *,
    by: User | None,
    at: datetime,
    today: date,
    batch: Batch | None = None,
) -> list[Movement]:
    """记账, all or none, of a fund that is locked; every refusal is said with its place in the list."""
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


def lock(fund: Fund) -> Fund:
    """One writer of a fund at a time, so that the balance that was looked at is the balance that is booked on."""
    return Fund.objects.select_for_update(of=("self",)).get(pk=fund.pk)


def added(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """{source: fen} summed over lines."""
    found: dict[str, int] = {}
    for one in parts:
        for source, fen in one.items():
            found[source] = found.get(source, 0) + fen
    return found
