"""台账规则: why something may not be done to a gap now, in one sentence each. Pure."""

from datetime import date
from typing import Protocol

from bureau.gaps.states import WORDS, Event, State, next_state
from bureau.people.rules import Permission, why_not

LEDGER_PACK = "balanced-2017"
DIRECTORS = ("leader", "office")  # who decides on office, deadline and price; a school writes its measure


class Person(Protocol):
    """谁: what the rules need of an account."""

    @property
    def pk(self) -> int: ...
    @property
    def role(self) -> str: ...


class Line(Protocol):
    """一条缺口, as far as the rules look at it."""

    @property
    def state(self) -> str: ...
    @property
    def shortage(self) -> float: ...
    @property
    def unit(self) -> str: ...
    @property
    def claimed_by_id(self) -> int | None: ...


def amount(shortage: float, unit: str) -> str:
    """“3 名”“412 ㎡”“18.6 万元”: people and rooms whole, others with at most two decimals, never rounded to 0."""
    rounded = round(shortage, 2) if abs(shortage) < 100 else round(shortage, 1)
    text = f"{rounded:,.2f}".rstrip("0").rstrip(".")
    if text in ("0", "-0") and shortage > 0:
        return f"不足 0.01 {unit}"
    return f"{text} {unit}"


def why_not_plan(gap: Line, *, by: Person, in_area: bool, fields: tuple[str, ...] = ()) -> str | None:
    """为什么不能填整改计划. `fields` are those about to change."""
    refusal = why_not(by.role, Permission.EDIT_GAPS) or _outside(in_area)
    if refusal:
        return refusal
    if gap.state == State.CLOSED:
        return "已销号的缺口不能再改；缺口重新出现时会另立一条"
    if by.role not in DIRECTORS and any(field != "measure" for field in fields):
        return "责任科室、完成时限和单价由局里确定；学校可以填写整改措施"
    return None


def why_not_due(due: date | None, *, today: date) -> str | None:
    """为什么完成时限不行."""
    if due is not None and due < today:
        return f"完成时限“{due:%Y-%m-%d}”已经过去，请填今天或以后的日期"
    return None


def why_not_price(price: float | None) -> str | None:
    """为什么单价不行."""
    if price is not None and not 0 <= price <= 100_000:
        return f"单价“{price:g}”应在 0 到 100,000 万元之间，请改正"
    return None


def why_not_claim(gap: Line, *, by: Person, in_area: bool) -> str | None:
    """为什么不能报完成."""
    refusal = why_not(by.role, Permission.EDIT_GAPS) or _outside(in_area)
    if refusal:
        return refusal
    if gap.state == State.CLAIMED:
        return "已经报过完成，请等下次导入数据后由另一人复核"
    if gap.state == State.SOLVED:
        return "数据已达标，不必再报完成，请另一人复核销号"
    if next_state(gap.state, Event.CLAIM) is None:
        return "已销号的缺口不能再报完成"
    return None


def why_not_withdraw(gap: Line, *, by: Person, in_area: bool) -> str | None:
    """为什么不能撤回完成."""
    refusal = why_not(by.role, Permission.EDIT_GAPS) or _outside(in_area)
    if refusal:
        return refusal
    if gap.state != State.CLAIMED:
        return f"这条缺口“{WORDS[gap.state]}”，没有可撤回的完成"
    if by.pk != gap.claimed_by_id and by.role not in DIRECTORS:
        return "只有报完成的本人或局里可以撤回"
    return None


def why_not_close(gap: Line, *, by: Person, in_area: bool) -> str | None:
    """为什么不能销号: the data must show it closed, and the person must not be who claimed it."""
    refusal = why_not(by.role, Permission.CONFIRM_GAPS) or _outside(in_area)
    if refusal:
        return refusal
    if gap.state == State.CLOSED:
        return "已经销号"
    if gap.shortage > 0:
        return f"数据仍缺 {amount(gap.shortage, gap.unit)}，不能销号；请先导入达标的数据"
    if next_state(gap.state, Event.CONFIRM) is None:
        return f"这条缺口“{WORDS[gap.state]}”，要等数据显示达标后才能销号"
    if gap.claimed_by_id is not None and gap.claimed_by_id == by.pk:
        return "报完成的人不能自己复核，请另一人销号"
    return None


def why_not_send_back(gap: Line, *, by: Person, in_area: bool, reason: str) -> str | None:
    """为什么不能退回: a second person who does not believe the data says why."""
    refusal = why_not(by.role, Permission.CONFIRM_GAPS) or _outside(in_area)
    if refusal:
        return refusal
    if next_state(gap.state, Event.SEND_BACK) is None:
        return f"这条缺口“{WORDS[gap.state]}”，只有待复核的才能退回"
    if not reason.strip():
        return "退回须写明原因"
    return None


def contradiction(gap: Line, *, claimed_on: date | None, data_day: date) -> str | None:
    """矛盾: what the data says against a claim; None when there is no claim or the data agrees."""
    if gap.state != State.CLAIMED or gap.shortage <= 0:
        return None
    still = amount(gap.shortage, gap.unit)
    day = f"{data_day.year}年{data_day.month}月{data_day.day}日"
    if claimed_on is not None and data_day < claimed_on:
        return f"已报完成，但{day}的数据仍缺 {still}；导入新数据证实前不能销号"
    return f"与数据矛盾：已报完成，但{day}的数据仍缺 {still}"


def overdue(gap: Line, *, due: date | None, today: date) -> bool:
    """是否超期: the deadline is past and the data does not show the gap closed."""
    return due is not None and due < today and gap.state not in (State.SOLVED, State.CLOSED)


def why_not_follow(*, state: str, pack: str) -> str | None:
    """为什么台账不跟随这次测算: it is unfinished, or made with another standard than the ledger's."""
    if state != "done":
        return "测算没有完成"
    if pack != LEDGER_PACK:
        return "台账只跟随优质均衡标准的测算"
    return None


def _outside(in_area: bool) -> str | None:
    return None if in_area else "这所学校不在您的辖区内"
