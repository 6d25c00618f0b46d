"""同一届学生的指标: retention and dropout, by following each pupil's row from an earlier register to today's.

A row is followed by its `key`, a hash that names nobody. What became of those who left is their last known status in
the registers in between; who left without any status is counted as not retained and named in `unreported`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

import narwhals as nw

from junheng.measures.rates_model import Asked, Part, Parts, Tables
from junheng.measures.registers import years_before
from junheng.measures.rows import rows
from junheng.tables.stages import STAGE_GRADES

_COURSE = {"初中": ("7", "9", 2), "小学": ("1", "6", 5), "义务教育": ("1", "9", 8)}
"""Stage → first grade, last grade, and how many years lie between them."""


@dataclass(frozen=True)
class Cohort:
    """一届学生: those who began (`base`: key → school), those in the last grade today, and what became of the others."""

    base: dict[str, str]
    last: dict[str, str]
    status: dict[str, str]
    here: frozenset[str]
    moved: frozenset[str]
    dead: frozenset[str]

    @property
    def lost(self) -> list[str]:
        """Who is neither in the last grade, nor anywhere in the school register, nor left with a status."""
        return [key for key in self.base if key not in self.here and key not in self.status]


def earlier_days(by: str, stage: str, day: date) -> tuple[date, ...]:
    """The days whose registers a computation asks for: the first is indispensable, the rest tell what became of leavers."""
    if by == "dropout_rate":
        return (years_before(day, 1),)
    if by in ("retention_adjusted", "retention_unadjusted"):
        years = _COURSE[stage][2]
        return tuple(years_before(day, back) for back in range(years, 0, -1))
    return ()


def retention_adjusted(asked: Asked) -> Parts:
    """巩固率（调整）, each pupil counted at the school where the course began; a move within the county is no loss."""
    first, last, years = _COURSE[asked.stage]
    found = _cohort(asked, first, last, years)
    if isinstance(found, str):
        return Parts([], "", missing=(found,))
    stayed = Counter(school for key, school in found.base.items() if key in found.last or key in found.moved)
    started = Counter(school for key, school in found.base.items() if key not in found.dead)
    lost = Counter(found.base[key] for key in found.lost)
    parts = [
        Part(school, stayed[school], started[school], lost[school])
        for school in sorted(set(found.base.values()))
    ]
    note = ""
    if found.lost and started.total():
        best = (stayed.total() + lost.total()) * 100 / started.total()
        note = f"{lost.total()}名学生离开后没有登记去向，按未巩固计；若查明均为正常转出，全县为{best:.2f}%"
    return Parts(parts, _words(asked, first, last, years), "名学生", note=note)


def retention_unadjusted(asked: Asked) -> Parts:
    """巩固率（未调整）: last grade today ÷ first grade then; may exceed 100 %."""
    first, last, years = _COURSE[asked.stage]
    found = _cohort(asked, first, last, years)
    if isinstance(found, str):
        return Parts([], "", missing=(found,))
    now, then = Counter(found.last.values()), Counter(found.base.values())
    parts = [Part(school, now[school], then[school]) for school in sorted(set(now) | set(then))]
    return Parts(parts, _words(asked, first, last, years), "名学生")


def dropout_rate(asked: Asked) -> Parts:
    """辍学率: of last year's pupils, those whose last known status is one of dropping out."""
    finished = str(max(int(grade) for stage in asked.stages for grade in STAGE_GRADES[stage]))
    base_table, later = _registers(asked, 1)
    if base_table is None:
        return Parts([], "", missing=(_no_base(asked, 1),))
    base: dict[str, tuple[str, str]] = {}
    for row in _enrolled(asked, base_table, nw.col("stage").is_in(list(asked.stages))):
        base[row["key"]] = row["school_code"], row["grade"]
    status, here = _fates(asked, later, base)
    out = set(asked.setting("dropout_states"))
    gone: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for key, (school, grade) in base.items():
        if key in here:
            continue
        if key in status:
            gone[school] += status[key] in out
        elif grade != finished:
            unknown[school] += 1
    of = Counter(school for school, _ in base.values())
    parts = [Part(school, gone[school], of[school], unknown[school]) for school in sorted(of)]
    note = ""
    if unknown.total():
        most = (gone.total() + unknown.total()) * 100 / of.total()
        note = f"{unknown.total()}名学生不再出现而没有登记去向，未计入分子；若均为辍学，全县为{most:.2f}%"
    words = f"一年前{asked.stage}的在读学生，按学籍状态查其去向"
    return Parts(parts, words, "名学生", note=note)


