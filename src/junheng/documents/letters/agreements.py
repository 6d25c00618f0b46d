"""目标责任状、绩效考核结果表: what a unit takes on for a year, and how it did."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from junheng.documents.official.model import (
    Block,
    Column,
    Form,
    FormCell,
    Heading,
    OfficialDocument,
    Paragraph,
    Source,
    Table,
    Text,
)

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Duty:
    """责任状的一项: task, its measure and target, where it starts from, when it is due, its weight in the year's assessment."""

    task: str
    target: str
    measure: str = ""
    baseline: Text = ""
    due: str = ""
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ResponsibilityLetter:
    """目标责任状 between the one who sets the duties (`party_a`) and the unit that takes them on (`party_b`)."""

    title: str
    period: str
    party_a: str
    party_b: str
    duties: tuple[Duty, ...]
    terms: tuple[str, ...] = ()
    basis: str = ""
    signed_on: datetime.date | None = None
    sources: tuple[Source, ...] = ()
    marked: str = ""


def responsibility_letter(letter: ResponsibilityLetter) -> OfficialDocument:
    """目标责任状: the duties as a table, the terms numbered, both parties' signatures side by side."""
    weighed = any(duty.weight is not None for duty in letter.duties)
    columns: tuple[Column, ...] = (Column("序号", 0.6, "center"), Column("任务", 2.4), Column("衡量指标", 1.7), Column("起点", 1), Column("目标", 1.4),
        Column("时限", 1.2))  # fmt: skip
    if weighed:
        columns = (*columns, Column("权重", 0.7, "right"))
    rows = []
    for number, duty in enumerate(letter.duties, start=1):
        row: tuple[Text, ...] = (str(number), duty.task, duty.measure, duty.baseline, duty.target, duty.due)
        rows.append((*row, _percent(duty.weight)) if weighed else row)
    basis = f"根据{letter.basis}，" if letter.basis else ""
    body: list[Block] = [
        Paragraph(
            f"{basis}为落实教育规划确定的目标任务，{letter.party_a}与{letter.party_b}签订本责任状。责任期限：{letter.period}。"
        ),
        Heading(1, "目标任务"),
        Table(columns, tuple(rows)),
        Heading(1, "责任与考核"),
    ]
    body += [Paragraph(f"{place}. {term}") for place, term in enumerate(letter.terms, start=1)]
    body.append(
        Paragraph(
            "目标完成情况以系统按规定口径计算的数据为准，每项数据可查分子、分母和依据；对数据有异议的，可以书面申请复核。"
        )
    )
    sign = "签名：　　　　　　　　\n　　年　　月　　日"
    body.append(
        Form(
            (
                (
                    FormCell(letter.party_a, lines=3, sign=sign),
                    FormCell(letter.party_b, lines=3, sign=sign),
                ),
            )
        )
    )
    return OfficialDocument(
        letter.title, body=tuple(body), date=letter.signed_on, sources=letter.sources, marked=letter.marked
    )


@dataclass(frozen=True, slots=True)
class ScoredIndicator:
    """考核指标 and its weight in percent."""

    name: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class PerformanceRow:
    """一个单位的考核结果; `scores` in the order of the indicators, each may carry its reference."""

    rank: int
    unit: str
    scores: tuple[Text, ...]
    total: Text
    grade: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PerformanceTable:
    """绩效考核结果表 of one kind of unit; `appeal` says how and until when a unit may object."""

    title: str
    period: str
    unit_kind: str
    indicators: tuple[ScoredIndicator, ...]
    rows: tuple[PerformanceRow, ...]
    issuer: str
    date: datetime.date
    appeal: str = ""
    sources: tuple[Source, ...] = ()
    marked: str = ""


def why_not_performance_table(table: PerformanceTable) -> str | None:
    """考核结果表为什么不能印发: weights that do not sum to 100, rows with missing scores, a unit listed twice; all in one sentence."""
    wrong = []
    total = sum((one.weight for one in table.indicators), Decimal(0))
    if total != _HUNDRED:
        wrong.append(f"各项权重之和是{total.normalize():f}%，应当是100%")
    if negative := [one.name for one in table.indicators if one.weight <= 0]:
        wrong.append(f"“{'”“'.join(negative)}”的权重应当大于0")
    if short := [row.unit for row in table.rows if len(row.scores) != len(table.indicators)]:
        wrong.append(f"{'、'.join(short)}的得分项数与指标数（{len(table.indicators)}项）不一致")
    names = [row.unit for row in table.rows]
    if twice := list(dict.fromkeys(name for name in names if names.count(name) > 1)):
        wrong.append(f"{'、'.join(twice)}列了不止一次")
    return "；".join(wrong) + "。请改正后再印发" if wrong else None


def performance_table(table: PerformanceTable) -> OfficialDocument:
    """绩效考核结果表 on paper turned across: weights in the headings, then rank, unit, scores, total, grade. ValueError with the
    sentence of `why_not_performance_table`.
    """
    if why := why_not_performance_table(table):
        raise ValueError(why)
    columns = (
        Column("名次", 0.6, "center"),
        Column("单位", 1.8),
        *(Column(f"{one.name}（{_percent(one.weight)}）", 1, "right") for one in table.indicators),
        Column("总分", 0.8, "right"),
        Column("等次", 0.8, "center"),
        Column("说明", 1.6),
    )
    rows = tuple((str(row.rank), row.unit, *row.scores, row.total, row.grade, row.note) for row in table.rows)
    note = "；".join(
        part for part in (f"考核对象：{table.unit_kind}", f"考核期：{table.period}", table.appeal) if part
    )
    return OfficialDocument(
        table.title, body=(Table(columns, rows, note=f"{note}。", wide=True),), signatures=(table.issuer,), date=table.date,
        sources=table.sources, marked=table.marked, across=True,
    )  # fmt: skip


def _percent(weight: Decimal | None) -> str:
    return "" if weight is None else f"{weight.normalize():f}%"
