"""假设推演: change cells or merge schools, and every verdict, coefficient and count follows at once; nothing is saved."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from bureau.pages.access import SignedIn, page, refused
from bureau.pages.cells import bracketed, said
from bureau.pages.context import Page, show
from bureau.pages.results import no_run, run_of, source
from bureau.pages.sentences import spoken
from bureau.pages.verdicts import VERDICTS
from bureau.people.queries import townships
from bureau.people.rules import Permission
from bureau.runs import shown, what_if
from junheng.measures import Assessment, IndicatorResult

WHO = gettext_noop("假设推演要算全县的差异系数，给看得到全县的账号；学校和乡镇账号请看各自的评估结果。")


def _sees_all(here: Page) -> bool:
    return here.scope.reach in ("everything", "county")


@page(Permission.SEE_SCHOOLS, but=("school", "township"))
def panel(request: SignedIn) -> HttpResponse:
    """The panel with the facts of the newest run."""
    here, run = run_of(request)
    if run is None:
        return no_run(request, here, _("假设推演"))
    if not _sees_all(here):
        return refused(request, _(WHO))
    start = what_if.base(run, here.scope)
    found = what_if.before(start)
    towns = dict(townships(here.county_code).values_list("code", "name"))
    places = {row.school_code: row.township_code for row in shown.schools(run, here.scope)}
    results = {_key(one.school_code, one.school, one.stage): one for one in found.schools}
    resources = start.pack.resources
    return show(
        request,
        "what_if.html",
        title=_("假设推演"),
        source=source(run),
        towns=towns,
        data={
            "address": reverse("what-if-compute"),
            "words": {word: said(word) for word in (*shown.STAGES, *VERDICTS)},
            "brackets": bracketed("{n}"),
            "colon": _("："),
            "short": _("，缺 {n} {unit}"),
            "limit": _("{verdict}，上限 {n}"),
            "columns": [
                {"name": one.numerator, "code": one.code, "title": spoken(shown.short(one.title)), "unit": spoken(one.numerator_unit)}
                for one in resources
            ],
            "rows": [
                {
                    "key": _key(fact.school_code, fact.school, fact.stage),
                    "school": fact.school,
                    "stage": fact.stage,
                    "town": places.get(fact.school_code, ""),
                    "students": fact.students,
                    "amounts": fact.amounts,
                    "scope": fact.in_scope,
                    "reason": spoken(fact.reason),
                    "address": reverse("school", args=[fact.school_code]) if fact.school_code else "",
                    "verdict": results[_key(fact.school_code, fact.school, fact.stage)].verdict,
                }
                for fact in start.facts
            ],
            **_answer(found, found),
        },
    )  # fmt: skip


@require_POST
@page(Permission.SEE_SCHOOLS, but=("school", "township"))
def compute(request: SignedIn) -> HttpResponse:
    """The changed verdicts as JSON: {edits: [{key, column, value}], merges: [{closed, into}]} in."""
    here, run = run_of(request)
    if run is None or not _sees_all(here):
        return JsonResponse({"problem": _(WHO)}, status=403)
    try:
        asked = json.loads(request.body)
        edits, merges = list(asked.get("edits", [])), list(asked.get("merges", []))
        start = what_if.base(run, here.scope)
        found = what_if.after(start, edits, merges)
    except what_if.NotPossibleError as error:
        return JsonResponse({"problem": spoken(str(error))}, status=400)
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"problem": _("改动的格式不对，请重置后再试")}, status=400)
    return JsonResponse(_answer(what_if.before(start), found))


def _key(school_code: str, school: str, stage: str) -> str:
    return f"{school_code or school}|{stage}"


def _answer(before: Assessment, after: Assessment) -> dict[str, Any]:
    """What the page draws: counts, coefficients, totals of gaps, and the schools that differ from before."""
    was = {_key(one.school_code, one.school, one.stage): one for one in before.schools}
    cells_before, cells = _cells(before.indicators), _cells(after.indicators)
    schools = {}
    for one in after.schools:
        key = _key(one.school_code, one.school, one.stage)
        own = cells.get(key, {})
        if after is before or own != cells_before.get(key, {}) or was.get(key) != one:
            schools[key] = {"verdict": one.verdict, "passes": one.passes, "scope": one.in_scope, "reason": spoken(one.reason), "cells": own}  # fmt: skip
    old = {(one.stage, one.code): one for one in before.coefficients}
    return {
        "schools": schools,
        "counts": _counts(after),
        "countsBefore": _counts(before),
        "gaps": _gaps(after),
        "gapsBefore": _gaps(before),
        "coefficients": [
            {
                "stage": one.stage,
                "code": one.code,
                "title": spoken(shown.short(one.title)),
                "cv": one.cv,
                "before": old[one.stage, one.code].cv if (one.stage, one.code) in old else None,
                "limit": one.limit,
                "verdict": one.verdict,
            }
            for one in after.coefficients
        ],
    }


def _cells(rows: Sequence[IndicatorResult]) -> dict[str, dict[str, list[Any]]]:
    """{school and stage: {code: [value, verdict, gap]}}."""
    found: dict[str, dict[str, list[Any]]] = {}
    for one in rows:
        key = _key(one.school_code, one.school, one.stage)
        found.setdefault(key, {})[one.code] = [one.value, one.verdict, one.gap]
    return found


def _counts(of: Assessment) -> dict[str, Mapping[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for one in of.schools:
        if one.in_scope:
            stage = counts.setdefault(one.stage, {"达标": 0, "未达标": 0, "未报": 0})
            stage[one.verdict] = stage.get(one.verdict, 0) + 1
    return {stage: counts[stage] for stage in shown.STAGES if stage in counts}


def _gaps(of: Assessment) -> dict[str, list[Any]]:
    """{code: [schools short, total gap, unit]} of the schools in scope."""
    inside = {_key(one.school_code, one.school, one.stage) for one in of.schools if one.in_scope}
    found: dict[str, list[Any]] = {}
    for one in of.indicators:
        row = found.get(one.code)
        if row is None:
            row = found[one.code] = [0, 0.0, spoken(one.gap_unit), spoken(shown.short(one.title))]
        if one.gap and one.verdict == "未达标" and _key(one.school_code, one.school, one.stage) in inside:
            row[0] += 1
            row[1] += one.gap
    return found
