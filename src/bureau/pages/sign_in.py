"""登录: lock-out, time-out, second factor, initial passwords, and the demo accounts on the sign-in page."""

import base64
import io
from collections.abc import Callable
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LoginView
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people import actions, demo, queries, rules, secret, signing_in
from bureau.people.models import User

# How often a click prolongs the session: each prolongation is a write to the database.
TOUCH_SECONDS = 60


def client_address(request: HttpRequest) -> str:
    """来源地址 for the log; behind a proxy of one's own see the setting TRUSTED_PROXIES."""
    address: str = SignIn(request).get_client_ip(request)
    return address


class SignIn(DefaultAccountAdapter):  # type: ignore[misc]
    """How allauth asks us: no sign-up, lock-out in the database, every sign-in logged."""

    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy(
            "用户名或密码不对，请核对后再试；连续输错 5 次会锁定 15 分钟"
        ),
        "incorrect_password": gettext_lazy("密码不对，请核对后再试"),
        "enter_current_password": gettext_lazy("现在的密码不对，请核对后再试"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        until = queries.locked_until(
            username=credentials.get("username", ""), address=self.get_client_ip(request)
        )
        refusal = rules.why_not_sign_in(locked_until=until and localtime(until), now=localtime(now()))
        if refusal:
            raise ValidationError(refusal)

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        until = signing_in.record_failure(
            username=credentials.get("username", ""), address=self.get_client_ip(request), at=now()
        )
        if until:
            raise ValidationError(
                rules.why_not_sign_in(locked_until=localtime(until), now=localtime(now())) or ""
            )

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        signing_in.record_sign_in(account=user, at=now(), address=self.get_client_ip(request))
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def logout(self, request: HttpRequest) -> None:
        user, address = request.user, self.get_client_ip(request)
        if isinstance(user, User):
            write(by=user, verb=Verb.SIGN_OUT, obj=("account", user.username), at=now(), address=address)
        super().logout(request)

    def clean_password(self, password: str, user: User | None = None) -> str:
        if user and user.check_password(password):
            raise ValidationError(_("新密码不能与现在的密码相同"))
        cleaned: str = super().clean_password(password, user=user)
        return cleaned

    def set_password(self, user: User, password: str) -> None:
        address = self.get_client_ip(self.request) if self.request else ""
        actions.change_own_password(account=user, password=password, at=now(), address=address)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """allauth tells the person by e-mail about a change of the second factor; here it is the log's to know."""
        verbs = {
            "mfa/email/totp_activated": Verb.ADD_SECOND_FACTOR,
            "mfa/email/totp_deactivated": Verb.REMOVE_SECOND_FACTOR,
        }
        if template_prefix in verbs:
            address = self.get_client_ip(self.request) if self.request else ""
            obj = ("account", user.username)
            write(by=user, verb=verbs[template_prefix], obj=obj, at=now(), address=address)


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets sealed at rest; the QR code drawn here, not by a web service."""

    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("验证码不对；每个验证码只有半分钟有效，请看手机上现在显示的"),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(secret.seal(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return secret.unseal(base64.b64decode(encrypted_text))

    def build_totp_svg(self, url: str) -> str:
        picture = io.BytesIO()
        segno.make(url, error="m").save(
            picture, kind="svg", scale=5, border=3, light="#ffffff", xmldecl=False
        )
        return picture.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return authenticator.user.role not in settings.MFA_REQUIRED


class SignInPage(LoginView):  # type: ignore[misc]
    """登录页."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Past LoginView's own, which adds addresses for signing up and for codes by e-mail.
        context: dict[str, Any] = super(LoginView, self).get_context_data(**kwargs)
        if settings.DEMO:
            # An account made since, on the accounts page, has a password of its own.
            made = queries.accounts(active=True).filter(must_change_password=False)
            context["demo_accounts"] = made.order_by("id")
            context["demo_password"] = demo.DEMO_PASSWORD
            context["roles"] = rules.ROLES
        return context


class SignInRequired(LoginRequiredMiddleware):
    """A part of a page asked for after the time-out sends the whole page to the sign-in page, not the part."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        if getattr(request, "htmx", False):
            address = f"{reverse('account_login')}?next={request.htmx.current_url_abs_path or '/'}"  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(address)
        return super().handle_no_permission(request, view_func)


class Gate:
    """What must be done before anything else: change the initial password, then set up the second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if isinstance(user, User) and not request.path.startswith(reverse("account")):
            if user.must_change_password and not settings.DEMO:
                messages.warning(request, _("这是初始密码，请先改成自己的密码"))
                return redirect("account_change_password")
            if user.role in settings.MFA_REQUIRED and not self._has_second_factor(request, user):
                messages.warning(request, _("您的角色须使用双因素认证，请先用手机上的验证器扫码"))
                return redirect("mfa_activate_totp")
        if isinstance(user, User):
            self._prolong(request)
        return self.get_response(request)

    def _has_second_factor(self, request: HttpRequest, user: User) -> bool:
        if not request.session.get("second_factor"):
            types = [Authenticator.Type.TOTP]
            request.session["second_factor"] = SecondFactor().is_mfa_enabled(user, types=types)
        return bool(request.session["second_factor"])

    def _prolong(self, request: HttpRequest) -> None:
        seconds = int(now().timestamp())
        if seconds - request.session.get("seen", 0) >= TOUCH_SECONDS:
            request.session["seen"] = seconds
