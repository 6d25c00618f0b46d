"""大的 CSV: a register of a county or a region with the agreed headings → columns that never stand in memory as strings.

A file without quotation marks is cut at its delimiters; any other, and one whose rows are not equally long, is first put into that shape by
the table engine.
"""

import codecs
import csv
from dataclasses import dataclass
from functools import partial
from io import StringIO
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from junheng.intake.safety import Refused
from junheng.matching.cells import PADDING, Bytes, Cells
from junheng.matching.registers import HEADINGS
from junheng.matching.sheet import EXTRA, ROLL
from junheng.matching.together import together

MAX_LARGE: Final = 2 << 30
_PART = 1 << 24  # bytes looked at together
_CHUNK = 1 << 20  # bytes decoded together
_UNIT = "\x1f"  # the delimiter of what the table engine writes
_NEWLINE: Final = 10


@dataclass(frozen=True, slots=True)
class Plain:
    """A CSV whose first line holds the agreed headings themselves: encoding, delimiter and all headings in order."""

    encoding: str
    delimiter: str
    headings: tuple[str, ...]

    @property
    def columns(self) -> dict[str, int]:
        """{column: its place} of the headings that are known."""
        agreed = {heading: name for name, heading in chain(HEADINGS.items(), EXTRA.items())}
        agreed |= dict.fromkeys(ROLL.by_name["address"].synonyms, "address")
        found: dict[str, int] = {}
        for place, heading in enumerate(self.headings):
            if heading in agreed:
                found.setdefault(agreed[heading], place)
        return found


class Unreadable(Exception):
    """The table engine cannot make rows of it either."""


def plain_csv(path: Path) -> Plain | None:
    """What the first line says; None when the file is none of this kind."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head[:4] == b"PK\x03\x04" or b"\0" in head:
        return None
    line = head.split(b"\n")[0]
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = line.decode(encoding).strip("\r\n ")
        except UnicodeDecodeError:
            continue
        delimiter = max(",\t;", key=text.count)
        headings = [cell.strip() for cell in next(csv.reader(StringIO(text), delimiter=delimiter), [])]
        if {"行号", "姓名"} <= set(headings) and len(set(headings)) == len(headings):
            return Plain(encoding, delimiter, tuple(headings))
    return None


def read_plain(path: Path, plain: Plain) -> dict[str, Cells]:
    """{column: cells} of its rows. Refused when it is too large or in no known encoding; Unreadable when there is no making rows of it."""
    if path.stat().st_size > MAX_LARGE:
        raise Refused("too_large", f"文件超过 {MAX_LARGE >> 30} GB；请按县区拆成几个文件")
    with TemporaryDirectory() as folder:
        source, data = path, _padded(path)
        if plain.encoding == "gb18030" or not _is_utf8(data):
            source = Path(folder) / "converted.csv"
            del data
            _convert(path, source)
            data = _padded(source)
        found = None if _has(data, ord('"')) else _cut(data, plain.delimiter, len(plain.headings))
        if found is None:
            del data
            data = _padded(_reshaped(source, plain, Path(folder) / "plain.csv"))
            found = _cut(data, _UNIT, len(plain.headings))
            if found is None:
                raise Unreadable
        start, end = found

    def column(place: int) -> Cells:
        first = start[1:, place].copy()
        return Cells(data, first, end[1:, place] - first).stripped()

    columns = plain.columns
    return dict(zip(columns, together([partial(column, place) for place in columns.values()]), strict=True))


def _padded(path: Path) -> Bytes:
    """The bytes of the file, a newline at the end at least, and PADDING zeros."""
    size = path.stat().st_size
    data = np.zeros(size + 1 + PADDING, np.uint8)
    with path.open("rb") as file:
        file.readinto(data[:size].data)
    if size and data[size - 1] == _NEWLINE:
        return data[: size + PADDING]
    data[size] = _NEWLINE
    return data


def _has(data: Bytes, sign: int) -> bool:
    def part(at: int) -> bool:
        return bool((data[at : at + _PART] == sign).any())

    return any(together([partial(part, at) for at in range(0, len(data), _PART)]))


def _cut(data: Bytes, delimiter: str, width: int) -> tuple[NDArray[np.int32], NDArray[np.int32]] | None:
    """(rows, `width`) places where cells begin and end, the headings' row included; None when a row has more or fewer."""
    length, sign = len(data) - PADDING, ord(delimiter)

    def marks(at: int) -> NDArray[np.int32]:
        part = data[at : min(at + _PART, length)]
        return (np.flatnonzero((part == sign) | (part == _NEWLINE)) + at).astype(np.int32)

    end = np.concatenate(together([partial(marks, at) for at in range(0, length, _PART)]))
    if len(end) % width or not len(end):
        return None
    end = end.reshape(-1, width)
    if (data[end[:, -1]] != _NEWLINE).any() or (data[end[:, :-1]] != sign).any():
        return None
    start = np.empty_like(end)
    start.reshape(-1)[1:] = end.reshape(-1)[:-1] + 1
    start[0, 0] = 0
    return start, end


def _reshaped(source: Path, plain: Plain, target: Path) -> Path:
    """The same rows without quotation marks, delimited by a sign that stands in no cell."""
    names = [f"c{place}" for place in range(len(plain.headings))]
    signs = f"chr(10), '；'), chr(13), ''), chr({ord(_UNIT)}), ' '), chr(34), ' ')"
    cells = ", ".join(f"replace(replace(replace(replace({one}, {signs} AS {one}" for one in names)
    # Only slowly does the table engine read rows of unequal length whose cells hold line breaks.
    for at_once in ("true", "false"):
        try:
            with duckdb.connect() as engine:
                engine.execute(
                    f"COPY (SELECT {cells} FROM read_csv(?, header = true, names = ?, all_varchar = true, delim = ?, quote = '\"', escape = '\"', "  # noqa: S608
                    f"null_padding = true, strict_mode = true, max_line_size = 4000000, parallel = {at_once})) "
                    "TO ? (FORMAT csv, HEADER true, DELIMITER ?, QUOTE '', ESCAPE '')",
                    [str(source), names, plain.delimiter, str(target), _UNIT],
                )
            return target
        except duckdb.Error as error:
            failure = error
    raise Unreadable from failure


def _is_utf8(data: Bytes) -> bool:
    at, length = 0, len(data)
    try:
        while at < length:
            # No character is longer than four bytes: what is not used up is less than one.
            _, used = codecs.utf_8_decode(data[at : at + _CHUNK].data, "strict", at + _CHUNK >= length)
            at += used
    except UnicodeDecodeError:
        return False
    return True


def _convert(path: Path, target: Path) -> None:
    try:
        with (
            path.open("r", encoding="gb18030", newline="") as source,
            target.open("w", encoding="utf-8", newline="") as file,
        ):
            while chunk := source.read(1 << 22):
                file.write(chunk)
    except UnicodeDecodeError as error:
        raise Refused(
            "encoding", "文字编码无法识别（既不是 UTF-8 也不是 GB18030）；请另存为“CSV UTF-8”后再试"
        ) from error
