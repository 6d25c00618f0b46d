"""评估结果指标: the 31 indicators as measures, taken from a finished assessment of the same day."""

from collections.abc import Callable

from junheng.measures.model import MET, NOT_APPLICABLE, NOT_MET, Assessment, CountyResult
from junheng.measures.rates_model import Asked, Part, Parts

_NONE = "没有该日的评估结果，请先测算"


def resource_mean(asked: Asked) -> Parts:
    """全县平均: numerators and pupils of the schools in scope; the quotient is in the indicator's unit."""
    return _indicators(asked, share=False)


def resource_share(asked: Asked) -> Parts:
    """达标学校占比 of one resource indicator; a nine-year school is two rows, as in the official form."""
    return _indicators(asked, share=True)


def _indicators(asked: Asked, *, share: bool) -> Parts:
    if asked.assessment is None:
        return Parts([], "", missing=(_NONE,))
    inside = {(s.school_code, s.stage) for s in asked.assessment.schools if s.in_scope}
    parts = []
    for one in asked.assessment.indicators:
        if one.code != asked.how("resource") or one.stage not in asked.stages:
            continue
        if (one.school_code, one.stage) not in inside:
            continue
        known = one.verdict in (MET, NOT_MET) if share else one.value is not None
        top, of = (float(one.verdict == MET), 1.0) if share else (one.numerator, float(one.denominator or 0))
        parts.append(Part(one.school_code, top if known else None, of if known else None, not known))
    return Parts(parts, f"计入统计的{asked.stage}学校（学段）", "所学校（学段）")


def school_met(asked: Asked) -> Parts:
    """资源配置综合达标学校占比."""
    if asked.assessment is None:
        return Parts([], "", missing=(_NONE,))
    parts = []
    for school in asked.assessment.schools:
        if school.stage in asked.stages and school.verdict != NOT_APPLICABLE:
            known = school.verdict in (MET, NOT_MET)
            met = float(school.verdict == MET) if known else None
            parts.append(Part(school.school_code, met, 1.0 if known else None, not known))
    return Parts(parts, f"计入统计的{asked.stage}学校（学段）", "所学校（学段）")


def resource_cv(asked: Asked) -> Parts:
    """校际差异系数: not a sum over schools; one part for the county."""

    def answer(assessment: Assessment) -> Part | str:
        for one in assessment.coefficients:
            if one.code == asked.how("resource") and one.stage == asked.stage:
                return Part("", one.cv, None, one.unreported) if one.cv is not None else _told(one.verdict)
        return "评估结果中没有该学段的差异系数"

    return _single(asked, answer, "计入统计并已报的学校，按学生数加权")


def items_met(asked: Asked) -> Parts:
    """31项指标达标项数: 7 resources, 15 of government, 9 of quality; all 31 exactly when the county passes them.

    A resource is met when its coefficients are and every school meets it; a school that is 达标 as a whole may miss it by
    the remainder that the standard allows.
    """

    def answer(assessment: Assessment) -> Part | str:
        passed = {(s.school_code, s.school, s.stage) for s in assessment.schools if s.verdict == MET}
        met, blank = 0, 0
        for resource in asked.rules.pack.resources:
            verdicts = [
                MET if (one.school_code, one.school, one.stage) in passed else one.verdict
                for one in assessment.indicators
                if one.code == resource.code
            ]
            verdicts += [one.verdict for one in assessment.coefficients if one.code == resource.code]
            verdicts = [verdict for verdict in verdicts if verdict != NOT_APPLICABLE]
            met += bool(verdicts) and all(verdict == MET for verdict in verdicts)
            blank += NOT_MET not in verdicts and not all(verdict == MET for verdict in verdicts)
        for line in assessment.county:
            if line.group in ("政府保障程度", "教育质量"):
                met += line.verdict in (MET, NOT_APPLICABLE)
                blank += line.verdict not in (MET, NOT_MET, NOT_APPLICABLE)
        return Part("", met, None, blank)

    parts = _single(asked, answer, "评估结果的31项指标；未报的不算达标")
    return Parts(parts.parts, parts.rows, "项指标", parts.missing)


def county_line(asked: Asked) -> Parts:
    """政府保障、教育质量、认可度的一项: the figure that the measure names, with its numerator and denominator."""
    found: list[str] = []

    def answer(assessment: Assessment) -> Part | str:
        line = next((one for one in assessment.county if one.code == asked.how("line")), None)
        if line is None:
            return "该标准包没有这项县级指标"
        figure = asked.how("figure")
        chosen = [f for f in line.figures if asked.stage in f.label] if figure == "stage" else line.figures
        place = 0 if figure == "stage" else int(figure)
        if place >= len(chosen) or chosen[place].value is None:
            return "；".join(line.missing) or f"“{line.title}”没有数值"
        one = chosen[place]
        found.append(_stands(line))
        if one.denominator:
            return Part("", one.numerator, one.denominator, one.unreported)
        return Part("", one.value, None, one.unreported)

    parts = _single(asked, answer, "评估结果的县级指标")
    return Parts(parts.parts, found[0] if found else parts.rows, "条记录", parts.missing)


def _stands(line: CountyResult) -> str:
    return f"评估结果 {line.code}：{line.text}"


def _told(verdict: str) -> str:
    return "各校都是0，差异系数没有意义" if verdict == NOT_APPLICABLE else "没有已报的学校"


def _single(asked: Asked, answer: Callable[[Assessment], Part | str], words: str) -> Parts:
    """A figure of the whole county: not for a scope or an area."""
    if asked.assessment is None:
        return Parts([], "", missing=(_NONE,))
    if asked.scope.words:
        return Parts([], "", missing=("该指标只有全县的结果，请去掉范围",))
    found = answer(asked.assessment)
    return Parts([], "", missing=(found,)) if isinstance(found, str) else Parts([found], words)
