"""资助资格的规则: who may confirm what no document says, write a county's clauses, and give cards; and what cannot be. Pure."""

from collections.abc import Collection
from datetime import date

from bureau.people.rules import Permission, why_not
from junheng.policy.clauses import NO_AMOUNT

REASON_LENGTH = 300


def why_not_confirm(
    *, role: str, assumption: str, forms: frozenset[str], wider: bool, confirmed: bool, reason: str
) -> str | None:
    """为什么不能确认. `forms`: how the open rates state their amount; `wider`: it reaches beyond the county."""
    refusal = why_not(role, Permission.CHANGE_PACKS)
    if refusal:
        return refusal
    if not assumption:
        return "这一条没有待确认的事项"
    if confirmed:
        return "这一条已经有人确认，如要改变请先撤回"
    if forms & set(NO_AMOUNT):
        return "文件没有载明每人的金额，只有确认还不能发放；请先在县级条款包中写明分档和金额，由另一人复核"
    if wider:
        return "这组条款涉及本县以外的地区，须由上级确认"
    return why_not_reason(reason)


def why_not_check(*, role: str, waiting: bool, by_self: bool) -> str | None:
    """为什么不能复核确认. `waiting`: one person has confirmed, nobody has checked yet."""
    refusal = why_not(role, Permission.CHANGE_PACKS)
    if refusal:
        return refusal
    if not waiting:
        return "没有等待复核的确认"
    return "确认须由两人办理，请由另一位有权限的人员复核" if by_self else None


def why_not_reason(reason: str) -> str | None:
    """为什么这个依据不行."""
    if not reason.strip():
        return "请写明依据（文件名称、文号或会议纪要）"
    if len(reason.strip()) > REASON_LENGTH:
        return f"依据最多{REASON_LENGTH}字，请写得短一些"
    return None


def why_not_withdraw(*, role: str, confirmed: bool) -> str | None:
    """为什么不能撤回确认."""
    refusal = why_not(role, Permission.CHANGE_PACKS)
    if refusal:
        return refusal
    return None if confirmed else "没有可以撤回的确认"


def why_not_pay(
    *, name: str, here: bool, in_force: bool, assumption: str, settled: bool, day: date
) -> str | None:
    """为什么不能按这一条发放. `name` "" when there is no such clause."""
    if not name:
        return "条款汇编里没有这一条，请核对条款编号"
    if not here:
        return f"“{name}”不适用于本县"
    if not in_force:
        return f"“{name}”在{day:%Y-%m-%d}不在有效期"
    if not settled:
        return f"“{name}”待确认，不能发放：{assumption}；须由本县两人确认，文件没有载明金额的先写明金额"
    return None


def why_not_edit_pack(*, role: str, open_state: str, own_version: bool = True) -> str | None:
    """为什么不能改县级条款. `open_state`: of the version that is open ("" when there is none); `own_version`: this one is it."""
    refusal = why_not(role, Permission.CHANGE_PACKS)
    if refusal:
        return refusal
    if open_state == "waiting":
        return "县级条款有一版正在待复核，请先复核或退回，再作新的修改"
    return None if own_version else "只有草稿可以修改；请以这一版为底稿另起草新版"


def why_not_submit_pack(*, role: str, state: str, edits: int, problems: int, reason: str) -> str | None:
    """为什么不能送复核. `problems` of the check at the last save; `edits` since the version it was made from."""
    refusal = why_not(role, Permission.CHANGE_PACKS)
    if refusal:
        return refusal
    if state != "draft":
        return "只有草稿可以送复核"
    if not edits:
        return "草稿与执行中的版本相同，还没有修改"
    if problems:
        return f"还有{problems}处问题，改正后才能送复核"
    return why_not_reason(reason)


def why_not_confirm_pack(
    *, role: str, state: str, person: int, makers: Collection[int], problems: int = 0
) -> str | None:
    """为什么不能确认新版. `makers`: everybody who changed or submitted it."""
    refusal = why_not(role, Permission.CHANGE_PACKS)
    if refusal:
        return refusal
    if state != "waiting":
        return "这一版不在待复核状态"
    if person in makers:
        return "起草、修改和送审的人不能自己确认，请由另一位有权限的人员复核"
    return f"按现在的上级条款重新验算，有{problems}处问题，请退回修改" if problems else None


def why_not_return_pack(*, role: str, state: str, reason: str) -> str | None:
    """为什么不能退回."""
    refusal = why_not(role, Permission.CHANGE_PACKS)
    if refusal:
        return refusal
    if state != "waiting":
        return "这一版不在待复核状态"
    return None if reason.strip() else "请写明退回原因"


def why_not_drop_pack(*, role: str, state: str) -> str | None:
    """为什么不能作废."""
    refusal = why_not(role, Permission.CHANGE_PACKS)
    if refusal:
        return refusal
    return None if state == "draft" else "只有草稿可以作废；待复核的请先退回"


def why_not_give_cards(*, role: str, cards: int, most: int) -> str | None:
    """为什么不能印卡. `cards` asked for at once."""
    refusal = why_not(role, Permission.SEE_CHILDREN) or why_not(role, Permission.EXPORT)
    if refusal:
        return refusal
    if not cards:
        return "没有符合条件的在读学生，请改选学校、班级或村"
    return f"一次最多为{most}名学生印卡，现在有{cards}名；请按学校分别印" if cards > most else None


def why_not_renew_card(*, role: str, valid: bool, reason: str) -> str | None:
    """为什么不能换发."""
    refusal = why_not(role, Permission.SEE_CHILDREN) or why_not(role, Permission.EXPORT)
    if refusal:
        return refusal
    if not valid:
        return "这名学生还没有卡，请先印卡"
    return None if reason.strip() else "请写明换发原因，例如遗失"
