"""差异系数: pupil-weighted difference coefficients of every resource, per county and stage, as a table expression.

    Xi = xi / Pi        X̄ = Σxi / ΣPi        S = sqrt( Σ (Pi/ΣPi) · (Xi − X̄)² )        CV = S / X̄

X̄ is county total ÷ county pupils, not the mean of the schools' values, and S is weighted by pupils. Only in-scope schools
that report both pupils and the amount take part; the others are counted in `C_unreported`.
"""

import narwhals as nw

from junheng.measures.resources import usable
from junheng.measures.rows import Frame
from junheng.policy import PackDay, Resource

PLACE = ("county", "stage")


def coefficients(facts: Frame, rules: PackDay) -> Frame:
    """One row per (county, stage); for each code C: `C_mean`, `C_deviation`, `C_schools`, `C_students`, `C_unreported`.

    `C_mean` is in the indicator's unit; `C_deviation` too. CV is their quotient where the mean is not 0. Two passes, because
    the one-pass formula loses half the digits when schools hardly differ.
    """
    resources = rules.pack.resources
    inside = usable(facts, resources).filter(nw.col("in_scope"))
    inside = inside.select(
        *PLACE,
        nw.col("students").cast(nw.Float64).alias("students"),
        *dict.fromkeys(r.numerator for r in resources),
    )
    weights = [
        nw.when(~nw.col(r.numerator).is_null()).then(nw.col("students")).alias(f"{r.code}_weight")
        for r in resources
    ]
    amounts = [
        nw.when(~nw.col("students").is_null()).then(nw.col(r.numerator)).alias(f"{r.code}_amount")
        for r in resources
    ]
    inside = inside.with_columns(*weights, *amounts)
    totals = inside.group_by(*PLACE).agg(*[total for r in resources for total in _totals(r)])
    totals = totals.with_columns(
        *[
            nw.when(nw.col(f"{r.code}_students") > 0)
            .then(nw.col(f"{r.code}_total") / nw.col(f"{r.code}_students"))
            .alias(f"{r.code}_level")
            for r in resources
        ]
    )
    levels = totals.select(*PLACE, *[nw.col(f"{r.code}_level") for r in resources])
    spread = inside.join(levels, on=list(PLACE), how="inner").select(
        *PLACE, *[_square(r).alias(f"{r.code}_square") for r in resources]
    )
    sums = spread.group_by(*PLACE).agg(*[nw.col(f"{r.code}_square").sum() for r in resources])
    joined = totals.join(sums, on=list(PLACE), how="inner")
    return joined.select(*PLACE, *[answer for r in resources for answer in _answers(r)])


def _totals(r: Resource) -> list[nw.Expr]:
    return [
        nw.col(f"{r.code}_weight").sum().alias(f"{r.code}_students"),
        nw.col(f"{r.code}_amount").sum().alias(f"{r.code}_total"),
        nw.col(f"{r.code}_amount").count().alias(f"{r.code}_schools"),
        (nw.len() - nw.col(f"{r.code}_amount").count()).alias(f"{r.code}_unreported"),
    ]


def _square(r: Resource) -> nw.Expr:
    """Pi · (Xi − X̄)², in the unit of the numerator per pupil."""
    difference = nw.col(f"{r.code}_amount") / nw.col(f"{r.code}_weight") - nw.col(f"{r.code}_level")
    return nw.col(f"{r.code}_weight") * difference * difference


def _answers(r: Resource) -> list[nw.Expr]:
    factor = nw.lit(r.scale * r.per)
    some = nw.col(f"{r.code}_students") > 0
    variance = nw.when(some).then(nw.col(f"{r.code}_square") / nw.col(f"{r.code}_students"))
    return [
        (nw.col(f"{r.code}_level") * factor).alias(f"{r.code}_mean"),
        (variance.sqrt() * factor).alias(f"{r.code}_deviation"),
        nw.col(f"{r.code}_schools"),
        nw.col(f"{r.code}_students"),
        nw.col(f"{r.code}_unreported"),
    ]
