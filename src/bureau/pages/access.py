"""谁能打开哪一页: every view says here who may open it; a test walks every address with every role."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from bureau.people.models import User
from bureau.people.rules import MAY, ROLES, Permission, why_not

P = ParamSpec("P")
EVERY_ROLE = frozenset(ROLES)


class SignedIn(HttpRequest):
    """A request whose user is known to be signed in and to have one of the page's roles."""

    user: User


@dataclass(frozen=True, slots=True)
class Access:
    """谁能打开: `roles` may; `sentence` says to the others why not. An open page needs no account."""

    roles: frozenset[str]
    permission: Permission | None = None
    open: bool = False

    def why_not(self, role: str) -> str | None:
        """None, or the sentence of the refusal."""
        if role in self.roles:
            return None
        if self.permission:
            return why_not(role, self.permission)
        able = "、".join(ROLES[name] for name in ROLES if name in self.roles)
        return _("“%(role)s”不能打开这一页；可以的角色：%(able)s") % {
            "role": ROLES.get(role, ""),
            "able": able,
        }


def page(
    permission: Permission | None = None, *, roles: Collection[str] = EVERY_ROLE, but: Collection[str] = ()
) -> Callable[
    [Callable[Concatenate[SignedIn, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Mark a view as a page for those who have the permission (or one of the roles), without those in `but`."""
    able = frozenset(role for role in MAY if permission in MAY[role]) if permission else EVERY_ROLE
    access = Access(
        (able & frozenset(roles)) - frozenset(but), permission if roles is EVERY_ROLE and not but else None
    )

    def decorate(
        view: Callable[Concatenate[SignedIn, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not isinstance(request.user, User) or not request.user.is_active:
                return to_sign_in(request)
            refusal = access.why_not(request.user.role)
            if refusal:
                return refused(request, refusal)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        checked.access = access  # type: ignore[attr-defined]
        return checked

    return decorate


def open_page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Mark a view as open to everybody, signed in or not."""
    view.access = Access(EVERY_ROLE, open=True)  # type: ignore[attr-defined]
    # Django's own mark: SignInRequired turns away strangers from every view without it.
    view.login_required = False  # type: ignore[attr-defined]
    view.login_required = False  # type: ignore[attr-defined]
    return view


def access_of(view: object) -> Access | None:
    """Who may open a view; None when nobody said."""
    found = getattr(view, "access", None)
    return found if isinstance(found, Access) else None


@cache
def _views() -> dict[str, object]:
    """The view of each address name."""
    found: dict[str, object] = {}
    todo: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    while todo:
        one = todo.pop()
        if isinstance(one, URLResolver):
            todo += one.url_patterns
        elif one.name:
            found[one.name] = one.callback
    return found


def opens(name: str, role: str) -> bool:
    """能打开吗: whether a role may open the page of this name; a link that ends in a refusal is not shown."""
    access = access_of(_views().get(name))
    return access is None or access.why_not(role) is None


def leads_on(address: str, role: str) -> bool:
    """As `opens`, of an address with what its page is about."""
    try:
        access = access_of(resolve(address.partition("?")[0].partition("#")[0]).func)
    except Resolver404:
        return False
    return access is None or access.why_not(role) is None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back here afterwards."""
    target = request.headers.get("HX-Current-URL") or request.get_full_path()
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}"
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
    return HttpResponseRedirect(address)


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """403 as a page with a sentence."""
    return render(request, "403.html", {"sentence": sentence, "title": _("没有权限")}, status=403)


def not_found(sentence: str) -> Http404:
    """404 with a sentence, to be raised; outside one's area and absent look the same."""
    return Http404(sentence)
