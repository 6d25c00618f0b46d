"""稍后给出: a page's answer that would take longer than two seconds is made by the worker, who asks the same address again."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language

from bureau.pages.access import SignedIn
from bureau.pages.sign_in import client_address
from bureau.work import downloads
from bureau.work.making import make_download

# Measured: fewer rows than this are exported, and fewer checked again for comments, in less than two seconds.
LARGE = 8_000
# What the worker must know of the session to find the same list.
CHOSEN = ("county", "on", "tables")


def takes_long(request: HttpRequest, rows: int) -> bool:
    """Whether to answer with `later`; never when it is the worker who asks."""
    return rows > LARGE and not hasattr(request, "making")


def tell(request: HttpRequest) -> Callable[[float], None]:
    """Where to say how far the answer is (0 to 1); nowhere when nobody watches."""
    making: Callable[[float], None] = getattr(request, "making", lambda share: None)
    return making


def later(request: SignedIn, *, title: str, rows: int | None) -> HttpResponse:
    """Have the worker ask for this address; to the page that shows how far it is."""
    row, new = downloads.ask(
        by=request.user,
        title=title,
        rows=rows,
        address=request.get_full_path(),
        chosen={name: request.session[name] for name in CHOSEN if name in request.session},
        language=get_language() or "zh-hans",
        client=client_address(request),
        at=now(),
    )
    if new:
        make_download.enqueue(row.pk)
    return HttpResponseRedirect(reverse("download", args=[row.pk]))
