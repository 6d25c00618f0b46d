"""Aid: pay run with reasons, cube, what-if and proof, beside the same rules in pandas (and polars where it is installed).

Run alone with `python -m benchmarks.aid [students]`. All figures of one call come from the same process and rows; `ratio` is
how many times longer the other way takes. Answers are compared before times are.
"""

import importlib.util
import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from junheng.aid.cube import Cube, build_cube
from junheng.aid.payrun import pay_run
from junheng.aid.plan import compile_plan
from junheng.aid.proof import prove
from junheng.aid.whatif import bill, raised
from junheng.policy.clauses import STAGES, AllOf, AnyOf, Book, Condition, FactIs, Named, Not, load_book

STUDENTS = 1_500_000
ON = date(2019, 10, 1)
SHARES = {
    "建档立卡": 0.18, "低保": 0.08, "特困": 0.004, "困难": 0.25, "孤儿": 0.003, "残疾": 0.012, "寄宿": 0.3, "农村": 0.55,
    "留守": 0.06, "随迁": 0.07, "少生快富": 0.02,
}  # fmt: skip
TOP = np.array([3, 6, 3, 3, 3, 4, 3])


def students(count: int, seed: int = 5) -> dict[str, Any]:
    """Made-up students of the 22 counties; 2 in 1000 cells are blank."""
    chance = np.random.default_rng(seed)
    codes = np.array(sorted(int(code) for code in load_book().areas if len(code) == 6))
    stage = chance.choice(7, count, p=[0.18, 0.38, 0.19, 0.11, 0.06, 0.04, 0.04])
    facts = {}
    for fact, share in SHARES.items():
        column = np.where(chance.random(count) < share, 2, 0).astype(np.uint8)
        column[chance.random(count) < 0.002] = 1
        facts[fact] = column
    return {
        "county": codes[chance.integers(0, len(codes), count)],
        "stage": stage.astype(np.int64),
        "grade": (chance.random(count) * TOP[stage]).astype(np.int64) + 1,
        "facts": facts,
    }


def best(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Shortest wall time in seconds, and the last answer."""
    shortest, answer = float("inf"), None
    for _ in range(times):
        start = time.perf_counter()
        answer = work()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest, answer


def run(count: int = STUDENTS) -> list[dict[str, Any]]:
    """Every figure as {what, seconds or mb, goal, …}."""
    book = load_book()
    data = students(count)
    plan = compile_plan(book, ON)
    found: list[dict[str, Any]] = []

    def whole() -> Any:
        cube = build_cube(data["county"], data["stage"], data["grade"], data["facts"], students=True)
        return pay_run(cube, compile_plan(book, ON))

    before = _peak()
    seconds, paid = best(whole, 2)
    found.append({"what": "pay run with reasons", "students": count, "seconds": seconds, "goal": 2.0})
    found.append(
        {"what": "peak memory of the process", "mb": _peak(), "before": before, "goal": 512, "sentences": len(paid.sentences)}
    )  # fmt: skip
    seconds, cube = best(lambda: build_cube(data["county"], data["stage"], data["grade"], data["facts"]), 2)
    found.append({"what": "cube build", "profiles": len(cube), "seconds": seconds, "goal": 1.0})
    found.append(_what_if(book, cube, plan))
    seconds, proof = best(lambda: prove(book), 2)
    found.append({"what": "proof of all packs", "profiles": proof.profiles, "seconds": seconds, "goal": 1.0})
    ours = paid.student_fen("cash", "year").sum()
    for name, module in (("pandas", _pandas), ("polars", _polars)):
        if importlib.util.find_spec(name) is None:
            found.append({"what": f"{name}: not installed here, left out"})
            continue
        make, pay, by_county = module(book, data)
        columns = make()
        seconds, total = best(lambda pay=pay, columns=columns: pay(columns), 1)
        assert int(total) == int(ours), (name, total, ours)
        found.append(
            {
                "what": f"{name}: pay run, amounts only",
                "seconds": seconds,
                "ratio": seconds / found[0]["seconds"],
            }
        )
        seconds, _ = best(lambda by_county=by_county, columns=columns: by_county(columns), 1)
        found.append(
            {"what": f"{name}: what-if by county", "seconds": seconds, "ratio": seconds / found[3]["seconds"]}
        )
    return found


def _what_if(book: Book, cube: Cube, plan: Any) -> dict[str, Any]:
    """A clause raised by one yuan more each time, so that nothing can be remembered from the last answer."""
    start = time.perf_counter()
    base = bill(cube, plan)
    first = time.perf_counter() - start
    times = []
    for step in range(20):
        start = time.perf_counter()
        changed = raised(book, "jf.primary", {"小学": 600_00 + step * 100})
        bill(cube, compile_plan(changed, ON, plan), base).by_county()
        times.append(time.perf_counter() - start)
    return {
        "what": "what-if by county",
        "seconds": min(times),
        "median": sorted(times)[10],
        "first": first,
        "goal": 0.005,
    }


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _pandas(book: Book, data: dict[str, Any]) -> tuple[Callable[..., Any], ...]:
    """What a user would write: one mask a clause, one pass a group, on nullable booleans."""
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

    def amounts(frame: Any) -> Any:
        groups: dict[str, Any] = {}
        total = pd.Series(0, index=frame.index)
        for number, clause in enumerate(book.clauses):
            rate = clause.on(ON)
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

    def by_county(frame: Any) -> Any:
        return amounts(frame).groupby(frame["county"]).sum()

    return make, lambda frame: amounts(frame).sum(), by_county


def _polars(book: Book, data: dict[str, Any]) -> tuple[Callable[..., Any], ...]:
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

    def total(frame: Any) -> Any:
        groups: dict[str, list[Any]] = {}
        for number, clause in enumerate(book.clauses):
            rate = clause.on(ON)
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

    def by_county(frame: Any) -> Any:
        return frame.select("county", total(frame)).group_by("county").agg(pl.col("total").sum())

    return make, lambda frame: frame.select(total(frame).sum()).item(), by_county


if __name__ == "__main__":
    for row in run(int(sys.argv[1]) if len(sys.argv) > 1 else STUDENTS):
        print(json.dumps(row, ensure_ascii=False, default=float))
