"""评估结果的 JSON: the stable keys that other programs read, and a summary for people.

Numbers are unrounded; null is 未报 or not applicable (see the verdict beside it). Amounts are in `gap_unit`: R6 has its
numerator and gap in 万元 and its value in 元.
"""

from dataclasses import asdict
from typing import Any

from junheng.measures import Assessment, IndicatorResult, Problem


def answer(found: Assessment) -> dict[str, Any]:
    """The whole assessment as plain values for `json.dumps`."""
    own: dict[tuple[str, str, str, str], list[IndicatorResult]] = {}
    for indicator in found.indicators:
        key = (indicator.county, indicator.school_code, indicator.school, indicator.stage)
        own.setdefault(key, []).append(indicator)
    schools = []
    for school in found.schools:
        indicators = own.get((school.county, school.school_code, school.school, school.stage), [])
        schools.append(
            {
                "county": school.county,
                "school_code": school.school_code,
                "school": school.school,
                "stage": school.stage,
                "students": school.students,
                "in_scope": school.in_scope,
                "reason": school.reason,
                "indicators": {indicator.code: _indicator(indicator) for indicator in indicators},
                "passes": school.passes,
                "unreported": school.unreported,
                "verdict": school.verdict,
                "remark": school.remark,
            }
        )
    return {
        "pack": found.pack,
        "version": found.version,
        "day": found.day.isoformat(),
        "schools": schools,
        "coefficients": [asdict(row) | {"indicator": row.code} for row in found.coefficients],
        "composite": [asdict(row) for row in found.composites],
        "county_indicators": [asdict(row) for row in found.county],
        "classes": [asdict(row) for row in found.classes],
        "oversized": [asdict(row) for row in found.oversized],
        "reliefs": [
            asdict(row) | {"granted_on": row.granted_on.isoformat(), "expires_on": row.expires_on.isoformat()}
            for row in found.reliefs
        ],
        "problems": [_problem(problem) for problem in found.problems],
    }


def _indicator(row: IndicatorResult) -> dict[str, Any]:
    names = (
        "title", "value", "numerator", "denominator", "unit", "threshold", "ratio", "verdict", "gap", "gap_unit",
        "surplus", "borderline", "clause", "relief", "split",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def place(problem: Problem) -> str:
    """校表 第2行“在校生数”."""
    row = f" 第{problem.row}行" if problem.row else ""
    return f"{problem.sheet}{row}" + (f"“{problem.column}”" if problem.column else "")


def _problem(problem: Problem) -> dict[str, Any]:
    start = problem.message.find("请")
    return asdict(problem) | {
        "place": place(problem),
        "fix": problem.message[start:] if start >= 0 else "请核对后改正；不需要的可以不改",
    }


def summary(found: Assessment) -> str:
    """A page of text for a terminal."""
    lines = [f"标准包 {found.pack}（版本 {found.version}），评估日期 {found.day}"]
    inside = [school for school in found.schools if school.in_scope]
    counts = {
        word: sum(school.verdict == word for school in inside)
        for word in ("达标", "未达标", "未报", "不适用")
    }
    shown = "，".join(f"{word} {count}" for word, count in counts.items() if count)
    lines.append(f"学校（按学段）{len(inside)} 个：{shown}")
    for row in found.coefficients:
        cv = "—" if row.cv is None else f"{row.cv:.3f}"
        limit = "" if row.limit is None else f"（≤{row.limit:g}）"
        lines.append(f"  {row.county}{row.stage} {row.code} 差异系数 {cv}{limit} {row.verdict}")
    for composite in found.composites:
        cv = "—" if composite.cv is None else f"{composite.cv:.3f}"
        limit = "" if composite.limit is None else f"（≤{composite.limit:g}）{composite.verdict}"
        if composite.counted < composite.expected:
            limit += f"，只有{composite.counted}/{composite.expected}项可算"
        lines.append(f"  {composite.county}{composite.stage} 综合差异系数 {cv}{limit}")
    lines.extend(f"  {line.code} {line.title}：{line.verdict}　{line.text}" for line in found.county)
    if found.classes:
        lines.append(f"超标准班额的班级 {sum(row.over > 0 for row in found.classes)} 个")
    lines.extend(f"问题：{place(problem)}：{problem.message}" for problem in found.problems)
    return "\n".join(lines)
