"""暂存文件: what an upload became after reading, kept sealed in DATA/imports/<id> until it is committed or cancelled."""

import json
import shutil
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from bureau.people.secret import seal_bytes, unseal_bytes
from bureau.registry.compare import Change, Difference
from junheng.tables import SHEETS, Sheet


@dataclass(frozen=True, slots=True)
class StagedSheet:
    """One register's rows as read: typed columns, Excel row numbers, row marks, positions of rows with errors.

    `compared` holds, for columns that the register compares in another form than they are read in, that form.
    """

    sheet: Sheet
    columns: dict[str, list[object]]
    compared: dict[str, list[object]]
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
            "compared": staged.compared,
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
            StagedSheet(
                sheet,
                columns,
                one["compared"],
                one["row_numbers"],
                one["row_ids"],
                frozenset(one["rejected"]),
            )
        )
    return sheets


def keep_differences(import_id: int, found: Mapping[str, Sequence[Difference]]) -> None:
    """Keep what the review found, sealed: {sheet: differences}, without the unchanged rows and without values.

    They hold as long as the registers stand at the versions the review has seen, which a commit checks.
    """
    # Of seventy thousand changed rows only some hundred sets of changed fields differ.
    sets: dict[tuple[tuple[int, bool], ...], int] = {}
    rows = {
        sheet: [
            (
                one.kind,
                one.index,
                one.key,
                one.current,
                sets.setdefault(tuple([(field.column, field.contested) for field in one.fields]), len(sets)),
            )
            for one in differences
            if one.kind != "unchanged"
        ]
        for sheet, differences in found.items()
    }
    text = json.dumps({"sets": list(sets), "rows": rows}, separators=(",", ":")).encode()
    (folder(import_id) / "differences.sealed").write_bytes(seal_bytes(zlib.compress(text, 1)))


def load_differences(import_id: int) -> dict[str, list[Difference]]:
    """What the review found. The values of changes are not kept: `contested` changes differ, others do not."""
    packed = json.loads(
        zlib.decompress(unseal_bytes((folder(import_id) / "differences.sealed").read_bytes()))
    )
    sets = [tuple(Change(column, 0, None, int(mark)) for column, mark in one) for one in packed["sets"]]
    return {
        sheet: [
            Difference(kind, index, key, current, sets[fields]) for kind, index, key, current, fields in rows
        ]
        for sheet, rows in packed["rows"].items()
    }


@dataclass(frozen=True, slots=True)
class Reviewed:
    """核对的内容: the rows as read and what they would change. A commit that follows at once need not unseal them again."""

    staged: Sequence[StagedSheet]
    found: Mapping[str, Sequence[Difference]]


def reviewed(import_id: int) -> Reviewed:
    """As reading and review kept it."""
    return Reviewed(load(import_id), load_differences(import_id))


def forget(import_id: int) -> None:
    """Remove the staged rows (the sealed upload stays with a committed import as its source)."""
    for name in ("staged.sealed", "differences.sealed"):
        (folder(import_id) / name).unlink(missing_ok=True)


def forget_all(import_id: int) -> None:
    """Remove everything that a cancelled import kept."""
    shutil.rmtree(folder(import_id), ignore_errors=True)
