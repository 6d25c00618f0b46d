"""存入名册的行: lines as read → rows, identifiers sealed, with the hashes by which lines are found again."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bureau.links.ages import full_years, is_grown
from bureau.links.classes import class_of
from bureau.links.coverage import TOWNSHIPS, Place, coverage_of, why_narrow
from bureau.links.models import Line, OutsideRegister
from bureau.links.raw_lines import RawLine, Reading, guardians
from bureau.people.secret import lookup_many, seal_many
from bureau.registry.bulk import insert
from bureau.registry.queries import as_raw
from junheng.tables.place_names import place_stem

AT_ONCE = 2_000
COLUMNS = (
    "of_id", "number", "place", "name", "id_number", "id_lookup", "sex", "born", "birth_date", "county", "township", "township_code", "village",
    "guardians", "guardian_ids", "phone", "enrolment_key", "school", "school_code", "grade", "class_number", "household", "category", "level", "since", "until", "relation", "remarks", "grown", "flaws", "key",
    "fingerprint",
)  # fmt: skip
_GROWN = COLUMNS.index("grown")
_MOSTLY = 0.3


@dataclass(frozen=True, slots=True)
class Known:
    """Places of the county by their stems: {stem of a township or a school: code}."""

    townships: Mapping[str, str]
    schools: Mapping[str, str]


def store(
    register: OutsideRegister,
    reading: Reading,
    townships: Mapping[str, str],
    schools: Mapping[str, str],
    progress: Callable[[float], None],
) -> dict[str, object]:
    """Replaces the lines of a version; answers its counts. To be called inside a transaction.

    `townships` and `schools` are {name: code} of the county; a school that is not among them is said on its line.
    """
    Line.objects.filter(of=register).delete()
    parts = list(pairwise([*range(0, len(reading.lines), AT_ONCE), len(reading.lines)]))
    places = Known(
        {place_stem(name): code for name, code in townships.items()},
        {school_stem(name): code for name, code in schools.items()},
    )
    _look_at_places(register, reading, places)
    mostly = _mostly_grown(reading.lines, register.day)
    grown = 0
    for start, stop in parts:
        made = _lines(register, reading.lines[start:stop], start, places, mostly=mostly)
        grown += sum(line[_GROWN] is True for line in made)
        insert(Line, COLUMNS, made)
        progress(stop / len(reading.lines))
    flawed = sum(1 for line in reading.lines if line.flaws)
    return {
        "lines": len(reading.lines),
        "flawed": flawed,
        "flaws": sum(len(line.flaws) for line in reading.lines),
        "grown": grown,
    }


def _mostly_grown(lines: Sequence[RawLine], day: date) -> bool:
    """Whether a good part of the file is of adults: a list of whole households."""
    known = [line for line in lines if line.born or line.inside]
    old = sum(1 for line in known if (full_years(line.born or line.inside, day) or 0) >= 22)
    return bool(known) and old > _MOSTLY * len(known)


def _lines(
    register: OutsideRegister, raws: Sequence[RawLine], before: int, places: Known, *, mostly: bool
) -> list[tuple[object, ...]]:
    people = [guardians(raw) for raw in raws]
    ids = [raw.text("id")[:60] for raw in raws]
    sealed = seal_many(ids), seal_many([numbers for _names, numbers in people]), seal_many([raw.text("phone")[:120] for raw in raws])  # fmt: skip
    lookups = lookup_many([raw.number for raw in raws])
    keys = lookup_many([_key(register.source, raw, people[at][0]) for at, raw in enumerate(raws)])
    enrolled = lookup_many([raw.text("enrolment") for raw in raws])
    rooms = [class_of(raw.text("grade"), raw.text("class")) for raw in raws]
    homes = lookup_many([_home(raw, *people[at]) for at, raw in enumerate(raws)])
    prints = lookup_many(
        [
            f"{raw.text('name')}|{raw.number or raw.text('id')}|{raw.text('born')}|{people[at][0]}{_enrolled(raw)}"
            for at, raw in enumerate(raws)
        ]
    )
    dates = [as_raw((raw.born or raw.inside, raw.since, raw.until)) for raw in raws]
    return [
        (
            register.pk,
            before + at + 1,
            raw.place[-80:],
            raw.text("name")[:60],
            sealed[0][at],
            lookups[at],
            raw.text("sex")[:8],
            raw.text("born")[:30],
            dates[at][0],
            raw.text("county")[:60],
            raw.text("township")[:60],
            _township(raw.text("township"), places.townships),
            raw.text("village")[:60],
            people[at][0][:120],
            sealed[1][at],
            sealed[2][at],
            enrolled[at],
            raw.text("school")[:60],
            _school(register, raw, places),
            rooms[at][0],
            rooms[at][1],
            homes[at],
            raw.text("category")[:60],
            raw.text("level")[:60],
            dates[at][1],
            dates[at][2],
            raw.text("relation")[:30],
            raw.text("remarks")[:200],
            is_grown(
                given=raw.born, inside=raw.inside, relation=raw.text("relation"), mostly_grown=mostly, day=register.day
            ),
            json.dumps(raw.flaws, ensure_ascii=False),
            keys[at],
            prints[at],
        )
        for at, raw in enumerate(raws)
    ]  # fmt: skip


def _key(source: str, raw: RawLine, people: str) -> str:
    """What stays the same of a child from one version to the next: the name with the number, or without one the birth date and guardians."""
    name = "".join(raw.text("name").split())
    who = raw.number or raw.text("id") or _enrolled(raw) or raw.text("born") + "|" + people
    return f"{source}|{name}|{who}"


def _enrolled(raw: RawLine) -> str:
    """How a school names a pupil: 学号, else school and class; "" where the line says neither."""
    if number := raw.text("enrolment"):
        return f"|{number}"
    parts = [raw.text(name) for name in ("school", "grade", "class")]
    return f"|{'|'.join(parts)}" if any(parts) else ""


def _home(raw: RawLine, names: str, numbers: str) -> str:
    """What lines of one household share: the guardian's number, or the guardians' names in one place."""
    if numbers:
        return f"id|{numbers.split('；')[0]}"
    return f"at|{names}|{raw.text('township')}|{raw.text('village')}" if names else ""


def _look_at_places(register: OutsideRegister, reading: Reading, places: Known) -> None:
    """A school or a township that the county does not have, said on the line; lines outside the stated coverage, said once."""
    heading = reading.headings.get("school", "学校")
    own = coverage_of(register)
    outside = 0
    for raw in reading.lines:
        written = raw.text("school")
        school = _school(register, raw, places)
        if written and not school:
            raw.flaws.append((heading, f"本县没有“{written[:30]}”这所学校，请写学校全称"))
        place = Place(_township(raw.text("township"), places.townships), school)
        named = place.township if own.kind == TOWNSHIPS else school
        outside += bool(named) and not own.covers(place)
    if outside:
        reading.notes.append(f"{outside} 行不在所选的覆盖范围内；它们照样比对，请核对范围是否选对")
    lines = [code for raw in reading.lines if (code := _township(raw.text("township"), places.townships))]
    if narrow := why_narrow(own.kind, lines, sorted(set(places.townships.values()))):
        reading.notes.append(narrow)


def _school(register: OutsideRegister, raw: RawLine, places: Known) -> str:
    """The school a line names; the register's own where it covers one school and the cell is blank."""
    if written := raw.text("school"):
        return places.schools.get(school_stem(written), "")[:10]
    return register.places[0][:10] if register.coverage == "schools" and len(register.places) == 1 else ""


def school_stem(name: str) -> str:
    """A school's name without blanks and brackets of another width."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name))


def _township(written: str, places: Mapping[str, str]) -> str:
    return places.get(place_stem(written), "")[:9] if written else ""


def fingerprint(*parts: str) -> str:
    """A short hash of what one side looks like; its parts are hashes and names, never identifiers in clear."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def townships_by_stem(names: Iterable[str]) -> dict[str, str]:
    """{stem: official name}."""
    return {place_stem(name): name for name in names}
