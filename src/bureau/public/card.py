"""扫二维码卡: those who may see the child are led to its file; everybody else gets one and the same page, whatever the token."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau.entitlements.cards import child_of
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.people.models import User
from bureau.people.rules import Permission, may
from bureau.people.scope import scope_of
from bureau.public.limit import why_not_ask
from bureau.registry import queries


@require_safe
def card(request: HttpRequest, token: str) -> HttpResponse:
    """The file, for those allowed (logged); else the neutral page. An unknown, an old and a foreign card look alike."""
    client = get_adapter(request).get_client_ip(request) or ""
    refusal = why_not_ask(page="card", address=client, minute=int(now().timestamp()) // 60)
    child = None if refusal else child_of(token)
    if child is not None and isinstance(request.user, User):
        file = _file(request.user, *child)
        if file:
            read_access(
                by=request.user, verb=Verb.VIEW, obj=("card", child[1]), detail={"county": child[0]}, at=now(), address=client
            )  # fmt: skip
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


def _file(user: User, county_code: str, student_key: str) -> str:
    """The address of the child's file; "" when this account may not see the child."""
    day = queries.latest_day(county_code)
    if day is None or not user.is_active or not may(user.role, Permission.SEE_CHILDREN):
        return ""
    schools = queries.rows_on("schools", day, county_code).filter(scope_of(user).schools())
    row = queries.rows_on("students", day, county_code).filter(key=student_key)
    identity = row.filter(school_code__in=schools.values("school_code")).values_list("pk", flat=True).first()
    if identity is None:
        return ""
    return f"{reverse('student', args=[identity])}?county={county_code}&on={day}"
