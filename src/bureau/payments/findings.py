"""审计查询: what looks wrong in what was paid, each with its evidence. Reads only; `finding_actions` keeps what is found."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from bureau.entitlements import lists
from bureau.entitlements.evaluation_rules import ABSENT
from bureau.entitlements.queries import county_book
from bureau.links.facts import periods
from bureau.payments import setting_queries
from bureau.payments.award_queries import day_of_term
from bureau.payments.money import yuan
from bureau.payments.paid_lines import Paid, lines_elsewhere, standing_lines
from bureau.payments.persons import Person, by_keys
from bureau.people.models import Area
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


def search(county_code: str, *, progress: Callable[[float], None] = lambda share: None) -> Iterator[Seen]:
    """全部审计查询 over one county, one kind after another."""
    every = standing_lines(county_code)
    paid = [one for one in every if one.state == "paid"]
    pupils = by_keys(county_code, "student", (one.key for one in every if one.kind == "student"))
    kinds: tuple[Callable[[], Iterable[Seen]], ...] = (
        lambda: shared_account(paid, pupils, setting_queries.value(county_code, "most_siblings")),
        lambda: two_counties(county_code, paid),
        lambda: after_leaving(paid, pupils),
        lambda: paid_twice(county_code, paid, pupils),
        lambda: round_trip(every),
        lambda: before_end(county_code, paid, setting_queries.value(county_code, "days_before_end")),
        lambda: not_entitled(county_code, paid),
    )
    for number, kind in enumerate(kinds, 1):
        yield from kind()
        progress(number / len(kinds))


def shared_account(paid: Iterable[Paid], pupils: dict[str, Person], most_siblings: int) -> Iterator[Seen]:
    """同一账户: of children of several guardians, of more children of one than the county has said, or of a teacher and anybody else."""
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
        teachers = sum(one.kind == "teacher" for one in people.values())
        if not teachers and len(guardians) < 2 and len(people) <= most_siblings:
            continue
        first = rows[0]
        whose = f"分属 {len(guardians)} 名监护人" if len(guardians) > 1 else "为同一监护人"
        if teachers:
            whose = f"其中 {teachers} 名教师"
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
    there: dict[tuple[str, str], list[Paid]] = defaultdict(list)
    for one in lines_elsewhere(county_code, here):
        there[one.key, one.term].append(one)
    names = dict(Area.objects.filter(kind="county").values_list("code", "name"))
    for place, others in there.items():
        rows = here.get(place)
        if rows:
            where = "、".join(sorted({names.get(one.county, one.county) for one in others}))
            title = f"{rows[0].name} {place[1]}学期在本县和{where}都领了资助"
            yield _seen(
                "two_counties", place, title, rows[0], [*rows, *others], fen=sum(one.fen for one in rows)
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


def before_end(county_code: str, paid: Iterable[Paid], days: int) -> Iterator[Seen]:
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
            close = until - timedelta(days=days) <= one.paid_on <= until
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
        evaluation = lists.current(county_code, term)
        if evaluation is None:
            continue
        granted = lists.entitled_pairs(county_code, term)
        doubtful = [one for one in rows if (one.key, one.clause) not in granted]
        said = lists.findings(evaluation, {(one.key, one.clause) for one in doubtful})
        for one in doubtful:
            state, why = said[one.key, one.clause]
            if state in (ABSENT, "unknown", "unconfirmed"):
                continue
            title = f"{one.name} {term}学期不符合“{one.clause_name}”，已发 {yuan(one.fen)} 元"
            marks = (one.key, one.clause, term)
            yield _seen("not_entitled", marks, title, one, [one], more=(("为什么", why),))


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
