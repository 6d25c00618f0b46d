"""专门授权的规则. Pure."""

from bureau.people.rules import ROLES, Permission, why_not

KINDS = {"assessment": "残疾儿童评估", "screening": "心理健康筛查"}
MAY_BE_CLEARED = ("leader", "office", "school", "teacher", "township", "inspector")


def why_not_grant(
    *,
    by_role: str,
    by_self: bool,
    role: str,
    active: bool,
    kind: str,
    held: bool,
    reason: str,
    name: str,
    again: str,
) -> str | None:
    """为什么不能授权. Nobody clears himself, and the name is typed twice."""
    refusal = why_not(by_role, Permission.MANAGE_ACCOUNTS)
    if refusal:
        return refusal
    if kind not in KINDS:
        return f"请选择授权范围：{'、'.join(KINDS.values())}"
    if by_self:
        return "不能给自己授权"
    if not active:
        return "这个账号已停用，不能授权"
    if role not in MAY_BE_CLEARED:
        return f"“{ROLES.get(role, role)}”账号不接触学生个案，不能授权"
    if held:
        return f"这个账号已有“{KINDS[kind]}”授权"
    if not reason.strip():
        return "请填写授权理由，例如分工文件或批准人"
    if again.strip() != name:
        return f"请再输入一次被授权人的姓名“{name}”，核对无误"
    return None


def why_not_withdraw(*, by_role: str, withdrawn: bool, reason: str) -> str | None:
    """为什么不能收回."""
    refusal = why_not(by_role, Permission.MANAGE_ACCOUNTS)
    if refusal:
        return refusal
    if withdrawn:
        return "这项授权已经收回"
    return None if reason.strip() else "请填写收回理由"
