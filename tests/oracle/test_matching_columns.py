"""单元格与拆分: columns of bytes say what strings say, cell by cell; a large CSV is read as a small one is."""

import csv
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.intake.safety import Refused
from junheng.matching import large
from junheng.matching.cells import Cells, cells
from junheng.matching.large import Unreadable, plain_csv, read_plain
from junheng.matching.numbers import read_numbers, tail
from junheng.matching.splitting import split

PIECES = (
    "马",
    "王伟",
    "a",
    "·",
    "；",
    ";",
    "、",
    "，",
    ",",
    "/",
    "|",
    " ",
    "\t",
    "０",
    "𠮷",
    "\x1e",
    "某",
    "64039920090304123X" * 2,
)
text = st.one_of(st.none(), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
column = st.lists(text, max_size=12)


def bare(one: str | None) -> str | None:
    return (one or "").replace("\x1e", " ").strip(" \t\n\r\v\f") or None


@settings(max_examples=40, deadline=None)
@given(column, column)
def test_a_column_is_its_texts(one: list[str | None], two: list[str | None]) -> None:
    found, want = cells(one), [bare(cell) for cell in one]
    assert list(found) == want == [found[at] for at in range(len(one))]
    assert found == want
    assert list(found[2:5]) == want[2:5]
    assert list(found.rows(np.arange(len(one))[::-1])) == want[::-1]
    texts, which = found.distinct()
    assert texts[0] == ""
    assert len(set(texts)) == len(texts)
    assert [texts[at] or None for at in which] == want
    for asked in ("马", "王伟a", ""):
        assert found.equal(asked).tolist() == [(cell or "") == asked for cell in want]
    other = (two * (len(one) + 1))[: len(one)] if two else [None] * len(one)
    alike = [
        (a or "") == (b or "") and len((a or "").encode()) <= 32
        for a, b in zip(want, map(bare, other), strict=True)
    ]
    assert found.same_as(cells(other)).tolist() == alike
    if all(len((cell or "").encode()) <= 32 for cell in want):
        assert found.all_different() == (None not in want and len(set(want)) == len(want))


def parts_of(one: str | None) -> list[str]:
    for sign in ";、,，/|\n":
        one = (one or "").replace(sign, "；")
    return [part for piece in (one or "").split("；") if (part := bare(piece))]


@settings(max_examples=60, deadline=None)
@given(column, st.integers(1, 3))
def test_several_values_in_one_cell(one: list[str | None], width: int) -> None:
    found: list[list[str | None]] = [[None] * width for _ in one]
    for place, pieces in enumerate(split(cells(one), width)):
        for rows, part in pieces:
            for row, value in zip(rows.tolist(), part, strict=True):
                assert found[row][place] is None
                found[row][place] = value
    for cell, parts in zip(one, found, strict=True):
        want = parts_of(bare(cell))[:width]
        assert parts == [*want, *[None] * (width - len(want))]


def test_what_stands_at_the_ends_divides_nothing() -> None:
    (first, second) = split(cells(["；王伟；；李梅、", "王伟", None, "、", "王伟,李梅"]), 2)
    assert sorted((row, name) for rows, part in first for row, name in zip(rows.tolist(), part, strict=True)) == [
        (0, "王伟"), (1, "王伟"), (4, "王伟"),
    ]  # fmt: skip
    assert sorted(
        (row, name) for rows, part in second for row, name in zip(rows.tolist(), part, strict=True)
    ) == [(0, "李梅"), (4, "李梅")]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.text("0123456789Xx*", min_size=0, max_size=19), min_size=1, max_size=6),
    st.integers(0, 10),
    st.integers(1, 8),
)
def test_parts_of_numbers(written: list[str], start: int, width: int) -> None:
    """A key for each run of digits: equal for equal digits, 0 where one is not known."""
    digits = read_numbers([*written, *written]).digits
    keys = tail(digits, np.arange(len(digits)), start, start + width).tolist()
    parts = [tuple(row[start : start + width].tolist()) for row in digits]
    for key, part in zip(keys, parts, strict=True):
        assert (key == 0) == (255 in part)
    for one, part in zip(keys, parts, strict=True):
        assert [other == one for other in keys if one and other] == [
            other == part for other, key in zip(parts, keys, strict=True) if one and key
        ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    ("delimiter", "lines"),
    [
        (",", [("1", "马小龙", "河草沟"), ("2", "", " 𠮷 "), ("3", "é a", "")]),
        ("\t", [("1", "马,小龙", "；"), ("2", "李", "b\x1fb")]),
        (",", [("1", "马,小龙", 'a"b'), ("2", "李", ""), ("3", "王\n伟", "c")]),
        (";", [("1", "马;小龙", "甲\n乙"), ("2", "李", "丙")]),
    ],
)
@pytest.mark.parametrize("ended", [True, False])
def test_a_large_file_is_what_the_csv_module_reads(
    tmp_path: Path, encoding: str, delimiter: str, lines: list[tuple[str, str, str]], ended: bool
) -> None:
    written = StringIO()
    csv.writer(written, delimiter=delimiter).writerows([("行号", "姓名", "村"), *lines])
    file = tmp_path / "roll.csv"
    file.write_bytes((written.getvalue() if ended else written.getvalue().rstrip("\r\n")).encode(encoding))
    plain = plain_csv(file)
    assert plain is not None
    found = read_plain(file, plain)
    reshaped = '"' in written.getvalue()

    def shown(cell: str) -> str | None:
        # A line break within a cell divides values; quotation marks mean nothing in a register.
        return bare(cell.replace("\n", "；").replace("\x1f", " ").replace('"', " ") if reshaped else cell)

    assert list(found["line"]) == [line for line, _, _ in lines]
    assert list(found["name"]) == [shown(name) for _, name, _ in lines]
    assert list(found["village"]) == [shown(village) for _, _, village in lines]


def test_large_files_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "roll.csv"
    for content in (
        b"",
        b"PK\x03\x04",
        "姓名,村\n马,一\n".encode(),
        "行号,姓名,姓名\n1,马,马\n".encode(),
        b"\xff\xfe1",
    ):
        file.write_bytes(content)
        assert plain_csv(file) is None
    file.write_bytes("行号,姓名\n1,马\n2,马,龙\n".encode())
    plain = plain_csv(file)
    assert plain is not None
    # What stands beyond the last heading belongs to no column.
    assert list(read_plain(file, plain)["name"]) == ["马", "马"]
    file.write_bytes('行号,姓名\n1,"马\n2,马'.encode())
    with pytest.raises(Unreadable):
        read_plain(file, plain)
    file.write_bytes("行号,姓名\n1,".encode() + b"\xff\xff\n")
    with pytest.raises(Refused, match="编码"):
        read_plain(file, plain)
    monkeypatch.setattr(large, "MAX_LARGE", 10)
    with pytest.raises(Refused, match="拆成"):
        read_plain(file, plain)


def test_characters_cut_by_the_end_of_a_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "_CHUNK", 5)
    monkeypatch.setattr(large, "_PART", 7)
    file = tmp_path / "roll.csv"
    file.write_bytes("行号,姓名\n1,马小龙\n2,𠮷野\n".encode())
    plain = plain_csv(file)
    assert plain is not None
    found = read_plain(file, plain)
    assert isinstance(found["name"], Cells)
    assert list(found["name"]) == ["马小龙", "𠮷野"]
