"""Aid: pay run with reasons, cube, what-if and proof, beside the same rules in pandas, polars and OpenFisca-Core.

Run alone with `python -m benchmarks.aid [students]`. All figures of one call come from the same rows; `ratio` is how many
times longer the other way takes. Answers are compared before times are. OpenFisca-Core is AGPL and no part of the product:
it gets an environment of its own, made on demand, and the rows and rules in files (tests/oracle/aid_openfisca.py).
"""

import importlib.util
import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from junheng.aid.cube import Cube, build_cube
from junheng.aid.payrun import pay_run
from junheng.aid.plan import compile_plan
from junheng.aid.proof import prove
from junheng.aid.whatif import bill, raised
from junheng.policy.clauses import Book, load_book

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from benchmarks import aid_frames, aid_nation

from oracle.aid_openfisca import Missing, asked, environment, rules_on

STUDENTS = 1_500_000
RAISED, RAISED_FEN, MORE = "jf.primary", 500_00, 100_00
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
    found += _rivals(
        book, data, cube, paid.student_fen("cash", "year"), found[0]["seconds"], found[3]["seconds"]
    )
    return found + aid_nation.run(count * 10)


def _rivals(
    book: Book, data: dict[str, Any], cube: Cube, ours: Any, pay_seconds: float, what_if_seconds: float
) -> list[dict[str, Any]]:
    """The others on the same rows: amounts only, without reasons, and a what-if whose every county must agree."""
    found: list[dict[str, Any]] = []
    changed = raised(book, RAISED, {"小学": RAISED_FEN + MORE})
    counties = _cash_by_county(cube, changed)

    def tell(name: str, pay: float, what_if: float, **more: Any) -> None:
        found.append(
            {"what": f"{name}: pay run, amounts only", "seconds": pay, "ratio": pay / pay_seconds, **more}
        )
        found.append(
            {"what": f"{name}: what-if by county", "seconds": what_if, "ratio": what_if / what_if_seconds}
        )

    for name in ("polars", "pandas"):
        if importlib.util.find_spec(name) is None:
            found.append({"what": f"{name}: not installed here, left out"})
            continue
        pay, by_county = getattr(aid_frames, name)(data, ON)
        seconds, total = best(partial(pay, book), 2)
        assert total == int(ours.sum()), (name, total, int(ours.sum()))
        what_if, answer = best(partial(by_county, changed), 2)
        assert answer == counties, name
        tell(name, seconds, what_if)
    try:
        python = environment(make=True)
    except Missing as why:
        return [*found, {"what": str(why)}]
    theirs, figures = asked(python, rules_on(book, ON), data, only="cash year", raised=(RAISED, MORE))
    assert np.array_equal(theirs["cash year"], ours), "OpenFisca-Core grants a student something else"
    assert {code: int(theirs["counties"][code]) for code in counties} == counties, "OpenFisca-Core, by county"
    tell(f"OpenFisca-Core {figures['version']}", figures["pay_run"], figures["what_if"], mb=figures.get("mb"))
    return found


def _cash_by_county(cube: Cube, book: Book) -> dict[int, int]:
    """{county: fen} of what is paid in cash every year: what the others reckon too."""
    plan = compile_plan(book, ON)
    cash = [
        clause.kind == "cash" and rate is not None and rate.per != "once"
        for clause, rate in zip(plan.clauses, plan.rates, strict=True)
    ]
    fen = bill(cube, plan).fen[:, :, np.array(cash)].sum(axis=(1, 2))
    return {int(code): int(sum_) for code, sum_ in zip(cube.counties, fen, strict=True)}


def _what_if(book: Book, cube: Cube, plan: Any) -> dict[str, Any]:
    """A clause raised by one yuan more each time, so that nothing can be remembered from the last answer."""
    start = time.perf_counter()
    base = bill(cube, plan)
    first = time.perf_counter() - start
    times = []
    for step in range(20):
        start = time.perf_counter()
        changed = raised(book, RAISED, {"小学": RAISED_FEN + MORE + step * 100})
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


if __name__ == "__main__":
    for row in run(int(sys.argv[1]) if len(sys.argv) > 1 else STUDENTS):
        print(json.dumps(row, ensure_ascii=False, default=float))
