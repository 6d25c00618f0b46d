"""我的手机: which phones hold one's data, since when; a lost one is reported here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.people.rules import Permission, Refused, may
from bureau.phone import device_actions, queries
from bureau.phone.serving import address_of, show, user_of


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Phones, the one seen last first."""
    user = user_of(request)
    return show(
        request,
        "phone/devices.html",
        title=_("走访用的手机"),
        devices=queries.devices(user)[:200],
        every=may(user.role, Permission.MANAGE_ACCOUNTS),
    )


@require_POST
def lost(request: HttpRequest, pk: int) -> HttpResponse:
    """报丢失."""
    reason = request.POST.get("reason", "")
    try:
        device_actions.report_lost(
            pk=pk, by=user_of(request), at=now(), reason=reason, address=address_of(request)
        )
        messages.success(request, _("已报丢失：这部手机再联网时数据即清除，期间不再发给它任何数据"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("phone-devices"))
