"""判断所用的事实: each pupil's row of the student register, overlaid by the registers of origin that were matched with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from bureau.entitlements.evaluation_rules import (
    JUDGED,
    Entry,
    either,
    own_facts,
    rural_school,
    stage_and_grade,
)
from bureau.links.facts import Known
from bureau.registry import queries
from bureau.registry.models import Student

RURAL = "农村"
# How an evaluation names, among its sources, the list of those who study outside the county.
STUDIES = "县外就读登记"


@dataclass(slots=True)
class Pupil:
    """一名被判断的学生: `facts` as they count; `origins` of those that a register decided, `conflicts` with the school's entry."""

    key: str
    name: str
    pinyin: str
    school_code: str
    township_code: str
    stage: str
    grade: int
    class_number: int | None
    facts: dict[str, bool | None]
    origins: dict[str, dict[str, object]] = field(default_factory=dict)
    conflicts: int = 0
    elsewhere: str = ""


class Elsewhere(NamedTuple):
    """在外就读的学生: one who studies outside the county's schools and is known from lists of another room."""

    student_key: str
    stage: str
    grade: int
    facts: Mapping[str, bool | None]
    school_name: str
    origins: Mapping[str, dict[str, object]] = {}


_WHO = ("key", "person_name", "pinyin", "school_code", "stage", "grade", "class_number", "enrolment_status")
_FLAGS = Entry._fields.index("registered_household")
_TRUTH = {None: None, 0: False, 1: True}


class School(NamedTuple):
    """What of its school concerns a pupil's aid."""

    township_code: str
    kind: str
    locale: str


_NOWHERE = School("", "", "")


def schools_on(county_code: str, day: date) -> dict[str, School]:
    """{school code: township, kind, locale}."""
    rows = queries.rows_on("schools", day, county_code)
    return {
        code: School(township or "", kind or "", locale or "")
        for code, township, kind, locale in rows.values_list(
            "school_code", "township_code", "school_kind", "locale"
        )
    }


def pupils(
    county_code: str,
    day: date,
    outside: Mapping[str, Mapping[str, Known]],
    left_out: dict[str, int],
) -> Iterator[Pupil]:
    """The pupils in school on the day with their facts. `left_out` counts the others by their status."""
    places = schools_on(county_code, day)
    rows = queries.rows_on("students", day, county_code).order_by("key")
    # A few hundred combinations of entries stand behind seventy thousand pupils.
    entered: dict[tuple[object, ...], dict[str, bool | None]] = {}
    placed: dict[tuple[object, ...], tuple[str, int]] = {}
    for values in queries.raw(rows.values_list(*_WHO, *Entry._fields)):
        key, name, pinyin, code, stage, grade, number, status = values[: len(_WHO)]
        if status not in JUDGED:
            left_out[status] = left_out.get(status, 0) + 1
            continue
        school = places.get(code or "", _NOWHERE)
        within = (stage, grade, school.kind)
        if within not in placed:
            placed[within] = stage_and_grade(*within)
        stage, grade = placed[within]
        if not stage:
            left_out["学段未报"] = left_out.get("学段未报", 0) + 1
            continue
        said = values[len(_WHO) :]
        if said not in entered:
            truths = (_TRUTH[value] for value in said[_FLAGS:])
            entered[said] = own_facts(Entry(*said[:_FLAGS], *truths))
        pupil = Pupil(
            key, name or "", pinyin or "", code or "", school.township_code, stage, grade, number, entered[said].copy()
        )  # fmt: skip
        _overlay(pupil, outside.get(key, {}))
        pupil.facts[RURAL] = either(pupil.facts[RURAL], rural_school(school.locale))
        yield pupil


def _overlay(pupil: Pupil, known: Mapping[str, Known]) -> None:
    """The register of origin decides; what the school had entered otherwise is kept beside it."""
    for fact, said in known.items():
        own = pupil.facts.get(fact)
        pupil.facts[fact] = said.value
        differs = own is not None and own != said.value
        # What a register merely does not contain, and nobody claimed, needs no line of its own; what has ended there does. Of every household
        # one register says where it is.
        ended = said.line is not None and fact != RURAL
        if said.value or differs or ended:
            pupil.origins[fact] = origin(said, own if differs else None)
        pupil.conflicts += differs


def origin(said: Known, school: bool | None) -> dict[str, object]:
    """Where a fact comes from, as it is stored. `school`: what the school had entered, when it differs."""
    found: dict[str, object] = {"value": said.value, "source": said.source, "day": said.day.isoformat()}
    for name in ("place", "detail"):
        if text := getattr(said, name):
            found[name] = text
    for name in ("since", "until"):
        if day := getattr(said, name):
            found[name] = day.isoformat()
    if school is not None:
        found["school"] = school
    return found


def elsewhere(county_code: str, day: date, found: Iterable[Elsewhere]) -> Iterator[Pupil]:
    """Those who study outside, with the name the student register last knew them by."""
    rows = list(found)
    names: dict[str, Any] = {}
    keys = [row.student_key for row in rows]
    for start in range(0, len(keys), 5000):
        known = Student.objects.filter(
            county_code=county_code, key__in=keys[start : start + 5000], replaced_by=None
        )
        for key, name, pinyin in known.order_by("valid_from").values_list("key", "person_name", "pinyin"):
            names[key] = (name or "", pinyin or "")
    for row in rows:
        name, pinyin = names.get(row.student_key, ("", ""))
        yield Pupil(
            row.student_key, name, pinyin, "", "", row.stage, row.grade, None, dict(row.facts),
            elsewhere=row.school_name or "县外学校", origins=dict(row.origins),
        )  # fmt: skip
