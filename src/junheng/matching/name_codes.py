"""姓名编号: cells that hold names → rows of one table of distinct names.

Nearly every name is three hanzi at most and becomes one number without ever being a string; the others are cleaned one by one, each
distinct text once.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from junheng.matching.cells import Cells
from junheng.matching.names import SPECIAL, Names, clean_name, encode, nothing, packed
from junheng.matching.sorting import distinct

_ROLES = re.compile(r"[(（\[【].*?[)）\]】]|^(父亲?|母亲?|祖父|祖母|爷爷|奶奶|监护人|户主)[:：]")
_PART = 250_000  # cells looked at together
_NOT_PLAIN = (0x56D7, 0x67D0)  # 囗 and 某 stand for what is not known


def coded(groups: Sequence[Cells]) -> tuple[Names, list[NDArray[np.int32]]]:
    """The names of several columns: one table, and for each column the row of each cell's name in it (0: none)."""
    special: dict[str, int] = {}
    read: dict[str, int] = {}
    found = [_keys(column, read, special) for column in groups]
    each = [np.unique(keys, return_inverse=True) for keys in found]
    table = distinct(np.concatenate([[0], *(keys for keys, _ in each)]))
    codes = [np.searchsorted(table, keys).astype(np.int32)[back] for keys, back in each]
    return encode(table, list(special)), codes


def _keys(column: Cells, read: dict[str, int], special: dict[str, int]) -> NDArray[np.int64]:
    """The key of each cell's cleaned name."""
    keys = np.zeros(len(column), np.int64)
    for begin in range(0, len(column), _PART):
        part = column[begin : begin + _PART]
        keys[begin : begin + _PART] = _plain(part)
    keys[np.isin(keys, nothing())] = 0
    odd = np.flatnonzero(keys < 0)
    texts, which = column.rows(odd).distinct()
    known = []
    for text in texts:
        if text not in read:
            cleaned = clean_name(text if text.isalpha() else _ROLES.sub("", text))
            read[text] = packed(cleaned) or (
                SPECIAL + special.setdefault(cleaned, len(special)) if cleaned else 0
            )
        known.append(read[text])
    keys[odd] = np.array(known, np.int64)[which]
    return keys


def _plain(column: Cells) -> NDArray[np.int64]:
    """As `names.packed` has them; −1 where the cell is no plain name, 0 where it is empty."""
    raw, size = column.window(9), column.size
    good = (size == 3) | (size == 6) | (size == 9) | (size == 0)
    keys = np.zeros(len(column), np.int64)
    for place, shift in enumerate((32, 16, 0)):
        # What is shifted out on the left is only what marks the first of three bytes.
        one, two, three = (np.ascontiguousarray(raw[:, 3 * place + n]) for n in range(3))
        point = one.astype(np.uint16) << 12 | (two & 63).astype(np.uint16) << 6 | (three & 63)
        hanzi = (one >= 0xE4) & (one <= 0xE9) & (point >= 0x4E00)
        for sign in _NOT_PLAIN:
            hanzi &= point != sign
        here = size > 3 * place
        good &= ~here | hanzi
        keys |= np.where(here, point, 0).astype(np.int64) << shift
    return np.where(good, keys, -1)
