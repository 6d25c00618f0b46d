"""Spark 引擎: the same tables as `DuckDB`, on a SparkSession that the caller has started and will stop.

Needs pyspark (the `spark` extra) and Java. Nothing here starts a cluster or reaches the network.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import narwhals as nw
from pyspark.sql import SparkSession
from pyspark.sql import types as t

from junheng.engines.checksum import content_checksum
from junheng.engines.schema import Columns, Schema, columns_of, sized
from junheng.tables.model import Kind

_TYPES: dict[Kind, Any] = {
    "integer": t.LongType(),
    "year": t.LongType(),
    "decimal": t.DoubleType(),
    "date": t.DateType(),
    "month": t.DateType(),
    "flag": t.BooleanType(),
    "areas": t.ArrayType(t.DoubleType()),
}


class Spark:
    """Spark 引擎: see `junheng.engines.DuckDB` for what each method promises."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session

    def from_columns(self, columns: Columns, schema: Schema) -> nw.LazyFrame[Any]:
        """列 → 表."""
        filled, _ = sized(columns, schema)
        typed = [[_value(value, kind) for value in filled[name]] for name, kind in schema.items()]
        rows = list(zip(*typed, strict=True))
        return nw.from_native(self._session.createDataFrame(rows, _schema(schema)))

    def from_rows(self, rows: Iterable[Mapping[str, Any]], schema: Schema) -> nw.LazyFrame[Any]:
        """行 → 表."""
        return self.from_columns(columns_of(rows, schema), schema)

    def read_parquet(self, path: Path) -> nw.LazyFrame[Any]:
        """快照 → 表."""
        if not path.exists():
            raise FileNotFoundError(path)
        return nw.from_native(self._session.read.parquet(str(path)))

    def read_csv(self, path: Path, schema: Schema) -> nw.LazyFrame[Any]:
        """CSV → 表."""
        return nw.from_native(self._session.read.csv(str(path), header=True, schema=_schema(schema)))

    def keep(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Compute once and keep in the cluster's memory."""
        kept: nw.LazyFrame[Any] = nw.from_native(nw.to_native(frame).cache())
        return kept

    def write_parquet(self, frame: nw.LazyFrame[Any], path: Path, *, order: tuple[str, ...]) -> None:
        """表 → 快照: a folder of Parquet files, which `DuckDB.read_parquet` reads as well."""
        nw.to_native(frame.sort(*order)).write.mode("overwrite").parquet(str(path))

    def checksum(self, frame: nw.LazyFrame[Any], *, order: tuple[str, ...]) -> str:
        """内容校验和: equal to DuckDB's for the same rows."""
        native = nw.to_native(frame.sort(*order))
        return content_checksum(native.columns, (tuple(row) for row in native.collect()))


def _schema(schema: Schema) -> Any:
    return t.StructType(
        [t.StructField(name, _TYPES.get(kind, t.StringType())) for name, kind in schema.items()]
    )


def _value(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind == "decimal":
        return float(value)
    if kind in ("integer", "year"):
        return int(value)
    return [float(area) for area in value] if kind == "areas" else value
