"""发布计划: everything that still stands against it in one list, and the tasks and targets that will arise."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, page
from bureau.pages.context import show
from bureau.pages.plan_found import found_plan
from bureau.pages.sign_in import client_address
from bureau.people.models import Organisation
from bureau.people.rules import Permission, Refused
from bureau.plans import publishing
from bureau.plans.confirming_fields import FREQUENCIES
from bureau.plans.confirming_words import amount
from bureau.plans.document_rules import reasons_not_to_publish, why_not_publish
from bureau.plans.models import Plan
from bureau.plans.publishing_draft import Draft, draft, openings
from bureau.plans.target_actions import SURE
from bureau.plans.target_models import Target
from bureau.plans.target_queries import suggestions
from junheng.measures import catalogue


@page(Permission.EDIT_PLANS)
def publish(request: SignedIn, pk: int) -> HttpResponse:
    """The preview, and the button; a refusal names every open reason."""
    plan = found_plan(request, pk)
    if plan.state != Plan.State.IN_REVIEW:
        return HttpResponseRedirect(reverse("plan", args=[plan.pk]))
    units = Organisation.objects.filter(county_code=plan.county_code, active=True)
    asked = request.POST.get("lead") or request.GET.get("lead", "")
    lead = units.filter(pk=asked).first() if asked.isdigit() and len(asked) < 12 else None
    if request.method == "POST":
        try:
            plan = publishing.publish(
                plan=plan, default_lead=lead, by=request.user, at=now(), today=localdate(), address=client_address(request)
            )  # fmt: skip
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            said = _("计划已发布，产生 %(tasks)s 项任务、%(targets)s 个目标。")
            messages.success(request, said % {"tasks": plan.tasks.count(), "targets": plan.targets.count()})
            return HttpResponseRedirect(reverse("plan", args=[plan.pk]))
    found = draft(plan, lead)
    open_ = openings(plan, found)
    return show(
        request,
        "plans/publish.html",
        title=_("预览并发布"),
        crumbs=[
            (_("计划文件"), reverse("plans")),
            (plan.title, reverse("plan", args=[plan.pk])),
            (_("核对"), reverse("plan-reader", args=[plan.pk])),
        ],
        plan=plan,
        units=units,
        lead=lead,
        reasons=reasons_not_to_publish(open_),
        why_not=why_not_publish(plan.state, open_, role=request.user.role),
        assumed=sum(one.assumed_lead for one in found.tasks),
        **_shown(found),
    )


def _shown(found: Draft) -> dict[str, Any]:
    tasks = [
        {
            "task": one.task,
            "leads": one.leads,
            "supports": one.supports,
            "assumed": one.assumed_lead,
            "every": _every(one.task.frequency),
        }
        for one in found.tasks
    ]
    targets = [_target(one) for one in found.targets]
    return {
        "tasks": tasks,
        "targets": targets,
        "bound": sum(one["sure"] for one in targets),
        "words_only": found.words_only,
    }


def _every(frequency: str) -> str:
    """1sem*2 → 每学期2次."""
    code, _star, times = frequency.partition("*")
    words = _(FREQUENCIES[code]) if code else ""
    return _("%(every)s%(n)s次") % {"every": words, "n": times} if times else words


def _target(one: Target) -> dict[str, Any]:
    best = next(iter(suggestions(one)), None)
    fields = {"cmp": one.comparator, "val": one.value, "val2": one.value2, "unit": one.unit}
    return {
        "target": one,
        "words": amount({**fields, "val": int(one.value) if float(one.value).is_integer() else one.value}),
        "measure": catalogue()[best.code].title if best else "",
        "stage": best.stage if best else "",
        "reason": best.reason if best else "",
        "sure": bool(best and best.confidence >= SURE),
        "percent": round(best.confidence * 100) if best else 0,
    }
