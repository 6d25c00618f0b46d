"""`junheng verify-log`: 核验 an exported log without the server, naming the first line that does not hold.

Exit code: 0 the log holds, 1 it does not (or is empty), 2 usage. `--json` prints {"file", "lines": n, "holds": bool, "first_bad_line": n or
null, "reason": text, "last_hash": text}; compare `last_hash` with the one kept elsewhere to know that nothing was cut off the end.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from junheng.cli.refusals import why
from junheng.intake.chain import verify


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser("verify-log", help="核验导出的日志是否被改动")
    parser.add_argument("file", type=Path, metavar="FILE", help="导出的日志文件")
    parser.add_argument("--after", metavar="HASH", help="这一段日志之前那一条的校验值")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=run)


class _Counted:
    """Lines as they pass, counted, the last one kept."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = lines
        self.number = 0
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            if line.strip():
                self.number += 1
                self.last = line
            yield line


def run(arguments: argparse.Namespace) -> int:
    """Carry out the command; returns the exit code."""
    try:
        with arguments.file.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as file:
            lines = _Counted(file)
            bad = verify(lines, previous=arguments.after)
    except OSError as error:
        print(f"无法读取“{arguments.file}”（{why(error)}），请核对位置和权限", file=sys.stderr)
        return 2
    last = "" if bad or not lines.last else str(json.loads(lines.last)["hash"])
    if arguments.json:
        found = {
            "file": str(arguments.file),
            "lines": lines.number,
            "holds": bad is None,
            "first_bad_line": bad.number if bad else None,
            "reason": bad.reason if bad else "",
            "last_hash": last,
        }
        print(json.dumps(found, ensure_ascii=False))
    elif bad:
        print(bad.sentence())
    elif not lines.number:
        print("日志是空的，没有可核验的内容")
    else:
        print(f"日志完好：{lines.number} 条首尾相接，没有改动。最后一条的校验值是 {last}，请与留存的核对")
    return 1 if bad or not lines.number else 0
