"""资助判断的表式 (table expressions): the same rules on a table of students, for DuckDB or Spark, row by row.

In: `county` (text, blank not known), `stage` (学前 …), `grade` (integer, blank or 0 not known), and a flag for every fact
(blank not known; a column that is absent is not known). Out: the same rows with, for clause number n, `state_n` (the place in
`STATES`) and `fen_n`, and `fen_cash_year`, `fen_cash_once`, `fen_waiver_year` … the sums by kind and period.
Truth is 0, 1, 2 as in `exact`; "all" is the least, "any" the greatest, so no engine's own blanks decide anything.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from typing import Any

import narwhals as nw

from junheng.aid.model import (
    CUT,
    LOST,
    NOT_IN_FORCE,
    NOT_MET,
    OTHER_AREA,
    OTHER_GRADE,
    OTHER_STAGE,
    PAID,
    STATES,
    UNCONFIRMED,
    UNKNOWN_STATE,
)
from junheng.policy.clauses import (
    NO,
    TOP_GRADE,
    UNKNOWN,
    YES,
    AllOf,
    AnyOf,
    Book,
    Clause,
    Condition,
    FactIs,
    Group,
    Named,
    Not,
    Rate,
)

Frame = nw.LazyFrame[Any]
_CODE = {state: number for number, state in enumerate(STATES)}


def as_planned(frame: Frame) -> Frame:
    """Keep nothing: the whole computation stays one plan."""
    return frame


def with_aid(students: Frame, book: Book, on: date, keep: Callable[[Frame], Frame] = as_planned) -> Frame:
    """资助判断: the students with states, amounts and sums (see the module's head).

    `keep` (an engine's own) computes between the steps, which spares the planner a plan of a thousand columns.
    """
    names = students.collect_schema().names()
    county = nw.col("county").fill_null("") if "county" in names else nw.lit("")
    grade = nw.col("grade").fill_null(0).cast(nw.Int64) if "grade" in names else nw.lit(0)
    frame = students.with_columns(county.alias("aid_county"), grade.alias("aid_grade"))
    frame = frame.with_columns(
        *[_own(fact, fact in names, book, on).alias(f"fact_{fact}") for fact in book.used]
    )
    live = [(n, clause, rate) for n, clause in enumerate(book.clauses) if (rate := clause.on(on)) is not None]
    frame = keep(frame)
    frame = frame.with_columns(
        *[_held(clause, rate).alias(f"held_{n}") for n, clause, rate in live],
        *[_due(clause, rate).alias(f"due_{n}") for n, clause, rate in live],
    ).drop(*[f"fact_{fact}" for fact in book.used])
    frame = keep(frame)
    frame = frame.with_columns(*[_state(n, clause, rate).alias(f"state_{n}") for n, clause, rate in live])
    frame = frame.with_columns(*[_paid(n).alias(f"fen_{n}") for n, _, _ in live])
    frame = keep(frame.drop(*[f"{kind}_{n}" for n, _, _ in live for kind in ("held", "due")]))
    for group in book.groups.values():
        members = [n for n, clause, _ in live if clause.group == group.id]
        if members:
            frame = keep(_settled(frame, group, members))
    sums: dict[str, list[nw.Expr]] = {}
    for n, clause, rate in live:
        period = "once" if rate.per == "once" else "year"
        sums.setdefault(f"fen_{clause.kind}_{period}", []).append(nw.col(f"fen_{n}"))
    asleep = [(n, clause) for n, clause in enumerate(book.clauses) if clause.on(on) is None]
    return frame.with_columns(
        *[_sum(parts).alias(name) for name, parts in sums.items()],
        *[_asleep(clause).alias(f"state_{n}") for n, clause in asleep],
        *[nw.lit(0).alias(f"fen_{n}") for n, _ in asleep],
    ).drop("aid_county", "aid_grade")


def _sum(parts: Iterable[nw.Expr]) -> nw.Expr:
    return reduce(lambda left, right: left + right, parts)


def _own(fact: str, there: bool, book: Book, on: date) -> nw.Expr:
    """0, 1 or 2: the row's own flag, else what documents say of its area."""
    silent = nw.lit(UNKNOWN)
    for area_fact in book.area_facts:
        if area_fact.fact == fact and area_fact.holds(area_fact.areas[0], on):
            said = nw.lit(YES if area_fact.value else NO)
            silent = nw.when(_inside(area_fact.areas)).then(said).otherwise(silent)
    if not there:
        return silent
    own = nw.when(nw.col(fact)).then(nw.lit(YES)).otherwise(nw.lit(NO))
    return nw.when(nw.col(fact).is_null()).then(silent).otherwise(own)


def _inside(areas: tuple[str, ...]) -> nw.Expr:
    tests = [nw.col("aid_county").str.starts_with(area) for area in areas]
    return reduce(lambda left, right: left | right, tests)


def _truth(condition: Condition) -> nw.Expr:
    match condition:
        case FactIs(fact):
            return nw.col(f"fact_{fact}")
        case Not(part):
            return nw.lit(YES) - _truth(part)
        case Named(_, part):
            return _truth(part)
        case AllOf(parts):
            return nw.min_horizontal(nw.lit(YES), *[_truth(part) for part in parts])
        case AnyOf(parts):
            return nw.max_horizontal(nw.lit(NO), *[_truth(part) for part in parts])


def _area(clause: Clause) -> nw.Expr:
    if "" in clause.areas:
        return nw.lit(YES)
    here = nw.when(_inside(clause.areas)).then(nw.lit(YES)).otherwise(nw.lit(NO))
    return nw.when(nw.col("aid_county") == nw.lit("")).then(nw.lit(UNKNOWN)).otherwise(here)


def _grade(clause: Clause, rate: Rate) -> nw.Expr:
    """Whether the grade is taken; not known where a blank grade would matter."""
    answer = nw.lit(NO)
    for stage in clause.stages:
        low, high = rate.grades.get(stage, (1, TOP_GRADE))
        taken = (nw.col("aid_grade") >= nw.lit(low)) & (nw.col("aid_grade") <= nw.lit(high))
        inside = nw.when(taken).then(nw.lit(YES)).otherwise(nw.lit(NO))
        blank = nw.lit(YES if rate.takes(stage, 0) else UNKNOWN)
        here = nw.when(nw.col("aid_grade") == nw.lit(0)).then(blank).otherwise(inside)
        answer = nw.when(nw.col("stage") == nw.lit(stage)).then(here).otherwise(answer)
    return answer


def _held(clause: Clause, rate: Rate) -> nw.Expr:
    """0, 1, 2 where the clause applies; −1 other area, −2 other stage, −4 other grade."""
    grade = _grade(clause, rate)
    met = nw.min_horizontal(_area(clause), grade, _truth(clause.condition))
    inside = nw.when(grade == nw.lit(NO)).then(nw.lit(-4)).otherwise(met)
    staged = nw.when(nw.col("stage").is_in(list(clause.stages))).then(inside).otherwise(nw.lit(-2))
    return nw.when(_area(clause) == nw.lit(NO)).then(nw.lit(-1)).otherwise(staged)


def _asleep(clause: Clause) -> nw.Expr:
    """The state of a clause that is not in force."""
    staged = nw.when(nw.col("stage").is_in(list(clause.stages)))
    state = staged.then(nw.lit(_CODE[NOT_IN_FORCE])).otherwise(nw.lit(_CODE[OTHER_STAGE]))
    return nw.when(_area(clause) == nw.lit(NO)).then(nw.lit(_CODE[OTHER_AREA])).otherwise(state)


def _due(clause: Clause, rate: Rate) -> nw.Expr:
    answer = nw.lit(0)
    for (stage, grade), fen in rate.fen.items():
        here = nw.col("stage") == nw.lit(stage)
        if grade:
            here = here & (nw.col("aid_grade") == nw.lit(grade))
        answer = nw.when(here).then(nw.lit(fen)).otherwise(answer)
    return answer if clause.cap is None else nw.min_horizontal(answer, nw.lit(clause.cap))


def _state(n: int, clause: Clause, rate: Rate) -> nw.Expr:
    codes = {
        -4: OTHER_GRADE,
        -2: OTHER_STAGE,
        -1: OTHER_AREA,
        NO: NOT_MET,
        UNKNOWN: UNKNOWN_STATE,
    }
    answer = nw.lit(_CODE[PAID])
    if clause.cap is not None:
        over = [key for key, fen in rate.fen.items() if fen > clause.cap]
        for stage, grade in over:
            here = nw.col("stage") == nw.lit(stage)
            if grade:
                here = here & (nw.col("aid_grade") == nw.lit(grade))
            answer = nw.when(here).then(nw.lit(_CODE[CUT])).otherwise(answer)
    if not rate.payable:
        answer = nw.lit(_CODE[UNCONFIRMED])
    elif rate.assumption and "" not in rate.confirmed_in:
        answer = nw.when(_inside(rate.confirmed_in)).then(answer).otherwise(nw.lit(_CODE[UNCONFIRMED]))
    for held, state in codes.items():
        answer = nw.when(nw.col(f"held_{n}") == nw.lit(held)).then(nw.lit(_CODE[state])).otherwise(answer)
    return answer


def _paid(n: int) -> nw.Expr:
    granted = nw.col(f"state_{n}") <= nw.lit(_CODE[CUT])
    return nw.when(granted).then(nw.col(f"due_{n}")).otherwise(nw.lit(0))


def _settled(frame: Frame, group: Group, members: list[int]) -> Frame:
    """The group's rule, then its cap."""
    if len(members) > 1 and (group.rule != "stack" or not group.settled):
        ranks = []
        for place, n in enumerate(members):
            # The first of equals wins: amounts count a hundredfold, places less.
            worth = nw.lit(0) if group.rule == "first" else nw.col(f"fen_{n}") * nw.lit(100)
            rank = worth + nw.lit(len(members) - place)
            ranks.append(nw.when(nw.col(f"state_{n}") <= nw.lit(_CODE[CUT])).then(rank).otherwise(nw.lit(-1)))
        frame = frame.with_columns(*[rank.alias(f"rank_{n}") for n, rank in zip(members, ranks, strict=True)])
        frame = frame.with_columns(nw.max_horizontal(*[nw.col(f"rank_{n}") for n in members]).alias("best"))
        other = nw.lit(_CODE[LOST if group.settled else UNCONFIRMED])
        changed = []
        for n in members:
            beaten = (nw.col(f"rank_{n}") >= nw.lit(0)) & (nw.col(f"rank_{n}") < nw.col("best"))
            changed.append(nw.when(beaten).then(other).otherwise(nw.col(f"state_{n}")).alias(f"state_{n}"))
            changed.append(nw.when(beaten).then(nw.lit(0)).otherwise(nw.col(f"fen_{n}")).alias(f"fen_{n}"))
        frame = frame.with_columns(*changed).drop("best", *[f"rank_{n}" for n in members])
    if group.cap is not None and members:
        frame = frame.with_columns(nw.lit(group.cap).alias("left"))
        for n in members:
            pay = nw.min_horizontal(nw.col(f"fen_{n}"), nw.col("left"))
            cut = (pay < nw.col(f"fen_{n}")) & (nw.col(f"state_{n}") <= nw.lit(_CODE[CUT]))
            frame = frame.with_columns(
                nw.when(cut).then(nw.lit(_CODE[CUT])).otherwise(nw.col(f"state_{n}")).alias(f"state_{n}"),
                pay.alias(f"fen_{n}"),
                (nw.col("left") - pay).alias("left"),
            )
        frame = frame.drop("left")
    return frame
