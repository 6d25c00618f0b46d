"""资助 (aid): who is entitled to what on a day, by which clause, and why. Rows in, answers out; money in integer fen.

`assess` answers for children; `reference.outcomes` is the slow, obvious twin of the fast path.
"""

from junheng.aid.assessing import Answer, Finding, assess
from junheng.aid.model import STATE_TITLES, STATES, Child, Outcome, Totals
from junheng.aid.reading import Children, ChildRow, county_code, read_children
from junheng.aid.reasons import why
from junheng.aid.reference import outcomes
from junheng.aid.totals import by_source, term_day, term_fen, totals

__all__ = [
    "STATES",
    "STATE_TITLES",
    "Answer",
    "Child",
    "ChildRow",
    "Children",
    "Finding",
    "Outcome",
    "Totals",
    "assess",
    "by_source",
    "county_code",
    "outcomes",
    "read_children",
    "term_day",
    "term_fen",
    "totals",
    "why",
]
