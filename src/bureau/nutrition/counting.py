"""出勤人次: pupil-days at school of the entitled pupils of each class, from the roll calls of the serving days.

Half a day at school counts as a day: a meal is eaten. A day without a roll call is not guessed.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date

from bureau.attendance import queries as attendance
from bureau.nutrition.programme import fed, month_end

Key = tuple[str, str, int]
WHOLE_DAY = 2


def attended(
    county_code: str,
    month: date,
    counted_on: date,
    pupils: Mapping[Key, int],
    serving: Mapping[str, Collection[date]],
    school_code: str = "",
) -> dict[Key, tuple[int | None, int]]:
    """{(school, grade, class): (pupil-days or None when days are missing, days without a roll call)}.

    `pupils` are the entitled of each class, `serving` the days of each school that are over.
    """
    last = month_end(month)
    called: dict[Key, set[date]] = {
        (ref.school_code, ref.grade, ref.class_number): days
        for ref, days in attendance.days_called(county_code, month, last, school_code=school_code).items()
    }
    if not called:
        return {key: (None, len(serving.get(key[0], ()))) for key in pupils}
    entitled = fed(county_code, counted_on)
    if school_code:
        entitled = entitled.filter(school_code=school_code)
    keys = set(entitled.values_list("key", flat=True))
    away: Counter[Key] = Counter()
    for absence in attendance.absences(county_code, month, last, school_code=school_code):
        if (
            absence.halves == WHOLE_DAY
            and absence.student_key in keys
            and absence.day in serving.get(absence.school_code, ())
        ):
            away[absence.school_code, absence.grade, absence.class_number] += 1
    found: dict[Key, tuple[int | None, int]] = {}
    for key, count in pupils.items():
        days = set(serving.get(key[0], ()))
        missing = len(days - called.get(key, set()))
        found[key] = (None if missing else max(0, count * len(days) - away[key]), missing)
    return found
