"""Every address of the site."""

from allauth.account import views as allauth
from django.urls import URLPattern, URLResolver, include, path

from bureau.pages import account, sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", account.show, name="account"),
    path("account/language/", account.language, name="set_language"),
    path("account/login/", sign_in.SignInPage.as_view(), name="account_login"),
    path("account/logout/", allauth.logout, name="account_logout"),
    path("account/inactive/", allauth.account_inactive, name="account_inactive"),
    path("account/confirm/", allauth.reauthenticate, name="account_reauthenticate"),
    path("account/password/", allauth.password_change, name="account_change_password"),
    path("account/second-factor/", include("allauth.mfa.urls")),
]
