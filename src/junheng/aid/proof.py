"""证明 (proof): what must be true of a book for every person it could ever meet, checked over its whole fact space.

For every day on which anything changes, every distinct cell and every combination of 是, 否 and not known of the facts
asked for there: one paid clause in an exclusive group, no cap exceeded, no helping fact that lowers a total, every clause
reachable, no two clauses that say the same thing twice, and every worked example true.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

import numpy as np
from numpy.typing import NDArray

from junheng.aid.exact import Judged, judge_profiles
from junheng.aid.model import CUT, GRANTED, PAID, STATE_TITLES, STATES, UNCONFIRMED, Child
from junheng.aid.plan import CELLS_PER_AREA, GRADES, Plan, Small, compile_plan
from junheng.aid.reasons import money
from junheng.aid.reference import outcomes
from junheng.policy.clauses import NO, STAGES, UNKNOWN, YES, Book, Clause, Condition, facts_of, judge

_MOST_FACTS = 11  # beyond this the not-known third is left to the twin: 3^12 rows a cell
_WORDS = {NO: "否", UNKNOWN: "不明", YES: "是"}


@dataclass(frozen=True)
class Proof:
    """证明结果: `problems` refute the book; `notes` are for a person to read; and how much was looked at."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]
    days: int
    cells: int
    profiles: int
    patterns: int
    examples: int


def days_of(book: Book) -> list[date]:
    """The days on which anything changes, and the day before the first."""
    found: set[date] = set()
    for item in [rate for clause in book.clauses for rate in clause.rates] + list(book.area_facts):
        if item.since:
            found.add(item.since)
        if item.until:
            found.add(item.until + timedelta(days=1))
    return sorted({min(found, default=date(2020, 1, 1)) - timedelta(days=1)} | found)


def prove(book: Book) -> Proof:
    """证明: every problem found, none of them guessed; deterministic."""
    run = _Run(book)
    for day in days_of(book):
        run.day(compile_plan(book, day))
    run.unreachable()
    run.doubled()
    examples = run.examples()
    return Proof(
        tuple(dict.fromkeys(run.problems)),
        tuple(dict.fromkeys(run.notes)),
        len(days_of(book)),
        len(run.seen),
        run.profiles,
        len(run.patterns),
        examples,
    )


