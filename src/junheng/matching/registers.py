"""名册 (register): the columns of two registers as texts → the same as arrays that can be compared.

Both sides are read together, so that equal texts have equal numbers. Everything is done once for each distinct text.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from junheng.matching.births import Births, read_births
from junheng.matching.cells import Cells, cells
from junheng.matching.compare_births import born_levels
from junheng.matching.levels import BORN
from junheng.matching.name_codes import coded
from junheng.matching.names import Names
from junheng.matching.numbers import (
    ADULT,
    BAD_CHECK,
    BAD_DATE,
    PARTIAL,
    PLACEHOLDER,
    UNKNOWN,
    VALID,
    Numbers,
    read_numbers,
)
from junheng.matching.phones import phone_keys
from junheng.matching.places import codes_of_places
from junheng.matching.splitting import split

Texts = Sequence[str | None]
HEADINGS: Final = {
    "line": "行号", "name": "姓名", "id": "身份证号", "sex": "性别", "born": "出生日期", "county": "县区", "township": "乡镇",
    "village": "村", "guardians": "监护人姓名", "guardian_ids": "监护人身份证号", "phone": "联系电话",
}  # fmt: skip
GUARDIANS, PHONES = 3, 2
_THREADS = 2
_FEMALE, _MALE = (
    frozenset(["女", "女性", "2", "F", "f", "female", "女孩", "女生"]),
    frozenset(["男", "男性", "1", "M", "m", "male", "男孩", "男生"]),
)
_ANOTHER_BIRTH = [BORN.index(word) for word in ("year_same", "near", "far")]
# A child's own number says a birth this many years from the others'; what lies farther back is a parent's.
_GENERATION = 13
_CHILDREN = 8
_Code = TypeVar("_Code", np.int32, np.int64)


@dataclass(slots=True)
class Register:
    """一份名册. Row `n` of every array is row `n` of the file; codes are shared by both registers compared.

    `name` points into `names`; `guardians` too (−1: none). Places are codes (0: not known), `guardian_ids` and `phones`
    keys (0: none), `sex` 1 male, 2 female, 0 not known. `shared` marks numbers that several different names bear, `odd` numbers
    of another birth than the one written beside them; `guardian_bearers` says for each row of `names` how often it stands among the guardians,
    `surname_bearers` how many of the children bear its surname by ear.
    """

    lines: Sequence[str | None]
    names: Names
    name: NDArray[np.int32]
    number: Numbers
    shared: NDArray[np.bool_]
    odd: NDArray[np.bool_]
    birth: Births
    sex: NDArray[np.int8]
    county: NDArray[np.int32]
    township: NDArray[np.int32]
    village: NDArray[np.int32]
    guardians: NDArray[np.int32]
    guardian_ids: NDArray[np.int64]
    phones: NDArray[np.int64]
    guardian_bearers: NDArray[np.int32]
    surname_bearers: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.name)


def prepare(left: Mapping[str, Texts], right: Mapping[str, Texts]) -> tuple[Register, Register]:
    """两份名册: {column: texts} of each (the keys of HEADINGS; only `name` must be there, all lists equally long) → registers."""
    sizes = len(left["name"]), len(right["name"])
    sides = left, right

    def column(name: str) -> tuple[Cells, Cells]:
        one, two = (cells(side.get(name) or [None] * size) for side, size in zip(sides, sizes, strict=True))
        return one, two

    # The array functions let go of the interpreter, so threads do use more than one processor.
    with ThreadPoolExecutor(min(_THREADS, cpu_count() or 1)) as pool:
        named = pool.submit(lambda: _names(column("name"), column("guardians")))
        numbered = pool.submit(lambda: _both(read_numbers, column("id")))
        ids = pool.submit(lambda: [_listed(one, GUARDIANS, _number_keys) for one in column("guardian_ids")])
        called = pool.submit(lambda: [_listed(one, PHONES, phone_keys) for one in column("phone")])
        placed = pool.submit(
            lambda: codes_of_places(*(column(name) for name in ("county", "township", "village")))
        )
        births = [read_births(one) for one in column("born")]
        sexes = [_sexes(one) for one in column("sex")]
        number = numbered.result()
        _adults(number, births)
        names, name, guardians = named.result()
        guardians = _used(guardians, -1)
        guardian_ids, phones = _used(ids.result(), 0), _used([_at_home(one) for one in called.result()], 0)
        county, township, village = placed.result()
        answer = []
        _, surname = np.unique(names.surname, return_inverse=True)
        for at, (side, size) in enumerate(zip(sides, sizes, strict=True)):
            odd = _odd(births[at], number[at])
            _births_from_numbers(births[at], number[at])
            answer.append(
                Register(
                    side.get("line") or [str(row + 1) for row in range(size)], names, name[at], number[at],
                    _shared(number[at], names.whole[name[at]]), odd, births[at], _told_by_number(sexes[at], number[at]),
                    county[at], township[at], village[at], guardians[at], guardian_ids[at], phones[at],
                    np.bincount(guardians[at][guardians[at] >= 0], minlength=len(names)).astype(np.int32),
                    np.bincount(surname[name[at]], minlength=len(names))[surname].astype(np.int32),
                )
            )  # fmt: skip
    return answer[0], answer[1]


def _used(tables: Sequence[NDArray[_Code]], none: int) -> list[NDArray[_Code]]:
    """Both sides without the last places that neither uses; one is always left."""
    width = max(int(np.flatnonzero((table != none).any(0)).max(initial=0)) + 1 for table in tables)
    return [np.ascontiguousarray(table[:, :width]) for table in tables]


def _both(read: Callable[[Cells], Numbers], columns: Sequence[Cells]) -> list[Numbers]:
    return [read(column) for column in columns]


def _names(
    written: Sequence[Cells], guardians: Sequence[Cells]
) -> tuple[Names, list[NDArray[np.int32]], list[NDArray[np.int32]]]:
    """The table of names, and each side's rows of it: of the children, and of their guardians (−1: none)."""
    parts = [
        (side, place, rows, part)
        for side, column in enumerate(guardians)
        for place, pieces in enumerate(split(column, GUARDIANS))
        for rows, part in pieces
    ]
    names, codes = coded([*written, *(part for *_, part in parts)])
    people = [np.full((len(column), GUARDIANS), -1, np.int32) for column in guardians]
    for (side, place, rows, _), code in zip(parts, codes[2:], strict=True):
        people[side][rows, place] = np.where(code == 0, -1, code)
    return names, codes[:2], people


