"""适龄人口比对表: the household register against the student register, as the enrolment rates count it: age × township × where they study."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import Q

from bureau.links.ages import school_years_of_age
from bureau.links.findings import studying_elsewhere
from bureau.links.models import Line, Link, OutsideRegister
from bureau.links.queries import lines_in_force, registers_in_force
from bureau.links.states import LINKED
from bureau.links.storing import townships_by_stem
from bureau.people.queries import townships
from bureau.registry import queries as registered
from junheng.measures.rates_people import NOT_STUDYING
from junheng.tables import codes
from junheng.tables.place_names import place_stem

_STUDIES = frozenset(("在读",))
_AGES = range(3, 20)


def changed_since(county_code: str, day: date, at: datetime) -> bool:
    """Whether a register that `population` of the day reads was compared or withdrawn after a moment."""
    rows = OutsideRegister.objects.filter(
        county_code=county_code, source__in=("household", "disabled"), day__lte=day
    )
    return rows.filter(Q(matched_at__gt=at) | Q(withdrawn_at__gt=at)).exists()


def population(
    county_code: str, day: date, *, out_of_school: Collection[str] = ()
) -> dict[str, list[object]] | None:
    """适龄人口 of the household register in force on the day: columns age, township, studying, disability, people; None without such a register.

    Who stands in no student register counts as not studying, and so does a pupil on leave until the return (休学) and one of the keys
    `out_of_school`, whatever the student register says; a doubtful pair as not known. Disability comes from the
    student register or from the register of the disabled; without either it is not known.
    """
    registers = registers_in_force(county_code, day)
    households = [one for one in registers if one.source == "household"]
    # One of a few townships says nothing of the county's rates.
    if not any(one.coverage == "county" for one in households):
        return None
    places = townships_by_stem(townships(county_code).values_list("name", flat=True))
    students = _students(county_code, day)
    of_disabled = [one for one in registers if one.source == "disabled"]
    whole = any(one.coverage == "county" for one in of_disabled)
    disabled = _disabled(of_disabled) if of_disabled else {}
    rows = Link.objects.filter(lines_in_force(households)).values_list(
        "state",
        "student_key",
        "line__birth_date",
        "line__township",
        "line__id_lookup",
        "line__key",
        "line__level",
    )
    seen: set[str] = set()
    people: Counter[tuple[int, str, str | None, str | None]] = Counter()
    listed = list(rows)
    elsewhere = studying_elsewhere(county_code, {row[4] for row in listed if row[4] and row[0] not in LINKED})
    for state, student, born, township, look, key, level in listed:
        age = school_years_of_age(born, day)
        # Two lines of one child are one person; who has moved away or died is none of the county's population.
        if (
            age is None
            or age not in _AGES
            or key in seen
            or any(word in level for word in ("迁出", "死亡", "注销"))
        ):
            continue
        seen.add(key)
        stage, kind = students.get(student, (None, None)) if state in LINKED else (None, None)
        if student in out_of_school:
            stage = None
        if state not in LINKED:
            stage = "初中" if look in elsewhere and age >= 12 else "小学" if look in elsewhere else None
            stage = stage or (None if state in ("to_check", "second") else NOT_STUDYING)
        elif stage is None:
            stage = NOT_STUDYING
        known = kind or disabled.get(look) or ("无" if whole else None)
        people[age, places.get(place_stem(township), "" if places else township), stage, known] += 1
    parts = sorted(people.items(), key=lambda one: tuple(str(part) for part in one[0]))
    return {
        "age": [age for (age, _t, _s, _d), _n in parts],
        "township": [township for (_a, township, _s, _d), _n in parts],
        "studying": [stage for (_a, _t, stage, _d), _n in parts],
        "disability": [kind for (_a, _t, _s, kind), _n in parts],
        "people": [count for _key, count in parts],
    }


def _students(county_code: str, day: date) -> dict[str, tuple[str | None, str | None]]:
    """{student key: (stage, disability)}; no stage for who is on leave."""
    rows = registered.rows_on("students", day, county_code).filter(enrolment_status__in=(*_STUDIES, "休学"))
    found = rows.values_list("key", "stage", "disability", "enrolment_status")
    return {key: (stage if status in _STUDIES else None, kind) for key, stage, kind, status in found}


def _disabled(registers: Sequence[OutsideRegister]) -> dict[str, str]:
    """{hash of the number: kind of disability} on the registers of the disabled."""
    kinds = set(codes("disability"))
    rows = (
        Line.objects.filter(of__in=[one.pk for one in registers])
        .exclude(id_lookup="")
        .values_list("id_lookup", "category")
    )
    return {look: next((kind for kind in kinds if kind in category), "其他") for look, category in rows}
