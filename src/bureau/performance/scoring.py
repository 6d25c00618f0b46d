"""计分: a value becomes points, points a total, totals ranks and grades. Pure; Decimal throughout, half up to two places.

Rounding happens once at each printed figure: the points of a criterion, and the total. What does not apply to a unit (不适用)
counts neither for nor against it: the rest is scaled to 100. Units with the same total share a rank, and the next rank is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
ZERO = Decimal(0)
SCORED = ("measure", "duties", "evidence")
COMPUTED = ("measure", "duties")
ASSUMED_BANDS = (("优秀", "90"), ("良好", "80"), ("合格", "60"), ("不合格", "0"))
ASSUMED_APPEAL_DAYS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """一项得分 towards a total; `points` None when nobody has scored it yet."""

    source: str
    weight: Decimal
    points: Decimal | None
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """总分: `earned` of `full`, scaled to 100, less `deducted`, never below 0; `missing` items are not scored yet."""

    total: Decimal
    earned: Decimal
    full: Decimal
    deducted: Decimal
    vetoed: bool
    missing: int


def rounded(value: Decimal) -> Decimal:
    """四舍五入 to two places."""
    return value.quantize(CENT, ROUND_HALF_UP)


def points_of(
    *,
    rule: str,
    weight: Decimal,
    value: float,
    target: Decimal,
    floor: Decimal | None = None,
    at_most: bool = False,
) -> Decimal:
    """得分 of a value: never below 0 nor above the weight.

    proportional: value ÷ target of the weight (with `at_most` target ÷ value); linear: nothing at the floor, all at the target;
    threshold: all when the target is met, else nothing.
    """
    measured = Decimal(repr(value))
    match rule:
        case "threshold":
            met = measured <= target if at_most else measured >= target
            share = Decimal(met)
        case "linear":
            if floor is None or floor == target:
                raise ValueError("linear needs a floor apart from the target")
            share = (measured - floor) / (target - floor)
        case "proportional":
            if target <= ZERO:
                raise ValueError("proportional needs a target above 0")
            if at_most:
                share = Decimal(1) if measured <= target else target / measured
            else:
                share = measured / target
        case _:
            raise ValueError(f"unknown rule {rule}")
    return rounded(weight * min(max(share, ZERO), Decimal(1)))


def total_of(parts: Sequence[Part]) -> Total:
    """总分 of one unit; what is not scored yet counts as nothing earned and is told in `missing`."""
    counted = [one for one in parts if one.source in SCORED and not one.exempt]
    earned = sum((one.points or ZERO for one in counted), ZERO)
    full = sum((one.weight for one in counted), ZERO)
    deducted = sum((one.points or ZERO for one in parts if one.source == "deduction"), ZERO)
    vetoed = any(one.source == "veto" and one.points for one in parts)
    scaled = earned if full == HUNDRED or not full else earned * HUNDRED / full
    return Total(
        total=max(rounded(scaled - deducted), ZERO),
        earned=earned,
        full=full,
        deducted=deducted,
        vetoed=vetoed,
        missing=sum(one.points is None and not one.exempt for one in parts),
    )


def ranks(totals: Mapping[int, Decimal]) -> dict[int, int]:
    """名次, best first: 1, 2, 2, 4."""
    ordered = sorted(totals.values(), reverse=True)
    return {key: ordered.index(total) + 1 for key, total in totals.items()}


def grade_of(total: Decimal, bands: Sequence[Sequence[str]], *, vetoed: bool = False) -> str:
    """等次: the best band whose floor the total reaches; a veto gives the last band."""
    ordered = sorted(bands, key=lambda band: Decimal(band[1]), reverse=True)
    if not ordered:
        return ""
    if vetoed:
        return str(ordered[-1][0])
    return str(next((name for name, least in ordered if total >= Decimal(least)), ordered[-1][0]))


def plain(value: Decimal | None) -> str:
    """12.50 → 12.5, 100.00 → 100; "" for nothing."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
