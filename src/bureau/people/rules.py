"""谁能做什么: which role may what, and why not. Pure: the words and the answers, no database and no Django."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

LOCK_AFTER = 5
LOCK_MINUTES = 15
PASSWORD_LENGTH = 10
PASSWORD_KINDS = 3


class Refused(Exception):
    """不能这样做: an action was asked for that a rule refuses; the message is the rule's sentence."""


def demand(refusal: str | None) -> None:
    """不许则止. Raises Refused with the rule's sentence; None lets the action go on."""
    if refusal:
        raise Refused(refusal)


class Permission(StrEnum):
    """权限, with the words shown to people in `WORDS`."""

    SEE_SCHOOLS = "see_schools"
    SEE_CHILDREN = "see_children"
    REVEAL = "reveal"
    EXPORT = "export"
    IMPORT = "import"
    COMMIT = "commit"
    UNDO = "undo"
    RUN = "run"
    CHECK_EVIDENCE = "check_evidence"
    CHANGE_PACKS = "change_packs"
    SEE_ACCOUNTS = "see_accounts"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_LOG = "see_log"
    SEE_PLANS = "see_plans"
    EDIT_PLANS = "edit_plans"
    PUBLISH_PLANS = "publish_plans"
    REPORT_DUTIES = "report_duties"
    CHECK_DUTIES = "check_duties"
    SUPERVISE = "supervise"
    WRITE_BULLETINS = "write_bulletins"
    ASSESS_PERFORMANCE = "assess_performance"
    CHANGE_WORKDAYS = "change_workdays"
    MANAGE_ORGANISATIONS = "manage_organisations"
    SEE_AID = "see_aid"
    MATCH_REGISTERS = "match_registers"
    CHECK_MATCHES = "check_matches"
    REPORT_AID = "report_aid"
    REVIEW_AWARDS = "review_awards"
    APPROVE_BATCHES = "approve_batches"
    MANAGE_FUNDS = "manage_funds"
    SEE_CASES = "see_cases"
    WORK_CASES = "work_cases"
    ASSIGN_CASES = "assign_cases"
    CLOSE_CASES = "close_cases"
    EDIT_LEDGERS = "edit_ledgers"
    TAKE_ATTENDANCE = "take_attendance"


def N(words: str) -> str:
    """Marks words for the English catalogue; whoever shows them translates them."""
    return words


WORDS = {
    Permission.SEE_SCHOOLS: N("查看学校数据"),
    Permission.SEE_CHILDREN: N("查看学生名单"),
    Permission.REVEAL: N("查看证件号和电话明文"),
    Permission.EXPORT: N("导出名单和报表"),
    Permission.IMPORT: N("上传导入文件"),
    Permission.COMMIT: N("提交导入"),
    Permission.UNDO: N("撤销导入"),
    Permission.RUN: N("发起计算"),
    Permission.CHECK_EVIDENCE: N("核对佐证材料"),
    Permission.CHANGE_PACKS: N("修改县级标准"),
    Permission.SEE_ACCOUNTS: N("查看账号和角色"),
    Permission.MANAGE_ACCOUNTS: N("管理账号和角色"),
    Permission.SEE_LOG: N("查看审计日志"),
    Permission.SEE_PLANS: N("查看计划、任务和目标"),
    Permission.EDIT_PLANS: N("上传和核对计划文件"),
    Permission.PUBLISH_PLANS: N("发布计划"),
    Permission.REPORT_DUTIES: N("填报任务进展"),
    Permission.CHECK_DUTIES: N("复核任务完成"),
    Permission.SUPERVISE: N("发出督办单"),
    Permission.WRITE_BULLETINS: N("撰写通报和报告"),
    Permission.ASSESS_PERFORMANCE: N("绩效考核评分"),
    Permission.CHANGE_WORKDAYS: N("修改工作日历"),
    Permission.MANAGE_ORGANISATIONS: N("维护责任单位"),
    Permission.SEE_AID: N("查看资助名单"),
    Permission.MATCH_REGISTERS: N("上传外部名册、核对比对结果"),
    Permission.CHECK_MATCHES: N("复核比对结论"),
    Permission.REPORT_AID: N("申报资助、登记供餐和毕业去向"),
    Permission.REVIEW_AWARDS: N("评审资助、安排公示"),
    Permission.APPROVE_BATCHES: N("审批发放批次"),
    Permission.MANAGE_FUNDS: N("管理资金账"),
    Permission.SEE_CASES: N("查看个案台账"),
    Permission.WORK_CASES: N("办理个案"),
    Permission.ASSIGN_CASES: N("分派、移交个案"),
    Permission.CLOSE_CASES: N("复核个案销号"),
    Permission.EDIT_LEDGERS: N("修改台账定义"),
    Permission.TAKE_ATTENDANCE: N("登记考勤"),
}

