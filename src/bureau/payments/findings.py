"""审计查询: what looks wrong in what was paid, each with its evidence. Reads only; `finding_actions` keeps what is found."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from bureau.entitlements import lists
from bureau.entitlements.paid_models import PaidLine
from bureau.entitlements.queries import county_book
from bureau.links.facts import periods
from bureau.payments.award_queries import day_of_term
from bureau.payments.batch_queries import number_of
from bureau.payments.finding_rules import DAYS_BEFORE_END, MOST_SIBLINGS
from bureau.payments.models import Line
from bureau.payments.money import yuan
from bureau.payments.persons import Person, by_keys
from bureau.people.models import Area
from bureau.registry.queries import known_schools, latest_day
from junheng.policy.clauses import facts_of

DEAD = "死亡"
LEFT = (DEAD, "转出", "毕业", "开除")


@dataclass(frozen=True, slots=True)
class Seen:
    """查到的一条: `marks` make it this one, whatever else changes."""

    kind: str
    marks: tuple[str, ...]
    title: str
    person_kind: str
    person_key: str
    person_name: str
    school_code: str
    school_name: str
    fen: int
    evidence: tuple[tuple[str, str], ...]

    @property
    def fingerprint(self) -> str:
        """The same for the same finding on every run."""
        return sha256("\n".join((self.kind, *self.marks)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Paid:
    """一笔已发放, with what the queries look at."""

    line: int
    award: int
    batch: str
    county: str
    kind: str
    key: str
    name: str
    school_code: str
    school_name: str
    clause: str
    clause_name: str
    term: str
    fen: int
    account: str
    tail: str
    holder: str
    paid_on: date
    state: str

    @property
    def words(self) -> tuple[str, str]:
        """As evidence."""
        return (
            f"{self.paid_on:%Y-%m-%d} {self.batch}",
            f"{self.name}（{self.school_name}）{self.clause_name}{self.term} {yuan(self.fen)} 元"
            + (f"，账号尾号 {self.tail}，户名{self.holder}" if self.tail else ""),
        )


def paid_lines(county_code: str, **where: Any) -> list[Paid]:
    """已发放和发放后退回的各笔."""
    rows = Line.objects.filter(batch__county_code=county_code, paid_on__isnull=False, **where)
    rows = rows.select_related("award__round", "batch", "account").order_by("paid_on", "id")
    return [_paid(line) for line in rows.defer("account__number").iterator(2000)]


def _paid(line: Line) -> Paid:
    award, account = line.award, line.account
    return Paid(
        line.pk, award.pk, number_of(line.batch), award.county_code, award.person_kind, award.person_key, award.person_name,
        award.school_code, award.school_name, award.clause, award.round.clause_name, award.term, line.fen, account.number_lookup,
        account.number_tail, account.holder_name, line.paid_on or date.min, line.state,
    )  # fmt: skip


def listed_lines(county_code: str) -> list[Paid]:
    """另外发放的各笔: what uploaded lists say was paid past the batches; their numbers are below zero."""
    names = {clause.id: clause.name for clause in county_book(county_code).clauses}
    schools = known_schools(latest_day(county_code) or date.min, county_code)
    rows = PaidLine.objects.filter(
        list__county_code=county_code, list__state="in_force", paid_on__isnull=False, fen__gt=0
    )
    rows = rows.exclude(list__reference__startswith="batch:").exclude(student_key="")
    return [
        Paid(
            -pk, -pk, source, county_code, "student", key, name, school, schools.get(school, ""), clause, names.get(clause, clause), term, fen,
            account, "", "", paid_on or date.min, "paid",
        )
        for pk, source, key, name, school, clause, term, fen, account, paid_on in rows.order_by("paid_on", "id").values_list(
            "pk", "list__source", "student_key", "person_name", "school_code", "clause", "list__term", "fen", "account_lookup", "paid_on"
        )
    ]  # fmt: skip


def search(county_code: str, *, progress: Callable[[float], None] = lambda share: None) -> Iterator[Seen]:
    """全部审计查询 over one county, one kind after another."""
    every = [*paid_lines(county_code), *listed_lines(county_code)]
    paid = [one for one in every if one.state == "paid"]
    pupils = by_keys(county_code, "student", (one.key for one in every if one.kind == "student"))
    kinds: tuple[Callable[[], Iterable[Seen]], ...] = (
        lambda: shared_account(paid, pupils),
        lambda: two_counties(county_code, paid),
        lambda: after_leaving(paid, pupils),
        lambda: paid_twice(county_code, paid, pupils),
        lambda: round_trip(every),
        lambda: before_end(county_code, paid),
        lambda: not_entitled(county_code, paid),
    )
    for number, kind in enumerate(kinds, 1):
        yield from kind()
        progress(number / len(kinds))


def shared_account(paid: Iterable[Paid], pupils: dict[str, Person]) -> Iterator[Seen]:
    """同一账户: of children of several guardians, or of more than a family usually has."""
    of: dict[str, list[Paid]] = defaultdict(list)
    for one in paid:
        of[one.account].append(one)
    for account, rows in of.items():
        if not account:
            continue
        people = {one.key: one for one in rows}
        if len(people) < 2:
            continue
        guardians = {pupils[key].guardian for key in people if key in pupils and pupils[key].guardian}
        if len(guardians) < 2 and len(people) <= MOST_SIBLINGS:
            continue
        first = rows[0]
        whose = f"分属 {len(guardians)} 名监护人" if len(guardians) > 1 else "为同一监护人"
        yield _seen(
            "shared_account",
            (account,),
            f"{f'尾号 {first.tail} 的' if first.tail else '同一'}账户收了 {len(people)} 人的钱，{whose}",
            first,
            rows,
        )


def two_counties(county_code: str, paid: Iterable[Paid]) -> Iterator[Seen]:
    """同一人在两个县: paid there too, for the same term."""
    here: dict[tuple[str, str], list[Paid]] = defaultdict(list)
    for one in paid:
        here[one.key, one.term].append(one)
    elsewhere: dict[tuple[str, str], list[Paid]] = defaultdict(list)
    others = Line.objects.filter(state="paid").exclude(batch__county_code=county_code)
    keys = set(others.order_by().values_list("award__person_key", "award__term"))
    wanted = keys & set(here)
    names = dict(Area.objects.filter(kind="county").values_list("code", "name"))
    for line in others.filter(award__person_key__in=[key for key, _term in wanted]).select_related(
        "award__round", "batch", "account"
    ):
        elsewhere[line.award.person_key, line.award.term].append(_paid(line))
    for place in wanted:
        rows, there = here[place], elsewhere[place]
        if there:
            where = "、".join(sorted({names.get(one.county, one.county) for one in there}))
            title = f"{rows[0].name} {place[1]}学期在本县和{where}都领了资助"
            yield _seen(
                "two_counties", place, title, rows[0], [*rows, *there], fen=sum(one.fen for one in rows)
            )


def after_leaving(paid: Iterable[Paid], pupils: dict[str, Person]) -> Iterator[Seen]:
    """离开后发放: dead before the day of payment, or gone before the term began that was paid for.

    Who left within the term had a claim to it, and is paid late without anything being wrong.
    """
    for one in paid:
        person = pupils.get(one.key)
        if person is None or person.status not in LEFT or person.status_on is None:
            continue
        last = one.paid_on if person.status == DEAD else day_of_term(one.term)
        if person.status_on < last:
            title = f"{one.name} {person.status_on:%Y-%m-%d} {person.status}，{one.paid_on:%Y-%m-%d} 仍发放 {one.term}学期 {yuan(one.fen)} 元"
            status = ("学籍状态", f"{person.status}，{person.status_on:%Y-%m-%d}")
            yield _seen("after_leaving", (str(one.line),), title, one, [one], more=(status,))


def paid_twice(county_code: str, paid: Iterable[Paid], pupils: dict[str, Person]) -> Iterator[Seen]:
    """重复发放: one clause and term paid more than once, here and there or under two numbers, and more in all than was due."""
    of: dict[tuple[str, str, str], list[Paid]] = defaultdict(list)
    for one in paid:
        person = pupils.get(one.key)
        who = person.id_lookup if person and person.id_lookup else one.key
        of[who, one.clause, one.term].append(one)
    several = {place: rows for place, rows in of.items() if len(rows) > 1}
    due = {term: _due(county_code, term) for term in {term for _who, _clause, term in several}}
    for (_who, clause, term), rows in several.items():
        total = sum(one.fen for one in rows)
        # What was paid too little may be made up for: together it is what was due.
        right = due[term].get((rows[0].key, clause), max(one.fen for one in rows))
        if total > right:
            title = f"{rows[0].name} {term}学期“{rows[0].clause_name}”发放了 {len(rows)} 次，多发 {yuan(total - right)} 元"
            keys = tuple(sorted({one.key for one in rows}))
            yield _seen("paid_twice", (*keys, clause, term), title, rows[0], rows, fen=total - right)


def _due(county_code: str, term: str) -> dict[tuple[str, str], int]:
    """{(student, clause): fen due} as the term was evaluated."""
    evaluation = lists.current(county_code, term)
    if evaluation is None:
        return {}
    rows = lists.claims(evaluation).filter(due_fen__gt=0)
    return {(key, clause): fen for key, clause, fen in rows.values_list("student_key", "clause", "due_fen")}


def round_trip(every: Iterable[Paid]) -> Iterator[Seen]:
    """退回再发: returned by the bank, then paid for the same award to an account of another holder."""
    of: dict[int, list[Paid]] = defaultdict(list)
    for one in every:
        of[one.award].append(one)
    for award, rows in of.items():
        back = [one for one in rows if one.state == "returned"]
        for again in (one for one in rows if one.state == "paid"):
            for before in back:
                if before.account != again.account and before.holder != again.holder:
                    title = f"{again.name} 的钱从{before.holder}的账户退回，又发到{again.holder}的账户"
                    yield _seen(
                        "round_trip",
                        (str(award), str(again.line)),
                        title,
                        again,
                        [before, again],
                        fen=again.fen,
                    )


def before_end(county_code: str, paid: Iterable[Paid]) -> Iterator[Seen]:
    """身份将满: paid within some days before the fact that the clause asks for came to its end."""
    ends: dict[str, list[tuple[str, date, str]]] = defaultdict(list)
    for period in periods(county_code):
        if period.until is not None:
            ends[period.student_key].append((period.fact, period.until, period.source))
    if not ends:
        return
    book = county_book(county_code)
    asked = {clause.id: set(facts_of(clause.condition)) for clause in book.clauses}
    for one in paid:
        for fact, until, source in ends.get(one.key, ()):
            close = until - timedelta(days=DAYS_BEFORE_END) <= one.paid_on <= until
            if close and fact in asked.get(one.clause, set()):
                title = f"{one.name} 的“{fact}”到 {until:%Y-%m-%d} 为止，{one.paid_on:%Y-%m-%d} 发放 {yuan(one.fen)} 元"
                more = (("身份", f"{fact}（{source}名册）到 {until:%Y-%m-%d}"),)
                yield _seen("before_end", (str(one.line), fact), title, one, [one], more=more)


def not_entitled(county_code: str, paid: Iterable[Paid]) -> Iterator[Seen]:
    """不符合条款: the evaluation of the term says otherwise; a child that was not evaluated is not judged."""
    by_term: dict[str, list[Paid]] = defaultdict(list)
    for one in paid:
        if one.kind == "student":
            by_term[one.term].append(one)
    for term, rows in by_term.items():
        granted = lists.entitled_pairs(county_code, term)
        for one in rows:
            if (one.key, one.clause) in granted:
                continue
            why = lists.why_not_entitled(county_code, term, one.key, one.clause)
            if why is None or why[0] in ("unknown", "unconfirmed"):
                continue
            title = f"{one.name} {term}学期不符合“{one.clause_name}”，已发 {yuan(one.fen)} 元"
            yield _seen(
                "not_entitled", (one.key, one.clause, term), title, one, [one], more=(("为什么", why[1]),)
            )


def _seen(
    kind: str,
    marks: tuple[str, ...],
    title: str,
    about: Paid,
    rows: list[Paid],
    *,
    fen: int | None = None,
    more: tuple[tuple[str, str], ...] = (),
) -> Seen:
    return Seen(
        kind, marks, title[:300], about.kind, about.key, about.name, about.school_code, about.school_name,
        sum(one.fen for one in rows) if fen is None else fen, (*more, *(one.words for one in rows[:50])),
    )  # fmt: skip
