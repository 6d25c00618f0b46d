"""不同之处: two texts in pieces that are equal or not, for marking what a clerk must look at. Pure."""

from collections.abc import Iterable
from difflib import SequenceMatcher

Pieces = list[tuple[str, bool]]


def differing(mine: str, theirs: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """不同之处: each side in pieces (text, differs), so that the equal parts of one are those of the other."""
    if len(mine) == len(theirs):
        return _pieces([(a, a != b) for a, b in zip(mine, theirs, strict=True)]), _pieces(
            [(b, a != b) for a, b in zip(mine, theirs, strict=True)]
        )
    left, right = [], []
    for tag, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        left += [(mine[a:b], tag != "equal")] if b > a else []
        right += [(theirs[c:d], tag != "equal")] if d > c else []
    return left, right


def _pieces(signs: Iterable[tuple[str, bool]]) -> list[tuple[str, bool]]:
    answer: list[tuple[str, bool]] = []
    for sign, differs in signs:
        if answer and answer[-1][1] == differs:
            answer[-1] = (answer[-1][0] + sign, differs)
        else:
            answer.append((sign, differs))
    return answer