class _Run:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.seen: set[bytes] = set()
        self.granted: set[str] = set()
        self.patterns: set[int] = set()
        self.profiles = 0
        self.excused = {lowering.fact for lowering in book.lowerings}
        weights = np.random.default_rng(7).integers(1, 2**62, len(book.clauses), dtype=np.int64)
        self.weights = dict(zip([clause.id for clause in book.clauses], weights, strict=True))

    def day(self, plan: Plan) -> None:
        """Every cell of a day that differs from those seen."""
        live = plan.applies > NO
        if not live.any():
            return
        area = np.arange(plan.cells) // CELLS_PER_AREA
        due = np.ascontiguousarray(np.where(live, plan.due, 0).T).view(np.uint8)
        told = np.hstack([plan.applies.T, due, (live & plan.payable[:, area]).T, plan.given[area]])
        for cell in np.flatnonzero(live.any(axis=0)).tolist():
            key = told[cell].tobytes()
            if key not in self.seen:
                self.seen.add(key)
                self._cell(plan, cell, np.flatnonzero(live[:, cell]))

    def _cell(self, plan: Plan, cell: int, clauses: NDArray[np.intp]) -> None:
        part = plan.only(clauses)
        part = replace(
            part,
            applies=part.applies[:, [cell]],
            outside=part.outside[:, [cell]],
            due=part.due[:, [cell]],
            payable=part.payable[:, [cell // CELLS_PER_AREA]],
            given=plan.given[[cell // CELLS_PER_AREA]],
        )
        asked = {fact for clause in part.clauses for fact in facts_of(clause.condition)}
        facts = tuple(fact for fact in plan.facts if fact in asked)
        # Where grade or county is not known, the answer can only be less certain than with either known.
        certain = bool((part.applies == YES).all())
        values = (NO, UNKNOWN, YES) if certain and len(facts) <= _MOST_FACTS else (NO, YES)
        grid = fact_space(facts, values)
        count = len(values) ** len(facts)
        judged = judge_profiles(part, np.zeros(count, np.int32), grid)
        self.profiles += count
        where = _place(self.book, plan, cell)
        self._patterns(judged)
        self._groups(judged, where)
        self._monotone(judged, facts, len(values), where)
        reached = np.flatnonzero(_REACHED[judged.states].any(axis=1))
        self.granted.update(part.clauses[number].id for number in reached)

    def _patterns(self, judged: Judged) -> None:
        weights = np.array([self.weights[clause.id] for clause in judged.plan.clauses], np.int64)
        mixed = np.zeros(judged.states.shape[1], np.int64)
        for states, weight in zip(judged.states, weights, strict=True):
            mixed += (states.astype(np.int64) + 1) * weight  # wraps around, which is as good a hash
        self.patterns.update(np.unique(mixed).tolist())

    def _groups(self, judged: Judged, where: str) -> None:
        plan = judged.plan
        for number, clause in enumerate(plan.clauses):
            if clause.cap is not None and (judged.fen[number] > clause.cap).any():
                self.problems.append(f"{where}：条款“{clause.name}”发放超过上限{money(clause.cap)}")
        for group in self.book.groups.values():
            members = [number for number, clause in enumerate(plan.clauses) if clause.group == group.id]
            if not members:
                continue
            granted = _GRANTED[judged.states[members]]
            if (group.rule != "stack" or not group.settled) and (granted.sum(axis=0) > 1).any():
                self.problems.append(f"{where}：互斥组“{group.title}”有两条同时发放")
            total = judged.fen[members].sum(axis=0)
            if group.cap is not None and (total > group.cap).any():
                self.problems.append(f"{where}：互斥组“{group.title}”合计超过上限{money(group.cap)}")

    def _monotone(self, judged: Judged, facts: tuple[str, ...], base: int, where: str) -> None:
        total = np.zeros(judged.states.shape[1], np.int64)
        for number, clause in enumerate(judged.plan.clauses):
            if clause.kind != "loan":
                total += judged.fen[number]
        cube = total.reshape((base,) * len(facts))
        for axis, fact in enumerate(facts):
            if not self.book.facts[fact].helps or fact in self.excused:
                continue
            steps = np.diff(cube, axis=axis)
            if steps.size and steps.min() < 0:
                place = np.unravel_index(int(steps.argmin()), steps.shape)
                values = (NO, UNKNOWN, YES) if base == 3 else (NO, YES)
                others = "、".join(
                    f"{name}{_WORDS[values[at]]}"
                    for name, at in zip(facts, place, strict=True)
                    if name != fact and values[at] != NO
                )
                loss = money(-int(steps.min()))
                self.problems.append(
                    f"{where}：“{fact}”由{_WORDS[values[place[axis]]]}变为{_WORDS[values[place[axis] + 1]]}"
                    f"，合计反而少{loss}（{others or '其余均为否'}）；请改正条款，或在 lowerings 中写明准许的理由"
                )

    def unreachable(self) -> None:
        """Clauses that nobody can ever receive."""
        for clause in self.book.clauses:
            if clause.id not in self.granted:
                self.problems.append(
                    f"条款“{clause.id} {clause.name}”在任何日期、任何情形下都不会享受，请核对条件"
                )

    def doubled(self) -> None:
        """Two clauses that grant the same kind to the same people at the same time, outside of any group."""
        for number, one in enumerate(self.book.clauses):
            for other in self.book.clauses[number + 1 :]:
                if _same_people(one, other) and not (one.group and one.group == other.group):
                    text = f"条款“{one.id} {one.name}”与“{other.id} {other.name}”"
                    if one.name == other.name or _amounts(one) != _amounts(other):
                        if one.pack == other.pack and one.rates[0].form == other.rates[0].form == "fixed":
                            self.problems.append(
                                f"{text}对象、类别、时间相同而没有互斥组，可能重复或矛盾；请合并，或写明互斥组"
                            )
                        else:
                            self.notes.append(f"{text}对象和时间相同，可以同时享受，请确认文件是否如此")

    def _signed(self, clause: Clause) -> bool:
        """Whether a named person confirmed the clause or the rule of its group."""
        group = self.book.groups.get(clause.group)
        return any(rate.confirmed_by for rate in clause.rates) or bool(group and group.confirmed_by)

    def examples(self) -> int:
        """Run the worked examples through the reference; count them."""
        count = 0
        for clause in self.book.clauses:
            for number, example in enumerate(clause.examples, 1):
                count += 1
                if example.state and example.state not in STATE_TITLES:
                    self.problems.append(
                        f"条款“{clause.id} {clause.name}”算例{number}：state 应为 {'、'.join(STATE_TITLES)} 之一，"
                        f"发现“{example.state[:30]}”"
                    )
                    continue
                child = Child(example.stage, example.grade, example.county, example.facts)
                found = next(o for o in outcomes(self.book, child, example.on) if o.clause == clause.id)
                paid = found.fen if found.state in GRANTED else None
                if example.state == UNCONFIRMED and paid is not None and self._signed(clause):
                    continue  # what the example waits for has been confirmed since
                if (example.state and found.state != example.state) or (
                    not example.state and paid != example.fen
                ):
                    expected = (
                        STATE_TITLES[example.state]
                        if example.state
                        else "不发放"
                        if example.fen is None
                        else money(example.fen)
                    )
                    self.problems.append(
                        f"条款“{clause.id} {clause.name}”算例{number}：应为{expected}，"
                        f"算得{STATE_TITLES[found.state]}{money(found.fen)}"
                    )
        return count


# {a state's number: whether it is one of these}
_GRANTED = np.array([state in GRANTED for state in STATES])
_REACHED = np.array([state in (PAID, CUT, UNCONFIRMED) for state in STATES])


def fact_space(facts: tuple[str, ...], values: tuple[int, ...]) -> dict[str, Small]:
    """Every combination of values: {fact: column}; the last fact turns fastest."""
    base, count = len(values), len(values) ** len(facts)
    numbers = np.arange(count)
    lookup = np.array(values, np.uint8)
    return {
        fact: lookup[numbers // base ** (len(facts) - 1 - place) % base] for place, fact in enumerate(facts)
    }


def _place(book: Book, plan: Plan, cell: int) -> str:
    """“2018-10-01 金凤区 小学3年级”."""
    area = plan.areas[cell // CELLS_PER_AREA]
    names = "县区不明" if "?" in area else book.areas.get(max(area, key=len, default=""), "全国")
    stage, grade = STAGES[cell // GRADES % len(STAGES)], cell % GRADES
    return f"{plan.day} {names} {stage}{f'{grade}年级' if grade else ''}"


def _same_people(one: Clause, other: Clause) -> bool:
    return (
        one.kind == other.kind
        and _same_condition(one.condition, other.condition)
        and bool(set(one.stages) & set(other.stages))
        and any(a.startswith(b) or b.startswith(a) for a in one.areas for b in other.areas)
        and any(
            (a.since or date.min) <= (b.until or date.max) and (b.since or date.min) <= (a.until or date.max)
            for a in one.rates
            for b in other.rates
        )
    )


def _same_condition(one: Condition, other: Condition) -> bool:
    """Whether two conditions hold of the same people, however they are written."""
    if one == other:
        return True
    facts = facts_of(one)
    if len(facts) > _MOST_FACTS or set(facts) != set(facts_of(other)):
        return False
    return all(
        judge(one, held) == judge(other, held)
        for held in (
            dict(zip(facts, values, strict=True)) for values in product((False, True), repeat=len(facts))
        )
    )


def _amounts(clause: Clause) -> list[object]:
    return [(rate.form, dict(rate.fen)) for rate in clause.rates]
