"""证件号码: ID numbers as they stand in registers → eighteen digits, how many of them are known, and what is wrong with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from junheng.intake.cells import narrow
from junheng.matching.cells import Cells, cells

MISSING: Final = 0
VALID: Final = 1
BAD_CHECK: Final = 2  # 校验码不符
BAD_DATE: Final = 3  # 第7至14位不是日期
PARTIAL: Final = 4  # the last digits lost in Excel, or masked
ADULT: Final = 5  # an adult's number in a child's place
PLACEHOLDER: Final = 6  # 111111…, the same number for very many
WRONG_LENGTH: Final = 7

UNKNOWN: Final = 255
_LATEST: Final = "30"
_PART: Final = 100_000  # cells looked at together
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = np.array((1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2), np.uint8)
_DAYS = np.array((0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31))
_CARD = re.compile(r"\d{6}(19|20)\d{9}[\dX][1-7][1-4]")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+?(1[4-9])")
_LOOKALIKE = str.maketrans({"×": "X", "Х": "X", "х": "X", "✕": "X", "O": "0", "L": "1", "I": "1"})


@dataclass(slots=True)
class Numbers:
    """号码: `digits` (n, 18), 10 for X and 255 where unknown; `kind`; `key` tells equal complete numbers (0: none).

    For a number of the wrong length `digits` holds its first 18 and `size` its length.
    """

    digits: NDArray[np.uint8]
    kind: NDArray[np.int8]
    key: NDArray[np.int64]
    size: NDArray[np.int8]

    def __getitem__(self, rows: slice) -> "Numbers":
        """The same arrays looked at in part."""
        return Numbers(self.digits[rows], self.kind[rows], self.key[rows], self.size[rows])

    def born(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int16]]:
        """Year, month and day of birth inside the numbers of these rows, each 0 where it is not known."""
        return self._of(rows, 6, 4), self._of(rows, 10, 2), self._of(rows, 12, 2)

    def year(self) -> NDArray[np.int16]:
        """The year of birth inside each number, 0 where it is not known."""
        return self._of(np.arange(len(self.kind)), 6, 4)

    def _of(self, rows: NDArray[np.int64], start: int, width: int) -> NDArray[np.int16]:
        value, known = np.zeros(len(rows), np.int16), np.ones(len(rows), np.bool_)
        for place in range(start, start + width):
            digit = self.digits[rows, place]
            known &= digit <= 9
            value = value * 10 + digit.astype(np.int16)
        return np.where(known, value, 0).astype(np.int16)


def check_digits(digits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """校验码 of each row's first 17 digits (10 for X)."""
    return np.asarray(_CHECKS[(digits[:, :17].astype(np.int64) @ np.array(_WEIGHTS)) % 11])


def read_numbers(texts: Sequence[str | None]) -> Numbers:
    """证件号 as written → numbers. Nothing is guessed: unknown digits stay unknown."""
    column, count = cells(texts), len(texts)
    answer = Numbers(
        np.full((count, 18), UNKNOWN, np.uint8), np.zeros(count, np.int8), np.zeros(count, np.int64), np.zeros(count, np.int8)
    )  # fmt: skip
    known: dict[str, tuple[list[int], int, int]] = {}
    for start in range(0, count, _PART):
        _read(column[start : start + _PART], answer[start : start + _PART], known)
    return answer


def _read(column: Cells, answer: Numbers, known: dict[str, tuple[list[int], int, int]]) -> None:
    """Fills `answer`; `known` remembers what odd texts were read as."""
    digits, kind, size = answer.digits, answer.kind, answer.size
    # Digit by digit for all rows at once, which is many times faster than row by row.
    across = np.ascontiguousarray(column.window(18).T) - np.uint8(48)
    is_x = (across[17] == 40) | (across[17] == 72)
    across[across > 9] = UNKNOWN
    across[17, is_x] = 10
    good = (column.size == 18) & (across.max(0) != UNKNOWN)
    digits[:] = across.T
    size[good], kind[good] = 18, WRONG_LENGTH
    odd = np.flatnonzero(~good)
    digits[odd] = UNKNOWN
    for row, text in zip(odd.tolist(), column.rows(odd).texts(), strict=True):
        if text is None:
            continue
        if text not in known:
            known[text] = _odd(text)
        digits[row], kind[row], size[row] = known[text]
    across[:, odd] = digits[odd].T
    full = (size == 18) & (across.max(0) != UNKNOWN)
    kind[full] = _kinds(across)[full]
    lost = full & (kind == PARTIAL)
    digits[lost, 15:] = UNKNOWN
    digits[lost & (across[14] == 0), 14] = UNKNOWN  # 0000 in place of the last four
    key = _base_eleven(np.where(across == UNKNOWN, 0, across)) + 1
    complete = (full & ~lost) | (kind == WRONG_LENGTH)
    answer.key[:] = np.where(complete, np.where(size == 18, key, -key), 0)


