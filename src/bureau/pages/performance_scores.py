"""评分: the grid of units and criteria, one criterion for all units, its second check, and the same through Excel."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.export import download
from bureau.pages.performance import crumbs, found_scheme
from bureau.pages.sign_in import client_address
from bureau.pages.uploads import uploads
from bureau.people.models import Organisation
from bureau.people.rules import Permission, Refused
from bureau.performance import queries, score_actions, score_rules, score_sheet, scoring
from bureau.performance.models import Criterion, Scheme, Score
from bureau.performance.score_actions import Entry
from bureau.performance.score_sheet import decimal_of
from bureau.performance.states import State


@require_GET
@page(Permission.ASSESS_PERFORMANCE)
def grid(request: SignedIn, pk: int) -> HttpResponse:
    """评分表: every unit and every criterion with its state; a heading opens the criterion for all units."""
    one = _scored(request, pk)
    units, criteria = list(one.units.select_related("area")), list(one.criteria.all())
    found, totals = queries.scores(one, units), queries.totals(one)
    columns = [
        {
            "criterion": criterion,
            "rule": queries.rule_words(criterion),
            "unscored": sum(_blank(found.get((unit.pk, criterion.pk))) for unit in units),
            "unchecked": sum(_unchecked(found.get((unit.pk, criterion.pk))) for unit in units),
        }
        for criterion in criteria
    ]
    rows = [
        (unit, [found.get((unit.pk, criterion.pk)) for criterion in criteria], totals[unit.pk])
        for unit in units
    ]
    return show(
        request,
        "performance/grid.html",
        title=_("评分表"),
        crumbs=crumbs(one),
        scheme=one,
        columns=columns,
        rows=rows,
        standing=queries.standing(one),
        why_not_compute=score_rules.why_not_compute(one.state, by=request.user),
    )


@require_http_methods(["GET", "POST"])
@page(Permission.ASSESS_PERFORMANCE)
def column(request: SignedIn, pk: int, key: int) -> HttpResponse:
    """One criterion for all units: computed figures to be read, the others to be typed, and those of others to be checked."""
    one = _scored(request, pk)
    criterion = _criterion(one, key)
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in request.POST}
        try:
            changed = score_actions.score_many(
                scheme=one, entries=_entries(request, one, criterion), by=request.user, at=now(), address=client_address(request)
            )  # fmt: skip
            messages.success(
                request, _("已保存 %(n)s 项，请另一人复核") % {"n": changed} if changed else _("没有改动")
            )
            return HttpResponseRedirect(request.path)
        except Refused as refused:
            return _column(request, one, criterion, typed=typed, refusal=str(refused))
    return _column(request, one, criterion)


def _column(
    request: SignedIn,
    one: Scheme,
    criterion: Criterion,
    *,
    typed: dict[str, str] | None = None,
    refusal: str = "",
) -> HttpResponse:
    by = request.user
    units = list(one.units.select_related("area"))
    found = queries.scores(one, units)
    rows: list[dict[str, Any]] = []
    for unit in units:
        score = found.get((unit.pk, criterion.pk))
        why_open = score_rules.why_not_open(one.state, by=by, criterion=criterion, score=score)
        why_check = score_rules.why_not_check(one.state, by=by, score=score) if score else None
        points = "不适用" if score and score.exempt else scoring.plain(score.points) if score else ""
        text = score.text if score else ""
        if typed is not None and not why_open:
            points, text = typed.get(f"points-{unit.pk}", ""), typed.get(f"text-{unit.pk}", "")
        rows.append(
            {
                "unit": unit, "score": score, "points": points, "text": text, "why_not_open": why_open, "why_not_check": why_check,
                "can_check": score is not None and why_check is None,
                "can_return": score is not None and score_rules.why_not_return(one.state, by=by, score=score, reason="-") is None,
            }
        )  # fmt: skip
    criteria = list(one.criteria.all())
    at = criteria.index(criterion)
    return show(
        request,
        "performance/column.html",
        title=criterion.title,
        crumbs=[*crumbs(one), (_("评分表"), reverse("performance-scores", args=[one.pk]))],
        status=422 if refusal else 200,
        refusal=refusal,
        scheme=one,
        criterion=criterion,
        rule=queries.rule_words(criterion),
        measure=queries.measure_label(criterion.measure, criterion.stage, criterion.subset),
        rows=rows,
        counted=criterion.source in scoring.SCORED,
        can_type=any(not row["why_not_open"] for row in rows),
        can_settle=any(row["can_check"] or row["can_return"] for row in rows),
        previous=criteria[at - 1] if at else None,
        following=criteria[at + 1] if at + 1 < len(criteria) else None,
    )


@require_POST
@page(Permission.ASSESS_PERFORMANCE)
def settle(request: SignedIn, pk: int, key: int, action: str) -> HttpResponse:
    """复核 or 退回 of the chosen units, and 重新取数."""
    one = _scored(request, pk)
    criterion = _criterion(one, key)
    by, at, address = request.user, now(), client_address(request)
    chosen = [int(text) for text in request.POST.getlist("ids") if text.isdecimal() and len(text) < 15]
    try:
        if action == "check":
            count = score_actions.check(scheme=one, scores=chosen, by=by, at=at, address=address)
            messages.success(request, _("已复核 %(n)s 项") % {"n": count})
        elif action == "return":
            reason = request.POST.get("reason", "")
            count = score_actions.send_back(
                scheme=one, scores=chosen, reason=reason, by=by, at=at, address=address
            )
            messages.success(request, _("已退回 %(n)s 项") % {"n": count})
        else:
            raise not_found(_("没有这个操作。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(reverse("performance-column", args=[pk, criterion.pk]))


@require_GET
@page(Permission.ASSESS_PERFORMANCE)
def sheet(request: SignedIn, pk: int) -> HttpResponse:
    """评分表 as Excel."""
    one = _scored(request, pk)
    read_access(
        by=request.user, verb=Verb.EXPORT, obj=("performance_scheme", str(pk)), detail={"form": "评分表"}, at=now(),
        address=client_address(request),
    )  # fmt: skip
    name = f"{current(request).county_name}{one.title}评分表{localdate():%Y%m%d}.xlsx"
    return download(score_sheet.workbook(one), name)


@require_http_methods(["GET", "POST"])
@page(Permission.ASSESS_PERFORMANCE)
def upload(request: SignedIn, pk: int) -> HttpResponse:
    """评分表 read back: every problem at once, or all of it saved."""
    one = _scored(request, pk)
    problems: list[str] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problems = [_("没有选择文件，请先选择填好的评分表")]
        elif (file.size or 0) > score_sheet.LARGEST:
            problems = [_("文件太大，评分表不该这么大，请检查是否选错文件")]
        else:
            problems = _take(request, one, file.read())
        if not problems:
            return HttpResponseRedirect(reverse("performance-scores", args=[pk]))
    return show(
        request,
        "performance/upload.html",
        title=_("上传评分表"),
        crumbs=[*crumbs(one), (_("评分表"), reverse("performance-scores", args=[one.pk]))],
        status=422 if problems else 200,
        scheme=one,
        problems=problems,
    )


def _take(request: SignedIn, one: Scheme, content: bytes) -> list[str]:
    reading = score_sheet.read(content, one)
    if reading.problems:
        return list(reading.problems)
    try:
        changed = score_actions.score_many(
            scheme=one, entries=reading.entries, by=request.user, at=now(), address=client_address(request)
        )
    except Refused as refused:
        return str(refused).split("；")
    messages.success(request, _("评分表已读入：%(n)s 项有变化") % {"n": changed})
    return []


def _entries(request: SignedIn, one: Scheme, criterion: Criterion) -> list[Entry]:
    """What was typed for each unit. Raises Refused naming every number that is none."""
    problems: list[str] = []
    entries: list[Entry] = []
    rest_zero = request.POST.get("rest") == "0" and criterion.source not in scoring.SCORED
    found = queries.scores(one, units := list(one.units.all()))
    for unit in units:
        score = found.get((unit.pk, criterion.pk))
        if score_rules.why_not_open(one.state, by=request.user, criterion=criterion, score=score):
            continue
        points, exempt = _points(request, unit, problems)
        blank = points is None and not exempt and (score is None or score.points is None)
        if blank and rest_zero:
            points = Decimal(0)
        text = request.POST.get(f"text-{unit.pk}", "").strip()
        files = uploads(request, f"files-{unit.pk}")
        entries.append(Entry(unit.pk, criterion.pk, points, text, exempt, files))
    if problems:
        raise Refused("；".join(problems))
    return entries


def _points(request: SignedIn, unit: Organisation, problems: list[str]) -> tuple[Decimal | None, bool]:
    typed = request.POST.get(f"points-{unit.pk}", "").strip()
    if typed == "不适用":
        return None, True
    found = decimal_of(typed)
    if isinstance(found, str):
        problems.append(f"{unit.name}：“{typed}”不是数，请改成数字，例如 8.5")
        return None, False
    return found, False


def _scored(request: SignedIn, pk: int) -> Scheme:
    one = found_scheme(request, pk)
    if one.state not in (State.SCORING, State.PUBLISHED, State.CLOSED):
        raise not_found(_("这个方案还没有开始评分。"))
    return one


def _criterion(one: Scheme, key: int) -> Criterion:
    found = one.criteria.filter(pk=key).first()
    if found is None:
        raise not_found(_("方案里没有这项指标。"))
    return found


def _blank(score: Score | None) -> bool:
    return score is None or (score.points is None and not score.exempt)


def _unchecked(score: Score | None) -> bool:
    return score is not None and score.by_id is not None and score.checked_by_id is None
