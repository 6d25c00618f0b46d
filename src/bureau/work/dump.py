"""数据库的备份与恢复: one consistent copy of the database while it is in use, and its return into an empty one."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from bureau.people.rules import Refused

SQLITE, POSTGRESQL = "database.sqlite3", "database.pgdump"
LAST, NONE = "SELECT seq, hash FROM log_entry ORDER BY seq DESC LIMIT 1", (0, "")
# One row in, one number out, whatever the order of the rows: the same in two databases with the same content.
SUM = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {table} AS t"


def name() -> str:
    """The file name of this database's copy."""
    return SQLITE if connection.vendor == "sqlite" else POSTGRESQL


class Copied(NamedTuple):
    """What one copy holds: {table: [rows, checksum]} ("" for SQLite, whose file is hashed), and its last log line."""

    tables: dict[str, Any]
    log: tuple[int, str]


def copy(to: Path) -> Copied:
    """Write the copy, and say what it holds: the site goes on writing, so this is never asked of the site."""
    return _copy_sqlite(to) if connection.vendor == "sqlite" else _copy_postgresql(to)


def put_back(source: Path, tables: Mapping[str, Any]) -> None:
    """Fill the empty database and compare it, table by table, with what the copy held. Raises Refused."""
    if connection.vendor == "sqlite":
        target = Path(_name())
        shutil.copyfile(source, target)
        held = _sqlite_tables(target)
    else:
        _put_back_postgresql(source)
        with connection.cursor() as cursor:
            held = _postgresql_tables(cursor)
    different = [table for table in sorted({*held, *tables}) if held.get(table) != tables.get(table)]
    if different:
        raise Refused(f"恢复后的数据与备份不一致：{'、'.join(different)}。请不要使用，清空后重新恢复")


def why_not_copy() -> str | None:
    """为什么不能备份: a wrong DATA must not be taken for an empty site."""
    if connection.vendor == "sqlite":
        path = Path(_name())
        return None if path.exists() else f"{path} 不存在；请用 --data 或环境变量 DATA 指明数据文件夹"
    there = "log_entry" in connection.introspection.table_names()
    return None if there else "这个 PostgreSQL 数据库里没有本系统的表，请核对 DATABASE_URL"


def why_not_empty() -> str | None:
    """为什么不能恢复到这里: a restore never overwrites."""
    if connection.vendor == "sqlite":
        path = Path(_name())
        return f"{path} 已有数据库；请换一个空的 DATA 文件夹" if path.exists() else None
    tables = connection.introspection.table_names()
    return f"数据库里已有 {len(tables)} 张表；请新建一个空数据库再恢复" if tables else None


def _copy_sqlite(to: Path) -> Copied:
    with closing(sqlite3.connect(_name())) as source, closing(sqlite3.connect(to)) as target:
        # All pages in one step: readers do not stop writers (WAL), and no writer makes the copy start again.
        source.backup(target, pages=-1)
        target.execute("PRAGMA journal_mode=DELETE")
        verdict = target.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise Refused(f"数据库已损坏，无法备份：{verdict}")
    with closing(sqlite3.connect(to)) as copied:
        last = copied.execute(LAST).fetchone()
    return Copied(_sqlite_tables(to), last or NONE)


def _sqlite_tables(path: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(path)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        counted = {}
        for (table,) in names:
            rows = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
            counted[table] = [rows, ""]
    return counted


def _postgresql_tables(cursor: Any) -> dict[str, Any]:
    held = {}
    for table in connection.introspection.table_names(cursor):
        cursor.execute(SUM.format(table=connection.ops.quote_name(table)))
        rows, checksum = cursor.fetchone()
        held[table] = [rows, checksum]
    return held


def _copy_postgresql(to: Path) -> Copied:
    with transaction.atomic(), connection.cursor() as cursor:
        # The copy and the checksums see the same moment, while others go on writing.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        held = _postgresql_tables(cursor)
        cursor.execute(LAST)
        last = cursor.fetchone()
        _client("pg_dump", f"--snapshot={snapshot}", "--format=custom", f"--file={to}")
    return Copied(held, last or NONE)


def _put_back_postgresql(source: Path) -> None:
    _client("pg_restore", "--exit-on-error", "--single-transaction", "--dbname=" + _name(), str(source))


def _name() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def _client(program: str, *arguments: str) -> None:
    path = shutil.which(program, path=os.environ.get("PG_BIN") or None)
    if path is None:
        raise Refused(f"这台机器上没有 {program}，请安装 PostgreSQL 客户端，或用 PG_BIN 指明它所在的文件夹")
    place = settings.DATABASES["default"]
    options = [f"--host={place['HOST']}"] if place.get("HOST") else []
    options += [f"--port={place['PORT']}"] if place.get("PORT") else []
    options += [f"--username={place['USER']}"] if place.get("USER") else []
    options += ["--no-owner", "--no-privileges", "--no-password"]
    database = [_name()] if program == "pg_dump" else []
    environment = os.environ | {"PGPASSWORD": str(place.get("PASSWORD", ""))}
    done = subprocess.run(  # noqa: S603
        [path, *options, *arguments, *database], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refused(f"{program} 没有完成：{done.stderr.strip()}")
