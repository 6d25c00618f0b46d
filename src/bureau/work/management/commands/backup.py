"""备份: `python -m bureau.manage backup FILE [--with-keys] [--json]`, also as `junheng backup`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.rules import Refused
from bureau.work import dump
from bureau.work.archive import back_up, why_not_write


class Command(BaseCommand):
    """Writes one archive while the site is in use."""

    help = "Back up the database and the files into one archive."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--with-keys", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, file: Path, with_keys: bool, json: bool, **options: Any) -> None:
        at, file = timezone.now(), file.resolve()
        try:
            if refusal := dump.why_not_copy() or why_not_write(file):
                raise Refused(refusal)
            # Before the copy is made, so that what is restored is equal to what was there.
            obj = ("backup", file.name)
            write(by=None, verb=Verb.BACKUP, obj=obj, detail={"with_keys": with_keys}, at=at)
            manifest = back_up(to=file, with_keys=with_keys, at=at)
        except Refused as refusal:
            self.stderr.write(str(refusal))
            raise SystemExit(1) from None
        self.stdout.write(_json(file, manifest) if json else _words(file, manifest))


def _json(file: Path, manifest: dict[str, Any]) -> str:
    return json.dumps({"archive": str(file), **manifest}, ensure_ascii=False)


def _words(file: Path, manifest: dict[str, Any]) -> str:
    rows = sum(table[0] for table in manifest["tables"].values())
    written = f"已备份到 {file}（{file.stat().st_size / 1e6:,.1f} MB）：数据库 {rows:,} 行，文件 {len(manifest['files']):,} 个。"
    if manifest["with_keys"]:
        return written + "\n备份含密钥：拿到它的人能读出证件号和电话，请加锁保管。"
    return written + (
        "\n备份不含密钥。没有密钥，证件号和电话无法读出：请把 DATA/keys 的 field.key 和 lookup.key "
        "另存两份，由两人分别保管，不要和备份放在一起。"
    )
