"""DuckDB: columns, rows, CSV and Parquet come back as they went in; checksums do not depend on row order."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from junheng.engines import DuckDB, schema_of
from junheng.measures.rows import rows
from junheng.tables import PREMISES, STUDENTS
from junheng.tables.model import Kind

SCHEMA: dict[str, Kind] = {
    "name": "text",
    "count": "integer",
    "size": "decimal",
    "day": "date",
    "flag": "flag",
    "areas": "areas",
}
ROWS: list[dict[str, Any]] = [
    {"name": "甲", "count": 0, "size": 0.1, "day": date(2024, 2, 29), "flag": False, "areas": (96.0, 90.5)},
    {"name": "=cmd|'x'!A1", "count": None, "size": None, "day": None, "flag": None, "areas": None},
    {"name": None, "count": 2**40, "size": -0.0, "day": date(1900, 1, 1), "flag": True, "areas": ()},
]


def plain(found: Any) -> list[dict[str, Any]]:
    listed = [{**row, "areas": None if row["areas"] is None else tuple(row["areas"])} for row in rows(found)]
    return sorted(listed, key=lambda row: str(row["name"]))


def test_round_trip(tmp_path: Path) -> None:
    wanted = sorted(ROWS, key=lambda row: str(row["name"]))
    with DuckDB(threads=1, memory="200MB") as engine:
        table = engine.from_rows(ROWS, SCHEMA)
        assert plain(table) == wanted
        assert plain(engine.keep(table)) == wanted
        path = tmp_path / "folder" / "snapshot.parquet"
        engine.write_parquet(table, path, order=("name",))
        checksum = engine.checksum(table, order=("name",))
        assert plain(engine.read_parquet(path)) == wanted
        assert plain(engine.read_parquet(path.parent)) == wanted
        assert not list(path.parent.glob("*.part"))
        bytes_before = path.read_bytes()
        shuffled = engine.from_rows(ROWS[::-1], SCHEMA)
        assert engine.checksum(shuffled, order=("name",)) == checksum
        engine.write_parquet(shuffled, path, order=("name",))
        assert path.read_bytes() == bytes_before
        other = engine.from_rows([ROWS[0] | {"count": 1}, *ROWS[1:]], SCHEMA)
        assert engine.checksum(other, order=("name",)) != checksum


def test_nothing_is_still_a_table() -> None:
    with DuckDB() as engine:
        table = engine.from_columns({}, schema_of(PREMISES))
        assert list(rows(table)) == []
        assert set(table.collect_schema().names()) == set(schema_of(PREMISES))


def test_absent_columns_are_blank_and_unknown_ones_are_left_out() -> None:
    with DuckDB() as engine:
        assert plain(engine.from_columns({"name": ["甲"], "other": [1]}, SCHEMA)) == [
            {"name": "甲", "count": None, "size": None, "day": None, "flag": None, "areas": None}
        ]
        with pytest.raises(ValueError, match="different lengths"):
            engine.from_columns({"name": ["甲"], "count": [1, 2]}, SCHEMA)


def test_csv_and_missing_files(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,count\n甲,3\n", encoding="utf-8")
    with DuckDB() as engine:
        assert list(rows(engine.read_csv(path, {"name": "text", "count": "integer"}))) == [
            {"name": "甲", "count": 3}
        ]
        with pytest.raises(FileNotFoundError):
            engine.read_parquet(tmp_path / "nothing.parquet")


def test_tables_hold_nobody() -> None:
    plain_schema = schema_of(STUDENTS)
    assert not {"id_number", "person_name", "enrolment_number", "birth_date"} & set(plain_schema)
    assert "id_number" in schema_of(STUDENTS, personal=True)
