"""起草: the sections of a bulletin in plain official Chinese, saying what the data says and nothing else; every figure with its mark. Pure.

No cause is guessed and no deadline made up: what is behind is named with its figures, and its unit is asked to act.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bureau.bulletins.codes import MOST, Codes, day_words, late_units, led_by, more
from bureau.bulletins.drafting_problems import following, hearing, problems
from bureau.bulletins.fact_rows import Facts, TargetFact
from bureau.bulletins.figures import STATE_WORDS, VERDICT_WORDS
from bureau.bulletins.ranking import Score


@dataclass(frozen=True, slots=True)
class Drafted:
    """起草的一部分."""

    kind: str
    heading: str
    text: str


def sections(kind: str, facts: Facts, scores: Sequence[Score], mark: Codes) -> list[Drafted]:
    """All sections of a kind of bulletin, in order."""
    made = [
        Drafted("overall", "总体情况", overall(facts, mark)),
        Drafted("targets", "目标完成情况", targets(facts, mark)),
    ]
    if kind != "quarterly":
        made.append(Drafted("change", "与期初相比的变化", change(facts, mark)))
    made.append(Drafted("tasks", "任务进展", tasks(facts, mark)))
    if facts.slips is not None:
        made.append(Drafted("slips", "督办和整改", slips(facts, mark)))
    made.append(Drafted("problems", "存在的问题", problems(facts, mark)))
    if scores:
        made.append(Drafted("ranking", "单位排名", ranking(scores, mark)))
    if kind == "half_yearly":
        made.append(Drafted("hearing", "提请听证的事项", hearing(facts, mark)))
    made.append(Drafted("next", "下一步要求", following(facts, mark)))
    return [one for one in made if one.text]


def section(
    kind: str, facts: Facts, scores: Sequence[Score], mark: Codes, bulletin_kind: str
) -> Drafted | None:
    """One section drafted anew; None when the data has nothing for it any more."""
    return next((one for one in sections(bulletin_kind, facts, scores, mark) if one.kind == kind), None)


def overall(facts: Facts, mark: Codes) -> str:
    """总体情况: how many targets and duties, and how they stand."""
    plans = "、".join(f"《{one}》" for one in facts.plans[:3]) + (
        f"等{'一二三四五六七八九十'[len(facts.plans) - 1] if len(facts.plans) <= 10 else '多'}份计划"
        if len(facts.plans) > 3
        else ""
    )
    said = [f"本期数据截至{day_words(facts.as_of)}。{plans}"]
    if facts.targets:
        total = mark("targets.total")
        counts = "，".join(f"{words}的{mark(f'targets.{key}')}" for key, words in VERDICT_WORDS.items())
        said.append(f"共确定量化目标{total}，其中{counts}。")
    else:
        said.append("没有确定量化目标。")
    if facts.duties:
        said.append(
            f"共有任务{mark('tasks.total')}，分解为应办事项{mark('duties.total')}，已销号{mark('duties.closed')}，"
            f"逾期{mark('duties.overdue')}。"
        )
    return "".join(said)


def targets(facts: Facts, mark: Codes) -> str:
    """目标完成情况: by verdict, each target with its figure and goal."""
    if not facts.targets:
        return "本期计划没有量化目标。"
    said = []
    for verdict, words in VERDICT_WORDS.items():
        some = [one for one in facts.targets if one.verdict == verdict]
        if not some:
            continue
        head = f"{words}的目标{mark(f'targets.{verdict}')}。"
        if verdict == "no_data":
            names = "、".join(one.name + led_by(one.leads) for one in some[:MOST])
            said.append(f"{head}{names}{more(some)}没有可用数据，不能判断是否完成。")
            continue
        lines = "；".join(_standing(one, mark) for one in some[:MOST])
        said.append(f"{head}{lines}{more(some, '；其余见附件')}。")
    return "\n".join(said)


def change(facts: Facts, mark: Codes) -> str:
    """与期初相比: only targets with a figure at both ends."""
    both = [
        one
        for one in facts.targets
        if one.start is not None and one.value is not None and one.start_day != one.day
    ]
    if not both:
        return "期初和期末都有数据的目标本期没有，暂不能比较。"
    same = [one for one in both if one.start == one.value]
    moved = [one for one in both if one.start != one.value]
    said = [
        f"{one.name}由{mark(f'target.{one.key}.start')}（{day_words(one.start_day)}）变为{mark(f'target.{one.key}.value')}（{day_words(one.day)}）"
        for one in moved[: 2 * MOST]
        if one.start_day and one.day
    ]
    if same:
        said.append(f"{'、'.join(one.name for one in same[:MOST])}{more(same)}没有变化")
    return "；".join(said) + "。"


def tasks(facts: Facts, mark: Codes) -> str:
    """任务进展: by state, what fell due, and what is overdue by unit."""
    if not facts.duties:
        return "本期计划没有应办事项。"
    total = mark("duties.total")
    states = "，".join(f"{words}{mark(f'duties.{key}')}" for key, words in STATE_WORDS.items())
    said = [f"应办事项{total}中，{states}。"]
    if any(one.fallen_due for one in facts.duties):
        said.append(
            f"到期的（含以前到期还没有完成的）{mark('duties.due')}，按时完成率为{mark('duties.on_time')}。"
        )
    else:
        said.append("本期没有到期的应办事项。")
    lines = ["".join(said)]
    late = late_units(facts)
    if late:
        units = "、".join(f"{unit.name}{mark(f'unit.{unit.key}.overdue')}" for unit in late[:MOST])
        lines.append(
            f"逾期{mark('duties.overdue')}，按牵头单位分别是：{units}{more(late, '，其余见附件')}。逾期最长的已达{mark('duties.longest')}。"
        )
    else:
        lines.append("没有逾期的应办事项。")
    return "\n".join(lines)


def slips(facts: Facts, mark: Codes) -> str:
    """督办和整改: what was issued, what is still open, what is late."""
    if not facts.slips:
        return "本期没有发出督办单和整改通知书。"
    said = [
        f"本期发出督办单{mark('slips.issued')}、整改通知书{mark('slips.notices')}。截至{day_words(facts.as_of)}，"
        f"已销号{mark('slips.closed')}，未销号{mark('slips.open')}，其中逾期未反馈{mark('slips.late')}。"
    ]
    late = [one for one in facts.slips if one.late]
    if late:
        lines = "；".join(f"{one.unit.name}“{one.title}”（{one.number}）" for one in late[:MOST])
        said.append(f"逾期未反馈的是：{lines}{more(late)}。")
    notices = [one for one in facts.slips if one.rectification and not one.closed]
    if notices:
        lines = "；".join(f"{one.unit.name}“{one.title}”，{one.standing}" for one in notices[:MOST])
        said.append(f"正在整改的事项：{lines}{more(notices)}。")
    return "\n".join(said)


def ranking(scores: Sequence[Score], mark: Codes) -> str:
    """单位排名: the first and the last, where their points went; all in the attachment."""
    placed = [one for one in scores if one.rank is not None]
    if not placed:
        return "本期没有到期的任务，各单位不排名。"
    said = [f"按排名规则计算，参加排名的单位{mark('rank.units')}。"]

    def named(one: Score) -> str:
        return f"{one.facts.unit}（{mark(f'unit.{one.facts.key}.score')}）"

    top = [one for one in placed if one.rank is not None and one.rank <= 3][:MOST]
    said.append(f"排在前列的是{'、'.join(named(one) for one in top)}。")
    last = [one for one in placed if one not in top and one.deductions][-3:]
    if last:
        said.append(f"排在后列的是{'、'.join(named(one) for one in last)}。")
    said.append("各单位得分和扣分明细见附件。")
    return "".join(said)


def _standing(one: TargetFact, mark: Codes) -> str:
    return (
        f"{one.name}{mark(f'target.{one.key}.value')}（目标{one.goal_words}{mark(f'target.{one.key}.goal')}）"
    )
