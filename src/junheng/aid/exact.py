"""按情形计算 (the exact path): all clauses for many distinct profiles at once, in numpy. Same answers as `reference`.

A profile is a cell and the values of the facts (0 否, 1 not known, 2 是). "All" is the least, "any" the greatest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.aid.model import CUT, LOST, NOT_MET, PAID, STATES, UNCONFIRMED, UNKNOWN_STATE, Outcome
from junheng.aid.plan import CELLS_PER_AREA, CODE, Fen, Plan, Small
from junheng.policy.clauses import NO, UNKNOWN, YES, AllOf, AnyOf, Condition, FactIs, Group, Named, Not

Cells = NDArray[np.int32]
_NOBODY = -1


@dataclass(frozen=True)
class Judged:
    """各情形的判断: arrays [clause, profile]. `winner` is the clause lost to, −1: none, −2: the group's rule or cap."""

    plan: Plan
    cells: Cells
    states: Small
    fen: NDArray[np.int32]
    winner: NDArray[np.int16]

    def outcomes(self, profile: int) -> list[Outcome]:
        """The outcomes of one profile, as the reference gives them."""
        return [self.outcome(number, profile) for number in range(len(self.plan.clauses))]

    def outcome(self, number: int, profile: int) -> Outcome:
        """The outcome of one clause for one profile."""
        clause = self.plan.clauses[number]
        state = STATES[self.states[number, profile]]
        lost_to = int(self.winner[number, profile])
        by = clause.group if lost_to == _BY_GROUP else ""
        if lost_to >= 0:
            by = self.plan.clauses[lost_to].id
        cell = self.cells[profile]
        due = int(self.plan.due[number, cell]) if self.plan.applies[number, cell] else 0
        return Outcome(clause.id, state, int(self.fen[number, profile]), due, by)

    def due(self, number: int) -> Fen:
        """What a clause grants in each profile's cell; of a range without tiers, the least."""
        rate = self.plan.rates[number]
        low = rate.low if rate is not None and rate.form == "range" else 0
        fen: Fen = self.plan.due[number][self.cells]
        return np.where(fen == 0, low, fen)


_BY_GROUP = -2


