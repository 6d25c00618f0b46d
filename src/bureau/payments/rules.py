"""资金账规则: why something may not be booked, in one sentence each. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from bureau.payments.money import yuan
from bureau.people.rules import Permission, why_not

# How money goes: kind of movement → (credit, debit) kinds of account that it may join.
ROUTES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "opening": (("outside", "available"),),
    "income": (("outside", "available"),),
    "budget": (("available", "budgeted"),),
    "commitment": (("budgeted", "committed"),),
    "payment": (("committed", "paid"),),
    "return": (("committed", "budgeted"), ("paid", "available")),
}
ACCOUNT_WORDS = {
    "outside": "拨款方",
    "available": "可用",
    "budgeted": "已列预算",
    "committed": "已承诺",
    "paid": "已发放",
}
BY_HAND = ("opening", "income", "budget")
NOTE_LENGTH = 300


class MovementLike(Protocol):
    """一笔账, as far as the rules look at it."""

    @property
    def kind(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def fen(self) -> int: ...
    @property
    def batch_id(self) -> int | None: ...


def why_not_open_fund(*, role: str, name: str, taken: bool, sources: int) -> str | None:
    """为什么不能建账."""
    refusal = why_not(role, Permission.MANAGE_FUNDS)
    if refusal:
        return refusal
    problems = []
    if not name.strip():
        problems.append("请填写基金名称")
    if taken:
        problems.append(f"已有名为“{name.strip()}”的基金，请换一个名称")
    if not sources:
        problems.append("至少要有一个资金来源")
    return "；".join(problems) or None


def why_not_book(
    *,
    kind: str,
    route: tuple[str, str],
    fen: int,
    day: date,
    today: date,
    closed: int | None,
    begun: date,
    note: str,
) -> str | None:
    """为什么不能记这笔账. `closed` is the last closed year; `route` (credit, debit) the kinds of its accounts."""
    problems = []
    if kind not in ROUTES or route not in ROUTES[kind]:
        problems.append("这种账不能这样记，请从页面上的几种里选")
    if fen <= 0:
        problems.append("金额应大于 0")
    if not note.strip():
        problems.append("请填写摘要")
    elif len(note.strip()) > NOTE_LENGTH:
        problems.append(f"摘要最多 {NOTE_LENGTH} 字")
    problems += [
        sentence for sentence in (why_not_day(day=day, today=today, closed=closed, begun=begun),) if sentence
    ]
    return "；".join(problems) or None


def why_not_day(*, day: date, today: date, closed: int | None, begun: date) -> str | None:
    """为什么不能记在这一天."""
    if day > today:
        return f"日期 {day:%Y-%m-%d} 还没有到，请填今天或以前的日期"
    if day < begun:
        return f"日期 {day:%Y-%m-%d} 早于建账日期 {begun:%Y-%m-%d}，建账以前的钱请记在期初余额"
    if closed is not None and day.year <= closed:
        return f"{closed} 年度已经结账，不能再记 {day:%Y-%m-%d} 的账；请记在以后的日期"
    return None


def why_overdrawn(*, fund: str, source: str, account: str, has: int, needs: int) -> str | None:
    """透支: what is there, what is needed, what lacks."""
    if has >= needs:
        return None
    words = {
        "budgeted": "请先列预算",
        "available": "请先记收入",
        "committed": "已承诺的钱不够，请核对批次",
        "paid": "已发放的钱没有这么多，请核对",
    }.get(account, "请核对")
    return (
        f"“{fund}”{source}·{ACCOUNT_WORDS[account]}只有 {yuan(has)} 元，需要 {yuan(needs)} 元，"
        f"差 {yuan(needs - has)} 元；{words}"
    )


def why_not_enter(*, role: str, kind: str) -> str | None:
    """为什么不能手工记这种账: commitments, payments and returns come from batches."""
    refusal = why_not(role, Permission.MANAGE_FUNDS)
    if refusal:
        return refusal
    return None if kind in BY_HAND else "承诺、发放和退回由发放批次自动记账，不能手工记"


def why_not_reverse(movement: MovementLike, *, role: str, reversed_already: bool, reason: str) -> str | None:
    """为什么不能冲销: only what was entered by hand (a teacher's repayment too), once, with the reason."""
    refusal = why_not(role, Permission.MANAGE_FUNDS)
    if refusal:
        return refusal
    if movement.kind == "reversal":
        return "冲销不能再冲销；请重新记一笔"
    if reversed_already:
        return "这笔账已经冲销过"
    if movement.batch_id is not None or movement.kind not in (*BY_HAND, "return"):
        return "批次产生的账随批次走，不能单独冲销；请在批次里作废或登记退回"
    return None if reason.strip() else "冲销须写明原因"


def why_not_close(
    *, role: str, year: int, today: date, closed: int | None, first: int, committed: int
) -> str | None:
    """为什么不能结账. `committed` fen are promised and neither paid nor given back."""
    refusal = why_not(role, Permission.MANAGE_FUNDS)
    if refusal:
        return refusal
    if year >= today.year:
        return f"{year} 年还没有过完，年度终了后才能结账"
    if closed is not None and year <= closed:
        return f"{year} 年度已经结账"
    due = first if closed is None else closed + 1
    if year > due:
        return f"请先结 {due} 年度的账"
    if committed:
        return f"{year} 年末还有 {yuan(committed)} 元已承诺没有办结，请先让银行回盘或作废批次"
    return None
