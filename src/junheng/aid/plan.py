"""某日的条款表 (plan): a book compiled for one day into small arrays, the same for every person.

A *cell* is (area class, stage, grade); counties that no clause tells apart share an area class. For each clause and cell
the plan holds whether it applies (0 no, 1 unknown, 2 yes), the state if it does not, and fen. Only facts are left to judge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from junheng.aid.model import (
    NOT_IN_FORCE,
    OTHER_AREA,
    OTHER_GRADE,
    OTHER_STAGE,
    STATES,
    UNKNOWN_STATE,
)
from junheng.policy.clauses import NO, STAGES, TOP_GRADE, UNKNOWN, YES, Book, Clause, Rate, facts_of

GRADES = TOP_GRADE + 1
CELLS_PER_AREA = len(STAGES) * GRADES
CODE = {state: number for number, state in enumerate(STATES)}

Small = NDArray[np.uint8]
Fen = NDArray[np.int64]


@dataclass(frozen=True)
class Plan:
    """某日的条款表. `applies`, `outside` (a state's number) are [clause, cell]; `due` is fen [clause, cell]."""

    book: Book
    day: date
    clauses: tuple[Clause, ...]
    rates: tuple[Rate | None, ...]
    facts: tuple[str, ...]
    areas: tuple[frozenset[str], ...]
    applies: Small
    outside: Small
    due: Fen
    payable: NDArray[np.bool_]  # [clause, area class]
    given: Small  # [area class, fact]: what documents say of the area; UNKNOWN where they are silent

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self.areas) * CELLS_PER_AREA

    def only(self, clauses: NDArray[np.intp]) -> "Plan":
        """The same plan with these clauses (by place), in their order."""
        return replace(
            self,
            clauses=tuple(self.clauses[number] for number in clauses),
            rates=tuple(self.rates[number] for number in clauses),
            applies=self.applies[clauses],
            outside=self.outside[clauses],
            due=self.due[clauses],
            payable=self.payable[clauses],
        )

    def alike(self) -> NDArray[np.int64]:
        """{cell: the first cell of its stage that no clause, amount or fact of the area tells from it}."""
        weights = np.random.default_rng(11).integers(1, 2**62, (3, len(self.clauses)), dtype=np.int64)
        mixed = weights[0] @ self.applies.astype(np.int64) + weights[1] @ self.outside.astype(np.int64)
        mixed += weights[2] @ self.due  # wraps around: a hash
        cell = np.arange(self.cells)
        mixed += cell // GRADES % len(STAGES) * 0x9E3779B97F4A7C1
        area = self.given.astype(np.int64) @ (3 ** np.arange(len(self.facts), dtype=np.int64))
        mixed += area[cell // CELLS_PER_AREA] * 0x2545F4914F6CDD1
        mixed += (weights[0] @ self.payable.astype(np.int64) * 0x1F3D5B79)[cell // CELLS_PER_AREA]
        _, first, index = np.unique(mixed, return_index=True, return_inverse=True)
        return first[index].astype(np.int64)

    def area_of(self, county: str) -> int:
        """The area class of a county code ("" when not known)."""
        return self.areas.index(_areas_of(self.book, county))

    def cell(self, county: str, stage: str, grade: int) -> int:
        """The cell of a person."""
        return (self.area_of(county) * len(STAGES) + STAGES.index(stage)) * GRADES + grade

    @cached_property
    def relevant(self) -> tuple[tuple[str, ...], ...]:
        """For every stage the facts that its clauses ask for."""
        asked: list[set[str]] = [set() for _ in STAGES]
        for clause in self.clauses:
            names = facts_of(clause.condition)
            for stage in clause.stages:
                asked[STAGES.index(stage)].update(names)
        return tuple(tuple(fact for fact in self.facts if fact in names) for names in asked)


def _areas_of(book: Book, county: str) -> frozenset[str]:
    """Which of the areas that clauses name contain the county; a county not known is its own class."""
    if not county:
        return frozenset({"?"})
    return frozenset(area for area in book.named_areas if county.startswith(area))


def counties_of(book: Book) -> dict[frozenset[str], str]:
    """{area class: one county of it}: all counties the book names, one outside of every area, and the unknown."""
    samples = ["", "999999", *sorted(code for code in book.areas if len(code) == 6)]
    samples += sorted({area.ljust(6, "9") for clause in book.clauses for area in clause.areas if area})
    found: dict[frozenset[str], str] = {}
    for county in samples:
        found.setdefault(_areas_of(book, county), county)
    return found


def compile_plan(book: Book, on: date, like: Plan | None = None) -> Plan:
    """条款汇编 → 某日的条款表. Rows of clauses that `like` (a plan of the same day) already holds are taken from it."""
    samples = counties_of(book)
    areas = tuple(samples)
    facts = book.used
    rates = tuple(clause.on(on) for clause in book.clauses)
    size = len(areas) * CELLS_PER_AREA
    applies = np.zeros((len(book.clauses), size), np.uint8)
    outside = np.zeros((len(book.clauses), size), np.uint8)
    due = np.zeros((len(book.clauses), size), np.int64)
    held = _rows_of(like, on, areas)
    for number, (clause, rate) in enumerate(zip(book.clauses, rates, strict=True)):
        if like is not None and id(clause) in held:
            row = held[id(clause)]
            applies[number], outside[number], due[number] = (
                like.applies[row],
                like.outside[row],
                like.due[row],
            )
            continue
        inside, state, fen = _stages_and_grades(clause, rate)
        for place, area in enumerate(areas):
            here = (
                YES
                if "" in clause.areas
                else UNKNOWN
                if "?" in area
                else YES
                if area & set(clause.areas)
                else NO
            )
            span = slice(place * CELLS_PER_AREA, (place + 1) * CELLS_PER_AREA)
            applies[number, span] = np.minimum(inside, here)
            outside[number, span] = CODE[OTHER_AREA] if here == NO else state
            due[number, span] = fen if here != NO else 0
    counties = samples.values()
    payable = np.array(
        [[rate is not None and rate.payable_in(county) for county in counties] for rate in rates]
    )
    given = np.full((len(areas), len(facts)), UNKNOWN, np.uint8)
    for place, area in enumerate(areas):
        said: Mapping[str, bool | None] = book.facts_on(samples[area], on, {})
        for column, fact in enumerate(facts):
            if said.get(fact) is not None:
                given[place, column] = YES if said[fact] else NO
    return Plan(book, on, book.clauses, rates, facts, areas, applies, outside, due, payable, given)


def _rows_of(like: Plan | None, on: date, areas: tuple[frozenset[str], ...]) -> dict[int, int]:
    """{id of a clause object: its row} of a plan that can be taken over."""
    if like is None or like.day != on or like.areas != areas:
        return {}
    return {id(clause): row for row, clause in enumerate(like.clauses)}


def _stages_and_grades(clause: Clause, rate: Rate | None) -> tuple[Small, Small, Fen]:
    """For every (stage, grade): applies, the state where it does not, fen."""
    inside = np.zeros((len(STAGES), GRADES), np.uint8)
    state = np.full((len(STAGES), GRADES), CODE[OTHER_STAGE], np.uint8)
    fen = np.zeros((len(STAGES), GRADES), np.int64)
    for row, stage in enumerate(STAGES):
        if stage not in clause.stages:
            continue
        if rate is None:
            state[row] = CODE[NOT_IN_FORCE]
            continue
        state[row] = CODE[OTHER_GRADE]
        for grade in range(GRADES):
            takes = rate.takes(stage, grade)
            if takes or grade == 0:
                inside[row, grade] = YES if takes else UNKNOWN
                state[row, grade] = CODE[UNKNOWN_STATE]
                fen[row, grade] = rate.fen_for(stage, grade)
    return inside.ravel(), state.ravel(), fen.ravel()
