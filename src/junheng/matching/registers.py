"""名册 (register): the columns of two registers as texts → the same as arrays that can be compared.

Both sides are read together, so that equal texts have equal numbers. Everything is done once for each distinct text.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from junheng.matching.births import Births, read_births
from junheng.matching.names import Names, clean_name, encode
from junheng.matching.numbers import ADULT, PARTIAL, PLACEHOLDER, UNKNOWN, VALID, Numbers, read_numbers

Texts = Sequence[str | None]
HEADINGS: Final = {
    "line": "行号", "name": "姓名", "id": "身份证号", "sex": "性别", "born": "出生日期", "county": "县区", "township": "乡镇",
    "village": "村", "guardians": "监护人姓名", "guardian_ids": "监护人身份证号", "phone": "联系电话",
}  # fmt: skip
GUARDIANS, PHONES = 3, 2
_LONGEST = 12  # digits of a telephone number with its area code
_PART = 200_000  # cells looked at together
_SEPARATORS = ";；、,，/|\n"
_CELL = "\x1e"  # stands in no cell that a spreadsheet can hold
_ROLES = re.compile(r"[(（\[【].*?[)）\]】]|^(父亲?|母亲?|祖父|祖母|爷爷|奶奶|监护人|户主)[:：]")
_PLACE_ENDS = re.compile(
    r"(社区居民委员会|社区居委会|居民委员会|村民委员会|居委会|村委会|委会|街道办事处|办事处|管委会|开发区|街道|社区|行政村|自然村"
    r"|民族乡|回族乡|镇|乡|村|县|市|区|旗)$"
)
_FEMALE, _MALE = (
    frozenset(["女", "女性", "2", "F", "f", "female", "女孩", "女生"]),
    frozenset(["男", "男性", "1", "M", "m", "male", "男孩", "男生"]),
)
# A child's own number says a birth this many years from the others'; what lies farther back is a parent's.
_GENERATION = 13


@dataclass(slots=True)
class Register:
    """一份名册. Row `n` of every array is row `n` of the file; codes are shared by both registers compared.

    `name` points into `names`; `guardians` too (−1: none). Places are codes (0: not known), `guardian_ids` and `phones`
    keys (0: none), `sex` 1 male, 2 female, 0 not known. `shared` marks numbers that several different names bear.
    """

    lines: Sequence[str | None]
    names: Names
    name: NDArray[np.int32]
    number: Numbers
    shared: NDArray[np.bool_]
    birth: Births
    sex: NDArray[np.int8]
    county: NDArray[np.int32]
    township: NDArray[np.int32]
    village: NDArray[np.int32]
    guardians: NDArray[np.int32]
    guardian_ids: NDArray[np.int64]
    phones: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.name)


def prepare(left: Mapping[str, Texts], right: Mapping[str, Texts]) -> tuple[Register, Register]:
    """两份名册: {column: texts} of each (the keys of HEADINGS; only `name` must be there, all lists equally long) → registers."""
    sizes = len(left["name"]), len(right["name"])

    def both(column: str) -> list[str | None]:
        answer: list[str | None] = []
        for side, size in zip((left, right), sizes, strict=True):
            answer += side.get(column) or [None] * size
        return answer

    names, name, guardians = _names(both("name"), both("guardians"))
    number = read_numbers(both("id"))
    birth = read_births(both("born"))
    _adults(number, birth, sizes)
    _births_from_numbers(birth, number)
    guardian_ids = _listed(both("guardian_ids"), GUARDIANS, _number_keys)
    phones = _listed(both("phone"), PHONES, _phones)
    sex = _sexes(both("sex"), number)
    county, township, village = _places(both("county"), both("township"), both("village"))
    sides = slice(0, sizes[0]), slice(sizes[0], sum(sizes))
    answer = []
    for side, columns in zip(sides, (left, right), strict=True):
        size = side.stop - side.start
        lines = columns.get("line") or [str(row + 1) for row in range(size)]
        own = number[side]
        shared = _shared(own, names.whole[name[side]])
        answer.append(
            Register(
                lines, names, name[side], own, shared, birth[side], sex[side], county[side], township[side], village[side],
                guardians[side], guardian_ids[side], phones[side],
            )
        )  # fmt: skip
    return answer[0], answer[1]


def _names(written: Texts, guardians: Texts) -> tuple[Names, NDArray[np.int32], NDArray[np.int32]]:
    distinct: dict[str, int] = {"": 0}
    cleaned: dict[str | None, int] = {None: 0, "": 0}

    def codes(texts: Texts) -> NDArray[np.int32]:
        # In the order of the rows, so that the same registers always give the same numbers.
        for text in dict.fromkeys(texts):
            if text and text not in cleaned:
                bare = text if text.isalpha() else _ROLES.sub("", text)
                cleaned[text] = distinct.setdefault(clean_name(bare), len(distinct))
        return np.fromiter(map(cleaned.__getitem__, texts), np.int32, len(texts))

    name = codes(written)
    people = np.full((len(guardians), GUARDIANS), -1, np.int32)
    for place, (rows, parts) in enumerate(_split(guardians, GUARDIANS)):
        people[rows, place] = codes(parts)
    people[people == 0] = -1
    return encode(list(distinct)), name, people


def _adults(number: Numbers, birth: Births, sizes: tuple[int, int]) -> None:
    """监护人的号码填在学生处: by the birth date beside it, or else by the age of all the others."""
    inside = number.year()
    good = (number.kind == VALID) | (number.kind == 2)
    years = np.concatenate((birth.year[birth.given], inside[good & ~birth.given]))
    middle = int(np.median(years[years > 0])) if (years > 0).any() else 2010
    against = np.where(birth.given, birth.year, middle + 1)
    number.kind[good & (inside < against - _GENERATION)] = ADULT
    start = 0
    for size in sizes:
        own = number.key[start : start + size]
        keys, count = np.unique(own[own != 0], return_counts=True)
        # More than a household can have: what stands there was typed to fill the cell.
        often = keys[count > max(12, size // 2000)]
        rows = np.flatnonzero(np.isin(own, often)) + start
        number.kind[rows[number.kind[rows] != ADULT]] = PLACEHOLDER
        _lost_by_luck(number, slice(start, start + size))
        start += size


def _lost_by_luck(number: Numbers, side: slice) -> None:
    """Where Excel has turned the ends of many numbers into 000, one in eleven keeps a right check digit by accident."""
    ends = (number.digits[side, 15:] == 0).all(1) & (number.kind[side] == VALID)
    lost = (
        (number.kind[side] == PARTIAL)
        & (number.digits[side, 14] != UNKNOWN)
        & (number.digits[side, 15] == UNKNOWN)
    )
    if ends.any() and lost.sum() >= 3 * ends.sum():
        rows = np.flatnonzero(ends) + side.start
        number.kind[rows], number.key[rows] = PARTIAL, 0
        number.digits[rows, 15:] = UNKNOWN


def _births_from_numbers(birth: Births, number: Numbers) -> None:
    """Where the register has no birth date, the child's own number tells it."""
    usable = ~birth.given & (number.kind > 0) & ~np.isin(number.kind, (ADULT, PLACEHOLDER, 3))
    year, month, day = number.year(), number.month(), number.day()
    usable &= (year >= 1950) & (year <= 2100)
    birth.year[usable] = year[usable]
    real = usable & (month >= 1) & (month <= 12)
    birth.month[real] = month[real]
    real &= (day >= 1) & (day <= 31)
    birth.day[real] = day[real]


