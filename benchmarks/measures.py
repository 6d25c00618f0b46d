"""Measures: county, region and nation, beside the same in pandas. Each figure comes from a process of its own.

    python benchmarks/measures.py            all cases, as a table
    python benchmarks/measures.py CASE       one case, as JSON (what `run` calls)

A case is prepared (files written) outside the measured time; reading its Parquet is inside. `seconds` is the best of
three runs in a warm process, `cpu` the processor time of all threads (what counts when the machine is shared); `peak_mb` is the whole process's peak resident memory, imports included.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

DAY = date(2026, 3, 1)
NUMERATORS = (
    "qualified_teachers", "backbone_teachers", "arts_sports_teachers", "teaching_area", "sports_area",
    "equipment_value", "multimedia_rooms",
)  # fmt: skip
SIZES = {"county": 200, "region": 2_000, "nation": 200_000}
TARGETS = {
    "county": {"seconds": 0.15, "peak_mb": 512},
    "nation": {"seconds": 1.0, "peak_mb": 512},
}


def made_up_facts(size: int) -> dict[str, Any]:
    """School stages of every size, some reports missing, in counties of about 80 school stages."""
    chance = np.random.default_rng(1)
    students = np.ceil(np.exp(chance.normal(5.5, 1.2, size))).clip(8, 4000).astype(np.int64)
    columns: dict[str, Any] = {
        "county": np.array([f"县{number // 80:05d}" for number in range(size)], dtype=object),
        "school": np.array([f"学校{number:06d}" for number in range(size)], dtype=object),
        "stage": np.where(chance.random(size) < 0.75, "小学", "初中").astype(object),
        "students": students,
    }
    typical = (0.06, 0.013, 0.011, 5.5, 9.0, 0.25, 0.028)
    for name, per_pupil in zip(NUMERATORS, typical, strict=True):
        amount = students * per_pupil * np.exp(chance.normal(0, 0.4, size))
        whole = name.endswith(("teachers", "rooms"))
        amount = np.round(amount) if whole else np.round(amount, 2)
        columns[name] = np.ma.masked_array(amount, mask=chance.random(size) < 0.01)
    return columns


def write_facts(size: int, path: Path) -> None:
    import duckdb

    with duckdb.connect() as connection:
        connection.register("made", made_up_facts(size))
        connection.execute(f"COPY made TO '{path}' (FORMAT parquet)")


def write_registers(folder: Path) -> None:
    """A county's registers with 70,000 student rows and 5,000 teachers."""
    import duckdb

    schools, students, teachers = 170, 70_000, 5_000
    with duckdb.connect() as c:
        c.execute("SELECT setseed(0.5)")
        c.execute(
            f"""CREATE TABLE schools AS SELECT '2164' || lpad(i::VARCHAR, 6, '0') school_code, '学校' || i school_name,
            CASE WHEN i % 12 = 0 THEN '311' WHEN i % 40 = 1 THEN '312' WHEN i % 5 = 2 THEN '218' ELSE '211' END school_kind,
            '7' organizer, '220' locale, '某镇' township FROM range({schools}) t(i)"""
        )
        c.execute(
            f"""CREATE TABLE students AS SELECT s.school_code,
            CASE WHEN s.school_kind = '311' THEN '初中' ELSE '小学' END stage,
            (CASE WHEN s.school_kind = '311' THEN 7 + i % 3 ELSE 1 + i % 6 END)::VARCHAR grade,
            (1 + i % 7)::BIGINT class_number, '在读' enrolment_status, i % 11 = 0 migrant
            FROM range({students}) t(i) JOIN schools s ON s.school_code = '2164' || lpad((i * i % {schools})::VARCHAR, 6, '0')"""
        )
        c.execute(
            f"""CREATE TABLE teachers AS SELECT s.school_code, '专任教师' post_kind, NULL::VARCHAR teaching_stage,
            CASE WHEN i % 3 = 0 THEN '31' ELSE '21' END education,
            CASE WHEN i % 9 = 0 THEN '体育' ELSE '语文' END subject, CASE WHEN i % 12 = 0 THEN '县级' ELSE '无' END backbone,
            true certificate, i % 4 = 0 rotation_eligible, i % 30 = 0 rotating, 370::DOUBLE training_hours
            FROM range({teachers}) t(i) JOIN schools s ON s.school_code = '2164' || lpad((i % {schools})::VARCHAR, 6, '0')"""
        )
        c.execute(
            """CREATE TABLE premises AS SELECT school_code, '全校' premises_stage, 2000::DOUBLE teaching_area, 0::DOUBLE indoor_sports_area,
            0::DOUBLE gymnasium_area, 3000::DOUBLE sports_ground_area, 90::DOUBLE equipment_value, 12::BIGINT multimedia_rooms FROM schools"""
        )
        c.execute(
            """CREATE TABLE classes AS SELECT school_code, stage, grade, class_number, count(*) class_students
            FROM students GROUP BY ALL"""
        )
        for table in ("schools", "students", "teachers", "premises", "classes"):
            c.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")