def _cohort(asked: Asked, first: str, last: str, years: int) -> Cohort | str:
    base_table, later = _registers(asked, years)
    if base_table is None:
        return _no_base(asked, years)
    base = {row["key"]: row["school_code"] for row in _enrolled(asked, base_table, nw.col("grade") == first)}
    if not base:
        return f"{years}年前的学生登记表中没有{asked.stage}起始年级的学生，请核对该日的导入"
    final = {
        row["key"]: row["school_code"] for row in _enrolled(asked, asked.tables, nw.col("grade") == last)
    }
    status, here = _fates(asked, later, base)
    moved, dead = set(asked.setting("moved_states")), set(asked.setting("death_states"))
    away = {key: state for key, state in status.items() if key not in here}
    return Cohort(
        base,
        final,
        away,
        frozenset(here),
        frozenset(key for key, state in away.items() if state in moved),
        frozenset(key for key, state in away.items() if state in dead),
    )


def _registers(asked: Asked, years: int) -> tuple[Tables | None, list[tuple[date, Tables]]]:
    """The tables of the school year `years` ago, and those since then up to today's, oldest first."""
    if "students" not in asked.tables or not _followed(asked.tables):
        return None, []
    wanted, near = school_year(asked.rules.day) - years, years_before(asked.rules.day, years)
    days = [
        day
        for day, tables in asked.history.items()
        if school_year(day) == wanted and "students" in tables and _followed(tables)
    ]
    if not days:
        return None, []
    start = min(days, key=lambda day: (abs((day - near).days), day))
    between = [(day, asked.history[day]) for day in sorted(asked.history) if start < day < asked.rules.day]
    later = [(day, tables) for day, tables in between if "students" in tables and _followed(tables)]
    return asked.history[start], [*later, (asked.rules.day, asked.tables)]


def _followed(tables: Tables) -> bool:
    return "key" in tables["students"].collect_schema().names()


def _enrolled(asked: Asked, tables: Tables, condition: nw.Expr) -> Iterable[dict[str, str]]:
    students = tables["students"].filter(
        nw.col("enrolment_status").is_in(asked.rules.names("scope.enrolled")) & condition
    )
    return rows(students.select("key", "school_code", "grade"))


def _fates(
    asked: Asked, later: list[tuple[date, Tables]], of: Iterable[str]
) -> tuple[dict[str, str], set[str]]:
    """(last known status of those of `of` who left, those of `of` who are enrolled today)."""
    keys = set(of)
    status: dict[str, str] = {}
    for day, tables in later:
        left = asked.once(f"left {day}", partial(_left, asked, tables))
        status |= {key: left[key] for key in left.keys() & keys}
    return status, asked.once("enrolled", partial(_here, asked)) & keys


def _left(asked: Asked, tables: Tables) -> dict[str, str]:
    """Who is in a student register with the status of having left: {key: status}."""
    gone = tables["students"].filter(~nw.col("enrolment_status").is_in(asked.rules.names("scope.enrolled")))
    return {row["key"]: row["enrolment_status"] for row in rows(gone.select("key", "enrolment_status"))}


def _here(asked: Asked) -> set[str]:
    """The keys of all who are enrolled today."""
    enrolled = asked.rules.names("scope.enrolled")
    today = asked.tables["students"].filter(nw.col("enrolment_status").is_in(enrolled))
    return {row["key"] for row in rows(today.select("key"))}


def school_year(day: date) -> int:
    """The year in which the school year of `day` began; it begins in September, with August for preparation."""
    return day.year if day.month >= 8 else day.year - 1


def _no_base(asked: Asked, years: int) -> str:
    year = school_year(asked.rules.day) - years
    if "students" not in asked.tables:
        return "没有“学生”登记表，请先导入"
    return f"没有{year}—{year + 1}学年的学生登记表（或该表没有行标识），请补导入，或改用县级填报的数"


def _words(asked: Asked, first: str, last: str, years: int) -> str:
    return f"{years}年前{asked.stage}起始年级的在读学生，和今天同一届毕业班的在读学生"
