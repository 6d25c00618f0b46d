"""运行发现规则: DuckDB in memory, locked before the first query runs: no file, no network, no extension, no setting, one SELECT."""

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import TracebackType
from typing import Any

import duckdb
import numpy as np

from junheng.detecting.tables import TABLES, Type
from junheng.detecting.wording import in_chinese
from junheng.policy.ledgers import Detector

MEMORY = "512MB"
SECONDS = 30.0
MOST_ROWS = 200_000
LONGEST_WORDS = 300
Row = tuple[Any, ...]


class DetectorError(ValueError):
    """发现规则不能运行; the message is a sentence for whoever wrote it. `line` of the query, where one is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Candidate:
    """一个发现: whom it concerns and why, the evidence under its Chinese titles, in words."""

    subject_key: str
    item: str
    detector: str
    evidence: tuple[tuple[str, str], ...]


class Workbench:
    """一县一日的表. Fill it with `put`, then `find`; the first query locks it for good. Close it, or use `with`.

    A query may name `$today`, `$register_day` and `$register_day_before` (the data days of the two student registers).
    """

    def __init__(
        self,
        day: date,
        *,
        dates: Mapping[str, date] | None = None,
        memory: str = MEMORY,
        seconds: float = SECONDS,
        threads: int = 2,
    ) -> None:
        self.dates = {"today": day, "register_day": day, "register_day_before": day, **(dates or {})}
        self.seconds = seconds
        self._locked = False
        settings: dict[str, Any] = {
            "memory_limit": memory,
            "threads": threads,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "enable_external_access": False,
            "python_enable_replacements": False,
        }
        self._connection = duckdb.connect(":memory:", config=settings)
        for name, table in TABLES.items():
            columns = ", ".join(f'"{column}" {field.type}' for column, field in table.columns.items())
            self._connection.execute(f"CREATE TABLE {name} ({columns})")

    def __enter__(self) -> "Workbench":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def put(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """装入一张表: {column: values}; columns that are missing stay empty, unknown ones are ignored. KeyError for an unknown table."""
        if self._locked:
            raise DetectorError("已开始查询，不能再装入数据")
        known = TABLES[table].columns
        given = {name: columns[name] for name in known if name in columns}
        count = len(next(iter(given.values()))) if given else 0
        if not count:
            return
        arrays = {name: _array(values, known[name].type) for name, values in given.items()}
        self._connection.register("given", arrays)
        names = ", ".join(f'"{name}"' for name in given)
        casts = ", ".join(f'CAST("{name}" AS {known[name].type})' for name in given)
        self._connection.execute(f"INSERT INTO {table} ({names}) SELECT {casts} FROM given")  # noqa: S608
        self._connection.unregister("given")

    def find(self, detector: Detector, settings: Mapping[str, int]) -> list[Candidate]:
        """候选, one for each subject and item, in their order. Raises DetectorError in a sentence."""
        names, rows = self.rows(detector.sql, settings)
        if "subject_key" not in names:
            raise DetectorError("结果里没有 subject_key（对象键）")
        subject = names.index("subject_key")
        item = names.index("item") if "item" in names else None
        shown = [(names.index(name), title) for name, title in detector.evidence if name in names]
        found: dict[tuple[str, str], Candidate] = {}
        for row in rows:
            if row[subject] is None or str(row[subject]) == "":
                continue
            key = (str(row[subject]), "" if item is None or row[item] is None else str(row[item]))
            evidence = tuple((title, in_words(row[at])) for at, title in shown)
            first = found.get(key)
            if first is None or evidence < first.evidence:
                # Of several rows for one subject always the same one, whatever order the database gives them in.
                found[key] = Candidate(*key, detector.name, evidence)
        return [found[key] for key in sorted(found)]

    def rows(self, sql: str, settings: Mapping[str, int]) -> tuple[list[str], list[Row]]:
        """(column names, rows) of one SELECT. Raises DetectorError."""
        self._lock()
        self._demand_select(sql)
        given = {**self.dates, **settings}
        used = {name: value for name, value in given.items() if f"${name}" in sql}
        # A cursor of its own: a result that is not read to its end would block the next query.
        cursor = self._connection.cursor()
        timer = threading.Timer(self.seconds, cursor.interrupt)
        timer.start()
        try:
            answer = cursor.execute(sql, used)
            names = [column[0] for column in answer.description or []]
            rows = answer.fetchmany(MOST_ROWS + 1)
        except duckdb.InterruptException as error:
            raise DetectorError(f"查询超过 {self.seconds:.0f} 秒，已停止，请写得更窄") from error
        except duckdb.OutOfMemoryException as error:
            raise DetectorError("查询占用内存过多，已停止，请写得更窄") from error
        except duckdb.Error as error:
            said = in_chinese(error)
            raise DetectorError(f"查询不能运行：{said.words}", said.line) from error
        finally:
            timer.cancel()
            cursor.close()
        if len(rows) > MOST_ROWS:
            raise DetectorError(f"结果超过 {MOST_ROWS} 行，请写得更窄")
        return names, rows

    def tables_in(self, sql: str) -> set[str]:
        """查询用到的表. Raises DetectorError when it is no query."""
        self._demand_select(sql)
        return _names(self._tree(sql))[0] & set(TABLES)

    def empty(self, tables: Iterable[str]) -> list[str]:
        """其中没有一行的表."""
        found = []
        for name in sorted(tables):
            ((rows,),) = self._connection.execute(f"SELECT count(*) FROM {name}").fetchall()  # noqa: S608
            if not rows:
                found.append(name)
        return found

    def _lock(self) -> None:
        if not self._locked:
            self._connection.execute("SET lock_configuration = true")
            self._locked = True

    def _tree(self, sql: str) -> Any:
        ((text,),) = self._connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
        return json.loads(text)

    def _demand_select(self, sql: str) -> None:
        """The parser itself says what kind of statement it is, and which tables and table functions stand in it."""
        try:
            statements = self._connection.extract_statements(sql)
        except duckdb.Error as error:
            said = in_chinese(error)
            raise DetectorError(f"查询有语法错误：{said.words}", said.line) from error
        if len(statements) != 1:
            raise DetectorError("只能写一个查询，不要用分号连写")
        tree = self._tree(sql) if statements[0].type == duckdb.StatementType.SELECT else {"error": True}
        if tree.get("error"):
            raise DetectorError("只能写 SELECT 查询")
        tables, own, functions = _names(tree)
        if functions:
            raise DetectorError(f"不能用表函数 {'、'.join(sorted(functions))}，请改用现有的表")
        unknown = sorted(tables - own - set(TABLES))
        if unknown:
            line = next((n for n, words in enumerate(sql.splitlines(), 1) if unknown[0] in words), None)
            raise DetectorError(f"没有表 {'、'.join(unknown)}；可用的表：{'、'.join(TABLES)}", line)


def columns_of(bench: Workbench, sql: str, settings: Mapping[str, int]) -> list[str]:
    """结果的栏目 of a query on tables that hold nothing. Raises DetectorError."""
    names, _ = bench.rows(sql, settings)
    return names


def in_words(value: Any) -> str:
    """结果的一格 in words: dates as written, truth as 是 or 否, numbers without needless decimals, blank as 未知."""
    if value is None:
        return "未知"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float | Decimal):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)[:LONGEST_WORDS]


def _names(tree: Any) -> tuple[set[str], set[str], set[str]]:
    """(tables named, names given by WITH, table functions but UNNEST and RANGE) anywhere in a parsed statement."""
    tables: set[str] = set()
    own: set[str] = set()
    functions: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
            continue
        if not isinstance(node, dict):
            continue
        if node.get("type") == "BASE_TABLE":
            parts = (node.get("catalog_name"), node.get("schema_name"), node.get("table_name"))
            tables.add(".".join(str(part) for part in parts if part))
        elif node.get("type") == "TABLE_FUNCTION":
            name = str(node.get("function", {}).get("function_name", "")).lower()
            if name not in ("unnest", "range", "generate_series"):
                functions.add(name)
        if isinstance(node.get("cte_map"), dict):
            own |= {str(entry.get("key")) for entry in node["cte_map"].get("map", [])}
        waiting += node.values()
    return tables, own, functions


def _array(values: Sequence[Any], kind: Type) -> Any:
    """Numbers and truth as masked arrays; dates and words as text for the database to cast."""
    types: dict[str, type[np.generic]] = {"BIGINT": np.int64, "DOUBLE": np.float64, "BOOLEAN": np.bool_}
    if kind in types:
        blank = [value is None for value in values]
        plain = np.array([0 if value is None else value for value in values], dtype=types[kind])
        return np.ma.masked_array(plain, mask=blank)
    texts = np.empty(len(values), dtype=object)
    texts[:] = [value.isoformat() if isinstance(value, date) else value for value in values]
    return texts
