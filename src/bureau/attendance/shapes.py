"""考勤的读取结果: what other rooms and pages are given; plain values, no rows of the database."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from bureau.attendance import rules


class ClassRef(NamedTuple):
    """一个班, as the class register keys it."""

    county_code: str
    school_code: str
    grade: str
    class_number: int


class AbsenceRow(NamedTuple):
    """一条缺勤 in force."""

    student_key: str
    day: date
    school_code: str
    grade: str
    class_number: int
    kind: str
    halves: int
    part: str
    reason: str


class ClassDayRow(NamedTuple):
    """一次点名 in force."""

    school_code: str
    grade: str
    class_number: int
    day: date
    roll: int
    away_halves: int
    absent: int
    late: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PupilDays:
    """学生到校人天 of a class in a month. Only days with a roll call count; missing days are named, never estimated."""

    school_code: str
    grade: str
    class_number: int
    month: date
    school_days: int
    entered_days: int
    roll_days: int
    absent_halves: int

    @property
    def missing_days(self) -> int:
        """School days without a roll call (未登记)."""
        return max(0, self.school_days - self.entered_days)

    @property
    def present_days(self) -> Decimal:
        """Pupil-days present, in halves."""
        return Decimal(2 * self.roll_days - self.absent_halves) / 2


@dataclass(frozen=True, slots=True)
class Streak:
    """连续缺勤 of one pupil; see `rules.Streak`."""

    student_key: str
    school_code: str
    grade: str
    class_number: int
    days: int
    since: date
    last: date
    unexcused: int
    unknown: int


@dataclass(frozen=True, slots=True)
class ChildAttendance:
    """一名学生的考勤 between two days; `rate` is None while nobody has called the roll."""

    rows: tuple[AbsenceRow, ...]
    entered_days: int
    absent_halves: int
    streak: rules.Streak | None

    @property
    def rate(self) -> float | None:
        """出勤率: half days present ÷ half days called."""
        return 1 - self.absent_halves / (2 * self.entered_days) if self.entered_days else None


@dataclass(frozen=True, slots=True)
class Named:
    """点到名的学生: who was away or late, how, and why."""

    student_key: str
    kind: str
    part: str = "day"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RollCall:
    """要登记的一次点名."""

    ref: ClassRef
    day: date
    absences: tuple[Named, ...] = ()