ROLES = {
    "leader": N("局领导"),
    "office": N("业务科室"),
    "school": N("学校"),
    "teacher": N("教师"),
    "township": N("乡镇"),
    "unit": N("责任单位"),
    "inspector": N("督学"),
    "auditor": N("审计"),
    "administrator": N("系统管理员"),
}

OF_A_SCHOOL = ("school", "teacher")

# 三员分离: who manages accounts sees neither children nor the log, and who reads the log changes nothing.
_P = Permission
_PLANS = frozenset(
    {_P.SEE_PLANS, _P.EDIT_PLANS, _P.PUBLISH_PLANS, _P.REPORT_DUTIES, _P.CHECK_DUTIES, _P.SUPERVISE}
    | {_P.WRITE_BULLETINS, _P.ASSESS_PERFORMANCE, _P.CHANGE_WORKDAYS, _P.MANAGE_ORGANISATIONS}
)
# Who reviews an award and who approves its batch are two persons: the database keeps them apart, not the roles.
_AID_OFFICE = frozenset(
    {_P.SEE_AID, _P.MATCH_REGISTERS, _P.CHECK_MATCHES, _P.REPORT_AID, _P.REVIEW_AWARDS, _P.MANAGE_FUNDS}
)
_CASE_OFFICE = frozenset(
    {_P.SEE_CASES, _P.WORK_CASES, _P.ASSIGN_CASES, _P.CLOSE_CASES, _P.EDIT_LEDGERS, _P.TAKE_ATTENDANCE}
)
MAY: dict[str, frozenset[Permission]] = {
    "leader": frozenset(
        {_P.SEE_SCHOOLS, _P.SEE_CHILDREN, _P.EXPORT, _P.RUN, _P.CHECK_EVIDENCE}
        | {_P.REVEAL, _P.IMPORT, _P.COMMIT, _P.UNDO, _P.CHANGE_PACKS, _P.SEE_ACCOUNTS, _P.SEE_LOG}
        | _PLANS
        | _AID_OFFICE
        | {_P.APPROVE_BATCHES}
        | _CASE_OFFICE
    ),
    "office": frozenset(
        {_P.SEE_SCHOOLS, _P.SEE_CHILDREN, _P.EXPORT, _P.RUN, _P.CHECK_EVIDENCE}
        | {_P.REVEAL, _P.IMPORT, _P.COMMIT, _P.UNDO, _P.CHANGE_PACKS}
        | _PLANS
        | _AID_OFFICE
        | {_P.APPROVE_BATCHES}
        | _CASE_OFFICE
    ),
    "school": frozenset(
        {_P.SEE_SCHOOLS, _P.SEE_CHILDREN, _P.REVEAL, _P.EXPORT, _P.IMPORT}
        | {_P.SEE_PLANS, _P.REPORT_DUTIES, _P.SEE_AID, _P.REPORT_AID}
        | {_P.SEE_CASES, _P.WORK_CASES, _P.ASSIGN_CASES, _P.TAKE_ATTENDANCE},
    ),
    "teacher": frozenset({_P.WORK_CASES, _P.TAKE_ATTENDANCE}),
    "township": frozenset(
        {_P.SEE_SCHOOLS, _P.SEE_CHILDREN, _P.EXPORT, _P.SEE_PLANS, _P.REPORT_DUTIES, _P.SEE_AID}
        | {_P.SEE_CASES, _P.WORK_CASES, _P.ASSIGN_CASES}
    ),
    "unit": frozenset({_P.SEE_PLANS, _P.REPORT_DUTIES}),
    "inspector": frozenset(
        {_P.SEE_SCHOOLS, _P.SEE_CHILDREN, _P.EXPORT, _P.CHECK_EVIDENCE, _P.RUN}
        | {_P.SEE_PLANS, _P.CHECK_DUTIES, _P.SUPERVISE, _P.ASSESS_PERFORMANCE}
        | {_P.SEE_AID, _P.CHECK_MATCHES, _P.SEE_CASES, _P.CLOSE_CASES}
    ),
    "auditor": frozenset(
        {_P.SEE_SCHOOLS, _P.SEE_CHILDREN, _P.EXPORT, _P.SEE_ACCOUNTS, _P.SEE_LOG, _P.SEE_PLANS}
        | {_P.SEE_AID, _P.SEE_CASES}
    ),
    "administrator": frozenset({_P.SEE_ACCOUNTS, _P.MANAGE_ACCOUNTS, _P.MANAGE_ORGANISATIONS}),
}


