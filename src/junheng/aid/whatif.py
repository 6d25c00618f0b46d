"""假如 (what-if): cost and heads of a book by county, stage, school and clause, and the changes people ask about.

A change is a new `Book` made by `raised`, `widened` or `merged`; `bill` answers for a cube of students in milliseconds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from junheng.aid.cube import Cube
from junheng.aid.exact import judge_profiles
from junheng.aid.model import CUT
from junheng.aid.plan import CODE, Plan
from junheng.policy.clauses import STAGES, AnyOf, Book, Clause, Condition, Group


@dataclass(frozen=True)
class Bill:
    """费用: fen and heads as [county, stage, clause]; what is granted only. Loans are their own clauses: leave them out of sums."""

    plan: Plan
    cube: Cube
    fen: NDArray[np.int64]
    heads: NDArray[np.int64]

    def by_county(self) -> dict[str, int]:
        """{county: fen}, loans left out."""
        given = np.array([clause.kind != "loan" for clause in self.plan.clauses])
        return dict(zip(self.cube.counties, self.fen[:, :, given].sum(axis=(1, 2)).tolist(), strict=True))

    def by_stage(self) -> dict[str, int]:
        """{stage: fen}, loans left out."""
        given = np.array([clause.kind != "loan" for clause in self.plan.clauses])
        return dict(zip(STAGES, self.fen[:, :, given].sum(axis=(0, 2)).tolist(), strict=True))

    def by_clause(self) -> dict[str, tuple[int, int]]:
        """{clause: (fen, heads)}."""
        fen, heads = self.fen.sum(axis=(0, 1)).tolist(), self.heads.sum(axis=(0, 1)).tolist()
        return {clause.id: (fen[n], heads[n]) for n, clause in enumerate(self.plan.clauses)}


def bill(cube: Cube, plan: Plan, like: Bill | None = None) -> Bill:
    """费用: what the plan's day costs for the students of the cube.

    Stages of which no clause differs from those of `like` (a bill of the same cube) are taken from it.
    """
    view = cube.view(plan)
    shape = (len(cube.counties), len(STAGES), len(plan.clauses))
    fen, heads = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    touched = _touched(cube, plan, like)
    for stage, low, high in view.stages:
        held = [
            n for n, clause in enumerate(plan.clauses) if plan.rates[n] and STAGES[stage] in clause.stages
        ]
        live = np.array(held, np.intp)
        if like is not None and stage not in touched:
            fen[:, stage, live] = like.fen[:, stage, live]
            heads[:, stage, live] = like.heads[:, stage, live]
            continue
        facts = {fact: column[low:high] for fact, column in view.facts.items()}
        judged = judge_profiles(plan.only(live), view.cells[low:high], facts)
        # Floats hold these sums exactly (below 2^53) and multiply faster than integers.
        part = view.heads[:, low:high]
        fen[:, stage, live] = part @ judged.fen.T.astype(np.float64)
        heads[:, stage, live] = part @ (CODE[CUT] >= judged.states.T).astype(np.float64)
    return Bill(plan, cube, fen, heads)


def _touched(cube: Cube, plan: Plan, like: Bill | None) -> set[int]:
    """The stages in which a clause, or the rule of its group, is another than in `like`; all when nothing can be taken over."""
    whole = set(range(len(STAGES)))
    if like is None or like.cube is not cube:
        return whole
    before, after = like.plan, plan
    if before.day != after.day or len(before.clauses) != len(after.clauses):
        return whole
    if before.areas != after.areas or not np.array_equal(before.given, after.given):
        return whole
    old, new = before.book.groups, after.book.groups
    found: set[int] = set()
    for one, other in zip(before.clauses, after.clauses, strict=True):
        if one is not other or (one.group and old.get(one.group) != new.get(one.group)):
            found.update(STAGES.index(stage) for stage in (*one.stages, *other.stages))
    return found


def by_school(cube: Cube, plan: Plan) -> dict[str, tuple[int, int]]:
    """{school: (fen, students who receive anything)}, loans left out."""
    view = cube.view(plan)
    judged = judge_profiles(plan, view.cells, view.facts)
    given = np.array([clause.kind != "loan" for clause in plan.clauses])
    total = judged.fen[given].sum(axis=0, dtype=np.int64)
    any_ = (judged.states[given] <= CODE[CUT]).any(axis=0)
    fen = np.zeros(len(cube.schools), np.int64)
    heads = np.zeros(len(cube.schools), np.int64)
    np.add.at(fen, cube.school, cube.count * total[view.profile])
    np.add.at(heads, cube.school, cube.count * any_[view.profile])
    return {name: (int(fen[n]), int(heads[n])) for n, name in enumerate(cube.schools)}


def raised(book: Book, clause: str, fen: Mapping[str, int]) -> Book:
    """提标: the clause pays `fen` in the stages named, in every grade and period; others as before."""

    def change(one: Clause) -> Clause:
        rates = tuple(
            replace(
                rate,
                fen={place: fen.get(place[0], value) for place, value in rate.fen.items()},
            )
            for rate in one.rates
        )
        return replace(one, rates=rates)

    return _with(book, clause, change)


def widened(book: Book, clause: str, more: Condition) -> Book:
    """扩面: the clause also takes those of whom `more` is true."""
    return _with(book, clause, lambda one: replace(one, condition=AnyOf((one.condition, more))))


def confirmed(book: Book, clause: str, by: str) -> Book:
    """确认: as if the named person had confirmed what no document lays down."""
    return _with(
        book,
        clause,
        lambda one: replace(one, rates=tuple(replace(rate, confirmed_by=by) for rate in one.rates)),
    )


def members(book: Book, clauses: Sequence[str]) -> tuple[str, ...]:
    """These clauses and those that already exclude one of them: who is merged with one of a group is merged with all of it."""
    groups = {book.clause(name).group for name in clauses}
    exclusive = {name for name in groups if name and book.groups[name].rule != "stack"}
    return tuple(one.id for one in book.clauses if one.id in clauses or one.group in exclusive)


def merged(book: Book, clauses: tuple[str, ...], title: str) -> Book:
    """并项: of these clauses, and of those that already exclude one of them, only the highest is paid."""
    group = Group(f"what-if:{title}", title, "highest", None)
    changed = book
    for name in members(book, clauses):
        changed = _with(changed, name, lambda one: replace(one, group=group.id))
    return replace(changed, groups={**changed.groups, group.id: group})


def _with(book: Book, name: str, change: Callable[[Clause], Clause]) -> Book:
    book.clause(name)  # KeyError when there is none
    clauses = tuple(change(clause) if clause.id == name else clause for clause in book.clauses)
    return replace(book, clauses=clauses, version=f"{book.version}+")
