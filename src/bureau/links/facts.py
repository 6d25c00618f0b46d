"""名册说明的事实: what the registers in force on a day say of each pupil, with register and line; and when a status began and ended.

是: the child is on the register (linked automatically or by people) and its dates take in the day. 否: the register is there and nobody on
it points at the child. Absent: there is no register, or a doubtful pair still waits; unknown is a third answer, never 否.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from bureau.links.models import Link, OutsideRegister
from bureau.links.queries import COMPARED, registers_in_force
from bureau.links.states import LINKED
from bureau.registry import queries as registered

__all__ = ["FACTS", "Known", "Period", "fact_of", "facts_of", "periods", "registers_in_force"]

FACTS = {
    "registered": "建档立卡", "monitored": "建档立卡", "minimum": "低保", "destitute": "特困", "disabled": "残疾", "orphan": "孤儿", "household": "农村",
}  # fmt: skip
SOURCES = {str(value): str(label) for value, label in OutsideRegister.Source.choices}
_WAITING = ("to_check", "second", "visit")
_GONE = ("已消除", "未脱贫属性不明", "死亡", "注销", "迁出", "停发", "退出")
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
    registers = registered_for(county_code, day)
    keys = registered.rows_on("students", day, county_code).values_list("key", flat=True)
    base = _absent(registers)
    found: dict[str, dict[str, Known]] = {key: dict(base) for key in keys}
    rows = _rows(registers)
    _tell(found, rows, registers, day)
    return found


def fact_of(county_code: str, day: date, student_key: str) -> dict[str, Known]:
    """The same of one pupil."""
    registers = registered_for(county_code, day)
    found = {student_key: dict(_absent(registers))}
    _tell(found, _rows(registers, student_key), registers, day)
    return found[student_key]


def registered_for(county_code: str, day: date) -> dict[int, OutsideRegister]:
    """The registers in force, by their number."""
    return {register.pk: register for register in registers_in_force(county_code, day).values()}


def _absent(registers: Mapping[int, OutsideRegister]) -> dict[str, Known]:
    """否 for every fact whose registers are there. 建档立卡 is said by two registers: the 监测 list alone proves no absence."""
    base = {}
    for register in registers.values():
        if register.source not in ("monitored", "household"):
            base[FACTS[register.source]] = Known(False, SOURCES[register.source], register.pk, register.day)
    return base


_Row = tuple[int, str, str, str, int, str, date | None, date | None, str, str]


def _rows(registers: Mapping[int, OutsideRegister], student_key: str = "") -> list[_Row]:
    links = Link.objects.filter(of__in=list(registers), state__in=(*LINKED, *_WAITING))
    if student_key:
        links = links.filter(student_key=student_key) | links.filter(near_key=student_key)
    return list(
        links.order_by("line__number").values_list(
            "of", "state", "student_key", "near_key", "line", "line__place", "line__since", "line__until", "line__category", "line__level"
        )
    )  # fmt: skip


def _tell(
    found: dict[str, dict[str, Known]], rows: list[_Row], registers: Mapping[int, OutsideRegister], day: date
) -> None:
    """Puts 是 where a line says so, and takes 否 away where a doubtful pair waits."""
    waiting = [row for row in rows if row[1] in _WAITING]
    for of, _state, student, near, *_rest in waiting:
        facts = found.get(student or near)
        if facts is not None:
            facts.pop(FACTS[registers[of].source], None)
    for of, state, student, _near, line, place, since, until, category, level in rows:
        facts = found.get(student)
        if facts is None or state not in LINKED:
            continue
        register = registers[of]
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
    return not any(word in text for word in _GONE for text in (category, level) if "未消除" not in text)


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
    answer: list[Period] = []
    for source, versions in groupby(registers, key=lambda register: register.source):
        answer += _periods_of(source, list(versions))
    return answer


def _periods_of(source: str, versions: list[OutsideRegister]) -> list[Period]:
    """Versions of one source, oldest first; of two of one day only the later counts."""
    counted = [
        one for at, one in enumerate(versions) if at + 1 == len(versions) or versions[at + 1].day != one.day
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
            here.setdefault(
                key,
                Period(key, FACTS[source], SOURCES[source], register.pk, line, begun, until, None, detail(category, level)),
            )  # fmt: skip
        last = register.day - timedelta(days=1)
        for key, period in open_now.items():
            if key not in here:
                ended.append(_ended(period, last, register.pk))
        open_now = here
    return [*ended, *open_now.values()]


def _ended(period: Period, last: date, register: int) -> Period:
    """The later version no longer lists the child: its own end if it gave one that is earlier."""
    if period.until is not None and period.until <= last:
        return period
    return Period(
        period.student_key, period.fact, period.source, period.register, period.line, period.since, max(last, period.since), register, period.detail
    )  # fmt: skip
