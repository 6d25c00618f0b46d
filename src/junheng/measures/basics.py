"""县域基本情况: the 24 figures of form Ⅰ, from 县级数据 and the registers."""

from collections.abc import Mapping, Sequence

import narwhals as nw

from junheng.measures import county_tables as tables
from junheng.measures.county_line import CountySchool
from junheng.measures.county_tables import Item
from junheng.measures.fact_table import STAGES
from junheng.measures.registers import Registers
from junheng.measures.rows import rows
from junheng.policy import PackDay

_ITEMS = {
    "总人口（万人）": "population",
    "农业人口（万人）": "rural_population",
    "乡镇数（个）": "townships",
    "行政村数（个）": "villages",
    "人均地区生产总值（元）": "gdp_per_head",
    "人均地方财政收入（元）": "revenue_per_head",
    "农民人均纯收入（元）": "rural_income",
    "城镇居民人均可支配收入（元）": "urban_income",
}
_KINDS = {
    "小学（所）": "211",
    "九年一贯制学校（所）": "312",
    "初级中学（所）": "311",
    "完全中学（所）": "341",
    "十二年一贯制学校（所）": "345",
    "特殊教育学校（所）": "511",
}


def county_basics(
    held: Registers, schools: Sequence[CountySchool], items: Mapping[str, Item], rules: PackDay
) -> dict[str, float | None]:
    """表Ⅰ: {heading: figure} in the order L1–L24. None where nothing is reported; counts of schools are from the register."""
    answer: dict[str, float | None] = {
        heading: items[item].figure if item in items else None for heading, item in _ITEMS.items()
    }
    kinds = [row["school_kind"] for row in rows(held.schools.select("school_kind"))]
    for heading, kind in _KINDS.items():
        answer[heading] = float(kinds.count(kind))
    points = rules.names("scope.teaching_point_kinds")
    minimum = rules.number("scope.teaching_point_minimum")
    answer["教学点（个）"] = float(sum(kind in points for kind in kinds))
    answer[f"其中{minimum:g}人及以上教学点（个）"] = float(
        sum(school.kind in points and (school.total or 0) >= minimum for school in schools)
    )
    for stage in STAGES:
        answer[f"{stage}班级数（个）"] = _sum([s.classes[stage] for s in schools if stage in s.classes])
    for stage in STAGES:
        answer[f"{stage}在校生数（人）"] = _sum([s.pupils[stage] for s in schools if stage in s.pupils])
    staff = _staff(held, rules)
    for word, position in (("教职工数", 0), ("专任教师数", 1)):
        for stage in STAGES:
            answer[f"{stage}{word}（人）"] = staff[stage][position] if "teachers" in held.given else None
    return answer


def _sum(counts: Sequence[int | None]) -> float | None:
    """None as soon as one school does not report: a partial total would pass for a whole one."""
    known = [count for count in counts if count is not None]
    return float(sum(known)) if len(known) == len(counts) else None


def _staff(held: Registers, rules: PackDay) -> dict[str, tuple[float, float]]:
    table = tables.compulsory_teachers(held, rules)
    full_time = nw.col("post_kind").is_in(rules.names("teacher.post")).cast(nw.Int64).fill_null(0)
    grouped = table.group_by("stage").agg(nw.len().alias("all"), full_time.sum().alias("full_time"))
    found = {row["stage"]: (float(row["all"]), float(row["full_time"])) for row in rows(grouped)}
    return {stage: found.get(stage, (0.0, 0.0)) for stage in STAGES}
