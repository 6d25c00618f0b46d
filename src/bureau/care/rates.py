"""台账指标的数: children in care, dropouts and schools checked, as the ledgers stood on any day; junheng counts them."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from bureau.care import pairing_rules as rules
from bureau.care.models import Pairing
from bureau.care.pairing import LEDGER as CARE
from bureau.care.roll_reading import day_of
from bureau.cases import packs
from bureau.cases.models import Event, Stay
from bureau.people.queries import townships
from bureau.people.rules import Refused
from bureau.registry import queries as registered
from junheng.policy.ledgers import LIVE

DROPOUT, SAFETY = "dropout", "safety_equipment"
YEAR, USUAL_DAYS = 365, 30
OUT = ("open", "claimed")
DONE, LACKING = ("solved", "closed"), "lacking"
BATCH = 500
Columns = dict[str, list[object]]
Fields = dict[str, Any]


def ledger_tables(county_code: str, day: date) -> dict[str, Columns]:
    """台账指标的表 for `junheng.measures.rates_ledgers`, as of the evening of the day; a ledger that had not begun has none."""
    names = dict(townships(county_code).values_list("code", "name"))
    found = {
        "care_ledger": _care(county_code, day, names),
        "dropout_ledger": _dropouts(county_code, day, names),
        "dropout_standing": _standing(county_code, day, names),
        "safety_ledger": _safety(county_code, day, names),
    }
    return {name: columns for name, columns in found.items() if columns}


def _care(county_code: str, day: date, names: Mapping[str, str]) -> Columns:
    stays = _on(county_code, CARE, day).filter(phase__in=LIVE, of__subject="student").order_by()
    columns = ("of_id", "of__subject_key", "school_code", "township_code", "of__fields", "of__evidence")
    then = _as_it_stood(county_code, day)
    paired = set(
        Pairing.objects.filter(_lasting(day), county_code=county_code, kind=Pairing.Kind.CARE)
        .order_by()
        .values_list("student_key", flat=True)
    )
    groups: Counter[tuple[str, str, bool]] = Counter()
    for pk, key, school, township, fields, evidence in registered.raw(stays.values_list(*columns)):
        now = _held(fields), _held(evidence)
        if rules.left_behind(*then.get(pk, now)):
            groups[school, names.get(township, ""), key in paired] += 1
    return _columns(
        ("school_code", "township", "tutor", "people"), ((*key, n) for key, n in sorted(groups.items()))
    )


def _as_it_stood(county_code: str, day: date) -> dict[int, tuple[Fields, Fields]]:
    """{case: (fields, evidence) on the evening of the day} of the cases about which something was written since; the others are as they are now."""
    told = Event.objects.filter(of__county_code=county_code, of__ledger=CARE).exclude(fields={})
    later = list(told.filter(day__gt=day).order_by().values_list("of", flat=True).distinct())
    found: dict[int, tuple[Fields, Fields]] = {pk: ({}, {}) for pk in later}
    for start in range(0, len(later), BATCH):
        rows = told.filter(of__in=later[start : start + BATCH], day__lte=day)
        for pk, fields in registered.raw(rows.order_by("id").values_list("of", "fields")):
            held = _held(fields)
            found[pk][0].update(held)
            # What the ledger tracks of its evidence stands in the events under its title.
            found[pk][1].update(held)
    return found


def _dropouts(county_code: str, day: date, names: Mapping[str, str]) -> Columns:
    try:
        allowed = next(
            one.value for one in packs.ledger(county_code, DROPOUT).settings if one.name == "return_days"
        )
    except (StopIteration, Refused):
        allowed = USUAL_DAYS
    stays = Stay.objects.filter(
        county_code=county_code,
        ledger=DROPOUT,
        since__lte=day,
        of__opened_on__gt=day - timedelta(days=YEAR),
        of__opened_on__lte=day,
    )
    rows = stays.order_by("of_id", "since", "id").values_list(
        "of_id", "of__opened_on", "phase", "since", "school_code", "township_code"
    )
    chains: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for pk, opened, phase, since, school, township in registered.raw(rows):
        chains[pk].append((day_of(opened), phase, day_of(since), school, township))
    found = []
    for chain in chains.values():
        # The return is the day from which on the data has shown it without a break.
        back = None
        for _opened, phase, since, _school, _township in chain:
            back = (back or since) if phase in DONE else None
        opened, _phase, _since, school, township = chain[-1]
        took = (back - opened).days if back is not None else None
        found.append((school, names.get(township, ""), (day - opened).days, took, allowed))
    return _columns(("school_code", "township", "waited", "took", "allowed"), found)


def _standing(county_code: str, day: date, names: Mapping[str, str]) -> Columns:
    if not Stay.objects.filter(county_code=county_code, ledger=DROPOUT, since__lte=day).exists():
        return {}
    rows = _on(county_code, DROPOUT, day).filter(phase__in=OUT).values_list("school_code", "township_code")
    people = Counter(
        (school, names.get(township, "")) for school, township in registered.raw(rows.order_by())
    )
    lines = [(*place, n) for place, n in sorted(people.items())] or [("", "", 0)]
    return _columns(("school_code", "township", "people"), lines)


def out_of_school(county_code: str, day: date) -> frozenset[str]:
    """当日不在校的学生: keys of those whom the dropout ledger holds and the data has not shown back; for 入学率 they do not study."""
    rows = _on(county_code, DROPOUT, day).filter(phase__in=OUT, of__subject="student")
    return frozenset(rows.order_by().values_list("of__subject_key", flat=True))


def _safety(county_code: str, day: date, names: Mapping[str, str]) -> Columns:
    stays = Stay.objects.filter(county_code=county_code, ledger=SAFETY, since__lte=day, of__subject="school")
    rows = stays.order_by("since", "id").values_list(
        "of__subject_key", "phase", "state", "school_code", "township_code"
    )
    last: dict[str, tuple[str, str, str]] = {}
    gone: set[str] = set()
    for school, phase, state, _code, township in registered.raw(rows):
        # Closed after the school had left the register is no check passed.
        if phase == "solved" or (phase == "closed" and school in gone):
            gone.add(school)
        else:
            gone.discard(school)
        last[school] = (phase, state, township)
    return _columns(
        ("school_code", "township", "met"),
        (
            (
                school,
                names.get(township, ""),
                True if phase == "closed" else False if state == LACKING else None,
            )
            for school, (phase, state, township) in sorted(last.items())
            if school not in gone
        ),
    )


def _lasting(day: date) -> Q:
    """Condition: stands on the evening of the day; `until` is exclusive."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))


def _on(county_code: str, ledger: str, day: date) -> Any:
    return Stay.objects.filter(_lasting(day), county_code=county_code, ledger=ledger)


def _held(value: object) -> dict[str, Any]:
    """A JSON column as the driver gives it: text with SQLite, perhaps read already with PostgreSQL."""
    read = json.loads(value) if isinstance(value, str | bytes) else value
    return read if isinstance(read, dict) else {}


def _columns(names: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Columns:
    """{name: values}; {} without a row."""
    listed = list(rows)
    return {name: [row[place] for row in listed] for place, name in enumerate(names)} if listed else {}
