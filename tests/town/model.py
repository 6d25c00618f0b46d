"""示范县的形状: what a made-up county is, before it becomes workbooks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

Value = str | int | float | date | None
Row = tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """一张表的行: the rows of one sheet as a clerk would type them; None is a cell left empty.

    `columns` are column names of `junheng.tables`. Rows are tuples in that order, because a county has
    two hundred thousand of them.
    """

    columns: tuple[str, ...]
    rows: list[Row]

    def dicts(self) -> Iterator[dict[str, Value]]:
        """Each row as {column name: value}."""
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))

    def column(self, name: str) -> list[Value]:
        """All values of one column, in row order."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Year:
    """一个学年: the registers as reported on one day. `tables` is keyed by sheet name, in the order of SHEETS."""

    label: str
    day: date
    tables: dict[str, Table]


@dataclass(frozen=True)
class Town:
    """一个示范县: three school years of one county in which nobody is real."""

    county: str
    name: str
    seed: int
    years: tuple[Year, ...]
    known: dict[str, object] = field(default_factory=dict)  # answers worked out by hand; only in `small()`

    @property
    def latest(self) -> Year:
        """The last school year."""
        return self.years[-1]


@dataclass(frozen=True)
class Workbook:
    """一个待导入的文件: one file, the day it reports, and what a person would call it."""

    path: Path
    day: date
    title: str
