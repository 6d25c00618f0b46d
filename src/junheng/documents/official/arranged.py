"""编排好的公文 (arranged document): what will stand on paper, line by line, before any file format. Shapes only."""

from dataclasses import dataclass

from junheng.documents.official.model import Chart, Column, OfficialDocument


@dataclass(frozen=True, slots=True)
class Piece:
    """一段: words, whether bold, and the numbers of the sources behind them (0: none)."""

    text: str
    bold: bool = False
    ref: int = 0


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """一行标题或一段正文: `level` 0 is body text; `lead` is set in the heading's font, `pieces` in the body's."""

    level: int
    lead: str
    pieces: Pieces
    align: str = "left"
    plain: bool = False
    kind: str = "line"


@dataclass(frozen=True, slots=True)
class Grid:
    """表: `rows` of cells; a group row stands before the row at its position."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Pieces, ...], ...]
    groups: dict[int, str]
    title: str
    note: Pieces
    wide: bool
    kind: str = "grid"


@dataclass(frozen=True, slots=True)
class Box:
    """表单的一格."""

    label: str
    pieces: Pieces
    lines: int
    sign: str


@dataclass(frozen=True, slots=True)
class Boxes:
    """表单."""

    rows: tuple[tuple[Box, ...], ...]
    kind: str = "boxes"


@dataclass(frozen=True, slots=True)
class Drawing:
    """图: the chart, its note, and the sentence that says it in words."""

    chart: Chart
    note: Pieces
    alt: str
    kind: str = "drawing"


@dataclass(frozen=True, slots=True)
class Turn:
    """另页."""

    kind: str = "turn"


Item = Line | Grid | Boxes | Drawing | Turn


@dataclass(frozen=True, slots=True)
class Annex:
    """附件: `label` (附件1), title and items."""

    label: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Arranged:
    """编排好的公文: all words final. `annex_names` are as printed below the body; `imprint` are (left, right) lines."""

    document: OfficialDocument
    title: str
    recipients: str
    items: tuple[Item, ...]
    annex_names: tuple[str, ...]
    annexes: tuple[Annex, ...]
    date: str
    sources: Grid | None
    imprint: tuple[tuple[str, str], ...]
    unknown_refs: tuple[str, ...]
