"""成批写入点名: a county's term at the speed of the database. Checked by `actions`, inside its transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q

from bureau.attendance import rules
from bureau.attendance.models import Absence, ClassDay
from bureau.attendance.shapes import ClassRef, RollCall
from bureau.registry.bulk import insert, update_by_id

_CLASS_DAY = (
    "county_code", "school_code", "grade", "class_number", "day", "roll", "away_halves", "absent", "late",
    "source", "by_id", "at", "reason", "replaced_at",
)  # fmt: skip
_ABSENCE = (
    "of_id", "county_code", "school_code", "grade", "class_number", "day", "student_key", "kind", "part", "halves",
    "reason", "replaced_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """一次要存的点名: what was called, the size of the roll, and who entered it how."""

    call: RollCall
    roll: int
    by: int
    at: datetime
    source: str
    reason: str


def retire(ids: Sequence[int], *, at: datetime) -> None:
    """The versions that a correction takes the place of."""
    update_by_id(ClassDay, ids, replaced_at=at)
    for start in range(0, len(ids), 500):
        Absence.objects.filter(of__in=ids[start : start + 500]).update(replaced_at=at)


def store(rows: Sequence[Stored]) -> None:
    """New versions and the pupils they name."""
    moments = {row.at: connection.ops.adapt_datetimefield_value(row.at) for row in rows}
    days = {row.call.day: connection.ops.adapt_datefield_value(row.call.day) for row in rows}
    insert(ClassDay, _CLASS_DAY, [_values(row, days, moments) for row in rows])
    named = [row.call for row in rows if row.call.absences]
    if not named:
        return
    ids = _ids(named)
    insert(
        Absence,
        _ABSENCE,
        [
            (
                ids[call.ref, call.day], *call.ref, days[call.day], one.student_key, one.kind, one.part,
                rules.halves_of(one.kind, one.part), one.reason.strip(), None,
            )
            for call in named
            for one in call.absences
        ],
    )  # fmt: skip


def _values(
    row: Stored, days: Mapping[date, object], moments: Mapping[datetime, object]
) -> tuple[object, ...]:
    away = absent = late = 0
    for one in row.call.absences:
        halves = rules.halves_of(one.kind, one.part)
        away += halves
        absent += bool(halves) and one.kind not in rules.NO_ABSENCE
        late += one.kind in rules.NOT_AWAY
    return (
        *row.call.ref, days[row.call.day], row.roll, away, absent, late, row.source, row.by, moments[row.at], row.reason, None,
    )  # fmt: skip


def _ids(calls: Sequence[RollCall]) -> dict[tuple[ClassRef, date], int]:
    """Of the versions just stored that name somebody."""
    county = calls[0].ref.county_code
    days = [call.day for call in calls]
    rows = ClassDay.objects.filter(
        Q(away_halves__gt=0) | Q(late__gt=0),
        county_code=county,
        day__gte=min(days),
        day__lte=max(days),
        replaced_at=None,
    )
    if len(calls) == 1:
        rows = rows.filter(**calls[0].ref._asdict())
    return {
        (ClassRef(county, school, grade, number), day): pk
        for pk, school, grade, number, day in rows.order_by().values_list(
            "pk", "school_code", "grade", "class_number", "day"
        )
    }
