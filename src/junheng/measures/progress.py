"""目标进展: trajectory, verdict, forecast and what is needed a month, for one target and its readings. No clock: `day` is given."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from junheng.measures.progress_forecast import forecast, one_a_day
from junheng.measures.progress_model import (
    BEHIND,
    MET,
    NO_DATA,
    ON_COURSE,
    Forecast,
    Point,
    Progress,
    Reading,
    Status,
    TargetLine,
    shown,
)

DAYS_A_MONTH = 365.25 / 12
STALE_DAYS = 400
"""A year and a month: yearly figures stay valid until the next ones are due."""
NOISE = 1e-9


def shortfall(target: TargetLine, value: float) -> float:
    """差距: how far the value is from what the target admits, in its unit; 0 when there is no distance left.

    > and < are as far as ≥ and ≤; whether the bound itself is enough, `is_met` says.
    """
    low, high = _bounds(target)
    below = low - value if low is not None else 0.0
    above = value - high if high is not None else 0.0
    distance = max(below, above, 0.0)
    return 0.0 if distance <= _noise(target) else distance


def is_met(target: TargetLine, value: float) -> bool:
    """达到: whether the value is what the target asks."""
    if target.comparator == "gt":
        return value > target.value + _noise(target)
    if target.comparator == "lt":
        return value < target.value - _noise(target)
    return shortfall(target, value) == 0.0


def trajectory(target: TargetLine, day: date, readings: Sequence[Reading] = ()) -> float | None:
    """进度线: the value that the path has on a day; None without a due day or without a start.

    The path starts at the baseline, or else at the first reading. Before the start it has the start's value, after the
    due day the target's.
    """
    points = path(target, readings)
    if not points:
        return None
    if day <= points[0].day:
        return points[0].value
    for left, right in pairwise(points):
        if day < right.day:
            if target.steps:
                return left.value
            share = (day - left.day).days / (right.day - left.day).days
            return left.value + (right.value - left.value) * share
    return points[-1].value


def path(target: TargetLine, readings: Sequence[Reading] = ()) -> tuple[Point, ...]:
    """The corner points of the trajectory: start, milestones behind it, and the target on the due day."""
    start = _start(target, readings)
    if start is None or target.due is None or start.day >= target.due:
        return ()
    end = _nearest(target, start.value)
    between = [Point(m.day, m.value) for m in target.milestones if m.day > start.day]
    return (Point(start.day, start.value), *between, Point(target.due, end))


def progress(
    target: TargetLine,
    readings: Sequence[Reading],
    *,
    day: date,
    forecast_level: float = 0.9,
    stale_days: int = STALE_DAYS,
) -> Progress:
    """进展 on `day`: readings of later days are not looked at.

    达到: the latest reading meets the target (blanks that could still spoil an upper bound forbid it). 落后: the due day
    has passed, or the reading is further from the target than the path of its day; without a due day, when nothing has
    been gained since the start. 按进度: otherwise. 无数据: no reading, or none within `stale_days` of the day (or of the
    due day, once that has passed), or without a due day only the start.
    """
    held = [reading for reading in one_a_day(readings) if reading.day <= day]
    corners = path(target, held)
    if not held:
        sentence = f"目标{target.words}，到{day}还没有读数，不能判断"
        return Progress(NO_DATA, sentence, None, None, 0.0, None, "", None, corners)
    latest = held[-1]
    gap = shortfall(target, latest.value)
    expected = trajectory(target, latest.day, held)
    ahead = _ahead(target, held, day, forecast_level)
    verdict, sentence = _verdict(target, held, day, expected, stale_days)
    rate, needed = (None, "") if verdict == MET else _needed(target, latest, gap, day)
    return Progress(verdict, sentence, latest, expected, gap, rate, needed, ahead, corners)


def _verdict(
    target: TargetLine, held: Sequence[Reading], day: date, expected: float | None, stale_days: int
) -> tuple[Status, str]:
    latest, due = held[-1], target.due
    said = f"{latest.day}为{shown(latest.value)}{target.unit}，目标{target.words}"
    judged_on = day if due is None else min(day, due)
    old = (judged_on - latest.day).days
    if old > stale_days:
        return NO_DATA, f"最近一次读数已是{old}天以前：{said}；请更新数据后再判断"
    met = is_met(target, latest.value)
    if met and not _uncertain(target, latest):
        return MET, f"{said}，已达到"
    gap = shortfall(target, latest.value)
    if met:
        said += f"，但有{latest.unreported}项未报，不能认定达到"
    else:
        said += f"，还差{shown(gap)}{_points(target)}" if gap else "，恰在界限上，还不算达到"
    if due is None:
        return _undated(target, held, said)
    if day > due:
        return BEHIND, f"{said}，完成时限{due}已过{(day - due).days}天"
    if expected is None:
        return (ON_COURSE if met else BEHIND), f"{said}，今天就是完成时限{due}"
    late_by = gap - shortfall(target, expected)
    word = "按进度" if late_by <= _noise(target) else f"比进度落后{shown(late_by)}{_points(target)}"
    start = "（没有基期值，以首次读数为起点）" if target.baseline is None else ""
    sentence = f"{said}；按进度线当日应为{shown(expected)}{target.unit}，{word}{start}"
    return (ON_COURSE if late_by <= _noise(target) else BEHIND), sentence


def _undated(target: TargetLine, held: Sequence[Reading], said: str) -> tuple[Status, str]:
    """Without a due day there is no path: only whether something has been gained since the start."""
    start, latest = target.baseline or held[0], held[-1]
    if start.day == latest.day:
        return NO_DATA, f"{said}；没有完成时限，又只有起点的读数，不能判断快慢"
    gained = shortfall(target, start.value) - shortfall(target, latest.value)
    word = f"缩小了{shown(gained)}" if gained > 0 else f"扩大了{shown(-gained)}" if gained < 0 else "没有变化"
    unit = _points(target) if gained else ""
    sentence = f"{said}；没有完成时限，与{start.day}的{shown(start.value)}{target.unit}相比差距{word}{unit}"
    return (ON_COURSE if gained > 0 else BEHIND), sentence


def _bounds(target: TargetLine) -> tuple[float | None, float | None]:
    value = target.value
    if target.comparator in ("ge", "gt"):
        return value, None
    if target.comparator in ("le", "lt"):
        return None, value
    if target.comparator == "between":
        return value, target.value2
    margin = abs(value) * target.tolerance if target.comparator == "approx" else 0.0
    return value - margin, value + margin


def _noise(target: TargetLine) -> float:
    return NOISE * max(1.0, abs(target.value))


def _nearest(target: TargetLine, value: float) -> float:
    """The value to be reached, coming from `value`: the nearer end of a range; what is already met stays."""
    low, high = _bounds(target)
    if target.comparator in ("ge", "gt", "le", "lt", "eq", "approx"):
        return target.value if not is_met(target, value) or target.comparator in ("eq", "approx") else value
    return min(max(value, low if low is not None else value), high if high is not None else value)


def _start(target: TargetLine, readings: Sequence[Reading]) -> Reading | None:
    if target.baseline is not None:
        return target.baseline
    held = one_a_day(readings)
    return held[0] if held else None


def _uncertain(target: TargetLine, reading: Reading) -> bool:
    """An upper bound or an exact figure is not proved as long as something is blank; a lower bound of a count is."""
    return reading.unreported > 0 and target.comparator not in ("ge", "gt")


def _ahead(target: TargetLine, held: Sequence[Reading], day: date, level: float) -> Forecast | None:
    """The forecast for the due day, while it lies ahead."""
    if target.due is None or day > target.due:
        return None
    values = [target.value, *(reading.value for reading in held)]
    share = target.unit == "%" and not target.over_100
    found = forecast(
        held,
        target.due,
        level=level,
        low=0.0 if min(values) >= 0 else None,
        high=100.0 if share and max(values) <= 100 else None,
        unit=target.unit,
    )
    if found is None:
        return None
    reaches = is_met(target, found.value)
    word = f"照此{'能' if reaches else '不能'}达到目标{target.words}"
    return Forecast(
        found.day,
        found.value,
        found.low,
        found.high,
        level,
        found.method,
        f"{found.sentence}；{word}",
        reaches,
    )


def _needed(target: TargetLine, latest: Reading, gap: float, day: date) -> tuple[float | None, str]:
    """(change a month that is still needed, sentence). The time counts from `day`, for what is past cannot be used."""
    if target.due is None or not gap:
        return None, ""
    left = (target.due - day).days
    if left <= 0:
        return None, f"完成时限{target.due}已到，还差{shown(gap)}{_points(target)}"
    goal = _nearest(target, latest.value)
    if target.comparator == "approx":
        low, high = _bounds(target)
        goal = low if low is not None and latest.value < low else high if high is not None else goal
    months = left / DAYS_A_MONTH
    rate = (goal - latest.value) / months
    verb = "提高" if rate > 0 else "降低"
    if months < 1:
        return rate, f"到{target.due}还有{left}天，须{verb}{shown(abs(goal - latest.value))}{_points(target)}"
    return rate, f"到{target.due}还有{shown(months, 1)}个月，每月须{verb}{shown(abs(rate))}{_points(target)}"


def _points(target: TargetLine) -> str:
    return "个百分点" if target.unit == "%" else target.unit
