"""目标的写入: binding to a measure or a reported series, baseline and milestones, reported readings with a second person, claims.

Whatever changes a target works its outlook out anew at once, from the results that are stored.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.plans import target_rules as rules
from bureau.plans.document_queries import in_county
from bureau.plans.reading_actions import rebuild
from bureau.plans.target_models import Target
from bureau.plans.target_outlook import refresh
from bureau.plans.target_queries import suggestions, targets_of
from bureau.runs.subsets import LOCALES, ORGANIZERS, subset_words
from junheng.measures import catalogue

SURE = 0.81


def bind_suggested(*, targets: Sequence[Target], by: User, at: datetime) -> int:
    """按建议绑定: each target that is not bound yet and whose first suggestion is sure enough. Answers how many.

    Without a log line of its own: publishing a plan writes one.
    """
    bound = []
    with transaction.atomic():
        for target in targets:
            if target.measure or target.reported:
                continue
            found = suggestions(target)
            if not found or found[0].confidence < SURE:
                continue
            first = found[0]
            measure = catalogue()[first.code]
            if measure.whole:
                # “10所” is as often what is to be built as what there is to be: a person chooses.
                continue
            if measure.source == "reported":
                target.reported = True
            elif rules.same_unit(target.unit, measure.unit):
                target.measure, target.stage = first.code, first.stage
                target.subset = subset_words(first.scope) or ""
            else:
                continue
            target.binding_reason = f"系统建议：{first.reason}"[:200]
            target.bound_by, target.bound_at = by, at
            bound.append(target)
        Target.objects.bulk_update(bound, BINDING, batch_size=200)
        rebuild(bound, today=at.date())
    return len(bound)


BINDING = ["measure", "stage", "subset", "area_code", "reported", "binding_reason", "bound_by", "bound_at"]


def bind(
    *,
    target: Target,
    measure: str,
    stage: str = "",
    subset: str = "",
    area_code: str = "",
    reason: str,
    by: User,
    at: datetime,
    address: str = "",
) -> Target:
    """绑定指标: from now on the registers answer. Raises Refused for another unit, an unknown stage or a blank reason."""
    with transaction.atomic():
        target = _locked(target, by)
        known = catalogue().measures.get(measure)
        if known is None:
            raise Refused("请从指标目录中选择一个指标")
        demand(
            rules.why_not_bind(
                role=by.role,
                in_county=in_county(by, target.plan.county_code),
                target_unit=target.unit,
                measure_unit=known.unit,
                measure_title=known.title,
                source=known.source,
            )
        )
        if stage not in known.stages:
            usable = "、".join(one or "各学段合计" for one in known.stages)
            raise Refused(f"“{known.title}”没有学段“{stage or '各学段合计'}”，可选：{usable}")
        if any(part not in (*LOCALES, *ORGANIZERS) for part in subset.split("、") if part):
            raise Refused(f"口径“{subset}”应从{'、'.join((*LOCALES, *ORGANIZERS))}中选")
        if area_code and len(area_code) == 9 and "township" not in known.areas:
            raise Refused(f"“{known.title}”不能按乡镇计算，请选全县")
        if not reason.strip():
            raise Refused("请写明为什么绑定这个指标，例如“与文件所用口径一致”")
        before = _binding_words(target)
        target.measure, target.stage, target.subset, target.area_code = measure, stage, subset, area_code
        target.reported, target.binding_reason = False, reason.strip()[:200]
        return _bound(target, before, by=by, at=at, address=address)


def report_series(*, target: Target, reason: str, by: User, at: datetime, address: str = "") -> Target:
    """设为填报数列: no register holds it; figures come with evidence and a second person's check."""
    with transaction.atomic():
        target = _locked(target, by)
        demand(rules.why_not_edit(role=by.role, in_county=in_county(by, target.plan.county_code)))
        if not reason.strip():
            raise Refused("请写明为什么由单位填报，例如“登记册没有这项数据”")
        before = _binding_words(target)
        target.measure, target.stage, target.subset, target.area_code = "", "", "", ""
        target.reported, target.binding_reason = True, reason.strip()[:200]
        return _bound(target, before, by=by, at=at, address=address)


