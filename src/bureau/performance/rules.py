"""考核规则: why something may not be done to a scheme now, in one sentence each. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Protocol

from bureau.people.rules import Permission, why_not
from bureau.performance.scoring import COMPUTED, HUNDRED, SCORED, ZERO, plain
from bureau.performance.states import WORDS, Event, State, next_state

WRITERS = ("leader", "office")
MOST_CRITERIA = 40
MOST_APPEAL_DAYS = 60


class Person(Protocol):
    """谁."""

    @property
    def pk(self) -> int: ...
    @property
    def role(self) -> str: ...


class CriterionLike(Protocol):
    """一项指标, as far as the rules look at it."""

    @property
    def title(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def weight(self) -> Decimal: ...
    @property
    def measure(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def at_most(self) -> bool: ...
    @property
    def floor(self) -> Decimal | None: ...
    @property
    def target(self) -> Decimal | None: ...


class ScoreLike(Protocol):
    """一个得分, as far as the rules look at it."""

    @property
    def points(self) -> Decimal | None: ...
    @property
    def exempt(self) -> bool: ...
    @property
    def computed(self) -> bool: ...
    @property
    def by_id(self) -> int | None: ...
    @property
    def checked_by_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """评分进度 of a scheme: how many cells nobody has scored, how many nobody has checked, open appeals."""

    unscored: int = 0
    unchecked: int = 0
    open_appeals: int = 0


def why_not_write(*, by: Person) -> str | None:
    """为什么不能制定方案."""
    return None if by.role in WRITERS else "考核方案由局领导和业务科室制定"


def why_not_edit(state: str, *, by: Person) -> str | None:
    """为什么不能改方案: its words and criteria stand once it is in force, until it is taken back for revision."""
    refusal = why_not_write(by=by)
    if refusal or state == State.DRAFT:
        return refusal
    return f"方案“{WORDS[state]}”，不能直接修改；{'可以先收回修订' if state == State.ACTIVE else '公布前可以退回下达状态后收回修订' if state == State.SCORING else '只能通过申诉更正得分'}"


def weights_sentence(weights: Sequence[Decimal]) -> str | None:
    """权重之和为什么不对: by how much it is not 100."""
    found = sum(weights, ZERO)
    if found == HUNDRED:
        return None
    apart = f"还差 {plain(HUNDRED - found)}" if found < HUNDRED else f"多出 {plain(found - HUNDRED)}"
    return f"权重之和是 {plain(found)}，应为 100，{apart}"


def criterion_problems(one: CriterionLike, *, known: bool, own_area: bool) -> list[str]:
    """一项指标的问题. `known`: the measure is in the catalogue; `own_area`: units of this kind have an area of their own."""
    problems = []
    name = one.title.strip() or "（没有名称）"
    if not one.title.strip():
        problems.append("有一项没有填写指标名称")
    if one.source in SCORED and not ZERO < one.weight <= HUNDRED:
        problems.append(f"“{name}”的权重应大于 0、不超过 100")
    if one.source == "deduction" and not ZERO < one.weight <= HUNDRED:
        problems.append(f"“{name}”请填写最多扣几分")
    if one.source not in COMPUTED:
        return problems
    if one.source == "measure" and not known:
        problems.append(f"“{name}”请从列表里选择数据指标")
    if one.source == "measure" and one.scope == "unit" and not own_area:
        problems.append(f"“{name}”：这类单位没有自己的辖区数据，取值范围请选“全县”")
    if one.rule not in ("linear", "proportional", "threshold"):
        problems.append(f"“{name}”请选择计分办法")
    if one.target is None:
        problems.append(f"“{name}”请填写目标值")
    elif one.rule == "linear" and (one.floor is None or one.floor == one.target):
        problems.append(f"“{name}”按底线到目标折算，请填写与目标不同的底线")
    elif one.rule == "linear" and one.floor is not None and (one.floor > one.target) != one.at_most:
        side = "高于" if one.at_most else "低于"
        problems.append(f"“{name}”的底线应{side}目标；请检查底线、目标和“越低越好”")
    elif one.rule == "proportional" and one.target <= ZERO:
        problems.append(f"“{name}”按完成比例计分，目标应大于 0")
    return problems


def band_problems(bands: Sequence[Sequence[str]]) -> list[str]:
    """等次标准的问题: names, numbers from 0 to 100, the lowest from 0, none twice."""
    problems, floors = [], []
    for name, least in bands:
        try:
            floor = Decimal(least)
        except InvalidOperation:
            floor = Decimal(-1)
        if not floor.is_finite() or not ZERO <= floor <= HUNDRED:
            problems.append(f"等次“{name}”的起点“{least}”应为 0 到 100 的数")
        else:
            floors.append(floor)
        if not name.strip():
            problems.append(f"起点 {least} 的等次没有名称")
    if len(bands) < 2:
        problems.append("等次标准至少要有两档")
    elif floors and min(floors) != ZERO:
        problems.append("最低一档的起点应为 0，否则有的分数没有等次")
    if len(set(floors)) != len(floors) or len({name.strip() for name, _least in bands}) != len(bands):
        problems.append("等次的名称和起点不能重复")
    return problems


def why_not_activate(
    state: str, *, by: Person, criteria: Sequence[CriterionLike], problems: Sequence[str], units: int
) -> str | None:
    """为什么不能下达: everything wrong with the scheme at once."""
    refusal = why_not_write(by=by) or _moves(state, Event.ACTIVATE, "只有起草中的方案才能下达")
    if refusal:
        return refusal
    found = [*problems]
    weights = weights_sentence([one.weight for one in criteria if one.source in SCORED])
    if weights:
        found.append(weights)
    if not units:
        found.append("还没有选择被考核单位")
    return "；".join(found) or None


def why_not_revise(state: str, *, by: Person, reason: str) -> str | None:
    """为什么不能收回修订."""
    refusal = why_not_write(by=by) or _moves(state, Event.REVISE, "只有已下达、还没有评分的方案才能收回修订")
    return refusal or (None if reason.strip() else "收回修订须写明原因")


def why_not_start(state: str, *, by: Person, today: date, starts: date) -> str | None:
    """为什么不能开始评分."""
    refusal = why_not(by.role, Permission.ASSESS_PERFORMANCE) or _moves(
        state, Event.START, "方案下达后才能开始评分"
    )
    return refusal or (f"考核期从 {starts:%Y-%m-%d} 开始，还不能评分" if today < starts else None)


def why_not_recall(state: str, *, by: Person, reason: str) -> str | None:
    """为什么不能停止评分."""
    refusal = why_not_write(by=by) or _moves(state, Event.RECALL, "只有评分中的方案才能停止评分")
    return refusal or (None if reason.strip() else "停止评分须写明原因")


def why_not_confirm_bands(state: str, *, by: Person, confirmed: bool) -> str | None:
    """为什么不能确认等次标准和申诉期: what no document lays down stands on the name of a leader."""
    if by.role != "leader":
        return "等次标准和申诉期由局领导确认"
    if confirmed:
        return "已经确认"
    return (
        None if state in (State.DRAFT, State.ACTIVE, State.SCORING) else f"方案“{WORDS[state]}”，不用再确认"
    )


def why_not_publish(state: str, *, by: Person, standing: Standing, confirmed: bool) -> str | None:
    """为什么不能公布: every cell scored, every typed one checked by a second person, the bands confirmed; all at once."""
    refusal = why_not_write(by=by) or _moves(state, Event.PUBLISH, "评分中的才能公布")
    if refusal:
        return refusal
    found = []
    if standing.unscored:
        found.append(f"还有 {standing.unscored} 项没有得分")
    if standing.unchecked:
        found.append(f"还有 {standing.unchecked} 项没有第二人复核")
    if not confirmed:
        found.append("等次标准和申诉期还是假定，请局领导先确认")
    return "；".join(found) or None


def why_not_close(
    state: str, *, by: Person, standing: Standing, appeal_until: date | None, today: date
) -> str | None:
    """为什么不能办结."""
    refusal = why_not_write(by=by) or _moves(state, Event.CLOSE, "公布以后才能办结")
    if refusal:
        return refusal
    if standing.open_appeals:
        return f"还有 {standing.open_appeals} 份申诉没有答复"
    if appeal_until is not None and today <= appeal_until:
        return f"申诉期到 {appeal_until:%Y-%m-%d} 为止，期满后才能办结"
    return None


def _moves(state: str, event: Event, otherwise: str) -> str | None:
    return None if next_state(state, event) else f"方案“{WORDS[state]}”；{otherwise}"
