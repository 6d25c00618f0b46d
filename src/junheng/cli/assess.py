"""`junheng assess`: 评估 the registers of a county, or a flat 校表, against a standard pack.

`--json` prints one object (UTF-8, stable keys; see `junheng.cli.assess_answer`). `--out` writes a workbook. Exit code: 0 done,
1 problems in the input (all listed, the rest still computed), 2 usage.
"""

import argparse
import atexit
import json
import os
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from junheng.cli.assess_answer import answer, summary
from junheng.cli.refusals import why
from junheng.documents.workbook import assessment_workbook
from junheng.engines import DuckDB, schema_of
from junheng.intake.model import Problem as ReadingProblem
from junheng.intake.reading import read_files
from junheng.measures import Assessment, Problem, assess, checked_facts
from junheng.policy import Pack, PackError, load
from junheng.tables import FACTS, SHEETS

DONE, FINDINGS, USAGE = 0, 1, 2
DEFAULT_PACK = "balanced-2017"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser("assess", help="按标准包评估：学校指标、差异系数、县级指标")
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="学校、校舍、班级、学生、教师等表"
    )
    parser.add_argument("--facts", type=Path, action="append", default=[], help="每校每学段一行的校表")
    parser.add_argument("--pack", default=DEFAULT_PACK, help="标准包编号或 YAML 文件")
    parser.add_argument("--day", type=date.fromisoformat, default=None, help="评估日期，默认今天")
    parser.add_argument("--county", default="", help="县区名称（评估登记表时写入结果）")
    parser.add_argument("--out", type=Path, help="写出 Excel 工作簿")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=run)


def _end_quietly() -> None:
    """DuckDB's binding lists its own type objects on stderr after Python has ended; a clerk would take it for a failure."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def run(arguments: argparse.Namespace) -> int:
    """Carry out the command; returns the exit code."""
    atexit.register(_end_quietly)
    paths: list[Path] = [*arguments.files, *arguments.facts]
    complaint = _complaint(arguments, paths)
    if complaint:
        print(complaint, file=sys.stderr)
        return USAGE
    try:
        pack = load(arguments.pack)
        day = arguments.day or datetime.now().astimezone().date()
        found = (
            assess_facts(arguments.facts, pack, day)
            if arguments.facts
            else assess_registers(arguments.files, pack, day, arguments.county)
        )
    except PackError as error:
        print("\n".join(error.problems), file=sys.stderr)
        return USAGE
    if arguments.json:
        print(json.dumps(answer(found), ensure_ascii=False, indent=1))
    else:
        print(summary(found))
    if arguments.out:
        try:
            arguments.out.write_bytes(assessment_workbook(found))
        except OSError as error:
            print(f"无法写入“{arguments.out}”：{why(error)}，请换一个位置", file=sys.stderr)
            return USAGE
    return FINDINGS if found.problems else DONE


def _complaint(arguments: argparse.Namespace, paths: list[Path]) -> str:
    if not paths:
        return "请给出要评估的文件，或用 --facts 给出校表"
    if arguments.files and arguments.facts:
        return "登记表和 --facts 校表不能同时给出，请分开评估"
    missing = [str(path) for path in paths if not path.is_file()]
    return f"没有找到文件：{'、'.join(missing)}" if missing else ""


def assess_facts(paths: list[Path], pack: Pack, day: date) -> Assessment:
    """校表 → 评估."""
    reading = read_files(paths, [FACTS])
    told = {(problem.row, problem.column) for problem in reading.problems}
    problems = [_problem(problem) for problem in reading.problems]
    held = reading.sheets.get(FACTS.name)
    columns, numbers = (held.columns, held.row_numbers) if held else ({}, [])
    usable, found = checked_facts(columns, numbers, told)
    with DuckDB() as engine:
        tables = {FACTS.name: engine.from_columns(usable, schema_of(FACTS))}
        result = assess(tables, pack, day=day)
    result.problems[:0] = sorted(problems + found, key=lambda problem: problem.row or 0)
    return _in_file_order(result, usable)


def _in_file_order(result: Assessment, columns: dict[str, list[Any]]) -> Assessment:
    """Schools as the clerk listed them."""
    listed = zip(columns["county"], columns["school"], columns["stage"], strict=True)
    place = {
        (county or "", school, stage): position for position, (county, school, stage) in enumerate(listed)
    }
    pairs = sorted(
        zip(result.schools, result.facts, strict=True),
        key=lambda pair: place[pair[0].county, pair[0].school, pair[0].stage],
    )
    schools, facts = [school for school, _ in pairs], [fact for _, fact in pairs]
    return replace(result, schools=schools, facts=facts)


def assess_registers(paths: list[Path], pack: Pack, day: date, county: str) -> Assessment:
    """登记表 → 评估. Rows with a problem still count, without the cell that could not be read; repeated rows do not."""
    reading = read_files(paths, today=day)
    with DuckDB() as engine:
        tables = {
            name: engine.from_columns(_first_rows(name, held.columns), schema_of(SHEETS[name]))
            for name, held in reading.sheets.items()
        }
        result = assess(tables, pack, day=day, county=county, keep=engine.keep)
    result.problems[:0] = [_problem(problem) for problem in reading.problems]
    return result


def _first_rows(name: str, columns: dict[str, Any]) -> dict[str, list[Any]]:
    """The rows with a complete key, each key once: the first of repeated rows counts."""
    keys = list(zip(*(columns[part] for part in SHEETS[name].key), strict=True))
    kept: dict[tuple[Any, ...], int] = {}
    for position, key in enumerate(keys):
        if None not in key:
            kept.setdefault(key, position)
    wanted = sorted(kept.values())
    return {column: [values[position] for position in wanted] for column, values in columns.items()}


def _problem(problem: ReadingProblem) -> Problem:
    return Problem(
        problem.sheet or problem.file,
        problem.row or None,
        problem.column,
        problem.found,
        problem.message,
        problem.severity,
    )
