"""查资金账: funds, balances by source, the ledger with its running balance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q, QuerySet, Sum

from bureau.payments.models import Account, Fund, Movement
from bureau.payments.models.funds import Source
from bureau.payments.states import BatchState

KINDS = tuple(Account.Kind.values)
UNDER_WAY = (BatchState.APPROVED, BatchState.SENT)


@dataclass(frozen=True, slots=True)
class Balance:
    """结余 of a fund, or of one source of it (source ""), in fen. `balance` is what is still held."""

    fund: Fund
    source: str
    given: int
    available: int
    budgeted: int
    committed: int
    paid: int

    @property
    def balance(self) -> int:
        """结余: what was given and has not been paid."""
        return self.available + self.budgeted + self.committed

    @property
    def source_words(self) -> str:
        """来源 in words."""
        return str(Source(self.source).label) if self.source else "合计"


def funds(county_code: str) -> QuerySet[Fund]:
    """基金 of a county."""
    return Fund.objects.filter(county_code=county_code)


def sums(accounts: Iterable[int], *, until: date | None = None) -> dict[int, int]:
    """{account: fen}, as of the end of a day; two queries, always from the movements themselves."""
    keys = list(accounts)
    rows = Movement.objects.filter(Q(debit__in=keys) | Q(credit__in=keys))
    if until is not None:
        rows = rows.filter(day__lte=until)
    found = dict.fromkeys(keys, 0)
    for field, sign in (("debit", 1), ("credit", -1)):
        for key, fen in (
            rows.filter(**{f"{field}__in": keys}).order_by().values_list(field).annotate(fen=Sum("fen"))
        ):
            found[key] += sign * fen
    return found


def balances(county_code: str, *, fund: Fund | None = None, until: date | None = None) -> list[Balance]:
    """结余 by fund and source, each fund's total (source "") after its sources."""
    wanted = [fund] if fund else list(funds(county_code))
    accounts = list(Account.objects.filter(fund__in=wanted))
    fen = sums((one.pk for one in accounts), until=until)
    found: list[Balance] = []
    for one in wanted:
        rows = [
            _balance(one, source, accounts, fen) for source in Source.values if _has(one, source, accounts)
        ]
        found += rows
        if len(rows) != 1:
            found.append(_total(one, rows))
    return found


def _has(fund: Fund, source: str, accounts: Sequence[Account]) -> bool:
    return any(one.fund_id == fund.pk and one.source == source for one in accounts)


def _balance(fund: Fund, source: str, accounts: Sequence[Account], fen: dict[int, int]) -> Balance:
    of = {one.kind: fen[one.pk] for one in accounts if one.fund_id == fund.pk and one.source == source}
    return Balance(fund, source, -of["outside"], of["available"], of["budgeted"], of["committed"], of["paid"])


def _total(fund: Fund, rows: Sequence[Balance]) -> Balance:
    return Balance(
        fund,
        "",
        sum(row.given for row in rows),
        sum(row.available for row in rows),
        sum(row.budgeted for row in rows),
        sum(row.committed for row in rows),
        sum(row.paid for row in rows),
    )


def sources_of(fund: Fund) -> list[str]:
    """来源 that a fund keeps accounts for, in the usual order."""
    have = set(Account.objects.filter(fund=fund).values_list("source", flat=True))
    return [source for source in Source.values if source in have]


def closed_year(fund: Fund) -> int | None:
    """The last closed year."""
    found: int | None = fund.closed_years.aggregate(year=Max("year"))["year"]
    return found


def open_committed(fund: Fund, *, until: date) -> int:
    """没有办结的承诺: fen promised up to a day by batches that the bank has not answered and nobody has voided."""
    rows = Movement.objects.filter(
        fund=fund, kind=Movement.Kind.COMMITMENT, day__lte=until, batch__state__in=UNDER_WAY
    )
    found: int = rows.aggregate(fen=Sum("fen", default=0))["fen"]
    return found


def years_of(fund: Fund, *, today: date) -> list[int]:
    """Years on offer, newest first."""
    first = fund.begun_on.year
    return list(range(today.year, first - 1, -1))


def ledger(fund: Fund, *, source: str = "", year: int | None = None) -> QuerySet[Movement]:
    """账页: movements in their order, of one source and year or of all."""
    rows = Movement.objects.filter(fund=fund).select_related("debit", "credit", "by", "batch", "reverses")
    if source:
        rows = rows.filter(debit__source=source)
    return rows.filter(day__year=year) if year else rows


HELD = ("available", "budgeted", "committed")


def held_before(fund: Fund, *, source: str = "", year: int | None = None) -> int:
    """上年结转: fen held before the year begins."""
    if year is None:
        return 0
    rows = ledger(fund, source=source).filter(day__year__lt=year)
    return sum(effect(one) for one in rows)


def effect(movement: Movement) -> int:
    """What a movement adds to what is held: income comes in, payments go out, the rest changes its name only."""
    return movement.fen * ((movement.debit.kind in HELD) - (movement.credit.kind in HELD))


def flows(fund: Fund) -> list[dict[str, int]]:
    """各年度: what was carried over, came in, was paid and came back, and what was held at the end of each year."""
    found: dict[int, dict[str, int]] = {}
    for one in ledger(fund):
        row = found.setdefault(one.day.year, {"opening": 0, "income": 0, "payment": 0, "back": 0})
        kind, sign = one.kind, 1
        if one.reverses is not None:
            kind, sign = one.reverses.kind, -1
        if kind in ("opening", "income", "payment"):
            row[kind] += sign * one.fen
        elif kind == "return" and "paid" in (one.credit.kind, one.debit.kind):
            row["back"] += sign * one.fen
    closed = set(fund.closed_years.values_list("year", flat=True))
    held, rows = 0, []
    for year in sorted(found):
        row, carried = found[year], held
        held += row["opening"] + row["income"] - row["payment"] + row["back"]
        rows.append({"year": year, "carried": carried, **row, "held": held, "closed": year in closed})
    return rows[::-1]
