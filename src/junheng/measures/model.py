"""评估结果 (an assessment): plain frozen rows, ready to be stored, shown or exported.

The query model in prose
------------------------
1. A *fact* is what one school reports for one stage: its pupils and the amount of each resource. `facts` makes facts
   from registers; `junheng assess --facts` reads them directly. A blank is None (未报), never 0.
2. An *indicator* divides a fact by its pupils (× `per` × `scale`, both from the pack) and compares it with the
   threshold of that stage on that day. It keeps numerator, denominator, threshold, clause, and the gap in the
   numerator's own unit.
3. A *school verdict* counts indicators: enough of them met, the rest above the floor. It is 未达标 as soon as that is
   certain, 达标 when all is known and enough, otherwise 未报.
4. A *coefficient* (差异系数) measures how unevenly one resource is spread over the pupils of a county and stage. A
   *composite* is the plain mean of the single coefficients.
5. A *county result* is one line of 政府保障, 教育质量, 一票否决 or 社会认可度: figures computed from registers or
   entered, conclusions drawn from evidence, and the rows that stand in the way.

Everything up to the coefficients is a function from tables to tables (narwhals LazyFrames), so that it runs on DuckDB
and on Spark; only the last step turns it into these rows.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Verdict = Literal["达标", "未达标", "未报", "不适用"]
MET: Verdict = "达标"
NOT_MET: Verdict = "未达标"
NOT_REPORTED: Verdict = "未报"
NOT_APPLICABLE: Verdict = "不适用"

CountyKind = Literal["numeric", "evidence", "entered", "mixed"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class SchoolResult:
    """学校综合评估: one school and stage. `verdict` is 不适用 when the school is out of scope, and `reason` says why.

    `school_code` is "" when the source (校表) has none. `passes` counts indicators met, `below_floor` names those that
    miss even the floor (85 %), `near` those not met but above it. `remark` is the 备注 of form Ⅱ-2.
    """

    county: str
    school_code: str
    school: str
    stage: str
    kind: str | None
    organizer: str | None
    locale: str | None
    students: int | None
    grades: int | None
    classes: int | None
    in_scope: bool
    reason: str
    passes: int
    unreported: int
    near: tuple[str, ...]
    below_floor: tuple[str, ...]
    verdict: Verdict
    remark: str


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """资源配置指标: one indicator of one school and stage.

    `value` is in `unit` (e.g. 人/百生, 元/生), unrounded. `numerator` is in `gap_unit` (名, ㎡, 万元, 间 …), after the split
    of a multi-stage school; `denominator` is pupils. `gap` is how much of the numerator is missing: whole for people
    and rooms, 0 when met, None when not reported. `surplus` is how much may be lost before it is missed. `ratio` is
    value ÷ threshold. `borderline` (临界): within the pack's margin of the threshold, on either side. `relief` names
    the relief applied, `split` says in Chinese how a shared amount was divided; both "" when there was none.
    """

    county: str
    school_code: str
    school: str
    stage: str
    code: str
    title: str
    value: float | None
    numerator: float | None
    denominator: int | None
    unit: str
    threshold: float | None
    ratio: float | None
    verdict: Verdict
    gap: float | None
    gap_unit: str
    surplus: float | None
    borderline: bool
    clause: str
    relief: str
    split: str


@dataclass(frozen=True, slots=True)
class CoefficientResult:
    """差异系数: pupil-weighted, over the in-scope schools that report (`schools`, `students`); `unreported` do not.

    `mean` is county total ÷ county pupils in the indicator's unit, `deviation` the pupil-weighted standard deviation,
    `cv` their quotient. No reporting school: cv None, 未报. Mean 0: cv None, 不适用. `limit` None: not tested singly.
    """

    county: str
    stage: str
    code: str
    title: str
    unit: str
    mean: float | None
    deviation: float | None
    cv: float | None
    limit: float | None
    verdict: Verdict
    schools: int
    students: int
    unreported: int
    clause: str


@dataclass(frozen=True, slots=True)
class CompositeResult:
    """综合差异系数: plain mean of `counted` single coefficients out of `expected`. Not tested (2017): limit None, 不适用."""

    county: str
    stage: str
    cv: float | None
    limit: float | None
    verdict: Verdict
    counted: int
    expected: int
    clause: str


@dataclass(frozen=True, slots=True)
class Figure:
    """一个数: one number of a county result with its evidence. `comparison` is "≥", "≤" or "<"; "" when not tested."""

    label: str
    value: float | None
    unit: str
    numerator: float | None
    denominator: float | None
    comparison: str
    threshold: float | None
    verdict: Verdict
    unreported: int = 0


@dataclass(frozen=True, slots=True)
class FailingRow:
    """不达标的一行: which school, class or item, what was found there, what is required, in Chinese."""

    school_code: str
    school: str
    label: str
    found: str
    required: str
    gap: float | None = None
    gap_unit: str = ""


@dataclass(frozen=True, slots=True)
class CountyResult:
    """县级指标: one line of 政府保障 G, 教育质量 Q, 一票否决 V, 社会认可度 S.

    `value`, `numerator`, `denominator`, `threshold` repeat the first figure for lists; all of them are in `figures`.
    `text` is the 简要结论 of the official form. `missing` says, in sentences, what is not reported yet.
    """

    county: str
    code: str
    title: str
    group: str
    kind: CountyKind
    value: float | None
    unit: str
    numerator: float | None
    denominator: float | None
    threshold: float | None
    verdict: Verdict
    text: str
    clause: str
    figures: tuple[Figure, ...] = ()
    failing: tuple[FailingRow, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassFinding:
    """班额: one class above the limit of its stage or in a named band. `over` is students above the limit (0 if none).

    `band` is 偏大, 大班额, 超大班额 or "".
    """

    county: str
    school_code: str
    school: str
    stage: str
    grade: str
    class_number: int
    students: int
    limit: int
    over: int
    band: str


@dataclass(frozen=True, slots=True)
class ReliefState:
    """特殊情形: one relief of one school on the day of the assessment, and its three-year follow-up.

    `state`: 有效, 已到期, 未生效, or 条件不符 (the register contradicts its condition; `note` says how).
    """

    school_code: str
    school: str
    relief: str
    title: str
    granted_on: date
    expires_on: date
    state: Literal["有效", "已到期", "未生效", "条件不符"]
    evidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Problem:
    """问题: where (sheet, row as Excel numbers it, column heading), what was found, and what to do, as one sentence."""

    sheet: str
    row: int | None
    column: str
    found: str
    message: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class FactRow:
    """一校一学段的事实: the row that `what_if` and `sensitivity` work on, and that `assess` can give back.

    `amounts` maps the pack's numerator columns (teaching_area, qualified_teachers …) to reported amounts after
    splits; None is 未报. `key` names the row in edits.
    """

    county: str
    school_code: str
    school: str
    stage: str
    students: int | None
    amounts: dict[str, float | None]
    kind: str | None = None
    organizer: str | None = None
    locale: str | None = None
    grades: int | None = None
    classes: int | None = None
    in_scope: bool = True
    reason: str = ""
    reliefs: tuple[str, ...] = ()
    split: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """(county, school code or else name, stage)."""
        return self.county, self.school_code or self.school, self.stage


@dataclass(frozen=True)
class Assessment:
    """评估结果: all lines of one assessment, and the pack version and the day it was made for.

    `facts[i]` is what `schools[i]` was judged by; `what_if` and `sensitivity` start from them. `basics` are the figures of
    form Ⅰ by heading, in its order; empty when only facts were given. `oversized` (大校额) are schools above the size that reports call oversized.
    """

    pack: str
    version: str
    day: date
    schools: list[SchoolResult] = field(default_factory=list)
    indicators: list[IndicatorResult] = field(default_factory=list)
    coefficients: list[CoefficientResult] = field(default_factory=list)
    composites: list[CompositeResult] = field(default_factory=list)
    county: list[CountyResult] = field(default_factory=list)
    classes: list[ClassFinding] = field(default_factory=list)
    reliefs: list[ReliefState] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    facts: list[FactRow] = field(default_factory=list)
    basics: dict[str, float | None] = field(default_factory=dict)
    oversized: list[FailingRow] = field(default_factory=list)
