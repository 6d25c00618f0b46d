"""通报数据的行: targets, duties and slips as plain rows of one day. Pure."""

from dataclasses import dataclass
from datetime import date

from bureau.plans.target_rules import figure


@dataclass(frozen=True, slots=True)
class Unit:
    """责任单位."""

    key: int
    name: str


@dataclass(frozen=True, slots=True)
class TargetFact:
    """一个目标在这一天. `goal` is the value as printed and `goal_words` what comes before it; `start` the value at the period's begin."""

    key: int
    name: str
    plan: str
    unit: str
    goal_words: str
    goal: str
    verdict: str
    sentence: str
    leads: tuple[Unit, ...]
    task: int | None
    due: date | None
    clause: str
    document: str
    formula: str
    at_least: bool
    goal_value: float
    value: float | None = None
    day: date | None = None
    gap: float | None = None
    needed: float | None = None
    start: float | None = None
    start_day: date | None = None
    reaches: bool | None = None
    forecast: str = ""
    run: int | None = None
    numerator: float | None = None
    denominator: float | None = None
    against: str = ""


@dataclass(frozen=True, slots=True)
class DutyFact:
    """一项应办事项在这一天."""

    key: int
    task: int
    title: str
    plan: str
    leads: tuple[Unit, ...]
    due: date | None
    state: str
    late: int
    closed_late: bool
    returned: int
    against: str
    in_period: bool = False

    @property
    def fallen_due(self) -> bool:
        """Whether its day has come in the period, or had come before and it is still owed."""
        return self.late > 0 or self.closed_late or self.in_period


@dataclass(frozen=True, slots=True)
class SlipFact:
    """一张督办单或整改通知书: as the room of supervision counts it, handed in by the caller."""

    key: int
    number: str
    title: str
    unit: Unit
    rectification: bool
    closed: bool
    late: bool
    in_period: bool
    due: date | None
    standing: str


@dataclass(frozen=True, slots=True)
class Facts:
    """一期的全部数据. `slips` None: supervision was not asked."""

    plans: tuple[str, ...]
    starts: date
    as_of: date
    tasks: int
    targets: tuple[TargetFact, ...]
    duties: tuple[DutyFact, ...]
    slips: tuple[SlipFact, ...] | None
    units: tuple[Unit, ...]


def printed(value: float, unit: str = "") -> str:
    """96.3%, 57,819人: as a document prints it, without a blank before the unit."""
    return figure(value, unit).replace(" ", "")
