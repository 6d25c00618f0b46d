"""应办规则: why something may not be done to a duty now, in one sentence each. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bureau.people.rules import Permission, why_not
from bureau.plans.duty_states import OWED_STATES, WORDS, Event, State, next_state

REMIND_DAYS = 30  # assumed until the county's own setting is confirmed by a named person
MOST_REMIND_DAYS = 365
LEAST_EVIDENCE = 5
LONGEST = 2000
DIRECTORS = ("leader", "office")


class Person(Protocol):
    """谁."""

    @property
    def pk(self) -> int: ...
    @property
    def role(self) -> str: ...


class Line(Protocol):
    """一项应办, as far as the rules look at it."""

    @property
    def state(self) -> str: ...
    @property
    def due(self) -> date | None: ...
    @property
    def claimed_by_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """身份: how an account stands to a duty: acts for a leading or a supporting unit, belongs to the bureau, is in the county."""

    leads: bool = False
    supports: bool = False
    bureau: bool = False
    in_county: bool = True


def overdue(duty: Line, *, today: date) -> bool:
    """是否超期: the day is past and the unit has not said that it is done."""
    return duty.due is not None and duty.due < today and duty.state in OWED_STATES


def days_late(duty: Line, *, today: date) -> int:
    """超期天数, 0 when it is not late."""
    return (today - duty.due).days if duty.due is not None and overdue(duty, today=today) else 0


def due_soon(duty: Line, *, today: date, within: int) -> bool:
    """是否临近: due within so many days and still to be done."""
    return duty.due is not None and 0 <= (duty.due - today).days <= within and duty.state in OWED_STATES


def why_listed(
    duty: Line,
    *,
    today: date,
    within: int = REMIND_DAYS,
    contradictions: Sequence[str] = (),
    reason: str = "",
) -> str:
    """为什么在这里: the one sentence that says what the line waits for. `reason` is that of its being sent back."""
    if duty.state == State.CLAIMED and contradictions:
        return "与数据矛盾：" + "；".join(contradictions)
    if duty.state == State.CLAIMED:
        return "已报完成，等第二个人复核"
    late = days_late(duty, today=today)
    if duty.state == State.RETURNED:
        return "复核退回" + (f"：{reason}" if reason else "") + (f"；已超期 {late} 天" if late else "")
    if late:
        return f"已超期 {late} 天"
    if duty.state == State.CLOSED:
        return "已经第二人复核销号"
    if duty.state == State.DROPPED:
        return "不再执行" + (f"：{reason}" if reason else "")
    if duty.due is None:
        return "文件没有写明时限"
    left = (duty.due - today).days
    if left == 0:
        return "今天到期"
    return f"还有 {left} 天到期" + ("，请抓紧" if left <= within else "")


def why_not_report(duty: Line, *, by: Person, standing: Standing) -> str | None:
    """为什么不能填进展: those who lead, support or belong to the bureau may."""
    refusal = _outside(by, Permission.REPORT_DUTIES, standing)
    if refusal:
        return refusal
    if not (standing.leads or standing.supports or standing.bureau):
        return "这项任务不由您的单位牵头或配合，只有牵头单位、配合单位和局里可以填进展"
    if duty.state == State.CLAIMED:
        return "已报完成，正等复核；要补充进展请先撤回"
    if next_state(duty.state, Event.REPORT) is None:
        return f"这一项“{WORDS[State(duty.state)]}”，不能再填进展；如有变化请先重新打开"
    return None


def why_not_percent(percent: int | None, *, supports_only: bool) -> str | None:
    """为什么这个进度不行: whole, 0 to 100, and only the leading unit sets it."""
    if percent is None:
        return None
    if supports_only:
        return "进度百分比由牵头单位填，配合单位请只写进展"
    return None if 0 <= percent <= 100 else f"进度“{percent}”应在 0 到 100 之间，请改正"


def why_not_words(text: str) -> str | None:
    """为什么这段文字不行."""
    if len(text) > LONGEST:
        return f"文字有 {len(text):,} 个字，最多 {LONGEST:,} 个，请缩短或改为附件"
    return None


def why_not_claim(duty: Line, *, by: Person, standing: Standing) -> str | None:
    """为什么不能报完成."""
    refusal = _outside(by, Permission.REPORT_DUTIES, standing)
    if refusal:
        return refusal
    if duty.state == State.CLAIMED:
        return "已经报过完成，请等第二个人复核"
    if next_state(duty.state, Event.CLAIM) is None:
        return f"这一项“{WORDS[State(duty.state)]}”，不能再报完成"
    if not (standing.leads or standing.bureau):
        return (
            "配合单位可以填进展，完成由牵头单位上报"
            if standing.supports
            else "这项任务不由您的单位牵头，只有牵头单位和局里可以报完成"
        )
    return None


def why_not_evidence(text: str, *, files: int) -> str | None:
    """为什么还不能报完成: it takes words or a file that somebody else can check."""
    if files or len(text.strip()) >= LEAST_EVIDENCE:
        return None
    return f"报完成要有佐证：请写明完成情况和依据（不少于 {LEAST_EVIDENCE} 个字），或上传文件"


def why_not_withdraw(duty: Line, *, by: Person, standing: Standing) -> str | None:
    """为什么不能撤回完成."""
    refusal = _outside(by, Permission.REPORT_DUTIES, standing)
    if refusal:
        return refusal
    if next_state(duty.state, Event.WITHDRAW) is None:
        return f"这一项“{WORDS[State(duty.state)]}”，没有可撤回的完成"
    if by.pk != duty.claimed_by_id and not standing.leads and by.role not in DIRECTORS:
        return "只有报完成的单位或局里可以撤回"
    return None


def why_not_close(
    duty: Line, *, by: Person, standing: Standing, contradictions: Sequence[str] = ()
) -> str | None:
    """为什么不能销号: claimed, not contradicted by the data of the task's targets, and not by who claimed it."""
    refusal = _outside(by, Permission.CHECK_DUTIES, standing)
    if refusal:
        return refusal
    if duty.state == State.CLOSED:
        return "已经销号"
    if next_state(duty.state, Event.CLOSE) is None:
        return f"这一项“{WORDS[State(duty.state)]}”，牵头单位报完成后才能销号"
    if duty.claimed_by_id == by.pk:
        return "报完成的人不能自己复核，请另一人销号"
    if contradictions:
        return "与数据矛盾，不能销号：" + "；".join(contradictions)
    return None


