"""文书 (letters): supervision slips, notices, agreements, decisions and bulletins, each as an official document from finished results."""

from junheng.documents.letters.agreements import (
    Duty,
    PerformanceRow,
    PerformanceTable,
    ResponsibilityLetter,
    ScoredIndicator,
    performance_table,
    responsibility_letter,
    why_not_performance_table,
)
from junheng.documents.letters.bulletin_model import Bulletin, TargetLine, TaskLine, UnitLine
from junheng.documents.letters.bulletins import bulletin
from junheng.documents.letters.decisions import DecisionItem, DecisionLetter, Fact, decision_letter
from junheng.documents.letters.slips import (
    Finding,
    RectificationNotice,
    SlipEvent,
    SupervisionSlip,
    rectification_notice,
    supervision_slip,
)

__all__ = [
    "Bulletin",
    "DecisionItem",
    "DecisionLetter",
    "Duty",
    "Fact",
    "Finding",
    "PerformanceRow",
    "PerformanceTable",
    "RectificationNotice",
    "ResponsibilityLetter",
    "ScoredIndicator",
    "SlipEvent",
    "SupervisionSlip",
    "TargetLine",
    "TaskLine",
    "UnitLine",
    "bulletin",
    "decision_letter",
    "performance_table",
    "rectification_notice",
    "responsibility_letter",
    "supervision_slip",
    "why_not_performance_table",
]
