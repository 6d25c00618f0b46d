"""测算 (measures): indicators, difference coefficients, county indicators, verdicts. Tables in, rows out; no clock, no database."""

from junheng.measures.assessing import assess
from junheng.measures.coefficients import coefficients
from junheng.measures.fact_checks import checked_facts
from junheng.measures.model import (
    Assessment,
    ClassFinding,
    CoefficientResult,
    CompositeResult,
    CountyResult,
    Edit,
    FactRow,
    FailingRow,
    Figure,
    IndicatorResult,
    Merge,
    Problem,
    ReliefState,
    SchoolResult,
    Sensitivity,
    SmallestChange,
    VarianceShare,
    Verdict,
)
from junheng.measures.registers import registers
from junheng.measures.resources import judged
from junheng.measures.school_facts import school_facts
from junheng.measures.sensitivity import sensitivity
from junheng.measures.what_if import facts_of, judged_facts, what_if

__all__ = [
    "Assessment",
    "ClassFinding",
    "CoefficientResult",
    "CompositeResult",
    "CountyResult",
    "Edit",
    "FactRow",
    "FailingRow",
    "Figure",
    "IndicatorResult",
    "Merge",
    "Problem",
    "ReliefState",
    "SchoolResult",
    "Sensitivity",
    "SmallestChange",
    "VarianceShare",
    "Verdict",
    "assess",
    "checked_facts",
    "coefficients",
    "facts_of",
    "judged",
    "judged_facts",
    "registers",
    "school_facts",
    "sensitivity",
    "what_if",
]
