"""DuckDB 引擎: columns, rows, CSV and Parquet → LazyFrames of one in-memory database, and snapshots back to Parquet."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import narwhals as nw
import numpy as np

from junheng.engines.checksum import content_checksum
from junheng.engines.schema import Columns, Schema, columns_of, sized
from junheng.tables.model import Kind

_TYPES: dict[Kind, str] = {
    "integer": "BIGINT",
    "year": "BIGINT",
    "decimal": "DOUBLE",
    "date": "DATE",
    "month": "DATE",
    "flag": "BOOLEAN",
    "areas": "DOUBLE[]",
}
_NUMBERS: dict[Kind, type[np.generic]] = {
    "integer": np.int64,
    "year": np.int64,
    "decimal": np.float64,
    "flag": np.bool_,
}


class DuckDB:
    """DuckDB 引擎: one in-memory database, with no file, no network and no extension. Close it, or use `with`.

    LazyFrames made here live as long as the engine. `memory` such as "400MB" and `threads` limit what it may take.
    """

    def __init__(self, *, memory: str = "", threads: int = 0) -> None:
        settings: dict[str, Any] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if memory:
            settings["memory_limit"] = memory
        if threads:
            settings["threads"] = threads
        self._connection = duckdb.connect(":memory:", config=settings)
        self._count = 0

    def __enter__(self) -> "DuckDB":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget all tables."""
        self._connection.close()

    def from_columns(self, columns: Columns, schema: Schema) -> nw.LazyFrame[Any]:
        """列 → 表: typed by `schema`; columns absent from `columns` are all None; others are ignored."""
        filled, count = sized(columns, schema)
        name = self._name()
        casts = ", ".join(
            f'CAST("{column}" AS {_type(kind)}) AS "{column}"' for column, kind in schema.items()
        )
        if count == 0:
            empty = ", ".join(f'CAST(NULL AS {_type(kind)}) AS "{column}"' for column, kind in schema.items())
            self._connection.execute(f"CREATE TEMP TABLE {name} AS SELECT {empty} LIMIT 0")
        else:
            arrays = {column: _array(filled[column], kind) for column, kind in schema.items()}
            self._connection.register("arrays", arrays)
            self._connection.execute(f"CREATE TEMP TABLE {name} AS SELECT {casts} FROM arrays")  # noqa: S608
            self._connection.unregister("arrays")
        return nw.from_native(self._connection.table(name))

    def from_rows(self, rows: Iterable[Mapping[str, Any]], schema: Schema) -> nw.LazyFrame[Any]:
        """行 → 表."""
        return self.from_columns(columns_of(rows, schema), schema)

    def read_parquet(self, path: Path) -> nw.LazyFrame[Any]:
        """快照 → 表: read lazily from a Parquet file, or from all of a folder. FileNotFoundError when there is none."""
        if not path.exists():
            raise FileNotFoundError(path)
        source = str(path / "*.parquet") if path.is_dir() else str(path)
        return nw.from_native(self._connection.read_parquet(source))

    def read_csv(self, path: Path, schema: Schema) -> nw.LazyFrame[Any]:
        """CSV → 表: a clean UTF-8 file whose headings are the column names of `schema` (not a clerk's file)."""
        types = {column: _type(kind) for column, kind in schema.items()}
        return nw.from_native(self._connection.read_csv(str(path), header=True, columns=types))

    def keep(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Compute once and keep, so that several answers do not repeat the work."""
        name = self._name()
        nw.to_native(frame).create(name)
        return nw.from_native(self._connection.table(name))

    def write_parquet(self, frame: nw.LazyFrame[Any], path: Path, *, order: tuple[str, ...]) -> None:
        """表 → 快照: rows sorted by `order` (a key), zstd; the same rows give the same bytes.

        Written beside and moved into place, so that a killed process leaves no half file.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(path.name + ".part")
        nw.to_native(frame.sort(*order)).write_parquet(str(half), compression="zstd")
        half.replace(path)

    def checksum(self, frame: nw.LazyFrame[Any], *, order: tuple[str, ...]) -> str:
        """内容校验和: the same for the same rows, whatever the engine, the file or the day."""
        relation = nw.to_native(frame.sort(*order))
        return content_checksum(relation.columns, relation.fetchall())

    def _name(self) -> str:
        self._count += 1
        return f"kept_{self._count}"


def _type(kind: Kind) -> str:
    return _TYPES.get(kind, "VARCHAR")


def _array(values: Any, kind: Kind) -> Any:
    """Numbers as masked arrays (typed, so nothing is guessed from the first rows); everything else as text to cast."""
    if kind in _NUMBERS:
        blank = [value is None for value in values]
        plain = np.array([0 if value is None else value for value in values], dtype=_NUMBERS[kind])
        return np.ma.masked_array(plain, mask=blank)
    texts = np.empty(len(values), dtype=object)
    texts[:] = [_text(value) for value in values] if kind in _TYPES else values
    return texts


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return "[" + ",".join(repr(float(area)) for area in value) + "]"
