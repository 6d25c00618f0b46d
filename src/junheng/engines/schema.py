"""引擎之间相同的列类型: which type each kind of column has, so that one table means the same on every engine."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from junheng.tables import Sheet
from junheng.tables.model import Kind

Columns = Mapping[str, Sequence[Any]]
Schema = Mapping[str, Kind]


def schema_of(sheet: Sheet, *, personal: bool = False) -> dict[str, Kind]:
    """{column: kind} of the columns that tables may hold: the plain ones, and with `personal` all stored ones."""
    return {column.name: column.kind for column in (sheet.stored if personal else sheet.plain)}


def columns_of(rows: Iterable[Mapping[str, Any]], schema: Schema) -> dict[str, list[Any]]:
    """Rows as columns, in the order of `schema`; a key that a row lacks is None."""
    held = list(rows)
    return {name: [row.get(name) for row in held] for name in schema}


def sized(columns: Columns, schema: Schema) -> tuple[dict[str, Sequence[Any]], int]:
    """Every column of `schema`, absent ones filled with None, and the number of rows. ValueError when lengths differ."""
    lengths = {len(columns[name]) for name in schema if name in columns}
    if len(lengths) > 1:
        raise ValueError(f"columns of different lengths: {sorted(lengths)}")
    count = lengths.pop() if lengths else 0
    return {name: columns.get(name) or [None] * count for name in schema}, count
