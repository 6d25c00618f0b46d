"""推演所用的学生: the county's pupils as a cube of distinct situations by school, so that a changed clause is answered at once.

They are those of the newest evaluation; before the first one, those of the student register as the schools entered them.
"""

from collections.abc import Iterable, Mapping
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

Situation = tuple[str, str, int, Mapping[str, bool | None], int]  # school, stage, grade, facts, children


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
    profiles = {
        number: (stage, grade, facts)
        for number, stage, grade, facts in Profile.objects.filter(evaluation=of).values_list(
            "number", "stage", "grade", "facts"
        )
    }
    rows = EvaluatedChild.objects.filter(evaluation=of).values_list("profile", "school_code")
    counted = rows.annotate(children=Count("id")).order_by("school_code", "profile")
    situations = [(school, *profiles[profile], heads) for profile, school, heads in counted]
    sources = tuple(f"{source}（{day}）" for source, day in of.sources)
    return _children(of.county_code, situations, of.register_day, of.term, sources, version)


def _registered(county_code: str, day: date, version: str) -> Children:
    counted: dict[tuple[str, str, int, tuple[tuple[str, bool | None], ...]], int] = {}
    for one in pupils(county_code, day, {}, {}):
        key = (one.school_code, one.stage, one.grade, tuple(one.facts.items()))
        counted[key] = counted.get(key, 0) + 1
    situations = [
        (school, stage, grade, dict(facts), heads) for (school, stage, grade, facts), heads in counted.items()
    ]
    return _children(county_code, situations, day, "", (), version)


def _children(
    county_code: str,
    situations: Iterable[Situation],
    day: date,
    term: str,
    sources: tuple[str, ...],
    version: str,
) -> Children:
    rows = list(situations)
    names = dict.fromkeys(fact for row in rows for fact in row[3])
    cube = build_cube(
        [county_code] * len(rows),
        np.array([STAGES.index(row[1]) for row in rows], np.int64),
        np.array([row[2] for row in rows], np.int64),
        {fact: np.array([_VALUE[row[3].get(fact)] for row in rows], np.uint8) for fact in names},
        [row[0] for row in rows],
        counts=np.array([row[4] for row in rows], np.int64),
    )
    return Children(cube, int(cube.count.sum()), day, term, sources, version)