def _adults(numbers: Sequence[Numbers], births: Sequence[Births]) -> None:
    """监护人的号码填在学生处: by the birth date beside it, or else by the age of all the others."""
    inside = [number.year() for number in numbers]
    good = [(number.kind == VALID) | (number.kind == BAD_CHECK) for number in numbers]
    years = np.concatenate(
        [birth.year[birth.given] for birth in births]
        + [year[own & ~birth.given] for year, own, birth in zip(inside, good, births, strict=True)]
    )
    middle = int(np.median(years[years > 0])) if (years > 0).any() else 2010
    for number, birth, year, own in zip(numbers, births, inside, good, strict=True):
        # A birth date that nobody of this register could have says nothing against a number that a child could have.
        against = np.minimum(np.where(birth.given, birth.year, middle + 1), middle + 2)
        number.kind[own & (year < against - _GENERATION)] = ADULT
        keys, count = np.unique(number.key[number.key != 0], return_counts=True)
        # More than a household can have: what stands there was typed to fill the cell.
        often = keys[count > max(12, len(number.key) // 2000)]
        rows = np.flatnonzero(np.isin(number.key, often))
        number.kind[rows[number.kind[rows] != ADULT]] = PLACEHOLDER
        _lost_by_luck(number)


def _lost_by_luck(number: Numbers) -> None:
    """Where Excel has turned the ends of many numbers into 000, one in eleven keeps a right check digit by accident."""
    ends = (number.kind == VALID) & (number.digits[:, 15] == 0) & (number.digits[:, 16] == 0)
    ends &= number.digits[:, 17] == 0
    lost = (number.kind == PARTIAL) & (number.digits[:, 13] != UNKNOWN) & (number.digits[:, 15] == UNKNOWN)
    if ends.any() and lost.sum() >= 3 * ends.sum():
        rows = np.flatnonzero(ends)
        number.kind[rows], number.key[rows] = PARTIAL, 0
        number.digits[rows, 15:] = UNKNOWN


def _odd(birth: Births, number: Numbers) -> NDArray[np.bool_]:
    """号码与出生日期不符: not one slip away but another birth: mostly a brother's or sister's number in the child's place."""
    rows = np.flatnonzero(
        birth.given & (birth.month > 0) & (birth.day > 0) & np.isin(number.kind, (VALID, BAD_CHECK))
    )
    year, month, day = number.born(rows)
    differ = (birth.year[rows] != year) | (birth.month[rows] != month) | (birth.day[rows] != day)
    rows = rows[differ]
    level = born_levels(
        (birth.year[rows], birth.month[rows], birth.day[rows]), (year[differ], month[differ], day[differ])
    )
    answer = np.zeros(len(number.kind), np.bool_)
    answer[rows] = np.isin(level, _ANOTHER_BIRTH)
    return answer


def _births_from_numbers(birth: Births, number: Numbers) -> None:
    """Where the register has no birth date, the child's own number tells it."""
    usable = ~birth.given & (number.kind > 0) & ~np.isin(number.kind, (ADULT, PLACEHOLDER, BAD_DATE))
    rows = np.flatnonzero(usable)
    year, month, day = number.born(rows)
    real = (year >= 1950) & (year <= 2100)
    birth.year[rows[real]] = year[real]
    real &= (month >= 1) & (month <= 12)
    birth.month[rows[real]] = month[real]
    real &= (day >= 1) & (day <= 31)
    birth.day[rows[real]] = day[real]


def _shared(number: Numbers, sound: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Rows whose number other rows bear under another name."""
    key = np.where(np.isin(number.kind, (PLACEHOLDER, ADULT)), 0, number.key)
    ordered = np.sort(key)
    twice = ordered[1:][(ordered[1:] == ordered[:-1]) & (ordered[1:] != 0)]
    rows = np.flatnonzero(np.isin(key, twice))
    order = rows[np.lexsort((sound[rows], key[rows]))]
    same = key[order][1:] == key[order][:-1]
    other = same & (sound[order][1:] != sound[order][:-1])
    return np.asarray(np.isin(key, key[order][1:][other]))


def _sexes(column: Cells) -> NDArray[np.int8]:
    texts, which = column.distinct()
    return np.array([2 if text in _FEMALE else 1 if text in _MALE else 0 for text in texts], np.int8)[which]


def _told_by_number(sex: NDArray[np.int8], number: Numbers) -> NDArray[np.int8]:
    """Where the register does not say, the child's own number does."""
    digit = number.digits[:, 16]
    told = (sex == 0) & np.isin(number.kind, (VALID, BAD_CHECK)) & (digit < 10)
    return np.where(told, np.where(digit % 2 == 1, 1, 2), sex).astype(np.int8)


def _listed(column: Cells, width: int, read: Callable[[Cells], NDArray[np.int64]]) -> NDArray[np.int64]:
    """Cells that may hold several values → their keys, `width` at most."""
    answer = np.zeros((len(column), width), np.int64)
    for place, pieces in enumerate(split(column, width)):
        for rows, part in pieces:
            answer[rows, place] = read(part)
    return answer


def _at_home(phones: NDArray[np.int64]) -> NDArray[np.int64]:
    """Telephones without those that stand with more children than a home has: the village's, the school's, a made-up one."""
    keys, count = np.unique(phones[phones != 0], return_counts=True)
    return np.where(np.isin(phones, keys[count > _CHILDREN]), 0, phones)


def _number_keys(column: Cells) -> NDArray[np.int64]:
    number = read_numbers(column)
    return np.where(np.isin(number.kind, (VALID, BAD_CHECK, BAD_DATE)), number.key, 0)
