"""任务规则: why a task of the list may not be changed so. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from bureau.people.rules import Permission, why_not
from bureau.plans.duty_periods import why_not_frequency

HEADINGS: Mapping[str, str] = {
    "title": "重点任务",
    "measures": "具体措施",
    "goal": "目标",
    "leads": "牵头单位",
    "supports": "配合单位",
    "person": "责任人",
    "due": "完成时限",
    "frequency": "周期",
    "progress": "进展",
}
LONGEST: Mapping[str, int] = {"title": 200, "person": 40, "measures": 20_000, "goal": 5_000}


def why_not_change(*, role: str, in_county: bool, plan_state: str) -> str | None:
    """为什么不能改任务."""
    refusal = why_not(role, Permission.EDIT_PLANS)
    if refusal:
        return refusal
    if not in_county:
        return "这份计划不在您的辖区内"
    if plan_state != "published":
        return "这份计划已被新版代替或撤下，任务不能再改；请改现行的一版"
    return None


def why_not_values(new: Mapping[str, object]) -> list[str]:
    """新值为什么不行: every reason at once. `leads` and `supports` are sets of unit ids, `due` a date or None."""
    problems = []
    if "title" in new and not str(new["title"]).strip():
        problems.append("“重点任务”不能为空")
    for field, most in LONGEST.items():
        if field in new and len(str(new[field])) > most:
            problems.append(f"“{HEADINGS[field]}”有 {len(str(new[field])):,} 个字，最多 {most:,} 个，请缩短")
    if "frequency" in new and (reason := why_not_frequency(str(new["frequency"]))):
        problems.append(reason)
    due = new.get("due")
    if isinstance(due, date) and not 1990 <= due.year <= 2100:
        problems.append(f"完成时限“{due:%Y-%m-%d}”不像是真的，请核对年份")
    leads, supports = new.get("leads"), new.get("supports")
    if isinstance(leads, Sequence | frozenset | set) and isinstance(supports, Sequence | frozenset | set):
        both = set(leads) & set(supports)
        if both:
            problems.append(f"有 {len(both)} 个单位既是牵头又是配合，请只选一处")
    return problems
