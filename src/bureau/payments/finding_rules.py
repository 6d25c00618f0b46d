"""审计线索规则: the kinds of findings, and who may settle one. Pure."""

from collections.abc import Mapping
from typing import Protocol

from bureau.payments.states import FINDING_NEXT, FINDING_WORDS
from bureau.people.rules import Permission, why_not

KINDS: Mapping[str, str] = {
    "shared_account": "同一账户收多名受助人的钱",
    "two_counties": "同一人在两个县领取",
    "after_leaving": "死亡、转出或离校后仍发放",
    "paid_twice": "同一项目同一学期重复发放",
    "round_trip": "退回后改发到别人的账户",
    "before_end": "身份将满前突击发放",
    "not_entitled": "不符合条款而发放",
}
# No document gives these numbers: they only decide what is looked at, never what is true.
MOST_SIBLINGS = 4  # so many children of one guardian may share an account unremarked
DAYS_BEFORE_END = 30


class FindingLike(Protocol):
    """一条线索, as far as the rules look at it."""

    @property
    def state(self) -> str: ...
    @property
    def settled_by_id(self) -> int | None: ...


def why_not_settle(
    finding: FindingLike, *, by_role: str, outcome: str, outcomes: tuple[str, ...], reason: str
) -> str | None:
    """为什么不能处理."""
    refusal = why_not(by_role, Permission.REVIEW_AWARDS) or _moves(
        finding, "settle", "只有待核查、待核实的才能处理"
    )
    if refusal:
        return refusal
    if outcome not in outcomes:
        return "请选择核查结论"
    return None if len(reason.strip()) >= 5 else "请写明核查情况和依据，至少 5 个字"


def why_not_confirm(finding: FindingLike, *, by_id: int, by_role: str) -> str | None:
    """为什么不能复核: by a second person."""
    refusal = _checker(by_role) or _moves(finding, "confirm", "处理后才能复核")
    if refusal:
        return refusal
    return "处理的人不能自己复核，请另一人复核" if finding.settled_by_id == by_id else None


def why_not_send_back(finding: FindingLike, *, by_role: str, reason: str) -> str | None:
    """为什么不能退回重查."""
    refusal = _checker(by_role) or _moves(finding, "send_back", "只有已处理的才能退回重查")
    return refusal or (None if reason.strip() else "退回须写明原因")


def _checker(by_role: str) -> str | None:
    """An inspector checks what the office settled; so may another of those who approve batches."""
    return (
        None
        if why_not(by_role, Permission.CHECK_MATCHES) is None
        else why_not(by_role, Permission.APPROVE_BATCHES)
    )


def _moves(finding: FindingLike, event: str, otherwise: str) -> str | None:
    if (finding.state, event) not in FINDING_NEXT:
        return f"这条线索“{FINDING_WORDS[finding.state]}”；{otherwise}"
    return None
