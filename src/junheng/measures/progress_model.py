"""目标进展: what a target asks, the readings, and the answer with its sentences.

The model in prose
------------------
1. A *reading* is one figure of one day: computed by a run, or reported with evidence.
2. A *target line* (目标线) says what is to be reached: a comparator, one or two values, a day, perhaps dated milestones,
   and where it started (the baseline).
3. The *shortfall* of a figure is how far it is from what the comparator admits, 0 when it is met. It makes one reckoning
   of ≥, ≤, = and ranges.
4. The *path* is the line from the baseline over the milestones to the value on the due day, straight between them, or in
   steps for what is done at once. A reading is on course when it is no further from the target than the path of its day.
5. A *forecast* prolongs the readings, by a method that is named, with an interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Comparator = Literal["ge", "gt", "le", "lt", "eq", "approx", "between"]
Status = Literal["达到", "按进度", "落后", "无数据"]
MET: Status = "达到"
ON_COURSE: Status = "按进度"
BEHIND: Status = "落后"
NO_DATA: Status = "无数据"

COMPARATOR_WORDS: dict[str, str] = {
    "ge": "不低于",
    "gt": "高于",
    "le": "不高于",
    "lt": "低于",
    "eq": "等于",
    "approx": "约为",
    "between": "在",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """读数: one figure of one day. `unreported` counts what was left out because it is blank."""

    day: date
    value: float
    unreported: int = 0


@dataclass(frozen=True, slots=True)
class Milestone:
    """阶段目标: a value to be reached by a day before the due day."""

    day: date
    value: float


@dataclass(frozen=True)
class TargetLine:
    """目标线: `comparator` and `value` (and `value2` of a range) to be reached by `due`; None: no date is set.

    `steps`: the figure changes at once (a school opens), so that nothing is expected between milestones. `tolerance` is
    what 约为 admits, a share of the value. `whole`: only whole numbers occur. `over_100`: the formula may exceed 100 %.
    """

    comparator: Comparator
    value: float
    due: date | None
    value2: float | None = None
    unit: str = "%"
    baseline: Reading | None = None
    milestones: Sequence[Milestone] = ()
    steps: bool = False
    over_100: bool = False
    whole: bool = False
    tolerance: float = 0.05

    def __post_init__(self) -> None:
        """ValueError with a Chinese sentence when the line contradicts itself."""
        if self.comparator not in COMPARATOR_WORDS:
            raise ValueError(f"不认识的比较方式“{self.comparator}”")
        if self.comparator == "between" and (self.value2 is None or self.value2 < self.value):
            raise ValueError("区间目标须有下限和上限，且上限不小于下限")
        days = [milestone.day for milestone in self.milestones]
        if days != sorted(set(days)):
            raise ValueError("阶段目标的日期应由早到晚且不重复")
        if self.due and days and days[-1] >= self.due:
            raise ValueError("阶段目标的日期应早于完成时限")
        if self.baseline and self.due and self.baseline.day >= self.due:
            raise ValueError("基期应早于完成时限")

    @property
    def words(self) -> str:
        """The target in words: 不低于95%, 在3—5所之间."""
        if self.comparator == "between":
            return f"在{shown(self.value)}—{shown(self.value2 or 0)}{self.unit}之间"
        return f"{COMPARATOR_WORDS[self.comparator]}{shown(self.value)}{self.unit}"


@dataclass(frozen=True, slots=True)
class Point:
    """进度线上的一点."""

    day: date
    value: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """预测: the value expected on `day` and the interval in which it lies with the probability `level`.

    `low`, `high` None: too few readings for an interval. `reaches`: whether the value meets the target on that day.
    """

    day: date
    value: float
    low: float | None
    high: float | None
    level: float
    method: Literal["最小二乘直线", "沿用最近一次"]
    sentence: str
    reaches: bool | None = None


@dataclass(frozen=True)
class Progress:
    """进展: the verdict with its sentence, and what it follows from.

    `expected` is the path on the day of the latest reading, `gap` the shortfall of that reading in the target's unit,
    `needed_per_month` the change a month (with its sign) that still reaches the target by the due day; None when it is
    met, overdue, undated or has no reading. `path` are the corner points of the trajectory.
    """

    verdict: Status
    sentence: str
    latest: Reading | None
    expected: float | None
    gap: float
    needed_per_month: float | None
    needed_sentence: str
    forecast: Forecast | None
    path: tuple[Point, ...] = field(default=())


def shown(number: float, decimals: int = 2) -> str:
    """A number as people read it: at most `decimals` digits behind the point, none when it is whole."""
    text = f"{number:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
