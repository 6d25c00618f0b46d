"""发放批次规则: who may draft, approve, send and settle a batch, and why not now. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from bureau.payments.states import BATCH_NEXT, BATCH_WORDS, LINE_NEXT, LINE_WORDS
from bureau.people.rules import Permission, why_not

# Columns a bank may ask for: field → what it is called when nobody has changed the heading.
FIELDS: Mapping[str, str] = {
    "position": "序号",
    "number": "批次号",
    "reference": "业务参考号",
    "holder_name": "户名",
    "account": "账号",
    "bank": "开户行",
    "amount": "金额",
    "person_name": "受助人",
    "relation": "与受助人关系",
    "school_name": "学校",
    "purpose": "用途",
    "blank": "备注",
}
NEEDED = ("position", "holder_name", "account", "amount")
FORMS: Mapping[str, str] = {"yuan": "元（1250.00）", "fen": "分（125000）", "text": "文字"}
STANDARD = tuple(
    {"field": field, "heading": FIELDS[field], "form": "yuan" if field == "amount" else "text"}
    for field in ("number", "position", "holder_name", "account", "bank", "amount", "purpose", "reference")
)


class BatchLike(Protocol):
    """一个批次, as far as the rules look at it."""

    @property
    def state(self) -> str: ...
    @property
    def drafted_by_id(self) -> int: ...
    @property
    def lines_count(self) -> int: ...


def why_not_draft(
    *, role: str, title: str, awards: int, without_account: int, template: bool, several: bool
) -> str | None:
    """为什么不能制批次. `without_account`: awards whose person has no bank account in use; `several`: more funds or kinds of person."""
    refusal = why_not(role, Permission.REVIEW_AWARDS)
    if refusal:
        return refusal
    problems = []
    if not title.strip():
        problems.append("请填写名称")
    if not awards:
        problems.append("没有可以列入的人：公示期满且没有未处理的异议，才能列批次")
    if several:
        problems.append("一个批次只能从一个基金发给一种对象，请分开制")
    if without_account:
        problems.append(f"{without_account:,} 人没有登记收款账户，请先在“收款账户”里登记或导入")
    if not template:
        problems.append("请选择代发文件格式")
    return "；".join(problems) or None


def why_not_submit(batch: BatchLike, *, by_role: str) -> str | None:
    """为什么不能报审."""
    refusal = why_not(by_role, Permission.REVIEW_AWARDS) or _moves(batch, "submit", "只有拟制中的才能报审")
    return refusal or (None if batch.lines_count else "批次里没有明细")


def why_not_approve(
    batch: BatchLike, *, by_id: int, by_role: str, reviewers: Collection[int], short: Sequence[str] = ()
) -> str | None:
    """为什么不能审批: neither who drafted the batch nor who reviewed one of its awards; and the money must be there."""
    refusal = why_not(by_role, Permission.APPROVE_BATCHES) or _moves(batch, "approve", "报审后才能审批")
    if refusal:
        return refusal
    if batch.drafted_by_id == by_id:
        return "不能审批自己制的批次，请另一人审批"
    if by_id in reviewers:
        return "评审过这些资助的人不能审批发放，请没有参加评审的人审批"
    return "；".join(short) or None


def why_not_send_back(batch: BatchLike, *, by_role: str, reason: str) -> str | None:
    """为什么不能退回修改."""
    refusal = why_not(by_role, Permission.APPROVE_BATCHES) or _moves(
        batch, "send_back", "只有待审批的才能退回"
    )
    return refusal or (None if reason.strip() else "退回须写明原因")


def why_not_void(batch: BatchLike, *, by_role: str, reason: str) -> str | None:
    """为什么不能作废."""
    refusal = why_not(by_role, Permission.REVIEW_AWARDS) or _moves(
        batch, "void", "已送银行的不能作废，请等银行回盘"
    )
    return refusal or (None if reason.strip() else "作废须写明原因")


def why_not_export(batch: BatchLike, *, by_role: str) -> str | None:
    """为什么不能导出代发文件: only what is approved."""
    refusal = why_not(by_role, Permission.REVIEW_AWARDS)
    if refusal:
        return refusal
    if batch.state in ("approved", "sent", "settled"):
        return None
    return f"这个批次“{BATCH_WORDS[batch.state]}”；审批后才能导出代发文件"


def why_not_send(batch: BatchLike, *, by_role: str) -> str | None:
    """为什么不能登记已送银行."""
    return why_not(by_role, Permission.REVIEW_AWARDS) or _moves(batch, "send", "审批后才能送银行")


def why_not_changed(positions: Sequence[int]) -> str | None:
    """为什么不能照原来的账户发. `positions`: lines whose account was replaced after the batch was drafted."""
    if not positions:
        return None
    return (
        f"有 {len(positions):,} 笔的收款账户在制批次以后已更换或停用（序号 {_some(positions)}），"
        "请作废后重新制批次"
    )


def why_not_again(positions: Sequence[int]) -> str | None:
    """为什么不能再发. `positions`: lines of pupils who have been paid by another list meanwhile."""
    if not positions:
        return None
    return (
        f"有 {len(positions):,} 人这一学期这一项目已另外发过，再发就超过应发（序号 {_some(positions)}）；"
        "请作废批次，把他们改为不予发放后重新制"
    )


def doubt(positions: Sequence[int]) -> str | None:
    """审批前要看的. `positions`: lines of pupils whom the evaluation, as it stands now, no longer entitles."""
    if not positions:
        return None
    words = f"按现在的资助判断，有 {len(positions):,} 人不再应享受（序号 {_some(positions)}）"
    return f"{words}，请核对后再审批；确实不应发的，退回后作废重新制"


def _some(positions: Sequence[int]) -> str:
    return "、".join(map(str, positions[:10])) + ("等" if len(positions) > 10 else "")


def why_not_result(batch: BatchLike, *, by_role: str) -> str | None:
    """为什么不能导入回盘."""
    refusal = why_not(by_role, Permission.REVIEW_AWARDS)
    return refusal or _moves(batch, "settle", "送银行以后、办结以前才能导入回盘")


def why_not_give_back(
    *, line_state: str, by_role: str, reason: str, day: date | None, paid_on: date | None, today: date
) -> str | None:
    """为什么不能登记退回: money that came back after it was paid."""
    refusal = why_not(by_role, Permission.REVIEW_AWARDS)
    if refusal:
        return refusal
    if (line_state, "give_back") not in LINE_NEXT:
        return f"这一笔“{LINE_WORDS[line_state]}”；只有已发放的才能登记退回"
    if day is None or day > today or (paid_on is not None and day < paid_on):
        return "请填写退回到账的日期，不早于发放、不晚于今天"
    return None if reason.strip() else "请写明退回的原因"


def why_not_template(
    *, role: str, name: str, taken: bool, fields: Sequence[str], headings: Sequence[str]
) -> str | None:
    """为什么这个代发格式不行: every problem at once."""
    refusal = why_not(role, Permission.REVIEW_AWARDS)
    if refusal:
        return refusal
    problems = []
    if not name.strip():
        problems.append("请填写格式名称")
    if taken:
        problems.append(f"已有名为“{name.strip()}”的格式")
    lacking = [FIELDS[field] for field in NEEDED if field not in fields]
    if lacking:
        problems.append(f"缺少必需的列：{'、'.join(lacking)}")
    if any(field not in FIELDS for field in fields):
        problems.append("有的列不在可选之列")
    if any(not heading.strip() for heading in headings):
        problems.append("每一列都要有列名")
    repeated = sorted(
        {heading for heading in headings if heading.strip() and list(headings).count(heading) > 1}
    )
    if repeated:
        problems.append(f"列名重复：{'、'.join(repeated)}")
    return "；".join(problems) or None


def _moves(batch: BatchLike, event: str, otherwise: str) -> str | None:
    if (batch.state, event) not in BATCH_NEXT:
        return f"这个批次“{BATCH_WORDS[batch.state]}”；{otherwise}"
    return None
