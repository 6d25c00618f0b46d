"""校舍与设备事实: amounts of each stage, divided among the stages of a multi-stage school by the pack's weights.

    u = Σ weight(stage) · pupils(stage)        amount(stage) = R · weight(stage) · pupils(stage) / u

so that the per-pupil value of a stage is R · weight ÷ u, as the form's notes have it. A premises row that names a stage belongs
to that stage alone and is not divided; a 全校 row is divided among the stages that have no row of their own. With one
stage there is nothing to divide. If the pupils of any sharing stage are not reported, the division is not possible
and the amounts are blank.
"""

import narwhals as nw

from junheng.measures.registers import Registers
from junheng.measures.rows import Frame, blank
from junheng.policy import PackDay

WHOLE = "全校"
AMOUNTS = (
    "teaching_area",
    "teaching_area_total",
    "sports_area",
    "equipment_value",
    "multimedia_rooms",
    "computers",
    "books",
)


def premises_amounts(held: Registers, pupils: Frame, reliefs: Frame, rules: PackDay) -> Frame:
    """One row per (school_code, stage) of `pupils`: the amounts, and `split` (how they were divided, "" if not)."""
    reported = _reported(held, reliefs)
    own = reported.filter(nw.col("premises_stage") != nw.lit(WHOLE))
    own = own.rename({"premises_stage": "stage"} | {name: f"{name}_own" for name in AMOUNTS})
    own = own.with_columns(nw.lit(1).alias("has_own"))
    whole = reported.filter(nw.col("premises_stage") == nw.lit(WHOLE)).drop("premises_stage")
    stages = pupils.select("school_code", "stage", "students").join(
        own, on=["school_code", "stage"], how="left"
    )
    weight = _weight(rules)
    stages = stages.with_columns((nw.col("students").cast(nw.Float64) * weight).alias("weighted"))
    sharing = (
        stages.filter(nw.col("has_own").is_null())
        .group_by("school_code")
        .agg(
            nw.len().cast(nw.Int64).alias("sharers"),
            nw.col("weighted").null_count().alias("unknown"),
            nw.col("weighted").sum().alias("u"),
        )
    )
    joined = stages.join(sharing, on="school_code", how="left").join(whole, on="school_code", how="left")
    divisible = (nw.col("unknown") == 0) & (nw.col("u") > 0)
    share = (
        nw.when(nw.col("sharers") == 1)
        .then(nw.lit(1.0))
        .otherwise(nw.when(divisible).then(nw.col("weighted") / nw.col("u")).otherwise(blank(nw.Float64)))
    )
    joined = joined.with_columns(share.alias("share"))
    mine = nw.col("has_own") == 1
    amounts = [
        nw.when(mine).then(nw.col(f"{name}_own")).otherwise(nw.col(name) * nw.col("share")).alias(name)
        for name in AMOUNTS
    ]
    divided = nw.col("has_own").is_null() & (nw.col("sharers") > 1)
    split = nw.when(divided).then(nw.lit(f"按生数比例分摊（{_ratio(rules)}）")).otherwise(nw.lit(""))
    return joined.select("school_code", "stage", *amounts, split.alias("split"))


def _reported(held: Registers, reliefs: Frame) -> Frame:
    """The amounts as reported: R4 without indoor sports rooms, R5 gymnasium and ground, extra venues only under relief."""
    table = held.premises.join(
        reliefs.select("school_code", "has_sports_extra"), on="school_code", how="left"
    )
    net = nw.col("teaching_area") - nw.col("indoor_sports_area")
    extra = (
        nw.when(nw.col("has_sports_extra"))
        .then(nw.col("extra_sports_area").fill_null(0.0))
        .otherwise(nw.lit(0.0))
    )
    return table.select(
        "school_code",
        "premises_stage",
        nw.when(net >= 0).then(net).otherwise(blank(nw.Float64)).alias("teaching_area"),
        nw.col("teaching_area").alias("teaching_area_total"),
        (nw.col("gymnasium_area") + nw.col("sports_ground_area") + extra).alias("sports_area"),
        nw.col("equipment_value"),
        *[nw.col(name).cast(nw.Float64).alias(name) for name in ("multimedia_rooms", "computers", "books")],
    )


def _weight(rules: PackDay) -> nw.Expr:
    answer = nw.lit(1.0)
    for stage, weight in rules.by_stage("split.weights").items():
        answer = nw.when(nw.col("stage") == nw.lit(stage)).then(nw.lit(weight)).otherwise(answer)
    return answer


def _ratio(rules: PackDay) -> str:
    weights = rules.by_stage("split.weights")
    return "，".join(
        f"{stage}{weight:g}" for stage, weight in weights.items() if stage in ("小学", "初中", "高中")
    )
