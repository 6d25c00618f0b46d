"""拟督办单: a new slip, from nothing or from a duty or target that is behind; or the change of a draft."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bureau.pages.access import SignedIn, page
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.pages.slip import found_slip
from bureau.people.models import Organisation
from bureau.people.queries import organisations
from bureau.people.rules import Permission, Refused
from bureau.plans.duty_models import Duty
from bureau.plans.target_models import Target
from bureau.supervision import actions, queries
from bureau.supervision.models import Slip

ORDINARY_DAYS = "10"
FIELDS = ("kind", "level", "title", "basis", "finding", "requirement", "working_days", "organisation")


@require_http_methods(["GET", "POST"])
@page(Permission.SUPERVISE)
def create(request: SignedIn) -> HttpResponse:
    """新拟; `?duty=` and `?target=` fill it from what is behind."""
    here = current(request)
    duty = _duty(request, here.county_code)
    target = _target(request, here.county_code)
    if request.method == "GET":
        return _form(request, None, _begin(duty, target), duty=duty, target=target)
    return _save(request, None, duty=duty, target=target)


@require_http_methods(["GET", "POST"])
@page(Permission.SUPERVISE)
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """改拟稿."""
    one = found_slip(request, pk)
    if request.method == "GET":
        asked: dict[str, Any] = {name: getattr(one, name) for name in FIELDS}
        asked["organisation"] = str(one.organisation_id)
        asked["supports"] = [str(key) for key in one.supports.values_list("pk", flat=True)]
        return _form(request, one, asked, duty=one.duty, target=one.target)
    return _save(request, one, duty=one.duty, target=one.target)


def _begin(duty: Duty | None, target: Target | None) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "kind": "supervision",
        "level": "ordinary",
        "working_days": ORDINARY_DAYS,
        "supports": [],
    }
    task = duty.task if duty else target.task if target else None
    if target is not None:
        asked["title"] = f"{target.indicator}落后于计划"
        asked["requirement"] = str(target.outlook.get("needed_sentence", ""))
    if duty is not None:
        asked["title"] = task.title if task else ""
        asked["requirement"] = duty.task.measures[:1000]
    if task is not None:
        asked["basis"] = f"{task.plan.title}{task.plan.document_number}，{task.section}"
        leads = list(task.leads.all())
        asked["organisation"] = str(leads[0].pk) if leads else ""
        others = [*leads[1:], *task.supports.all()]
        asked["supports"] = [str(one.pk) for one in others]
    return asked


def _save(request: SignedIn, one: Slip | None, *, duty: Duty | None, target: Target | None) -> HttpResponse:
    here = current(request)
    asked: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in FIELDS}
    asked["supports"] = request.POST.getlist("supports")
    days = asked["working_days"]
    units = {str(unit.pk): unit for unit in organisations(here.county_code)}
    what = actions.Draft(
        title=asked["title"],
        requirement=asked["requirement"],
        organisation=units.get(asked["organisation"]),
        working_days=int(days) if days.isdecimal() and len(days) < 6 else None,
        kind=asked["kind"] if asked["kind"] in Slip.Kind.values else Slip.Kind.SUPERVISION,
        level=asked["level"] if asked["level"] in Slip.Level.values else Slip.Level.ORDINARY,
        basis=asked["basis"],
        finding=asked["finding"],
        supports=[units[key] for key in asked["supports"] if key in units and key != asked["organisation"]],
        duty=duty,
        target=target,
        inspection=one.inspection if one else None,
    )
    try:
        slip = actions.draft(
            county_code=here.county_code,
            what=what,
            by=request.user,
            at=now(),
            slip=one,
            address=client_address(request),
        )
    except Refused as refusal:
        return _form(request, one, asked, duty=duty, target=target, refusal=str(refusal))
    messages.success(request, _("已存为拟稿，核对后再发出"))
    return HttpResponseRedirect(reverse("slip", args=[slip.pk]))


def _form(
    request: SignedIn,
    one: Slip | None,
    asked: dict[str, Any],
    *,
    duty: Duty | None,
    target: Target | None,
    refusal: str = "",
) -> HttpResponse:
    here = current(request)
    units: list[Organisation] = list(organisations(here.county_code))
    return show(
        request,
        "supervision/slip_form.html",
        title=_("修改拟稿") if one else _("新拟督办单"),
        crumbs=[(_("督办"), reverse("slips"))],
        status=422 if refusal else 200,
        slip=one,
        number=queries.number_of(one) if one else "",
        asked=asked,
        refusal=refusal,
        duty=duty,
        target=target,
        units=units,
        kinds=Slip.Kind.choices,
        levels=Slip.Level.choices,
        unconfirmed=not units,
    )


def _duty(request: SignedIn, county_code: str) -> Duty | None:
    key = request.GET.get("duty", "") or request.POST.get("duty", "")
    found = Duty.objects.filter(task__plan__county_code=county_code).select_related("task__plan")
    return found.filter(pk=int(key)).first() if key.isdecimal() else None


def _target(request: SignedIn, county_code: str) -> Target | None:
    key = request.GET.get("target", "") or request.POST.get("target", "")
    found = Target.objects.filter(plan__county_code=county_code).select_related("task__plan", "plan")
    return found.filter(pk=int(key)).first() if key.isdecimal() else None
