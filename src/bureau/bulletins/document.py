"""通报的文书: the texts as an official document, each figure referring to its line in the table of sources, with charts and annexes."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from bureau.bulletins.codes import day_words
from bureau.bulletins.marks import pieces
from bureau.bulletins.models import Bulletin, Figure, Section
from bureau.bulletins.rules import period_words
from junheng.documents.official import (
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

MOST_BARS = 12
_SUBHEADING = re.compile(r"（[一二三四五六七八九十]{1,3}）\s*([^。；\n]{1,40})")


def bulletin_document(
    one: Bulletin,
    parts: Sequence[Section],
    rows: Sequence[Figure],
    *,
    issuer: str,
    head: str,
    day: date,
    marked: str,
) -> OfficialDocument:
    """公文 of a bulletin. `issuer` signs, `head` is the red line of words ("" without), `day` the date of the document."""
    known = {row.code: row for row in rows}
    body: list[Block] = []
    used: list[str] = []
    for part in parts:
        body.append(Heading(1, part.heading))
        for line in part.text.split("\n"):
            if line.strip():
                body.append(_line(line.strip(), known, used))
        chart = chart_of(part.kind, one.data)
        if chart is not None:
            body.append(chart)
    attachments = [made for made in (_targets(one, known, used), _overdue(one), _units(one)) if made]
    return OfficialDocument(
        one.title, head=head, number=one.number, recipients=(one.recipients,) if one.recipients else (), body=tuple(body),
        attachments=tuple(attachments), signatures=(issuer,), date=day,
        sources=tuple(_source(known[code]) for code in dict.fromkeys(used)), marked=marked,
    )  # fmt: skip


def chart_of(kind: str, data: dict[str, Any]) -> Chart | None:
    """The chart that goes with a section, from the bulletin's own data; the title says what it shows."""
    if kind == "targets":
        drawn = sorted(
            (one for one in data.get("targets", []) if one["share"] is not None), key=lambda one: one["share"]
        )
        drawn = drawn[:MOST_BARS]
        if len(drawn) < 2:
            return None
        least = drawn[0]
        short = sum(one["share"] < 100 for one in drawn)
        title = (
            f"离目标最远的是{least['name']}，为目标值的{least['share']:g}%"
            if short
            else "各项目标都已达到目标值"
        )
        names, shares = _labels(drawn, "name"), tuple(float(one["share"]) for one in drawn)
        return Chart("rank", title, names, (Series("目前值占目标值", shares),), unit="%", threshold=100, threshold_label="目标", with_table=False)  # fmt: skip
    if kind == "tasks":
        late = sorted((one for one in data.get("units", []) if one["late"]), key=lambda one: -one["late"])[
            :MOST_BARS
        ]
        if len(late) < 2:
            return None
        title = f"{late[0]['unit']}逾期最多，有{late[0]['late']}项"
        names = _labels(late, "unit")
        return Chart("rank", title, names, (Series("逾期的应办事项", tuple(float(one["late"]) for one in late)),), unit="项", decimals=0, with_table=False)  # fmt: skip
    return None


def _labels(rows: Sequence[dict[str, Any]], name: str) -> tuple[str, ...]:
    """Names as axis labels, cut to fit; rows of the same name are told apart by their year, at last by a number."""
    words = [str(row[name]) for row in rows]
    made: list[str] = []
    for row, text in zip(rows, words, strict=True):
        year = f"（{row['due'][:4]}年）" if words.count(text) > 1 and row.get("due") else ""
        short = (text if len(text) <= 14 else f"{text[:13]}…") + year
        made.append(short if short not in made else f"{short}（{len(made) + 1}）")
    return tuple(made)


def _line(line: str, known: dict[str, Figure], used: list[str]) -> Block:
    heading = _SUBHEADING.fullmatch(line)
    if heading:
        return Heading(2, heading.group(1))
    return Paragraph(_text(line, known, used))


def _text(line: str, known: dict[str, Figure], used: list[str]) -> Text:
    made: list[str | Run] = []
    for piece in pieces(line, {code: row.value for code, row in known.items()}):
        if piece.code in known:
            used.append(piece.code)
            made.append(Run(piece.text, ref=piece.code))
        else:
            made.append(piece.text)
    return tuple(made)


def _source(row: Figure) -> Source:
    return Source(
        row.code,
        row.name,
        row.value,
        row.numerator,
        row.denominator,
        row.brief or row.basis,
        row.as_of.isoformat(),
    )


def _targets(one: Bulletin, known: dict[str, Figure], used: list[str]) -> Attachment | None:
    rows = one.data.get("targets", [])
    if not rows:
        return None
    columns = (Column("序号", 0.5, "center"), Column("目标", 3), Column("期初", 1, "right"), Column("目前", 1, "right"), Column("目标值", 1.4, "right"),
        Column("时限", 1.2), Column("结论", 0.9, "center"), Column("牵头单位", 1.8))  # fmt: skip
    made: list[tuple[Text, ...]] = []
    for place, row in enumerate(rows, 1):
        code = row["code"] if row["code"] in known else ""
        if code:
            used.append(code)
        due = row["due"] or "未写明"
        today = Run(row["value"] or "未报", ref=code)
        made.append((str(place), row["name"], row["start"] or "未报", today, row["goal"], due, row["verdict"], row["lead"] or "未定"))  # fmt: skip
    note = f"数据截止日期：{day_words(one.as_of)}。"
    return Attachment(
        f"{period_words(one.kind, one.year, one.part)}目标进展一览表",
        (Table(columns, tuple(made), note=note, wide=True),),
    )


def _overdue(one: Bulletin) -> Attachment | None:
    rows = one.data.get("overdue", [])
    if not rows:
        return None
    columns = (
        Column("序号", 0.6, "center"),
        Column("应办事项", 3.2),
        Column("牵头单位", 1.8),
        Column("完成时限", 1.6),
        Column("逾期天数", 0.9, "right"),
    )
    made = tuple(
        (str(place), row["title"], row["lead"] or "未定", row["due"], str(row["late"]))
        for place, row in enumerate(rows, 1)
    )  # fmt: skip
    return Attachment("逾期应办事项一览表", (Table(columns, made),))


def _units(one: Bulletin) -> Attachment | None:
    rows = one.data.get("units", [])
    if not rows:
        return None
    columns = (Column("名次", 0.7, "center"), Column("单位", 1.8), Column("应办", 0.7, "right"), Column("到期", 0.7, "right"), Column("完成", 0.7, "right"),
        Column("逾期", 0.7, "right"), Column("得分", 0.8, "right"), Column("怎样得出", 3.6))  # fmt: skip
    made = tuple(
        (str(row["rank"] or "–"), row["unit"], str(row["total"]), str(row["due"]), str(row["done"]), str(row["late"]), row["score"] or "–", row["words"])
        for row in rows
    )  # fmt: skip
    return Attachment(
        "单位排名和得分明细", (Table(columns, made, note=f"排名规则：{one.data['rule']}。", wide=True),)
    )
