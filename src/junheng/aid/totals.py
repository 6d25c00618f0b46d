"""合计 (totals): fen by kind and period, and a year's amount split into terms."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from junheng.aid.model import GRANTED, UNCONFIRMED, Outcome, Totals
from junheng.policy.clauses import Book, Rate

SPRING, AUTUMN = "春", "秋"


def totals(book: Book, found: Iterable[Outcome], on: date) -> Totals:
    """合计: what is paid and what waits for confirmation, by (kind, period)."""
    paid: Counter[tuple[str, str]] = Counter()
    waiting: Counter[tuple[str, str]] = Counter()
    for outcome in found:
        if outcome.state not in (*GRANTED, UNCONFIRMED):
            continue
        clause = book.clause(outcome.clause)
        rate = clause.on(on)
        if rate is None:
            continue
        key = (clause.kind, "once" if rate.per == "once" else "year")
        if outcome.state == UNCONFIRMED:
            waiting[key] += outcome.due
        else:
            paid[key] += outcome.fen
    return Totals(paid, waiting)


def term_day(year: int, term: str) -> date:
    """学期的第一天: 春 1 March, 秋 1 September. The rules of that day are the rules of the term."""
    if term not in (SPRING, AUTUMN):
        raise ValueError("学期应为“春”或“秋”")
    return date(year, 3 if term == SPRING else 9, 1)


def term_fen(rate: Rate, fen_a_year: int, term: str) -> int:
    """一学期应发: half of the year, the odd fen in autumn; what is given once falls into autumn, the term of entry."""
    if rate.per == "once":
        return fen_a_year if term == AUTUMN else 0
    half = fen_a_year // 2
    return fen_a_year - half if term == AUTUMN else half


def by_source(shares: Mapping[str, int], fen: int) -> dict[str, int]:
    """资金分担: {centre, region, county: fen}; the last share takes the remainder, so that the sum is exact."""
    found: dict[str, int] = {}
    left = fen
    names = list(shares)
    for name in names[:-1]:
        found[name] = fen * shares[name] // 100
        left -= found[name]
    if names:
        found[names[-1]] = left
    return found
