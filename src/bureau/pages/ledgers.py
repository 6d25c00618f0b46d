"""台账总览: every ledger with how many stand in it, how many are late, contradicted or to be confirmed; asked to compare again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.cases import queries
from bureau.cases.hiding import suppressed
from bureau.pages.access import SignedIn, page
from bureau.pages.case_parts import LISTS, found_ledger, state_title
from bureau.pages.context import current, show
from bureau.people.rules import Permission, may
from bureau.work.case_tasks import sweep_county

# What concerns children comes first; the other groups follow in their own order.
FIRST = ("控辍保学", "特殊群体", "就读和去向")


@page(roles=LISTS)
def ledgers(request: SignedIn) -> HttpResponse:
    """The ledgers by group."""
    here = current(request)
    groups: dict[str, list[dict[str, Any]]] = {}
    lines = queries.overview(request.user, here.county_code, today=localdate())
    locked = queries.locked(request.user)
    for line in lines:
        shown = suppressed(line.by_state, line.ledger.small)
        groups.setdefault(line.ledger.group, []).append(
            {
                "line": line,
                "address": reverse("ledger", args=[line.ledger.code]),
                "counts": reverse("ledger-counts", args=[line.ledger.code]),
                "locked": line.ledger.access in locked,
                "hidden": 0 < line.live < line.ledger.small or line.ledger.access in locked,
                "states": [
                    (state_title(line.ledger, name), count, name)
                    for name, count in shown.items()
                    if count != 0
                ],
                "assumed": sum(setting.assumed for setting in line.ledger.settings),
            }
        )
    return show(
        request,
        "cases/ledgers.html",
        title=_("台账：多少没有销号，卡在哪里"),
        groups=sorted(groups.items(), key=lambda one: FIRST.index(one[0]) if one[0] in FIRST else len(FIRST)),
        live=sum(line.live for line in lines),
        overdue=sum(line.overdue for line in lines),
        contradictions=sum(line.contradictions for line in lines),
        to_confirm=sum(line.to_confirm for line in lines),
        may_sweep=may(request.user.role, Permission.EDIT_LEDGERS),
        may_open=may(request.user.role, Permission.WORK_CASES),
        day=here.on,
    )


@require_POST
@page(Permission.EDIT_LEDGERS)
def sweep(request: SignedIn) -> HttpResponse:
    """Have the worker compare the registers now, for one ledger or all."""
    here = current(request)
    only = request.POST.get("ledger", "")
    if only:
        found_ledger(here.county_code, only)
    sweep_county.enqueue(here.county_code, only)
    messages.success(request, _("已请后台比对登记册，完成后台账会自动更新，通常一两分钟"))
    return HttpResponseRedirect(reverse("ledger", args=[only]) if only else reverse("ledgers"))
