"""公文的内容 (official document): what is written, apart from how it is set. Plain frozen data; Word and PDF are made from the same."""

import datetime
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Run:
    """一段文字: words with a mark. `ref` is the code of the `Source` that says where the figure in it comes from."""

    text: str
    ref: str = ""
    bold: bool = False


Text = str | Run | tuple[str | Run, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """数据出处: why a figure is what it is; all words are given as they are to be printed.

    `code` is what a reader types into the platform's search to open the figure. `numerator` and `denominator` carry their units.
    """

    code: str
    name: str
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    basis: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """层次标题: level 1 一、 2 （一） 3 1. 4 （1）, numbered by itself; `body` follows in the same line (run-in heading)."""

    level: Literal[1, 2, 3, 4]
    text: str
    body: Text = ""
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """正文: one paragraph; `plain` leaves off the first-line indent of two characters."""

    text: Text
    align: Align = "left"
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """表列: `width` is a share against the other columns."""

    heading: str
    width: float = 1.0
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """表: heading row repeated on each page, rows not broken across pages where they fit. `wide` turns the paper across.

    `groups` names rows that span the table ({position of the row below: words}). ValueError when a row has another number of cells.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    title: str = ""
    note: Text = ""
    wide: bool = False
    groups: tuple[tuple[int, str], ...] = ()

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells, not {len(self.columns)}")
        if not self.columns:
            raise ValueError("a table without columns")


@dataclass(frozen=True, slots=True)
class FormCell:
    """表单的一格: label and words; `lines` leaves room for handwriting; `sign` stands at its foot at the right."""

    label: str
    text: Text = ""
    lines: int = 1
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """表单: rows of one or two labelled cells. ValueError when a row has none or more than two."""

    rows: tuple[tuple[FormCell, ...], ...]

    def __post_init__(self) -> None:
        if not self.rows or any(len(row) not in (1, 2) for row in self.rows):
            raise ValueError("a row of a form has one or two cells")


@dataclass(frozen=True, slots=True)
class Series:
    """数据系列: one value for each category; None is 未报 and is left out of the drawing, never drawn as 0."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """图: `title` says the finding. Its numbers are printed below it as a table unless `with_table` is off.

    `kind`: "bar" (columns, or across when there are many or long categories), "rank" (across) or "line". `threshold` is drawn as a
    dashed line named `threshold_label`. ValueError when a series has another number of values than there are categories.
    """

    kind: Literal["bar", "rank", "line"]
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    decimals: int = 1
    threshold: float | None = None
    threshold_label: str = ""
    note: Text = ""
    with_table: bool = True

    def __post_init__(self) -> None:
        if not self.categories or not self.series:
            raise ValueError("a chart without categories or series")
        for one in self.series:
            if len(one.values) != len(self.categories):
                raise ValueError(
                    f"series {one.name} has {len(one.values)} values, not {len(self.categories)}"
                )


@dataclass(frozen=True, slots=True)
class PageBreak:
    """另页."""


Block = Heading | Paragraph | Table | Form | Chart | PageBreak


@dataclass(frozen=True, slots=True)
class Attachment:
    """附件: named below the body; with `blocks` it follows on its own page, without it is sent apart."""

    title: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """公文: head, body, signature, attachments and imprint. Only `title` is needed; what is empty is not printed.

    `head` is the red line of words (同心县教育体育局文件); empty: no red head. `number` as `document_number` makes it. `signer` is
    the 签发人 of a document to a higher body. `recipients` are joined by 、 unless they hold their own punctuation. `signatures` sign
    above `date`. `note` is the 附注 (此件公开发布). `copies` is 抄送; `printed_by`, `printed_on` are 印发. `sources` are printed as
    a table 数据出处 at the end, numbered in the order in which the text refers to them. `marked` (演示数据) stands on every page. `across` turns the
    whole paper, for lists.
    """

    title: str
    head: str = ""
    number: str = ""
    signer: str = ""
    urgency: str = ""
    recipients: tuple[str, ...] = ()
    body: tuple[Block, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    signatures: tuple[str, ...] = ()
    date: datetime.date | None = None
    note: str = ""
    copies: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: datetime.date | None = None
    sources: tuple[Source, ...] = ()
    marked: str = ""
    across: bool = False
