"""拆分单元格: cells that hold several values (王伟；李梅) → the first, second, … of each."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from junheng.matching.cells import PADDING, Cells, Places, cells

_SEPARATORS = ";；、,，/|\n"
_MARK: Final = np.zeros(256, np.bool_)
_MARK[[ord(sign) for sign in _SEPARATORS if sign.isascii()]] = True
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
            keep = ~strange[at]
            if keep.any():
                found[place].append((rows[at[keep]], part.rows(np.flatnonzero(keep))))
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
    raw = column.window(int(size.max()) + 2)
    inside = np.arange(raw.shape[1]) < size[:, None]
    mark = _MARK[raw] & inside
    wide = np.zeros_like(mark)
    # ；and ，are EF BC 9B and EF BC 8C, 、is E3 80 81.
    wide[:, :-2] = (raw[:, :-2] == 0xEF) & (raw[:, 1:-1] == 0xBC)
    wide[:, :-2] &= (raw[:, 2:] == 0x9B) | (raw[:, 2:] == 0x8C)
    wide[:, :-2] |= (raw[:, :-2] == 0xE3) & (raw[:, 1:-1] == 0x80) & (raw[:, 2:] == 0x81)
    wide &= inside
    mark |= wide
    strange = np.zeros(len(column), np.bool_)
    found: list[Part] = []
    at = np.arange(len(column))
    start = np.zeros(len(column), np.int64)
    for _ in range(width):
        ahead = mark[at] & (np.arange(raw.shape[1]) >= start[:, None])
        more = ahead.any(1)
        end = np.where(more, ahead.argmax(1), size[at])
        part = Cells(
            column.data, (column.start[at] + start).astype(np.int32), (end - start).astype(np.int32)
        ).stripped()
        strange[at[part.size == 0]] = True
        found.append((at, part))
        step = np.where(wide[at, np.minimum(end, raw.shape[1] - 1)], 3, 1)
        at, start = at[more], (end + step)[more]
    return found, strange


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
