"""我的账号: who I am here, my password, my second factor, my language."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.log import queries as log
from bureau.pages.access import SignedIn, open_page, page
from bureau.pages.context import show as show_page
from bureau.people import rules


@require_GET
@page()
def show(request: SignedIn) -> HttpResponse:
    """What I may do, and my last sign-ins, so that a stranger's would be noticed."""
    user = request.user
    return show_page(
        request,
        "account/show.html",
        title=_("我的账号"),
        role=rules.ROLES[user.role],
        may=[words for permission, words in rules.WORDS.items() if rules.may(user.role, permission)],
        second_factor=Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
        second_factor_required=user.role in settings.MFA_REQUIRED,
        sign_ins=log.sign_ins(user.username)[:5],
        session_minutes=settings.SESSION_COOKIE_AGE // 60,
        languages=settings.LANGUAGES,
    )


@require_POST
@open_page
def language(request: HttpRequest) -> HttpResponse:
    """语言: kept in a cookie for a year, because it belongs to the desk rather than to the data."""
    code, to = request.POST.get("language", ""), request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        to, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = redirect(to if safe else "/")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=365 * 24 * 3600,
            httponly=True,
            secure=request.is_secure(),
            samesite="Lax",
        )
    return response
