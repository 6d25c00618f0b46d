"""单元格 (cells): a column of texts as one run of bytes and where each cell stands in it, so that millions can be looked at at once.

A column of a file is never turned into millions of Python strings; a list of strings becomes such a column in one pass.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, overload

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

PADDING: Final = 128  # bytes after the last cell, so that every window lies inside
_CELL = "\x1e"  # stands in no cell that a spreadsheet can hold
_PART = 250_000  # cells looked at together
_BLANKS = np.zeros(256, np.bool_)
_BLANKS[[9, 10, 11, 12, 13, 32]] = True
_WIDEST = 32  # bytes of a cell that is told from others by its bytes; longer ones by their text

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Cells(Sequence[str | None]):
    """一列单元格: cell n is `size[n]` bytes of UTF-8 from `start[n]` on; an empty cell is None. `data` ends in PADDING zeros."""

    data: Bytes
    start: NDArray[np.int32]
    size: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.start)

    @overload
    def __getitem__(self, row: int) -> str | None: ...
    @overload
    def __getitem__(self, row: slice) -> "Cells": ...
    def __getitem__(self, row: int | slice) -> "str | Cells | None":
        if isinstance(row, slice):
            return Cells(self.data, self.start[row], self.size[row])
        first = int(self.start[row])
        return self.data[first : first + int(self.size[row])].tobytes().decode("utf-8", "replace") or None

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.texts())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and list(self) == list(other)

    def rows(self, chosen: Places) -> "Cells":
        """The cells of these rows."""
        return Cells(self.data, self.start[chosen], self.size[chosen])

    def texts(self) -> list[str | None]:
        """Each cell as a string."""
        data = self.data.data
        return [
            str(data[first : first + size], "utf-8", "replace") if size else None
            for first, size in zip(self.start.tolist(), self.size.tolist(), strict=True)
        ]

    def window(self, width: int) -> Bytes:
        """(rows, `width`) bytes from each cell's start on; what lies beyond the cell is whatever follows it."""
        return np.asarray(sliding_window_view(self.data, width)[self.start])

    def stripped(self) -> "Cells":
        """Without the blanks at both ends."""
        start, size = self.start.copy(), self.size.copy()
        rows = np.flatnonzero((size > 0) & _BLANKS[self.data[start]])
        while len(rows):
            start[rows] += 1
            size[rows] -= 1
            rows = rows[(size[rows] > 0) & _BLANKS[self.data[start[rows]]]]
        rows = np.flatnonzero((size > 0) & _BLANKS[self.data[start + np.maximum(size, 1) - 1]])
        while len(rows):
            size[rows] -= 1
            rows = rows[(size[rows] > 0) & _BLANKS[self.data[start[rows] + np.maximum(size[rows], 1) - 1]]]
        return Cells(self.data, start, size)

    def distinct(self) -> tuple[list[str], NDArray[np.int32]]:
        """The different texts, "" first, and which of them each cell holds."""
        codes = np.zeros(len(self), np.int32)
        texts, place = [""], {"": 0}
        short = (self.size > 0) & (self.size <= _WIDEST)
        for begin in range(0, len(self), _PART):
            rows = np.flatnonzero(short[begin : begin + _PART]) + begin
            if len(rows):
                part = self.rows(rows)
                one, back = _told_apart(part)
                numbers = [
                    place.setdefault(text, len(place)) for text in part.rows(one).texts() if text is not None
                ]
                codes[rows] = np.array(numbers, np.int32)[back]
        rows = np.flatnonzero(self.size > _WIDEST)
        codes[rows] = [place.setdefault(text or "", len(place)) for text in self.rows(rows).texts()]
        texts = list(place)
        return texts, codes

    def equal(self, text: str) -> NDArray[np.bool_]:
        """Which cells hold this text."""
        wanted = np.frombuffer(text.encode(), np.uint8)
        answer = np.asarray(self.size == len(wanted))
        rows = np.flatnonzero(answer)
        answer[rows] = (self.rows(rows).window(len(wanted)) == wanted).all(1)
        return answer

    def same_as(self, other: "Cells") -> NDArray[np.bool_]:
        """Which cells hold the text that stands in the same row of the other column. (Texts longer than _WIDEST never do.)"""
        answer = (self.size == other.size) & (self.size <= _WIDEST)
        rows = np.flatnonzero(answer)
        for begin in range(0, len(rows), _PART):
            here = rows[begin : begin + _PART]
            width = int(self.size[here].max())
            differ = self.rows(here).window(width) != other.rows(here).window(width)
            answer[here] = ~(differ & (np.arange(width) < self.size[here][:, None])).any(1)
        return np.asarray(answer)

    def all_different(self) -> bool:
        """No cell is empty and no two hold the same text. (A text longer than _WIDEST answers no.)"""
        if not len(self) or (self.size == 0).any() or (self.size > _WIDEST).any():
            return not len(self)
        return len(_told_apart(self)[0]) == len(self)


def cells(texts: Sequence[str | None]) -> Cells:
    """单元格 of a list of strings, blanks at both ends taken off."""
    if isinstance(texts, Cells):
        return texts
    there = [text or "" for text in texts]
    joined = _CELL.join(there)
    if joined.count(_CELL) != max(len(there) - 1, 0):
        joined = _CELL.join([text.replace(_CELL, " ") for text in there])
    data = np.frombuffer(joined.encode("utf-8", "replace") + bytes(PADDING), np.uint8)
    ends = np.flatnonzero(data[: len(data) - PADDING] == ord(_CELL)).astype(np.int32)
    last = np.full(min(len(there), 1), len(data) - PADDING, np.int32)
    start = np.concatenate((np.zeros(len(last), np.int32), ends + 1))
    return Cells(data, start, np.concatenate((ends, last)) - start).stripped()


def _told_apart(part: Cells) -> tuple[Places, Places]:
    """Cells of _WIDEST bytes at most → a row of each different one, and which of those each is."""
    width = 8 * -(-int(part.size.max()) // 8)
    raw = part.window(width)
    raw[np.arange(width) >= part.size[:, None]] = 0
    words = raw.view(np.uint64)
    key = words[:, 0].copy()
    with np.errstate(over="ignore"):
        for column in range(1, words.shape[1]):
            key = (key ^ (key >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) + words[:, column]
    each, back = np.unique(key, return_inverse=True)
    # Any row of a text will do, and the last is found without sorting rows that are equal in their order.
    one = np.empty(len(each), np.int64)
    one[back] = np.arange(len(key))
    if words.shape[1] > 1 and (words[one[back]] != words).any():
        _, one, back = np.unique(words, axis=0, return_index=True, return_inverse=True)
    return one, back.reshape(-1)
