"""单位对照: each name of a unit as the plan writes it, which unit of the register it means, and a choice where that is open."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_POST

from bureau.pages.access import SignedIn, page
from bureau.pages.plan_found import found_plan
from bureau.pages.sign_in import client_address
from bureau.people.models import Organisation
from bureau.people.rules import Permission, Refused
from bureau.plans.document_queries import names_charged, unknown_names
from bureau.plans.models import Item, Plan, UnitName
from bureau.plans.unit_names import candidates, choose, register_names

HOW = {
    "exact": N("与登记名称相同"), "alias": N("是登记的别名"), "place": N("去掉地名后相同"), "abbreviation": N("是简称"),
    "townships": N("指全部乡镇（街道）"), "chosen": N("人工选定"), "group": N("泛指，请选择"), "ambiguous": N("可能是几个单位，请选择"),
    "unknown": N("登记里没有"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameLine:
    """一个名称: how often, whether it charges anybody, what it means now, what it may mean."""

    row: UnitName
    times: int
    charged: bool
    units: tuple[Organisation, ...]
    candidates: tuple[Organisation, ...]
    how: str
    first: int  # place in the text

    @property
    def open(self) -> bool:
        """Whether it still stands against publishing."""
        return self.charged and not self.units and not self.row.nobody

    @property
    def shown(self) -> str:
        """The units in few words."""
        names = [one.name for one in self.units]
        if len(names) > 3:
            return _("%(names)s等 %(n)s 个单位") % {"names": _("、").join(names[:2]), "n": len(names)}
        return _("、").join(names)


def name_lines(plan: Plan) -> list[NameLine]:
    """Open ones first, then in the order of the text."""
    charged = set(names_charged(plan))
    times: dict[str, int] = {}
    first: dict[str, int] = {}
    rows = Item.objects.filter(plan=plan, kind="unit").exclude(status="rejected")
    for fields, start in rows.order_by("start").values_list("fields", "start"):
        for name in fields.get("units") or ():
            times[name] = times.get(name, 0) + 1
            first.setdefault(name, start)
    names = list(UnitName.objects.filter(plan=plan).select_related("by").prefetch_related("organisations"))
    several = candidates(plan, [one.name for one in names if one.how == "ambiguous"])
    lines = [
        NameLine(
            one,
            times.get(one.name, 0),
            one.name in charged,
            tuple(one.organisations.all()),
            tuple(several.get(one.name, ())),
            HOW.get(one.how, one.how),
            first.get(one.name, 0),
        )
        for one in names
        if one.name in times
    ]
    return sorted(lines, key=lambda line: (not line.open, line.first))


@require_POST
@page(Permission.EDIT_PLANS)
def settle(request: SignedIn, pk: int) -> HttpResponse:
    """选定, 登记, 或标为不是责任单位; then the table again."""
    plan = found_plan(request, pk)
    by, at, address = request.user, now(), client_address(request)
    name = request.POST.get("name", "")
    unit = request.POST.get("unit", "").strip()
    try:
        match request.POST.get("do", ""):
            case "nobody":
                choose(plan=plan, name=name, nobody=True, by=by, at=at, address=address)
                said = _("“%(name)s”已标为不是责任单位。") % {"name": name}
            case "register":
                made = register_names(plan=plan, names=[name], by=by, at=at, address=address)
                said = _("已登记为新单位“%(name)s”。") % {"name": made[0].name}
            case "register-rest":
                made = register_names(plan=plan, names=unknown_names(plan), by=by, at=at, address=address)
                said = _("已登记 %(n)s 个新单位。") % {"n": len(made)}
            case _:
                found = Organisation.objects.filter(county_code=plan.county_code, name=unit, active=True)
                if unit and not found:
                    raise Refused(_("登记里没有“%(unit)s”，请从列表里选择，或登记为新单位") % {"unit": unit})
                remember = request.POST.get("remember") == "1"
                choose(
                    plan=plan, name=name, units=list(found), remember=remember, by=by, at=at, address=address
                )
                said = _("“%(name)s”已对应到“%(unit)s”。") % {"name": name, "unit": unit}
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("plan-reader", args=[plan.pk]) + "?tab=units")
