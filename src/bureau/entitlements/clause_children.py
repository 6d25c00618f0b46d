"""推演所用的学生: the county's pupils as a cube of distinct situations by school, so that a changed clause is answered at once.

They are those of the newest evaluation; before the first one, those of the student register as the schools entered them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.core.cache import cache
from django.db.models import Count

from bureau.entitlements.evaluation_facts import pupils
from bureau.entitlements.evaluation_models import EvaluatedChild, Evaluation, Profile
from bureau.registry import queries as registry
from junheng.aid.cube import Cube, build_cube
from junheng.policy.clauses import NO, STAGES, UNKNOWN, YES

ELSEWHERE = ""
_VALUE = {None: UNKNOWN, True: YES, False: NO}
_SECONDS = 12 * 3600

Kind = tuple[str, int, Mapping[str, bool | None]]  # stage, grade, facts


@dataclass(frozen=True)
class Children:
    """推演所用的学生. `cube` has schools by their code (ELSEWHERE: outside the county); `term` "" when taken from the register."""

    cube: Cube
    heads: int
    day: date
    term: str
    sources: tuple[str, ...]
    version: str


def children_of(county_code: str, day: date | None) -> Children | None:
    """The county's children; None while there is no student register. Built once for each evaluation or register version."""
    found = (
        Evaluation.objects.filter(county_code=county_code, current=True).order_by("-rules_day").first()
        if county_code
        else None
    )
    if found is not None:
        version = f"evaluation:{found.pk}:{found.finished_at}"
    elif county_code and day is not None:
        version = f"register:{county_code}:{day}:{registry.versions(county_code, ['students', 'schools'])}"
    else:
        return None
    key = f"aid-cube:{county_code}"
    known: Children | None = cache.get(key)
    if known is None or known.version != version:
        known = _evaluated(found, version) if found else _registered(county_code, day or date.min, version)
        cache.set(key, known, _SECONDS)
    return known if known.heads else None


def _evaluated(of: Evaluation, version: str) -> Children:
    """From an evaluation, in which each distinct situation stands once."""
    profiles = list(
        Profile.objects.filter(evaluation=of)
        .values_list("number", "stage", "grade", "facts")
        .order_by("number")
    )
    place = {number: row for row, (number, *_rest) in enumerate(profiles)}
    rows = EvaluatedChild.objects.filter(evaluation=of).order_by("school_code", "profile")
    counted = rows.values_list("profile", "school_code").annotate(children=Count("id"))
    found = [(school, place[profile], heads) for profile, school, heads in registry.raw(counted)]
    sources = tuple(f"{source}（{day}）" for source, day, *_rest in of.sources)
    kinds = [(stage, grade, facts) for _number, stage, grade, facts in profiles]
    return _children(of.county_code, kinds, found, of.register_day, of.term, sources, version)


def _registered(county_code: str, day: date, version: str) -> Children:
    """From the student register alone."""
    places: dict[tuple[object, ...], int] = {}
    kinds: list[Kind] = []
    counted: dict[tuple[str, int], int] = {}
    for one in pupils(county_code, day, {}, {}):
        key = (one.stage, one.grade, *one.facts.items())
        if key not in places:
            places[key] = len(kinds)
            kinds.append((one.stage, one.grade, dict(one.facts)))
        where = (one.school_code, places[key])
        counted[where] = counted.get(where, 0) + 1
    found = [(school, place, heads) for (school, place), heads in counted.items()]
    return _children(county_code, kinds, found, day, "", (), version)


def _children(
    county_code: str,
    kinds: Sequence[Kind],
    found: Sequence[tuple[str, int, int]],
    day: date,
    term: str,
    sources: tuple[str, ...],
    version: str,
) -> Children:
    """`kinds` are distinct situations, `found` (school, place in kinds, children)."""
    schools = [school for school, _place, _heads in found]
    numbers = np.array([(place, heads) for _school, place, heads in found], np.int64).reshape(-1, 2)
    names = dict.fromkeys(fact for _stage, _grade, facts in kinds for fact in facts)
    stages = np.array([STAGES.index(stage) for stage, _grade, _facts in kinds], np.int64)
    grades = np.array([grade for _stage, grade, _facts in kinds], np.int64)
    columns = {
        name: np.array([_VALUE[facts.get(name)] for _stage, _grade, facts in kinds], np.uint8)
        for name in names
    }
    kind = numbers[:, 0]
    cube = build_cube(
        [county_code] * len(found),
        stages[kind],
        grades[kind],
        {name: column[kind] for name, column in columns.items()},
        schools,
        counts=numbers[:, 1],
    )
    return Children(cube, int(cube.count.sum()), day, term, sources, version)
