"""汉字: each character of the names at hand as a number, with its sounds and its shape.

Comparing the bytes of hanzi means nothing: 虎 and 龙 share two of three. So each character becomes a small number, and three
tables say how it is read (two readings at most), how it is read by ear in the dialects of the north-west (zh/z, n/l, ng/n),
and what it looks like (its four-corner code).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from four_corner_method import FourCornerMethod
from numpy.typing import NDArray
from opencc import OpenCC
from pypinyin.constants import PINYIN_DICT

PAD, WILD = 0, 1
_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿ", "aaaaeeeeiiiioooouuuuvvvvvnnnm")
# How a character is read as a surname, where that is not its first reading.
SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "盖": "ge", "朴": "piao", "区": "ou", "召": "shao",
    "缪": "miao", "翟": "zhai", "冼": "xian", "覃": "qin", "尉": "wei", "乐": "yue", "员": "yun", "种": "chong", "黑": "he",
    "折": "she", "洗": "xian", "繁": "po", "纪": "ji", "任": "ren", "宁": "ning", "华": "hua", "哈": "ha", "贾": "jia",
    "沈": "shen", "葛": "ge", "石": "shi", "车": "che", "夏": "xia", "柏": "bai", "万": "wan", "燕": "yan", "那": "na",
}  # fmt: skip
_FUZZY = ((r"^([zcs])h", r"\1"), (r"^n(?=[aeiouv])", "l"), (r"ng$", "n"))


@dataclass(frozen=True, slots=True)
class Characters:
    """汉字表: `number` of each character; `sound` and `fuzzy` are (n, 2) codes, 0 for none; `corners` (n, 5) digits, 255 for none.

    Numbers 0 and 1 stand for no character and for one that cannot be read.
    """

    number: dict[str, int]
    sound: NDArray[np.int32]
    fuzzy: NDArray[np.int32]
    corners: NDArray[np.uint8]
    surname: NDArray[np.int32]  # the fuzzy code as a surname


def fuzzy(sound: str) -> str:
    """模糊音: what is left of a syllable when zh/z, ch/c, sh/s, n/l and ng/n are not told apart."""
    for pattern, kept in _FUZZY:
        sound = re.sub(pattern, kept, sound)
    return sound


@cache
def readings(sign: str) -> tuple[str, ...]:
    """读音: the toneless readings of a character, the commonest first; empty when it has none."""
    written = PINYIN_DICT.get(ord(sign), "")
    return tuple(dict.fromkeys(one.translate(_TONES) for one in written.split(",") if one))


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@cache
def _corners() -> FourCornerMethod:
    return FourCornerMethod()


def simplified(signs: Iterable[str]) -> dict[str, str]:
    """繁体 → 简体, character by character: {sign: sign}, only those that change."""
    each = sorted(set(signs))
    if not each:
        return {}
    # One to a line: whole words must not be converted, a name is not a word.
    after = _simplifier().convert("\n".join(each)).split("\n")
    return {sign: other for sign, other in zip(each, after, strict=True) if sign != other and len(other) == 1}


class Syllables:
    """音节: a number for each syllable, the same for characters and for names written in letters."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, sound: str) -> int:
        """From 1 on."""
        return self._numbers.setdefault(sound, len(self._numbers) + 1)


def table(signs: Iterable[str], syllables: Syllables) -> Characters:
    """汉字表 for the characters given."""
    number = {sign: place for place, sign in enumerate(sorted(set(signs)), start=2)}
    size = len(number) + 2
    sound, loose = np.zeros((size, 2), np.int32), np.zeros((size, 2), np.int32)
    corners, surname = np.full((size, 5), 255, np.uint8), np.zeros(size, np.int32)
    for sign, place in number.items():
        read = readings(sign)[:2]
        for column, one in enumerate(read):
            sound[place, column] = syllables.number(one)
            loose[place, column] = syllables.number(fuzzy(one))
        if read:
            surname[place] = syllables.number(fuzzy(SURNAMES.get(sign, read[0])))
        code = _corners().query(sign)
        if code:
            corners[place] = [int(digit) for digit in code[:5].ljust(5, "0")]
    return Characters(number, sound, loose, corners, surname)