def may(role: str, permission: Permission) -> bool:
    """有无权限."""
    return permission in MAY.get(role, frozenset())


def why_not(role: str, permission: Permission) -> str | None:
    """为什么不能: None when the role may, else who may."""
    if may(role, permission):
        return None
    able = "、".join(ROLES[name] for name, permissions in MAY.items() if permission in permissions)
    return f"“{ROLES.get(role, '未登录')}”不能{WORDS[permission]}；可以的角色：{able}"


def why_not_place(*, role: str, area_kind: str, school_code: str, organisation: bool = False) -> str | None:
    """为什么这个角色不能配这个辖区. `area_kind` is county, township, village or "" for none; `organisation`: one is chosen."""
    if role not in ROLES:
        return "请选择角色"
    if role in OF_A_SCHOOL:
        return None if school_code else f"“{ROLES[role]}”账号须选择一所学校"
    if school_code:
        return f"“{ROLES[role]}”账号不能限定到一所学校，请清空学校或改选角色“学校”“教师”"
    if role == "township" and area_kind != "township":
        return "“乡镇”账号须选择一个乡镇"
    if role == "unit" and not organisation:
        return "“责任单位”账号须选择一个单位"
    return None


def why_not_create(
    *,
    by_role: str,
    username: str,
    display_name: str,
    taken: bool,
    role: str,
    area_kind: str,
    school_code: str,
    organisation: bool = False,
) -> str | None:
    """为什么不能新建账号."""
    refusal = why_not(by_role, Permission.MANAGE_ACCOUNTS)
    if refusal:
        return refusal
    if not username:
        return "请填写用户名"
    if not username.isascii() or not username.replace("-", "").replace("_", "").replace(".", "").isalnum():
        return f"用户名“{username}”只能用英文字母、数字和 . - _，请修改"
    if taken:
        return f"用户名“{username}”已有人使用，请换一个"
    if not display_name:
        return "请填写姓名"
    return why_not_place(role=role, area_kind=area_kind, school_code=school_code, organisation=organisation)


def why_not_same_name(*, name: str, namesake: str) -> str | None:
    """为什么不能用这个姓名: one person with two accounts would be his own second person. `namesake`: who has it, "" when nobody."""
    if not namesake:
        return None
    return (
        f"“{name}”已有在用账号“{namesake}”，一人只能有一个账号，否则自己就能复核自己；"
        f"同一个人请修改那个账号，确是另一个人请在姓名后注明，例如 {name}（财务）"
    )


def why_not_change(*, by_role: str, by_self: bool, role_changes: bool) -> str | None:
    """为什么不能修改账号. Nobody gives himself another role."""
    if by_self and role_changes:
        return "不能修改自己的角色，请由另一位系统管理员修改"
    return why_not(by_role, Permission.MANAGE_ACCOUNTS)


def why_not_deactivate(*, by_role: str, by_self: bool, active: bool, last_administrator: bool) -> str | None:
    """为什么不能停用账号."""
    refusal = why_not(by_role, Permission.MANAGE_ACCOUNTS)
    if refusal:
        return refusal
    if not active:
        return "账号已经停用"
    if by_self:
        return "不能停用自己的账号，请由另一位系统管理员停用"
    if last_administrator:
        return "这是最后一个在用的系统管理员，停用后无人能管理账号；请先新建一个"
    return None


def why_not_sign_in(*, locked_until: datetime | None, now: datetime) -> str | None:
    """为什么不能登录. `locked_until` in local time, because the sentence names the minute."""
    if locked_until is None or locked_until <= now:
        return None
    return (
        f"密码连续输错 {LOCK_AFTER} 次，账号在这台电脑上已锁定到 {locked_until:%H:%M}，"
        "请到时再试，或请系统管理员重置密码"
    )


def why_not_password(password: str, *, username: str = "", common: Collection[str] = ()) -> list[str]:
    """密码为什么不行: every reason at once; empty when it will do."""
    reasons = []
    if len(password) < PASSWORD_LENGTH:
        reasons.append(f"密码只有 {len(password)} 位，至少要 {PASSWORD_LENGTH} 位")
    kinds = [
        any(character.islower() for character in password),
        any(character.isupper() for character in password),
        any(character.isdigit() for character in password),
        any(not character.isalnum() for character in password),
    ]
    if sum(kinds) < PASSWORD_KINDS:
        reasons.append(
            f"大写字母、小写字母、数字、符号至少要用 {PASSWORD_KINDS} 种，现在用了 {sum(kinds)} 种"
        )
    if username and username.lower() in password.lower():
        reasons.append("密码不能含有用户名")
    if password.lower() in common:
        reasons.append("这个密码太常见，容易被猜到")
    return reasons
