"""按学号或班级对上: lines on which a school names its own pupil, by 学号 or by school, class and name.

What cannot be told this way goes on to matching by person; nobody is guessed.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bureau.links.pupils import Pupils

BY_NUMBER, BY_CLASS, DOUBTFUL = 0.9999, 0.995, 0.5
_MARKS = str.maketrans("", "", "·•．.・ 　")


class Named(Protocol):
    """What of a line is read."""

    name: str
    id_lookup: str
    enrolment_key: str
    school_code: str
    grade: str
    class_number: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """The pupil's row, the handling (automatic or to_check), how sure, and why in words."""

    row: int
    state: str
    probability: float
    reason: str


def find(lines: Sequence[Named], pupils: Pupils) -> dict[int, Found]:
    """{place in `lines`: the pupil}. Lines that name no pupil, or several alike, are left out."""
    by_name: dict[tuple[str, str], list[int]] = {}
    if any(line.school_code for line in lines):
        by_name = _by_school_and_name(pupils)
    found: dict[int, Found] = {}
    for at, line in enumerate(lines):
        one = _by_number(line, pupils) or _by_class(line, pupils, by_name)
        if one is not None:
            found[at] = one
    return found


def _by_number(line: Named, pupils: Pupils) -> Found | None:
    row = pupils.row_of.get(line.enrolment_key) if line.enrolment_key else None
    if row is None:
        return None
    name = pupils.columns["name"][row] or ""
    if line.id_lookup and pupils.numbers[row] and line.id_lookup != pupils.numbers[row]:
        return Found(row, "to_check", DOUBTFUL, "学号相同；身份证号不同，其中一个填错了")
    if not line.name or _bare(line.name) == _bare(name):
        return Found(
            row, "automatic", BY_NUMBER, "学号相同；姓名相同" if line.name else "学号相同；名册没有姓名"
        )
    return Found(
        row, "to_check", DOUBTFUL, f"学号相同；姓名不同（名册“{line.name}”、学籍“{name}”），可能填错了学号"
    )


def _by_class(line: Named, pupils: Pupils, by_name: dict[tuple[str, str], list[int]]) -> Found | None:
    if line.id_lookup or not line.school_code or not line.name:
        return None  # with a right ID number the person is found by it
    bearers = by_name.get((line.school_code, _bare(line.name)), [])
    alike = [row for row in bearers if not line.grade or pupils.grades[row] == line.grade]
    if line.class_number is not None:
        alike = [row for row in alike if pupils.rooms[row] == line.class_number]
    if len(alike) == 1 and line.grade:
        where = "班" if line.class_number is not None else "年级"
        return Found(
            alike[0], "automatic", BY_CLASS, f"学校、{where}和姓名相同；这个{where}只有一人叫这个名字"
        )
    if len(bearers) == 1:
        words = "年级班级对不上" if line.grade or line.class_number is not None else "没有写年级"
        return Found(bearers[0], "to_check", DOUBTFUL, f"学校和姓名相同；！全校只有一人叫这个名字，但{words}")
    return None


def _by_school_and_name(pupils: Pupils) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, name in enumerate(pupils.columns["name"]):
        if name:
            found[pupils.schools[row], _bare(name)].append(row)
    return found


def _bare(name: str) -> str:
    """A name without blanks and dots."""
    return name.translate(_MARKS)
