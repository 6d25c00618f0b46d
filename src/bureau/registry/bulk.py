"""成批写入: many rows into one register at the speed of the database, inside the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

CHUNK = 5000


def chunks(rows: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The rows in lists of at most `size`."""
    iterator = iter(rows)
    while part := list(islice(iterator, size)):
        yield part


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Insert the rows (values in the order of the field names); returns how many. Dates may be datetime.date."""
    columns = _columns(model)
    quoted = ", ".join(columns[name] for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    total = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as stream:
                for row in rows:
                    stream.write_row(row)
                    total += 1
            return total
        statement = f"INSERT INTO {table} ({quoted}) VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608
        for part in chunks(rows):
            cursor.executemany(statement, [_plain(row) for row in part])
            total += len(part)
    return total


Copy = tuple[int, Mapping[str, object]]  # the id of a row, and the fields that differ in its copy


def copy(model: type[models.Model], copies: Sequence[Copy]) -> int:
    """Copy rows inside the database with some fields given; one statement for each set of fields. Returns how many."""
    columns = _columns(model)
    names = [field.attname for field in model._meta.concrete_fields if field.attname != "id"]
    table = connection.ops.quote_name(model._meta.db_table)
    groups: dict[tuple[str, ...], list[Copy]] = defaultdict(list)
    for one in copies:
        groups[tuple(one[1])].append(one)
    with connection.cursor() as cursor:
        for given, members in groups.items():
            # PostgreSQL cannot tell the type of a parameter in a select list.
            values = ", ".join(f"{_typed(model, name)}" if name in given else columns[name] for name in names)
            order = [name for name in names if name in given]
            statement = (
                f"INSERT INTO {table} ({', '.join(columns[name] for name in names)}) "  # noqa: S608
                f"SELECT {values} FROM {table} WHERE id = %s"
            )
            for part in chunks(members):
                cursor.executemany(statement, [_plain([*(f[name] for name in order), i]) for i, f in part])
    return len(copies)


def _columns(model: type[models.Model]) -> dict[str, str]:
    """{field name and attribute name: quoted column}."""
    quoted: dict[str, str] = {}
    for field in model._meta.concrete_fields:
        quoted[field.name] = quoted[field.attname] = connection.ops.quote_name(field.column or field.name)
    return quoted


def _typed(model: type[models.Model], name: str) -> str:
    if connection.vendor != "postgresql":
        return "%s"
    field = model._meta.get_field(name.removesuffix("_id") if name.endswith("_by_id") else name)
    return f"CAST(%s AS {field.cast_db_type(connection)})"  # type: ignore[union-attr]


def _plain(row: Sequence[object]) -> Sequence[Any]:
    """SQLite keeps dates as ISO text; its driver's own adapter is deprecated."""
    if connection.vendor == "postgresql":
        return row
    return [value.isoformat() if type(value) is date else value for value in row]


def spans(model: type[models.Model], ids: Iterable[int]) -> Iterator[tuple[int, date, date | None]]:
    """(id, valid_from, valid_to) of the rows."""
    for part in chunks(ids, 10_000):
        yield from model._default_manager.filter(_among(part)).values_list("id", "valid_from", "valid_to")


def update_by_id(model: type[models.Model], ids: Iterable[int], **values: object) -> int:
    """Set the same values on many rows; returns how many."""
    return sum(model._default_manager.filter(_among(part)).update(**values) for part in chunks(ids, 10_000))


def _among(ids: Sequence[int]) -> models.Expression:
    """The condition “id is one of these”, written out: ten thousand parameters cost Django more than the database."""
    return RawSQL(f"id IN ({','.join(str(int(i)) for i in ids)})", [], output_field=models.BooleanField())  # noqa: S611
