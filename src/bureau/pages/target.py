"""一个目标: where it stands, why, where it leads, what it is bound to, and the figures behind it by township and school."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.target_charts import chart, finding
from bureau.pages.targets import standing
from bureau.pages.why import Why, answer
from bureau.people.queries import townships
from bureau.people.rules import Permission, may
from bureau.plans import target_queries as queries
from bureau.plans import target_rules as rules
from bureau.plans.document_queries import in_county
from bureau.plans.target_models import Reading, Target
from bureau.plans.task_queries import seen_plans
from bureau.runs.subsets import LOCALES, ORGANIZERS
from bureau.supervision.queries import shown_slips
from junheng.measures import catalogue

MOST_SCHOOLS = 400


def target_of(request: SignedIn, pk: int) -> Target:
    """The target, if its plan is one that the account sees."""
    here = current(request)
    found = queries.targets(seen_plans(request.user, here.county_code)).filter(pk=pk).first()
    if found is None:
        raise not_found(_("没有这个目标，或者它所在的计划不在您的辖区内。"))
    return found


@page(Permission.SEE_PLANS)
def target(request: SignedIn, pk: int) -> HttpResponse:
    """One target."""
    found, user, today = target_of(request, pk), request.user, localdate()
    inside = in_county(user, found.plan.county_code)
    readings = list(queries.readings(found))
    claims = queries.claims(found)
    measure = queries.measure_of(found)
    responsible = queries.may_enter(found, user)
    latest = next((one for one in reversed(readings) if one.run is not None and one.value is not None), None)
    towns, schools = queries.areas(found, latest.run, user) if latest and latest.run else ([], [])
    edit = rules.why_not_edit(role=user.role, in_county=inside)
    entering = rules.why_not_enter(
        role=user.role, in_county=inside, responsible=responsible, day=today, value=0, today=today
    )
    return show(
        request,
        "target.html",
        title=found.indicator,
        crumbs=[(_("目标"), reverse("targets"))],
        target=found,
        slips=shown_slips(request.user, target=found),
        supervises=may(request.user.role, Permission.SUPERVISE),
        goal=rules.goal_words(found),
        standing=standing(found),
        outlook=found.outlook,
        latest_day=_day(found.outlook.get("latest")),
        forecast_day=_day(found.outlook.get("forecast")),
        measure=measure,
        area_name=_area_name(found),
        clause=queries.clause(found),
        option=chart(found, readings, [claim for claim, _said in claims]),
        finding=finding(found),
        readings=[
            (
                one,
                rules.why_not_check(by=user, in_county=inside, entered_by=one.by_id, checked=one.checked_by_id is not None),
                f"{reverse('why-target', args=[found.pk])}?reading={one.pk}",
            )
            for one in reversed(readings)
        ],
        claims=claims,
        towns=towns,
        schools=schools[:MOST_SCHOOLS],
        areas_day=latest.day if latest else None,
        why_not_edit=edit,
        why_not_enter=entering,
        today=today,
        more_points=range(3),
        milestones=[(date.fromisoformat(day), value) for day, value in found.milestones],
        **({} if edit else _choices(found)),
    )  # fmt: skip


def _choices(target: Target) -> dict[str, Any]:
    """What the binding form offers: suggestions with their reasons, the whole catalogue, stages, subsets and townships."""
    known = catalogue()
    suggested = [
        {
            "code": one.code,
            "title": known[one.code].title,
            "stage": one.stage,
            "subset": "、".join((*one.scope.locales, *one.scope.organizers)),
            "reason": one.reason,
            "percent": round(one.confidence * 100),
            "formula": known[one.code].formula,
            "reported": known[one.code].source == "reported",
        }
        for one in queries.suggestions(target)[:5]
    ]
    stages = dict.fromkeys(stage for measure in known for stage in measure.stages)
    return {
        "suggested": suggested,
        "groups": known.groups(),
        "stages": stages,
        "subsets": (*LOCALES, *ORGANIZERS),
        "townships": townships(target.plan.county_code),
    }


def _area_name(target: Target) -> str:
    if not target.area_code:
        return _("全县")
    found = townships(target.plan.county_code).filter(code=target.area_code).first()
    return found.name if found else target.area_code


def _day(part: Any) -> date | None:
    return date.fromisoformat(part["day"]) if part else None


@page(Permission.SEE_PLANS)
def why(request: SignedIn, pk: int) -> HttpResponse:
    """Where the latest figure of a target comes from; `?reading=ID` for another of its readings."""
    found = target_of(request, pk)
    rows = list(queries.readings(found))
    asked = request.GET.get("reading", "")
    counted = [one for one in rows if one.value is not None and (one.run_id or one.checked_by_id)]
    chosen = next((one for one in rows if str(one.pk) == asked), counted[-1] if counted else None)
    if chosen is None:
        raise not_found(_("这个目标还没有读数。"))
    return answer(request, _why(found, chosen))


def _why(target: Target, reading: Reading) -> Why:
    before, words, after = queries.clause(target)
    quote = f"{before}{words}{after}".strip()
    notes: list[tuple[str, str]] = [
        (_("目标"), rules.goal_words(target)),
        (_("结论"), target.outlook.get("sentence", "")),
    ]
    rows: list[tuple[str, object]] = []
    measure = queries.measure_of(target)
    if reading.run is None:
        notes += [
            (_("填报人"), reading.by.display_name if reading.by else ""),
            (_("复核人"), reading.checked_by.display_name if reading.checked_by else _("还没有复核")),
            (_("佐证"), "；".join(part for part in (reading.note, reading.file_name) if part)),
        ]
    result = queries.result(target, reading.run) if reading.run else None
    if measure is not None:
        notes += [(_("怎样计算"), measure.formula), (_("公式出处"), measure.clause)]
    if result is not None:
        notes += [
            (_("用了哪些行"), result.rows),
            (_("说明"), result.note if result.note != (measure.formula if measure else "") else ""),
        ]
        if reading.unreported:
            rows.append((_("未报（%(unit)s）") % {"unit": result.unreported_unit}, reading.unreported))
        notes.append((_("为什么没有值"), "；".join(result.missing)))
    return Why(
        title=target.indicator,
        of=_area_name(target),
        value=reading.value,
        unit=target.unit,
        verdict=standing(target),
        numerator=reading.numerator if reading.denominator is not None else None,
        denominator=reading.denominator,
        numerator_label=_("分子"),
        denominator_label=_("分母"),
        factor="× 100%" if target.unit == "%" and reading.denominator is not None else "",
        clause=f"{target.plan.title} {target.plan.document_number}".strip(),
        quote=quote,
        notes=notes,
        rows=rows,
        rows_address=reverse("target", args=[target.pk]) + "#areas",
        day=reading.day,
        snapshot=reading.run.snapshot_sha256 if reading.run else "",
        pack=str(reading.run) if reading.run else "",
        pack_address=reverse("run", args=[reading.run_id]) if reading.run_id else "",
    )  # fmt: skip
