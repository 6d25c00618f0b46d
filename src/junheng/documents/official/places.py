"""版面的计算: sizes and distances that follow from the words, the same for Word and PDF."""

from junheng.documents.official.arranging import Arranged
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
