"""匹配 (matching): which line of one register is which line of another, with a reason and a probability for each. Rows in, answers out.

`match` answers for two registers given as columns; `read_roll` reads them from files; `reasons` puts each answer into words.
`reference` holds the slow, obvious twins of the fast comparisons.
"""

from junheng.matching.deciding import AUTOMATIC, REVIEW, UNMATCHED, Matches, match
from junheng.matching.reading import Roll, read_roll
from junheng.matching.reasons import reasons
from junheng.matching.registers import HEADINGS

HANDLING = {AUTOMATIC: "自动", REVIEW: "待核", UNMATCHED: "未匹配"}

__all__ = [
    "AUTOMATIC",
    "HANDLING",
    "HEADINGS",
    "REVIEW",
    "UNMATCHED",
    "Matches",
    "Roll",
    "match",
    "read_roll",
    "reasons",
]
