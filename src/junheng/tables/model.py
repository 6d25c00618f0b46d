"""数据表的约定: what a column and a sheet are. No data is read here; `intake` and `documents` follow this."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "text",  # 文本
    "integer",  # 整数
    "decimal",  # 小数
    "date",  # 日期, held as datetime.date
    "month",  # 年月, held as the first day of the month
    "year",  # 年份
    "flag",  # 是/否
    "code",  # one of a code list; held as the code, shown as its name
    "areas",  # several areas of one sort of room, 平方米, held as a tuple of floats
    "school_code",  # 学校标识码, 10 digits
    "id_number",  # 居民身份证号, 18 characters with check digit
    "enrolment_number",  # 全国学籍号, 19 characters
    "phone",  # 电话
]


@dataclass(frozen=True)
class Column:
    """一列: one agreed column of a sheet.

    `name` is the English identifier used in code and Parquet; `heading` the Excel heading; `synonyms` other headings
    met in practice. `required` means the cell may not be blank. Blank is held as None (未报), never as 0 or "".
    `minimum`/`maximum` bound numbers (inclusive); values outside are errors. `unusual` bounds raise a warning only.
    `sensitive` marks what identifies a person: encrypted at rest, masked on screen, left out of snapshots.
    """

    name: str
    heading: str
    kind: Kind
    meaning: str
    required: bool = False
    codes: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    unusual: tuple[float | None, float | None] = (None, None)
    synonyms: tuple[str, ...] = ()
    sensitive: bool = False
    helper: bool = False  # shown for the reader (学校名称 beside 学校标识码); checked, never stored twice
    example: str = ""


@dataclass(frozen=True)
class Sheet:
    """一张表: its columns in order, and the columns that together name a row (`key`)."""

    name: str
    title: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    synonyms: tuple[str, ...] = ()
    personal: bool = False  # rows are people
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names) or not set(self.key) <= set(names):
            raise ValueError(
                f"sheet {self.name}: a column is named twice or the key is not among the columns"
            )
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns that a register keeps: all but the helpers."""
        return tuple(column for column in self.columns if not column.helper)

    @property
    def plain(self) -> tuple[Column, ...]:
        """The stored columns that identify nobody: what snapshots and measures may hold."""
        return tuple(column for column in self.stored if not column.sensitive)
