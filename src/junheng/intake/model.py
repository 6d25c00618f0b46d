"""读取的结果: what a reading gives back: rows in columns, and problems as sentences."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from junheng.tables import Sheet

Severity = Literal["error", "warning"]
Value = str | int | float | bool | date | tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Problem:
    """问题: one thing that is wrong in a file, where it is, what was found and what to do.

    `row` is the row as Excel numbers it, 0 when the whole sheet (or file) is meant; `column` the agreed heading, "" when
    the whole row is meant. `found` is the text of the value; it may be personal data. `message` is Chinese and says what
    is wrong and what to do. `code` is a short stable English word for tests, never shown. `file`, `tab` and `letter`
    (the column's letter in that file) say where the cell is, so that it can be coloured.
    """

    sheet: str
    row: int
    column: str
    found: str
    message: str
    severity: Severity
    code: str
    file: str = ""
    tab: str = ""
    letter: str = ""

    def sentence(self) -> str:
        """The whole sentence: `学校 第2行“在校生数”：“九百”不是整数，请改成数字，例如 900`."""
        place = self.sheet or self.file
        if self.row:
            place += f" 第{self.row}行"
        if self.column:
            place += f"“{self.column}”" if self.row else f"“{self.column}”列"
        return f"{place}：{self.message}" if place else self.message

    @property
    def cell(self) -> str:
        """`C2`, or "" when no single cell is meant."""
        return f"{self.letter}{self.row}" if self.letter and self.row else ""


@dataclass(frozen=True, slots=True)
class Origin:
    """来处: one worksheet that fed a register, and how many of the rows came from it.

    `heading_row` is numbered as Excel does; `letters` gives the column letter of each agreed column found.
    """

    file: str
    tab: str
    rows: int
    heading_row: int
    letters: dict[str, str]


@dataclass(slots=True)
class SheetRows:
    """一张表的各行: the rows of one register, column by column.

    `columns` holds every agreed column, also those absent from the file (all None); all lists are equally long. Values
    are typed: text, school_code, id_number, enrolment_number, phone → str; integer, year → int; decimal → float;
    date, month → date; flag → bool; areas → tuple of floats; code → the code. A blank, and a value that could not be
    read, is None. `row_numbers` are Excel's; with several files the same number occurs again, so `rejected` holds
    positions (0, 1, …) of rows that have an error. `row_ids` are the 行标识 of a downloaded sheet, None elsewhere.
    `present` names the columns that at least one of the files has. `origins` are in row order.
    """

    sheet: Sheet
    columns: dict[str, list[Value]]
    row_numbers: list[int]
    row_ids: list[str | None]
    present: frozenset[str]
    rejected: frozenset[int] = frozenset()
    origins: list[Origin] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.row_numbers)

    @property
    def rejected_rows(self) -> list[int]:
        """The Excel row numbers that have an error, in order."""
        return [self.row_numbers[position] for position in sorted(self.rejected)]

    def rows(self, *, rejected: bool = False) -> Iterator[dict[str, Value]]:
        """Each row as {column name: value}; rows with an error are left out unless asked for."""
        names = list(self.columns)
        for position, values in enumerate(zip(*self.columns.values(), strict=True)):
            if rejected or position not in self.rejected:
                yield dict(zip(names, values, strict=True))

    def origin(self, position: int) -> Origin:
        """The worksheet that the row at `position` came from. IndexError when there is no such row."""
        for origin in self.origins:
            if position < origin.rows:
                return origin
            position -= origin.rows
        raise IndexError(position)


@dataclass(slots=True)
class Reading:
    """一次读取: all registers found in the files, all problems, and the files' names.

    `sheets` is keyed by `Sheet.name`. `sha256` is of the file's bytes (several files: of their digests in order).
    Problems come in the order file, sheet, row, column.
    """

    sheets: dict[str, SheetRows]
    problems: list[Problem]
    sha256: str
    files: tuple[str, ...]

    @property
    def errors(self) -> list[Problem]:
        """The problems that keep a row from being imported."""
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def warnings(self) -> list[Problem]:
        """The problems to look at that keep nothing from being imported."""
        return [problem for problem in self.problems if problem.severity == "warning"]
