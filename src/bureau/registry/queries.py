"""登记册的全部读取: rows in force on a day, the county's tables, imports and what they would change."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Max, Q, QuerySet

from bureau.registry.columns import areas_from_text, compared_field
from bureau.registry.import_models import Import, RegisterVersion
from bureau.registry.models import REGISTERS, RegisterRow, School
from junheng.tables import SHEETS, Column

Rows = QuerySet[Any, Any]
AT_ONCE = 20_000


def on(day: date) -> Q:
    """The condition “in force on the day”."""
    return Q(replaced_by=None, valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def raw(rows: Rows) -> Iterator[tuple[Any, ...]]:
    """The rows of a `values_list` as the database driver gives them: dates as dates, SQLite's truth values perhaps 0 and 1.

    Django's conversion, cell by cell, takes longer than the query.
    """
    try:
        statement, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while part := cursor.fetchmany(AT_ONCE):
            yield from part


def as_raw(values: Sequence[object]) -> Sequence[object]:
    """Dates (or None) as the driver takes them fastest."""
    if connection.vendor == "postgresql":
        return values
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def rows_on(sheet: str, day: date, county_code: str | None = None) -> Rows:
    """The rows of a register in force on the day."""
    rows = REGISTERS[sheet]._default_manager.filter(on(day))
    return rows.filter(county_code=county_code) if county_code else rows


def history(sheet: str, key: str) -> Rows:
    """Every version of one row that counts, oldest first."""
    return (
        REGISTERS[sheet]
        ._default_manager.filter(key=key, replaced_by=None)
        .select_related("created_by")
        .order_by("valid_from")
    )


def days_with_data(county_code: str, sheet: str = "schools") -> list[date]:
    """The data days of committed imports of a register, newest first."""
    days = (
        Import.objects.filter(state="committed", county_code=county_code)
        .order_by("-day")
        .values_list("day", "sheets")
    )
    return list(dict.fromkeys(day for day, sheets in days if sheet in sheets))


def latest_day(county_code: str) -> date | None:
    """The newest data day of a county, None before the first import."""
    day: date | None = Import.objects.filter(state="committed", county_code=county_code).aggregate(
        day=Max("day")
    )["day"]
    return day


def counties() -> list[str]:
    """The counties that have schools in the register."""
    return sorted(School.objects.filter(replaced_by=None).values_list("county_code", flat=True).distinct())


def as_tables(
    day: date, county_code: str, sheets: Sequence[str] = tuple(SHEETS)
) -> dict[str, dict[str, list[Any]]]:
    """全县数据表: the county as of the day: {sheet: {column: values}}, only columns that identify nobody.

    Every table has `key` first: for people the keyed hash, so that a snapshot names no one. Areas are tuples.
    """
    tables: dict[str, dict[str, list[Any]]] = {}
    for name in sheets:
        sheet = SHEETS[name]
        columns = sheet.plain
        rows = (
            rows_on(name, day, county_code)
            .order_by("key")
            .values_list("key", *(column.name for column in columns))
        )
        values = [list(part) for part in zip(*raw(rows), strict=True)] or [
            [] for _ in range(len(columns) + 1)
        ]
        tables[name] = {"key": values[0]}
        for column, part in zip(columns, values[1:], strict=True):
            tables[name][column.name] = _typed(column, part)
    return tables


def _typed(column: Column, values: list[Any]) -> list[Any]:
    """A column of `raw` as what it stands for; each different value is converted once."""
    if column.kind == "areas":
        return [areas_from_text(value) for value in values]
    if column.kind == "flag":
        return list(map({None: None, 0: False, 1: True}.__getitem__, values))
    if column.kind in ("date", "month"):
        days = {
            value: date.fromisoformat(value) if isinstance(value, str) else value for value in set(values)
        }
        return list(map(days.__getitem__, values))
    return values


def stream_compared(
    sheet: str, day: date, county_code: str, columns: Sequence[Column], school_code: str = ""
) -> Iterator[tuple[int, str, tuple[object, ...]]]:
    """(id, key, compared values) of each row in force, in no order and as `raw`; limited to one school if given."""
    rows = rows_on(sheet, day, county_code)
    if school_code:
        rows = rows.filter(school_code=school_code)
    fields = [compared_field(column) for column in columns]
    for row in raw(rows.values_list("id", "key", *fields)):
        yield row[0], row[1], row[2:]


def base_values(
    sheet: str, ids: Sequence[int], columns: Sequence[Column]
) -> dict[int, tuple[str, tuple[object, ...]]]:
    """{id: (key, compared values)} of the versions a clerk downloaded, as `raw`."""
    fields = ["id", "key", *(compared_field(column) for column in columns)]
    return {row[0]: (row[1], row[2:]) for row in rows_of(sheet, ids, fields)}


def rows_of(sheet: str, ids: Sequence[int], fields: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The fields of the versions with these ids, as `raw`."""
    for start in range(0, len(ids), 10_000):
        rows = REGISTERS[sheet]._default_manager.filter(pk__in=ids[start : start + 10_000])
        yield from raw(rows.values_list(*fields))


def versions(county_code: str, sheets: Sequence[str]) -> dict[str, int]:
    """{sheet: how many commits and undos it has seen}."""
    known = dict(
        RegisterVersion.objects.filter(county_code=county_code, sheet__in=sheets).values_list(
            "sheet", "version"
        )
    )
    return {sheet: known.get(sheet, 0) for sheet in sheets}


def known_schools(day: date, county_code: str) -> dict[str, str]:
    """{school code: name} of the register on the day."""
    return {
        code: name or ""
        for code, name in rows_on("schools", day, county_code).values_list("school_code", "school_name")
    }


def dependents(of: Import) -> list[str]:
    """The later imports that changed rows this one wrote or ended, as the sentences name them."""
    later: set[int] = set()
    for sheet in of.sheets:
        model: type[RegisterRow] = REGISTERS[sheet]
        created = model._default_manager.filter(created_by=of)
        ended = model._default_manager.filter(ended_by=of)
        for marked, field in ((created, "ended_by"), (created, "replaced_by"), (ended, "replaced_by")):
            values = marked.exclude(**{field: None}).exclude(**{field: of}).values_list(field, flat=True)
            later.update(values.distinct())
    names = Import.objects.filter(pk__in=later).order_by("id").values_list("id", "file_name")
    return [f"第{number}号导入（{name}）" for number, name in names]
