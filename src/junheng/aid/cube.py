"""情形立方 (cube): many students as few distinct profiles with their numbers, so that each is judged once.

Built once from columns; then every book, day and what-if is answered from it. `rows` are the distinct (county, stage,
grade, facts, school); a plan sees them through a *view*, in which only what its clauses ask for tells profiles apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from junheng.aid.exact import Cells
from junheng.aid.plan import CELLS_PER_AREA, GRADES, Plan, Small
from junheng.policy.clauses import NO, STAGES, UNKNOWN

Index = NDArray[np.int64]
Texts = Sequence[str] | NDArray[np.str_] | NDArray[np.integer]


@dataclass(frozen=True)
class View:
    """What a plan tells apart: profiles ordered by stage, and how many students of each county have each.

    `profile` is {row: profile}; `heads` is [county, profile] in floats, exact below 2^53.
    """

    cells: Cells
    facts: dict[str, Small]
    profile: Index
    heads: NDArray[np.float64]
    stages: tuple[tuple[int, int, int], ...]  # (stage, first profile, beyond the last)


@dataclass
class Cube:
    """情形立方: distinct rows and their numbers. `of_student` is {student: row} where it was asked for."""

    counties: tuple[str, ...]
    schools: tuple[str, ...]
    county: Index
    stage: Index
    grade: Index
    school: Index
    facts: dict[str, Small]
    count: Index
    of_student: Index | None
    _views: dict[object, View] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.count)

    def view(self, plan: Plan) -> View:
        """The rows as this plan sees them; kept, because most what-ifs tell the same apart."""
        areas = tuple(plan.area_of(county) for county in self.counties)
        alike = plan.alike()
        relevant = plan.relevant
        key = (areas, alike.tobytes(), relevant)
        if key not in self._views:
            self._views[key] = self._made(areas, alike, relevant)
        return self._views[key]

    def _made(self, areas: tuple[int, ...], alike: Index, relevant: tuple[tuple[str, ...], ...]) -> View:
        cells = np.array(areas, np.int64)[self.county] * CELLS_PER_AREA + self.stage * GRADES + self.grade
        cells = alike[cells]
        columns: dict[str, Small] = {}
        code = self.stage * len(alike) + cells  # ordered by stage
        for fact, column in self.facts.items():
            asked = np.array([fact in names for names in relevant])[self.stage]
            if asked.any():
                columns[fact] = np.where(asked, column, NO).astype(np.uint8)
                code = code * 3 + columns[fact]
        _, first, profile = np.unique(code, return_index=True, return_inverse=True)
        heads = np.zeros((len(self.counties), len(first)))
        np.add.at(heads, (self.county, profile), self.count)
        stage = self.stage[first]
        spans = []
        for number in range(len(STAGES)):
            low, high = np.searchsorted(stage, [number, number + 1])
            if high > low:
                spans.append((number, int(low), int(high)))
        facts = {fact: column[first] for fact, column in columns.items()}
        return View(cells[first].astype(np.int32), facts, profile, heads, tuple(spans))


def build_cube(
    county: Texts,
    stage: NDArray[np.integer],
    grade: NDArray[np.integer],
    facts: Mapping[str, Small],
    school: Texts | None = None,
    *,
    students: bool = False,
    counts: NDArray[np.int64] | None = None,
) -> Cube:
    """情形立方 from columns of equal length: county codes (text or integers), stage (place in STAGES), grade (0: not known), facts (0, 1, 2).

    `students` keeps which row each student belongs to. `counts`: how many students each element stands for. A fact in which nobody differs from "not known" is left out.
    """
    counties, county_index = _names(county)
    schools, school_index = ((), None) if school is None else _names(school)
    kept = {fact: column for fact, column in facts.items() if (column != UNKNOWN).any()}
    code = county_index * (len(STAGES) * GRADES) + np.asarray(stage, np.int64) * GRADES
    code += np.asarray(grade, np.int64)
    for column in kept.values():
        code *= 3
        code += column
    size = len(counties) * len(STAGES) * GRADES * 3 ** len(kept)
    if school_index is not None:
        if size * len(schools) >= 2**62:
            raise ValueError("学校和事实太多，请分县计算")
        code += school_index * size
    unique, inverse, count = _unique(code, students or counts is not None)
    if counts is not None and inverse is not None:
        count = np.bincount(inverse, counts, len(unique)).astype(np.int64)
    rest = unique % size
    found: dict[str, Small] = {}
    for fact in reversed(kept):
        rest, value = np.divmod(rest, 3)
        found[fact] = value.astype(np.uint8)
    rest, grades = np.divmod(rest, GRADES)
    county_of, stages = np.divmod(rest, len(STAGES))
    inverse = inverse if students else None
    return Cube(
        counties, schools, county_of, stages, grades, unique // size,
        {fact: found[fact] for fact in kept}, count, inverse,
    )  # fmt: skip


def _unique(code: Index, students: bool) -> tuple[Index, Index | None, Index]:
    if students:
        unique, inverse, count = np.unique(code, return_inverse=True, return_counts=True)
        return unique, inverse, count
    unique, count = np.unique(code, return_counts=True)
    return unique, None, count


def _names(values: Texts) -> tuple[tuple[str, ...], Index]:
    """Names once each, and their places. Codes given as integers are counted, not sorted; 0 stands for a blank."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu" and values.size and values.max() < 10**7:
        there = np.flatnonzero(np.bincount(values))
        place_of = np.zeros(int(there[-1]) + 1, np.int64)
        place_of[there] = np.arange(len(there))
        return tuple(str(code) if code else "" for code in there.tolist()), place_of[values]
    if isinstance(values, np.ndarray):
        names, index = np.unique(values, return_inverse=True)
        return tuple(map(str, names)), index.astype(np.int64)
    place = {name: number for number, name in enumerate(dict.fromkeys(values))}
    return tuple(place), np.fromiter((place[name] for name in values), np.int64, len(values))
