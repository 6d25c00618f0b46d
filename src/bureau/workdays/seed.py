"""随包节假日: the holidays that the package `chinesecalendar` knows, as a first filling that a person confirms."""

from dataclasses import dataclass
from datetime import date, timedelta

from chinese_calendar.constants import Holiday, holidays, workdays

SATURDAY = 5
NAMES = {one.value: one.chinese for one in Holiday}


@dataclass(frozen=True, slots=True)
class Row:
    """一个特殊日."""

    day: date
    working: bool
    name: str


def published(year: int) -> list[Row]:
    """特殊日 of one year in order of date: only days that differ from Monday to Friday; [] when the package has none."""
    rows = []
    day = date(year, 1, 1)
    while day.year == year:
        weekday = day.weekday() < SATURDAY
        if day in holidays and weekday:
            rows.append(Row(day, False, NAMES.get(holidays[day], holidays[day])))
        elif day in workdays and not weekday:
            rows.append(Row(day, True, f"{NAMES.get(workdays[day], workdays[day])}调休"))
        day += timedelta(days=1)
    return rows
