"""拆分单元格: cells that hold several values (王伟；李梅) → the first, second, … of each."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from junheng.matching.cells import PADDING, Cells, Places, cells

_SEPARATORS = ";；、,，/|\n"
_FIRST: Final = np.zeros(256, np.bool_)
_FIRST[[sign.encode()[0] for sign in _SEPARATORS]] = True
_PART = 100_000
_WIDEST = PADDING - 2
# The rows whose cell has such a part, and that part of each; several pieces may make up one place.
Part = tuple[Places, Cells]


def split(column: Cells, width: int) -> list[list[Part]]:
    """For each of `width` places the parts that stand there. Separators repeated, or at an end, divide nothing."""
    found: list[list[Part]] = [[] for _ in range(width)]
    odd: list[Places] = [np.flatnonzero(column.size > _WIDEST)]
    usual = np.flatnonzero((column.size > 0) & (column.size <= _WIDEST))
    for begin in range(0, len(usual), _PART):
        rows = usual[begin : begin + _PART]
        parts, strange = _parts(column.rows(rows), width)
        odd.append(rows[strange])
        for place, (at, part) in enumerate(parts):
            keep = np.flatnonzero(~strange[at])
            if len(keep):
                whole = len(keep) == len(at)
                found[place].append((rows[at], part) if whole else (rows[at[keep]], part.rows(keep)))
    rows = np.concatenate(odd)
    if len(rows):
        each = [_of_text(text or "") for text in column.rows(rows).texts()]
        for place in range(width):
            there = [at for at, parts in enumerate(each) if len(parts) > place]
            if there:
                found[place].append((rows[there], cells([each[at][place] for at in there])))
    return [_in_one(pieces) for pieces in found]


def _parts(column: Cells, width: int) -> tuple[list[Part], NDArray[np.bool_]]:
    """The parts of each cell, and which cells have an empty one and must be looked at singly."""
    size = column.size.astype(np.int64)
    row, place, length = _separators(column, size)
    count = np.bincount(row, minlength=len(column))
    begin = np.cumsum(count) - count
    strange = np.zeros(len(column), np.bool_)
    found: list[Part] = []
    at = np.arange(len(column))
    start = np.zeros(len(column), np.int64)
    for number in range(width):
        more = count[at] > number
        mark = (begin[at] + number)[more]
        end = size[at]
        end[more] = place[mark]
        part = Cells(
            column.data, (column.start[at] + start).astype(np.int32), (end - start).astype(np.int32)
        ).stripped()
        strange[at[part.size == 0]] = True
        found.append((at, part))
        at, start = at[more], place[mark] + length[mark]
    return found, strange


def _separators(column: Cells, size: Places) -> tuple[Places, Places, Places]:
    """Every separator, cell by cell: in which cell it stands, at which byte, and how many bytes it is."""
    raw = column.window(int(size.max()) + 2)
    wide, raw = raw.shape[1], raw.reshape(-1)
    # In text of hanzi few bytes but those of separators may begin one.
    maybe = np.flatnonzero(_FIRST[raw])
    row = maybe // wide
    place = maybe - row * wide
    one, two, three = (
        raw[maybe],
        raw[np.minimum(maybe + 1, len(raw) - 1)],
        raw[np.minimum(maybe + 2, len(raw) - 1)],
    )
    # ；and ，are EF BC 9B and EF BC 8C, 、is E3 80 81.
    long = (one == 0xEF) & (two == 0xBC) & ((three == 0x9B) | (three == 0x8C))
    long |= (one == 0xE3) & (two == 0x80) & (three == 0x81)
    good = np.flatnonzero((place < size[row]) & (long | (one < 0x80)))
    return row[good], place[good], np.where(long[good], 3, 1)


def _of_text(text: str) -> list[str]:
    for sign in _SEPARATORS[1:]:
        text = text.replace(sign, _SEPARATORS[0])
    return [part for piece in text.split(_SEPARATORS[0]) if (part := piece.strip())]


def _in_one(pieces: Sequence[Part]) -> list[Part]:
    """Pieces of one run of bytes put together again."""
    together: dict[int, list[Part]] = {}
    for rows, part in pieces:
        together.setdefault(id(part.data), []).append((rows, part))
    return [
        (
            np.concatenate([rows for rows, _ in group]),
            Cells(
                group[0][1].data,
                np.concatenate([part.start for _, part in group]),
                np.concatenate([part.size for _, part in group]),
            ),
        )
        for group in together.values()
    ]
