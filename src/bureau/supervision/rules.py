"""督办规则: why something may not be done to a slip now, in one sentence each. Pure."""

from datetime import date
from typing import Protocol

from bureau.people.rules import Permission, may, why_not
from bureau.supervision.states import OPEN_STATES, WORDS, Event, State, next_state

LONGEST_WORKING_DAYS = 250
LONGEST_PUBLICATION_DAYS = 60


class Person(Protocol):
    """谁: what the rules need of an account; `organisation_id` is the unit it acts for."""

    @property
    def pk(self) -> int: ...
    @property
    def role(self) -> str: ...


class SlipLike(Protocol):
    """一张督办单, as far as the rules look at it."""

    @property
    def state(self) -> str: ...
    @property
    def due(self) -> date | None: ...
    @property
    def drafted_by_id(self) -> int: ...
    @property
    def answered_by_id(self) -> int | None: ...


def why_not_draft(
    *,
    by: Person,
    title: str,
    requirement: str,
    organisation: bool,
    working_days: int | None,
    rectification: bool,
    finding: str,
) -> str | None:
    """为什么不能拟稿: every missing part at once."""
    refusal = why_not(by.role, Permission.SUPERVISE)
    if refusal:
        return refusal
    problems = []
    if not title.strip():
        problems.append("请填写事项")
    if not requirement.strip():
        problems.append("请填写办理要求")
    if not organisation:
        problems.append("请选择承办单位")
    if working_days is None or not 1 <= working_days <= LONGEST_WORKING_DAYS:
        problems.append(f"办理期限应为 1 到 {LONGEST_WORKING_DAYS} 个工作日")
    if rectification and not finding.strip():
        problems.append("整改通知书须写明发现的问题")
    return "；".join(problems) or None


def why_not_issue(slip: SlipLike, *, by: Person) -> str | None:
    """为什么不能发出."""
    return why_not(by.role, Permission.SUPERVISE) or _moves(slip, Event.ISSUE, "只有拟稿中的才能发出")


def why_not_receive(slip: SlipLike, *, by: Person, acts: bool) -> str | None:
    """为什么不能签收. `acts`: the account acts for the unit. Who supervises may sign for a unit without an account."""
    refusal = _acts(by, acts, "签收") if not may(by.role, Permission.SUPERVISE) else None
    return refusal or _moves(slip, Event.RECEIVE, "只有已发出、还没有签收的才能签收")


def why_not_extend(
    slip: SlipLike, *, by: Person, acts: bool, pending: bool, new_due: date | None, reason: str, today: date
) -> str | None:
    """为什么不能申请延期: before the due date, with a reason and a later day, one application at a time."""
    refusal = _acts(by, acts, "申请延期")
    if refusal:
        return refusal
    if slip.state not in (State.ISSUED, State.RECEIVED):
        return f"这张督办单“{WORDS[slip.state]}”，不用延期"
    if slip.due is not None and today > slip.due:
        return f"办结期限{slip.due:%Y-%m-%d}已过，延期要在到期前申请；请尽快反馈办理情况"
    if pending:
        return "已有一份延期申请在等答复"
    if new_due is None or (slip.due is not None and new_due <= slip.due):
        return f"请填写晚于{slip.due:%Y-%m-%d}的日期"
    if not reason.strip():
        return "请写明延期理由"
    return None


def why_not_decide(*, by: Person, asked_by_id: int, decided: bool) -> str | None:
    """为什么不能答复延期."""
    refusal = why_not(by.role, Permission.SUPERVISE)
    if refusal:
        return refusal
    if decided:
        return "这份申请已经答复"
    if by.pk == asked_by_id:
        return "不能答复自己的申请，请另一人答复"
    return None


def why_not_answer(slip: SlipLike, *, by: Person, acts: bool, text: str) -> str | None:
    """为什么不能反馈."""
    refusal = _acts(by, acts, "反馈") if not may(by.role, Permission.SUPERVISE) else None
    if refusal:
        return refusal
    if slip.state == State.ISSUED:
        return "请先签收，再反馈办理情况"
    return _moves(slip, Event.ANSWER, "只有办理中的才能反馈") or (
        None if text.strip() else "请写明办理情况和结果"
    )


def why_not_confirm(slip: SlipLike, *, by: Person, contradiction: str | None = None) -> str | None:
    """为什么不能销号: a person other than who answered, and nothing in the data against it."""
    refusal = why_not(by.role, Permission.CHECK_DUTIES)
    if refusal:
        return refusal
    refusal = _moves(slip, Event.CONFIRM, "要等承办单位反馈后才能复核销号")
    if refusal:
        return refusal
    if slip.answered_by_id == by.pk:
        return "反馈的人不能自己复核，请另一人销号"
    return contradiction


def why_not_send_back(slip: SlipLike, *, by: Person, reason: str) -> str | None:
    """为什么不能退办."""
    refusal = why_not(by.role, Permission.CHECK_DUTIES) or _moves(
        slip, Event.SEND_BACK, "只有已反馈的才能退办"
    )
    return refusal or (None if reason.strip() else "退办须写明原因")


def why_not_withdraw(slip: SlipLike, *, by: Person, reason: str) -> str | None:
    """为什么不能撤回."""
    refusal = why_not(by.role, Permission.SUPERVISE) or _moves(
        slip, Event.WITHDRAW, "只有拟稿、待签收和办理中的才能撤回"
    )
    return refusal or (None if reason.strip() or slip.state == State.DRAFT else "撤回须写明原因")


def why_not_escalate(slip: SlipLike, *, by: Person, taken: bool, text: str, today: date) -> str | None:
    """为什么不能升级."""
    refusal = why_not(by.role, Permission.SUPERVISE)
    if refusal:
        return refusal
    if slip.state not in OPEN_STATES or slip.due is None or slip.due >= today:
        return "只有逾期未销号的才能升级"
    if taken:
        return "这一级已经记录过"
    return None if text.strip() else "请写明情况"


def why_not_publish(
    slip: SlipLike, *, by: Person, text: str, starts: date | None, ends: date | None
) -> str | None:
    """为什么不能公示: only what a second person has checked."""
    refusal = why_not(by.role, Permission.SUPERVISE)
    if refusal:
        return refusal
    if slip.state != State.CLOSED:
        return "复核销号后才能公示"
    if not text.strip():
        return "请填写公示内容"
    if starts is None or ends is None or ends < starts:
        return "请填写公示的起止日期，止期不早于起期"
    if (ends - starts).days > LONGEST_PUBLICATION_DAYS:
        return f"公示最长 {LONGEST_PUBLICATION_DAYS} 天"
    return None


def overdue(slip: SlipLike, *, today: date) -> bool:
    """是否逾期: the deadline is past and the unit has not answered."""
    return slip.due is not None and slip.due < today and slip.state in (State.ISSUED, State.RECEIVED)


def contradiction(*, indicator: str, met: bool | None, sentence: str) -> str | None:
    """与数据矛盾: a slip about a target is not closed while the registers show it unmet; None when they agree or are silent."""
    if met is not False:
        return None
    return f"数据与反馈不符：目标“{indicator}”还没有达到（{sentence}），不能销号；可以退办"


def _acts(by: Person, acts: bool, deed: str) -> str | None:
    refusal = why_not(by.role, Permission.REPORT_DUTIES)
    return refusal or (None if acts else f"只有承办单位的账号能{deed}")


def _moves(slip: SlipLike, event: Event, otherwise: str) -> str | None:
    if next_state(slip.state, event) is None:
        return f"这张督办单“{WORDS[slip.state]}”；{otherwise}"
    return None
