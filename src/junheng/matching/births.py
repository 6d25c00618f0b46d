"""出生日期: dates as registers write them → year, month, day; and the same day in the lunar calendar.

A family that gives the birthday of the lunar calendar, entered as if it were of the solar one, is off by three to seven weeks, but exactly so: 农历 is
computed (new moons and solar terms by the usual astronomical series), not guessed from the distance.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from math import cos, floor, pi, sin

import numpy as np
from numpy.typing import NDArray

from junheng.intake.cells import narrow
from junheng.matching.cells import Cells, cells

_EPOCH = date(1899, 12, 30)
_PLAIN = re.compile(r"(\d{4})[-/.年\s](\d{1,2})[-/.月\s](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}.*)?")
_MONTH = re.compile(r"(\d{4})[-/.年\s](\d{1,2})月?")
_PART = 250_000  # cells looked at together
_DIGITS, _BETWEEN = [0, 1, 2, 3, 5, 6, 8, 9], np.frombuffer(b"-/.", np.uint8)
FIRST_YEAR, LAST_YEAR = 1985, 2040


@dataclass(slots=True)
class Births:
    """出生日期: year, month and day, each 0 where it is not known; `given` where the register itself has the column filled."""

    year: NDArray[np.int16]
    month: NDArray[np.int16]
    day: NDArray[np.int16]
    given: NDArray[np.bool_]

    def __getitem__(self, rows: slice) -> "Births":
        return Births(self.year[rows], self.month[rows], self.day[rows], self.given[rows])

    def number(self) -> NDArray[np.int64]:
        """年月日 as one number, 0 unless all three are known."""
        whole = (self.year > 0) & (self.month > 0) & (self.day > 0)
        return np.where(whole, self.year.astype(np.int64) * 10_000 + self.month * 100 + self.day, 0)


def read_births(texts: Sequence[str | None]) -> Births:
    """出生日期 as written (text, Excel's serial number, year and month, year alone) → births. What is no date is not known."""
    column = cells(texts)
    parts = np.zeros((3, len(column)), np.int16)
    usual = np.flatnonzero(column.size == 10)
    for begin in range(0, len(usual), _PART):
        rows = usual[begin : begin + _PART]
        parts[:, rows] = _usual(column.rows(rows))
    rest = np.flatnonzero((column.size > 0) & (parts[2] == 0))
    written, which = column.rows(rest).distinct()
    each = np.array([_read(text) if text else (0, 0, 0) for text in written], np.int16)
    parts[:, rest] = each[which].T
    return Births(parts[0], parts[1], parts[2], parts[0] > 0)


def _usual(column: Cells) -> NDArray[np.int16]:
    """2009-03-04 and its like, (3, cells); zeros where a cell is anything else."""
    # Sign by sign for all cells at once, which is many times faster than cell by cell.
    raw = np.ascontiguousarray(column.window(10).T)
    digit = (raw - np.uint8(48)).astype(np.int16)
    year = ((digit[0] * 10 + digit[1]) * 10 + digit[2]) * 10 + digit[3]
    month, day = digit[5] * 10 + digit[6], digit[8] * 10 + digit[9]
    good = (digit[_DIGITS] <= 9).all(0) & np.isin(raw[4], _BETWEEN) & (raw[7] == raw[4])
    good &= (year >= 1900) & (year <= 2100) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    return np.where(good, (year, month, day), 0).astype(np.int16)


def _read(text: str) -> tuple[int, int, int]:
    bare = narrow(text)
    if found := _PLAIN.fullmatch(bare):
        return _checked(int(found[1]), int(found[2]), int(found[3]))
    digits = re.sub(r"\.0+$", "", bare)
    if digits.isdecimal():
        if len(digits) == 8:
            return _checked(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        if len(digits) == 6:
            return _checked(int(digits[:4]), int(digits[4:]), 0)
        if len(digits) == 5 and 7306 <= int(digits) <= 73_415:
            day = _EPOCH + timedelta(days=int(digits))
            return day.year, day.month, day.day
        return _checked(int(digits), 0, 0) if len(digits) == 4 else (0, 0, 0)
    if found := _MONTH.fullmatch(bare):
        return _checked(int(found[1]), int(found[2]), 0)
    found = re.fullmatch(r"(\d{4})年?", bare)
    return _checked(int(found[1]), 0, 0) if found else (0, 0, 0)


def _checked(year: int, month: int, day: int) -> tuple[int, int, int]:
    if not 1900 <= year <= 2100:
        return 0, 0, 0
    if not 1 <= month <= 12:
        return year, 0, 0
    return year, month, day if 1 <= day <= 31 else 0


@cache
def lunar_days() -> NDArray[np.int32]:
    """农历对照: for each solar day from FIRST_YEAR on, the lunar year, month and day as one number such as 20081223."""
    first, last = date(FIRST_YEAR - 1, 11, 1), date(LAST_YEAR + 1, 3, 1)
    moons = [day for k in range(-200, 520) if first <= (day := _new_moon(k)) <= last]
    names = _month_names(moons)
    start = date(FIRST_YEAR, 1, 1)
    answer = np.zeros((date(LAST_YEAR, 12, 31) - start).days + 1, np.int32)
    for begin, end in pairwise(moons):
        if begin not in names:
            continue
        year, month = names[begin]
        for step in range((end - begin).days):
            place = (begin - start).days + step
            if 0 <= place < len(answer):
                answer[place] = year * 10_000 + month * 100 + step + 1
    return answer


def lunar(number: NDArray[np.int64]) -> NDArray[np.int64]:
    """Solar days such as 20090118 → the lunar day as a number of the same form; 0 outside the years covered."""
    year, month, day = number // 10_000, number // 100 % 100, number % 100
    inside = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1)
    safe = np.where(inside, number, FIRST_YEAR * 10_000 + 101)
    months = (safe // 10_000 - 1970) * 12 + safe // 100 % 100 - 1
    days = months.astype("datetime64[M]").astype("datetime64[D]") + (safe % 100 - 1)
    place = (days - np.datetime64(f"{FIRST_YEAR}-01-01")).astype(np.int64)
    table = lunar_days()
    return np.where(inside, table[np.clip(place, 0, len(table) - 1)], 0).astype(np.int64)


def _month_names(moons: list[date]) -> dict[date, tuple[int, int]]:
    """Which lunar month begins with each new moon: the eleventh holds the winter solstice; a leap month no major term."""
    terms = {_solar_term(year, k) for year in range(FIRST_YEAR - 2, LAST_YEAR + 2) for k in range(12)}
    solstices = [_solar_term(year, 9) for year in range(FIRST_YEAR - 2, LAST_YEAR + 2)]
    names: dict[date, tuple[int, int]] = {}
    for one, two in pairwise(solstices):
        begins = [n for n, moon in enumerate(moons) if moon <= one]
        ends = [n for n, moon in enumerate(moons) if moon <= two]
        if not begins or not ends or begins[-1] == ends[-1]:
            continue
        span = moons[begins[-1] : ends[-1] + 1]
        month, leap_left = 11, len(span) - 1 == 13
        for place, (moon, following) in enumerate(pairwise(span)):
            empty = not any(moon <= term < following for term in terms)
            if place and leap_left and empty:
                leap_left = False
            elif place:
                month = month % 12 + 1
            names[moon] = (one.year + (0 if month >= 11 else 1), month)
    return names


def _new_moon(k: int) -> date:
    """The day, in China, of the k-th new moon since 2000."""
    t = k / 1236.85
    day = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t
    e = 1 - 0.002516 * t
    sun = _radians(2.5534 + 29.10535670 * k)
    moon = _radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    node = _radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    omega = _radians(124.7746 - 1.56375588 * k)
    day += (
        -0.40720 * sin(moon) + 0.17241 * e * sin(sun) + 0.01608 * sin(2 * moon) + 0.01039 * sin(2 * node)
        + 0.00739 * e * sin(moon - sun) - 0.00514 * e * sin(moon + sun) + 0.00208 * e * e * sin(2 * sun)
        - 0.00111 * sin(moon - 2 * node) - 0.00057 * sin(moon + 2 * node) + 0.00056 * e * sin(2 * moon + sun)
        - 0.00042 * sin(3 * moon) + 0.00042 * e * sin(sun + 2 * node) + 0.00038 * e * sin(sun - 2 * node)
        - 0.00024 * e * sin(2 * moon - sun) - 0.00017 * sin(omega) + 0.000325 * sin(_radians(299.77 + 0.107408 * k))
    )  # fmt: skip
    return _china(day)


def _solar_term(year: int, k: int) -> date:
    """The day, in China, on which the sun reaches 30° × k (k = 9 is the winter solstice of that year)."""
    day = 2451623.8 + (year - 2000) * 365.2422 + k * 30.4368
    for _ in range(6):
        off = (_sun_longitude(day) - 30 * k + 180) % 360 - 180
        day -= off * 365.2422 / 360
    return _china(day)


def _sun_longitude(day: float) -> float:
    """Apparent, in degrees."""
    t = (day - 2451545) / 36525
    mean = _radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (
        (1.914602 - 0.004817 * t) * sin(mean)
        + (0.019993 - 0.000101 * t) * sin(2 * mean)
        + 0.000289 * sin(3 * mean)
    )
    omega = _radians(125.04 - 1934.136 * t)
    perturbed = 0.00134 * cos(_radians(153.23 + 22518.7541 * t)) + 0.00154 * cos(
        _radians(216.57 + 45037.5082 * t)
    )
    perturbed += 0.002 * cos(_radians(312.69 + 32964.3577 * t)) + 0.00178 * sin(_radians(251.39 + 20.2 * t))
    perturbed += 0.00179 * sin(_radians(350.74 + 445267.1142 * t))
    longitude = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    return (longitude + centre + perturbed - 0.00569 - 0.00478 * sin(omega)) % 360


def _radians(degrees: float) -> float:
    return degrees % 360 * pi / 180


def _china(julian: float) -> date:
    # Dynamical time runs about 66 s ahead of the clock; China is eight hours east.
    return date.fromordinal(floor(julian - 66 / 86400 + 8 / 24 + 0.5) - 1721425)
