"""编造的县级数据: figures, conclusions and unit prices of a county in one year. All invented; 依据 says so.

What can be counted from the made-up registers (graduates, migrant children) is counted, so that the sheets agree.
"""

from dataclasses import dataclass

from town.model import Row

# Population (ten thousand), rural, townships, administrative villages: rounded and invented but of the county's order.
_PEOPLE = {
    "640324": (32.1, 20.4),
    "640106": (64.0, 4.1),
    "640221": (26.5, 14.8),
    "640422": (30.8, 21.9),
    "640424": (8.6, 5.7),
}
_PRICES = {
    "price_teacher": 9.6,
    "price_backbone": 1.8,
    "price_teaching_area": 0.32,
    "price_sports_area": 0.045,
    "price_room": 2.6,
    "price_music_room": 31.0,
}
# Item → conclusion in 2023, 2024, 2025.
_CONCLUSIONS = {
    "performance_paid": ("达标", "达标", "达标"),
    "quota_rural": ("未达标", "达标", "达标"),
    "care_system": ("达标", "达标", "达标"),
    "quality_level": ("未达标", "未达标", "达标"),
    "layout_plan": ("达标", "达标", "达标"),
    "four_unified": ("未达标", "未达标", "未达标"),
    "posts_by_county": ("达标", "达标", "达标"),
    "charter_and_digital": ("未达标", "未达标", "达标"),
    "digital_teaching": ("达标", "达标", "达标"),
    "moral_culture": ("达标", "达标", "达标"),
    "curriculum": ("未达标", "达标", "达标"),
    "no_overload": ("达标", "达标", None),
}
_VETO = ("veto_exam", "veto_choice", "veto_key", "veto_posts", "veto_accident", "veto_fraud")


@dataclass(frozen=True)
class Counts:
    """What the registers say: for 初中三年巩固率, 随迁子女 and 残疾儿童入学."""

    townships: int
    villages: int
    grade7_base: int
    graduates: int
    moved_in: int
    moved_out: int
    deaths: int
    migrants: int
    migrants_public: int
    disabled: int


def rows(county: str, step: int, counts: Counts) -> list[Row]:
    """县级数据 of the first, second or third year (`step` 0, 1, 2)."""
    population, rural = _PEOPLE[county]
    size = population / 32.1
    figures: dict[str, float] = {
        "population": population,
        "rural_population": round(rural - 0.3 * step, 2),
        "townships": counts.townships,
        "villages": counts.villages,
        "gdp_per_head": 33_100 + 2_050 * step,
        "revenue_per_head": 2_480 + 115 * step,
        "rural_income": 14_200 + 1_010 * step,
        "urban_income": 32_300 + 1_480 * step,
        "special_funding": (7_200, 8_000, 8_600)[step],
        "teacher_salary": (96_400, 101_900, 107_300)[step],
        "civil_salary": (97_200, 101_500, 106_800)[step],
        "quota_places": round((1_180, 1_262, 1_330)[step] * size),
        "quota_total": round((2_460, 2_510, 2_540)[step] * size),
        "migrant_total": counts.migrants + round(counts.migrants * 0.04),
        "migrant_public": counts.migrants_public,
        "graduates": counts.graduates,
        "moved_in": counts.moved_in,
        "moved_out": counts.moved_out,
        "grade7_base": counts.grade7_base,
        "deaths": counts.deaths,
        "disabled_total": round(counts.disabled / (0.938, 0.951, 0.962)[step]),
        "disabled_enrolled": counts.disabled,
        "quality_variation": (0.171, 0.158, 0.143)[step],
        "recognition": (82.4, 84.1, 87.3)[step],
        "recognition_forms": round(population * 15),
        "recognition_valid": round(population * 14.6),
        "recognition_satisfied": round(population * 14.6 * (0.824, 0.841, 0.873)[step]),
    }
    answer: list[Row] = [(item, figure, None, _source(item)) for item, figure in figures.items()]
    for number, (item, conclusions) in enumerate(_CONCLUSIONS.items(), start=1):
        conclusion = conclusions[step]
        proof = f"演示材料〔{2023 + step}〕{number:02d}号" if conclusion else None
        answer.append((item, None, conclusion, proof))
    answer += [(item, None, "达标", "演示：本年未发现") for item in _VETO]
    answer += [(item, price, None, "演示设定") for item, price in _PRICES.items()]
    return answer


def _source(item: str) -> str:
    counted = (
        "graduates",
        "moved_in",
        "moved_out",
        "grade7_base",
        "deaths",
        "migrant_total",
        "migrant_public",
    )
    return "演示：由学籍统计" if item in counted else "演示数据，非真实统计"
