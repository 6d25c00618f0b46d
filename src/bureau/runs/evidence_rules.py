"""佐证规则: why a conclusion may not be written, submitted, confirmed or returned now. Pure."""

from typing import Protocol

from bureau.people.rules import Permission, why_not

WRITERS = ("leader", "office")
CONCLUSIONS = ("达标", "未达标", "不适用")
DRAFT, SUBMITTED, CONFIRMED, RETURNED = "draft", "submitted", "confirmed", "returned"
WORDS = {DRAFT: "待提交", SUBMITTED: "待复核", CONFIRMED: "已复核", RETURNED: "已退回"}


class Person(Protocol):
    """谁."""

    @property
    def pk(self) -> int: ...
    @property
    def role(self) -> str: ...


class Conclusion(Protocol):
    """一项佐证, as far as the rules look at it."""

    @property
    def state(self) -> str: ...
    @property
    def conclusion(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def by_id(self) -> int: ...


def why_not_write(state: str, *, by: Person, in_area: bool) -> str | None:
    """为什么不能填结论、传文件. `state` is "" for an item that nobody has begun."""
    if by.role not in WRITERS:
        return "佐证材料由局领导和业务科室填写"
    if not in_area:
        return "这个县不在您的辖区内"
    if state == SUBMITTED:
        return "已提交待复核，复核前不能修改；如须修改请复核人退回"
    if state == CONFIRMED:
        return "已复核；如须修改请先重新打开并写明原因"
    return None


def why_not_submit(
    evidence: Conclusion, *, by: Person, in_area: bool, concludes: bool, files: int
) -> str | None:
    """为什么不能提交复核. `concludes`: this item is answered by a conclusion, not by a figure."""
    refusal = why_not_write(evidence.state, by=by, in_area=in_area)
    if refusal:
        return refusal
    missing = []
    if concludes and evidence.conclusion not in CONCLUSIONS:
        missing.append("选择结论")
    if not evidence.summary.strip():
        missing.append("填写简要结论")
    if not files:
        missing.append("至少上传一个文件")
    return f"还不能提交，请先{'、'.join(missing)}" if missing else None


def why_not_check(evidence: Conclusion, *, by: Person, in_area: bool) -> str | None:
    """为什么不能复核 (confirm or return): another person than the one who wrote it."""
    refusal = why_not(by.role, Permission.CHECK_EVIDENCE)
    if refusal:
        return refusal
    if not in_area:
        return "这个县不在您的辖区内"
    if evidence.state != SUBMITTED:
        return f"这一项“{WORDS[evidence.state]}”，提交以后才能复核"
    if evidence.by_id == by.pk:
        return "填写的人不能自己复核，请另一人复核"
    return None


def why_not_reopen(evidence: Conclusion, *, by: Person, in_area: bool, reason: str) -> str | None:
    """为什么不能重新打开 a confirmed conclusion."""
    if by.role not in WRITERS:
        return "佐证材料由局领导和业务科室填写"
    if not in_area:
        return "这个县不在您的辖区内"
    if evidence.state != CONFIRMED:
        return f"这一项“{WORDS[evidence.state]}”，不必重新打开"
    return None if reason.strip() else "重新打开须写明原因"


def concludes(item_title: str) -> bool:
    """Whether an item of 县级数据 is answered by a conclusion; one with a unit in its title is a figure."""
    return not item_title.endswith("）")
