"""收款账户规则: which account numbers and holders are taken. Pure."""

import re

from bureau.people.rules import Permission, why_not

SHORTEST, LONGEST = 9, 30
RELATIONS = ("本人", "父亲", "母亲", "祖父", "祖母", "外祖父", "外祖母", "监护人", "其他")
EXCEL_DIGITS = 15


def account_number(typed: object) -> tuple[str, str | None]:
    """(number, None) or ("", sentence). A number that Excel has rounded is refused, never guessed."""
    if isinstance(typed, float | int) and not isinstance(typed, bool):
        if abs(typed) >= 10**EXCEL_DIGITS:
            return "", "账号被 Excel 存成了数字，后几位已经丢失；请把这一列设成文本格式重新填写"
        typed = str(int(typed))
    text = re.sub(r"[\s\-]", "", str(typed or ""))
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", text):
        return "", f"账号“{text}”是科学记数法，后几位已经丢失；请把这一列设成文本格式重新填写"
    if not text:
        return "", "没有填写账号"
    if not text.isascii() or not text.isdigit() or not SHORTEST <= len(text) <= LONGEST:
        return "", f"账号应为 {SHORTEST} 到 {LONGEST} 位数字，现在是 {len(text)} 位，请核对存折或卡面"
    return text, None


def card_warning(number: str) -> str | None:
    """卡号校验位: a 62… card whose check digit does not fit was perhaps mistyped; passbooks have none."""
    if not (number.startswith("62") and len(number) in (16, 19)):
        return None
    total = 0
    for place, digit in enumerate(map(int, reversed(number))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return None if total % 10 == 0 else "卡号的校验位不对，可能输错了一位，请核对卡面"


def why_not_set(*, role: str, holder_name: str, relation: str, bank: str, person_name: str) -> list[str]:
    """为什么不能登记账户: every reason at once."""
    refusal = why_not(role, Permission.REPORT_AID)
    if refusal:
        return [refusal]
    problems = []
    if not holder_name.strip():
        problems.append("没有填写户名")
    if relation not in RELATIONS:
        problems.append(f"与受助人关系“{relation}”应为：{'、'.join(RELATIONS)}")
    if relation == "本人" and holder_name.strip() and holder_name.strip() != person_name:
        problems.append(f"关系是“本人”，户名“{holder_name.strip()}”却不是“{person_name}”")
    if not bank.strip():
        problems.append("没有填写开户行")
    return problems


def why_not_reveal(*, role: str, reason: str) -> str | None:
    """为什么不能看完整账号."""
    return why_not(role, Permission.REVEAL) or (None if reason.strip() else "查看完整账号须填写事由")
