"""方案编辑: a new scheme or the copy of an earlier one, and the editor whose sum of weights and example follow what is typed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bureau.pages.access import SignedIn, page
from bureau.pages.context import current, show
from bureau.pages.performance import crumbs, found_scheme
from bureau.pages.performance_form import (
    MOST_BANDS,
    criteria_of,
    head_of,
    rows_of,
    spare_rows,
    typed,
)
from bureau.pages.sign_in import client_address
from bureau.people.models import Organisation
from bureau.people.rules import Permission, Refused
from bureau.performance import actions, queries, rules, scoring
from bureau.performance.computing import Facts
from bureau.performance.drafting import Line
from bureau.performance.models import Criterion, Scheme


@require_http_methods(["GET", "POST"])
@page(Permission.ASSESS_PERFORMANCE, roles=rules.WRITERS)
def create(request: SignedIn) -> HttpResponse:
    """新建方案, empty or as an earlier one."""
    here, today = current(request), localdate()
    earlier = queries.visible_schemes(request.user, here.county_code)
    chosen = request.POST.get("copy", "") or request.GET.get("copy", "")
    source = earlier.filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 15 else None
    year = source.ends.year + 1 if source else today.year
    asked: dict[str, Any] = {
        "name": "", "period": f"{year}年度", "starts": f"{year}-01-01", "ends": f"{year}-12-31", "basis": source.basis if source else "",
        "unit_kind": source.unit_kind if source else Scheme.Kind.TOWNSHIP, "copy": source.pk if source else "",
    }  # fmt: skip
    refusal = ""
    if request.method == "POST":
        what, problems = head_of(request.POST)
        asked |= {name: request.POST.get(name, "").strip() for name in ("name", "period", "starts", "ends", "unit_kind", "basis")}  # fmt: skip
        try:
            if problems:
                raise Refused("；".join(problems))
            by, at, address = request.user, now(), client_address(request)
            made = (
                actions.copy(scheme=source, what=what, by=by, at=at, address=address)
                if source
                else actions.draft(county_code=here.county_code, what=what, by=by, at=at, address=address)
            )
            messages.success(request, _("方案已建立，请设置指标和权重"))
            return HttpResponseRedirect(reverse("performance-edit", args=[made.pk]))
        except Refused as refused:
            refusal = str(refused)
    return show(
        request,
        "performance/new.html",
        title=_("新建考核方案"),
        crumbs=[(_("绩效考核"), reverse("performance"))],
        status=422 if refusal else 200,
        refusal=refusal,
        asked=asked,
        earlier=earlier,
        kinds=Scheme.Kind.choices,
    )


@require_http_methods(["GET", "POST"])
@page(Permission.ASSESS_PERFORMANCE, roles=rules.WRITERS)
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """改方案."""
    one = found_scheme(request, pk)
    refusal = rules.why_not_edit(one.state, by=request.user)
    if refusal:
        messages.error(request, refusal)
        return HttpResponseRedirect(reverse("performance-scheme", args=[pk]))
    if request.method == "GET":
        lines = [_as_line(row) for row in one.criteria.all()]
        return _form(request, one, rows_of(one), lines, [tuple(band) for band in one.bands])
    what, problems = head_of(request.POST)
    found = typed(request.POST, one)
    units = _units(request, one, what.unit_kind)
    try:
        if problems or found.problems:
            raise Refused("；".join([*problems, *found.problems]))
        actions.edit(
            scheme=one,
            what=what,
            lines=found.lines,
            units=units,
            bands=found.bands,
            appeal_days=found.appeal_days,
            by=request.user,
            at=now(),
            address=client_address(request),
        )
        messages.success(request, _("方案已保存"))
        return HttpResponseRedirect(reverse("performance-edit", args=[pk]))
    except Refused as refused:
        for name in ("title", "period", "basis"):  # shown again as typed
            setattr(one, name, getattr(what, name))
        return _form(
            request, one, [dict(row) for row in found.rows], found.lines, found.bands, refusal=str(refused)
        )


@require_POST
@page(Permission.ASSESS_PERFORMANCE, roles=rules.WRITERS)
def preview(request: SignedIn, pk: int) -> HttpResponse:
    """The sum of the weights and the arithmetic for one unit, of what is typed; nothing is saved."""
    one = found_scheme(request, pk)
    found = typed(request.POST, one)
    key = request.POST.get("preview_unit", "")
    context = _preview(one, found.lines, int(key) if key.isdecimal() and len(key) < 15 else 0)
    return render(request, "performance/preview.html", context | {"problems": found.problems, "scheme": one})


def _form(
    request: SignedIn,
    one: Scheme,
    rows: list[dict[str, Any]],
    lines: Sequence[Line],
    bands: Sequence[tuple[str, str]],
    *,
    refusal: str = "",
) -> HttpResponse:
    chosen = set(one.units.values_list("pk", flat=True))
    return show(
        request,
        "performance/edit.html",
        title=_("编辑考核方案"),
        crumbs=crumbs(one),
        status=422 if refusal else 200,
        scheme=one,
        refusal=refusal,
        rows=[*rows, *spare_rows(rows)],
        bands=[*bands, *[("", "")] * (MOST_BANDS - len(bands))],
        measures=list(queries.measure_choices(one.county_code).values()),
        sources=Criterion.Source.choices,
        rules=Criterion.Rule.choices,
        kinds=Scheme.Kind.choices,
        units=[(unit, unit.pk in chosen) for unit in queries.candidates(one.county_code, one.unit_kind)],
        **_preview(one, lines, 0),
    )


def _preview(one: Scheme, lines: Sequence[Line], key: int) -> dict[str, object]:
    units = list(one.units.select_related("area"))
    unit = next((row for row in units if row.pk == key), units[0] if units else None)
    criteria = criteria_of(lines, one)
    facts = Facts(one, localdate(), criteria)
    rows, parts = [], []
    for criterion in criteria:
        words, points, exempt = queries.rule_words(criterion), None, False
        if (
            criterion.source in scoring.COMPUTED
            and unit is not None
            and criterion.target is not None
            and criterion.rule
        ):
            raw = facts.raw(criterion, unit)
            exempt = raw.exempt
            words = raw.missing or raw.detail
            if raw.value is not None:
                words, points = _example(criterion, raw.value, raw.unit)
        rows.append((criterion, words, points, exempt))
        parts.append(scoring.Part(criterion.source, criterion.weight, points, exempt))
    weights = [line.weight for line in lines if line.source in scoring.SCORED]
    computed = [part for part in parts if part.source in scoring.COMPUTED and not part.exempt]
    return {
        "preview_units": units,
        "preview_unit": unit,
        "preview_rows": rows,
        "weight_sum": scoring.plain(sum(weights, scoring.ZERO)),
        "weights": rules.weights_sentence(weights),
        "so_far": scoring.plain(sum((part.points or scoring.ZERO for part in computed), scoring.ZERO)),
        "so_far_of": scoring.plain(sum((part.weight for part in computed), scoring.ZERO)),
    }


def _example(criterion: Criterion, value: float, unit: str) -> tuple[str, Any]:
    target = criterion.target
    try:
        points = scoring.points_of(
            rule=criterion.rule, weight=criterion.weight, value=value, target=target or scoring.ZERO,
            floor=criterion.floor, at_most=criterion.at_most,
        )  # fmt: skip
    except ValueError:
        return _("还缺底线，或底线与目标相同"), None
    return queries.arithmetic(criterion, value, unit), points


def _as_line(one: Criterion) -> Line:
    return Line(
        one.title, one.weight, one.source, one.standard, one.measure, one.stage, one.subset, one.scope, one.rule,
        one.at_most, one.floor, one.target, one.pk,
    )  # fmt: skip


def _units(request: SignedIn, one: Scheme, kind: str) -> list[Organisation]:
    """Those ticked; another kind of unit begins with all of its own."""
    every = list(queries.candidates(one.county_code, kind))
    if kind != one.unit_kind:
        return every
    ticked = set(request.POST.getlist("units"))
    return [unit for unit in every if str(unit.pk) in ticked]
