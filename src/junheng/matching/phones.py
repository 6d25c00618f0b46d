"""联系电话: telephones as written → numbers that can be compared."""

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

from junheng.matching.cells import Cells

_LONGEST = 12  # digits of a telephone number with its area code
_PART = 250_000  # cells looked at together


def phone_keys(column: Cells) -> NDArray[np.int64]:
    """The number of each cell, 0 where there is none or an invented one."""
    answer = np.zeros(len(column), np.int64)
    for begin in range(0, len(column), _PART):
        part = column[begin : begin + _PART]
        answer[begin : begin + _PART] = _keys(part)
    odd = np.flatnonzero(answer < 0)
    texts, which = column.rows(odd).distinct()
    answer[odd] = np.array([_phone(text) for text in texts], np.int64)[which]
    return answer


def _keys(column: Cells) -> NDArray[np.int64]:
    """Plain digits as a number; −1 for what must be looked at singly."""
    size = column.size
    raw = column.window(_LONGEST) - np.uint8(48)
    plain = (size >= 7) & (size <= _LONGEST)
    value = np.zeros(len(column), np.int64)
    seen = np.zeros(len(column), np.int32)
    for place in range(_LONGEST):
        here, digit = size > place, raw[:, place]
        plain &= ~here | (digit <= 9)
        value = np.where(here, value * 10 + digit, value)
        seen |= np.where(here, 1 << (digit & 15).astype(np.int32), 0)
    value[np.bitwise_count(seen) <= 2] = 0
    return np.where(plain, value, np.where(size == 0, 0, -1))


def _phone(text: str) -> int:
    """A telephone that is not plain digits."""
    bare = re.sub(r"\.0+$", "", unicodedata.normalize("NFKC", text).strip())
    digits = re.sub(r"[^0-9]", "", bare)
    digits = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    return int(digits) if 7 <= len(digits) <= _LONGEST and len(set(digits)) > 2 else 0
