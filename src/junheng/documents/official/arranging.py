"""编排: an official document as it will stand on paper, before any file format: numbers given, figures marked, dates in words.

Word and PDF are both made from this, so they cannot differ in wording or numbering.
"""

from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from typing import Any
from unicodedata import category

from junheng.documents.official.arranged import (
    Annex,
    Arranged,
    Box,
    Boxes,
    Drawing,
    Grid,
    Item,
    Line,
    Piece,
    Pieces,
    Turn,
)
from junheng.documents.official.model import (
    Block,
    Chart,
    Column,
    Form,
    Heading,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Run,
    Source,
    Table,
    Text,
)

_UNFIT = {"Cc", "Cs", "Cf"}
_DIGITS = "零一二三四五六七八九"
SOURCES_TITLE = "数据出处"


def arranged(document: OfficialDocument) -> Arranged:
    """编排: numbers the headings, the attachments and the sources in the order of the text."""
    document = fit(document)
    marks = _Marks(document.sources)
    items = _items(document.body, marks)
    several = len(document.attachments) > 1
    annexes = tuple(
        Annex(f"附件{number}" if several else "附件", attachment.title, _items(attachment.blocks, marks))
        for number, attachment in enumerate(document.attachments, start=1)
        if attachment.blocks
    )
    names = tuple(
        f"{number}. {attachment.title}" if several else attachment.title
        for number, attachment in enumerate(document.attachments, start=1)
    )
    return Arranged(
        document,
        document.title,
        _recipients(document.recipients),
        items,
        names,
        annexes,
        in_words(document.date),
        marks.table(),
        _imprint(document),
        tuple(marks.unknown),
    )


def in_words(day: date | None) -> str:
    """成文日期: 2026年9月1日, "" without a day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def numeral(number: int) -> str:
    """序数: 1 → 一, 12 → 十二, 27 → 二十七, 103 → 一百零三; for 1 to 999."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if hundreds and not tens and ones:
        text += "零"
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    return text + (_DIGITS[ones] if ones else "")


def label_of(level: int, number: int) -> str:
    """层次序数: 一、 （一） 1. （1）."""
    return {1: f"{numeral(number)}、", 2: f"（{numeral(number)}）", 3: f"{number}.", 4: f"（{number}）"}[
        level
    ]


def plain(text: Text) -> str:
    """The words alone."""
    runs = text if isinstance(text, tuple) else (text,)
    return "".join(run if isinstance(run, str) else run.text for run in runs)


@dataclass(slots=True)
class _Marks:
    """出处的编号: numbers given at first mention."""

    sources: tuple[Source, ...]
    numbers: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)

    def pieces(self, text: Text) -> Pieces:
        runs = text if isinstance(text, tuple) else (text,)
        found = (
            Piece(run) if isinstance(run, str) else Piece(run.text, run.bold, self._number(run))
            for run in runs
        )
        return tuple(piece for piece in found if piece.text or piece.ref)

    def _number(self, run: Run) -> int:
        if not run.ref:
            return 0
        if all(source.code != run.ref for source in self.sources):
            self.unknown[run.ref] = None
            return 0
        return self.numbers.setdefault(run.ref, len(self.numbers) + 1)

    def table(self) -> Grid | None:
        if not self.sources:
            return None
        for source in self.sources:
            self.numbers.setdefault(source.code, len(self.numbers) + 1)
        listed = sorted(
            {source.code: source for source in self.sources}.values(), key=lambda one: self.numbers[one.code]
        )
        columns = (
            Column("序号", 0.6, "center"),
            Column("数据", 2.6),
            Column("数值", 1.1, "right"),
            Column("分子 ÷ 分母", 2.2),
            Column("依据", 2.4),
            Column("数据时点", 1.5),
            Column("查询编号", 2.0),
        )
        rows = tuple(
            tuple(
                (Piece(text),) if text else ()
                for text in (
                    f"[{self.numbers[one.code]}]",
                    one.name,
                    one.value,
                    " ÷ ".join(part for part in (one.numerator, one.denominator) if part),
                    one.basis,
                    one.as_of,
                    one.code,
                )
            )
            for one in listed
        )
        note = (Piece("在系统顶部的搜索框输入查询编号，可以看到这个数字的计算过程和逐行数据。"),)
        return Grid(columns, rows, {}, "", note, wide=False)


