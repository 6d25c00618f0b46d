"""个案规则: why a case may not be moved, handed over, closed or changed now. Pure; each answers in a sentence or None."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bureau.people.rules import Permission, why_not
from junheng.policy.ledgers import LEVEL_WORDS, LIVE, Column, Ledger, Level, Move

LEVEL_OF_ROLE: Mapping[str, Level] = {
    "teacher": "class",
    "school": "school",
    "township": "township",
    "leader": "bureau",
    "office": "bureau",
    "inspector": "bureau",
}
CLEARED = ("assessment", "screening")
LONGEST_TEXT = 2000
FIT_FOR_LEVEL: Mapping[str, tuple[str, ...]] = {
    "class": ("teacher", "school"),
    "school": ("school",),
    "township": ("township",),
    "bureau": ("leader", "office"),
}


class Person(Protocol):
    """谁."""

    @property
    def pk(self) -> int: ...
    @property
    def role(self) -> str: ...


class Standing(Protocol):
    """一件个案, as far as the rules look at it."""

    @property
    def state(self) -> str: ...
    @property
    def phase(self) -> str: ...
    @property
    def done_by_id(self) -> int | None: ...
    @property
    def contradiction(self) -> str: ...
    @property
    def needs_proof(self) -> bool: ...
    @property
    def level(self) -> str: ...


def level_of(role: str) -> Level | None:
    """级别 on which an account acts; None for those who only look."""
    return LEVEL_OF_ROLE.get(role)


def why_not_move(case: Standing, move: Move, ledger: Ledger, *, by: Person, in_scope: bool) -> str | None:
    """为什么现在不能这样办理, before anything is typed: the tooltip of the greyed button."""
    closing = bool(move.target) and ledger.state(move.target).phase == "closed"
    refusal = why_not(by.role, Permission.CLOSE_CASES if closing else Permission.WORK_CASES)
    if case.phase == "solved" and not closing and refusal:
        # Whoever may confirm what the data shows may also note that he looked, or send it back.
        refusal = why_not(by.role, Permission.CLOSE_CASES) and refusal
    if refusal:
        return refusal
    if not in_scope:
        return "这件个案不在您的辖区内"
    if case.phase not in LIVE:
        return "这件个案已经结束；数据再次发现时会自动重新打开"
    if case.state not in move.sources:
        fitting = "、".join(f"“{ledger.state(name).title}”" for name in move.sources)
        return f"现在是“{ledger.state(case.state).title}”，{fitting}时才能{move.title}"
    if level_of(by.role) not in move.by:
        return f"“{move.title}”由{'、'.join(LEVEL_WORDS[level] for level in move.by)}办理"
    return why_not_close(case, by=by) if closing else None


def why_not_close(case: Standing, *, by: Person) -> str | None:
    """为什么不能销号: the data still shows it, nobody has worked on it, or it was the same person."""
    if case.contradiction:
        return case.contradiction
    if case.needs_proof and case.phase != "solved":
        return "数据仍显示没有解决，不能销号；数据更新以后再办"
    if case.done_by_id is None:
        return "还没有人核实办理过，请先由一人登记办理情况，再由另一人销号"
    if case.done_by_id == by.pk:
        return "最后办理的人不能自己销号，请另一人复核"
    return None


def why_not_with(move: Move, *, text: str, files: int) -> list[str]:
    """还缺什么: what the move asks for beside its fields; every part at once."""
    missing = []
    if "text" in move.needs and not text.strip():
        missing.append(f"“{move.title}”要写明情况，请填写说明")
    if len(text) > LONGEST_TEXT:
        missing.append(f"说明有 {len(text)} 个字，最多 {LONGEST_TEXT} 个")
    if "file" in move.needs and not files:
        missing.append(f"“{move.title}”要有证明材料，请至少上传一个文件")
    return missing


def why_not_as_filled(move: Move, ledger: Ledger, filled: Mapping[str, object]) -> list[str]:
    """与自己填的不符: what the ledger works out from the columns says that it is not so far."""
    return [
        f"“{ledger.column(name).title}”是“{filled.get(name)}”，不能{move.title}；整改好了请如实更新栏目，没有好请先整改"
        for name, words in move.unless
        if str(filled.get(name) or "").startswith(words)
    ]


def missing_columns(ledger: Ledger, state: str, have: Collection[str]) -> list[str]:
    """进入这个状态前必填而没有填的栏目, by their titles."""
    return [
        column.title for column in ledger.columns if state in column.required_in and column.name not in have
    ]


def why_not_open(ledger: Ledger, *, by: Person, in_scope: bool, live: bool, item: str) -> str | None:
    """为什么不能手工立案."""
    refusal = why_not(by.role, Permission.WORK_CASES)
    if refusal:
        return refusal
    if not in_scope:
        return "这个对象不在您的辖区内"
    if ledger.data_only:
        return f"“{ledger.title}”只由数据立案，不用手工登记；数据显示出来后会自动出现"
    if item and not ledger.many:
        return f"“{ledger.title}”一个对象只有一件个案，不要填写第几件"
    if live:
        return f"这个对象在“{ledger.title}”已有一件没有结束的个案，请在那一件里办理"
    return None


def why_not_fill(column: Column, *, by: Person) -> str | None:
    """为什么不能填这一栏: some columns are filled in by certain levels only."""
    if column.by and level_of(by.role) not in column.by:
        return f"“{column.title}”由{'、'.join(LEVEL_WORDS[level] for level in column.by)}填写"
    return None


def why_not_change(
    case: Standing, *, by: Person, in_scope: bool, names: Sequence[str], ledger: Ledger
) -> str | None:
    """为什么不能修改栏目: whoever may work on the case now, and only columns that the ledger has."""
    refusal = why_not(by.role, Permission.WORK_CASES)
    if refusal:
        return refusal
    if not in_scope:
        return "这件个案不在您的辖区内"
    if case.phase not in LIVE:
        return "这件个案已经结束，栏目不能再改"
    known = {column.name for column in ledger.columns}
    unknown = [name for name in names if name not in known]
    return f"台账没有栏目“{'、'.join(unknown)}”" if unknown else None


def why_not_hand_over(
    case: Standing,
    *,
    by: Person,
    in_scope: bool,
    level: str,
    to_role: str,
    to_covers: bool,
    ledger: Ledger,
    line: str,
) -> str | None:
    """为什么不能移交. `to_role` "" is the desk of the level; `to_covers`: the case lies where that account acts."""
    refusal = why_not(by.role, Permission.ASSIGN_CASES)
    if refusal:
        return refusal
    if not in_scope:
        return "这件个案不在您的辖区内"
    if case.phase not in LIVE:
        return "这件个案已经结束，不用移交"
    if line and line not in {owner.name for owner in ledger.owner_lines}:
        return f"台账没有“{line}”这一类责任人"
    if level not in ledger.ladder.levels:
        return f"“{ledger.title}”没有{LEVEL_WORDS.get(level, level)}这一级"
    if not to_role:
        return None
    if to_role not in FIT_FOR_LEVEL[level]:
        return f"接手人不是{LEVEL_WORDS[level]}的账号，请改选"
    if not to_covers:
        return "接手人的辖区不含这件个案，请改选"
    return None


def why_not_reveal(
    access: str, *, by: Person, in_scope: bool, cleared: Collection[str], reason: str
) -> str | None:
    """为什么不能看受限内容: a clearance for the two sensitive classes, the bureau for its own, and a reason always."""
    if not in_scope:
        return "这件个案不在您的辖区内"
    if access in CLEARED and access not in cleared:
        words = {"assessment": "残疾儿童评估", "screening": "心理健康筛查"}[access]
        return f"没有“{words}”的专门授权，请由系统管理员授权"
    if access == "staff" and level_of(by.role) != "bureau":
        return "这些栏目只供教育局查看"
    return None if reason.strip() else "查看受限内容须填写事由"


def why_not_write_restricted(access: str, *, by: Person, cleared: Collection[str]) -> str | None:
    """为什么不能填受限栏目: whoever may read them may fill them in."""
    if access in CLEARED and access not in cleared:
        return "没有专门授权，不能填写受限栏目"
    if access == "staff" and level_of(by.role) != "bureau":
        return "这些栏目由教育局填写"
    return None


def why_not_edit_pack(*, by: Person, in_scope: bool, reason: str) -> str | None:
    """为什么不能改台账定义."""
    refusal = why_not(by.role, Permission.EDIT_LEDGERS)
    if refusal:
        return refusal
    if not in_scope:
        return "这个县不在您的辖区内"
    return None if reason.strip() else "请写明为什么修改"


def why_not_check_pack(*, by: Person, in_scope: bool, state: str, author: int) -> str | None:
    """为什么不能核对台账定义: another person than its author."""
    refusal = why_not(by.role, Permission.EDIT_LEDGERS)
    if refusal:
        return refusal
    if not in_scope:
        return "这个县不在您的辖区内"
    if state != "draft":
        return "这一版不在待核对"
    return "修改的人不能自己核对，请另一人核对" if author == by.pk else None
