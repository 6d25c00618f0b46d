"""供应与投诉规则: which delivery may be entered and accepted by whom, and how a complaint is settled. Pure."""

import unicodedata
from collections.abc import Collection
from datetime import date

from bureau.nutrition.rules import Person, why_not_set
from bureau.nutrition.states import COMPLAINT, COMPLAINT_WORDS, DELIVERY, DELIVERY_WORDS
from bureau.people.rules import Permission, why_not

ASSUMED_COMPLAINT_DAYS = 15
LONGEST_COMPLAINT_DAYS = 60
SHORTEST_TEXT, LONGEST_TEXT = 5, 2_000
NUMBER_DIGITS = 10

# Who teaches the class may stand beside the one who inspects: pupils' meals are accepted by two.
ACCEPTING = ("leader", "office", "school", "teacher")


def why_not_deliver(
    *, by: Person, mine: bool, closed: bool, day: date | None, today: date, licence_until: date | None
) -> str | None:
    """为什么不能登记到货; `licence_until` is the supplier's, None when no supplier was chosen."""
    refusal = why_not(by.role, Permission.REPORT_AID) or (None if mine else "这所学校不在您的辖区")
    if refusal:
        return refusal
    problems = []
    if licence_until is None:
        problems.append("请选择供应单位")
    if day is None:
        problems.append("请填写日期")
    elif day > today:
        problems.append(f"日期{day}还没有到")
    if closed:
        problems.append("这个月已经签字或结账，不能再登记到货")
    return "；".join(problems) or None


def supplier_ended(
    *, day: date, active: bool, licence_until: date, contract_until: date | None
) -> str | None:
    """供应单位为什么不合格 on the day of a delivery."""
    if not active:
        return "供应单位已停用"
    if licence_until < day:
        return f"供应单位的食品经营许可证已于{licence_until}到期"
    if contract_until is not None and contract_until < day:
        return f"供应合同已于{contract_until}到期"
    return None


def why_not_inspect(*, by: Person, mine: bool, state: str, ended: str | None) -> str | None:
    """为什么不能验收."""
    refusal = _accepts(by, mine)
    if refusal:
        return refusal
    if (state, "inspect") not in DELIVERY:
        return f"这批到货“{DELIVERY_WORDS[state]}”"
    return f"{ended}，只能拒收" if ended else None


def why_not_second(*, by: Person, mine: bool, state: str, inspected_by: int | None) -> str | None:
    """为什么不能作第二验收人."""
    refusal = _accepts(by, mine)
    if refusal:
        return refusal
    if (state, "second") not in DELIVERY:
        return "要等第一人验收" if state == "waiting" else f"这批到货“{DELIVERY_WORDS[state]}”"
    return "验收须两人，请另一人签" if by.pk == inspected_by else None


def why_not_reject(*, by: Person, mine: bool, state: str, reason: str) -> str | None:
    """为什么不能拒收."""
    refusal = _accepts(by, mine)
    if refusal:
        return refusal
    if (state, "reject") not in DELIVERY:
        return f"这批到货“{DELIVERY_WORDS[state]}”"
    return None if reason.strip() else "请写明拒收的原因"


def why_not_complain(
    *, by: Person, mine: bool, text: str, received_on: date | None, today: date
) -> str | None:
    """为什么不能登记投诉."""
    refusal = why_not(by.role, Permission.REPORT_AID) or (None if mine else "这所学校不在您的辖区")
    if refusal:
        return refusal
    problems = [] if text.strip() else ["请填写反映的内容"]
    if received_on is None or received_on > today:
        problems.append("请填写受理日期，不晚于今天")
    return "；".join(problems) or None


def why_not_send(*, school: bool, topic: str, topics: Collection[str], text: str) -> list[tuple[str, str]]:
    """为什么不能网上提交投诉: (field, sentence) of everything that is missing; `school` says that it is one of the county's."""
    problems = []
    if not school:
        problems.append(("school", "请选择学校"))
    if topic not in topics:
        problems.append(("topic", "请选择反映的是哪方面"))
    written = len(text.strip())
    if written < SHORTEST_TEXT:
        problems.append(("text", "请写清楚反映的内容，例如 哪一天、哪一餐、什么情况"))
    elif written > LONGEST_TEXT:
        problems.append(("text", f"有 {written:,} 个字，最多 {LONGEST_TEXT:,} 个，请缩短"))
    return problems


def number_of(chance: bytes) -> str:
    """查询编号: ten digits that nobody can guess, easy to read out; `chance` is eight random bytes or more."""
    return f"{int.from_bytes(chance[:8]) % 10**10:010d}"


def bare_number(typed: str) -> str:
    """The digits of a number as somebody typed it, with blanks or strokes between; "" when it is none."""
    digits = "".join(unicodedata.normalize("NFKC", typed).replace("-", " ").split())
    return digits if digits.isascii() and digits.isdigit() and len(digits) == NUMBER_DIGITS else ""


def why_not_answer(*, by: Person, mine: bool, state: str, text: str) -> str | None:
    """为什么不能答复."""
    refusal = why_not(by.role, Permission.REPORT_AID) or (None if mine else "这所学校不在您的辖区")
    if refusal:
        return refusal
    if (state, "answer") not in COMPLAINT:
        return f"这件投诉“{COMPLAINT_WORDS[state]}”"
    return None if text.strip() else "请写明怎样处理、怎样答复"


def why_not_check_complaint(
    *, by: Person, state: str, answered_by: int | None, back: bool, reason: str = ""
) -> str | None:
    """为什么不能办结或退回: the bureau, and not who answered."""
    refusal = why_not_set(by=by)
    if refusal:
        return refusal
    if (state, "send_back" if back else "close") not in COMPLAINT:
        return "要等答复后才能复核" if state == "open" else f"这件投诉“{COMPLAINT_WORDS[state]}”"
    if back:
        return None if reason.strip() else "请写明退回的原因"
    return "答复的人不能自己复核，请另一人办结" if by.pk == answered_by else None


def _accepts(by: Person, mine: bool) -> str | None:
    if by.role not in ACCEPTING:
        return "只有学校、班主任和教育局的账号能验收"
    return None if mine else "这所学校不在您的辖区"
