"""结对规则: who may accept a proposal, and why not. Pure."""

from collections.abc import Collection, Mapping

from bureau.people.rules import Permission, why_not

LONGEST_REASON = 200
WHY = {"kept": "原来就结对", "own": "班主任", "even": "负担均衡", "chosen": "人工指定"}


def why_not_accept(*, role: str, in_scope: bool, shown: str, now: str, tutors: int) -> str | None:
    """为什么不能采用. `shown` is the mark of the proposal that was looked at, `now` of today's."""
    refusal = why_not(role, Permission.ASSIGN_CASES)
    if refusal:
        return refusal
    if not in_scope:
        return "这所学校不在您的辖区内"
    if not tutors:
        return "教师名册里没有这所学校的专任教师，不能结对；请先导入教师名册"
    return None if shown == now else "学生或教师名单在您打开之后有变化，请核对新的方案后再采用"


def why_not_choose(
    chosen: Mapping[str, str], *, pupils: Collection[str], tutors: Collection[str]
) -> list[str]:
    """人工指定的问题, all of them."""
    wrong = []
    if any(pupil not in pupils for pupil in chosen):
        wrong.append("有不在名单上的学生，请重新打开本页")
    if any(tutor and tutor not in tutors for tutor in chosen.values()):
        wrong.append("有不是本校专任教师的人，请重新选择")
    return wrong


def why_not_end(*, role: str, in_scope: bool, ended: bool, reason: str) -> str | None:
    """为什么不能解除结对."""
    refusal = why_not(role, Permission.ASSIGN_CASES)
    if refusal:
        return refusal
    if not in_scope:
        return "这名学生不在您的辖区内"
    if ended:
        return "这一对已经解除"
    return None if reason.strip() else "请写明为什么解除，例如教师调离、学生转学"


def left_behind(fields: Mapping[str, object], evidence: Mapping[str, object]) -> bool:
    """是否留守儿童: by what was recorded, else by the student register; a child of whom neither says anything was put on the ledger as one."""
    categories = fields.get("categories")
    if fields.get("by_state") or fields.get("by_statistics"):
        return True
    if isinstance(categories, list) and "留守" in categories:
        return True
    registered = evidence.get("学籍登记留守")
    return registered == "是" if registered in ("是", "否") else not categories