def junheng_tables(path: Path) -> None:
    """Indicators, verdicts and coefficients as tables: what a region or the nation keeps."""
    from junheng.engines import DuckDB
    from junheng.measures import coefficients, judged
    from junheng.measures.fact_table import flat_facts
    from junheng.policy import load

    pack = load("balanced-2017")
    rules = pack.on(DAY)
    with DuckDB() as engine:
        facts = flat_facts(engine.read_parquet(path), pack)
        engine.keep(judged(facts, rules))
        engine.keep(coefficients(facts, rules))


def junheng_rows(path: Path) -> None:
    """A whole assessment as rows: what a county sees."""
    from junheng.engines import DuckDB
    from junheng.measures import assess
    from junheng.policy import load

    with DuckDB() as engine:
        assess({"facts": engine.read_parquet(path)}, load("balanced-2017"), day=DAY)


def junheng_registers(folder: Path) -> None:
    """From student and teacher rows to all verdicts, county lines included."""
    from junheng.engines import DuckDB
    from junheng.measures import assess
    from junheng.policy import load

    with DuckDB() as engine:
        tables = {path.stem: engine.read_parquet(path) for path in folder.glob("*.parquet")}
        assess(tables, load("balanced-2017"), day=DAY, keep=engine.keep)


def what_if_county(path: Path) -> None:
    """One edited cell of a county, all resource verdicts again (facts already in memory: see `measured`)."""
    from junheng.measures import Edit, what_if

    facts, pack = _facts_in_memory(path)
    what_if(facts, [Edit(facts[0].key, "students", 500)], [], pack, day=DAY)


_memory: dict[Path, Any] = {}


def _facts_in_memory(path: Path) -> Any:
    if path not in _memory:
        from junheng.engines import DuckDB
        from junheng.measures import assess
        from junheng.policy import load

        pack = load("balanced-2017")
        with DuckDB() as engine:
            _memory[path] = (assess({"facts": engine.read_parquet(path)}, pack, day=DAY).facts, pack)
    return _memory[path]


def pandas_tables(path: Path) -> None:
    """What a user would write in pandas: the same seven indicators, verdicts, gaps and coefficients."""
    import pandas as pd

    table = pd.read_parquet(path)
    _pandas_measures(table)


def _pandas_measures(table: Any) -> None:
    from junheng.policy import load

    rules = load("balanced-2017").on(DAY)
    passes = 0
    for r in rules.pack.resources:
        threshold = table["stage"].map(rules.by_stage(r.code))
        table[r.code] = table[r.numerator] * r.scale * r.per / table["students"]
        met = table[r.code] >= threshold
        gap = (threshold * table["students"] / (r.scale * r.per) - table[r.numerator]).clip(lower=0).round(6)
        table[f"{r.code}_gap"] = np.ceil(gap) if r.whole else gap
        passes = passes + met.astype(int)
        group = table[table[r.numerator].notna()]
        sums = group.groupby(["county", "stage"])[[r.numerator, "students"]].sum()
        level = (sums[r.numerator] / sums["students"]).rename("level")
        joined = group.join(level, on=["county", "stage"])
        joined["square"] = (
            joined["students"] * (joined[r.numerator] / joined["students"] - joined["level"]) ** 2
        )
        spread = joined.groupby(["county", "stage"])["square"].sum()
        np.sqrt(spread / sums["students"]) / level
    table["passes"] = passes


