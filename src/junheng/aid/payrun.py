"""发放测算 (pay run): every student's amounts and reasons for a day, each distinct profile judged and explained once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.aid.cube import Cube, View
from junheng.aid.exact import Judged, fen_by_kind, judge_profiles
from junheng.aid.model import OTHER_AREA, OTHER_GRADE, OTHER_STAGE, Child
from junheng.aid.plan import CODE, GRADES, Fen, Plan, counties_of
from junheng.aid.reasons import why
from junheng.policy.clauses import NO, STAGES, UNKNOWN, YES, facts_of

_FACT = {NO: False, UNKNOWN: None, YES: True}
_NO_REASON = -1


@dataclass(frozen=True)
class PayRun:
    """发放测算: amounts by (kind, period) for each profile, and for each clause and profile the place of its sentence."""

    plan: Plan
    profile_of: NDArray[np.int64]  # {student: profile}
    fen: dict[tuple[str, str], Fen]
    reason: NDArray[np.int32]
    sentences: tuple[str, ...]

    def student_fen(self, kind: str = "cash", period: str = "year") -> Fen:
        """Fen of every student."""
        found = self.fen.get((kind, period))
        if found is None:
            return np.zeros(len(self.profile_of), np.int64)
        amounts: Fen = found[self.profile_of]
        return amounts

    def why(self, student: int) -> dict[str, str]:
        """{clause: its sentence} for one student; clauses of other areas are left out."""
        places = self.reason[:, self.profile_of[student]]
        return {
            clause.id: self.sentences[place]
            for clause, place in zip(self.plan.clauses, places, strict=True)
            if place != _NO_REASON
        }


def pay_run(cube: Cube, plan: Plan) -> PayRun:
    """发放测算. The cube must know its students (`build_cube(…, students=True)`)."""
    if cube.of_student is None:
        raise ValueError("the cube was built without students=True")
    view = cube.view(plan)
    judged = judge_profiles(plan, view.cells, view.facts)
    reason, sentences = explain(view, judged)
    return PayRun(plan, view.profile[cube.of_student], fen_by_kind(judged), reason, sentences)


def explain(view: View, judged: Judged) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Sentences once each, and [clause, profile] → their places; −1 where the clause is of another area."""
    plan = judged.plan
    counties = list(counties_of(plan.book).values())
    sentences: list[str] = []
    reason = np.full(judged.states.shape, _NO_REASON, np.int32)
    other = CODE[OTHER_AREA]
    for number, clause in enumerate(plan.clauses):
        states = judged.states[number]
        here = np.flatnonzero(states != other)
        if not len(here):
            continue
        key = states[here].astype(np.int64) * 1024 + judged.winner[number][here] + 2
        key = key * plan.cells + _alike(plan, number)[view.cells[here]]
        inside = states[here] <= CODE["not_met"]
        for fact in facts_of(clause.condition):
            if fact in view.facts:
                key = key * 3 + np.where(inside, view.facts[fact][here], NO)
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        reason[number, here] = inverse + len(sentences)
        for place in here[first]:
            child = _child(view, plan, counties, int(place))
            outcome = judged.outcome(number, int(place))
            sentences.append(why(plan.book, child, outcome, plan.day))
    return reason, tuple(sentences)


def _alike(plan: Plan, number: int) -> NDArray[np.int64]:
    """{cell: a number that cells share of which a sentence says the same}."""
    cell = np.arange(plan.cells)
    area, stage, grade = cell // (len(STAGES) * GRADES), cell // GRADES % len(STAGES), cell % GRADES
    outside = plan.outside[number]
    inside = ((plan.due[number] * len(plan.areas) + area) * 2 + (grade == 0)) * 4
    answer = np.where(plan.applies[number] > 0, inside, 3)
    answer = np.where((plan.applies[number] == 0) & (outside == CODE[OTHER_STAGE]), stage * 4 + 1, answer)
    answer = np.where((plan.applies[number] == 0) & (outside == CODE[OTHER_GRADE]), stage * 4 + 2, answer)
    return np.unique(answer, return_inverse=True)[1].astype(np.int64)


def _child(view: View, plan: Plan, counties: list[str], place: int) -> Child:
    area, rest = divmod(int(view.cells[place]), len(STAGES) * GRADES)
    stage, grade = divmod(rest, GRADES)
    facts = {fact: _FACT[int(column[place])] for fact, column in view.facts.items()}
    return Child(STAGES[stage], grade, counties[area], facts)
