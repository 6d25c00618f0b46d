"""台账定义: what a ledger pack says, as frozen values. Reading is in `reading`, whether it holds together in `checking`."""

from dataclasses import dataclass
from typing import Literal, TypeVar

from junheng.policy.ledgers.tallies import Tally
from junheng.policy.ledgers.vocabulary import (
    Access,
    Clock,
    Figure,
    Kind,
    Level,
    Need,
    Phase,
    Proof,
    Rows,
    Subject,
    Unit,
)


@dataclass(frozen=True, slots=True)
class Citation:
    """出处. `standing` verified: the words were read in the document; assumed: until a named person confirms."""

    name: str
    document: str
    clause: str
    quoted: str
    standing: Literal["verified", "assumed"]


@dataclass(frozen=True, slots=True)
class Choice:
    """设置的一种取法, with where it is done so."""

    value: int
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Setting:
    """设置: a number that no document lays down for this county; `assumed` until somebody confirms it."""

    name: str
    title: str
    value: int
    unit: str
    choices: tuple[Choice, ...]
    assumed: bool


@dataclass(frozen=True, slots=True)
class Column:
    """栏目: one field of a case. `points` are what choices are worth, `least` and `most` the limits of a number; with `tally` nobody types it.

    `by` are the levels that may fill it in; empty: whoever may work on the case.
    """

    name: str
    title: str
    kind: Kind
    choices: tuple[str, ...]
    required_in: tuple[str, ...]
    access: Access
    help: str
    points: tuple[tuple[str, int], ...] = ()
    least: int | None = None
    most: int | None = None
    tally: Tally | None = None
    by: tuple[Level, ...] = ()

    @property
    def points_of(self) -> dict[str, int]:
        """分值: {choice: points}."""
        return dict(self.points)


@dataclass(frozen=True, slots=True)
class State:
    """状态. `days` (or the setting named) after which it is overdue; `level` on whose desk it lies; both may be absent.

    `column` is one in which people write the last day themselves; while it is blank the days count: from the day of the column
    `since` where one is named and filled in (a request's own day), else from the day on which the case came into the state.
    """

    name: str
    title: str
    phase: Phase
    level: Level | Literal[""]
    days: int | None
    setting: str
    unit: Unit
    column: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """办理: from which states to which (`target` "" stays), by whom, with which fields and evidence.

    `unless`: (column, words) pairs; while a column begins with such words the ledger itself says that it is not so far.
    """

    name: str
    title: str
    sources: tuple[str, ...]
    target: str
    by: tuple[Level, ...]
    fields: tuple[str, ...]
    needs: tuple[Need, ...]
    second: bool
    passes_to: str
    form: str
    help: str
    unless: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """责任人: one line of duty beside the owner in charge (三包三保)."""

    name: str
    title: str
    level: Level


@dataclass(frozen=True, slots=True)
class Ladder:
    """逾期升级: levels from the first to the highest, and how long each has."""

    levels: tuple[Level, ...]
    days: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Detector:
    """发现规则: a query whose rows are candidates; `evidence` (column, title) are what it shows of each.

    Of the columns in `tracked` each change stands in the history of the case; the others only show how they are now.
    """

    name: str
    title: str
    sql: str
    evidence: tuple[tuple[str, str], ...]
    tracked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """表单: what is filled in on a phone or at a desk; `move` is what saving it does."""

    name: str
    title: str
    fields: tuple[str, ...]
    move: str
    photos: bool
    position: bool
    help: str


@dataclass(frozen=True, slots=True)
class Letter:
    """文书. Paragraphs hold {names in braces}: titles of columns and of what every case knows (`LETTER_FIELDS`)."""

    name: str
    title: str
    states: tuple[str, ...]
    recipient: str
    paragraphs: tuple[str, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class Report:
    """报表: which figures, counted by what, how often and by whom."""

    name: str
    title: str
    clock: Clock
    level: Level
    rows: Rows
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """台账: one pack, whole and checked.

    `access` says who may know of its cases at all; counts below `small` are not shown to anyone. `many` allows several live
    cases of one subject, told apart by `item`; a subject found again within `period_days` of closing reopens its case. What the data
    shows all along, closed by people, is opened anew after `again_days` (0: never), for what is looked at every year.
    `data_only`: nobody opens a case by hand. `sheet` is the move that a row filled in and read back makes, where the state allows it.
    """

    code: str
    title: str
    title_en: str
    group: str
    subject: Subject
    many: bool
    period_days: int
    again_days: int
    small: int
    access: Access
    proof: Proof
    entered_by: str
    checked_by: str
    citations: tuple[Citation, ...]
    settings: tuple[Setting, ...]
    owner_lines: tuple[OwnerLine, ...]
    columns: tuple[Column, ...]
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    ladder: Ladder
    detectors: tuple[Detector, ...]
    forms: tuple[Form, ...]
    letters: tuple[Letter, ...]
    reports: tuple[Report, ...]
    data_only: bool = False
    sheet: str = ""

    @property
    def initial(self) -> State:
        """初始状态: the first one listed."""
        return self.states[0]

    @property
    def solved(self) -> State | None:
        """“数据显示已解决，待核实”, where the ledger has one."""
        return next((state for state in self.states if state.phase == "solved"), None)

    @property
    def asks_for_files(self) -> bool:
        """是否要证明材料: whether a step on the way to a close does."""
        return any("file" in move.needs for move in self.moves)

    def state(self, name: str) -> State:
        """状态 by name. Raises KeyError."""
        return _named(self.states, name)

    def move(self, name: str) -> Move:
        """办理 by name. Raises KeyError."""
        return _named(self.moves, name)

    def column(self, name: str) -> Column:
        """栏目 by name. Raises KeyError."""
        return _named(self.columns, name)

    def form(self, name: str) -> Form:
        """表单 by name. Raises KeyError."""
        return _named(self.forms, name)

    def letter(self, name: str) -> Letter:
        """文书 by name. Raises KeyError."""
        return _named(self.letters, name)

    def report(self, name: str) -> Report:
        """报表 by name. Raises KeyError."""
        return _named(self.reports, name)

    def setting(self, name: str) -> Setting:
        """设置 by name. Raises KeyError."""
        return _named(self.settings, name)

    def moves_from(self, state: str) -> tuple[Move, ...]:
        """What may be done in a state, in the order of the pack."""
        return tuple(move for move in self.moves if state in move.sources)

    def columns_of(self, access: str) -> tuple[Column, ...]:
        """The columns of one access class."""
        return tuple(column for column in self.columns if column.access == access)

    @property
    def tracked(self) -> tuple[str, ...]:
        """记入经过的依据: titles of the evidence whose changes are part of the history."""
        titles = [title for one in self.detectors for name, title in one.evidence if name in one.tracked]
        return tuple(dict.fromkeys(titles))

    def days_of(self, state: State) -> int | None:
        """期限天数 of a state; None when it has no deadline."""
        return self.setting(state.setting).value if state.setting else state.days


Row = TypeVar("Row", State, Move, Column, Form, Letter, Report, Setting)


def _named(rows: tuple[Row, ...], name: str) -> Row:
    for row in rows:
        if row.name == name:
            return row
    raise KeyError(name)
