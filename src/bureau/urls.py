"""Every address of the site."""

from allauth.account import views as allauth
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, URLResolver, path

from bureau.pages import account, errors, home, log, people, sign_in
from bureau.pages.access import open_page, page

handler403 = errors.denied
handler404 = errors.not_found

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("account/", account.show, name="account"),
    path("account/language/", account.language, name="set_language"),
    path("account/login/", open_page(sign_in.SignInPage.as_view()), name="account_login"),
    path("account/logout/", open_page(allauth.logout), name="account_logout"),
    path("account/inactive/", open_page(allauth.account_inactive), name="account_inactive"),
    path("account/confirm/", page()(allauth.reauthenticate), name="account_reauthenticate"),
    path("account/password/", page()(allauth.password_change), name="account_change_password"),
    path("account/second-factor/", page()(second_factor.index), name="mfa_index"),
    path("account/second-factor/enter/", open_page(second_factor.authenticate), name="mfa_authenticate"),
    path("account/second-factor/confirm/", page()(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("account/second-factor/on/", page()(totp.activate_totp), name="mfa_activate_totp"),
    path("account/second-factor/off/", page()(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/second-factor/codes/", page()(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/second-factor/codes/new/",
        page()(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("accounts/", people.accounts, name="accounts"),
    path("accounts/new/", people.create, name="account-new"),
    path("accounts/<int:pk>/", people.edit, name="account-edit"),
    path("accounts/<int:pk>/change/", people.change, name="account-change"),
    path("accounts/<int:pk>/switch/", people.switch, name="account-switch"),
    path("accounts/<int:pk>/reset/", people.reset, name="account-reset"),
    path("roles/", people.roles, name="roles"),
    path("areas/", people.areas, name="areas"),
    path("log/", log.log, name="log"),
    path("log/check/", log.check, name="log-check"),
    path("log/lines/", log.export_lines, name="log-lines"),
]
