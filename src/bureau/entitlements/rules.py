"""资助资格的规则: who may confirm what no document says, and what cannot be confirmed at all. Pure."""

from bureau.people.rules import Permission, why_not

REASON_LENGTH = 300
NO_AMOUNT = ("range", "actual")


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
        return "这一条已经确认，如要改变请先撤回"
    if forms & set(NO_AMOUNT):
        return "文件没有载明每人的金额，只有确认还不能发放；请先在县级条款包中写明分档和金额"
    if wider:
        return "这组条款涉及本县以外的地区，须由上级确认"
    return why_not_reason(reason)


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
