"""名册说明的事实: what the registers in force on a day say of each pupil, with register and line; and when a status began and ended.

是: the child is on the register (linked automatically or by people) and its dates take in the day. 否: a register that covers the child's
place is there and nobody on it points at the child. Absent: no register covers the place, or a doubtful pair still waits; unknown is a
third answer, never 否.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from bureau.links.coverage import COUNTY, NOWHERE, Place, coverage_of
from bureau.links.models import Link, OutsideRegister
from bureau.links.queries import COMPARED, registers_in_force
from bureau.links.states import LINKED
from bureau.people.queries import township_codes
from bureau.registry import queries as registered
from junheng.tables.place_names import place_stem

__all__ = ["FACTS", "Known", "Period", "fact_of", "facts_of", "periods", "registers_in_force"]

FACTS = {
    "registered": "建档立卡", "monitored": "建档立卡", "minimum": "低保", "destitute": "特困", "disabled": "残疾", "orphan": "孤儿", "household": "农村",
    "hardship": "困难",
}  # fmt: skip
SOURCES = {str(value): str(label) for value, label in OutsideRegister.Source.choices}
_WAITING = ("to_check", "second", "visit")
_GONE = ("已消除", "未脱贫属性不明", "死亡", "注销", "迁出", "停发", "退出")
_NOT_RECOGNISED = ("不予认定", "不认定", "未认定", "未通过", "取消")
_RURAL, _URBAN = ("农业", "农村", "乡村"), ("非农", "城镇", "城市")


@dataclass(frozen=True, slots=True)
class Known:
    """事实的一个答案. `since` and `until` (last day) only where the register gives them; `place` is where in its file."""

    value: bool
    source: str
    register: int
    day: date
    line: int | None = None
    place: str = ""
    since: date | None = None
    until: date | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """享受的一段: from `since` (else the day of the first version that lists the child) to `until` (last day; None: still listed).

    `ended_by_register`: the later version that no longer lists the child, where that is what ended it.
    """

    student_key: str
    fact: str
    source: str
    register: int
    line: int
    since: date
    until: date | None
    ended_by_register: int | None
    detail: str


def facts_of(county_code: str, day: date) -> dict[str, dict[str, Known]]:
    """{student key: {fact: answer}} of every pupil in the student register on the day."""
    registers = registers_in_force(county_code, day)
    rows = registered.rows_on("students", day, county_code)
    if all(one.coverage == COUNTY for one in registers):
        places = {key: NOWHERE for (key,) in registered.raw(rows.values_list("key"))}
    else:
        places = places_of(county_code, day, rows)
    silent: dict[Place, dict[str, Known]] = {}
    found: dict[str, dict[str, Known]] = {}
    for key, place in places.items():
        if place not in silent:
            silent[place] = _absent(registers, place)
        found[key] = dict(silent[place])
    _tell(found, _rows(registers), registers, places, day)
    return found


def fact_of(county_code: str, day: date, student_key: str) -> dict[str, Known]:
    """The same of one pupil."""
    registers = registers_in_force(county_code, day)
    rows = registered.rows_on("students", day, county_code).filter(key=student_key)
    places = {student_key: NOWHERE} | places_of(county_code, day, rows)
    found = {student_key: _absent(registers, places[student_key])}
    _tell(found, _rows(registers, student_key), registers, places, day)
    return found[student_key]


def places_of(county_code: str, day: date, students: QuerySet[Any]) -> dict[str, Place]:
    """{student key: where the child lives and studies}."""
    codes = {place_stem(name): code for name, code in township_codes(county_code).items()}
    known: dict[str | None, str] = {None: "", "": ""}
    found: dict[str, Place] = {}
    for key, home, school in registered.raw(students.values_list("key", "home_township", "school_code")):
        if home not in known:
            known[home] = codes.get(place_stem(home), "")
        found[key] = Place(known[home], school or "")
    return found


def _absent(registers: Sequence[OutsideRegister], place: Place) -> dict[str, Known]:
    """否 for every fact of which a register that covers the place is there; the newest of them says so.

    建档立卡 is said by two registers: the 监测 list alone proves no absence.
    """
    base: dict[str, Known] = {}
    for register in registers:
        if register.source in ("monitored", "household") or FACTS[register.source] in base:
            continue
        if coverage_of(register).covers(place):
            base[FACTS[register.source]] = Known(False, SOURCES[register.source], register.pk, register.day)
    return base


_Row = tuple[int, str, str, str, int, str, date | None, date | None, str, str]


def _rows(registers: Sequence[OutsideRegister], student_key: str = "") -> list[_Row]:
    links = Link.objects.filter(of__in=[one.pk for one in registers], state__in=(*LINKED, *_WAITING))
    if student_key:
        links = links.filter(student_key=student_key) | links.filter(near_key=student_key)
    return list(
        links.order_by("line__number").values_list(
            "of", "state", "student_key", "near_key", "line", "line__place", "line__since", "line__until", "line__category", "line__level"
        )
    )  # fmt: skip


def _tell(
    found: dict[str, dict[str, Known]],
    rows: Sequence[_Row],
    registers: Sequence[OutsideRegister],
    places: Mapping[str, Place],
    day: date,
) -> None:
    """Puts 是 where a line says so, and takes 否 away where a doubtful pair waits; a line of a place for which a newer register speaks says nothing."""
    by_number = {one.pk: one for one in registers}
    over = {
        one.pk: [coverage_of(newer) for newer in registers[:at] if newer.source == one.source]
        for at, one in enumerate(registers)
    }

    def outdated(of: int, key: str) -> bool:
        return any(newer.covers(places.get(key, NOWHERE)) for newer in over[of])

    for of, state, student, near, *_rest in rows:
        key = student or near
        facts = found.get(key)
        if facts is not None and state in _WAITING and not outdated(of, key):
            facts.pop(FACTS[by_number[of].source], None)
    for of, state, student, _near, line, place, since, until, category, level in rows:
        facts = found.get(student)
        if facts is None or state not in LINKED or outdated(of, student):
            continue
        register = by_number[of]
        value = _value(register.source, category, level)
        if value is None:
            continue
        known = Known(
            value and _covers(since, until, day), SOURCES[register.source], of, register.day, line, place, since, until, detail(category, level)
        )  # fmt: skip
        name = FACTS[register.source]
        before = facts.get(name)
        # One yes is enough: of two lines, or of two registers that speak of the same fact.
        if before is None or not before.value:
            facts[name] = known


def _covers(since: date | None, until: date | None, day: date) -> bool:
    return (since is None or since <= day) and (until is None or day <= until)


def _value(source: str, category: str, level: str) -> bool | None:
    """Whether a line says yes. The household register says where the household is, if it says so at all."""
    if source == "household":
        if any(word in category for word in _URBAN):
            return False
        return True if any(word in category for word in _RURAL) else None
    if source == "hardship":
        return not any(word in text for word in _NOT_RECOGNISED for text in (category, level))
    # An orphan's category may tell of the parents' death.
    gone = [word for word in _GONE if source != "orphan" or word != "死亡"]
    return not any(word in text for word in gone for text in (category, level) if "未消除" not in text)


def detail(category: str, level: str) -> str:
    """类别·等级 as written."""
    return "·".join(text for text in (category, level) if text)


def periods(county_code: str) -> list[Period]:
    """享受的起止 of every child over all versions, for audits of payments after a status has ended."""
    registers = list(
        OutsideRegister.objects.filter(COMPARED, county_code=county_code)
        .exclude(source="household")
        .order_by("source", "day", "id")
    )
    places: dict[str, Place] = {}
    if (
        day := None
        if all(one.coverage == COUNTY for one in registers)
        else registered.latest_day(county_code)
    ):
        places = places_of(county_code, day, registered.rows_on("students", day, county_code))
    answer: list[Period] = []
    for source, versions in groupby(registers, key=lambda register: register.source):
        answer += _periods_of(source, list(versions), places)
    return answer


def _periods_of(source: str, versions: list[OutsideRegister], places: Mapping[str, Place]) -> list[Period]:
    """Versions of one source, oldest first; of two of one day only the later counts where it covers the other."""
    counted = [
        one
        for at, one in enumerate(versions)
        if not any(
            other.day == one.day and coverage_of(other).includes(coverage_of(one))
            for other in versions[at + 1 :]
        )
    ]
    open_now: dict[str, Period] = {}
    ended: list[Period] = []
    for register in counted:
        here: dict[str, Period] = {}
        links = Link.objects.filter(of=register, state__in=LINKED).exclude(student_key="")
        rows = links.order_by("line__number").values_list(
            "student_key", "line", "line__since", "line__until", "line__category", "line__level"
        )
        for key, line, since, until, category, level in rows:
            before = open_now.get(key)
            begun = since or (before.since if before else register.day)
            end = min((one for one in (until, register.until) if one), default=None)
            here.setdefault(
                key,
                Period(key, FACTS[source], SOURCES[source], register.pk, line, begun, end, None, detail(category, level)),
            )  # fmt: skip
        last = register.day - timedelta(days=1)
        covered = coverage_of(register)
        for key, period in open_now.items():
            if key in here:
                continue
            if covered.covers(places.get(key, NOWHERE)):
                ended.append(_ended(period, last, register.pk))
            else:
                here[key] = period
        open_now = here
    return [*ended, *open_now.values()]


def _ended(period: Period, last: date, register: int) -> Period:
    """The later version no longer lists the child: its own end if it gave one that is earlier."""
    if period.until is not None and period.until <= last:
        return period
    return Period(
        period.student_key, period.fact, period.source, period.register, period.line, period.since, max(last, period.since), register, period.detail
    )  # fmt: skip