def _kinds(across: NDArray[np.uint8]) -> NDArray[np.int8]:
    """Of complete numbers; for others it says nothing."""
    digit = across.astype(np.int16)
    year = ((digit[6] * 10 + digit[7]) * 10 + digit[8]) * 10 + digit[9]
    month, day = digit[10] * 10 + digit[11], digit[12] * 10 + digit[13]
    check = sum(digit[place] * weight for place, weight in enumerate(_WEIGHTS))
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    inside = (month >= 1) & (month <= 12)
    last = _DAYS[np.where(inside, month, 0)] - ((month == 2) & ~leap)
    dated = inside & (day >= 1) & (day <= last) & (year >= 1900) & (year <= 2100) & (across[13] != 10)
    right = _CHECKS[check % 11] == across[17]
    kind = np.where(right & dated, VALID, np.where(dated, BAD_CHECK, BAD_DATE)).astype(np.int8)
    kind[(kind == BAD_CHECK) & (across[15:] == 0).all(0)] = PARTIAL
    steps = across[1:17] - across[:16]  # modulo 256
    same = (steps == 0).sum(0, np.uint8) >= 14
    rising = ((steps == 1) | (steps == 247)).sum(0, np.uint8) >= 14
    kind[same | rising | (across[6:] == 0).all(0)] = PLACEHOLDER
    return kind


def _odd(text: str) -> tuple[list[int], int, int]:
    """A number that is not eighteen plain characters."""
    bare = re.sub(r"[\s'’‘`\"=，,。;；\-—–/]", "", narrow(text)).upper().translate(_LOOKALIKE)
    bare = re.sub(r"\.0+$", "", bare)
    none = [UNKNOWN] * 18
    if found := _SCIENTIFIC.fullmatch(bare):
        shown = (found[1] + (found[2] or ""))[:15]
        if found[3] != "17":
            return none, MISSING, 0
        # Sixteen digits and more are a float written out; what Excel shows in full has its closing zeros cut off.
        shown = shown.ljust(15, "0") if len(shown) >= 12 else shown
        return [int(digit) for digit in shown] + [UNKNOWN] * (18 - len(shown)), PARTIAL, 18
    bare = re.sub(r"B[0-9]?$", "", bare)
    bare = re.sub(r"[^0-9X*?#]", "", bare[1:] if bare[:1] in "GJ" and len(bare) == 19 else bare)
    # 残疾人证号: the ID number, a digit for the kind and one for the grade, and after a reissue a letter and a digit.
    bare = bare[:18] if len(bare) == 20 and _CARD.fullmatch(bare) else bare
    masked = re.sub(r"[*?#]", "*", bare)
    if "*" in masked:
        if len(masked) != 18 or masked.strip("*") == "":
            return none, MISSING, 0
        return [_digit(sign) for sign in masked], PARTIAL, 18
    if len(set(bare)) <= 2 and len(bare) >= 8:
        return none, PLACEHOLDER, len(bare)
    # Fifteen digits with a century among them are the beginning of eighteen; the old numbers had none.
    if len(bare) == 15 and bare.isdecimal() and bare[6:8] not in ("19", "20"):
        century = "20" if bare[6:8] <= _LATEST else "19"  # nobody in these registers is a hundred years old
        first = [int(digit) for digit in bare[:6] + century + bare[6:]]
        check = check_digits(np.array([[*first, 0]], np.uint8))[0]
        return [*first, int(check)], WRONG_LENGTH, 18
    if not 12 <= len(bare) <= 20:
        return none, MISSING, 0
    if len(bare) == 12 and _is_birth(bare[:8]):  # without the six digits of the area
        return [UNKNOWN] * 6 + [_digit(sign) for sign in bare], PARTIAL, 18
    if len(bare) == 16 and bare[6:8] not in ("19", "20"):  # without the century
        whole = bare[:6] + ("20" if bare[6:8] <= _LATEST else "19") + bare[6:]
        digits = [_digit(sign) for sign in whole]
        if (
            UNKNOWN not in digits
            and _is_birth(whole[6:14])
            and check_digits(np.array([digits]))[0] == digits[17]
        ):
            return digits, WRONG_LENGTH, 18
    return [_digit(sign) for sign in bare[:18].ljust(18, "*")], WRONG_LENGTH, len(bare)


def _is_birth(text: str) -> bool:
    """Eight digits that are a day of this century or the last."""
    if not (text.isdecimal() and text[:2] in ("19", "20")):
        return False
    month, day = int(text[4:6]), int(text[6:])
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month]


def _digit(sign: str) -> int:
    return UNKNOWN if sign == "*" else 10 if sign == "X" else int(sign)


def _base_eleven(across: NDArray[np.uint8]) -> NDArray[np.int64]:
    key = np.zeros(across.shape[1], np.int64)
    for digit in across:
        key *= 11
        key += digit
    return key


def digit_of(key: NDArray[np.int64], place: int) -> NDArray[np.int64]:
    """One digit of each complete number, told from its key."""
    return np.asarray((key - 1) // 11 ** (17 - place) % 11)


def year_of(key: NDArray[np.int64]) -> NDArray[np.int64]:
    """The year of birth inside each complete number, told from its key."""
    return np.asarray(sum(digit_of(key, place) * 10 ** (9 - place) for place in range(6, 10)))


def tail(digits: NDArray[np.uint8], rows: NDArray[np.int64], start: int, stop: int) -> NDArray[np.int64]:
    """For each of `rows` a number made of its digits from `start` to `stop`, plus 1; 0 where one of them is unknown."""
    answer = np.empty(len(rows), np.int64)
    for begin in range(0, len(rows), _PART):
        here = slice(begin, begin + _PART)
        across = np.ascontiguousarray(digits[rows[here], start:stop].T)
        answer[here] = np.where(across.max(0) == UNKNOWN, 0, _base_eleven(across) + 1)
    return answer
