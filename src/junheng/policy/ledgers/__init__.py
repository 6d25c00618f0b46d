"""台账定义 (ledger packs): title, columns, states, moves, deadlines, detectors, letters and reports of a ledger, as data.

`parse` and `problems_of` read a pack; docs/ledger-packs.md says how one is written. A detector's SQL is looked at by
`junheng.detecting`, which this package does not reach.
"""

from junheng.policy.ledgers.drawing import Diagram, Edge, Node, diagram
from junheng.policy.ledgers.model import (
    Citation,
    Column,
    Detector,
    Form,
    Ladder,
    Ledger,
    Letter,
    Move,
    OwnerLine,
    Report,
    Setting,
    State,
)
from junheng.policy.ledgers.problem import LedgerError, LedgerProblem
from junheng.policy.ledgers.reading import parse, problems_of
from junheng.policy.ledgers.tallies import Record, Tally, each_time, needs_records, work_out
from junheng.policy.ledgers.texts import shipped, version_of
from junheng.policy.ledgers.vocabulary import (
    ACCESS_WORDS,
    FIGURE_WORDS,
    LETTER_FIELDS,
    LEVEL_WORDS,
    LEVELS,
    LIVE,
    PHASE_WORDS,
    SUBJECT_WORDS,
    Level,
)

__all__ = [
    "ACCESS_WORDS",
    "FIGURE_WORDS",
    "LETTER_FIELDS",
    "LEVELS",
    "LEVEL_WORDS",
    "LIVE",
    "PHASE_WORDS",
    "SUBJECT_WORDS",
    "Citation",
    "Column",
    "Detector",
    "Diagram",
    "Edge",
    "Form",
    "Ladder",
    "Ledger",
    "LedgerError",
    "LedgerProblem",
    "Letter",
    "Level",
    "Move",
    "Node",
    "OwnerLine",
    "Record",
    "Report",
    "Setting",
    "State",
    "Tally",
    "diagram",
    "each_time",
    "needs_records",
    "parse",
    "problems_of",
    "shipped",
    "version_of",
    "work_out",
]
