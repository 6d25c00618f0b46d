"""手机来件能不能这样办: each answers None (yes) or a sentence that says why not. Pure."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bureau.people.rules import Permission, may, why_not
from bureau.phone.states import WORDS, State, may_become


class Person(Protocol):
    """谁."""

    @property
    def pk(self) -> int: ...
    @property
    def role(self) -> str: ...


class Arrived(Protocol):
    """来件, as far as the rules look at it."""

    @property
    def state(self) -> str: ...
    @property
    def user_id(self) -> int: ...


def why_not_trust(*, lost: bool) -> str | None:
    """为什么不直接采信 what a phone sends: it was reported lost."""
    return "这部手机已报丢失，记录须由上级核实" if lost else None


def why_not_apply(*, role: str, known: bool, lost: bool) -> str | None:
    """为什么不直接入账: then the record is held for the desk above, neither lost nor applied.

    `known`: the case exists; `lost`: the phone was reported lost. Whether the case is still the account's, the case room says.
    """
    distrust = why_not_trust(lost=lost)
    if distrust:
        return distrust
    refusal = why_not(role, Permission.WORK_CASES)
    if refusal:
        return f"上报时账号已无权办理个案：{refusal}"
    return None if known else "系统里没有这个个案，须由上级核实"


def why_not_settle(receipt: Arrived, *, by: Person, in_area: bool, undecided: Collection[str]) -> str | None:
    """为什么不能商定. `undecided` are the titles of the fields nobody has chosen for."""
    if not may(by.role, Permission.WORK_CASES):
        return why_not(by.role, Permission.WORK_CASES)
    if not in_area:
        return "这条记录不在您的辖区内"
    if not may_become(receipt.state, State.SETTLED):
        return f"这条记录“{WORDS[State(receipt.state)]}”，没有要商定的内容"
    if undecided:
        return f"还有没有选的项目：{'、'.join(undecided)}；请逐项选定"
    return None


def why_not_decide(receipt: Arrived, *, by: Person, in_area: bool, reason: str | None = None) -> str | None:
    """为什么不能采用或退回 a held record; the one who sent it may not. `reason` None: not asked for yet."""
    if not may(by.role, Permission.ASSIGN_CASES):
        return why_not(by.role, Permission.ASSIGN_CASES)
    if not in_area:
        return "这条记录不在您的辖区内"
    if not may_become(receipt.state, State.RELEASED):
        return f"这条记录“{WORDS[State(receipt.state)]}”，不用再处理"
    if receipt.user_id == by.pk:
        return "不能处理自己上报的记录，请另一人处理"
    return "请写明理由" if reason is not None and not reason.strip() else None


def why_not_report_lost(*, own: bool, by_role: str, lost_at: datetime | None) -> str | None:
    """为什么不能报丢失: one's own phone, or anybody's for who manages accounts."""
    if lost_at is not None:
        return "这部手机已经报过丢失"
    if own or may(by_role, Permission.MANAGE_ACCOUNTS):
        return None
    return "只能给自己的手机报丢失；别人的手机请系统管理员操作"