def _items(blocks: tuple[Block, ...], marks: _Marks) -> tuple[Item, ...]:
    counts = [0, 0, 0, 0]
    items: list[Item] = []
    for block in blocks:
        match block:
            case Heading():
                label = ""
                if block.numbered:
                    counts[block.level - 1] += 1
                    counts[block.level :] = [0] * (4 - block.level)
                    label = label_of(block.level, counts[block.level - 1])
                body = marks.pieces(block.body)
                stop = "。" if body and block.text and block.text[-1] not in "。！？；：" else ""
                items.append(Line(block.level, label + block.text + stop, body))
            case Paragraph():
                items.append(Line(0, "", marks.pieces(block.text), block.align, block.plain))
            case Table():
                rows = tuple(tuple(marks.pieces(cell) for cell in row) for row in block.rows)
                items.append(
                    Grid(
                        block.columns,
                        rows,
                        dict(block.groups),
                        block.title,
                        marks.pieces(block.note),
                        block.wide,
                    )
                )
            case Form():
                items.append(
                    Boxes(
                        tuple(
                            tuple(
                                Box(cell.label, marks.pieces(cell.text), cell.lines, cell.sign)
                                for cell in row
                            )
                            for row in block.rows
                        )
                    )
                )
            case Chart():
                items.append(Drawing(block, marks.pieces(block.note), in_a_sentence(block)))
                if block.with_table:
                    items.append(numbers_of(block))
            case PageBreak():
                items.append(Turn())
    return tuple(items)


def in_a_sentence(chart: Chart) -> str:
    """图的文字说明: title, unit and each value, for readers who do not see the drawing."""
    parts = [
        f"{one.name}：" + "、".join(f"{name}{shown(value, chart.decimals)}" for name, value in zip(chart.categories, one.values, strict=True))
        for one in chart.series
    ]  # fmt: skip
    unit = f"（{chart.unit}）" if chart.unit else ""
    return f"{chart.title}{unit}。{'；'.join(parts)}。"


def shown(value: float | None, decimals: int) -> str:
    """A value as printed: thousands parted, rounded half away from zero; 未报 for None."""
    if value is None:
        return "未报"
    step = 10**decimals
    rounded = int(abs(value) * step + 0.5 + 1e-9) / step
    return f"{'-' if value < 0 and rounded else ''}{rounded:,.{decimals}f}"


def numbers_of(chart: Chart) -> Grid:
    """图的数据表: the chart's numbers as a table."""
    unit = f"（{chart.unit}）" if chart.unit else ""
    columns = (Column("", 2.0), *(Column(one.name + unit, 1.0, "right") for one in chart.series))
    rows = tuple(
        ((Piece(name),), *((Piece(shown(one.values[place], chart.decimals)),) for one in chart.series))
        for place, name in enumerate(chart.categories)
    )
    return Grid(columns, rows, {}, "", (), wide=False)


def _recipients(names: tuple[str, ...]) -> str:
    text = ""
    for name in names:
        text += name if not text or text[-1] in "，、；：" else f"、{name}"
    text = text.rstrip("：:，、；")
    return f"{text}：" if text else ""


def _imprint(document: OfficialDocument) -> tuple[tuple[str, str], ...]:
    lines = []
    if document.copies:
        lines.append((f"抄送：{_recipients(document.copies)[:-1]}。", ""))
    if document.printed_by:
        day = in_words(document.printed_on)
        lines.append((document.printed_by, f"{day}印发" if day else ""))
    return tuple(lines)


def fit(value: Any) -> Any:
    """Any part of a document with words fit for a file: control and formatting characters and halves of characters left out.

    Characters without a name here (rare ones in personal names) and line breaks stay.
    """
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        if text.isprintable():
            return text
        return "".join(
            letter
            for letter in text
            if letter == "\n" or (category(letter) not in _UNFIT and letter not in "\ufffe\uffff")
        )
    if isinstance(value, tuple):
        return tuple(fit(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{part.name: fit(getattr(value, part.name)) for part in fields(value)})
    return value
