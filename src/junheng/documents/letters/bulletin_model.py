"""通报的数据: what a bulletin or report says, ready to be set."""

import datetime
from dataclasses import dataclass

from junheng.documents.official.model import (
    Chart,
    Source,
)


@dataclass(frozen=True, slots=True)
class TargetLine:
    """一个目标: values as they are to be printed, with their unit; `value` and `goal` (the same as numbers) serve the chart."""

    code: str
    name: str
    today: str
    target: str
    verdict: str
    baseline: str = ""
    due: str = ""
    forecast: str = ""
    lead: str = ""
    why: str = ""
    value: float | None = None
    goal: float | None = None
    at_least: bool = True


@dataclass(frozen=True, slots=True)
class TaskLine:
    """一项任务; `late` is by how many days it is overdue (0: not)."""

    number: str
    task: str
    lead: str
    due: str
    state: str
    late: int = 0
    progress: str = ""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """一个单位在排名中的一行."""

    rank: int
    unit: str
    tasks: int
    done: int
    late: int
    score: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """通报或报告的数据. `kind`: 季度分析通报, 半年听证报告, 年度报告 (any title word). `as_of` is the day of the data; `ranking` says by which
    rule the units are ranked.
    """

    kind: str
    period: str
    plan: str
    issuer: str
    as_of: datetime.date
    date: datetime.date
    targets: tuple[TargetLine, ...] = ()
    tasks: tuple[TaskLine, ...] = ()
    units: tuple[UnitLine, ...] = ()
    charts: tuple[Chart, ...] = ()
    rectifications: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    ranking: str = ""
    head: str = ""
    number: str = ""
    recipients: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    marked: str = ""
