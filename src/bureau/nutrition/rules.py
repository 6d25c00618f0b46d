"""月账规则: what may be done now, in a sentence where it may not; days of meals and differences. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from bureau.nutrition.states import ACCOUNT, ACCOUNT_WORDS
from bureau.people.rules import Permission, why_not

# More than this many times the meals due is a slip of the pen, not a difference to explain.
ABSURD = 3


class Person(Protocol):
    """谁: what the rules need of an account."""

    @property
    def pk(self) -> int: ...
    @property
    def role(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Line:
    """一个班的账: pupil-days due, eaten and at school (None: 未报), and the words that explain their difference."""

    name: str
    due: int
    eaten: int | None
    attended: int | None
    explained: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """全校的账: portions delivered and accepted (None: none counted in portions), eaten, money spent and money due in fen."""

    delivered: int | None
    eaten: int
    spent: int
    due_fen: int
    explained: str = ""


def months(first: date, last: date) -> Iterator[date]:
    """The first days of the months from one to the other."""
    day = first.replace(day=1)
    while day <= last:
        yield day
        day = (day + timedelta(days=32)).replace(day=1)


def serving_days(school_days: Iterable[date], changes: Mapping[date, bool], month: date) -> list[date]:
    """应供餐日: the school days of the month without the days off, with the days added, in order."""
    extra = {
        day
        for day, serves in changes.items()
        if serves and (day.year, day.month) == (month.year, month.month)
    }
    return sorted({day for day in school_days if changes.get(day, True)} | extra)


def differences(line: Line) -> list[str]:
    """差异: each as a sentence; [] when meals, entitlement and attendance agree or are not reported."""
    found = []
    if line.eaten is not None and line.attended is not None and line.eaten != line.attended:
        more = line.eaten - line.attended
        found.append(f"就餐比出勤{'多' if more > 0 else '少'} {abs(more):,} 人次")
    if line.eaten is not None and line.eaten > line.due:
        found.append(f"就餐比应供多 {line.eaten - line.due:,} 人次")
    return found


def whole_differences(whole: Whole) -> list[str]:
    """全校的差异: portions delivered against portions eaten, and money above the standard."""
    found = []
    if whole.delivered is not None and whole.delivered != whole.eaten:
        more = whole.delivered - whole.eaten
        found.append(f"验收份数比就餐{'多' if more > 0 else '少'} {abs(more):,} 份")
    if whole.spent > whole.due_fen:
        found.append(f"支出比应补金额多 {(whole.spent - whole.due_fen) / 100:,.2f} 元")
    return found


def why_not_set(*, by: Person) -> str | None:
    """为什么不能改标准、学期和实施学校."""
    return why_not(by.role, Permission.MANAGE_FUNDS)


def why_not_price(
    *, by: Person, fen: int | None, since: date | None, source: str, document: str
) -> str | None:
    """为什么不能登记标准."""
    refusal = why_not_set(by=by)
    if refusal:
        return refusal
    problems = []
    if fen is None or fen <= 0:
        problems.append("请填写每生每日的金额，例如 5")
    elif fen > 5000:
        problems.append(f"每生每日 {fen / 100:g} 元过大，请核对是否填成了每月或每年的金额")
    if since is None:
        problems.append("请填写起始日期")
    if not source.strip():
        problems.append("请填写资金来源，例如 中央补助、县级配套")
    if not document.strip():
        problems.append("请填写依据的文件")
    return "；".join(problems) or None


def why_not_confirm_price(*, by: Person, entered_by: int, confirmed: bool) -> str | None:
    """为什么不能确认标准: somebody else than who entered it."""
    refusal = why_not_set(by=by)
    if refusal:
        return refusal
    if confirmed:
        return "这个标准已经确认"
    return "登记的人不能自己确认，请另一人核对文件后确认" if by.pk == entered_by else None


def why_not_open(*, by: Person, covered: int, days: int, price: bool, month: date, today: date) -> str | None:
    """为什么不能开账: everything that is missing, and where to enter it."""
    refusal = why_not_set(by=by)
    if refusal:
        return refusal
    problems = []
    if month > today:
        problems.append(f"{month.year}年{month.month}月还没有到")
    if not days:
        problems.append(f"{month.year}年{month.month}月没有供餐日，请核对考勤里的学期起止日期和供餐日调整")
    if not covered:
        problems.append("还没有实施学校，请先在“供餐设置”登记")
    if not price:
        problems.append("这个月没有经核实的膳食补助标准，请先在“供餐设置”登记并由另一人确认")
    return "；".join(problems) or None


def why_not_record(*, by: Person, state: str, mine: bool) -> str | None:
    """为什么不能登记: `mine` says that the school lies in the account's area."""
    refusal = why_not(by.role, Permission.REPORT_AID)
    if refusal:
        return refusal
    if not mine:
        return "这所学校不在您的辖区"
    if state == "closed":
        return "这个月已经结账，不能再改"
    return "学校已经签字，要改请先由审核人退回" if state == "signed" else None


