"""文件的原样: bytes → worksheets of raw cells, before anything is understood."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import PurePath

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from junheng.intake.delimited import read_delimited
from junheng.intake.old_excel import inspect_old
from junheng.intake.safety import MAX_FILE, Refused, TabFacts, inspect

Cell = str | int | float | bool | date | datetime | time | timedelta
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(slots=True)
class Tab:
    """工作表: its rows from Excel's row 1 on; each row begins at column `first_column` (0 = A). A blank is "".

    `hidden_rows`: as Excel numbers them. `merges`: first and last (row, column) of each run of merged cells, counted from 0 and from column A.
    """

    name: str
    rows: Callable[[], Iterator[Sequence[Cell]]]
    height: int
    first_column: int = 0
    hidden: bool = False
    formulas: int = 0
    hidden_rows: Set[int] = frozenset()
    merges: Callable[[], Sequence[tuple[tuple[int, int], tuple[int, int]]]] = tuple


def open_tabs(name: str, data: bytes) -> Iterable[Tab]:
    """The worksheets of a file, by what its bytes are and not by its name's ending. Refused with a sentence otherwise."""
    if not data.strip(b"\0 \r\n\t"):
        raise Refused("empty", "文件是空的；请确认选对了文件，填写后重新上传")
    if len(data) > MAX_FILE:
        raise Refused("too_large", f"文件超过 {MAX_FILE >> 20} MB；请按学校拆成几个文件分别上传")
    if data[:4] == b"PK\x03\x04":
        return _workbook(data, inspect(data))
    if data[:8] == _OLE:
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused("password", "文件加了密码，打不开；请取消密码（文件—信息—保护工作簿）后重新上传")
        return _workbook(data, inspect_old(data))
    head = data[:2048].lstrip().lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")) or b"<table" in head:
        raise Refused("html", "这其实是网页，不是 Excel 工作簿；请用 Excel 打开后另存为 .xlsx 再上传")
    if head.startswith(b"<?xml"):
        raise Refused("xml", "这是 XML 表格，不是 Excel 工作簿；请用 Excel 打开后另存为 .xlsx 再上传")
    if data[:5] == b"%PDF-" or (b"\0" in data[:512] and data[:2] not in (b"\xff\xfe", b"\xfe\xff")):
        raise Refused("not_workbook", "这不是 Excel 工作簿，也不是 CSV 文件；请上传 .xlsx、.xls 或 .csv")
    rows = read_delimited(data)
    return [Tab(PurePath(name).stem, lambda: iter(rows), len(rows))]


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever the reader throws at a damaged file becomes a sentence; so does a panic inside it, which is no Exception."""
    try:
        yield
    except PasswordError as error:
        raise Refused("password", "文件加了密码，打不开；请取消密码后重新上传") from error
    except BaseException as error:
        if not isinstance(error, CalamineError | ValueError | OSError | OverflowError) and (
            type(error).__name__ != "PanicException"
        ):
            raise
        raise Refused(
            "corrupt", "文件已损坏，打不开；请用 Excel 打开原文件另存为 .xlsx 后重新上传"
        ) from error


def _workbook(data: bytes, facts: dict[str, TabFacts]) -> Iterator[Tab]:
    with _refusing():
        book: CalamineWorkbook = load_workbook(BytesIO(data))
        metadata = book.sheets_metadata
    for meta in metadata:
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        if meta.visible is not SheetVisibleEnum.Visible:
            yield Tab(meta.name, lambda: iter(()), 0, hidden=True)
            continue
        with _refusing():
            sheet = book.get_sheet_by_name(meta.name)
        start, end = sheet.start, sheet.end
        known = facts.get(meta.name, TabFacts())
        # The reader hands over an error cell as a blank; its place comes from the scan.
        first = start[1] if start else 0
        rows = sheet.iter_rows if start else lambda: iter(())
        yield Tab(
            meta.name,
            _with_errors(rows, known, first),
            end[0] + 1 if end else 0,
            first_column=first,
            formulas=known.formulas,
            hidden_rows=known.hidden_rows,
            merges=lambda sheet=sheet: sheet.merged_cell_ranges or (),  # type: ignore[misc]
        )


def _with_errors(
    rows: Callable[[], Iterator[list[Cell]]], facts: TabFacts, first: int
) -> Callable[[], Iterator[Sequence[Cell]]]:
    if not facts.errors:
        return rows
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in facts.errors.items():
        by_row.setdefault(row, []).append((column - first, text))

    def patched() -> Iterator[Sequence[Cell]]:
        for number, cells in enumerate(rows()):
            for column, text in by_row.get(number, ()):
                if 0 <= column < len(cells):
                    cells[column] = text
            yield cells

    return patched
