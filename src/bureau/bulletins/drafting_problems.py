"""起草问题和要求: what is behind, late, contradicted or without data, and whom the bulletin asks to act. Pure."""

from collections.abc import Sequence

from bureau.bulletins.codes import MOST, Codes, day_words, joined, late_units, led_by, more, names
from bureau.bulletins.fact_rows import Facts, TargetFact

LONG_LATE = 90
_NUMBERS = "一二三四五"


def problems(facts: Facts, mark: Codes) -> str:
    """存在的问题: targets missed or behind with what they need each month, claims that the data contradicts, long delays."""
    parts: list[tuple[str, list[str]]] = []
    missed, behind = _behind(facts)
    if missed:
        parts.append(("部分目标到期没有达到", _lines(missed, mark)))
    if behind:
        parts.append(("部分目标落后于进度", _lines(behind, mark)))
    against = [one for one in facts.duties if one.against]
    if against:
        head = f"已报完成而数据没有达到的{mark('duties.contradiction')}："
        lines = "；".join(f"“{one.title}”{led_by(one.leads)}" for one in against[:MOST])
        parts.append(("有的报完成与数据矛盾", [f"{head}{lines}{more(against)}。"]))
    long = sorted((one for one in facts.duties if one.late > LONG_LATE), key=lambda one: -one.late)
    if long:
        lines = "；".join(f"“{one.title}”{led_by(one.leads)}" for one in long[:MOST])
        parts.append(("有的任务长期逾期", [f"超过时限一个季度以上的是：{lines}{more(long)}。"]))
    if any(one.verdict == "no_data" for one in facts.targets):
        words = f"没有数据的目标{mark('targets.no_data')}，没有数据不等于已经完成。"
        parts.append(("有的目标没有数据", [words]))
    if not parts:
        return "本期数据没有反映出落后的目标、长期逾期的任务和与数据矛盾的填报。"
    return "\n".join(
        "\n".join([f"（{_NUMBERS[place]}）{heading}", *lines]) for place, (heading, lines) in enumerate(parts)
    )


def hearing(facts: Facts, mark: Codes) -> str:
    """提请听证的事项: targets that were missed or whose forecast falls short, and what is overdue."""
    missed, behind = _behind(facts)
    lines = [
        f"{one.name}目前{mark(f'target.{one.key}.value')}，到期没有达到{one.goal_words}{mark(f'target.{one.key}.goal')}的目标，"
        f"请{names(one.leads) or '明确牵头单位后由其'}说明情况和措施。"
        for one in missed[:MOST]
    ]
    lines += [
        f"{one.name}目前{mark(f'target.{one.key}.value')}，照现有数据推算到{day_words(one.due)}达不到"
        f"{one.goal_words}{mark(f'target.{one.key}.goal')}的目标，请{names(one.leads) or '明确牵头单位后由其'}说明情况和措施。"
        for one in behind[:MOST]
        if one.reaches is False and one.due
    ]
    if late_units(facts):
        lines.append(
            f"逾期应办事项{mark('duties.overdue')}，请{joined(late_units(facts))}说明没有完成的情况和完成时间。"
        )
    if not lines:
        return "本期数据没有需要专门提请听证的事项。"
    return _numbered(lines)


def following(facts: Facts, mark: Codes) -> str:
    """下一步要求: to whom, about what; the figures come from the data."""
    missed, behind = _behind(facts)
    lines = []
    if missed:
        units = joined([unit for one in missed for unit in one.leads])
        lines.append(f"到期没有达到目标的{units or '责任单位'}要逐项报告现状和补救安排。")
    if behind:
        asks = "；".join(
            f"{one.name}每月需{_way(one)}{mark(f'target.{one.key}.needed')}{led_by(one.leads)}"
            for one in behind[:MOST]
            if f"target.{one.key}.needed" in mark.figures
        )
        lines.append(f"落后目标的牵头单位要对照剩余时间排出逐月进度{'：' + asks if asks else ''}。")
    if late_units(facts):
        lines.append(
            f"{joined(late_units(facts))}要抓紧办结逾期的应办事项，办结后附佐证报完成；确需调整时限的，按规定程序报批。"
        )
    against = [unit for one in facts.duties if one.against for unit in one.leads]
    if against:
        lines.append(f"{joined(against)}要核实与数据矛盾的填报，属实的补正数据，不属实的撤回完成。")
    unknown = [unit for one in facts.targets if one.verdict == "no_data" for unit in one.leads]
    if unknown:
        lines.append(f"{joined(unknown)}要补报没有数据的目标，并附佐证材料。")
    slips = [one.unit for one in facts.slips or () if one.late]
    if slips:
        lines.append(f"{joined(slips)}要尽快反馈逾期的督办单和整改通知书。")
    if "targets.unled" in mark.figures:
        lines.append(f"没有明确牵头单位的目标{mark('targets.unled')}，要先明确牵头单位。")
    return _numbered(lines or ["各单位继续按计划推进，按时填报进展和佐证。"])


def _behind(facts: Facts) -> tuple[list[TargetFact], list[TargetFact]]:
    """(those whose day has passed, those still under way)."""
    every = [one for one in facts.targets if one.verdict == "behind"]
    missed = [one for one in every if one.due is not None and one.due < facts.as_of]
    return missed, [one for one in every if one not in missed]


def _lines(targets: Sequence[TargetFact], mark: Codes) -> list[str]:
    lines = [_line(one, mark) for one in targets[: 2 * MOST]]
    return [*lines, "其余见附件。"] if len(targets) > 2 * MOST else lines


def _line(one: TargetFact, mark: Codes) -> str:
    said = f"{one.name}目前{mark(f'target.{one.key}.value')}，目标{one.goal_words}{mark(f'target.{one.key}.goal')}"
    if one.due:
        said += f"，时限{day_words(one.due)}"
    if f"target.{one.key}.gap" in mark.figures:
        said += f"，还差{mark(f'target.{one.key}.gap')}"
    if f"target.{one.key}.needed" in mark.figures:
        said += f"，每月需{_way(one)}{mark(f'target.{one.key}.needed')}"
    return said + (f"。牵头单位：{names(one.leads)}。" if one.leads else "。")


def _way(one: TargetFact) -> str:
    if not one.at_least or (one.value is not None and one.value > one.goal_value):
        return "降低"
    return "提高"


def _numbered(lines: Sequence[str]) -> str:
    return "\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1))
