"""应助尽助的读取: the current evaluation of a term, its lists, coverage, and what may be paid. Reading only."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from bureau.entitlements.evaluation_models import Claim, EvaluatedChild, Evaluation, Profile, Sentence
from bureau.entitlements.evaluation_profiles import CLAUSE, SENTENCE, STATE
from bureau.entitlements.evaluation_rules import (
    ABSENT,
    COVERED,
    DUE,
    GRANTED,
    LESS,
    LISTS,
    MISSED,
    REFUSED,
    WAITING,
)
from bureau.entitlements.lists_settle import ALWAYS
from bureau.entitlements.lists_tally import tallied
from bureau.entitlements.queries import county_book
from bureau.entitlements.terms import parse
from bureau.registry.bulk import chunks

PAYABLE = (WAITING, MISSED, LESS)
ABSENT_SENTENCE = (
    "登记册在该学期所依据的日期没有这名在读学生：可能已转出、毕业、休学，或者号码填错；请核对后追回或更正。"
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """应助尽助: children with every due aid paid ÷ children with any due; lines are one child and one clause.

    Who waits for somebody else's list (`no_list_children`) is not among those of whom something is unknown here.
    """

    term: str
    evaluation: int
    children_due: int
    children_covered: int
    lines_due: int
    lines_paid: int
    due_fen: int
    paid_fen: int
    missed_children: int
    missed_lines: int
    missed_fen: int
    waiting_lines: int
    waiting_children: int
    waiting_fen: int
    refused_lines: int
    undue_lines: int
    undue_fen: int
    more_lines: int
    unconfirmed_lines: int
    unknown_children: int
    unknown_lines: int
    no_list_children: int
    evaluated_at: datetime | None
    settled_at: datetime | None

    @property
    def share(self) -> float | None:
        """None when nobody is entitled to anything."""
        return self.children_covered / self.children_due if self.children_due else None


@dataclass(frozen=True, slots=True)
class Payable:
    """可以发放的一行: `fen` is what is still to be paid of `due_fen`; `reason` says why, with its citation."""

    claim: int
    student_key: str
    name: str
    school_code: str
    township_code: str
    stage: str
    grade: int | None
    class_number: int | None
    clause: str
    clause_name: str
    due_fen: int
    paid_fen: int
    fen: int
    reason: str


class ProfileCount(NamedTuple):
    """同一情形的学生数 at one school ("" for those who study elsewhere)."""

    stage: str
    grade: int
    facts: dict[str, bool | None]
    school_code: str
    children: int


def current(county_code: str, term: str = "") -> Evaluation | None:
    """The evaluation in force of a term; without one the newest term that has been evaluated."""
    found = Evaluation.objects.filter(county_code=county_code, current=True)
    if term:
        return found.filter(term=term).first()
    return max(found, key=lambda one: parse(one.term), default=None)


def evaluated(county_code: str) -> list[Evaluation]:
    """The evaluations in force, newest term first."""
    found = Evaluation.objects.filter(county_code=county_code, current=True)
    return sorted(found, key=lambda one: parse(one.term), reverse=True)


def headline(county_code: str) -> Evaluation | None:
    """The newest term in which something has been paid, else the newest evaluated: what a cockpit speaks of."""
    return headline_of(evaluated(county_code))


def headline_of(found: Sequence[Evaluation]) -> Evaluation | None:
    """The same of evaluations at hand, newest first."""
    paying = (one for one in found if any(row.get("paid") for row in one.counts.values()))
    return next(paying, found[0] if found else None)


def claims(evaluation: Evaluation) -> QuerySet[Claim]:
    """All lines of an evaluation."""
    return Claim.objects.filter(evaluation=evaluation)


def coverage(county_code: str, *, term: str = "", where: Q | None = None) -> Coverage | None:
    """应助尽助 of a term, of all or of the lines that `where` allows. None while nothing has been evaluated."""
    one = current(county_code, term) if term else headline(county_code)
    return coverage_of(one, where) if one else None


def coverage_of(one: Evaluation, where: Q | None = None) -> Coverage:
    """The same for an evaluation at hand; without a condition no line is read."""
    counts = one.counts
    if where is not None and where != Q():
        counts = tallied(claims(one).filter(where))

    def total(name: str, standings: Sequence[str]) -> int:
        return sum(counts.get(standing, {}).get(name, 0) for standing in standings)

    whole = counts.get("all", {})
    return Coverage(
        term=one.term,
        evaluation=one.pk,
        children_due=whole.get("children", 0),
        children_covered=whole.get("covered", 0),
        lines_due=total("lines", DUE),
        lines_paid=total("lines", COVERED),
        due_fen=total("due", DUE),
        paid_fen=total("paid", DUE),
        missed_children=whole.get("missed", 0),
        missed_lines=total("lines", LISTS["missed"]),
        missed_fen=total("due", LISTS["missed"]) - total("paid", LISTS["missed"]),
        waiting_lines=total("lines", LISTS["waiting"]),
        waiting_children=total("children", LISTS["waiting"]),
        waiting_fen=total("due", LISTS["waiting"]),
        refused_lines=total("lines", LISTS["refused"]),
        undue_lines=total("lines", LISTS["undue"]),
        undue_fen=total("paid", LISTS["undue"]) - total("due", LISTS["undue"]),
        more_lines=total("lines", ("more",)),
        unconfirmed_lines=total("lines", LISTS["unconfirmed"]),
        unknown_lines=total("lines", LISTS["unknown"]),
        unknown_children=total("children", LISTS["unknown"]),
        no_list_children=total("children", LISTS["no_list"]),
        evaluated_at=one.finished_at,
        settled_at=one.settled_at,
    )


def findings(
    evaluation: Evaluation, pairs: Collection[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, str]]:
    """{(student, clause): (state, sentence)} as it was said in the evaluation; ABSENT for a child that was not judged."""
    profile_of: dict[str, int] = {}
    for part in chunks({key for key, _clause in pairs}):
        rows = EvaluatedChild.objects.filter(evaluation=evaluation, student_key__in=part)
        profile_of |= dict(rows.values_list("student_key", "profile"))
    said: dict[tuple[int, str], tuple[str, int]] = {}
    for numbers in chunks(set(profile_of.values())):
        profiles = Profile.objects.filter(evaluation=evaluation, number__in=numbers)
        for number, found in profiles.values_list("number", "findings"):
            said |= {(number, one[CLAUSE]): (one[STATE], one[SENTENCE]) for one in found}
    wanted = {
        said[place, clause][1]
        for key, clause in pairs
        if (place := profile_of.get(key)) is not None and (place, clause) in said
    }
    sentences: dict[int, str] = {}
    for numbers in chunks(wanted):
        texts = Sentence.objects.filter(evaluation=evaluation, number__in=numbers)
        sentences |= dict(texts.values_list("number", "text"))
    answer = {}
    for key, clause in pairs:
        judged = profile_of.get(key)
        if judged is None:
            answer[key, clause] = (ABSENT, ABSENT_SENTENCE)
        elif (judged, clause) in said:
            state, sentence = said[judged, clause]
            answer[key, clause] = (state, sentences.get(sentence, ""))
        else:
            answer[key, clause] = (ABSENT, "本县该学期没有这一条款，或者条款不面向学生；请核对资助项目。")
    return answer


def why_not_entitled(county_code: str, term: str, student_key: str, clause: str) -> tuple[str, str] | None:
    """(state, sentence) of a clause for a child in a term; None when the term or the child was not judged."""
    one = current(county_code, term)
    if one is None:
        return None
    state, sentence = findings(one, [(student_key, clause)])[student_key, clause]
    return None if state == ABSENT else (state, sentence)


def entitled_pairs(county_code: str, term: str) -> set[tuple[str, str]]:
    """{(student, clause)} that are granted in a term, of the clauses compared child by child."""
    one = current(county_code, term)
    if one is None:
        return set()
    return set(claims(one).filter(state__in=GRANTED).values_list("student_key", "clause"))


def payable(
    county_code: str,
    term: str,
    *,
    claims: Collection[int] | None = None,
    school_code: str = "",
    stage: str = "",
    clause: str = "",
) -> list[Payable]:
    """可以发放的: what is due and not, or not wholly, paid; by clauses that grant, of money unless `clause` is named.

    `claims`: only these lines (numbers of an evaluation that no longer counts find nothing); named so, also whom a reviewer refused.
    """
    one = current(county_code, term)
    if one is None:
        return []
    book = {found.id: found for found in county_book(county_code).clauses}
    wanted = {"school_code": school_code, "stage": stage, "clause": clause}
    rows = Claim.objects.filter(
        evaluation=one,
        state__in=GRANTED,
        standing__in=PAYABLE if claims is None else (*PAYABLE, REFUSED),
        **{name: value for name, value in wanted.items() if value},
    )
    if not clause:
        rows = rows.filter(clause__in=[key for key, found in book.items() if found.kind == ALWAYS])
    found = list(_in(rows, claims))
    reasons = findings(one, {(row.student_key, row.clause) for row in found})
    return [
        Payable(
            claim=row.pk,
            student_key=row.student_key,
            name=row.person_name,
            school_code=row.school_code,
            township_code=row.township_code,
            stage=row.stage,
            grade=row.grade,
            class_number=row.class_number,
            clause=row.clause,
            clause_name=book[row.clause].name if row.clause in book else row.clause,
            due_fen=row.due_fen,
            paid_fen=row.paid_fen,
            fen=row.due_fen - row.paid_fen,
            reason=reasons[row.student_key, row.clause][1],
        )
        for row in found
        if row.due_fen > row.paid_fen
    ]


def _in(rows: QuerySet[Claim], ids: Collection[int] | None) -> Iterator[Claim]:
    ordered = rows.order_by("school_code", "grade", "class_number", "pinyin", "pk")
    if ids is None:
        yield from ordered
        return
    for part in chunks(ids):
        yield from ordered.filter(pk__in=part)


def profiles(county_code: str, term: str = "") -> list[ProfileCount]:
    """情形 and how many children of each school have it, in the evaluation of a term (default: the newest)."""
    one = current(county_code, term)
    if one is None:
        return []
    found = {
        number: (stage, grade, facts)
        for number, stage, grade, facts in Profile.objects.filter(evaluation=one).values_list(
            "number", "stage", "grade", "facts"
        )
    }
    rows = EvaluatedChild.objects.filter(evaluation=one).order_by().values_list("profile", "school_code")
    return [ProfileCount(*found[number], school, n) for number, school, n in rows.annotate(n=Count("pk"))]
