"""自动算出的栏目: totals, scores, grades and shares that nobody types, worked out from the other columns and the records of a case. Pure.

A column with `tally:` is one of five kinds: `sum` of a column over the case's records, `count` of records, `score` of several columns,
`grade` by the steps of a score with vetoes, `share` of one column in another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from junheng.policy.ledgers.model import Column, Ledger

Over = Literal["case", "term", "year"]
TALLY_KINDS = ("sum", "count", "score", "grade", "share")


@dataclass(frozen=True, slots=True)
class Veto:
    """一票否决: when a column holds this, the grade is `grade` whatever the score."""

    column: str
    holds: str
    grade: str


@dataclass(frozen=True, slots=True)
class Tally:
    """怎样算. `of` are columns (sum: one; score: several; grade: the score; share: part and whole) or, for count, moves."""

    kind: Literal["sum", "count", "score", "grade", "share"]
    of: tuple[str, ...]
    over: Over = "case"
    steps: tuple[tuple[int, str], ...] = ()
    vetoes: tuple[Veto, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """一次登记: by which move, on what day, with which columns."""

    move: str
    day: date
    fields: Mapping[str, object]


def each_time(ledger: "Ledger") -> frozenset[str]:
    """逐次登记的栏目: what is summed belongs to one record and is not carried to the next."""
    return frozenset(
        name
        for column in ledger.columns
        if column.tally is not None and column.tally.kind == "sum"
        for name in column.tally.of
    )


def needs_records(ledger: "Ledger") -> bool:
    """Whether earlier records have to be looked at."""
    return any(
        column.tally is not None and column.tally.kind in ("sum", "count") for column in ledger.columns
    )


def work_out(
    ledger: "Ledger", values: Mapping[str, object], records: Sequence[Record], day: date
) -> dict[str, str | None]:
    """{computed column: its value}, None where there is nothing to work it out from. `records` hold the one being made as well."""
    known: dict[str, object] = dict(values)
    found: dict[str, str | None] = {}
    columns = {column.name: column for column in ledger.columns}
    for column in ledger.columns:
        if column.tally is None:
            continue
        value = _value(column.tally, columns, known, records, day)
        found[column.name] = value
        known[column.name] = value
    return found


def _value(
    tally: Tally,
    columns: "Mapping[str, Column]",
    known: Mapping[str, object],
    records: Sequence[Record],
    day: date,
) -> str | None:
    if tally.kind in ("sum", "count"):
        since = began(tally.over, day)
        counted = [one for one in records if since is None or one.day >= since]
        if tally.kind == "count":
            return str(sum(one.move in tally.of for one in counted))
        numbers = [_number(one.fields.get(tally.of[0])) for one in counted]
        return _said(sum((one for one in numbers if one is not None), Decimal(0)))
    if tally.kind == "score":
        parts = [_points(columns[name], known.get(name)) for name in tally.of]
        given = [one for one in parts if one is not None]
        # A score with an item still open is none: 未评 is not zero.
        return _said(sum(given, Decimal(0))) if len(given) == len(parts) else None
    if tally.kind == "grade":
        for veto in tally.vetoes:
            if veto.holds in _words(known.get(veto.column)):
                return veto.grade
        score = _number(known.get(tally.of[0]))
        if score is None:
            return None
        return next((title for least, title in tally.steps if score >= least), tally.steps[-1][1])
    part, whole = (_number(known.get(name)) for name in (*tally.of, *tally.of)[:2])
    if part is None or not whole:
        return None
    return _said((part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))


def began(over: Over, day: date) -> date | None:
    """The first day of the running term or school year; None for the case's whole life."""
    if over == "case":
        return None
    autumn = date(day.year if day.month >= 8 else day.year - 1, 8, 1)
    return date(day.year, 2, 1) if over == "term" and 2 <= day.month < 8 else autumn


def _points(column: "Column", value: object) -> Decimal | None:
    return Decimal(column.points_of[str(value)]) if str(value) in column.points_of else _number(value)


def _number(value: object) -> Decimal | None:
    if value is None or isinstance(value, bool | list):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("是" if value else "否",)
    return tuple(map(str, value)) if isinstance(value, list) else () if value is None else (str(value),)


def _said(value: Decimal) -> str:
    words = f"{value:f}"
    return words.rstrip("0").rstrip(".") if "." in words else words
