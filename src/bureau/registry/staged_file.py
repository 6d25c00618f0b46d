"""暂存文件: what an upload became after reading, kept sealed in DATA/imports/<id> until it is committed or cancelled."""

import json
import shutil
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from bureau.people.secret import seal_bytes, unseal_bytes
from junheng.tables import SHEETS, Sheet


@dataclass(frozen=True, slots=True)
class StagedSheet:
    """One register's rows as read: typed columns, Excel row numbers, row marks, positions of rows with errors."""

    sheet: Sheet
    columns: dict[str, list[object]]
    row_numbers: list[int]
    row_ids: list[str | None]
    rejected: frozenset[int]

    def __len__(self) -> int:
        return len(self.row_numbers)


def folder(import_id: int) -> Path:
    """Where an import keeps its files."""
    return Path(settings.DATA) / "imports" / str(import_id)


def keep_uploads(import_id: int, files: Sequence[tuple[str, bytes]]) -> None:
    """Keep the uploaded files, sealed."""
    place = folder(import_id)
    place.mkdir(parents=True, exist_ok=True)
    for number, (name, content) in enumerate(files):
        packed = json.dumps(name, ensure_ascii=False).encode() + b"\n" + content
        (place / f"upload-{number}.sealed").write_bytes(seal_bytes(packed))


def uploads(import_id: int) -> list[tuple[str, bytes]]:
    """The uploaded files: (name, bytes)."""
    found = []
    for path in sorted(folder(import_id).glob("upload-*.sealed")):
        name, content = unseal_bytes(path.read_bytes()).split(b"\n", 1)
        found.append((str(json.loads(name)), content))
    return found


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value


def keep(import_id: int, sheets: Sequence[StagedSheet]) -> None:
    """Keep the rows as read, sealed; one JSON object a sheet, compressed."""
    packed = [
        {
            "sheet": staged.sheet.name,
            "columns": {
                name: [_plain(value) for value in values]
                if staged.sheet.by_name[name].kind in ("date", "month")
                else values
                for name, values in staged.columns.items()
            },
            "row_numbers": staged.row_numbers,
            "row_ids": staged.row_ids,
            "rejected": sorted(staged.rejected),
        }
        for staged in sheets
    ]
    text = json.dumps(packed, ensure_ascii=False, separators=(",", ":")).encode()
    path = folder(import_id) / "staged.sealed"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(seal_bytes(zlib.compress(text, 1)))


def load(import_id: int) -> list[StagedSheet]:
    """The rows as read, typed again. FileNotFoundError when nothing is staged."""
    packed = json.loads(zlib.decompress(unseal_bytes((folder(import_id) / "staged.sealed").read_bytes())))
    sheets = []
    for one in packed:
        sheet = SHEETS[one["sheet"]]
        columns = one["columns"]
        for name, values in columns.items():
            kind = sheet.by_name[name].kind
            if kind in ("date", "month"):
                columns[name] = [date.fromisoformat(value) if value else None for value in values]
            elif kind == "areas":
                columns[name] = [tuple(value) if isinstance(value, list) else value for value in values]
        sheets.append(
            StagedSheet(sheet, columns, one["row_numbers"], one["row_ids"], frozenset(one["rejected"]))
        )
    return sheets


def forget(import_id: int) -> None:
    """Remove the staged rows (the sealed upload stays with a committed import as its source)."""
    (folder(import_id) / "staged.sealed").unlink(missing_ok=True)


def forget_all(import_id: int) -> None:
    """Remove everything that a cancelled import kept."""
    shutil.rmtree(folder(import_id), ignore_errors=True)
