"""成批写入: many rows into one register at the speed of the database.

Rows wait in a temporary table of the connection, which takes no lock of the register; inside the caller's transaction the
database then moves them over by itself. So a commit keeps others waiting for the moving only, not for the preparing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, islice
from typing import Any

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

CHUNK = 5000
_numbers = count(1)


def chunks(rows: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The rows in lists of at most `size`."""
    iterator = iter(rows)
    while part := list(islice(iterator, size)):
        yield part


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Insert the rows (values in the order of the field names, dates as `as_raw` gives them); returns how many."""
    columns = _columns(model)
    return _fill(_quoted(model._meta.db_table), [columns[name] for name in names], rows)


def insert_rows(objects: Sequence[models.Model]) -> int:
    """Insert new objects of one model, as `bulk_create` does but several times faster; their keys are not known afterwards."""
    if not objects:
        return 0
    model = type(objects[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    rows = (
        [field.get_db_prep_save(getattr(one, field.attname), connection) for field in fields]
        for one in objects
    )
    return insert(model, [field.attname for field in fields], rows)


@dataclass(frozen=True, slots=True)
class Waiting:
    """等待写入的行: a temporary table, and the statements that move it over. Use `write` in the transaction, `drop` after it."""

    table: str
    moves: Sequence[str]

    def write(self) -> int:
        """Move the rows into their register; returns how many."""
        total = 0
        with connection.cursor() as cursor:
            for move in self.moves:
                cursor.execute(move)
                total += cursor.rowcount
        return total

    def drop(self) -> None:
        """Forget the temporary table."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {self.table}")


def to_insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]) -> Waiting:
    """Rows that wait to be inserted: as `insert`."""
    columns = _columns(model)
    own = [columns[name] for name in names]
    listed = ", ".join(own)
    register = _quoted(model._meta.db_table)
    table = _temporary(model, listed)
    _fill(table, own, rows)
    return Waiting(table, [f"INSERT INTO {register} ({listed}) SELECT {listed} FROM {table}"])  # noqa: S608


Copy = tuple[int, Mapping[str, object]]  # the id of a row, and the fields that differ in its copy


def to_copy(model: type[models.Model], copies: Sequence[Copy]) -> Waiting:
    """Copies of rows that wait to be made inside the database, with some fields given; one move for each set of fields."""
    columns = _columns(model)
    names = [field.attname for field in model._meta.concrete_fields if field.attname != "id"]
    groups: dict[tuple[str, ...], list[Copy]] = defaultdict(list)
    for one in copies:
        groups[tuple(one[1])].append(one)
    given = sorted({name for group in groups for name in group})
    held = [columns[name] for name in given]
    register = _quoted(model._meta.db_table)
    table = _temporary(model, ", ".join(["id AS copied, id AS part", *held]))
    listed = ", ".join(columns[name] for name in names)
    moves = []
    for part, (group, members) in enumerate(groups.items()):
        own = ["copied", "part", *(columns[name] for name in group)]
        _fill(table, own, (_plain((identity, part, *fields.values())) for identity, fields in members))
        values = ", ".join(f"{'given' if name in group else 'kept'}.{columns[name]}" for name in names)
        moves.append(
            f"INSERT INTO {register} ({listed}) SELECT {values} FROM {table} given, {register} kept "  # noqa: S608
            f"WHERE given.part = {part} AND kept.id = given.copied"
        )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX {table}_part ON {table} (part)")
    return Waiting(table, moves)


def _temporary(model: type[models.Model], selected: str) -> str:
    """A new temporary table with the columns of the selection; returns its name."""
    name = f"waiting_{next(_numbers)}"
    statement = (
        f"CREATE TEMPORARY TABLE {name} AS SELECT {selected} FROM {_quoted(model._meta.db_table)} LIMIT 0"  # noqa: S608
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
    return name


def _fill(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    listed = ", ".join(columns)
    total = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with (
                connection.wrap_database_errors,
                cursor.cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as stream,
            ):
                for row in rows:
                    stream.write_row(row)
                    total += 1
            return total
        statement = f"INSERT INTO {table} ({listed}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
        for part in chunks(rows):
            cursor.executemany(statement, part)
            total += len(part)
    return total


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _columns(model: type[models.Model]) -> dict[str, str]:
    """{field name and attribute name: quoted column}."""
    quoted: dict[str, str] = {}
    for field in model._meta.concrete_fields:
        quoted[field.name] = quoted[field.attname] = _quoted(field.column or field.name)
    return quoted


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


def update_each(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Set values of its own on each row, (id, values in the order of the field names); returns how many. Dates as in `insert`."""
    columns = _columns(model)
    given = ", ".join(f"{columns[name]} = %s" for name in names)
    statement = f"UPDATE {_quoted(model._meta.db_table)} SET {given} WHERE id = %s"  # noqa: S608
    total = 0
    with connection.cursor() as cursor:
        for part in chunks(rows):
            cursor.executemany(statement, [(*values, key) for key, *values in part])
            total += len(part)
    return total


def _among(ids: Sequence[int]) -> models.Expression:
    """The condition “id is one of these”, written out: ten thousand parameters cost Django more than the database."""
    return RawSQL(f"id IN ({','.join(str(int(i)) for i in ids)})", [], output_field=models.BooleanField())  # noqa: S611


def weigh(tables: Iterable[type[models.Model]] = ()) -> None:
    """统计分布 of these tables, or of all, for the database to choose its indexes by: without it a few rows of one school are
    looked for among all of the county. A second for a county."""
    names = [_quoted(model._meta.db_table) for model in tables] or [""]
    with transaction.atomic(), connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"ANALYZE {name}")
