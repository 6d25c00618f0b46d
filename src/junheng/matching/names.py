"""姓名: a name as written → characters, sounds and the keys under which the same name may be found again.

What cannot be read (□, ?, 某, *, private-use characters) is a wildcard; letters are read as pinyin. Blanks, dots and what
clerks append to tell namesakes apart (马强（大）, 马强2, 马强B) are dropped.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

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
SPECIAL: Final = 1 << 60
_PACKED = 3  # hanzi that a key holds
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
    order, the same surname. `packed` and `special` are the names themselves, as `name_codes` has them.
    """

    packed: NDArray[np.int64]
    special: tuple[str, ...]
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
        return len(self.packed)

    def texts(self) -> list[str]:
        """The names as cleaned, row by row."""
        return [
            self.special[key - SPECIAL]
            if key >= SPECIAL
            else "".join(chr(point) for shift in (32, 16, 0) if (point := key >> shift & 0xFFFF))
            for key in self.packed.tolist()
        ]


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


def nothing() -> list[int]:
    """Keys of what is written where there is no name."""
    return sorted({key for text in _NOTHING if (key := packed(text))})


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


def packed(text: str) -> int:
    """The key of a cleaned name of plain hanzi, three at most; 0 for "" and for any other."""
    if not _PLAIN.fullmatch(text):
        return 0
    return sum(ord(sign) << shift for sign, shift in zip(text, (32, 16, 0), strict=False))


def encode(keys: NDArray[np.int64], special: Sequence[str]) -> Names:
    """Distinct cleaned names → what comparisons and keys need. A key is that of `packed`, or SPECIAL + n for `special[n]`; `keys[0]` is 0."""
    size = len(keys)
    plain, other = np.flatnonzero(keys < SPECIAL), np.flatnonzero(keys >= SPECIAL)
    written = [special[key - SPECIAL] for key in keys[other].tolist()]
    points = keys[plain, None] >> np.array((32, 16, 0)) & 0xFFFF
    hanzi = {chr(point) for point in np.flatnonzero(np.bincount(points.reshape(-1))).tolist() if point}
    hanzi |= {sign for sign in set("".join(written)) if not sign.isascii()}
    changed = simplified(hanzi)
    shift = str.maketrans(changed)
    syllables = Syllables()
    characters = table({changed.get(sign, sign) for sign in hanzi}, syllables)
    numbers = np.full(0x110000, WILD, np.int32)
    numbers[0] = PAD
    for sign in hanzi:
        numbers[ord(sign)] = characters.number[changed.get(sign, sign)]
    signs = np.zeros((size, WIDTH), np.int32)
    signs[plain, :_PACKED] = numbers[points]
    signs[other] = numbers[np.array(written, f"U{WIDTH}").view(np.uint32).reshape(len(other), WIDTH)]
    spelt: list[tuple[int, int, str]] = []
    for at in np.flatnonzero((signs[other] == WILD).any(1)).tolist():
        row, parts = int(other[at]), _parts(written[at].translate(shift))[:WIDTH]
        signs[row] = [characters.number.get(part, WILD) for part in parts] + [PAD] * (WIDTH - len(parts))
        spelt += [(row, place, part) for place, part in enumerate(parts) if part.isascii() and part.isalpha()]
    length = (signs != PAD).sum(1).astype(np.int8)
    sound, loose = np.zeros((size, WIDTH, 2), np.int32), np.zeros((size, WIDTH, 2), np.int32)
    for target, known in ((sound, characters.sound), (loose, characters.fuzzy)):
        target[:, :_PACKED] = known[signs[:, :_PACKED]]
        target[other] = known[signs[other]]
    for row, place, letters in spelt:
        sound[row, place, 0] = syllables.number(letters)
        loose[row, place, 0] = syllables.number(fuzzy(letters))
    first = characters.surname[signs[:, 0]].astype(np.int64)
    first[first == 0] = loose[first == 0, 0, 0]
    heard = loose[:, :, 0].copy()
    heard[:, 0] = first
    unread = ((heard == 0) & (signs != PAD)).any(1)
    keyed = _hash(heard)
    any_order = heard.copy()
    any_order[:, :_PACKED].sort(axis=1)
    any_order[other] = np.sort(heard[other], axis=1)
    heard[:, 0] = 0
    no_whole = unread | (length < 2)
    return Names(
        keys,
        tuple(special),
        characters,
        signs,
        length,
        sound,
        loose,
        np.where(no_whole, 0, keyed),
        np.where(no_whole | (length < 3), 0, _hash(heard)),
        np.where(no_whole, 0, _hash(any_order)),
        first,
    )


def _parts(text: str) -> list[str]:
    if not re.search("[a-z]", text):
        return [sign for sign in text if sign != " "]
    parts: list[str] = []
    for piece in re.findall(r"[a-z]+|[^a-z ]", text):
        parts += split_letters(piece) if _LETTERS.fullmatch(piece) else [piece]
    return parts


def _hash(codes: NDArray[np.int32]) -> NDArray[np.int64]:
    """One number for the codes of each row, zeros passed over; never 0 by chance in practice."""
    answer = np.full(len(codes), 1469598103934665603, np.int64)
    with np.errstate(over="ignore"):
        for column in range(codes.shape[1]):
            rows = np.flatnonzero(codes[:, column])
            mixed = (answer[rows] ^ codes[rows, column]) * np.int64(1099511628211)
            answer[rows] = mixed ^ (mixed >> np.int64(29))
    return answer
