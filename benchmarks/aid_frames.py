"""The same rules as a user would write them in pandas and in polars: what aid is measured beside."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from junheng.policy.clauses import STAGES, AllOf, AnyOf, Book, Condition, FactIs, Named, Not

# book → fen of all students, and book → {county: fen}, on rows already held as that library holds them
Rival = tuple[Callable[[Book], int], Callable[[Book], dict[int, int]]]


def pandas(data: dict[str, Any], on: date) -> Rival:
    """One mask a clause, one pass a group, on nullable booleans."""
    import pandas as pd

    def make() -> Any:
        frame = pd.DataFrame({"county": data["county"], "grade": data["grade"]})
        frame["stage"] = pd.Categorical.from_codes(data["stage"], STAGES)
        for fact, column in data["facts"].items():
            frame[fact] = pd.array(column == 2, dtype="boolean")
            frame.loc[column == 1, fact] = pd.NA
        return frame

    def truth(frame: Any, condition: Condition) -> Any:
        match condition:
            case FactIs(fact):
                blank = pd.array([pd.NA], dtype="boolean").repeat(len(frame))
                return frame[fact] if fact in frame else pd.Series(blank, index=frame.index)
            case Not(part):
                return ~truth(frame, part)
            case Named(_, part):
                return truth(frame, part)
            case AllOf(parts):
                answer = pd.Series(True, index=frame.index, dtype="boolean")
                for part in parts:
                    answer = answer & truth(frame, part)
                return answer
            case AnyOf(parts):
                answer = pd.Series(False, index=frame.index, dtype="boolean")
                for part in parts:
                    answer = answer | truth(frame, part)
                return answer

    def amounts(book: Book) -> Any:
        groups: dict[str, Any] = {}
        total = pd.Series(0, index=frame.index)
        for number, clause in enumerate(book.clauses):
            rate = clause.on(on)
            if rate is None or not rate.payable or clause.kind != "cash" or rate.per == "once":
                continue
            here = pd.Series(False, index=frame.index)
            for area in clause.areas:
                here |= frame["county"].astype(str).str.startswith(area) if area else True
            due = pd.Series(0, index=frame.index)
            for (stage, grade), fen in rate.fen.items():
                low, high = (grade, grade) if grade else rate.grades.get(stage, (1, 9))
                due[(frame["stage"] == stage) & frame["grade"].between(low, high)] = fen
            pay = due.where(here & truth(frame, clause.condition).fillna(False).astype(bool), 0)
            key = clause.group or f"alone {number}"
            groups[key] = pay if key not in groups else groups[key].combine(pay, np.maximum)
        for pay in groups.values():
            total += pay
        return total

    def by_county(book: Book) -> dict[int, int]:
        return dict(amounts(book).groupby(frame["county"]).sum())

    frame = make()
    return lambda book: int(amounts(book).sum()), by_county


def polars(data: dict[str, Any], on: date) -> Rival:
    """The same in polars expressions."""
    import polars as pl

    def make() -> Any:
        columns: dict[str, Any] = {"county": data["county"], "grade": data["grade"]}
        columns["stage"] = [STAGES[number] for number in data["stage"]]
        for fact, column in data["facts"].items():
            columns[fact] = pl.Series(column == 2).set(pl.Series(column == 1), None)
        return pl.DataFrame(columns)

    def truth(names: set[str], condition: Condition) -> Any:
        match condition:
            case FactIs(fact):
                return pl.col(fact) if fact in names else pl.lit(None, dtype=pl.Boolean)
            case Not(part):
                return ~truth(names, part)
            case Named(_, part):
                return truth(names, part)
            case AllOf(parts):
                return pl.all_horizontal(pl.lit(True), *[truth(names, part) for part in parts])
            case AnyOf(parts):
                return pl.any_horizontal(pl.lit(False), *[truth(names, part) for part in parts])

    def total(book: Book) -> Any:
        groups: dict[str, list[Any]] = {}
        for number, clause in enumerate(book.clauses):
            rate = clause.on(on)
            if rate is None or not rate.payable or clause.kind != "cash" or rate.per == "once":
                continue
            here = pl.any_horizontal(
                *[pl.col("county").cast(pl.String).str.starts_with(area) for area in clause.areas]
            )
            due = pl.lit(0, dtype=pl.Int64)
            for (stage, grade), fen in rate.fen.items():
                low, high = (grade, grade) if grade else rate.grades.get(stage, (1, 9))
                inside = (pl.col("stage") == stage) & pl.col("grade").is_between(low, high)
                due = pl.when(inside).then(pl.lit(fen, dtype=pl.Int64)).otherwise(due)
            pay = (
                pl.when(here & truth(set(frame.columns), clause.condition))
                .then(due)
                .otherwise(pl.lit(0, dtype=pl.Int64))
            )
            groups.setdefault(clause.group or f"alone {number}", []).append(pay)
        return pl.sum_horizontal(*[pl.max_horizontal(*parts) for parts in groups.values()]).alias("total")

    def by_county(book: Book) -> dict[int, int]:
        return dict(
            frame.select("county", total(book)).group_by("county").agg(pl.col("total").sum()).iter_rows()
        )

    frame = make()
    return lambda book: int(frame.select(total(book).sum()).item()), by_county
