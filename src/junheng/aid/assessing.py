"""资助判断 (assessing): many children on one day, each distinct profile judged once, with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from junheng.aid.exact import judge_profiles
from junheng.aid.model import OTHER_AREA, UNKNOWN_STATE, Child, Outcome, Totals
from junheng.aid.plan import compile_plan
from junheng.aid.reasons import missing, why
from junheng.aid.totals import totals
from junheng.policy.clauses import NO, UNKNOWN, YES, Book, Clause, facts_of


@dataclass(frozen=True, slots=True)
class Finding:
    """一条判断及理由."""

    clause: Clause
    outcome: Outcome
    why: str
    cite: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """一名学生的判断: all clauses of the child's area in the book's order, and the totals."""

    findings: tuple[Finding, ...]
    totals: Totals


def assess(book: Book, children: Sequence[Child], on: date, *, everywhere: bool = False) -> list[Answer]:
    """资助判断: one answer for each child, in order. `everywhere`: clauses of other counties too.

    Children with the same stage, grade, county and facts share one answer.
    """
    plan = compile_plan(book, on)
    keys = [_key(book, child) for child in children]
    distinct = list(dict.fromkeys(keys))
    samples: dict[tuple[object, ...], Child] = {}
    for key, child in zip(keys, children, strict=True):
        samples.setdefault(key, child)
    kids = [samples[key] for key in distinct]
    cells = np.array([plan.cell(kid.county, kid.stage, kid.grade) for kid in kids], np.int32)
    facts = {fact: np.array([_VALUE[kid.facts.get(fact)] for kid in kids], np.uint8) for fact in plan.facts}
    judged = judge_profiles(plan, cells, facts)
    speaker = _Speaker(book, on)
    made = {
        key: _answer(speaker, kid, judged.outcomes(place), everywhere)
        for place, (key, kid) in enumerate(zip(distinct, kids, strict=True))
    }
    return [made[key] for key in keys]


_VALUE = {None: UNKNOWN, True: YES, False: NO}


def _key(book: Book, child: Child) -> tuple[object, ...]:
    values = tuple(child.facts.get(fact) for fact in book.used)
    return (child.stage, child.grade, child.county, values)


class _Speaker:
    """Says each thing once: children who differ only in what a clause does not ask share its sentence."""

    def __init__(self, book: Book, on: date) -> None:
        self.book, self.on = book, on
        self.asked = {clause.id: facts_of(clause.condition) for clause in book.clauses}
        self.cites = {clause.id: book.cite(clause.near(on)) for clause in book.clauses}
        self.said: dict[tuple[object, ...], Finding] = {}

    def finding(self, child: Child, outcome: Outcome) -> Finding:
        facts = tuple(child.facts.get(fact) for fact in self.asked[outcome.clause])
        key = (outcome, child.stage, child.grade, child.county, facts)
        if key not in self.said:
            clause = self.book.clause(outcome.clause)
            unknown = outcome.state == UNKNOWN_STATE
            gaps = tuple(missing(self.book, child, clause, self.on)) if unknown else ()
            sentence = why(self.book, child, outcome, self.on)
            self.said[key] = Finding(clause, outcome, sentence, self.cites[clause.id], gaps)
        return self.said[key]


def _answer(speaker: _Speaker, child: Child, found: list[Outcome], everywhere: bool) -> Answer:
    findings = tuple(
        speaker.finding(child, outcome)
        for outcome in found
        if (everywhere or outcome.state != OTHER_AREA)
        and speaker.book.clause(outcome.clause).stages != ("教职工",)
    )
    return Answer(findings, totals(speaker.book, found, speaker.on))