def why_not_send_back(duty: Line, *, by: Person, standing: Standing, reason: str) -> str | None:
    """为什么不能退回."""
    refusal = _outside(by, Permission.CHECK_DUTIES, standing)
    if refusal:
        return refusal
    if next_state(duty.state, Event.SEND_BACK) is None:
        return f"这一项“{WORDS[State(duty.state)]}”，只有待复核的才能退回"
    if duty.claimed_by_id == by.pk:
        return "报完成的人不能自己退回，可以撤回完成"
    return None if reason.strip() else "退回须写明原因"


def why_not_reopen(duty: Line, *, by: Person, standing: Standing, reason: str) -> str | None:
    """为什么不能重新打开 a closed duty."""
    refusal = _outside(by, Permission.CHECK_DUTIES, standing)
    if refusal:
        return refusal
    if next_state(duty.state, Event.REOPEN) is None:
        return f"这一项“{WORDS[State(duty.state)]}”，不必重新打开"
    return None if reason.strip() else "重新打开须写明原因"


def why_not_drop(duty: Line, *, by: Person, standing: Standing, reason: str) -> str | None:
    """为什么不能不再执行: the bureau decides, with a reason."""
    refusal = _outside(by, Permission.EDIT_PLANS, standing)
    if refusal:
        return refusal
    if next_state(duty.state, Event.DROP) is None:
        return f"这一项“{WORDS[State(duty.state)]}”，不能改为不再执行"
    return None if reason.strip() else "不再执行须写明原因（例如文件废止、任务并入）"


def why_not_resume(duty: Line, *, by: Person, standing: Standing) -> str | None:
    """为什么不能恢复执行."""
    refusal = _outside(by, Permission.EDIT_PLANS, standing)
    if refusal:
        return refusal
    if next_state(duty.state, Event.RESUME) is None:
        return f"这一项“{WORDS[State(duty.state)]}”，不必恢复"
    return None


def why_not_remind(days: int | None, *, by: Person, in_county: bool) -> str | None:
    """为什么不能改提醒天数."""
    refusal = why_not(by.role, Permission.EDIT_PLANS)
    if refusal:
        return refusal
    if not in_county:
        return "这个县不在您的辖区内"
    if days is None or not 1 <= days <= MOST_REMIND_DAYS:
        return f"提醒天数应是 1 到 {MOST_REMIND_DAYS} 的整数"
    return None


def _outside(by: Person, permission: Permission, standing: Standing) -> str | None:
    return why_not(by.role, permission) or (None if standing.in_county else "这份计划不在您的辖区内")
