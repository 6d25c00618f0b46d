"""家庭经济困难学生认定名册 of the demo county: one for each term, as the aid office gathers it from the schools. Made up; nobody in them exists.

Most lines carry the 学号; a few schools wrote only class and name, a few 学号 stand beside another pupil's name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bureau.people.secret import unseal_many
from bureau.registry import queries as registered
from town.outside_registers import Book, Listed, share, workbook

HEADINGS = ("序号", "学校名称", "年级", "班级", "学籍号", "学生姓名", "认定依据")
_GRADES = dict(
    zip(
        ("K1", "K2", "K3", *map(str, range(1, 13))),
        ("小班", "中班", "大班", "一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级", "高一", "高二", "高三"),
        strict=True,
    )
)  # fmt: skip
RECOGNISED, OTHERS, COME_OFF = 0.3, 0.03, 0.04
BY_CLASS, SWAPPED = 0.02, 0.0015


@dataclass(frozen=True, slots=True)
class Term:
    """认定的一个学期: the day of the list and the last day it holds."""

    day: date
    until: date


def hardship_books(
    pupils: Sequence[Listed], *, county_code: str, county: str, terms: Sequence[Term]
) -> Iterator[tuple[Term, Book]]:
    """A list for each term."""
    chosen = [one for one in pupils if share(one.key, "recognised") < _share_of(one)]
    rows = _enrolled(county_code, {one.key for one in chosen})
    for term in terms:
        listed = [
            one for one in chosen if one.key in rows and share(one.key, str(term.day), "off") > COME_OFF
        ]
        lines = [_line(one, rows[one.key], term) for one in listed]
        for at, one in enumerate(listed[:-1]):
            if share(one.key, "swapped") < SWAPPED:
                lines[at][4], lines[at + 1][4] = lines[at + 1][4], lines[at][4]
        content = workbook(f"{county}家庭经济困难学生认定名册（演示）", HEADINGS, lines, term.day)
        name = f"{term.day:%Y%m}-家庭经济困难学生认定名册-演示.xlsx"
        yield term, Book("hardship", term.day, name, content, tuple(one.key for one in listed))


def _share_of(one: Listed) -> float:
    poor = one.registered or one.minimum or one.destitute or one.orphan or bool(one.disability)
    return RECOGNISED if poor else OTHERS


def _enrolled(county_code: str, keys: set[str]) -> dict[str, tuple[str, str, str, str]]:
    """{pupil: (学号, school, grade, class)}."""
    day = registered.latest_day(county_code)
    if day is None:
        return {}
    names = dict(registered.rows_on("schools", day, county_code).values_list("school_code", "school_name"))
    students = registered.rows_on("students", day, county_code).values_list(
        "key", "enrolment_number", "school_code", "grade", "class_number"
    )
    found = [row for row in registered.raw(students) if row[0] in keys]
    numbers = unseal_many(row[1] for row in found)
    return {
        key: (number, names.get(school) or "", _GRADES.get(grade or "", ""), f"{room}班" if room else "")
        for number, (key, _sealed, school, grade, room) in zip(numbers, found, strict=True)
    }


def _line(one: Listed, row: tuple[str, str, str, str], term: Term) -> list[str]:
    number, school, grade, room = row
    without = share(one.key, "by class") < BY_CLASS
    why = (
        "孤儿" if one.orphan else "特困供养" if one.destitute else "最低生活保障家庭" if one.minimum else "脱贫家庭" if one.registered
        else "残疾学生" if one.disability else "家庭突发变故"
    )  # fmt: skip
    return ["", school, grade, room, "" if without else number, one.child.name, why]
