"""为什么是这个结果: the explanation of a school figure, a coefficient and a county line."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.cells import bracketed
from bureau.pages.context import current
from bureau.pages.results import pack_words
from bureau.pages.why import Why, answer
from bureau.people.rules import Permission
from bureau.registry.queries import rows_on
from bureau.runs import shown
from bureau.runs.models import CoefficientResult, IndicatorResult, Run, SchoolResult
from junheng.tables import FACTS, SHEETS, codes

RELIEFS = codes("relief")
TEACHERS = ("R1", "R2", "R3")
# Which cells of 校舍与设备 make up an indicator's numerator, and with which sign.
PREMISES = {
    "R4": (("teaching_area", "＋"), ("indoor_sports_area", "－")),
    "R5": (
        ("gymnasium_area", "＋"),
        ("sports_ground_area", "＋"),
        ("extra_sports_area", "＋（有特殊情形时）"),
    ),
    "R6": (("equipment_value", ""),),
    "R7": (("multimedia_rooms", ""),),
}
LABELS = {column.name: column.heading for column in FACTS.columns}


def _run(request: SignedIn, pk: int) -> Run:
    run = Run.objects.filter(pk=pk, state="done").first()
    if run is None or run.county_code not in dict(current(request).counties):
        raise not_found(_("没有这次测算，或者它不是您所在县的。"))
    return run


def _pack(run: Run) -> str:
    return f"{pack_words(run.pack)} {run.pack_version[:12]}"


def _pack_address(run: Run) -> str:
    return reverse("pack", args=[run.pack.partition("@")[0]])


@page(Permission.SEE_SCHOOLS)
def indicator(request: SignedIn, run: int, school: str, stage: str, code: str) -> HttpResponse:
    """One indicator of one school: amount ÷ pupils, threshold, clause, relief, split, and the figures behind."""
    of = _run(request, run)
    scope = current(request).scope
    own = shown.schools(of, scope).filter(school_code=school, stage=stage).first()
    found = IndicatorResult.objects.filter(run=of, school_code=school, stage=stage, code=code).first()
    if own is None or found is None:
        raise not_found(_("没有这个指标的结果，或者这所学校不在您的辖区内。"))
    return answer(request, _of_indicator(of, own, found))


def _of_indicator(run: Run, school: SchoolResult, found: IndicatorResult) -> Why:
    notes = [
        (_("特殊情形"), "、".join(_(RELIEFS.get(one, one)) for one in found.relief.split("、") if one)),
        (_("多学段分摊"), found.split),
        (_("未计入"), "" if school.in_scope else school.reason),
    ]
    if found.surplus:
        notes.append((_("高出标准"), f"{found.surplus:,.2f}".rstrip("0").rstrip(".") + f" {found.gap_unit}"))
    if found.verdict == "未报":
        notes.append((_("为什么未报"), _("分子或在校生数没有填报；补齐后重新导入即可测算")))
    return Why(
        title=found.title,
        of=f"{found.school}{bracketed(_(found.stage))}",
        value=found.value,
        unit=found.unit,
        verdict=found.verdict,
        borderline=found.borderline,
        numerator=found.numerator,
        numerator_label=shown.short(found.title),
        numerator_unit=found.gap_unit,
        denominator=found.denominator,
        denominator_label=_("在校生"),
        denominator_unit=_("人"),
        factor="× 100" if "百生" in found.unit else "× 10,000" if found.unit.startswith("元") else "",
        threshold=found.threshold,
        gap=found.gap,
        gap_unit=found.gap_unit,
        clause=found.clause,
        notes=notes,
        rows=_rows(run, school, found.code),
        rows_address=_rows_address(found),
        day=run.day,
        snapshot=run.snapshot_sha256,
        pack=_pack(run),
        pack_address=_pack_address(run),
    )


def _rows(run: Run, school: SchoolResult, code: str) -> list[tuple[str, object]]:
    """构成: the cells of 校舍与设备 that were added up, as registered on the day of the run; else the amounts judged."""
    columns = PREMISES.get(code)
    if columns is None:
        return [(LABELS[name], value) for name, value in school.amounts.items() if name in LABELS]
    sheet = SHEETS["premises"].by_name
    rows = rows_on("premises", run.day, run.county_code).filter(school_code=school.school_code)
    return [
        (
            f"{row['premises_stage'] or ''} {sign}{sheet[name].heading}（{sheet[name].unit or '间'}）",
            row[name],
        )
        for row in rows.order_by("premises_stage").values(
            "premises_stage", *(name for name, _sign in columns)
        )
        for name, sign in columns
    ]


def _rows_address(found: IndicatorResult) -> str:
    """Teachers counted are a list of their own; rooms and areas stand in the school file."""
    if found.code in TEACHERS:
        return f"{reverse('teachers')}?{urlencode({'school_code': found.school_code})}"
    return reverse("school", args=[found.school_code])


@page(Permission.SEE_SCHOOLS)
def coefficient(request: SignedIn, run: int, stage: str, code: str) -> HttpResponse:
    """差异系数: pupil-weighted deviation ÷ county mean; the composite has no code."""
    of = _run(request, run)
    code = "" if code == "all" else code
    found: CoefficientResult | None = (
        shown.coefficients(of, current(request).scope).filter(stage=stage, code=code).first()
    )
    if found is None:
        raise not_found(_("没有这个差异系数，或者它不对您的账号开放。"))
    counted = _("计入 %(schools)s 所学校、%(students)s 名学生；%(missing)s 所未报") % {
        "schools": f"{found.schools:,}",
        "students": f"{found.students:,}",
        "missing": f"{found.unreported:,}",
    }
    mean = _("全县总量 ÷ 全县在校生 = %(mean)s %(unit)s（不是各校数值的平均）") % {
        "mean": f"{found.mean:,.2f}" if found.mean is not None else _("未报"),
        "unit": found.unit,
    }
    return answer(
        request,
        Why(
            title=_("%(title)s的校际差异系数") % {"title": found.title} if code else _("综合差异系数"),
            of=_(found.stage),
            value=round(found.cv, 3) if found.cv is not None else None,
            verdict=found.verdict,
            numerator=found.deviation,
            numerator_label=_("按学生数加权的标准差"),
            numerator_unit=found.unit,
            denominator=found.mean,
            denominator_label=_("全县平均"),
            denominator_unit=found.unit,
            comparison="≤",
            threshold=found.limit,
            clause=found.clause,
            notes=[(_("全县平均"), mean if code else ""), (_("统计范围"), counted if code else "")],
            rows_address=reverse("indicator", args=[code]) if code else reverse("indicators"),
            day=of.day,
            snapshot=of.snapshot_sha256,
            pack=_pack(of),
            pack_address=_pack_address(of),
        ),
    )


@page(Permission.SEE_SCHOOLS)
def line(request: SignedIn, run: int, code: str) -> HttpResponse:
    """县级指标: its figures one by one, what fails, what is missing."""
    of = _run(request, run)
    found = shown.county_lines(of, current(request).scope).filter(code=code).first()
    if found is None:
        raise not_found(_("没有这项县级指标的结果，或者它不对您的账号开放。"))
    figures = [(figure["label"], figure["value"]) for figure in found.figures]
    return answer(
        request,
        Why(
            title=f"{found.code} {found.title}",
            of=found.group,
            value=found.value,
            unit=found.unit,
            verdict=found.verdict,
            numerator=found.numerator,
            denominator=found.denominator,
            threshold=found.threshold,
            clause=found.clause,
            notes=[(_("简要结论"), found.text), (_("还缺什么"), "；".join(found.missing))],
            rows=figures,
            rows_address=f"{reverse('county')}#{found.code}",
            day=of.day,
            snapshot=of.snapshot_sha256,
            pack=_pack(of),
            pack_address=_pack_address(of),
        ),
    )
