"""工作台: what waits for this account, and how the county's registers stand."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bureau.pages.access import SignedIn, page
from bureau.pages.context import show


@page()
def home(request: SignedIn) -> HttpResponse:
    """The first page after signing in."""
    return show(request, "home.html", title=_("工作台"))
