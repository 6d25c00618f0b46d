"""目标的操作: binding, baseline, milestones, reported readings and their check, claims."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.kept_file import sent
from bureau.pages.sign_in import client_address
from bureau.pages.target import target_of
from bureau.people.file_rules import LARGEST_FILE
from bureau.people.kept import Upload
from bureau.people.rules import Permission, Refused
from bureau.plans import reading_actions, target_actions
from bureau.plans.target_models import Reading, Target
from bureau.plans.task_queries import seen_plans
from bureau.work.plan_nightly import measure_bound

MOST_POINTS = 12


@require_POST
@page(Permission.SEE_PLANS)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """One step of a target; the answer is its page with what was done or why not."""
    target = target_of(request, pk)
    steps: dict[str, Callable[[SignedIn, Target], str]] = {
        "bind": _bind,
        "series": _series,
        "unbind": _unbind,
        "baseline": _baseline,
        "milestones": _milestones,
        "reading": _reading,
        "claim": _claim,
    }
    if action not in steps:
        raise not_found(_("没有这个操作。"))
    try:
        messages.success(request, steps[action](request, target))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("target", args=[target.pk]))


@require_POST
@page(Permission.SEE_PLANS)
def settle(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """A second person checks a reported reading or sends it back."""
    reading = _seen(request, pk)
    by, at, address = request.user, now(), client_address(request)
    try:
        if action == "check":
            reading_actions.check(reading=reading, by=by, at=at, address=address)
            messages.success(request, _("读数已复核，计入进展"))
        elif action == "send_back":
            reason = request.POST.get("reason", "")
            reading_actions.send_back(reading=reading, reason=reason, by=by, at=at, address=address)
            messages.success(request, _("读数已退回"))
        else:
            raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("target", args=[reading.target_id]))


@require_GET
@page(Permission.SEE_PLANS)
def file(request: SignedIn, pk: int) -> HttpResponse:
    """The evidence of a reported reading; each look is logged."""
    reading = _seen(request, pk)
    if not reading.file_sha256:
        raise not_found(_("这个读数没有附文件。"))
    return sent(
        reading.file_name,
        lambda: reading_actions.content(
            reading=reading, by=request.user, at=now(), address=client_address(request)
        ),
    )


def _seen(request: SignedIn, pk: int) -> Reading:
    rows = Reading.objects.filter(pk=pk, target__plan__in=seen_plans(request.user))
    found = rows.select_related("target").first()
    if found is None:
        raise not_found(_("没有这个读数，或者它所在的计划不在您的辖区内。"))
    return found


def _bind(request: SignedIn, target: Target) -> str:
    typed = request.POST
    subset = "、".join(typed.getlist("subset"))
    bound = target_actions.bind(
        target=target,
        measure=typed.get("measure", ""),
        stage=typed.get("stage", ""),
        subset=subset,
        area_code=typed.get("area_code", ""),
        reason=typed.get("reason", ""),
        by=request.user,
        at=now(),
        address=client_address(request),
    )
    if bound.subset:
        # Only what is asked for all schools is stored with every run; this is worked out in the background.
        measure_bound.enqueue(bound.plan.county_code)
        return _("已绑定，正在按所选口径测算各期数据，稍后刷新即可看到")
    return _("已绑定，读数和走势已按各期数据重新测算")


def _series(request: SignedIn, target: Target) -> str:
    target_actions.report_series(
        target=target,
        reason=request.POST.get("reason", ""),
        by=request.user,
        at=now(),
        address=client_address(request),
    )
    return _("已设为填报数列，请责任单位填报读数并附佐证")


def _unbind(request: SignedIn, target: Target) -> str:
    target_actions.unbind(
        target=target,
        reason=request.POST.get("reason", ""),
        by=request.user,
        at=now(),
        address=client_address(request),
    )
    return _("已解除绑定")


def _baseline(request: SignedIn, target: Target) -> str:
    value, day, problems = _figure(request)
    if problems:
        raise Refused("；".join(problems))
    target_actions.set_baseline(
        target=target,
        value=value,
        day=day,
        source=request.POST.get("source", ""),
        by=request.user,
        at=now(),
        address=client_address(request),
    )
    return _("基期已保存")


def _milestones(request: SignedIn, target: Target) -> str:
    points, problems = [], []
    days, values = request.POST.getlist("day"), request.POST.getlist("value")
    for number, (day, value) in enumerate(zip(days, values, strict=False), 1):
        if not day.strip() and not value.strip():
            continue
        try:
            points.append((date.fromisoformat(day.strip()), _number(value)))
        except ValueError:
            problems.append(f"第 {number} 个节点“{day} {value}”要有日期和数值，例如 2026-12-31 和 92.5")
    if problems:
        raise Refused("；".join(problems))
    target_actions.set_milestones(
        target=target, points=points[:MOST_POINTS], by=request.user, at=now(), address=client_address(request)
    )
    return _("阶段目标已保存")


def _reading(request: SignedIn, target: Target) -> str:
    value, day, problems = _figure(request)
    sent = request.FILES.get("file")
    if sent is not None and (sent.size or 0) > LARGEST_FILE:
        problems.append(f"“{sent.name}”超过 {LARGEST_FILE // 1024 // 1024} MB，请压缩后再传")
    if problems:
        raise Refused("；".join(problems))
    reading_actions.enter(
        target=target,
        day=day,
        value=value,
        note=request.POST.get("note", ""),
        upload=Upload(sent.name or "", sent.read()) if sent else None,
        by=request.user,
        at=now(),
        today=localdate(),
        address=client_address(request),
    )
    return _("读数已填报，另一人复核后计入进展")


def _claim(request: SignedIn, target: Target) -> str:
    value, day, problems = _figure(request)
    if problems:
        raise Refused("；".join(problems))
    reading_actions.claim(
        target=target,
        day=day,
        value=value,
        text=request.POST.get("text", ""),
        by=request.user,
        at=now(),
        today=localdate(),
        address=client_address(request),
    )
    return _("填报值已保存，与测算值的差异列在下面")


def _figure(request: SignedIn) -> tuple[float | None, date | None, list[str]]:
    """Value and day as typed; every one that cannot be read is named."""
    typed, when = request.POST.get("value", "").strip(), request.POST.get("day", "").strip()
    value: float | None = None
    day: date | None = None
    problems = []
    try:
        value = _number(typed) if typed else None
    except ValueError:
        problems.append(f"数值“{typed}”不是数，请改成数字，例如 95.3")
    try:
        day = date.fromisoformat(when) if when else None
    except ValueError:
        problems.append(f"日期“{when}”不是日期，请写成 2025-12-31")
    return value, day, problems


def _number(text: str) -> float:
    """95.3, 1,200, 95.3%. Raises ValueError for anything else, also for nan and infinity."""
    bare = text.strip().rstrip("%％").replace(",", "").replace("，", "")
    if not bare or bare.strip("+-").casefold() in ("nan", "inf", "infinity"):
        raise ValueError(text)
    return float(bare)
