"""假设与敏感性: edits and merges to suppose, and what the result of an assessment hangs on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """假设的改动: set one cell. `column` is "students" or a key of `FactRow.amounts`; `value` None makes it 未报."""

    key: tuple[str, str, str]
    column: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Merge:
    """假设的撤并: pupils and amounts of `closed` go to `into` (same stage); `closed` disappears."""

    closed: tuple[str, str, str]
    into: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class VarianceShare:
    """方差贡献: one school's part of the variance behind one coefficient. Shares of a coefficient sum to 1."""

    county: str
    stage: str
    code: str
    school_code: str
    school: str
    students: int
    value: float
    share: float


@dataclass(frozen=True, slots=True)
class SmallestChange:
    """最小改动: the least single change of one numerator that brings a failing coefficient within its limit.

    `amount` is in `unit`, positive to add, negative to take away; `cv_after` is the coefficient then.
    """

    county: str
    stage: str
    code: str
    school_code: str
    school: str
    amount: float
    unit: str
    cv_before: float
    cv_after: float
    limit: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """敏感性: each school's share of the variance (largest first), and what would bring failing coefficients within limits.

    `hopeless` names (county, stage, code) of failing coefficients that no single change of one school can mend.
    """

    shares: list[VarianceShare]
    changes: list[SmallestChange]
    hopeless: list[tuple[str, str, str]]
