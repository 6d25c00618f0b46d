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
    SmallestChange,
    VarianceShare,
    Verdict,
)
from junheng.measures.resources import judged

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
    "SmallestChange",
    "VarianceShare",
    "Verdict",
    "assess",
    "checked_facts",
    "coefficients",
    "judged",
]
