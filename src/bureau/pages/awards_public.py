"""公示页: lists whose days are running, for everybody; name, school, grade and class, nothing else. Gone by itself."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bureau.pages.access import open_page
from bureau.payments import award_queries as queries
from bureau.payments import publication
from bureau.payments.award_rules import PUBLIC_FIELDS
from bureau.payments.models import AwardRound
from bureau.people.models import Area
from bureau.people.rules import Refused

A_PAGE = 200


def _shown(request: HttpRequest, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    answer = render(request, template, {"demo": settings.DEMO, **context}, status=status)
    # A list that is gone after its days must not live on in a search engine or a cache.
    answer.headers["X-Robots-Tag"] = "noindex, noarchive"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@require_GET
@open_page
def listing(request: HttpRequest) -> HttpResponse:
    """公示中的名单."""
    rounds = list(queries.published_rounds(today=localdate()).order_by("county_code", "-id"))
    names = dict(
        Area.objects.filter(code__in={one.county_code for one in rounds}).values_list("code", "name")
    )
    return _shown(
        request,
        "payments/public_list.html",
        title=_("资助名单公示"),
        rounds=[(one, names.get(one.county_code, one.county_code)) for one in rounds],
    )


def _running(pk: int) -> AwardRound:
    found = queries.published_rounds(today=localdate()).filter(pk=pk).first()
    if found is None:
        raise Http404(_("这份名单不在公示期内。公示期满后名单自动撤下。"))
    return found


@require_GET
@open_page
def one_round(request: HttpRequest, pk: int) -> HttpResponse:
    """一份名单; `?q=` finds a name or a school."""
    return _page(request, _running(pk))


def _page(request: HttpRequest, one: AwardRound, *, problem: str = "", sent: bool = False) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:40]
    rows = queries.in_class_order(queries.published_awards(one))
    if asked:
        rows = rows.filter(person_name=asked) | rows.filter(school_name__contains=asked)
    pages = Paginator(rows.values(*PUBLIC_FIELDS), A_PAGE)
    area = Area.objects.filter(code=one.county_code).first()
    return _shown(
        request,
        "payments/public_round.html",
        title=one.title,
        round=one,
        county=area.name if area else "",
        teachers=one.person_kind == "teacher",
        page=pages.get_page(request.GET.get("page")),
        asked=asked,
        problem=problem,
        sent=sent,
        typed=request.POST if problem else {},
        status=422 if problem else 200,
    )


@require_http_methods(["POST"])
@open_page
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    """提异议, without an account; so many an hour from one address."""
    one = _running(pk)
    try:
        publication.object_to(
            round=one,
            award=None,
            about=request.POST.get("about", ""),
            text=request.POST.get("text", ""),
            name=request.POST.get("name", ""),
            contact=request.POST.get("contact", ""),
            by=None,
            at=now(),
            today=localdate(),
            address=get_adapter(request).get_client_ip(request) or "unknown",
        )
    except Refused as refusal:
        return _page(request, one, problem=str(refusal))
    return _page(request, one, sent=True)
