"""预测: readings → the value on a later day, by least squares with a prediction interval, or by the latest value."""

import math
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np

from junheng.measures.progress_model import Forecast, Reading, shown

LEAST_READINGS = 3


def forecast(
    readings: Sequence[Reading],
    on: date,
    *,
    level: float = 0.9,
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
) -> Forecast | None:
    """预测 for the day `on`; None without readings. `low` and `high` are bounds that no value can pass (0 %, 100 %).

    From three readings on different days: the straight line of least squares over the days, with the interval in which
    a further reading lies with probability `level` (Student's t). With fewer: the latest value, without an interval.
    """
    held = one_a_day(readings)
    if not held:
        return None
    if len(held) < LEAST_READINGS:
        latest = held[-1]
        sentence = f"读数不足{LEAST_READINGS}次，沿用{latest.day}的{shown(latest.value)}{unit}，不给区间"
        return Forecast(on, latest.value, None, None, level, "沿用最近一次", sentence)
    value, half, slope = _line(held, on, level)
    bottom, middle, top = (_within(x, low, high) for x in (value - half, value, value + half))
    pace = f"每30天变化{shown(slope * 30)}{'个百分点' if unit == '%' else unit}"
    cut = "，已按可能的范围截断" if middle != value else ""
    sentence = (
        f"按{len(held)}次读数的最小二乘直线（{pace}）推算，{on}约为{shown(middle)}{unit}{cut}，"
        f"{level:.0%}的可能在{shown(bottom)}—{shown(top)}{unit}之间"
    )
    return Forecast(on, middle, bottom, top, level, "最小二乘直线", sentence)


def one_a_day(readings: Sequence[Reading]) -> list[Reading]:
    """In order of days; of several readings of one day the last given counts."""
    by_day = {reading.day: reading for reading in readings}
    return [by_day[day] for day in sorted(by_day)]


def _line(held: Sequence[Reading], on: date, level: float) -> tuple[float, float, float]:
    """(value on the day, half the width of the prediction interval, slope per day)."""
    start = held[0].day
    days = np.array([(reading.day - start).days for reading in held], np.float64)
    values = np.array([reading.value for reading in held], np.float64)
    count, at = len(held), float((on - start).days)
    centre, level_of = float(days.mean()), float(values.mean())
    spread = float(((days - centre) ** 2).sum())
    slope = float(((days - centre) * (values - level_of)).sum()) / spread
    left = values - (level_of + slope * (days - centre))
    variance = float((left**2).sum()) / (count - 2)
    width = math.sqrt(variance * (1 + 1 / count + (at - centre) ** 2 / spread))
    return level_of + slope * (at - centre), student_quantile((1 + level) / 2, count - 2) * width, slope


def _within(value: float, low: float | None, high: float | None) -> float:
    value = value if low is None else max(low, value)
    return value if high is None else min(high, value)


@lru_cache(maxsize=256)
def student_quantile(probability: float, freedom: int) -> float:
    """The quantile of Student's t with whole degrees of freedom, to 1e-10, for a probability of one half or more."""
    low, high = 0.0, 1.0
    while _student(high, freedom) < probability:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if _student(middle, freedom) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _student(t: float, freedom: int) -> float:
    """The distribution function for t ≥ 0: the finite series that holds for whole degrees of freedom."""
    angle = math.atan2(t, math.sqrt(freedom))
    cosine = math.cos(angle)
    total = term = cosine if freedom % 2 else 1.0
    for k in range(3 if freedom % 2 else 2, freedom - 1, 2):
        term *= cosine**2 * (k - 1) / k
        total += term
    if freedom % 2:
        inside = angle if freedom == 1 else angle + math.sin(angle) * total
        return 0.5 + inside / math.pi
    return 0.5 + math.sin(angle) * total / 2
