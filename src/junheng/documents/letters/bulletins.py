"""季度分析通报、半年听证报告、年度报告: drafted from finished results; each counted figure is given a reference of its own."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from junheng.documents.letters.bulletin_model import Bulletin, TargetLine
from junheng.documents.official.model import (
    Attachment,
    Block,
    Chart,
    Column,
    Heading,
    OfficialDocument,
    Paragraph,
    Run,
    Series,
    Source,
    Table,
    Text,
)
from junheng.measures.progress_model import BEHIND, MET, NO_DATA, ON_COURSE

_MOST_NAMED = 5
_Line = TypeVar("_Line")


def bulletin(data: Bulletin) -> OfficialDocument:
    """通报: overall, targets (behind ones one by one, the rest counted), tasks (overdue ones by unit), units, what is asked next.

    Counted figures refer to sources made here (HZ-01 …) whose numerator and denominator name what was counted; the values of targets refer to
    the source with the target's code when `sources` has one.
    """
    draft = _Draft(data)
    body = (
        *draft.overall(),
        *draft.target_part(),
        *draft.task_part(),
        *draft.unit_part(),
        *draft.next_part(),
    )
    attachments = []
    if data.targets:
        attachments.append(Attachment(f"{data.period}目标进展一览表", (draft.target_table(),)))
    if data.units:
        attachments.append(Attachment(f"{data.period}责任单位任务完成情况", (draft.unit_table(),)))
    return OfficialDocument(
        f"关于{data.period}{_quoted(data.plan)}落实情况的{data.kind}", head=data.head, number=data.number,
        recipients=data.recipients, body=body, attachments=tuple(attachments), signatures=(data.issuer,), date=data.date,
        copies=data.copies, sources=(*draft.counted, *data.sources), marked=data.marked,
    )  # fmt: skip


class _Draft:
    """The parts of one bulletin; gathers the references of what it counts."""

    def __init__(self, data: Bulletin) -> None:
        self.data = data
        self.counted: list[Source] = []
        self.known = {source.code for source in data.sources}
        self.day = f"{data.as_of.year}年{data.as_of.month}月{data.as_of.day}日"

    def count(self, name: str, some: Sequence[object], every: Sequence[object], words: Iterable[str]) -> Run:
        """A counted figure with its reference: what was counted, out of what."""
        listed = list(words)
        more = f"等{len(listed)}项" if len(listed) > _MOST_NAMED else ""
        code = f"HZ-{len(self.counted) + 1:02d}"
        self.counted.append(
            Source(code, name, f"{len(some)}项", f"{len(some)}项" + (f"（{'、'.join(listed[:_MOST_NAMED])}{more}）" if listed else ""),
                f"{len(every)}项", _quoted(self.data.plan), self.day)
        )  # fmt: skip
        return Run(f"{len(some)}", ref=code)

    def overall(self) -> list[Block]:
        data = self.data
        blocks: list[Block] = [Heading(1, "总体情况")]
        words: list[str | Run] = [f"截至{self.day}，{_quoted(data.plan)}"]
        if data.targets:
            words.append(f"共确定{len(data.targets)}个量化目标，")
            counted: list[str | Run] = []
            for verdict in (MET, ON_COURSE, BEHIND, NO_DATA):
                some = [one for one in data.targets if one.verdict == verdict]
                counted += [
                    "，" if counted else "其中",
                    f"{verdict}的",
                    self.count(f"{verdict}的目标", some, data.targets, (one.name for one in some)),
                    "个",
                ]
            words += [*counted, "。"]
        if data.tasks:
            late = [one for one in data.tasks if one.late > 0]
            states = Counter(one.state for one in data.tasks)
            parts = "，".join(f"{state}{number}项" for state, number in states.items() if state)
            words += [
                f"任务{len(data.tasks)}项，{parts}，" if parts else f"任务{len(data.tasks)}项，",
                "逾期",
                self.count("逾期的任务", late, data.tasks, (one.task for one in late)),
                "项。",
            ]
        if not data.targets and not data.tasks:
            words.append("没有登记目标和任务。")
        blocks.append(Paragraph(tuple(words)))
        blocks += data.charts
        return blocks

    def target_part(self) -> list[Block]:
        if not self.data.targets:
            return []
        blocks: list[Block] = [Heading(1, "目标进展")]
        behind = [one for one in self.data.targets if one.verdict == BEHIND]
        unknown = [one for one in self.data.targets if one.verdict == NO_DATA]
        drawn = [one for one in self.data.targets if one.value is not None and one.goal and one.at_least]
        if behind:
            blocks.append(Heading(2, f"落后的{len(behind)}个目标"))
            blocks += [Heading(3, one.name, self._behind(one)) for one in behind]
        else:
            blocks.append(Paragraph("没有落后于进度的目标。"))
        if unknown:
            names = "、".join(f"{one.name}（{one.lead or '未定单位'}）" for one in unknown)
            blocks.append(
                Heading(
                    2, f"没有数据的{len(unknown)}个目标", f"{names}。没有数据不等于完成，请责任单位补报。"
                )
            )
        if len(drawn) > 1:
            shares = tuple(
                round(100 * one.value / one.goal, 1) for one in drawn if one.value is not None and one.goal
            )
            least = min(zip(shares, drawn, strict=True), key=lambda pair: pair[0])
            title = (
                f"完成程度最低的是{least[1].name}，为目标值的{least[0]:.1f}%"
                if least[0] < 100
                else "各目标均已达到目标值"
            )
            chart = Chart("rank", title, tuple(one.name for one in drawn), (Series("目前值占目标值", shares),), unit="%", threshold=100, threshold_label="目标", with_table=False)  # fmt: skip
            blocks.append(chart)
        return blocks

    def _behind(self, one: TargetLine) -> Text:
        value = Run(one.today, ref=one.code) if one.code in self.known else Run(one.today)
        words: list[str | Run] = ["目前", value, f"，目标{one.target}"]
        words.append(f"，时限{one.due}" if one.due else "")
        words.append(f"，照此速度预计{one.forecast}" if one.forecast else "")
        words.append(f"。原因：{one.why.rstrip('。')}" if one.why else "")
        words.append(f"。责任单位：{one.lead}" if one.lead else "")
        return (*words, "。")

    def task_part(self) -> list[Block]:
        if not self.data.tasks:
            return []
        late = [one for one in self.data.tasks if one.late > 0]
        blocks: list[Block] = [Heading(1, "任务落实")]
        if not late:
            blocks.append(Paragraph("各项任务没有逾期。"))
            return blocks
        by_unit = _grouped(late, lambda one: one.lead or "未定牵头单位")
        blocks.append(
            Paragraph(
                "逾期任务按责任单位："
                + "；".join(f"{unit}{len(ones)}项" for unit, ones in by_unit.items())
                + "。"
            )
        )
        columns = (Column("序号", 0.6, "center"), Column("任务", 3), Column("牵头单位", 1.4), Column("时限", 1.5), Column("逾期天数", 0.8, "right"),
            Column("进展", 2))  # fmt: skip
        ordered = sorted(late, key=lambda one: -one.late)
        rows = tuple(
            (str(place), one.task, one.lead, one.due, str(one.late), one.progress)
            for place, one in enumerate(ordered, start=1)
        )
        blocks.append(Table(columns, rows, title="逾期任务"))
        return blocks

    def unit_part(self) -> list[Block]:
        units = self.data.units
        if not units:
            return []
        best = [one.unit for one in units if not one.late]
        rest = [one for one in units if one.late]
        text = f"{len(units)}个责任单位中，{len(best)}个没有逾期任务"
        if rest:
            worst = sorted(rest, key=lambda one: -one.late)[:3]
            text += "；逾期较多的是" + "、".join(f"{one.unit}（{one.late}项）" for one in worst)
        rule = f"排名规则：{self.data.ranking.rstrip('。')}。" if self.data.ranking else ""
        return [Heading(1, "责任单位"), Paragraph(f"{text}。{rule}")]

    def next_part(self) -> list[Block]:
        blocks: list[Block] = []
        if self.data.rectifications:
            blocks.append(Heading(1, "正在整改的事项"))
            blocks += [
                Paragraph(f"{place}. {words}")
                for place, words in enumerate(self.data.rectifications, start=1)
            ]
        if self.data.advice:
            blocks.append(Heading(1, "下一步要求"))
            blocks += [
                Paragraph(f"{place}. {words}") for place, words in enumerate(self.data.advice, start=1)
            ]
        return blocks

    def target_table(self) -> Table:
        columns = (Column("序号", 0.5, "center"), Column("目标", 3), Column("起点", 1, "right"), Column("目前", 1, "right"), Column("目标值", 1, "right"),
            Column("时限", 1.3), Column("预计", 1.2), Column("结论", 0.8, "center"), Column("责任单位", 1.4))  # fmt: skip
        rows = tuple(
            (str(place), one.name, one.baseline, Run(one.today, ref=one.code) if one.code in self.known else one.today, one.target, one.due,
                one.forecast, one.verdict, one.lead)
            for place, one in enumerate(self.data.targets, start=1)
        )  # fmt: skip
        return Table(columns, rows, note=f"数据时点：{self.day}。", wide=True)

    def unit_table(self) -> Table:
        columns = (Column("名次", 0.6, "center"), Column("责任单位", 2), Column("任务数", 0.8, "right"), Column("已完成", 0.8, "right"),
            Column("逾期", 0.7, "right"), Column("得分", 0.8, "right"), Column("说明", 1.8))  # fmt: skip
        rows = tuple(
            (str(one.rank), one.unit, str(one.tasks), str(one.done), str(one.late), one.score, one.note)
            for one in self.data.units
        )
        return Table(columns, rows, note=self.data.ranking)


def _grouped(lines: Sequence[_Line], key: Callable[[_Line], str]) -> dict[str, list[_Line]]:
    """Lines by key, the largest group first."""
    found: dict[str, list[_Line]] = {}
    for line in lines:
        found.setdefault(key(line), []).append(line)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def _quoted(plan: str) -> str:
    return plan if not plan or plan.startswith("《") else f"《{plan}》"
