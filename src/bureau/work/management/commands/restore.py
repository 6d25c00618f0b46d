"""恢复: `python -m bureau.manage restore FILE [--json]` into an empty install, also as `junheng restore`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from bureau.people.rules import Refused
from bureau.work.archive import restore


class Command(BaseCommand):
    """Verifies the archive, fills the empty database and the DATA folder, and compares with the manifest."""

    help = "Restore an archive into an empty install."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, file: Path, json: bool, **options: Any) -> None:
        try:
            manifest = restore(source=file.resolve())
        except Refused as refusal:
            self.stderr.write(str(refusal))
            raise SystemExit(1) from None
        self.stdout.write(_json(manifest) if json else _words(manifest))


def _json(manifest: dict[str, Any]) -> str:
    return json.dumps({"data": str(settings.DATA), **manifest}, ensure_ascii=False)


def _words(manifest: dict[str, Any]) -> str:
    rows = sum(table[0] for table in manifest["tables"].values())
    return (
        f"已恢复到 {settings.DATA}：数据库 {rows:,} 行，文件 {len(manifest['files']):,} 个，与清单逐一核对一致。"
        f"\n备份时间 {manifest['made_at']}，日志末条第 {manifest['log']['seq']} 条。程序版本较新时，请再运行 migrate。"
    )
