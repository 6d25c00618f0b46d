"""目标规则: a target in words, what contradicts a claim, and why a binding, a reading or a milestone may not be entered. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from bureau.people.rules import Permission, why_not

COMPARATORS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "=", "approx": "≈", "between": "在"}
VERDICTS = {"met": "已达到", "on_course": "按进度", "behind": "落后", "no_data": "无数据"}
FROM_MEASURES = {"达到": "met", "按进度": "on_course", "落后": "behind", "无数据": "no_data"}
LARGEST = 1e12
# Words for the same unit in plans and in the measure catalogue.
_SAME_UNIT = (
    ("%", "％", "百分点"),
    ("人", "名", "个人", "位"),
    ("所", "个", "校"),
    ("平方米", "㎡", "m²"),
    ("", "无"),
)


class Person(Protocol):
    """谁."""

    @property
    def pk(self) -> int: ...
    @property
    def role(self) -> str: ...


class Goal(Protocol):
    """一个目标, as far as the rules look at it."""

    @property
    def indicator(self) -> str: ...
    @property
    def comparator(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def value2(self) -> float | None: ...
    @property
    def unit(self) -> str: ...


def figure(value: float, unit: str = "") -> str:
    """95 %, 57,819 人: at most two decimals, no trailing zeros."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    return f"{text}{unit}" if unit in ("%", "‰") else f"{text} {unit}".strip()


def goal_words(goal: Goal) -> str:
    """“≥ 95%”“在 3 到 5 堂之间”."""
    if goal.comparator == "between" and goal.value2 is not None:
        return f"在 {figure(goal.value)} 到 {figure(goal.value2, goal.unit)} 之间"
    return f"{COMPARATORS.get(goal.comparator, '=')} {figure(goal.value, goal.unit)}"


def contradiction(goal: Goal, *, verdict: str, latest: float | None, day: date | None) -> str | None:
    """矛盾: why a claim of completion does not agree with this target's data; None when it is met or has no data."""
    if latest is None or day is None or verdict == "met":
        return None
    return (
        f"目标“{goal.indicator}”要求 {goal_words(goal)}，"
        f"{day.year}年{day.month}月{day.day}日的数据是 {figure(latest, goal.unit)}，没有达到"
    )


def same_unit(one: str, other: str) -> bool:
    """Whether two words mean the same unit."""
    return one == other or any(one in words and other in words for words in _SAME_UNIT)


def why_not_bind(
    *, role: str, in_county: bool, target_unit: str, measure_unit: str, measure_title: str, source: str
) -> str | None:
    """为什么不能绑定这个指标."""
    refusal = why_not_edit(role=role, in_county=in_county)
    if refusal:
        return refusal
    if source == "reported":
        return f"“{measure_title}”没有登记册可算，请选“填报数列”，由责任单位填报并附佐证"
    if not same_unit(target_unit, measure_unit):
        return (
            f"目标的单位是“{target_unit or '无'}”，指标“{measure_title}”的单位是“{measure_unit or '无'}”，"
            "不能直接比较，请换一个指标或改为填报数列"
        )
    return None


def why_not_edit(*, role: str, in_county: bool) -> str | None:
    """为什么不能改目标 (binding, baseline, milestones)."""
    refusal = why_not(role, Permission.EDIT_PLANS)
    return refusal or (None if in_county else "这份计划不在您的辖区内")


def why_not_enter(
    *, role: str, in_county: bool, responsible: bool, day: date | None, value: float | None, today: date
) -> str | None:
    """为什么不能填读数或填报值. `responsible`: acts for a unit that leads the task, or for the bureau."""
    refusal = why_not(role, Permission.REPORT_DUTIES)
    if refusal:
        return refusal
    if not in_county:
        return "这份计划不在您的辖区内"
    if not responsible:
        return "只有牵头单位和局里可以填报这个目标的数"
    return why_not_figure(value, day, today=today)


def why_not_figure(value: float | None, day: date | None, *, today: date) -> str | None:
    """为什么这个数或日期不行."""
    if value is None:
        return "请填数值，例如 95.3"
    if not -LARGEST < value < LARGEST:
        return f"数值“{value:g}”太大，请核对单位"
    if day is None:
        return "请填数据日期，例如 2025-12-31"
    if day > today:
        return f"数据日期“{day:%Y-%m-%d}”还没有到，请填已有数据的日期"
    return None


def why_not_reading(*, reported: bool, evidence: bool) -> str | None:
    """为什么不能填读数: only a reported series has typed readings, and each with its evidence."""
    if not reported:
        return "这个目标的数由登记册测算；如与实际不符，请填“填报值”并说明，或先更正登记册"
    return None if evidence else "填报的读数要有佐证：请写明依据（不少于 5 个字）或上传文件"


def why_not_check(*, by: Person, in_county: bool, entered_by: int | None, checked: bool) -> str | None:
    """为什么不能复核读数."""
    refusal = why_not(by.role, Permission.CHECK_DUTIES)
    if refusal:
        return refusal
    if not in_county:
        return "这份计划不在您的辖区内"
    if checked:
        return "这个读数已经复核"
    return "填报的人不能自己复核，请另一人复核" if entered_by == by.pk else None


def why_not_baseline(*, value: float | None, day: date | None, source: str, due: date | None) -> str | None:
    """为什么这个基期不行: it needs a value, a day before the deadline and a source."""
    if value is None or day is None:
        return "基期要同时有数值和日期"
    if not -LARGEST < value < LARGEST:
        return f"基期值“{value:g}”太大，请核对单位"
    if due is not None and day >= due:
        return f"基期“{day:%Y-%m-%d}”应早于完成时限“{due:%Y-%m-%d}”"
    return None if source.strip() else "请写明基期值的来源，例如“2017年教育事业统计报表”"


def why_not_milestones(
    points: Sequence[tuple[date, float]], *, baseline_day: date | None, due: date | None
) -> str | None:
    """为什么这些节点不行: days between baseline and deadline, each once."""
    days = [day for day, _value in points]
    if len(set(days)) < len(days):
        return "同一天只能有一个节点，请删去重复的"
    for day, value in points:
        if baseline_day is not None and day <= baseline_day:
            return f"节点“{day:%Y-%m-%d}”应晚于基期“{baseline_day:%Y-%m-%d}”"
        if due is not None and day >= due:
            return f"节点“{day:%Y-%m-%d}”应早于完成时限“{due:%Y-%m-%d}”"
        if not -LARGEST < value < LARGEST:
            return f"节点值“{value:g}”太大，请核对单位"
    return None