def pandas_registers(folder: Path) -> None:
    """Pupils and teachers counted per school in pandas, then the same measures (no county lines, no splits, no reliefs)."""
    import pandas as pd

    students = pd.read_parquet(folder / "students.parquet")
    pupils = students[students["enrolment_status"] == "在读"].groupby(["school_code", "stage"]).size()
    teachers = pd.read_parquet(folder / "teachers.parquet")
    by_school = pd.DataFrame(
        {
            "qualified_teachers": teachers[teachers["education"].isin(["21", "31"])]
            .groupby("school_code")
            .size(),
            "backbone_teachers": teachers[teachers["backbone"] == "县级"].groupby("school_code").size(),
            "arts_sports_teachers": teachers[teachers["subject"] == "体育"].groupby("school_code").size(),
        }
    ).fillna(0)
    premises = pd.read_parquet(folder / "premises.parquet").set_index("school_code")
    premises["sports_area"] = premises["gymnasium_area"] + premises["sports_ground_area"]
    table = (
        pupils.rename("students")
        .reset_index()
        .join(by_school, on="school_code")
        .join(premises, on="school_code")
    )
    table["county"] = ""
    _pandas_measures(table)


CASES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "county, rows": ("county", junheng_rows),
    "county, what-if": ("county", what_if_county),
    "county, pandas": ("county", pandas_tables),
    "region, tables": ("region", junheng_tables),
    "region, pandas": ("region", pandas_tables),
    "nation, tables": ("nation", junheng_tables),
    "nation, pandas": ("nation", pandas_tables),
    "county from 70,000 students": ("registers", junheng_registers),
    "county from 70,000 students, pandas": ("registers", pandas_registers),
}


def measured(case: str) -> dict[str, Any]:
    """Prepare and run one case in this process."""
    source, work = CASES[case]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) if source == "registers" else Path(name) / "facts.parquet"
        prepare = [sys.executable, __file__, "--prepare", source, str(path)]
        subprocess.run(prepare, check=True)
        times, busy = [], []
        for _ in range(4):
            start, cpu = time.perf_counter(), time.process_time()
            work(path)
            times.append(time.perf_counter() - start)
            busy.append(time.process_time() - cpu)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "case": case,
        "seconds": round(min(times[1:]), 4),
        "cpu": round(min(busy[1:]), 4),
        "first": round(times[0], 4),
        "peak_mb": round(peak),
    }


def run() -> list[dict[str, Any]]:
    """All cases, each in its own process: case, seconds, cpu, first (cold), peak_mb, and target where there is one."""
    answer = []
    for case in CASES:
        done = subprocess.run([sys.executable, __file__, case], check=True, capture_output=True, text=True)
        row = json.loads(done.stdout.strip().splitlines()[-1])
        target = TARGETS.get(CASES[case][0]) if "pandas" not in case else None
        answer.append(row | {"target": target})
    return answer


if __name__ == "__main__":
    if sys.argv[1:2] == ["--prepare"]:
        source, place = sys.argv[2], Path(sys.argv[3])
        write_registers(place) if source == "registers" else write_facts(SIZES[source], place)
    elif len(sys.argv) > 1:
        print(json.dumps(measured(sys.argv[1]), ensure_ascii=False))
    else:
        for row in run():
            print(
                f"{row['case']:38} {row['seconds']:>8.3f} s  cpu {row['cpu']:>7.3f} s  {row['peak_mb']:>5} MB  first {row['first']:.3f} s"
            )
