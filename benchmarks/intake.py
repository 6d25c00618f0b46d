"""Intake: a county's students read and checked, beside openpyxl reading the same file. Each figure comes from a process of its own.

    python benchmarks/intake.py              all cases, as a table
    python benchmarks/intake.py CASE FILE    one case on a prepared workbook, as JSON (what `run` calls)

Preparing the workbooks (40 columns, all filled as a county fills them) is outside the measured time. `seconds` is one cold run
without start-up of Python, `cpu` the processor's part of it (on a busy machine the fairer figure); `peak_mb` is the whole process's peak resident memory.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

TODAY = date(2026, 11, 22)
SMALL, LARGE = 70_000, 200_000


def made_up_students(size: int, damaged: float = 0.0) -> Iterator[dict[str, object]]:
    """Students of an impossible area; `damaged` is the share of rows with something wrong."""
    from junheng.intake.identity import check_digit

    chance = random.Random(1)
    surnames, names = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
    used: dict[str, int] = {}
    for number in range(size):
        grade = 1 + number % 9
        born = date(2020 - grade, 9, 1) + timedelta(days=chance.randrange(365))
        head = f"640399{born:%Y%m%d}"
        serial = used[head] = used.get(head, -1) + 1
        first17 = (
            f"{chance.choice((640398, 640399)) if serial > 999 else 640399}{born:%Y%m%d}{serial % 1000:03}"
        )
        resident = first17 + check_digit(first17)
        name = chance.choice(surnames) + chance.choice(names) + chance.choice(names)
        yield {
            "enrolment_number": "G" + resident,
            "person_name": name,
            "sex": "1" if serial % 2 else "2",
            "birth_date": born if chance.random() >= damaged else "不详",
            "id_kind": "居民身份证",
            "id_number": resident,
            "ethnicity": "03" if number % 4 else "01",
            "household_kind": "农业户口",
            "household_area": "640324",
            "home_township": f"第{number // 6000}乡",
            "home_village": f"第{number // 500}村",
            "home_address": f"{chance.randrange(20)}组{chance.randrange(400)}号",
            "school_code": f"216499{number // 400:04}",
            "school_name": f"示例第{number // 400}学校",
            "stage": "小学" if grade < 7 else "初中",
            "grade": str(grade),
            "class_number": 1 + number % 3,
            "entered_on": date(2026 - (grade - 1) % 6, 9, 1),
            "entry_way": "就近划片",
            "attendance_way": "走读" if number % 5 else "住校",
            "enrolment_status": "在读",
            "migrant": number % 11 == 0,
            "left_behind": number % 7 == 0,
            "orphan": False,
            "disability": "无",
            "inclusion": "不适用",
            "registered_household": number % 5 == 0,
            "minimum_living": number % 9 == 0,
            "destitute": False,
            "nutrition_meals": True,
            "school_bus": False,
            "home_distance": chance.randrange(100) / 10,
            "guardian_name": chance.choice(surnames) + chance.choice(names),
            "guardian_relation": "父亲" if number % 2 else "母亲",
            "guardian_id": None,
            "guardian_phone": f"199{chance.randrange(10**8):08}" if chance.random() >= damaged else "没有",
            "status_on": None,
            "guardian2_name": None,
            "guardian2_phone": None,
            "remarks": None,
        }


def prepare(size: int, damaged: float, path: Path) -> None:
    from junheng.documents.templates import template
    from junheng.tables import STUDENTS

    path.write_bytes(template([STUDENTS], {"students": made_up_students(size, damaged)}))


def ours(path: Path) -> int:
    from junheng.intake import read_files

    return len(read_files([path], today=TODAY).sheets["students"])


def openpyxl_reads(path: Path) -> int:
    """What a user would use instead: reading only, nothing converted, nothing checked."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return sum(1 for row in book["学生"].iter_rows(values_only=True) if row[0] is not None) - 1


def annotates(path: Path) -> int:
    from junheng.documents.problems import annotated
    from junheng.intake import read_files

    found = read_files([path], today=TODAY)
    return len(annotated([(path.name, path.read_bytes())], found.problems))


CASES: dict[str, tuple[int, float, Callable[[Path], int], dict[str, float] | None]] = {
    "read and check 70,000×40": (SMALL, 0.0, ours, {"seconds": 12, "peak_mb": 500}),
    "the same, 5% of rows wrong": (SMALL, 0.05, ours, {"seconds": 12, "peak_mb": 500}),
    "the same, back with comments": (SMALL, 0.05, annotates, None),
    "openpyxl, 70,000×40, reading only": (SMALL, 0.0, openpyxl_reads, None),
    "read and check 200,000×40": (LARGE, 0.0, ours, {"seconds": 45, "peak_mb": 1500}),
}


def measured(case: str, path: Path) -> dict[str, Any]:
    start, worked = time.perf_counter(), time.process_time()
    rows = CASES[case][2](path)
    seconds, processor = time.perf_counter() - start, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "case": case,
        "seconds": round(seconds, 2),
        "cpu": round(processor, 2),
        "peak_mb": peak,
        "rows": rows,
    }


def run() -> list[dict[str, Any]]:
    """All cases, each in its own process: case, seconds, cpu, peak_mb, rows, and target where there is one."""
    answer = []
    with tempfile.TemporaryDirectory() as folder:
        made: dict[tuple[int, float], Path] = {}
        for case, (size, damaged, _, target) in CASES.items():
            if (size, damaged) not in made:
                made[size, damaged] = Path(folder) / f"学生{size}-{damaged}.xlsx"
                _process("--prepare", str(size), str(damaged), str(made[size, damaged]))
            done = _process(case, str(made[size, damaged]))
            answer.append(json.loads(done.strip().splitlines()[-1]) | {"target": target})
    return answer


def _process(*arguments: str) -> str:
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    if sys.argv[1:2] == ["--prepare"]:
        prepare(int(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]))
    elif len(sys.argv) > 1:
        print(json.dumps(measured(sys.argv[1], Path(sys.argv[2])), ensure_ascii=False))
    else:
        for row in run():
            print(
                f"{row['case']:38} {row['seconds']:>8.2f} s  {row['cpu']:>8.2f} s cpu  {row['peak_mb']:>5} MB"
            )
