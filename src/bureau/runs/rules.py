"""结果的规则: the county's overall verdict from its lines, and who may ask for a run or change a standard. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bureau.people.rules import Permission, why_not

MET, NOT_MET, NOT_REPORTED = "达标", "未达标", "未报"


@dataclass(frozen=True, slots=True)
class Part:
    """一部分: one group of requirements with how many of its lines stand how; `failing` names those not met."""

    title: str
    met: int
    not_met: int
    unreported: int
    failing: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many lines count."""
        return self.met + self.not_met + self.unreported

    @property
    def verdict(self) -> str:
        """Three-valued: not met as soon as one line is not, met when all are known and met."""
        return NOT_MET if self.not_met else NOT_REPORTED if self.unreported or not self.met else MET


def part(title: str, lines: Sequence[tuple[str, str]]) -> Part:
    """From (name, verdict) of each line; 不适用 counts nowhere."""
    failing = tuple(name for name, verdict in lines if verdict == NOT_MET)
    missing = tuple(name for name, verdict in lines if verdict == NOT_REPORTED)
    met = sum(verdict == MET for _, verdict in lines)
    return Part(title, met, len(failing), len(missing), failing, missing)


def overall(parts: Sequence[Part]) -> tuple[str, list[str]]:
    """全县结论 and its reasons: all parts must be met; what fails is named before what is missing."""
    reasons = [
        f"{one.title}：{one.not_met:,} 项未达标（{_few(one.failing)}）" for one in parts if one.not_met
    ]
    reasons += [
        f"{one.title}：{one.unreported:,} 项未报（{_few(one.missing)}）" for one in parts if one.unreported
    ]
    verdicts = {one.verdict for one in parts}
    verdict = (
        NOT_MET if NOT_MET in verdicts else NOT_REPORTED if NOT_REPORTED in verdicts or not parts else MET
    )
    return verdict, reasons


def why_not_ask(*, role: str, has_data: bool, running: bool) -> str | None:
    """为什么不能发起测算."""
    refusal = why_not(role, Permission.RUN)
    if refusal:
        return refusal
    if not has_data:
        return "还没有导入数据，请先在“导入”中提交登记册"
    return "已有一次测算在排队或进行中，完成后再发起" if running else None


def why_not_enter_value(*, role: str, reason: str) -> str | None:
    """为什么不能录入县级调整."""
    refusal = why_not(role, Permission.CHANGE_PACKS)
    if refusal:
        return refusal
    return None if reason.strip() else "请写明依据（文件名称、文号或会议纪要）"


def why_not_check_value(*, role: str, by_self: bool, checked: bool, withdrawn: bool) -> str | None:
    """为什么不能核对县级调整: it counts only after another person has checked it."""
    refusal = why_not(role, Permission.CHANGE_PACKS)
    if refusal:
        return refusal
    if withdrawn:
        return "这个调整已经撤回"
    if checked:
        return "已经核对过"
    return "录入的人不能自己核对，请另一人核对" if by_self else None


def _few(names: Sequence[str], most: int = 6) -> str:
    shown = list(dict.fromkeys(names))[:most]
    return "、".join(shown) + (f" 等 {len(names):,} 项" if len(names) > len(shown) else "")