def why_not_count(*, name: str, due: int, eaten: int | None, what: str = "就餐") -> str | None:
    """为什么这个数不行: no more than a slip of the pen is caught here."""
    if eaten is not None and eaten > max(due, 1) * ABSURD:
        return f"{name}：{what} {eaten:,} 人次是应供 {due:,} 人次的 {eaten / max(due, 1):.0f} 倍，请核对是否多写了一位"
    return None


def why_not_sign(
    *, by: Person, state: str, mine: bool, over: bool, lines: Iterable[Line], whole: Whole, waiting: int
) -> str | None:
    """为什么学校不能签: what is not reported, not accepted or not explained, all at once."""
    refusal = why_not(by.role, Permission.REPORT_AID) or (None if mine else "这所学校不在您的辖区")
    if refusal:
        return refusal
    if (state, "sign") not in ACCOUNT:
        return f"本月“{ACCOUNT_WORDS[state]}”，不用再签"
    lines = list(lines)
    blank = [line.name for line in lines if line.eaten is None]
    silent = [line.name for line in lines if line.eaten is not None and line.attended is None]
    open_ones = [line.name for line in lines if differences(line) and not line.explained]
    problems = []
    if not over:
        problems.append("本月还没有结束，月底供餐后才能签")
    if not lines:
        problems.append("本月没有享受人数")
    if blank:
        problems.append(f"{_some(blank)}没有登记就餐人次")
    if silent:
        problems.append(f"{_some(silent)}没有出勤人次，请补点名或填写")
    if open_ones:
        problems.append(f"{_some(open_ones)}的差异没有说明")
    if whole_differences(whole) and not whole.explained:
        problems.append(f"全校{whole_differences(whole)[0]}，没有说明")
    if waiting:
        problems.append(f"还有 {waiting} 批到货没有验收")
    return "；".join(problems) or None


def why_not_close(*, by: Person, state: str, signed_by: int | None) -> str | None:
    """为什么不能结账: the bureau, and not who signed."""
    refusal = why_not_set(by=by)
    if refusal:
        return refusal
    if (state, "close") not in ACCOUNT:
        return "已经结账" if state == "closed" else "要等学校签字后才能结账"
    return "签字的人不能自己结账，请另一人审核" if by.pk == signed_by else None


def why_not_send_back(*, by: Person, state: str, reason: str) -> str | None:
    """为什么不能退回."""
    refusal = why_not_set(by=by)
    if refusal:
        return refusal
    if (state, "send_back") not in ACCOUNT:
        return "已经结账的不能退回" if state == "closed" else "学校还没有签字"
    return None if reason.strip() else "请写明退回的原因"


def _some(names: Sequence[str]) -> str:
    """At most three names, and how many there are."""
    shown = "、".join(names[:3])
    return shown if len(names) <= 3 else f"{shown}等 {len(names)} 个班"
