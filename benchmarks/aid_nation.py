"""Aid for ten times the students: Parquet → distinct profiles → bill by county, reasons, what-if, in a process of its own.

Run alone with `python -m benchmarks.aid_nation [students]`. The rows are written first by another process, a part at a time, so
that the peak measured is that of the work only (FOLDER COUNT writes, FOLDER works).
"""

import json
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from junheng.aid.distinct import cube_of
from junheng.aid.exact import judge_profiles
from junheng.aid.payrun import explain
from junheng.aid.plan import compile_plan
from junheng.aid.whatif import bill, raised
from junheng.engines import DuckDB
from junheng.policy.clauses import STAGES, load_book

STUDENTS = 15_000_000
PART = 500_000
ENGINE_MEMORY = "300MB"
ON = date(2019, 10, 1)


def run(count: int = STUDENTS) -> list[dict[str, Any]]:
    """Figures of the process that does the work."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "benchmarks.aid_nation", name]
        subprocess.run([*command, str(count)], check=True)
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def write(folder: Path, count: int) -> None:
    """Made-up students as Parquet files of at most PART rows."""
    import duckdb
    from benchmarks.aid import students

    for part, start in enumerate(range(0, count, PART)):
        rows = students(min(PART, count - start), seed=100 + part)
        arrays = {"county": rows["county"], "stage": rows["stage"], "grade": rows["grade"], **rows["facts"]}
        flags = ", ".join(
            f'CASE "{fact}" WHEN 2 THEN true WHEN 0 THEN false END "{fact}"' for fact in rows["facts"]
        )
        stages = ", ".join(f"'{stage}'" for stage in STAGES)
        with duckdb.connect() as connection:
            connection.register("arrays", arrays)
            connection.execute(
                f"COPY (SELECT CAST(county AS VARCHAR) county, [{stages}][stage + 1] stage, grade, {flags} FROM arrays) "
                f"TO '{folder / f'{part:03}.parquet'}' (FORMAT parquet)"
            )


def work(folder: Path) -> list[dict[str, Any]]:
    """The measured half."""
    book = load_book()
    start = time.perf_counter()
    with DuckDB(memory=ENGINE_MEMORY) as engine:
        cube = cube_of(engine.read_parquet(folder), book)
    built = time.perf_counter() - start
    start = time.perf_counter()
    plan = compile_plan(book, ON)
    base = bill(cube, plan)
    view = cube.view(plan)
    _, sentences = explain(view, judge_profiles(plan, view.cells, view.facts))
    judged = time.perf_counter() - start
    times = []
    for step in range(20):
        start = time.perf_counter()
        changed = raised(book, "jf.primary", {"小学": 600_00 + step * 100})
        bill(cube, compile_plan(changed, ON, plan), base).by_county()
        times.append(time.perf_counter() - start)
    students = int(cube.count.sum())
    yuan = sum(base.by_county().values()) // 100
    return [
        {"what": f"{students:,} students counted into profiles", "profiles": len(cube), "seconds": built},
        {
            "what": "bill by county and every reason",
            "seconds": judged,
            "yuan": yuan,
            "sentences": len(sentences),
        },
        {
            "what": "what-if by county",
            "seconds": min(times),
            "median": float(np.median(times)),
            "goal": 0.005,
        },
        {"what": "peak memory of that process", "mb": peak_mb(), "goal": 512},
    ]


def peak_mb() -> float:
    """Peak resident memory since this program began: getrusage would count its parent's as well."""
    status = Path("/proc/self/status").read_text()
    return round(
        next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024, 1
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case [folder, count]:
            write(Path(folder), int(count))
            figures = []
        case [folder] if not folder.isdecimal():
            figures = work(Path(folder))
        case given:
            figures = run(int(given[0]) if given else STUDENTS)
    for row in figures:
        print(json.dumps(row, ensure_ascii=False, default=float))
