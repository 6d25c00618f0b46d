"""学校指标: schools × seven as a heat table; and one indicator: its schools, its spread, who drives it, what would flip it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.cells import Row, said
from bureau.pages.cockpit import pain_words
from bureau.pages.context import Page, show
from bureau.pages.export import export
from bureau.pages.indicator_charts import coefficients_of, drivers, histogram
from bureau.pages.packs import pack_of
from bureau.pages.results import no_run, run_of, source, why_indicator
from bureau.pages.table import Column, Table
from bureau.people.queries import townships
from bureau.people.rules import Permission
from bureau.runs import queries, shown
from bureau.runs.models import IndicatorResult, Run
from junheng.tables import codes

RELIEFS = codes("relief")
VERDICTS = ("达标", "未达标", "未报")
DEEP = 0.6  # of the threshold; only a colour


def floor_of(run: Run) -> float:
    """余项的下限 as a share of the threshold, from the standard of the run."""
    rules = pack_of(run.pack.partition("@")[0]).on(run.day)
    return rules.number("school.floor") if rules.has("school.floor") else 1.0


def tint_of(ratio: float | None, verdict: str, floor: float) -> str:
    """热力: met, just below, below the floor, far below."""
    if verdict == "达标":
        return "met"
    if ratio is None or verdict != "未达标":
        return ""
    return "near" if ratio >= floor else "low" if ratio >= DEEP else "deep"


def school_address(row: Row) -> str:
    """The school file."""
    return reverse("school", args=[row["school_code"]])


def _heat_columns(run: Run, here: Page, titles: Sequence[tuple[str, str, str]]) -> tuple[Column, ...]:
    towns = dict(townships(here.county_code).values_list("code", "name"))

    def why(code: str) -> Callable[[Row], str]:
        return lambda row: why_indicator(run.pk, row["school_code"], row["stage"], code)

    def tint(code: str) -> Callable[[Row], str]:
        return lambda row: row[f"{code}_tint"]

    return (
        Column("school", _("学校"), link=school_address),
        Column("stage", _("学段"), choices={stage: _(stage) for stage in shown.STAGES}),
        Column("township_code", _("乡镇"), codes=towns, choices=towns),
        Column("students", _("在校生"), kind="number", unit=_("人"), total=True),
        *(
            Column(code, shown.short(title), kind="number", unit=unit, digits=2, why=why(code), tint=tint(code), note=f"{code} {title}")
            for code, title, unit in titles
        ),
        Column("passes", _("达标项数"), kind="number", unit=_("项")),
        Column("verdict", _("综合评估"), kind="verdict", choices={word: _(word) for word in VERDICTS}),
        Column("remark", _("备注"), hidden=True),
    )  # fmt: skip


@page(Permission.SEE_SCHOOLS)
def heat(request: SignedIn) -> HttpResponseBase:
    """学校 × 指标."""
    pack = request.GET.get("pack", queries.DEFAULT_PACK)
    here, run = run_of(request, pack)
    if run is None:
        return no_run(request, here, _("学校指标"))
    schools, cells = shown.heat(run, here.scope)
    floor = floor_of(run)
    titles = sorted({(one.code, one.title, one.unit) for own in cells.values() for one in own.values()})
    rows: list[dict[str, Any]] = []
    for school in schools:
        row: dict[str, Any] = {
            "id": school.pk,
            "school": school.school,
            "school_code": school.school_code,
            "stage": school.stage,
            "township_code": school.township_code,
            "students": school.students,
            "passes": school.passes,
            "verdict": school.verdict,
            "remark": school.remark,
        }
        own = cells.get((school.school_code, school.stage), {})
        for code, _title, _unit in titles:
            one = own.get(code)
            row[code] = one.value if one else None
            row[f"{code}_tint"] = tint_of(one.ratio, one.verdict, floor) if one else ""
        rows.append(row)
    table = Table(
        request,
        "indicators",
        _heat_columns(run, here, titles),
        rows,
        what=_("所（学段）"),
        search=("school", "school_code"),
        search_hint=_("学校或标识码"),
        row_link=school_address,
        empty=_("没有计入统计的学校。不足 50 人的教学点、特殊教育学校和职业学校不计入。"),
        caption=_("学校 × 指标"),
    )
    if table.wants_export:
        return export(request, table, title=_("学校指标"))
    return show(
        request,
        "indicators.html",
        title=_("学校指标"),
        table=table,
        floor=round(floor * 100),
        pains=[(one, pain_words(one)) for one in shown.shortfalls(run, here.scope) if one.schools],
        left_out=shown.schools(run, here.scope).filter(in_scope=False).count(),
        source=source(run),
    )


def _columns(run: Run, here: Page, found: IndicatorResult) -> tuple[Column, ...]:
    towns = dict(townships(here.county_code).values_list("code", "name"))
    floor = floor_of(run)

    def why(row: Row) -> str:
        return why_indicator(run.pk, row["school_code"], row["stage"], row["code"])

    return (
        Column("school", _("学校"), link=school_address),
        Column("stage", _("学段"), choices={stage: _(stage) for stage in shown.STAGES}),
        Column("township_code", _("乡镇"), codes=towns, choices=towns),
        Column("denominator", _("在校生"), kind="number", unit=_("人"), total=True),
        Column("numerator", shown.short(found.title), kind="number", unit=found.gap_unit, total=True),
        Column("value", _("指标值"), kind="number", unit=found.unit, digits=2, why=why),
        Column("threshold", _("标准"), kind="number", digits=2),
        Column(
            "ratio",
            _("达到标准的"),
            kind="percent",
            tint=lambda row: tint_of(row["ratio"], row["verdict"], floor),
        ),
        Column("verdict", _("结论"), kind="verdict", choices={word: _(word) for word in VERDICTS}),
        Column("gap", _("还缺"), kind="number", unit=found.gap_unit, total=True),
        Column("surplus", _("富余"), kind="number", unit=found.gap_unit, hidden=True),
        Column(
            "relief", _("特殊情形"), text=lambda row: said(RELIEFS.get(row["relief"], row["relief"]) or "–")
        ),
        Column("split", _("多学段分摊"), hidden=True, text=lambda row: row["split"] or "–"),
    )


@page(Permission.SEE_SCHOOLS)
def indicator(request: SignedIn, code: str) -> HttpResponseBase:
    """One indicator over all schools."""
    pack = queries.DEFAULT_PACK if not code.startswith("B") else "basic-2012"
    here, run = run_of(request, pack)
    if run is None:
        return no_run(request, here, _("学校指标"))
    rows = shown.indicators(run, here.scope).filter(code=code)
    found = rows.first()
    if found is None:
        raise not_found(_("没有指标“%(code)s”，或者您的辖区内没有学校计入这项指标。") % {"code": code})
    table = Table(
        request,
        "indicator",
        _columns(run, here, found),
        rows,
        what=_("所（学段）"),
        search=("school", "school_code"),
        search_hint=_("学校或标识码"),
        order="ratio",
        extra=("school_code", "code", "verdict", "ratio"),
        row_link=lambda row: why_indicator(run.pk, row["school_code"], row["stage"], row["code"]),
        caption=found.title,
    )
    if table.wants_export:
        return export(request, table, title=shown.short(found.title))
    return _shown(request, here, run, code, found, table, list(rows))


def _shown(
    request: SignedIn, here: Page, run: Run, code: str, found: IndicatorResult, table: Table, rows: list[IndicatorResult]
) -> HttpResponse:  # fmt: skip
    every = shown.shortfalls(run, here.scope)
    summary = next((one for one in every if one.code == code), None)
    charts = [histogram(stage, [one for one in rows if one.stage == stage]) for stage in shown.STAGES]
    shares = list(shown.shares(run, here.scope, code))
    blocks = [drivers(stage, [one for one in shares if one.stage == stage], code) for stage in shown.STAGES]
    years = [
        (year, [row for row in shown.coefficients(year, here.scope) if row.code == code])
        for year in queries.yearly_runs(here.county_code, run.day, run.pack)
    ]
    return show(
        request,
        "indicator.html",
        title=f"{code} {found.title}",
        crumbs=[(_("学校指标"), reverse("indicators"))],
        table=table,
        summary=summary,
        finding=pain_words(summary) if summary and summary.schools else _("计入的学校全部达标"),
        clause=found.clause,
        charts=[chart for chart in charts if chart],
        coefficients=[row for row in shown.coefficients(run, here.scope) if row.code == code],
        trend=coefficients_of(years),
        years=years,
        drivers=[block for block in blocks if block],
        over=any(row.code == code and row.verdict == "未达标" for row in shown.coefficients(run, here.scope)),
        flips=shown.smallest_changes(run, here.scope, code),
        others=[(one.code, shown.short(one.title)) for one in every],
        code=code,
        source=source(run),
    )
