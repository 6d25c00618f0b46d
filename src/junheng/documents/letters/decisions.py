"""资助决定告知书: for one child, what is granted and what is not, each with its clause, its quoted words, the facts used and what would change it."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from junheng.documents.official.checks import amount_in_words
from junheng.documents.official.model import Block, Column, Heading, OfficialDocument, Paragraph, Table


@dataclass(frozen=True, slots=True)
class Fact:
    """所用的事实: its value in words (是, 否, 不清楚), the register it came from, and as of when."""

    name: str
    value: str
    origin: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class DecisionItem:
    """一项资助的决定. `amount` in yuan, None where it is in kind or a waiver without a sum; `reason` is one sentence; `would_change` says
    what would have to be otherwise. `quoted` are the document's own words.
    """

    aid: str
    granted: bool
    reason: str
    clause: str
    citation: str
    quoted: str = ""
    amount: Decimal | None = None
    period: str = ""
    facts: tuple[Fact, ...] = ()
    would_change: str = ""


@dataclass(frozen=True, slots=True)
class DecisionLetter:
    """资助决定告知书. Carries no ID number, address or account. `objection` says to whom and until when one may object."""

    number: str
    issuer: str
    addressee: str
    child: str
    school: str
    grade: str
    term: str
    items: tuple[DecisionItem, ...]
    objection: str
    date: datetime.date
    contact: str = ""
    marked: str = ""


def decision_letter(letter: DecisionLetter) -> OfficialDocument:
    """资助决定告知书: the result first, then the reasons one by one, the facts as a table, and how to object."""
    granted = [item for item in letter.items if item.granted]
    refused = [item for item in letter.items if not item.granted]
    total = sum((item.amount for item in granted if item.amount is not None), Decimal(0))
    opening = f"经审核，{letter.child}（{letter.school}{letter.grade}）{letter.term}"
    if granted:
        opening += f"可享受{len(granted)}项资助"
        opening += f"，合计{money(total)}元（{amount_in_words(total)}）" if total else ""
        opening += "。"
    else:
        opening += "暂不符合所审核各项资助的条件。"
    body: list[Block] = [Paragraph(opening + "理由、依据和所用的事实如下。")]
    if granted:
        columns = (
            Column("序号", 0.6, "center"),
            Column("资助项目", 2.4),
            Column("金额（元）", 1.2, "right"),
            Column("期间", 1.6),
        )
        rows = tuple(
            (str(place), item.aid, money(item.amount) if item.amount is not None else "不发现金", item.period)
            for place, item in enumerate(granted, start=1)
        )
        body += [Heading(1, "批准的资助"), Table(columns, rows)]
        body += [block for item in granted for block in _reasons(item)]
    if refused:
        body.append(Heading(1, "未批准的资助及原因"))
        body += [block for item in refused for block in _reasons(item)]
    if facts := _facts(letter.items):
        columns = (Column("事实", 2), Column("认定", 1), Column("来源", 2), Column("数据时点", 1.5))
        body += [Heading(1, "所用的事实"), Table(columns, facts)]
    body += [
        Heading(1, "如有异议"),
        Paragraph(
            f"以上事实与实际不符，或者对决定有异议的，{letter.objection.rstrip('。')}。更正事实后，系统会重新计算，结果另行告知。"
        ),
    ]
    if letter.contact:
        body.append(Paragraph(f"联系人及电话：{letter.contact}"))
    return OfficialDocument(
        "学生资助决定告知书", number=letter.number, recipients=(letter.addressee,), body=tuple(body),
        signatures=(letter.issuer,), date=letter.date, marked=letter.marked,
    )  # fmt: skip


def money(amount: Decimal) -> str:
    """金额: thousands parted, two decimals only where there are fen."""
    return f"{amount:,.2f}" if amount != amount.to_integral_value() else f"{amount:,.0f}"


def _reasons(item: DecisionItem) -> list[Block]:
    quoted = f"：“{item.quoted.strip('“”')}”" if item.quoted else ""
    blocks: list[Block] = [
        Heading(2, item.aid),
        Paragraph(f"理由：{item.reason.rstrip('。')}。"),
        Paragraph(
            f"依据：{item.citation}“{item.clause}”{quoted}。"
            if item.clause
            else f"依据：{item.citation}{quoted}。"
        ),
    ]
    if item.would_change:
        blocks.append(Paragraph(f"什么情况会改变这一结果：{item.would_change.rstrip('。')}。"))
    return blocks


def _facts(items: tuple[DecisionItem, ...]) -> tuple[tuple[str, str, str, str], ...]:
    """Each fact once, in the order of first use."""
    seen = dict.fromkeys(fact for item in items for fact in item.facts)
    return tuple((fact.name, fact.value, fact.origin, fact.as_of) for fact in seen)
