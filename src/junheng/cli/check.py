"""`junheng check`: every problem in files of registers: sheet, row, column, what was found, what to do.

Exit code: 0 no error (there may be warnings), 1 errors found, 2 usage. `--out` writes the workbook again with each problem at its
cell. `--json` prints one object:

    {"files": [name…], "sha256": text, "errors": n, "warnings": n,
     "sheets": [{"name", "title", "rows": n, "rejected": n, "columns": [column name…]}],
     "problems": [{"file", "tab", "sheet", "row", "column", "cell", "found", "message", "sentence", "severity", "code"}]}

`row` is Excel's (0: the whole sheet), `severity` is "error" or "warning".
"""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

from junheng.cli.refusals import why
from junheng.documents.problems import annotated
from junheng.intake import Problem, Reading, read_files
from junheng.tables import FACTS, SHEETS


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser("check", help="检查填好的表：列出每个问题在哪里、怎么改")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="一个或多个 .xlsx、.xls、.csv")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--out", type=Path, metavar="带批注.xlsx", help="写出带批注的工作簿")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Carry out the command; returns the exit code."""
    missing = [str(path) for path in arguments.files if not path.is_file()]
    if missing:
        print(f"没有找到文件：{'、'.join(missing)}", file=sys.stderr)
        return 2
    try:
        reading = read_files(
            arguments.files,
            [*SHEETS.values(), FACTS],
            today=datetime.now().astimezone().date(),
        )
        if arguments.out:
            contents = [(path.name, path.read_bytes()) for path in arguments.files]
            arguments.out.write_bytes(annotated(contents, reading.problems))
    except OSError as error:
        print(f"无法读写“{error.filename}”（{why(error)}），请核对位置和权限", file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps(answer(reading), ensure_ascii=False, indent=1))
    else:
        print(summary(reading))
    return 1 if reading.errors else 0


def answer(reading: Reading) -> dict[str, object]:
    """The object that `--json` prints."""
    return {
        "files": list(reading.files),
        "sha256": reading.sha256,
        "errors": len(reading.errors),
        "warnings": len(reading.warnings),
        "sheets": [
            {
                "name": rows.sheet.name,
                "title": rows.sheet.title,
                "rows": len(rows),
                "rejected": len(rows.rejected),
                "columns": [name for name in rows.columns if name in rows.present],
            }
            for rows in reading.sheets.values()
        ],
        "problems": [_problem(problem) for problem in reading.problems],
    }


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.file,
        "tab": problem.tab,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "cell": problem.cell,
        "found": problem.found,
        "message": problem.message,
        "sentence": problem.sentence(),
        "severity": problem.severity,
        "code": problem.code,
    }


def summary(reading: Reading) -> str:
    """What is printed without `--json`: how many rows were read, then a line for each problem."""
    lines = [
        f"{rows.sheet.title}：{len(rows)} 行，其中 {len(rows.rejected)} 行有错误"
        for rows in reading.sheets.values()
    ]
    several = len(reading.files) > 1
    for problem in reading.problems:
        label = "错误" if problem.severity == "error" else "提醒"
        file = f"〔{problem.file}〕" if several and problem.sheet else ""
        lines.append(f"{label}　{file}{problem.sentence()}")
    lines.append(f"共 {len(reading.errors)} 个错误，{len(reading.warnings)} 个提醒")
    return "\n".join(lines)
