"""总览: the bureau leader's first screen: is the county on the way, what hurts most, what changed, who is late."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bureau.cases import packs
from bureau.gaps import queries as gaps
from bureau.gaps.rules import LEDGER, amount
from bureau.pages import aid_cockpit, case_cockpit, cockpit_plans
from bureau.pages.access import SignedIn, page
from bureau.pages.case_parts import state_title
from bureau.pages.cockpit_charts import coefficient_chart, small_map, trend
from bureau.pages.context import Page, school_year, show
from bureau.pages.remember import remembered
from bureau.pages.results import no_run, run_of, source, why_indicator
from bureau.people.models import User
from bureau.people.queries import townships
from bureau.people.scope import Scope
from bureau.runs import queries, rules, shown
from bureau.runs.models import CoefficientResult, CountyResult, Run

SIGNS = {"达标": ("met", "✓"), "未达标": ("not-met", "✗"), "未报": ("blank", "○"), "不适用": ("none", "–")}


@page()
def cockpit(request: SignedIn) -> HttpResponse:
    """The first page after signing in; a school sees itself, a township its schools, a unit its duties, an administrator the accounts."""
    if request.user.role == User.Role.ADMINISTRATOR:
        return HttpResponseRedirect(reverse("home"))
    if request.user.role == User.Role.UNIT:
        return HttpResponseRedirect(reverse("duties"))
    if request.user.role == User.Role.TEACHER:
        return HttpResponseRedirect(reverse("my-cases"))
    here, run = run_of(request)
    if run is None:
        return no_run(request, here, _("总览"))
    if request.user.role == User.Role.SCHOOL:
        return _school(request, here, run)
    return _county(request, here, run)


def _county(request: SignedIn, here: Page, run: Run) -> HttpResponse:
    today, scope = localdate(), here.scope
    lines = gaps.all_of(here.user, here.county_code)
    years = queries.yearly_runs(here.county_code, run.day)
    # What finished runs say never changes; only the language of their words does.
    said = f"runs {[year.pk for year in years]} {run.pk}"
    parts, counts, found, spread, county_lines, bands = remembered(
        said, f"verdicts {scope}", lambda: _said(years, run, scope)
    )
    verdict, reasons = rules.overall(parts)
    pains = sorted((one for one in found if one.schools), key=lambda one: -one.schools / one.of)
    place = townships().get(code=scope.code).name if scope.reach == "township" else here.county_name
    return show(
        request,
        "cockpit.html",
        title=_("%(place)s离优质均衡还有多远") % {"place": place},
        verdict=verdict,
        reasons=reasons,
        parts=parts,
        counts=_stage_rows(counts[-1][1] if counts else {}),
        pains=[(one, pain_words(one)) for one in pains],
        strip=strip(found, county_lines),
        trend=trend(counts),
        trend_finding=_trend_finding(counts),
        coefficient_chart=coefficient_chart(spread),
        coefficient_rows=[row for row in spread if row.code],
        coefficient_finding=_coefficient_finding(spread),
        bands=bands,
        changes=remembered(
            said, f"changes {scope} {get_language()}", lambda: _changes(years, run, scope, found)
        ),
        offices=gaps.counts_by_office(lines, today=today),
        views=gaps.view_counts(lines, today=today),
        cost=gaps.cost(gaps.still_open(lines), gaps.prices(here.county_code, run.day)),
        school_map=remembered(
            f"run {run.pk} {here.version('schools')}",
            f"map {scope} {here.on} {get_language()}",
            lambda: small_map(here, run),
        ),
        map_address=reverse("outlines", args=[here.county_code]),
        source=source(run),
        follow=cockpit_plans.follow(here),
        out=case_cockpit.out_of_school(here),
        aid=aid_cockpit.block(here),
        waiting=queries.open_runs(here.county_code),
        county_wide=shown.sees_county(scope),
    )


class _Said(NamedTuple):
    """What the runs of the years say, as far as it is free of any language."""

    parts: list[rules.Part]
    counts: list[tuple[date, dict[str, dict[str, int]]]]
    shortfalls: list[shown.Shortfall]
    coefficients: list[CoefficientResult]
    county_lines: list[CountyResult]
    bands: dict[str, int]


def _said(years: Sequence[Run], run: Run, scope: Scope) -> _Said:
    return _Said(
        shown.parts(run, scope),
        [(year.day, shown.stage_counts(year, scope)) for year in years],
        shown.shortfalls(run, scope),
        list(shown.coefficients(run, scope)),
        list(shown.county_lines(run, scope)),
        shown.band_counts(run, scope),
    )


def pain_words(one: shown.Shortfall) -> str:
    """“12 所小学体育运动场馆面积不足，缺 3.1 万㎡”."""
    stages = "、".join(f"{count:,} 所{stage}" for stage, count in one.by_stage.items())
    return _("%(stages)s%(what)s不足，共缺 %(gap)s") % {
        "stages": stages,
        "what": shown.short(one.title),
        "gap": large(one.gap, one.unit),
    }


def large(value: float, unit: str) -> str:
    """31,020 ㎡ → 3.1 万㎡; 18,600 万元 → 1.86 亿元."""
    if value >= 10_000 and unit == "万元":
        return f"{value / 10_000:,.2f} 亿元"
    return f"{value / 10_000:,.1f} 万{unit}" if value >= 10_000 else amount(value, unit)


def _stage_rows(counts: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    rows = []
    for stage, found in counts.items():
        total = sum(found.values())
        rows.append({"stage": stage, "total": total, "met": found.get("达标", 0), "not_met": found.get("未达标", 0), "unreported": found.get("未报", 0)})  # fmt: skip
    return rows


def strip(found: Sequence[shown.Shortfall], lines: Iterable[CountyResult]) -> list[dict[str, Any]]:
    """三十一项: one cell each with verdict, sign and address; resource indicators count the schools that fall short."""
    cells = []
    for one in found:
        verdict = "未达标" if one.schools else "未报" if one.unreported else "达标"
        detail = _("%(n)s 所未达标") % {"n": one.schools} if one.schools else ""
        cells.append(_strip_cell(one.code, one.title, verdict, reverse("indicator", args=[one.code]), detail))
    for line in lines:
        address = f"{reverse('county')}#{line.code}"
        cells.append(_strip_cell(line.code, line.title, line.verdict, address, line.text))
    return cells


def _strip_cell(code: str, title: str, verdict: str, address: str, detail: str) -> dict[str, Any]:
    kind, sign = SIGNS.get(verdict, ("none", "·"))
    words = f"{code} {title}：{verdict}" + (f"，{detail}" if detail else "")
    return {"code": code, "kind": kind, "sign": sign, "address": address, "words": words, "group": code[0]}


def _trend_finding(counts: Sequence[tuple[date, Mapping[str, Mapping[str, int]]]]) -> str:
    totals = [sum(one.get("达标", 0) for one in found.values()) for _day, found in counts]
    if len(totals) < 2:
        return _("%(n)s 所（学段）达标") % {"n": totals[0] if totals else 0}
    change = totals[-1] - totals[0]
    words = _("多了 %(n)s 所") if change > 0 else _("少了 %(n)s 所") if change < 0 else _("没有变化")
    return _("达标学校 %(now)s 所，比 %(year)s %(change)s") % {
        "now": totals[-1],
        "year": school_year(counts[0][0]),
        "change": words % {"n": abs(change)} if change else words,
    }


def _coefficient_finding(rows: Sequence[CoefficientResult]) -> str:
    over = [row for row in rows if row.code and row.verdict == "未达标"]
    tested = [row for row in rows if row.code and row.limit is not None]
    if not over:
        return _("%(n)s 项校际差异系数都在上限以内") % {"n": len(tested)}
    names = "、".join(f"{row.stage}{shown.short(row.title)}" for row in over[:3])
    return _("%(n)s 项校际差异系数超过上限：%(names)s") % {
        "n": len(over),
        "names": names + ("等" if len(over) > 3 else ""),
    }


def _changes(
    years: Sequence[Run], run: Run, scope: Scope, found: Sequence[shown.Shortfall]
) -> dict[str, Any] | None:
    """What changed since the year before; None without one."""
    earlier = [one for one in years if queries.school_year(one.day) < queries.school_year(run.day)]
    if not earlier:
        return None
    before = earlier[-1]
    better, worse = shown.turned(before, run, scope)
    return {
        "day": before.day,
        "better": better,
        "worse": worse,
        "indicators": shown.indicator_changes(shown.shortfalls(before, scope), found),
    }


def _school(request: SignedIn, here: Page, run: Run) -> HttpResponse:
    """本校: its verdict, its seven indicators, its classes and its gaps."""
    code = request.user.school_code
    own = list(shown.by_stage(shown.schools(run, here.scope)))
    _rows, cells = shown.heat(run, here.scope)
    ledger = packs.ledger(here.county_code, LEDGER)
    still_open = gaps.condition("open", today=localdate())
    lines = gaps.lines(here.user, here.county_code).filter(still_open).order_by("item")
    return show(
        request,
        "cockpit_school.html",
        title=_("%(school)s：离达标还差什么") % {"school": own[0].school if own else code},
        own=[
            {
                "result": one,
                "indicators": [
                    (found, why_indicator(run.pk, code, one.stage, found.code))
                    for _code, found in sorted(cells.get((one.school_code, one.stage), {}).items())
                ],
            }
            for one in own
        ],
        classes=shown.classes(run, here.scope).filter(over__gt=0),
        lines=[(line, state_title(ledger, line.state)) for line in lines],
        school_address=reverse("school", args=[code]),
        source=source(run),
        aid=aid_cockpit.block(here),
    )
