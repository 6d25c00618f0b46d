"""恢复 (restore): an archive of `junheng backup` into an empty install, compared with its manifest."""

import argparse
import sys
from pathlib import Path

from junheng.cli.site import manage


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`junheng restore FILE.tar.gz [--data FOLDER] [--json]`."""
    parser = subparsers.add_parser(
        "restore", help="恢复：把备份恢复到空的 DATA 文件夹（或空的 PostgreSQL 数据库）"
    )
    parser.add_argument("file", help="junheng backup 写的压缩包")
    parser.add_argument("--data", help="DATA 文件夹；缺省取环境变量 DATA，再缺省为 data")
    parser.add_argument("--json", action="store_true", help="输出清单（JSON）")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 restored and equal to the manifest, 1 refused (the sentence is on standard error), 2 no such file."""
    if not Path(arguments.file).is_file():
        print(f"没有找到备份“{arguments.file}”，请检查文件名。", file=sys.stderr)
        return 2
    return manage("restore", arguments.file, *(["--json"] if arguments.json else []), data=arguments.data)
