"""表 → 情形立方: the distinct profiles of a table and their numbers, counted by the engine, whatever its size."""

from typing import Any

import narwhals as nw
import numpy as np

from junheng.aid.cube import Cube, build_cube
from junheng.policy.clauses import NO, STAGES, UNKNOWN, YES, Book

Frame = nw.LazyFrame[Any]
_VALUE = {None: UNKNOWN, True: YES, False: NO}


def cube_of(students: Frame, book: Book, *, by_school: bool = False) -> Cube:
    """情形立方 from a table of students: `county`, `stage`, `grade`, a flag for every fact, and `school` where asked for.

    Columns that are absent are not known. Rows whose stage is none of `STAGES` are left out. Only the distinct profiles
    leave the engine, so 15 million students need no more room here than a county.
    """
    names = students.collect_schema().names()
    facts = [fact for fact in book.facts if fact in names]
    plain: list[str] = [name for name in ("county", "stage", "grade") if name in names]
    if by_school:
        plain.append("school")
    counted = students.group_by(*plain, *facts).agg(nw.len().alias("aid_count"))
    native = nw.to_native(counted)
    columns = list(native.columns)
    found = native.fetchall() if hasattr(native, "fetchall") else [tuple(row) for row in native.collect()]
    known = [row for row in found if row[columns.index("stage")] in STAGES]
    held = {name: [row[place] for row in known] for place, name in enumerate(columns)}
    count = len(known)
    return build_cube(
        ["" if code is None else str(code) for code in held.get("county", [""] * count)],
        np.array([STAGES.index(stage) for stage in held["stage"]], np.int64),
        np.array([grade or 0 for grade in held.get("grade", [0] * count)], np.int64),
        {fact: np.array([_VALUE[value] for value in held[fact]], np.uint8) for fact in facts},
        [name or "" for name in held["school"]] if by_school else None,
        counts=np.array(held["aid_count"], np.int64),
    )
