"""资助资格的读取: the clauses as they stand for a county: shipped packs, its own pack, and what two of its people confirmed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Q, QuerySet

from bureau.entitlements import rules
from bureau.entitlements.models import Confirmation, CountyPack
from junheng.policy import PackError
from junheng.policy.clauses import Book, Clause, book_of, load_raws, raw_of

State = CountyPack.State


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
def shipped_raws() -> tuple[dict[str, object], ...]:
    """The packs that come with the program as read from YAML, parents first; not to be changed in place."""
    return tuple(load_raws())


@lru_cache(maxsize=1)
def shipped_book() -> Book:
    """The packs that come with the program, as nobody has confirmed anything; read once."""
    return book_of(shipped_raws())


@lru_cache(maxsize=64)
def book_with(text: str) -> Book:
    """The shipped packs and a county's own, given as YAML ("": none). Raises PackError with all problems at once."""
    return book_of([*shipped_raws(), raw_of(text)]) if text else shipped_book()


def packs(county_code: str) -> QuerySet[CountyPack]:
    """县级条款包 of a county, all versions, newest first."""
    return CountyPack.objects.filter(county_code=county_code).select_related(
        "by", "submitted_by", "confirmed_by"
    )


def pack_in_force(county_code: str) -> CountyPack | None:
    """The version that counts; None while the county has none."""
    return packs(county_code).filter(state=State.IN_FORCE).first() if county_code else None


def open_pack(county_code: str) -> CountyPack | None:
    """The version that is being written or waits for confirmation: at most one."""
    return packs(county_code).filter(state__in=[State.DRAFT, State.WAITING]).first()


def why_not_read(pack: CountyPack | None) -> list[str]:
    """为什么读不出: the problems of a pack in force that the program no longer understands; [] when all is well."""
    try:
        book_with(pack.text if pack else "")
    except PackError as error:
        return list(error.problems)
    return []


def base_book(county_code: str, version: int | None = None) -> Book:
    """The county's clauses without anybody's confirmations; `version`: as an earlier pack of its own had them, 0: without one."""
    if version is None:
        pack = pack_in_force(county_code)
    else:
        pack = packs(county_code).filter(number=version).first()
    # A pack in force was readable when it was confirmed; should the program have lost something it names, the clauses pages say so.
    return shipped_book() if why_not_read(pack) else book_with(pack.text if pack else "")


def county_book(county_code: str, version: int | None = None) -> Book:
    """条款汇编 of a county; another `version` of the book whenever its pack or what two persons confirmed is another.

    `version`: with the county pack of that number instead of the one in force (0: without any).
    """
    return with_confirmations(base_book(county_code, version), county_code)


def book_on(county_code: str, at: datetime) -> Book:
    """The book whose county pack was in force at that moment."""
    then = (
        packs(county_code)
        .filter(confirmed_at__lte=at)
        .filter(Q(replaced_at=None) | Q(replaced_at__gt=at))
        .first()
    )
    return county_book(county_code, then.number if then else 0)


def open_of(book: Book, clause: Clause) -> list[Open]:
    """What waits for a person: of the clause itself, then of the rule of its group. `book` without confirmations."""
    waiting = [rate for rate in clause.rates if rate.assumption and not rate.confirmed_by]
    found = []
    if waiting:
        words = "；".join(dict.fromkeys(rate.assumption for rate in waiting))
        found.append(Open(clause.id, clause.name, words, frozenset(rate.form for rate in waiting), ()))
    group = book.groups.get(clause.group)
    if group and not group.settled:
        areas = {area for one in book.clauses if one.group == group.id for area in one.areas}
        found.append(Open(group.id, group.title, group.assumption, frozenset(), tuple(sorted(areas))))
    return found


def open_questions(county_code: str) -> list[Open]:
    """What of the county's clauses nobody has confirmed yet, each once; of other counties' clauses nothing."""
    base, book = base_book(county_code), county_book(county_code)
    found = {
        question.of: question
        for clause in base.clauses
        if any(county_code.startswith(area) for area in clause.areas)
        for question in open_of(base, clause)
    }
    return [one for one in found.values() if not _settled(book, one.of, county_code)]


def _settled(book: Book, of: str, county_code: str) -> bool:
    if of in book.groups:
        return book.groups[of].settled
    return all(rate.payable_in(county_code) for rate in book.clause(of).rates)


def confirmations(county_code: str) -> QuerySet[Confirmation]:
    """All of a county, withdrawn ones too, newest first."""
    return Confirmation.objects.filter(county_code=county_code).select_related(
        "by", "checked_by", "withdrawn_by"
    )


def why_not_pay(county_code: str, clause_id: str, day: date, book: Book | None = None) -> str | None:
    """为什么不能发放: None when the clause may be paid in this county on that day. `book`: the county's, when it is at hand."""
    book = book or county_book(county_code)
    clause = next((one for one in book.clauses if one.id == clause_id), None)
    rate = clause.on(day) if clause else None
    here = clause is not None and any(county_code.startswith(area) for area in clause.areas)
    return rules.why_not_pay(
        name=clause.name if clause else "",
        here=here,
        in_force=rate is not None,
        assumption=rate.assumption if rate else "",
        settled=rate is not None and rate.payable_in(county_code),
        day=day,
    )


def with_confirmations(base: Book, county_code: str) -> Book:
    """The book with what two persons of the county confirmed."""
    counted = confirmations(county_code).filter(withdrawn_at=None, checked_by__isnull=False)
    rows = counted.order_by("of") if county_code else ()
    said = tuple(
        (row.of, row.assumption, f"{row.by.display_name}、{row.checked_by.display_name}")
        for row in rows
        if row.checked_by is not None
    )
    return _confirmed(_Same(base), county_code, said) if said else base


class _Same:
    """A book that is remembered by its version."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.book.version == other.book.version

    def __hash__(self) -> int:
        return hash(self.book.version)


@lru_cache(maxsize=64)
def _confirmed(of: _Same, county_code: str, said: tuple[tuple[str, str, str], ...]) -> Book:
    book = of.book
    words = {one.of: one.assumption for clause in book.clauses for one in open_of(book, clause)}
    by = {of: name for of, assumption, name in said if words.get(of) == assumption}
    if not by:
        return book
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
