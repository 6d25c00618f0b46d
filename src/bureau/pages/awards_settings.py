"""公示与审计设置: the numbers that no document gives, assumed until a named person saves them; what held before stays readable."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bureau.pages.access import SignedIn, page
from bureau.pages.awards_shared import BUREAU_ONLY, number_in
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.payments import setting_actions as actions
from bureau.payments import setting_queries as queries
from bureau.people.rules import Permission, Refused, why_not


@require_http_methods(["GET", "POST"])
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def settings(request: SignedIn) -> HttpResponse:
    """Each setting with who saved it; a POST saves one of them."""
    here = current(request)
    asked, problem = request.POST.get("name", ""), ""
    if request.method == "POST":
        try:
            actions.save(
                county_code=here.county_code,
                name=asked,
                value=number_in(request, "value"),
                basis=request.POST.get("basis", ""),
                by=request.user,
                at=now(),
                address=client_address(request),
            )
        except Refused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("已确认保存"))
            return HttpResponseRedirect(f"{request.path}#{asked}")
    return show(
        request,
        "payments/settings.html",
        title=_("公示与审计设置"),
        crumbs=[(_("评审与公示"), reverse("awards"))],
        settings=[
            {
                "standing": one,
                "closed": why_not(request.user.role, one.setting.permission),
                "problem": problem if one.setting.name == asked else "",
                "typed": request.POST.get("value", "") if one.setting.name == asked else one.value,
                "basis": request.POST.get("basis", "") if one.setting.name == asked else "",
            }
            for one in queries.standings(here.county_code)
        ],
        status=422 if problem else 200,
    )
