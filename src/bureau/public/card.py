"""扫二维码卡: those who may see the children are led to their files; everybody else gets one and the same page, whatever the token."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau.entitlements.cards import children_of
from bureau.people.models import User
from bureau.people.rules import Permission, may
from bureau.people.scope import scope_of
from bureau.public.limit import why_not_ask
from bureau.registry import queries


@require_safe
def card(request: HttpRequest, token: str) -> HttpResponse:
    """The files, for those allowed; else the neutral page. An unknown, an old and a foreign card look alike."""
    client = get_adapter(request).get_client_ip(request) or ""
    refusal = why_not_ask(page="card", address=client, minute=int(now().timestamp()) // 60)
    found = None if refusal else children_of(token)
    if found is not None and isinstance(request.user, User):
        file = _file(request.user, token, *found)
        if file:
            return HttpResponseRedirect(file)
    answer = render(
        request,
        "public/card.html",
        {
            "title": _("学生信息卡"),
            "refusal": refusal,
            "signed_in": request.user.is_authenticated,
            "next": request.path,
        },
        status=429 if refusal else 200,
    )
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _file(user: User, token: str, county_code: str, student_keys: tuple[str, ...]) -> str:
    """Where the children of the card are shown, and the look is logged; "" when this account may see none of them."""
    day = queries.latest_day(county_code)
    if day is None or not user.is_active or not may(user.role, Permission.SEE_CHILDREN):
        return ""
    schools = queries.rows_on("schools", day, county_code).filter(scope_of(user).schools())
    rows = queries.rows_on("students", day, county_code).filter(key__in=student_keys)
    if not rows.filter(school_code__in=schools.values("school_code")).exists():
        return ""
    return f"{reverse('cards-household', args=[token])}?county={county_code}&on={day}"
