"""The same work on files, without a server: `junheng COMMAND …`.

Each command is one module with `add_parser(subparsers)`, which sets `run=` to a function from the parsed arguments to
an exit code: 0 done, 1 findings in the input (listed), 2 usage.
"""

import argparse
import os
import re
import sys
from importlib import import_module
from typing import Any, NoReturn

COMMANDS: tuple[str, ...] = (
    "template",
    "check",
    "assess",
    "plan",
    "aid",
    "prove",
    "match",
    "verify_log",
    "backup",
    "restore",
)

_COMPLAINTS = (
    (r"the following arguments are required: (.+)", r"缺少 \1"),
    (r"one of the arguments (\S+) (\S+) is required", r"缺少 \1 或 \2"),
    (r"unrecognized arguments: (.+)", r"不认识的参数 \1"),
    (r"argument COMMAND: invalid choice: '(.*?)'.*", r"没有“\1”这个命令"),
    (r"argument (.+?): expected .*", r"\1 后面要写上内容"),
    (r"argument (.+?): invalid .*?: ?'?(.*?)'?(?: \(choose from .*)?", r"\1 不能是“\2”"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 不能和 \2 同时用"),
)


class _Parser(argparse.ArgumentParser):
    """The same, with help and complaints in Chinese."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, add_help=False)
        self.add_argument("-h", "--help", action="help", help="显示这段说明")
        self._positionals.title, self._optionals.title = "参数", "选项"

    def format_help(self) -> str:
        """The words of `--help`."""
        return super().format_help().replace("usage:", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        for pattern, answer in _COMPLAINTS:
            if found := re.fullmatch(pattern, message):
                self.exit(2, f"{found.expand(answer)}；用法请看 {self.prog} --help\n")
        self.exit(2, f"参数有误（{message}）；用法请看 {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """The whole command line, for `--help` and the tests."""
    whole = _Parser(prog="junheng", description="均衡：县域教育规划落实平台的命令行")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        import_module(f"junheng.cli.{name}").add_parser(commands)
    return whole


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    chosen = parser().parse_args(arguments)
    try:
        code: int = chosen.run(chosen)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough (`| head`); what Python still holds back must go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code
