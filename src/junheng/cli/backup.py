"""备份 (backup): database, files and a manifest in one archive, while the site is in use."""

import argparse

from junheng.cli.site import manage


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`junheng backup FILE.tar.gz [--with-keys] [--data FOLDER] [--json]`."""
    parser = subparsers.add_parser("backup", help="备份：数据库和文件存成一个压缩包，不用停机")
    parser.add_argument("file", help="写到哪里，如 备份-20260901.tar.gz；不覆盖已有的文件")
    parser.add_argument("--with-keys", action="store_true", help="连密钥一起（须加锁保管）；缺省不含密钥")
    parser.add_argument("--data", help="DATA 文件夹；缺省取环境变量 DATA，再缺省为 data")
    parser.add_argument("--json", action="store_true", help="输出清单（JSON）")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 written, 1 refused (the sentence is on standard error)."""
    options = [*(["--with-keys"] if arguments.with_keys else []), *(["--json"] if arguments.json else [])]
    return manage("backup", arguments.file, *options, data=arguments.data)