def judge_profiles(plan: Plan, cells: Cells, facts: Mapping[str, Small]) -> Judged:
    """资助判断: `cells` and every fact as arrays of equal length; a fact that is absent is not known."""
    values = _completed(plan, cells, facts)
    count = len(cells)
    memo: dict[Condition, Small] = {}
    states = np.empty((len(plan.clauses), count), np.uint8)
    fen = np.zeros((len(plan.clauses), count), np.int32)
    winner = np.full((len(plan.clauses), count), _NOBODY, np.int16)
    for number, (clause, rate) in enumerate(zip(plan.clauses, plan.rates, strict=True)):
        applies = plan.applies[number]
        if rate is None or not applies.any():
            states[number] = plan.outside[number].take(cells)
            continue
        scope = applies.take(cells)
        held = np.minimum(scope, _truth(clause.condition, values, count, memo))
        state = _WHEN.take(held)
        if not applies.all():
            np.copyto(state, plan.outside[number].take(cells), where=scope == NO)
        met = held == YES
        if not plan.payable[number].all():
            open_ = met & ~plan.payable[number].take(cells // CELLS_PER_AREA)
            state[open_] = CODE[UNCONFIRMED]
            met &= ~open_
        if plan.payable[number].any():
            due = plan.due[number]
            granted = due if clause.cap is None else np.minimum(due, clause.cap)
            np.multiply(met, granted.take(cells), out=fen[number], casting="unsafe")
            if clause.cap is not None:
                cut = met & (due.take(cells) > clause.cap)
                state[cut] = CODE[CUT]
                winner[number][cut] = number
        states[number] = state
    for group in plan.book.groups.values():
        _settle(plan, group, states, fen, winner)
    return Judged(plan, cells, states, fen, winner)


_WHEN = np.array([CODE[NOT_MET], CODE[UNKNOWN_STATE], CODE[PAID]], np.uint8)


def _completed(plan: Plan, cells: Cells, facts: Mapping[str, Small]) -> dict[str, Small]:
    """Facts of the rows, and where they are silent what documents say of the area."""
    values: dict[str, Small] = {}
    for column, fact in enumerate(plan.facts):
        own = facts.get(fact)
        given = plan.given[:, column]
        if (given == UNKNOWN).all():
            if own is not None:
                values[fact] = own
            continue
        said: Small = given[cells // CELLS_PER_AREA]
        values[fact] = said if own is None else np.where(own == UNKNOWN, said, own)
    return values


def _truth(
    condition: Condition, values: Mapping[str, Small], count: int, memo: dict[Condition, Small]
) -> Small:
    found = memo.get(condition)
    if found is None:
        found = memo[condition] = _judge(condition, values, count, memo)
    return found


def _judge(
    condition: Condition, values: Mapping[str, Small], count: int, memo: dict[Condition, Small]
) -> Small:
    match condition:
        case FactIs(fact):
            held = values.get(fact)
            return np.full(count, UNKNOWN, np.uint8) if held is None else held
        case Not(part):
            opposite: Small = YES - _truth(part, values, count, memo)
            return opposite
        case Named(_, part):
            return _truth(part, values, count, memo)
        case AllOf(parts):
            answer = np.full(count, YES, np.uint8)
            for part in parts:
                answer = np.minimum(answer, _truth(part, values, count, memo))
            return answer
        case AnyOf(parts):
            answer = np.full(count, NO, np.uint8)
            for part in parts:
                answer = np.maximum(answer, _truth(part, values, count, memo))
            return answer


def _settle(
    plan: Plan, group: Group, states: Small, fen: NDArray[np.int32], winner: NDArray[np.int16]
) -> None:
    """The group's rule, then its cap, for all profiles at once."""
    members = [number for number, clause in enumerate(plan.clauses) if clause.group == group.id]
    members = [number for number in members if plan.rates[number] is not None]
    if len(members) > 1 and (group.rule != "stack" or not group.settled):
        _one_only(group, members, states, fen, winner)
    if group.cap is not None:
        left = np.full(states.shape[1], group.cap, np.int64)
        for number in members:
            met = _met(states[number])
            pay = np.where(met, np.minimum(fen[number], left), 0)
            cut = met & (pay < fen[number])
            states[number][cut] = CODE[CUT]
            winner[number][cut] = _BY_GROUP
            fen[number] = np.where(met, pay, fen[number])
            left -= pay


def _met(states: Small) -> NDArray[np.bool_]:
    met: NDArray[np.bool_] = (states == CODE[PAID]) | (states == CODE[CUT])
    return met


def _one_only(
    group: Group,
    members: list[int],
    states: Small,
    fen: NDArray[np.int32],
    winner: NDArray[np.int16],
) -> None:
    best = np.full(states.shape[1], _NOBODY, np.int16)
    most = np.full(states.shape[1], -1, np.int64)
    for number in members:
        met = _met(states[number])
        better = met & (best == _NOBODY) if group.rule == "first" else met & (fen[number] > most)
        best[better] = number
        most[better] = fen[number][better]
    for number in members:
        beaten = _met(states[number]) & (best != number)
        states[number][beaten] = CODE[LOST] if group.settled else CODE[UNCONFIRMED]
        fen[number][beaten] = 0
        winner[number] = np.where(beaten, best if group.settled else _BY_GROUP, winner[number])


def fen_by_kind(judged: Judged) -> dict[tuple[str, str], Fen]:
    """{(kind, period): fen of each profile}, granted only."""
    found: dict[tuple[str, str], Fen] = {}
    for number, (clause, rate) in enumerate(zip(judged.plan.clauses, judged.plan.rates, strict=True)):
        if rate is None:
            continue
        key = (clause.kind, "once" if rate.per == "once" else "year")
        total = found.get(key)
        found[key] = judged.fen[number].astype(np.int64) if total is None else total + judged.fen[number]
    return found