def unbind(*, target: Target, reason: str, by: User, at: datetime, address: str = "") -> Target:
    """解除绑定. Reported readings stay; computed ones go, since the runs hold them."""
    with transaction.atomic():
        target = _locked(target, by)
        demand(rules.why_not_edit(role=by.role, in_county=in_county(by, target.plan.county_code)))
        if not (target.measure or target.reported):
            raise Refused("这个目标还没有绑定")
        if not reason.strip():
            raise Refused("解除绑定须写明原因")
        before = _binding_words(target)
        target.measure, target.stage, target.subset, target.area_code = "", "", "", ""
        target.reported, target.binding_reason = False, ""
        return _bound(target, before, by=by, at=at, address=address, reason=reason)


def set_baseline(
    *,
    target: Target,
    value: float | None,
    day: date | None,
    source: str,
    by: User,
    at: datetime,
    address: str = "",
) -> Target:
    """定基期: where the trajectory starts, with its source; without value and day, the first reading is the start again."""
    with transaction.atomic():
        target = _locked(target, by)
        demand(rules.why_not_edit(role=by.role, in_county=in_county(by, target.plan.county_code)))
        if value is not None or day is not None or source.strip():
            demand(rules.why_not_baseline(value=value, day=day, source=source, due=target.due))
        detail = {"before": [target.baseline, target.baseline_day, target.baseline_source]}
        target.baseline, target.baseline_day = value, day
        target.baseline_source = source.strip()[:200]
        target.save(update_fields=["baseline", "baseline_day", "baseline_source"])
        _demand_order(target)
        refresh([target], today=at.date())
        detail["after"] = [target.baseline, target.baseline_day, target.baseline_source]
        obj = ("target", str(target.pk))
        write(by=by, verb=Verb.CHANGE, obj=obj, detail={"baseline": detail}, at=at, address=address)
    return target


def set_milestones(
    *, target: Target, points: Sequence[tuple[date, float]], by: User, at: datetime, address: str = ""
) -> Target:
    """定阶段目标: dated values between baseline and deadline; [] removes all."""
    with transaction.atomic():
        target = _locked(target, by)
        demand(rules.why_not_edit(role=by.role, in_county=in_county(by, target.plan.county_code)))
        demand(rules.why_not_milestones(points, baseline_day=target.baseline_day, due=target.due))
        detail = {"before": target.milestones}
        target.milestones = [[day.isoformat(), value] for day, value in sorted(points)]
        target.save(update_fields=["milestones"])
        refresh([target], today=at.date())
        detail["after"] = target.milestones
        obj = ("target", str(target.pk))
        write(by=by, verb=Verb.CHANGE, obj=obj, detail={"milestones": detail}, at=at, address=address)
    return target


def carry_over(*, old: Target, new: Target) -> None:
    """沿用: binding, baseline, milestones, reported readings and claims of the version before. The publication logs it."""
    for field in (*BINDING, "baseline", "baseline_day", "baseline_source", "milestones"):
        setattr(new, field, getattr(old, field))
    new.save()
    old.readings.filter(run=None).update(target=new)
    old.claims.update(target=new)
    rebuild([new], today=(new.bound_at or old.plan.uploaded_at).date())


def _bound(target: Target, before: str, *, by: User, at: datetime, address: str, reason: str = "") -> Target:
    target.bound_by, target.bound_at = by, at
    target.save(update_fields=BINDING)
    rebuild([target], today=at.date())
    detail = {"before": before, "after": _binding_words(target), "why": target.binding_reason}
    obj = ("target", str(target.pk))
    write(by=by, verb=Verb.CHANGE, obj=obj, detail=detail, reason=reason, at=at, address=address)
    return target


def _binding_words(target: Target) -> str:
    if target.reported:
        return "填报数列"
    return " ".join(part for part in (target.measure, target.stage, target.subset, target.area_code) if part)


def _locked(target: Target, by: User) -> Target:
    """The target again, locked; one that the account does not see does not exist for it."""
    seen = targets_of(by).filter(pk=target.pk).select_for_update(of=("self",)).first()
    if seen is None:
        raise Refused("没有这个目标，或者它所在的计划不在您的辖区内、已不再执行")
    return seen


def _demand_order(target: Target) -> None:
    """Milestones that were there before must still lie behind a new baseline."""
    points = [(date.fromisoformat(day), float(value)) for day, value in target.milestones]
    demand(rules.why_not_milestones(points, baseline_day=target.baseline_day, due=target.due))
