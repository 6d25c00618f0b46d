"""存入名册的行: lines as read → rows, identifiers sealed, with the hashes by which lines are found again."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import pairwise

from bureau.links.ages import full_years, is_grown
from bureau.links.models import Line, OutsideRegister
from bureau.links.reading import RawLine, Reading, guardians
from bureau.people.secret import lookup_many, seal_many
from bureau.registry.bulk import insert
from bureau.registry.queries import as_raw
from junheng.matching.registers import place_stem

AT_ONCE = 2_000
COLUMNS = (
    "of_id", "number", "place", "name", "id_number", "id_lookup", "sex", "born", "birth_date", "county", "township", "township_code", "village",
    "guardians", "guardian_ids", "phone", "household", "category", "level", "since", "until", "relation", "remarks", "grown", "flaws", "key",
    "fingerprint",
)  # fmt: skip
_GROWN = COLUMNS.index("grown")
_MOSTLY = 0.3


def store(
    register: OutsideRegister, reading: Reading, townships: dict[str, str], progress: Callable[[float], None]
) -> dict[str, object]:
    """Replaces the lines of a version; answers its counts. To be called inside a transaction."""
    Line.objects.filter(of=register).delete()
    parts = list(pairwise([*range(0, len(reading.lines), AT_ONCE), len(reading.lines)]))
    places = {place_stem(name): code for name, code in townships.items()}
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
    register: OutsideRegister, raws: Sequence[RawLine], before: int, places: dict[str, str], *, mostly: bool
) -> list[tuple[object, ...]]:
    people = [guardians(raw) for raw in raws]
    ids = [raw.text("id")[:60] for raw in raws]
    sealed = seal_many(ids), seal_many([numbers for _names, numbers in people]), seal_many([raw.text("phone")[:120] for raw in raws])  # fmt: skip
    lookups = lookup_many([number[:18] if raw.right else "" for number, raw in zip(ids, raws, strict=True)])
    keys = lookup_many([_key(register.source, raw, people[at][0]) for at, raw in enumerate(raws)])
    homes = lookup_many([_home(raw, *people[at]) for at, raw in enumerate(raws)])
    prints = lookup_many(
        [
            f"{raw.text('name')}|{raw.text('id')}|{raw.text('born')}|{people[at][0]}"
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
            _township(raw.text("township"), places),
            raw.text("village")[:60],
            people[at][0][:120],
            sealed[1][at],
            sealed[2][at],
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
    return f"{source}|{name}|{raw.text('id') or raw.text('born') + '|' + people}"


def _home(raw: RawLine, names: str, numbers: str) -> str:
    """What lines of one household share: the guardian's number, or the guardians' names in one place."""
    if numbers:
        return f"id|{numbers.split('；')[0]}"
    return f"at|{names}|{raw.text('township')}|{raw.text('village')}" if names else ""


def _township(written: str, places: dict[str, str]) -> str:
    return places.get(place_stem(written), "")[:9] if written else ""


def fingerprint(*parts: str) -> str:
    """A short hash of what one side looks like; its parts are hashes and names, never identifiers in clear."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def townships_by_stem(names: Iterable[str]) -> dict[str, str]:
    """{stem: official name}."""
    return {place_stem(name): name for name in names}
