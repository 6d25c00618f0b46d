"""期次: the periods of a recurring task by the calendar (每年、每季度、每两年、每学期两次 …). Pure.

A frequency is what the plan compiler writes: a number and y, q, m, w, sy (学年) or sem (学期), e.g. `2y` for every two
years; `*n` behind it says n times in each period. A school year runs from August to July, its terms change in February.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_FREQUENCY = re.compile(r"(?P<every>[1-9]\d?)(?P<unit>y|q|m|w|sy|sem)(?:\*(?P<times>[1-9]\d?))?\Z")
_MONTHS = {"y": 12, "q": 3, "m": 1, "sy": 12, "sem": 6}
_FIRST_MONTH = {"y": 1, "q": 1, "m": 1, "sy": 8, "sem": 8}
_UNIT_WORDS = {"y": "年", "q": "季度", "m": "月", "w": "周", "sy": "学年", "sem": "学期"}
_NUMBERS = "零一两三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Period:
    """一期: its name, unique among those of a task, its first day and the day by which it is to be done."""

    name: str
    opens: date
    due: date


def why_not_frequency(text: str) -> str | None:
    """为什么这个周期不行."""
    if not text or _FREQUENCY.match(text):
        return None
    return f"周期“{text}”不能识别，请从每年、每季度、每月、每学期等中选择"


def words(frequency: str) -> str:
    """1sem*2 → 每学期2次; "" → 一次性."""
    found = _FREQUENCY.match(frequency)
    if found is None:
        return "一次性"
    every, unit = int(found["every"]), found["unit"]
    if unit == "m" and every == 6:
        text = "每半年"
    else:
        count = "" if every == 1 else _NUMBERS[every] if every <= 10 else str(every)
        between = "个" if count and unit in ("q", "m", "sem", "sy") else ""
        text = f"每{count}{between}{_UNIT_WORDS[unit]}"
    return f"{text}{found['times']}次" if found["times"] else text


def periods(frequency: str, *, starts: date | None, ends: date | None, today: date) -> list[Period]:
    """The current period and the next one, within the plan's years; [] for a task to be done once.

    Before the plan begins these are its first two, after its end the last one.
    """
    found = _FREQUENCY.match(frequency)
    if found is None:
        return []
    first = starts or today
    at = max(today, first) if ends is None else min(max(today, first), max(ends, first))
    chosen: list[Period] = []
    for period in _calendar(int(found["every"]), found["unit"], first):
        if period.due < at:
            continue
        if ends is not None and period.opens > ends:
            break
        opens, due = max(period.opens, first), period.due if ends is None else min(period.due, ends)
        chosen.append(Period(period.name, opens, due))
        if len(chosen) == 2:
            break
    return [part for period in chosen for part in _parts(period, int(found["times"] or 1))]


def _parts(period: Period, times: int) -> Iterator[Period]:
    """n times in a period: evenly over it, since the documents say no more than how often."""
    if times == 1:
        yield period
        return
    length = (period.due - period.opens).days + 1
    begins = period.opens
    for number in range(1, times + 1):
        due = period.opens + timedelta(days=length * number // times - 1)
        yield Period(f"{period.name}第{number}次", begins, max(due, begins))
        begins = max(due, begins) + timedelta(days=1)


def _calendar(every: int, unit: str, first: date) -> Iterator[Period]:
    """All periods from the one that holds `first` on."""
    if unit == "w":
        begins = first - timedelta(days=first.weekday())
        while True:
            due = begins + timedelta(days=7 * every - 1)
            iso = begins.isocalendar()
            yield Period(f"{iso.year}年第{iso.week}周" + (f"起{every}周" if every > 1 else ""), begins, due)
            begins = due + timedelta(days=1)
    months = every * _MONTHS[unit]
    year = first.year if first.month >= _FIRST_MONTH[unit] else first.year - 1
    start = year * 12 + _FIRST_MONTH[unit] - 1
    if months <= 12:
        start += (first.year * 12 + first.month - 1 - start) // months * months
    while start // 12 < date.max.year - 1:
        yield _period(start, months, unit)
        start += months


def _period(start: int, months: int, unit: str) -> Period:
    opens, after = _month(start), _month(start + months)
    return Period(_name(opens, months, unit), opens, after - timedelta(days=1))


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _name(opens: date, months: int, unit: str) -> str:
    year, last = opens.year, opens.year + months // 12 - 1
    if unit == "sy":
        return f"{year}—{last + 1}学年"
    if unit == "sem":
        if months != 6:
            return f"{year}年{opens.month}月起{months // 6}个学期"
        return f"{year}年{'秋季' if opens.month == 8 else '春季'}学期"
    if months >= 12 and months % 12 == 0:
        return f"{year}年" if last == year else f"{year}—{last}年"
    if months == 6:
        return f"{year}年{'上' if opens.month == 1 else '下'}半年"
    if months == 3:
        return f"{year}年第{(opens.month + 2) // 3}季度"
    if months == 1:
        return f"{year}年{opens.month}月"
    return f"{year}年{opens.month}月起{months}个月"
