"""评审与公示规则: who may move an award, and why not now. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Protocol

from bureau.payments.states import AWARD_NEXT, AWARD_WORDS
from bureau.people.rules import Permission, why_not

# 教财厅函〔2017〕28号: only these may be published; never numbers, addresses, telephones, birth dates or hardship.
PUBLIC_FIELDS = ("person_name", "school_name", "grade", "class_name")
OBJECTIONS_AN_HOUR = 5
_TERM = re.compile(r"20\d\d[春秋]")


class AwardLike(Protocol):
    """一项资助, as far as the rules look at it."""

    @property
    def state(self) -> str: ...
    @property
    def school_code(self) -> str: ...
    @property
    def school_by_id(self) -> int | None: ...
    @property
    def reviewed_by_id(self) -> int | None: ...


def why_not_open_round(
    *,
    role: str,
    title: str,
    term: str,
    person_kind: str,
    clause_refusal: str | None,
    fund: bool,
    shares: Mapping[str, int],
) -> str | None:
    """为什么不能开始一批评审: every missing part at once. `clause_refusal`: why nothing may be paid by the clause."""
    refusal = why_not(role, Permission.REVIEW_AWARDS)
    if refusal:
        return refusal
    problems = []
    if not title.strip():
        problems.append("请填写名称")
    if not _TERM.fullmatch(term):
        problems.append("学期应写成 2026秋 或 2026春")
    if person_kind not in ("student", "teacher"):
        problems.append("请选择对象")
    if clause_refusal:
        problems.append(clause_refusal)
    if not fund:
        problems.append("请选择发放的基金")
    if sum(shares.values()) != 100 or any(share < 0 for share in shares.values()):
        problems.append(f"各来源的分担比例合计应为 100%，现在是 {sum(shares.values())}%")
    return "；".join(problems) or None


def why_not_propose(*, role: str, round_closed: bool) -> str | None:
    """为什么不能加人."""
    refusal = why_not(role, Permission.REPORT_AID)
    if refusal:
        return refusal
    return "名单已经公示，不能再加人；漏报的请另开一批" if round_closed else None


def why_not_school_pass(award: AwardLike, *, by_role: str, own_school: bool) -> str | None:
    """为什么不能由学校评审. The bureau may act for a school without an account; then another reviews for the bureau."""
    refusal = why_not(by_role, Permission.REPORT_AID)
    if refusal:
        return refusal
    if by_role == "school" and not own_school:
        return "只能评审本校的名单"
    return _moves(award, "school_pass", "只有待学校评审的才能由学校评审")


def why_not_pass(award: AwardLike, *, by_id: int, by_role: str) -> str | None:
    """为什么不能由科室评审: another person than who passed it for the school."""
    refusal = why_not(by_role, Permission.REVIEW_AWARDS) or _moves(award, "pass", "学校评审后科室才能评审")
    if refusal:
        return refusal
    return "学校评审和科室评审须由两个人做，请另一人评审" if award.school_by_id == by_id else None


def why_not_send_back(award: AwardLike, *, by_role: str, reason: str) -> str | None:
    """为什么不能退回学校."""
    refusal = why_not(by_role, Permission.REVIEW_AWARDS) or _moves(
        award, "send_back", "只有待科室评审的才能退回学校"
    )
    return refusal or (None if reason.strip() else "退回须写明原因")


def why_not_reject(award: AwardLike, *, by_role: str, own_school: bool, reason: str) -> str | None:
    """为什么不能改为不予发放: a school before it has passed it on, the bureau until it stands in a batch."""
    permission = Permission.REPORT_AID if by_role == "school" else Permission.REVIEW_AWARDS
    refusal = why_not(by_role, permission)
    if refusal:
        return refusal
    if by_role == "school" and (not own_school or award.state != "proposed"):
        return "学校只能在评审之前剔除本校的人"
    refusal = _moves(award, "reject", "公示中的请按异议处理；已列批次的请先作废批次")
    return refusal or (None if reason.strip() else "不予发放须写明原因")


def why_not_publish(*, role: str, ready: int, waiting: int, published: bool) -> str | None:
    """为什么不能公示: the whole list at once, once. `waiting`: awards not yet reviewed."""
    refusal = why_not(role, Permission.REVIEW_AWARDS)
    if refusal:
        return refusal
    if published:
        return "这一批已经公示过"
    if waiting:
        return f"还有 {waiting:,} 人没有评审完，评审完才能公示"
    return None if ready else "没有评审通过的人，不用公示"


def why_not_object(*, running: bool, text: str, name: str, sent: int, public: bool) -> str | None:
    """为什么不能提异议. `sent`: how many came from the same address within the hour."""
    if not running:
        return "公示期已过，公示页不再受理；请向县教育局资助部门反映"
    if public and sent >= OBJECTIONS_AN_HOUR:
        return f"同一网络一小时内最多提 {OBJECTIONS_AN_HOUR} 条，请过一小时再试"
    if len(text.strip()) < 5:
        return "请写清异议的内容和理由，至少 5 个字"
    if len(text) > 2000 or len(name) > 40:
        return "写得太长了：内容最多 2000 字，姓名最多 40 字"
    return None


def why_not_handle(
    *,
    role: str,
    handled: bool,
    answer: str,
    reviewed: bool,
    upheld: bool,
    known: bool,
) -> str | None:
    """为什么不能处理异议: by another person than who `reviewed` it. `known`: it is said whom it is about."""
    refusal = why_not(role, Permission.REVIEW_AWARDS)
    if refusal:
        return refusal
    if handled:
        return "这条异议已经处理"
    if reviewed:
        return "评审这一项的人不能处理对它的异议，请另一人处理"
    if upheld and not known:
        return "异议成立须指明是名单里的哪一位，请先选定"
    return None if answer.strip() else "请写明核查情况和答复"


def period_over(until: date | None, *, today: date) -> bool:
    """公示期是否已满: the last day counts whole."""
    return until is not None and today > until


def _moves(award: AwardLike, event: str, otherwise: str) -> str | None:
    if (award.state, event) not in AWARD_NEXT:
        return f"这一项“{AWARD_WORDS[award.state]}”；{otherwise}"
    return None