def _shared(number: Numbers, sound: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Rows whose number other rows bear under another name."""
    key = np.where(np.isin(number.kind, (PLACEHOLDER, ADULT)), 0, number.key)
    rows = np.flatnonzero(key)
    order = rows[np.lexsort((sound[rows], key[rows]))]
    same = key[order][1:] == key[order][:-1]
    other = same & (sound[order][1:] != sound[order][:-1])
    mixed = np.unique(key[order][1:][other])
    return np.asarray(np.isin(key, mixed) & (key != 0))


def _sexes(texts: Texts, number: Numbers) -> NDArray[np.int8]:
    known: dict[str | None, int] = {
        text: 2 if text.strip() in _FEMALE else 1 if text.strip() in _MALE else 0
        for text in set(texts)
        if text
    }
    known |= dict.fromkeys((None, ""), 0)
    sex = np.fromiter(map(known.__getitem__, texts), np.int8, len(texts))
    digit = number.digits[:, 16]
    told = (sex == 0) & np.isin(number.kind, (VALID, 2)) & (digit < 10)
    return np.where(told, np.where(digit % 2 == 1, 1, 2), sex).astype(np.int8)


def _listed(texts: Texts, width: int, read: Callable[[list[str]], NDArray[np.int64]]) -> NDArray[np.int64]:
    """Cells that may hold several values → their keys, `width` at most."""
    answer = np.zeros((len(texts), width), np.int64)
    for place, (rows, parts) in enumerate(_split(texts, width)):
        answer[rows, place] = read(parts)
    return answer


def _split(texts: Texts, width: int) -> list[tuple[list[int], list[str]]]:
    """The first, second, … part of each cell that has one: rows and parts."""
    rows = [row for row, text in enumerate(texts) if text]
    # All cells as one text: the separators of millions of cells are found in a few passes.
    joined = _CELL.join([text for text in texts if text])
    mark = _SEPARATORS[0]
    for separator in _SEPARATORS[1:]:
        joined = joined.replace(separator, mark)
    for blanks in (f" {mark}", f"{mark} ", mark * 2):
        while blanks in joined:
            joined = joined.replace(blanks, mark)
    cells = [cell.strip(f"{mark} ") for cell in joined.split(_CELL)] if rows else []
    found = []
    for _ in range(width):
        heads, rest_rows, rest = [], [], []
        for row, cell in zip(rows, cells, strict=True):
            head, _mark, tail = cell.partition(mark)
            heads.append(head)
            if tail:
                rest_rows.append(row)
                rest.append(tail)
        found.append((rows, heads))
        rows, cells = rest_rows, rest
    return found


def _number_keys(texts: list[str]) -> NDArray[np.int64]:
    number = read_numbers(texts)
    return np.where(np.isin(number.kind, (1, 2, 3)), number.key, 0)


def _phones(texts: list[str]) -> NDArray[np.int64]:
    answer = np.zeros(len(texts), np.int64)
    known: dict[str, int] = {}
    for start in range(0, len(texts), _PART):
        part = texts[start : start + _PART]
        signs = np.array(part, f"U{_LONGEST + 1}").view(np.uint32).reshape(len(part), _LONGEST + 1)
        digit, end = (signs >= 48) & (signs <= 57), signs == 0
        size = digit.sum(1)
        plain = ((digit | end).all(1)) & (size >= 7) & (size <= _LONGEST)
        value = np.zeros(len(part), np.int64)
        seen = np.zeros(len(part), np.int64)
        for column in range(_LONGEST):
            here, one = digit[:, column], signs[:, column].astype(np.int64) - 48
            value = np.where(here, value * 10 + one, value)
            seen |= np.where(here, 1 << (one & 15), 0)
        answer[start : start + len(part)] = np.where(plain & (np.bitwise_count(seen) > 2), value, 0)
        for row in np.flatnonzero(~plain).tolist():
            text = part[row]
            if text not in known:
                known[text] = _phone(text)
            answer[start + row] = known[text]
    return answer


def _phone(text: str) -> int:
    """A telephone that is not plain digits."""
    digits = _digits(text)
    digits = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    return int(digits) if 7 <= len(digits) <= _LONGEST and len(set(digits)) > 2 else 0


def _digits(text: str) -> str:
    bare = re.sub(r"\.0+$", "", unicodedata.normalize("NFKC", text).strip())
    return re.sub(r"\D", "", bare)


def place_stem(text: str) -> str:
    """地名: 丁塘镇、丁塘, 丁塘村委会 → 丁塘; two characters at least are kept."""
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    while (short := _PLACE_ENDS.sub("", bare)) != bare and len(short) >= 2:
        bare = short
    return bare


def _places(counties: Texts, townships: Texts, villages: Texts) -> tuple[NDArray[np.int32], ...]:
    """Codes by stem; where a cell repeats what stands above it (同心县丁塘镇), that is taken off."""
    answer = []
    above: list[list[str]] = []
    for texts in (counties, townships, villages):
        distinct: dict[str, int] = {"": 0}
        starts = sorted({stem for stems in above for stem in stems if len(stem) > 1}, key=len, reverse=True)
        known: dict[str | None, int] = {None: 0, "": 0}
        for text in set(texts):
            if text:
                stem = place_stem(_without(text, starts))
                known[text] = distinct.setdefault(stem, len(distinct))
        answer.append(np.fromiter(map(known.__getitem__, texts), np.int32, len(texts)))
        above.append(list(distinct))
    return tuple(answer)


def _without(text: str, starts: list[str]) -> str:
    """The part after the county or township it begins with."""
    bare = re.sub(r"\s", "", text)
    for _ in range(3):
        start = next((stem for stem in starts if bare.startswith(stem) and len(bare) > len(stem) + 2), "")
        if not start:
            break
        rest = re.sub(r"^(街道办事处|街道|民族乡|县|市|区|镇|乡)", "", bare[len(start) :])
        if rest == bare[len(start) :] or len(rest) < 2:
            break
        bare = rest
    return bare
