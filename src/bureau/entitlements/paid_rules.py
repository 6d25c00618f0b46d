"""已发资助的规则: what may be entered and undone, and which amounts are to be looked at twice. Pure."""

import re
from collections.abc import Mapping

from bureau.people.rules import Permission, why_not

REASON_LENGTH = 200
TEN_THOUSAND = 10_000
_IGNORED = re.compile(r"[\s“”\"'（）()〔〕\[\]—–\-、，。：:《》]")
_ENDS = re.compile(r"(补助金|补助费|补助|资助金|资助|助学金|补贴|项目|费)$")


def why_not_upload(
    *, role: str, outside: bool, term_refusal: str | None, same: bool, source: str
) -> str | None:
    """为什么不能上传发放名单. `same`: this very file is in force already."""
    refusal = why_not(role, Permission.REVIEW_AWARDS)
    if refusal:
        return refusal
    if outside:
        return "这个县不在您的辖区内"
    if term_refusal:
        return term_refusal
    if same:
        return "这个文件已经入账，同一份名单不能入账两次；如要更正，请先撤销原来的名单"
    return None if source.strip() else "请写明名单的来源，例如“县民政局 2026年春季发放表”"


def why_not_enter(
    *, role: str, state: str, errors: int, lines: int, warnings: int, accepted: bool
) -> str | None:
    """为什么不能入账."""
    refusal = why_not(role, Permission.REVIEW_AWARDS)
    if refusal:
        return refusal
    if state == "reading":
        return "名单还在读取，请稍候"
    if state == "refused" or errors:
        return f"名单有 {errors:,} 个错误，请改正后重新上传"
    if state != "in_review":
        return "名单已经处理过，不能再入账"
    if not lines:
        return "名单里没有可以入账的行"
    if warnings and not accepted:
        return f"有 {warnings:,} 个提醒，请核对后勾选“已核对”再入账"
    return None


def why_not_cancel(*, role: str, state: str) -> str | None:
    """为什么不能取消一份还没有入账的名单."""
    refusal = why_not(role, Permission.REVIEW_AWARDS)
    if refusal:
        return refusal
    return None if state in ("reading", "refused", "in_review") else "名单已经处理过，不能取消"


def why_not_undo(*, role: str, state: str, reason: str, from_batch: bool) -> str | None:
    """为什么不能撤销. `from_batch`: the money went through this system's own batch, whose return is booked there."""
    refusal = why_not(role, Permission.REVIEW_AWARDS)
    if refusal:
        return refusal
    if state != "in_force":
        return "只有已入账的名单可以撤销"
    if from_batch:
        return "这是发放批次产生的记录，请在发放批次中办理退回或更正"
    if not reason.strip():
        return "请写明撤销的原因"
    return f"原因最多{REASON_LENGTH}字" if len(reason.strip()) > REASON_LENGTH else None


def bare_item(text: str) -> str:
    """A clause's name as clerks write it: without blanks, brackets and quotation marks."""
    return _IGNORED.sub("", text)


def stem(text: str) -> str:
    """The same without 补助金, 资助 and the like at its end."""
    return _ENDS.sub("", bare_item(text))


def find_clause(text: str, names: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """(clause id or "", ids that might be meant). `names`: {id: name}. An id is taken as it stands."""
    if text.strip() in names:
        return text.strip(), ()
    bare = bare_item(text)
    exact = tuple(key for key, name in names.items() if bare_item(name) == bare)
    if len(exact) == 1:
        return exact[0], ()
    short = stem(text)
    near = exact or tuple(
        key for key, name in names.items() if short and (short in bare_item(name) or stem(name) in bare)
    )
    return (near[0], ()) if len(near) == 1 and len(short) >= 4 else ("", near)


def odd_amount(fen: int, due: int) -> str | None:
    """为什么这个金额要再看一眼: in 万元, ten times, or far from what is due."""
    if due <= 0:
        return None
    if fen * TEN_THOUSAND <= due * 3 and fen < 1000:
        return f"金额 {fen / 100:g} 元，应发 {due / 100:g} 元，像是误用了“万元”，请核对单位"
    if fen >= due * 1000:
        return f"金额 {fen / 100:,.2f} 元是应发 {due / 100:g} 元的 {fen // due:,} 倍，请核对单位"
    if fen >= due * 5:
        return f"金额 {fen / 100:,.2f} 元是应发 {due / 100:g} 元的 {fen // due} 倍，请核对"
    return None
