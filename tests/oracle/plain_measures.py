"""The slow, obvious twin of the measures: plain Python, one school at a time, exact fractions, no tables."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, sqrt
from typing import Any

from junheng.measures import FactRow
from junheng.policy import PackDay, Resource

Row = Mapping[str, Any]


def fraction(number: float) -> Fraction:
    """The decimal that a person typed, not its binary neighbour."""
    return Fraction(repr(number))


def indicator(fact: FactRow, r: Resource, rules: PackDay) -> dict[str, Any]:
    """value, met, floor, gap of one indicator of one school; None everywhere when something is not reported."""
    amount = fact.amounts[r.numerator]
    if not fact.students or fact.students < 0 or amount is None or amount < 0:
        return {"value": None, "met": None, "floor": None, "gap": None}
    threshold = fraction(rules.by_stage(r.code)[fact.stage])
    factor = fraction(r.scale * r.per)
    value = fraction(amount) * factor / fact.students
    need = threshold * fact.students / factor
    gap = need - fraction(amount)
    met = value >= threshold
    return {
        "value": float(value),
        "met": met,
        "floor": value >= threshold * fraction(rules.number("school.floor")),
        "gap": 0 if met else (ceil(gap) if r.whole else float(gap)),
    }


def school_verdict(fact: FactRow, rules: PackDay) -> str:
    """Six of seven, the rest at least 85 %; certain failure first, then what is not known."""
    if not fact.in_scope:
        return "不适用"
    found = [indicator(fact, r, rules) for r in rules.pack.resources]
    failing = [one for one in found if one["met"] is False]
    if len(failing) > len(found) - rules.number("school.minimum_met"):
        return "未达标"
    if any(one["floor"] is False for one in found):
        return "未达标"
    return "未报" if any(one["met"] is None for one in found) else "达标"


def coefficient(facts: Sequence[FactRow], r: Resource) -> dict[str, Any]:
    """mean, cv (None when undefined), schools, students, unreported; and `within(limit)` decided without a root."""
    inside = [f for f in facts if f.in_scope]
    known = [
        (f.students, fraction(amount))
        for f in inside
        if f.students and f.students > 0 and (amount := f.amounts[r.numerator]) is not None and amount >= 0
    ]
    pupils = sum(p for p, _ in known)
    answer = {"schools": len(known), "students": pupils, "unreported": len(inside) - len(known)}
    if not pupils:
        return answer | {"mean": None, "cv": None, "square": None}
    mean = sum((x for _, x in known), Fraction(0)) / pupils
    variance = sum((Fraction(p, pupils) * (x / p - mean) ** 2 for p, x in known), Fraction(0))
    factor = fraction(r.scale * r.per)
    if not mean:
        return answer | {"mean": 0.0, "cv": None, "square": None}
    square = variance / mean**2
    return answer | {"mean": float(mean * factor), "cv": sqrt(square), "square": square}


def stage_facts(held: Mapping[str, Sequence[Row]], rules: PackDay) -> dict[tuple[str, str], dict[str, Any]]:
    """Registers → {(school code, stage): students and numerators}, as a clerk would count them by hand."""
    schools = {row["school_code"]: row for row in held["schools"]}
    pupils = _pupils(held, schools, rules)
    answer = {}
    for (code, stage), students in pupils.items():
        if stage not in ("小学", "初中") or code not in schools:
            continue
        answer[code, stage] = {
            "students": students,
            **_teachers(held, schools[code], stage, students, pupils, rules),
            **_premises(held, code, stage, pupils, rules),
        }
    return answer


def _pupils(
    held: Mapping[str, Sequence[Row]], schools: Mapping[str, Row], rules: PackDay
) -> dict[tuple[str, str], int | None]:
    enrolled: dict[tuple[str, str], int] = {}
    for student in held["students"]:
        if student["enrolment_status"] in rules.names("scope.enrolled"):
            key = student["school_code"], student["stage"]
            enrolled[key] = enrolled.get(key, 0) + 1
    listed: dict[tuple[str, str], int | None] = {}
    for row in held["classes"]:
        key = row["school_code"], row["stage"]
        before, size = listed.get(key, 0), row["class_students"]
        listed[key] = None if before is None or size is None else before + size
    answer: dict[tuple[str, str], int | None] = {**listed, **enrolled}
    for code, school in schools.items():
        if not any((code, stage) in answer for stage in ("小学", "初中")):
            for stage in rules.lists("scope.stages").get(school["school_kind"], []):
                answer[code, stage] = None
    return answer


def _teachers(
    held: Mapping[str, Sequence[Row]],
    school: Row,
    stage: str,
    students: int | None,
    pupils: Mapping[tuple[str, str], int | None],
    rules: PackDay,
) -> dict[str, float | None]:
    code = school["school_code"]
    own_stages = [s for c, s in pupils if c == code]
    register = [row for row in held["teachers"] if row["school_code"] == code]
    here = []
    for row in register:
        taught = row["teaching_stage"] or (own_stages[0] if len(own_stages) == 1 else None)
        if taught == stage:
            here.append(row)
    full_time = [row for row in here if row["post_kind"] == "专任教师"]

    def count(column: str, accepted: Sequence[str]) -> float | None:
        if not register:
            return None
        if full_time and all(row[column] is None for row in full_time):
            return None
        return float(sum(row[column] in accepted for row in full_time))

    subjects = rules.names("arts_sports.subjects")
    arts = count("subject", subjects)
    if (
        arts is not None
        and students is not None
        and 50 <= students < 100
        and (school["locale"] or "").startswith("2")
        and "arts_sports_shared" in _in_force(held, code, rules.day)
    ):
        arts += sum(
            row["shared_school"] == code and row["teaching_stage"] == stage and row["subject"] in subjects
            for row in held["teachers"]
        )
        arts += sum(
            bool(row["rotating"]) and row["post_kind"] != "专任教师" and row["subject"] in subjects
            for row in here
        )
    return {
        "qualified_teachers": count("education", rules.lists("qualified.education")[stage]),
        "backbone_teachers": count("backbone", rules.names("backbone.levels")),
        "arts_sports_teachers": arts,
    }


def _premises(
    held: Mapping[str, Sequence[Row]],
    code: str,
    stage: str,
    pupils: Mapping[tuple[str, str], int | None],
    rules: PackDay,
) -> dict[str, float | None]:
    rows = {row["premises_stage"]: row for row in held["premises"] if row["school_code"] == code}
    row = rows.get(stage) or rows.get("全校")
    share: Fraction | None = Fraction(1)
    sharers = [s for c, s in pupils if c == code and s not in rows]
    if stage not in rows and len(sharers) > 1:
        weights = rules.by_stage("split.weights")
        counts = {s: pupils[code, s] for s in sharers}
        if any(count is None for count in counts.values()):
            share = None
        else:
            weighted = {s: (counts[s] or 0) * fraction(weights[s]) for s in sharers}
            share = weighted[stage] / sum(weighted.values()) if sum(weighted.values()) else None

    def part(*amounts: float | None) -> float | None:
        if row is None or share is None or any(amount is None for amount in amounts):
            return None
        total = sum((fraction(amount) for amount in amounts if amount is not None), Fraction(0))
        return float(total * share) if total >= 0 else None

    if row is None:
        row_values: Row = {}
        indoor = None
    else:
        row_values = row
        indoor = None if row["indoor_sports_area"] is None else -row["indoor_sports_area"]
    extra = (
        row_values.get("extra_sports_area") or 0.0
        if "sports_extra" in _in_force(held, code, rules.day)
        else 0.0
    )
    return {
        "teaching_area": part(row_values.get("teaching_area"), indoor),
        "sports_area": part(row_values.get("gymnasium_area"), row_values.get("sports_ground_area"), extra),
        "equipment_value": part(row_values.get("equipment_value")),
        "multimedia_rooms": part(row_values.get("multimedia_rooms")),
    }


def _in_force(held: Mapping[str, Sequence[Row]], code: str, day: date) -> set[str]:
    return {
        row["relief"]
        for row in held["reliefs"]
        if row["school_code"] == code
        and row["evidence"]
        and row["granted_on"] <= day < row["granted_on"].replace(year=row["granted_on"].year + 3)
    }
