"""县级认定: the lines of the official form as an inspector reads them, and the county's overall conclusion with its reasons."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bureau.pages.access import SignedIn, page, refused
from bureau.pages.cells import said
from bureau.pages.context import Page, show
from bureau.pages.export import export
from bureau.pages.packs import pack_of
from bureau.pages.results import no_run, run_of, source
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission
from bureau.runs import evidence, queries, rules, shown
from bureau.runs.evidence_models import Evidence
from bureau.runs.models import CoefficientResult, CountyResult, Run

FAILING_SHOWN = 60
GROUPS = (N("政府保障程度"), N("教育质量"), N("社会认可度"), N("一票否决"))


@page(Permission.SEE_SCHOOLS, but=("school",))
def county(request: SignedIn) -> HttpResponseBase:
    """县级认定表."""
    here, run = run_of(request)
    if run is None:
        return no_run(request, here, _("县级认定"))
    if not shown.sees_county(here.scope):
        return refused(request, _("县级认定表给看得到全县（或本乡镇所在县）的账号；学校请看本校的评估结果。"))
    lines = list(shown.county_lines(run, here.scope))
    table = _export_table(request, lines)
    if table.wants_export:
        return export(request, table, title=_("县级认定"))
    return _shown(request, here, run, lines)


def _shown(request: SignedIn, here: Page, run: Run, lines: list[CountyResult]) -> HttpResponse:
    parts = shown.parts(run, here.scope)
    verdict, reasons = rules.overall(parts)
    files = evidence.states_of(evidence.of_county(here.county_code, queries.school_year(run.day)))
    groups = [
        {
            "title": group,
            "part": next((one for one in parts if one.title == group), None),
            "lines": [_line(one, files.get(one.code, [])) for one in lines if one.group == group],
        }
        for group in GROUPS
        if any(one.group == group for one in lines)
    ]
    return show(
        request,
        "county.html",
        title=_("%(county)s优质均衡县级认定") % {"county": here.county_name},
        verdict=verdict,
        reasons=reasons,
        requirement=requirement(run),
        parts=parts,
        groups=groups,
        shortfalls=shown.shortfalls(run, here.scope),
        coefficients=coefficient_rows(list(shown.coefficients(run, here.scope))),
        source=source(run),
        sees_schools=here.scope.reach in ("everything", "county"),
    )


def requirement(run: Run) -> str:
    """每校须达标几项、余项的下限, in the words of the standard in force on the day of the run."""
    rules_of_day = pack_of(run.pack.partition("@")[0]).on(run.day)
    return _("每校至少 %(n)s 项达标，其余不低于标准的 %(floor)s；每项差异系数逐一检验。") % {
        "n": f"{rules_of_day.number('school.minimum_met'):g}",
        "floor": f"{rules_of_day.number('school.floor'):.0%}",
    }


def _line(one: CountyResult, files: Sequence[Evidence]) -> dict[str, Any]:
    """A line with its evidence; only so many failing rows are drawn, the rest is counted."""
    needs = one.kind in ("evidence", "mixed", "entered")
    return {
        "result": one,
        "figures": [figure for figure in one.figures if figure.get("label")],
        "failing": one.failing[:FAILING_SHOWN],
        "more": max(0, len(one.failing) - FAILING_SHOWN),
        "needs": needs,
        "evidence": files,
        "files": sum(len(item.files.all()) for item in files),
        "address": reverse("evidence-line", args=[one.code]),
    }


def coefficient_rows(rows: Sequence[CoefficientResult]) -> list[dict[str, Any]]:
    """差异系数 as form Ⅲ has them: one line per indicator, primary and junior side by side; the composite last."""
    titles = dict.fromkeys((row.code, row.title) for row in rows)
    return [
        {
            "code": code or "–",
            "title": shown.short(title),
            "cells": [next((row for row in rows if row.code == code and row.stage == stage), None) for stage in shown.STAGES],
        }
        for code, title in titles
    ]  # fmt: skip


def _export_table(request: SignedIn, lines: Sequence[CountyResult]) -> Table:
    """The same lines flat, for Excel."""
    columns = (
        Column("code", _("编号")),
        Column("group", _("类别")),
        Column("title", _("指标")),
        Column("text", _("指标值或简要结论")),
        Column("verdict", _("是否达标"), kind="verdict"),
        Column("failing", _("不达标的学校、班级或项目")),
        Column("missing", _("未报")),
        Column("clause", _("依据")),
    )
    rows = [
        {
            "id": one.pk,
            "code": one.code,
            "group": said(one.group),
            "title": one.title,
            "text": one.text or "–",
            "verdict": one.verdict,
            "failing": "；".join(f"{row['school']}{row['label']}：{row['found']}（应{row['required']}）" for row in one.failing) or "–",
            "missing": "；".join(one.missing) or "–",
            "clause": one.clause,
        }
        for one in lines
    ]  # fmt: skip
    return Table(request, "county", columns, rows, what=_("项"))
