"""服务期规则: what a teacher who leaves early owes back, by the way that his contract names. Pure."""

from collections.abc import Collection
from datetime import date

from bureau.payments.money import yuan
from bureau.people.rules import Permission, why_not


def end_of(starts: date, years: int) -> date:
    """服务期满日: the day after the last one that is owed."""
    try:
        return starts.replace(year=starts.year + years)
    except ValueError:  # 29 February
        return date(starts.year + years, 3, 1)


def served_months(starts: date, left: date) -> int:
    """已服务满几个月."""
    months = (left.year - starts.year) * 12 + left.month - starts.month
    return max(0, months - (left.day < starts.day))


def owed(*, fen: int, starts: date, years: int, left: date, method: str) -> int:
    """应退金额（分）: of `fen`, when service ends on `left`; rounded up to the fen, because the fund is public money."""
    if left >= end_of(starts, years):
        return 0
    if method == "whole":
        return fen
    served = served_months(starts, left)
    if method == "years":
        left_over = years - served // 12
        return -(-fen * left_over // years)
    months = years * 12
    return -(-fen * (months - min(served, months)) // months)


def schedule(*, fen: int, starts: date, years: int, method: str) -> list[tuple[date, int]]:
    """退还表: what would be owed when leaving on each anniversary, from the first day to the last."""
    return [
        (day, owed(fen=fen, starts=starts, years=years, left=day, method=method))
        for day in (end_of(starts, number) for number in range(years + 1))
    ]


def why_not_begin(
    *, role: str, fen: int | None, years: int | None, starts: date | None, contract: str, method: bool
) -> str | None:
    """为什么不能登记服务期: every missing part at once."""
    refusal = why_not(role, Permission.MANAGE_FUNDS)
    if refusal:
        return refusal
    problems = []
    if not fen or fen <= 0:
        problems.append("请填写已发金额")
    if years is None or not 1 <= years <= 30:
        problems.append("服务年限应为 1 到 30 年")
    if starts is None:
        problems.append("请填写服务起算日期")
    if not method:
        problems.append("请选择合同约定的退还办法")
    if not contract.strip():
        problems.append("退还办法文件没有载明，请写明合同编号和条款")
    return "；".join(problems) or None


def why_not_leave(
    *, role: str, left: bool, on: date | None, starts: date, today: date, reason: str, due_on: date | None
) -> str | None:
    """为什么不能登记离开."""
    refusal = why_not(role, Permission.MANAGE_FUNDS)
    if refusal:
        return refusal
    if left:
        return "已经登记过离开日期"
    problems = _wrong_days(on=on, starts=starts, today=today, due_on=due_on)
    if not reason.strip():
        problems.append("请写明离开的原因")
    return "；".join(problems) or None


def why_not_correct(
    *,
    role: str,
    left: bool,
    on: date | None,
    starts: date,
    today: date,
    reason: str,
    due_on: date | None,
    repaid: int,
    owed: int,
) -> str | None:
    """为什么不能更正离开登记. `on` None: the teacher has not left; `owed` after the correction, `repaid` before it."""
    refusal = why_not(role, Permission.MANAGE_FUNDS)
    if refusal:
        return refusal
    if not left:
        return "还没有登记离开，没有可以更正的"
    problems = [] if on is None else _wrong_days(on=on, starts=starts, today=today, due_on=due_on)
    if not reason.strip():
        problems.append("请写明更正的原因")
    if repaid > owed:
        problems.append(
            f"已退 {yuan(repaid)} 元，多于更正后应退的 {yuan(owed)} 元；请先打开退还的那笔账冲销，再更正"
        )
    return "；".join(problems) or None


def _wrong_days(*, on: date | None, starts: date, today: date, due_on: date | None) -> list[str]:
    problems = []
    if on is None or not starts <= on <= today:
        problems.append("离开日期应在服务起算以后、今天以前")
    if due_on is None or (on is not None and due_on < on):
        problems.append("应退期限应不早于离开日期")
    return problems


def why_not_from(
    *, fund: str, sources: Collection[str], fen: int, chosen: tuple[str, str, int]
) -> str | None:
    """为什么与发放不符: the teacher was paid `fen` of this clause from `fund` and its `sources`; `chosen` fund, source and fen."""
    problems = []
    if chosen[0] != fund:
        problems.append(f"这笔钱是从“{fund}”发的，请选择它，退还时才能记回去")
    elif chosen[1] not in sources:
        problems.append("这笔钱不是从所选来源发的，请改选来源")
    if chosen[2] != fen:
        problems.append(f"系统里发给这位教师的是 {yuan(fen)} 元，与填写的 {yuan(chosen[2])} 元不同，请核对")
    return "；".join(problems) or None


def why_not_repay(*, role: str, fen: int | None, open_fen: int, day: date | None, today: date) -> str | None:
    """为什么不能登记退还."""
    refusal = why_not(role, Permission.MANAGE_FUNDS)
    if refusal:
        return refusal
    if open_fen <= 0:
        return "没有应退未退的金额"
    if not fen or fen <= 0 or fen > open_fen:
        return f"退还金额应大于 0，不超过应退未退的 {yuan(open_fen)} 元"
    return None if day is not None and day <= today else "请填写到账日期，不晚于今天"
