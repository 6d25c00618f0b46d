"""资助资格的读取: the clauses as they stand for a county, with what its people confirmed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db.models import QuerySet

from bureau.entitlements.models import Confirmation
from junheng.policy.clauses import Book, Clause, load_book


@dataclass(frozen=True, slots=True)
class Open:
    """待确认的事项: what no document says of a clause or group (`of`), and what would be confirmed with it."""

    of: str
    title: str
    assumption: str
    forms: frozenset[str]
    areas: tuple[str, ...]

    def wider_than(self, county_code: str) -> bool:
        """Whether a group's rule would also be settled for others."""
        return any(not area.startswith(county_code) for area in self.areas)


@lru_cache(maxsize=1)
def shipped_book() -> Book:
    """The packs that come with the program, as nobody has confirmed anything; read once."""
    return load_book()


def open_of(clause: Clause) -> list[Open]:
    """What waits for a person: of the clause itself, then of the rule of its group."""
    book = shipped_book()
    waiting = [rate for rate in book.clause(clause.id).rates if rate.assumption and not rate.confirmed_by]
    found = []
    if waiting:
        words = "；".join(dict.fromkeys(rate.assumption for rate in waiting))
        found.append(Open(clause.id, clause.name, words, frozenset(rate.form for rate in waiting), ()))
    group = book.groups.get(clause.group)
    if group and not group.settled:
        areas = {area for one in book.clauses if one.group == group.id for area in one.areas}
        found.append(Open(group.id, group.title, group.assumption, frozenset(), tuple(sorted(areas))))
    return found


def confirmations(county_code: str) -> QuerySet[Confirmation]:
    """All of a county, withdrawn ones too, newest first."""
    return Confirmation.objects.filter(county_code=county_code).select_related("by", "withdrawn_by")


def county_book(county_code: str) -> Book:
    """条款汇编 of a county: the shipped packs with what it has confirmed; another version when anything is."""
    rows = confirmations(county_code).filter(withdrawn_at=None).order_by("of") if county_code else ()
    said = tuple((row.of, row.assumption, row.by.display_name) for row in rows)
    return _confirmed(county_code, said) if said else shipped_book()


@lru_cache(maxsize=64)
def _confirmed(county_code: str, said: tuple[tuple[str, str, str], ...]) -> Book:
    book = shipped_book()
    words = {one.of: one.assumption for clause in book.clauses for one in open_of(clause)}
    by = {of: name for of, assumption, name in said if words.get(of) == assumption}
    version = hashlib.sha256(repr((book.version, county_code, sorted(by.items()))).encode()).hexdigest()[:12]
    groups = {
        key: replace(group, confirmed_by=by[key]) if key in by else group
        for key, group in book.groups.items()
    }
    clauses = tuple(_signed(clause, by, county_code) for clause in book.clauses)
    return replace(book, clauses=clauses, groups=groups, version=version)


def _signed(clause: Clause, by: Mapping[str, str], county_code: str) -> Clause:
    if clause.id not in by:
        return clause
    rates = tuple(
        replace(rate, confirmed_by=by[clause.id], confirmed_in=(county_code,)) if rate.assumption else rate
        for rate in clause.rates
    )
    return replace(clause, rates=rates)
