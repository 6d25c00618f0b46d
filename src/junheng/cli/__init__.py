"""The same work on files, without a server: `junheng COMMAND …`.

Each command is one module with `add_parser(subparsers)`, which sets `run=` to a function from the parsed arguments to
an exit code: 0 done, 1 findings in the input (listed), 2 usage.
"""

import argparse
from importlib import import_module

COMMANDS: tuple[str, ...] = ("template", "check", "assess", "aid", "prove", "verify_log", "backup", "restore")


def parser() -> argparse.ArgumentParser:
    """The whole command line, for `--help` and the tests."""
    whole = argparse.ArgumentParser(prog="junheng", description="均衡：县域教育规划落实平台的命令行")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        import_module(f"junheng.cli.{name}").add_parser(commands)
    return whole


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    chosen = parser().parse_args(arguments)
    code: int = chosen.run(chosen)
    return code
