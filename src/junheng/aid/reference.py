"""逐条判断 (the slow, obvious twin): one person, one day, clause after clause, straight from the clauses as loaded.

The rules, in order. A clause of another area, stage, date or grade does not apply. Its condition is 是, 否 or not known;
an unknown grade or county makes it unknown where it matters. What no document lays down waits for a named person and
never displaces anything. In a group whose rule is "highest" (or "first") one clause is paid and the others are lost to
it; where the rule itself is not laid down, only the highest is certain and the others wait. Caps cut last.
"""

from collections.abc import Sequence
from datetime import date

from junheng.aid.model import (
    CUT,
    LOST,
    NOT_IN_FORCE,
    NOT_MET,
    OTHER_AREA,
    OTHER_GRADE,
    OTHER_STAGE,
    PAID,
    UNCONFIRMED,
    UNKNOWN_STATE,
    Child,
    Outcome,
)
from junheng.policy.clauses import NO, UNKNOWN, YES, Book, Clause, Group, judge


def outcomes(book: Book, child: Child, on: date) -> list[Outcome]:
    """资助判断: one outcome for each clause of the book, in its order."""
    facts = book.facts_on(child.county, on, child.facts)
    first = [_alone(clause, child, facts, on) for clause in book.clauses]
    found = {outcome.clause: outcome for outcome in first}
    for group in book.groups.values():
        members = [clause for clause in book.clauses if clause.group == group.id]
        _settle(group, members, found)
    return [found[clause.id] for clause in book.clauses]


def _alone(clause: Clause, child: Child, facts: dict[str, bool | None], on: date) -> Outcome:
    """The clause as if it were the only one."""
    area = _area(clause, child.county)
    if area == NO:
        return Outcome(clause.id, OTHER_AREA)
    if child.stage not in clause.stages:
        return Outcome(clause.id, OTHER_STAGE)
    rate = clause.on(on)
    if rate is None:
        return Outcome(clause.id, NOT_IN_FORCE)
    grade = YES if rate.takes(child.stage, child.grade) else UNKNOWN if child.grade == 0 else NO
    if grade == NO:
        return Outcome(clause.id, OTHER_GRADE)
    due = rate.fen_for(child.stage, child.grade)
    held = min(judge(clause.condition, facts), area, grade)
    if held == NO:
        return Outcome(clause.id, NOT_MET, due=due)
    if held == UNKNOWN:
        return Outcome(clause.id, UNKNOWN_STATE, due=due)
    if not rate.payable_in(child.county):
        return Outcome(clause.id, UNCONFIRMED, due=due)
    if clause.cap is not None and due > clause.cap:
        return Outcome(clause.id, CUT, fen=clause.cap, due=due, by=clause.id)
    return Outcome(clause.id, PAID, fen=due, due=due)


def _area(clause: Clause, county: str) -> int:
    """Whether the clause speaks for the county; unknown when the county is not known and it would matter."""
    if "" in clause.areas:
        return YES
    if not county:
        return UNKNOWN
    return YES if any(county.startswith(area) for area in clause.areas) else NO


def _settle(group: Group, members: Sequence[Clause], found: dict[str, Outcome]) -> None:
    """Apply the group's rule and cap to those that are met."""
    met = [clause.id for clause in members if found[clause.id].state in (PAID, CUT)]
    if not met:
        return
    best = met[0]  # max keeps the first of equals, so the order of the clauses decides
    if group.rule != "first":
        best = max(met, key=lambda name: found[name].fen)
    if group.rule != "stack" or not group.settled:
        other = LOST if group.settled else UNCONFIRMED
        by = best if group.settled else group.id
        for name in met:
            if name != best:
                found[name] = Outcome(name, other, due=found[name].due, by=by)
        met = [best]
    left = group.cap
    for name in met:
        if left is None:
            break
        before = found[name]
        fen = min(before.fen, left)
        if fen < before.fen:
            found[name] = Outcome(name, CUT, fen=fen, due=before.due, by=group.id)
        left -= fen
