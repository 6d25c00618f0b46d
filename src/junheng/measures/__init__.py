"""测算 (measures): indicators, difference coefficients, county indicators, verdicts. Tables in, rows out; no clock, no database.

Evaluation: `assess` and what goes with it. Plans: `catalogue` (what a target can be bound to), `suggest_bindings` (wording →
measures), `measure_value`, `measure_values` and `measure_together` (for a county, a scope, each township or school, on any day),
`progress` (trajectory, verdict, forecast) and `claim_difference` (typed beside computed).
"""

from junheng.measures.assessing import assess
from junheng.measures.bindings import Suggestion, suggest_bindings
from junheng.measures.catalogue import Catalogue, Measure, catalogue
from junheng.measures.coefficients import coefficients
from junheng.measures.fact_checks import checked_facts
from junheng.measures.model import (
    Assessment,
    ClassFinding,
    CoefficientResult,
    CompositeResult,
    CountyResult,
    FactRow,
    FailingRow,
    Figure,
    IndicatorResult,
    Problem,
    ReliefState,
    SchoolResult,
    Verdict,
)
from junheng.measures.progress import progress, trajectory
from junheng.measures.progress_claims import Claim, claim_difference
from junheng.measures.progress_forecast import forecast
from junheng.measures.progress_model import Forecast, Milestone, Point, Progress, Reading, TargetLine
from junheng.measures.rates import earlier_days, measure_value, measure_values
from junheng.measures.rates_model import Scope, Value
from junheng.measures.rates_together import Everywhere, measure_together
from junheng.measures.registers import registers
from junheng.measures.resources import judged
from junheng.measures.school_facts import school_facts
from junheng.measures.sensitivity import sensitivity
from junheng.measures.what_if import facts_of, judged_facts, what_if
from junheng.measures.what_if_model import Edit, Merge, Sensitivity, SmallestChange, VarianceShare

__all__ = [
    "Assessment",
    "Catalogue",
    "Claim",
    "ClassFinding",
    "CoefficientResult",
    "CompositeResult",
    "CountyResult",
    "Edit",
    "Everywhere",
    "FactRow",
    "FailingRow",
    "Figure",
    "Forecast",
    "IndicatorResult",
    "Measure",
    "Merge",
    "Milestone",
    "Point",
    "Problem",
    "Progress",
    "Reading",
    "ReliefState",
    "SchoolResult",
    "Scope",
    "Sensitivity",
    "SmallestChange",
    "Suggestion",
    "TargetLine",
    "Value",
    "VarianceShare",
    "Verdict",
    "assess",
    "catalogue",
    "checked_facts",
    "claim_difference",
    "coefficients",
    "earlier_days",
    "facts_of",
    "forecast",
    "judged",
    "judged_facts",
    "measure_together",
    "measure_value",
    "measure_values",
    "progress",
    "registers",
    "school_facts",
    "sensitivity",
    "suggest_bindings",
    "trajectory",
    "what_if",
]
