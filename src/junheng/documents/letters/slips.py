"""督办单、整改通知书: what asks a unit to act, with the clause it rests on, the figure today and the day it is due."""

import datetime
from collections import Counter
from dataclasses import dataclass

from junheng.documents.official.arranging import in_words, plain
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


@dataclass(frozen=True, slots=True)
class SlipEvent:
    """督办的一步: 签收, 催办, 申请延期, 批准延期, 反馈, 复核, 销号, 通报 …, on a day, by someone."""

    on: datetime.date
    kind: str
    by: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SupervisionSlip:
    """督办单. `current` is the state as computed, with its reference; `events` is what happened since it was issued."""

    number: str
    issuer: str
    task: str
    lead: str
    issued_on: datetime.date
    deadline: datetime.date
    plan: str = ""
    clause: str = ""
    target: str = ""
    requirement: str = ""
    supporting: tuple[str, ...] = ()
    person: str = ""
    working_days: int = 0
    current: Text = ""
    level: str = ""
    contact: str = ""
    events: tuple[SlipEvent, ...] = ()
    sources: tuple[Source, ...] = ()
    marked: str = ""


def supervision_slip(slip: SupervisionSlip) -> OfficialDocument:
    """督办单: one form with room for the leader's words, the receipt, the answer and the second person's check; then its course."""
    days = f"（{slip.working_days}个工作日）" if slip.working_days else ""
    rows: list[tuple[FormCell, ...]] = [
        (FormCell("编号", slip.number), FormCell("督办级别", slip.level or "一般督办")),
        (FormCell("任务来源", slip.plan), FormCell("条款", slip.clause)),
        (FormCell("督办事项", slip.task),),
        (FormCell("目标要求", slip.target),),
        (FormCell("目前进展", slip.current),),
        (FormCell("督办要求", slip.requirement),),
        (FormCell("承办单位", slip.lead), FormCell("责任人", slip.person)),
        (FormCell("配合单位", "、".join(slip.supporting)),),
        (
            FormCell("发出日期", in_words(slip.issued_on)),
            FormCell("办理时限", f"{in_words(slip.deadline)}{days}"),
        ),
        (FormCell("联系人及电话", slip.contact),),
        (FormCell("领导批示", lines=3, sign="签名：　　　　　　年　　月　　日"),),
        (FormCell("签收", lines=2, sign="签收人：　　　　　　年　　月　　日"),),
        (FormCell("办理情况反馈", lines=4, sign="承办单位（盖章）：　　　　　　年　　月　　日"),),
        (FormCell("复核意见", lines=3, sign="复核人（非承办人）：　　　　　　年　　月　　日"),),
    ]
    wanted = tuple(row for row in rows if any(plain(cell.text) or cell.lines > 1 for cell in row))
    body: list[Block] = [Form(wanted)]
    if slip.events:
        columns = (
            Column("日期", 1.9, "center"),
            Column("事项", 1.2, "center"),
            Column("经办", 1.4),
            Column("内容", 4),
        )
        ordered = sorted(slip.events, key=lambda event: event.on)
        body.append(
            Table(
                columns,
                tuple((in_words(one.on), one.kind, one.by, one.text) for one in ordered),
                title="办理经过",
            )
        )
    return OfficialDocument(
        f"{slip.issuer}督办单", body=tuple(body), sources=slip.sources, marked=slip.marked
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """整改的一个问题: what is wrong, what shows it (with references), what is asked, by which rule, by when, of whom."""

    problem: str
    requirement: str
    deadline: datetime.date
    evidence: Text = ""
    basis: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class RectificationNotice:
    """整改通知书. `basis` is the document that gives the power to ask; `inspection` what was looked at, and when."""

    issuer: str
    number: str
    recipients: tuple[str, ...]
    basis: str
    inspection: str
    findings: tuple[Finding, ...]
    report_by: datetime.date
    date: datetime.date
    title: str = "限期整改通知书"
    contact: str = ""
    head: str = ""
    copies: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    marked: str = ""


def rectification_notice(notice: RectificationNotice) -> OfficialDocument:
    """整改通知书: problems one by one with evidence, basis, demand and deadline; what to hand in, and how it is checked and closed."""
    body: list[Block] = [
        Paragraph(
            f"根据{notice.basis}，{notice.inspection}，发现{len(notice.findings)}个问题。现通知如下，请按期整改。"
        ),
        Heading(1, "存在的问题和整改要求"),
    ]
    for finding in notice.findings:
        body.append(Heading(2, finding.problem))
        parts: list[tuple[str, Text]] = [
            ("事实", finding.evidence), ("依据", finding.basis), ("整改要求", finding.requirement),
            ("责任单位", finding.unit), ("完成时限", in_words(finding.deadline)),
        ]  # fmt: skip
        body += [
            Paragraph(
                (f"{name}：", *(text if isinstance(text, tuple) else (text,)), "。" if _open(text) else "")
            )
            for name, text in parts
            if plain(text)
        ]
    times = Counter(finding.deadline for finding in notice.findings)
    first = min(times, default=notice.report_by)
    body += [
        Heading(1, "整改报告和核查"),
        Paragraph(
            f"请于{in_words(notice.report_by)}前报送书面整改报告，逐项说明整改措施、结果和佐证材料。最早的整改时限为{in_words(first)}。"
        ),
        Paragraph(
            "整改结果由核查人员现场核查，并与系统数据核对；核查人不得是整改的承办人。数据和核查都确认后，逐项销号。"
        ),
        Paragraph(
            "确需延期的，应当在时限届满前书面说明理由和新的时限。对问题认定有异议的，可以在收到本通知后书面提出，附证据。"
        ),
    ]
    if notice.contact:
        body.append(Paragraph(f"联系人及电话：{notice.contact}"))
    return OfficialDocument(
        notice.title, head=notice.head, number=notice.number, recipients=notice.recipients, body=tuple(body),
        signatures=(notice.issuer,), date=notice.date, copies=notice.copies, sources=notice.sources, marked=notice.marked,
    )  # fmt: skip


def _open(text: Text) -> bool:
    """Whether a sentence still lacks its full stop."""
    return plain(text)[-1:] not in "。！？；"
