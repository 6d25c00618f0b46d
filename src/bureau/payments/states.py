"""发放的状态: the tables of next states of an award, a batch, a line and a finding. A test reads this drawing.

资助
  待学校评审 ─school_pass─► 待科室评审 ─pass─► 待公示 ─publish─► 公示中 ─clear─► 待列批次 ─draw─► 已列批次 ─pay─► 已发放
  待科室评审 ─send_back─► 待学校评审
  公示中 ─object─► 有异议待处理 ─dismiss─► 公示中
  有异议待处理 ─uphold─► 不予发放
  已列批次 ─drop─► 待列批次
  已列批次 ─fail─► 发放失败 ─draw─► 已列批次
  已发放 ─give_back─► 发放失败
  待学校评审 ─reject─► 不予发放
  待科室评审 ─reject─► 不予发放
  待公示 ─reject─► 不予发放
  待列批次 ─reject─► 不予发放
  发放失败 ─reject─► 不予发放
批次
  拟制 ─submit─► 待审批 ─approve─► 已审批待送银行 ─send─► 已送银行待回盘 ─settle─► 已办结
  待审批 ─send_back─► 拟制
  拟制 ─void─► 已作废
  待审批 ─void─► 已作废
  已审批待送银行 ─void─► 已作废
明细
  待发放 ─pay─► 已发放 ─give_back─► 已退回
  待发放 ─fail─► 发放失败
  待发放 ─drop─► 已撤出
线索
  数据仍显示 ─vanish─► 数据已不显示 ─reappear─► 数据仍显示
"""

from collections.abc import Mapping
from enum import StrEnum


class AwardState(StrEnum):
    """资助状态, as stored."""

    PROPOSED = "proposed"
    SCHOOL_PASSED = "school_passed"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    OBJECTED = "objected"
    CLEARED = "cleared"
    BATCHED = "batched"
    PAID = "paid"
    FAILED = "failed"
    REJECTED = "rejected"


# On the way to being paid.
IN_HAND = (
    AwardState.PROPOSED, AwardState.SCHOOL_PASSED, AwardState.REVIEWED, AwardState.PUBLISHED, AwardState.OBJECTED, AwardState.CLEARED,
    AwardState.BATCHED,
)  # fmt: skip

AWARD_WORDS: Mapping[str, str] = {
    AwardState.PROPOSED: "待学校评审",
    AwardState.SCHOOL_PASSED: "待科室评审",
    AwardState.REVIEWED: "待公示",
    AwardState.PUBLISHED: "公示中",
    AwardState.OBJECTED: "有异议待处理",
    AwardState.CLEARED: "待列批次",
    AwardState.BATCHED: "已列批次",
    AwardState.PAID: "已发放",
    AwardState.FAILED: "发放失败",
    AwardState.REJECTED: "不予发放",
}
_A = AwardState
AWARD_NEXT: Mapping[tuple[str, str], AwardState] = {
    (_A.PROPOSED, "school_pass"): _A.SCHOOL_PASSED,
    (_A.SCHOOL_PASSED, "pass"): _A.REVIEWED,
    (_A.SCHOOL_PASSED, "send_back"): _A.PROPOSED,
    (_A.REVIEWED, "publish"): _A.PUBLISHED,
    (_A.PUBLISHED, "object"): _A.OBJECTED,
    (_A.OBJECTED, "dismiss"): _A.PUBLISHED,
    (_A.OBJECTED, "uphold"): _A.REJECTED,
    (_A.PUBLISHED, "clear"): _A.CLEARED,
    (_A.CLEARED, "draw"): _A.BATCHED,
    (_A.FAILED, "draw"): _A.BATCHED,
    (_A.BATCHED, "drop"): _A.CLEARED,
    (_A.BATCHED, "pay"): _A.PAID,
    (_A.BATCHED, "fail"): _A.FAILED,
    (_A.PAID, "give_back"): _A.FAILED,
    **{
        (state, "reject"): _A.REJECTED
        for state in (_A.PROPOSED, _A.SCHOOL_PASSED, _A.REVIEWED, _A.CLEARED, _A.FAILED)
    },
}


class BatchState(StrEnum):
    """批次状态, as stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENT = "sent"
    SETTLED = "settled"
    VOID = "void"


BATCH_WORDS: Mapping[str, str] = {
    BatchState.DRAFT: "拟制",
    BatchState.SUBMITTED: "待审批",
    BatchState.APPROVED: "已审批待送银行",
    BatchState.SENT: "已送银行待回盘",
    BatchState.SETTLED: "已办结",
    BatchState.VOID: "已作废",
}
_B = BatchState
BATCH_NEXT: Mapping[tuple[str, str], BatchState] = {
    (_B.DRAFT, "submit"): _B.SUBMITTED,
    (_B.SUBMITTED, "send_back"): _B.DRAFT,
    (_B.SUBMITTED, "approve"): _B.APPROVED,
    (_B.APPROVED, "send"): _B.SENT,
    (_B.SENT, "settle"): _B.SETTLED,
    **{(state, "void"): _B.VOID for state in (_B.DRAFT, _B.SUBMITTED, _B.APPROVED)},
}


class LineState(StrEnum):
    """明细状态, as stored."""

    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"
    DROPPED = "dropped"


LINE_WORDS: Mapping[str, str] = {
    LineState.WAITING: "待发放",
    LineState.PAID: "已发放",
    LineState.FAILED: "发放失败",
    LineState.RETURNED: "已退回",
    LineState.DROPPED: "已撤出",
}
LINE_NEXT: Mapping[tuple[str, str], LineState] = {
    (LineState.WAITING, "pay"): LineState.PAID,
    (LineState.WAITING, "fail"): LineState.FAILED,
    (LineState.WAITING, "drop"): LineState.DROPPED,
    (LineState.PAID, "give_back"): LineState.RETURNED,
}


class FindingState(StrEnum):
    """线索在数据里的状态, as stored. What people do about it is the state of its case."""

    OPEN = "open"
    GONE = "gone"


FINDING_WORDS: Mapping[str, str] = {
    FindingState.OPEN: "数据仍显示",
    FindingState.GONE: "数据已不显示",
}
FINDING_NEXT: Mapping[tuple[str, str], FindingState] = {
    (FindingState.OPEN, "vanish"): FindingState.GONE,
    (FindingState.GONE, "reappear"): FindingState.OPEN,
}
