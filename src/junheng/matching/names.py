"""姓名: a name as written → characters, sounds and the keys under which the same name may be found again.

What cannot be read (□, ?, 某, *, private-use characters) is a wildcard; letters are read as pinyin. Blanks, dots and what
clerks append to tell namesakes apart (马强（大）, 马强2, 马强B) are dropped.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pypinyin.constants import PINYIN_DICT

from junheng.matching.characters import (
    _TONES,
    PAD,
    WILD,
    Characters,
    Syllables,
    fuzzy,
    simplified,
    table,
)

WIDTH = 10
_NOTHING = frozenset(
    [
        "无",
        "无名",
        "不详",
        "未知",
        "未取名",
        "未命名",
        "待定",
        "空",
        "暂无",
        "无姓名",
        "姓名",
        "未上户",
        "某某",
        "某某某",
        "NULL",
        "null",
        "None",
        "none",
        "nan",
        "N/A",
    ]
)
# Nearly every name: hanzi only, and none that stands for an unknown one.
_PLAIN = re.compile("[\u4e00-\u56d6\u56d8-\u67cf\u67d1-\u9fff]{1,3}")
_BRACKETS = re.compile(r"[(\[【〔<《].*?([)\]】〕>》]|$)")
_TAIL = re.compile(r"(?<=[^\x00-\x7f])[A-Da-d]$|[甲乙丙丁]$(?<=[^\x00-\x7f]{4})")
_DOTS = re.compile(r"[\s·•・∙⋅.。．,，、'’‘`\"“”_\-—–~^|\\/;；:：!！+=&%$#@0-9]+")
_WILD = re.compile(r"[?*□■○◯〇囗〓×xX](?![a-z])|\ufffd|[\ue000-\uf8ff]|[\U000f0000-\U0010ffff]")
_LETTERS = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Names:
    """不同的姓名: one row for each distinct cleaned name; row 0 is "no name".

    `signs` are characters (WIDTH columns, PAD at the end), `sound` and `fuzzy` two readings each. `whole`, `given`, `mixed`
    and `surname` are keys (0: none): equal keys mean the same name by ear, the same given name, the same syllables in any
    order, the same surname.
    """

    texts: tuple[str, ...]
    characters: Characters
    signs: NDArray[np.int32]
    length: NDArray[np.int8]
    sound: NDArray[np.int32]
    fuzzy: NDArray[np.int32]
    whole: NDArray[np.int64]
    given: NDArray[np.int64]
    mixed: NDArray[np.int64]
    surname: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.texts)


@cache
def _syllables() -> frozenset[str]:
    return frozenset(
        one.translate(_TONES) for read in PINYIN_DICT.values() for one in read.split(",") if one.isalpha()
    )


def split_letters(letters: str) -> list[str]:
    """maxiaolong → ma, xiao, long: the longest syllable first; what is none of Chinese stays whole."""
    known, found, rest = _syllables(), [], letters
    while rest:
        size = next((n for n in range(min(6, len(rest)), 0, -1) if rest[:n] in known), 0)
        if not size:
            return [letters]
        found.append(rest[:size])
        rest = rest[size:]
    return found


def clean_name(text: str) -> str:
    """姓名规整: half width, without blanks, dots, brackets and appended marks; wildcards as “?”. Not yet simplified."""
    if _PLAIN.fullmatch(text):
        return "" if text in _NOTHING else text
    bare = unicodedata.normalize("NFKC", text.strip())
    if bare in _NOTHING:
        return ""
    bare = _BRACKETS.sub("", bare)
    bare = _TAIL.sub("", bare.rstrip("0123456789 ")) or bare
    bare = _WILD.sub("?", bare)
    bare = _DOTS.sub(" ", bare).strip().lower()
    return bare[:1] + bare[1:].replace("某", "?")


def encode(texts: Sequence[str]) -> Names:
    """Distinct cleaned names → what comparisons and keys need. `texts[0]` is ""."""
    hanzi = {sign for sign in set("".join(texts)) if not sign.isascii()}
    changed = simplified(hanzi)
    shift = str.maketrans(changed)
    syllables = Syllables()
    characters = table({changed.get(sign, sign) for sign in hanzi}, syllables)
    size = len(texts)
    points = np.full(0x110000, WILD, np.int32)
    points[0] = PAD
    for sign in hanzi:
        points[ord(sign)] = characters.number[changed.get(sign, sign)]
    wide = np.array(texts, f"U{WIDTH}")
    signs = points[wide.view(np.uint32).reshape(size, WIDTH)]
    spelt: list[tuple[int, int, str]] = []
    for row in np.flatnonzero((signs == WILD).any(1)).tolist():
        parts = _parts(texts[row].translate(shift))[:WIDTH]
        signs[row] = [characters.number.get(part, WILD) for part in parts] + [PAD] * (WIDTH - len(parts))
        spelt += [(row, place, part) for place, part in enumerate(parts) if part.isascii() and part.isalpha()]
    length = (signs != PAD).sum(1).astype(np.int8)
    sound, loose = characters.sound[signs], characters.fuzzy[signs]
    for row, place, letters in spelt:
        sound[row, place, 0] = syllables.number(letters)
        loose[row, place, 0] = syllables.number(fuzzy(letters))
    first = characters.surname[signs[:, 0]].astype(np.int64)
    first[first == 0] = loose[first == 0, 0, 0]
    heard = loose[:, :, 0].astype(np.int64)
    heard[:, 0] = first
    unread = ((heard == 0) & (signs != PAD)).any(1)
    keys = _hash(heard)
    given = heard.copy()
    given[:, 0] = 0
    no_whole = unread | (length < 2)
    return Names(
        tuple(texts),
        characters,
        signs,
        length,
        sound,
        loose,
        np.where(no_whole, 0, keys),
        np.where(no_whole | (length < 3), 0, _hash(given)),
        np.where(no_whole, 0, _hash(np.sort(heard, axis=1))),
        first,
    )


def _parts(text: str) -> list[str]:
    if not re.search("[a-z]", text):
        return [sign for sign in text if sign != " "]
    parts: list[str] = []
    for piece in re.findall(r"[a-z]+|[^a-z ]", text):
        parts += split_letters(piece) if _LETTERS.fullmatch(piece) else [piece]
    return parts


def _hash(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for each row of small codes; never 0 by chance in practice."""
    answer = np.full(len(codes), 1469598103934665603, np.int64)
    with np.errstate(over="ignore"):
        for column in range(codes.shape[1]):
            answer = (answer ^ codes[:, column]) * np.int64(1099511628211)
            answer ^= answer >> np.int64(29)
    return np.asarray(answer, np.int64)
