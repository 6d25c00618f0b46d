"""两版比较 (compare): between two books on a day, which profiles change, by how much, and for how many children here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from junheng.aid.cube import Cube
from junheng.aid.exact import Judged, judge_profiles
from junheng.aid.model import UNCONFIRMED, Child
from junheng.aid.plan import CELLS_PER_AREA, CODE, GRADES, Fen, Plan, Small, compile_plan, counties_of
from junheng.aid.proof import fact_space
from junheng.policy.clauses import LAST_GRADE, NO, STAGES, UNKNOWN, YES, Book


@dataclass(frozen=True, slots=True)
class Change:
    """一处变化: one stage and grades of an area, the same change of the total in fen; `waits` what a person must confirm.

    `profiles` of the fact space change so; `example` is the one with the fewest 是. `children` and `fen` count the table
    given (0 without one).
    """

    area: str
    stage: str
    grades: tuple[int, ...]
    delta: int
    waits: int
    profiles: int
    example: tuple[str, ...]
    clauses: tuple[str, ...]
    children: int
    fen: int


def changes(
    before: Book,
    after: Book,
    on: date,
    children: Sequence[Child] = (),
    *,
    cube: Cube | None = None,
    county: str = "",
) -> list[Change]:
    """两版比较: every distinct change, largest first. `children`, or those of a `cube`, are counted where they are given.

    `county`: look at the fact space of this one only.
    """
    plans = compile_plan(before, on), compile_plan(after, on)
    facts = tuple(dict.fromkeys((*before.used, *after.used)))
    areas = dict.fromkeys([*counties_of(before).values(), *counties_of(after).values()])
    counties = [_sample(plans, county)] if county else [one for one in areas if one]
    merged: dict[tuple[object, ...], list[tuple[int, int, tuple[str, ...], tuple[str, ...]]]] = {}
    for number, stage in enumerate(STAGES):
        asked = tuple(dict.fromkeys((*plans[0].relevant[number], *plans[1].relevant[number])))
        space = fact_space(asked, (NO, YES))
        count = 2 ** len(asked)
        for one in counties:
            for grade in range(1, LAST_GRADE[stage] + 1):
                _cell(plans, one, stage, grade, asked, space, count, merged)
    counted = _counted_of_cube(plans, cube) if cube is not None else _counted(plans, facts, children)
    return _joined(before, merged, counted)


def _cell(
    plans: tuple[Plan, Plan],
    county: str,
    stage: str,
    grade: int,
    facts: tuple[str, ...],
    space: Mapping[str, Small],
    count: int,
    merged: dict[tuple[object, ...], list[tuple[int, int, tuple[str, ...], tuple[str, ...]]]],
) -> None:
    sums = []
    for plan in plans:
        cells = np.full(count, plan.cell(county, stage, grade), np.int32)
        sums.append(_sums(judge_profiles(plan, cells, space)))
    (old, old_waits, old_parts), (new, new_waits, new_parts) = sums
    pairs = np.stack([new - old, new_waits - old_waits])
    if not pairs.any():
        return
    values, index = np.unique(pairs, axis=1, return_inverse=True)
    ones = sum((column == YES).astype(np.int64) for column in space.values()) if space else np.zeros(count)
    for place in range(values.shape[1]):
        delta, waits = int(values[0, place]), int(values[1, place])
        if delta == 0 and waits == 0:
            continue
        held = np.flatnonzero(index.ravel() == place)
        first = held[np.argmin(np.asarray(ones)[held])]
        example = tuple(fact for fact in facts if space[fact][first] == YES)
        touched = tuple(
            name
            for name in dict.fromkeys((*old_parts, *new_parts))
            if _at(old_parts, name, first) != _at(new_parts, name, first)
        )
        merged.setdefault((county, stage, delta, waits), []).append((grade, len(held), example, touched))


def _at(parts: Mapping[str, Fen], name: str, place: int) -> int:
    return int(parts[name][place]) if name in parts else 0


def _sums(judged: Judged) -> tuple[Fen, Fen, dict[str, Fen]]:
    """Granted, waiting, and both together by clause; loans apart from the sums."""
    size = judged.states.shape[1]
    paid, waiting = np.zeros(size, np.int64), np.zeros(size, np.int64)
    parts: dict[str, Fen] = {}
    for number, clause in enumerate(judged.plan.clauses):
        rate = judged.plan.rates[number]
        if rate is None or clause.kind == "loan":
            continue
        held = np.where(judged.states[number] == CODE[UNCONFIRMED], judged.due(number), 0)
        paid += judged.fen[number]
        waiting += held
        parts[clause.id] = judged.fen[number].astype(np.int64) + held
    return paid, waiting, parts


def _counted(
    plans: tuple[Plan, Plan], facts: tuple[str, ...], children: Sequence[Child]
) -> dict[tuple[str, str, int, int], int]:
    """{(county, stage, delta, waits): children}."""
    if not children:
        return {}
    value = {None: UNKNOWN, True: YES, False: NO}
    columns = {
        fact: np.array([value[child.facts.get(fact)] for child in children], np.uint8) for fact in facts
    }
    sums = []
    for plan in plans:
        cells = np.array([plan.cell(child.county, child.stage, child.grade) for child in children], np.int32)
        sums.append(_sums(judge_profiles(plan, cells, columns)))
    found: dict[tuple[str, str, int, int], int] = {}
    area = {child.county: _sample(plans, child.county) for child in children}
    for place, child in enumerate(children):
        key = (
            area[child.county],
            child.stage,
            int(sums[1][0][place] - sums[0][0][place]),
            int(sums[1][1][place] - sums[0][1][place]),
        )
        found[key] = found.get(key, 0) + 1
    return found


def _counted_of_cube(plans: tuple[Plan, Plan], cube: Cube) -> dict[tuple[str, str, int, int], int]:
    """The same for a cube: every row judged once."""
    sums = []
    for plan in plans:
        area = np.array([plan.area_of(county) for county in cube.counties], np.int64)
        cells = area[cube.county] * CELLS_PER_AREA + cube.stage * GRADES + cube.grade
        sums.append(_sums(judge_profiles(plan, cells.astype(np.int32), cube.facts)))
    found: dict[tuple[str, str, int, int], int] = {}
    areas = [_sample(plans, county) for county in cube.counties]
    deltas = (sums[1][0] - sums[0][0]).tolist(), (sums[1][1] - sums[0][1]).tolist()
    for county, stage, delta, waits, count in zip(
        cube.county.tolist(), cube.stage.tolist(), *deltas, cube.count.tolist(), strict=True
    ):
        if delta or waits:
            key = (areas[county], STAGES[stage], delta, waits)
            found[key] = found.get(key, 0) + count
    return found


def _sample(plans: tuple[Plan, Plan], county: str) -> str:
    """The county that stands for this one in the fact space: the same area class in both books."""
    samples = [
        code
        for code in dict.fromkeys(
            [*counties_of(plans[0].book).values(), *counties_of(plans[1].book).values()]
        )
        if all(plan.area_of(code) == plan.area_of(county) for plan in plans)
    ]
    return samples[0] if samples else county


def _joined(
    book: Book,
    merged: Mapping[tuple[object, ...], list[tuple[int, int, tuple[str, ...], tuple[str, ...]]]],
    counted: Mapping[tuple[str, str, int, int], int],
) -> list[Change]:
    found = []
    for (county, stage, delta, waits), parts in merged.items():
        heads = counted.get((str(county), str(stage), int(str(delta)), int(str(waits))), 0)
        example = min((part[2] for part in parts), key=len)
        touched = tuple(dict.fromkeys(name for part in parts for name in part[3]))
        found.append(
            Change(
                book.areas.get(str(county), "其他地区"),
                str(stage),
                tuple(sorted({part[0] for part in parts})),
                int(str(delta)),
                int(str(waits)),
                sum(part[1] for part in parts),
                example,
                touched,
                heads,
                heads * int(str(delta)),
            )
        )
    return sorted(
        found, key=lambda change: (-abs(change.delta), -abs(change.waits), change.area, change.stage)
    )
