"""户: which pupils live in one household, by their guardian's ID number or by one household of an outside register. Reading only."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from bureau.links.facts import registers_in_force
from bureau.links.models import Line, Link
from bureau.links.states import LINKED
from bureau.registry.bulk import chunks
from bureau.registry.queries import raw, rows_on

IN_SCHOOL = "在读"
# A number that stands for more pupils than this is an institution's, or a placeholder, and no household's.
MOST = 12
_ROUNDS = 4


def households(
    county_code: str, day: date, student_keys: Iterable[str], *, registers_on: date | None = None
) -> dict[str, frozenset[str]]:
    """{pupil: all pupils in school of its household, itself among them} of these pupils.

    `registers_on`: the day whose outside registers count, when they are newer than the student register of `day`.
    """
    register = rows_on("students", day, county_code).filter(enrolment_status=IN_SCHOOL)
    of_guardian: dict[str, set[str]] = {}
    of_register: dict[tuple[int, str], set[str]] = {}
    seen: set[str] = set()
    wanted = list(dict.fromkeys(student_keys))
    asked = list(wanted)
    # A sibling may have another guardian whose other children belong here as well.
    for _round in range(_ROUNDS):
        fresh = set(asked) - seen
        if not fresh:
            break
        seen |= fresh
        numbers = set()
        for part in chunks(fresh, 500):
            rows = register.filter(key__in=part).values_list("guardian_id_lookup", flat=True)
            numbers |= {number for number in rows if number} - set(of_guardian)
        for part in chunks(numbers, 500):
            rows = register.filter(guardian_id_lookup__in=part).values_list("guardian_id_lookup", "key")
            for number, key in raw(rows):
                of_guardian.setdefault(number, set()).add(key)
        _registers(county_code, registers_on or day, fresh, of_register)
        asked = [
            key for one in (*of_guardian.values(), *of_register.values()) if len(one) <= MOST for key in one
        ]
    groups = [one for one in (*of_guardian.values(), *of_register.values()) if 1 < len(one) <= MOST]
    signs = _signs(county_code, day, {key for one in groups for key in one})
    return _joined(wanted, [part for one in groups for part in _agreeing(one, signs)])


def _signs(county_code: str, day: date, keys: Collection[str]) -> dict[str, frozenset[str]]:
    """{pupil: what it has in common with brothers and sisters}: guardians' names and telephones, address, surname in a village."""
    names = (
        "key", "person_name", "guardian_name", "guardian2_name", "guardian_phone_lookup", "guardian2_phone_lookup",
        "home_address", "home_village",
    )  # fmt: skip
    found: dict[str, frozenset[str]] = {}
    for part in chunks(keys, 500):
        rows = rows_on("students", day, county_code).filter(key__in=part, enrolment_status=IN_SCHOOL)
        for key, name, *said, address, village in raw(rows.values_list(*names)):
            signs = {one for one in said if one}
            if address:
                signs.add(f"{village or ''} {address}")
            if village and name:
                signs.add(f"{village} {name[0]}")
            found[key] = frozenset(signs)
    return found


def _agreeing(group: Collection[str], signs: Mapping[str, frozenset[str]]) -> list[set[str]]:
    """Those of a group that something else joins as well: one mistyped number must not print a stranger's child on a card."""
    parts: list[tuple[set[str], set[str]]] = []
    for key in sorted(group):
        own, members = set(signs.get(key, ())), {key}
        for known, others in [part for part in parts if part[0] & own]:
            parts.remove((known, others))
            own, members = own | known, members | others
        parts.append((own, members))
    return [members for _own, members in parts if len(members) > 1]


def _registers(
    county_code: str, day: date, keys: Collection[str], found: dict[tuple[int, str], set[str]]
) -> None:
    """Add the households of the registers in force in which these pupils stand: the linked pupils of each."""
    registers = [one.pk for one in registers_in_force(county_code, day)]
    if not registers:
        return
    linked = Link.objects.filter(of__in=registers, state__in=LINKED)
    places: set[tuple[int, str]] = set()
    for part in chunks(keys, 500):
        rows = linked.filter(student_key__in=part).exclude(line__household="").order_by()
        places |= set(rows.values_list("of", "line__household"))
    by_register: Mapping[int, list[str]] = defaultdict(list)
    for register, household in places - set(found):
        by_register[register].append(household)
    for register, names in by_register.items():
        for part in chunks(names, 500):
            lines = Line.objects.filter(of=register, household__in=part)
            rows = linked.filter(line__in=lines.values("pk")).order_by()
            for household, key in rows.values_list("line__household", "student_key"):
                found.setdefault((register, household), set()).add(key)


def _joined(wanted: Iterable[str], groups: Iterable[set[str]]) -> dict[str, frozenset[str]]:
    """Groups that share a pupil are one household, as long as it does not grow beyond what a household can be."""
    of: dict[str, set[str]] = {}
    for group in sorted(groups, key=len):
        if len(group) > MOST:
            continue
        joined = set(group).union(*(of[key] for key in group if key in of))
        for key in joined if len(joined) <= MOST else ():
            of[key] = joined
    return {key: frozenset(of.get(key, {key}) | {key}) for key in wanted}
