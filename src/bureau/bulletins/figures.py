"""出处的清单: every figure that a bulletin may print, from the facts of its day; each says what was counted and where it opens. Pure.

A key names the same figure in every refresh: targets.behind, target.12.value, unit.3.overdue.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bureau.bulletins.fact_rows import DutyFact, Facts, TargetFact, printed
from bureau.bulletins.ranking import DONE, Score, shown

STATE_WORDS = {
    "pending": "待启动",
    "under_way": "推进中",
    "returned": "已退回",
    "claimed": "已报完成待复核",
    "closed": "已销号",
}
VERDICT_WORDS = {"met": "已达到", "on_course": "按进度", "behind": "落后", "no_data": "无数据"}
_MOST_NAMED = 3
LONGEST_BRIEF = 40


@dataclass(frozen=True, slots=True)
class FigureFact:
    """一个可引用的数; see `models.Figure`. `brief` is the basis as a table in a document has room for."""

    key: str
    name: str
    value: str
    as_of: date
    numerator: str = ""
    denominator: str = ""
    basis: str = ""
    brief: str = ""
    opens: str = ""
    opens_key: str = ""
    opens_query: str = ""
    run: int | None = None
    listed: tuple[str, ...] = field(default=())


def figures(facts: Facts, scores: Sequence[Score], rule: str) -> dict[str, FigureFact]:
    """{key: figure} of everything that may be printed, in the order of the text. `rule`: the ranking rule in words."""
    found = [
        *_target_counts(facts),
        *_target_values(facts),
        *_duty_counts(facts),
        *_unit_counts(facts),
        *_slip_counts(facts),
        *_scores(facts, scores, rule),
    ]
    return {one.key: one for one in found}


def _counted(
    facts: Facts, key: str, name: str, some: Iterable[str], every: int, *, unit: str, basis: str, of: str, opens: str, query: str = "", brief: str = ""
) -> FigureFact:  # fmt: skip
    listed = tuple(some)
    named = "、".join(one if len(one) <= 20 else f"{one[:19]}…" for one in listed[:_MOST_NAMED])
    more = f"等{len(listed)}{unit}" if len(listed) > _MOST_NAMED else ""
    return FigureFact(
        key=key, name=name, value=f"{len(listed)}{unit}", as_of=facts.as_of,
        numerator=f"{len(listed)}{unit}" + (f"（{named}{more}）" if named else ""), denominator=f"{of}{every}{unit}", basis=basis,
        brief=brief, opens=opens, opens_query=query, listed=listed,
    )  # fmt: skip


def _target_counts(facts: Facts) -> list[FigureFact]:
    plans = "、".join(f"《{one}》" for one in facts.plans)
    every = facts.targets
    total = FigureFact(
        "targets.total", "量化目标总数", f"{len(every)}个", facts.as_of, numerator=f"{len(every)}个", basis=plans,
        opens="targets", listed=tuple(one.name for one in every),
    )  # fmt: skip
    made = [total]
    for verdict, words in VERDICT_WORDS.items():
        some = [one.name for one in every if one.verdict == verdict]
        basis = "按目标页的进度线和最近一次数据判定：已达到、按进度、落后、无数据"
        made.append(_counted(facts, f"targets.{verdict}", f"{words}的目标", some, len(every), unit="个", basis=basis, brief="按进度线和最近数据判定", of="全部目标", opens="targets", query=f"view={verdict}"))  # fmt: skip
    unled = [one.name for one in every if not one.leads]
    if unled:
        basis = "目标所在的任务没有牵头单位，或者目标没有对应任务"
        made.append(_counted(facts, "targets.unled", "没有牵头单位的目标", unled, len(every), unit="个", basis=basis, of="全部目标", opens="targets"))  # fmt: skip
    return made


def _target_values(facts: Facts) -> list[FigureFact]:
    made = []
    for one in facts.targets:
        base = FigureFact(
            "",
            "",
            "",
            one.day or facts.as_of,
            basis=one.clause,
            brief=one.document,
            opens="target",
            opens_key=str(one.key),
        )
        made.append(replace(base, key=f"target.{one.key}.goal", name=f"{one.name}：目标值", value=one.goal))
        if one.value is None:
            continue
        brief = _cut(one.formula) if one.formula else one.document
        basis = "；".join(part for part in (one.formula and f"算法：{one.formula}", one.clause) if part)
        made.append(
            replace(
                base, key=f"target.{one.key}.value", name=one.name, value=printed(one.value, one.unit), basis=basis, brief=brief, run=one.run,
                numerator=_plain(one.numerator) if one.denominator is not None else "", denominator=_plain(one.denominator),
            )
        )  # fmt: skip
        if one.start is not None and one.start_day:
            made.append(
                replace(
                    base, key=f"target.{one.key}.start", name=f"{one.name}：期初值", value=printed(one.start, one.unit),
                    as_of=one.start_day, basis=basis, brief=brief,
                )
            )  # fmt: skip
        if one.verdict in ("behind", "on_course"):
            made += _distance(one, base)
    return made


def _distance(one: TargetFact, base: FigureFact) -> list[FigureFact]:
    unit = "个百分点" if one.unit in ("%", "％") else one.unit
    made = []
    value = printed(one.value or 0, one.unit)
    if one.gap:
        made.append(
            replace(
                base, key=f"target.{one.key}.gap", name=f"{one.name}：距目标", value=printed(one.gap, unit),
                numerator=f"目标{one.goal_words}{one.goal}，目前{value}", brief="目标值与目前值之差",
            )
        )  # fmt: skip
    if one.needed and printed(one.needed) != "0":
        made.append(
            replace(
                base, key=f"target.{one.key}.needed", name=f"{one.name}：每月所需进度", value=printed(one.needed, unit),
                numerator=f"距目标{printed(one.gap or 0, unit)}", denominator=f"至{one.due:%Y-%m-%d}的月数" if one.due else "", brief="差距除以到时限的月数",
            )
        )  # fmt: skip
    return made


def _duty_counts(facts: Facts) -> list[FigureFact]:
    every = facts.duties
    basis = "按应办事项的办理经过统计到数据截止日期"
    made = [
        FigureFact("tasks.total", "任务总数", f"{facts.tasks}项", facts.as_of, numerator=f"{facts.tasks}项",
            basis="、".join(f"《{one}》" for one in facts.plans), opens="plan-board"),
        FigureFact("duties.total", "应办事项总数", f"{len(every)}项", facts.as_of, numerator=f"{len(every)}项", basis=basis, opens="duties", opens_query="whose=every&view=all"),
    ]  # fmt: skip

    def count(key: str, name: str, some: Iterable[DutyFact], query: str) -> None:
        titles = [one.title for one in some]
        made.append(_counted(facts, key, name, titles, len(every), unit="项", basis=basis, of="全部应办事项", opens="duties", query=query))  # fmt: skip

    for state, words in STATE_WORDS.items():
        count(
            f"duties.{state}",
            f"{words}的应办事项",
            (one for one in every if one.state == state),
            "whose=every&view=all",
        )
    count("duties.overdue", "逾期的应办事项", (one for one in every if one.late), "whose=every&view=overdue")
    due = [one for one in every if one.fallen_due]
    count("duties.due", "到期的应办事项（含以前到期还没有完成的）", due, "whose=every&view=all")
    on_time = [one for one in due if one.state in DONE and not one.closed_late]
    share = f"{printed(100 * len(on_time) / len(due))}%" if due else ""
    if share:
        made.append(
            FigureFact(
                "duties.on_time", "按时完成率", share, facts.as_of, f"按时报完成{len(on_time)}项", f"到期{len(due)}项", basis,
                "duties", opens_query="whose=every&view=all", listed=tuple(one.title for one in on_time),
            )
        )  # fmt: skip
    count(
        "duties.contradiction",
        "报完成与数据矛盾的应办事项",
        (one for one in every if one.against),
        "whose=every&view=contradiction",
    )
    count(
        "duties.returned",
        "报完成后被退回的应办事项",
        (one for one in every if one.returned),
        "whose=every&view=returned",
    )
    longest = max((one for one in every if one.late), key=lambda one: one.late, default=None)
    if longest:
        made.append(
            FigureFact(
                "duties.longest", f"{longest.title}：逾期天数", f"{longest.late}天", facts.as_of,
                numerator=f"时限{longest.due:%Y-%m-%d}" if longest.due else "", basis="数据截止日期减完成时限", opens="duty",
                opens_key=str(longest.key),
            )
        )  # fmt: skip
    return made


def _unit_counts(facts: Facts) -> list[FigureFact]:
    made = []
    for unit in facts.units:
        led = [one for one in facts.duties if unit in one.leads]
        late = [one.title for one in led if one.late]
        if late:
            made.append(_counted(facts, f"unit.{unit.key}.overdue", f"{unit.name}：逾期的应办事项", late, len(led), unit="项",
                basis="几个单位共同牵头的，各单位分别计入", of="牵头的应办事项", opens="duties", query="whose=every&view=overdue"))  # fmt: skip
    return made


def _slip_counts(facts: Facts) -> list[FigureFact]:
    if facts.slips is None:
        return []
    every, basis = facts.slips, "督办台账"
    groups = {
        "issued": (
            "本期发出的督办单",
            "张",
            [one for one in every if one.in_period and not one.rectification],
            "all",
        ),
        "notices": (
            "本期发出的整改通知书",
            "份",
            [one for one in every if one.in_period and one.rectification],
            "all",
        ),
        "open": ("未销号的督办单和整改通知书", "件", [one for one in every if not one.closed], "open"),
        "late": ("逾期未反馈的督办单和整改通知书", "件", [one for one in every if one.late], "late"),
        "closed": ("已销号的督办单和整改通知书", "件", [one for one in every if one.closed], "closed"),
    }
    return [
        _counted(facts, f"slips.{key}", name, (f"{one.number} {one.title}（{one.unit.name}）" for one in some), len(every), unit=unit,
            basis=basis, of="全部已发出", opens="slips", query=f"view={view}")
        for key, (name, unit, some, view) in groups.items()
    ]  # fmt: skip


def _scores(facts: Facts, scores: Sequence[Score], rule: str) -> list[FigureFact]:
    placed = [one for one in scores if one.rank is not None]
    made = [_counted(facts, "rank.units", "参加排名的单位", (one.facts.unit for one in placed), len(scores), unit="个", basis=rule, brief="排名规则见附件", of="牵头单位", opens="bulletin-ranking")]  # fmt: skip
    made += [
        FigureFact(
            f"unit.{one.facts.key}.score", f"{one.facts.unit}：得分", f"{shown(one.total)}分", facts.as_of, numerator=one.words[:200],
            basis=rule, brief="排名规则见附件", opens="bulletin-ranking", listed=tuple(line.words for line in one.deductions),
        )
        for one in placed
    ]  # fmt: skip
    return made


def _plain(value: float | None) -> str:
    return "" if value is None else printed(value)


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_BRIEF else f"{words[: LONGEST_BRIEF - 1]}…"
