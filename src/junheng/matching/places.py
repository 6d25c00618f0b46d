"""地名: counties, townships and villages as offices write them → codes by what is left without endings and repeated upper levels."""

import re

import numpy as np
from numpy.typing import NDArray

from junheng.matching.cells import Cells
from junheng.tables.place_names import place_stem


def codes_of_places(*levels: tuple[Cells, Cells]) -> list[tuple[NDArray[np.int32], NDArray[np.int32]]]:
    """County, township, village of both registers → codes by stem; where a cell repeats what stands above it (同心县丁塘镇), that is taken off."""
    answer = []
    above: list[list[str]] = []
    for sides in levels:
        distinct: dict[str, int] = {"": 0}
        starts = sorted({stem for stems in above for stem in stems if len(stem) > 1}, key=len, reverse=True)
        found = []
        for column in sides:
            texts, which = column.distinct()
            known = [
                distinct.setdefault(place_stem(_without(text, starts)), len(distinct)) if text else 0
                for text in texts
            ]
            found.append(np.array(known, np.int32)[which])
        answer.append((found[0], found[1]))
        above.append(list(distinct))
    return answer


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
