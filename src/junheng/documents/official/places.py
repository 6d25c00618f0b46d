"""版面的计算: sizes and distances that follow from the words, the same for Word and PDF."""

from math import ceil

from junheng.documents.official.arranged import Arranged
from junheng.documents.official.layout import Layout


def head_size(words: str, layout: Layout) -> float:
    """发文机关标志字号: as large as allowed, smaller when the words would not fit in one line."""
    return min(layout.head_pt, layout.width_mm / 25.4 * 72 / max(1, len(words)) * 0.98)


def signature_places(found: Arranged, layout: Layout) -> tuple[list[float], float]:
    """署名与成文日期的右空: (characters left free at the right of each signature, of the date).

    The issuer is centred above the date; when the issuer is the longer one, it is the date that moves in.
    """
    names, free = found.document.signatures, float(layout.date_right_chars)
    if not found.date:
        return [2.0] * len(names), free
    day = sum(0.5 if letter.isdigit() else 1 for letter in found.date)
    longest = max(map(len, names), default=0)
    free = max(free, 2 + (longest - day) / 2)
    return [free + (day - len(name)) / 2 for name in names], free


def title_lines(words: str, layout: Layout) -> list[str]:
    """标题回行: a title too long for one line in lines of nearly equal length, broken after a word that ends a phrase where one is near.

    Numbers and what stands in brackets' edges are kept together; line breaks given by the writer are kept.
    """
    fits = int(layout.width_mm / 25.4 * 72 / layout.title_pt)
    return [part for given in words.split("\n") for part in _balanced(given, fits)]


def _balanced(words: str, fits: int) -> list[str]:
    count = ceil(_width(words) / fits)
    if count <= 1:
        return [words]
    goal = _width(words) / count
    places = [
        place for place in range(1, len(words)) if _may_break(words, place) and _width(words[:place]) <= fits
    ]
    if not places:
        return [words]
    best = min(places, key=lambda place: abs(_width(words[:place]) - goal) - _bonus(words, place))
    return [words[:best], *_balanced(words[best:], fits)]


def _width(words: str) -> float:
    return sum(0.55 if letter.isascii() else 1 for letter in words)


def _may_break(words: str, place: int) -> bool:
    before, after = words[place - 1], words[place]
    return not (
        (before.isascii() and after.isascii())
        or (before.isdigit() and after in "年月日号%")
        or after in "》）〕”、，。年"
        or before in "《（〔“第"
    )


def _bonus(words: str, place: int) -> float:
    """How many characters of unevenness the end of a phrase is worth."""
    return 5 if words[place - 1] in "的和与及、》" or words[place] == "《" else 0
