"""资助资金公开: how much each programme has paid to how many, and what came into the funds, for anybody. No person, no cookie."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau.payments import disclosure
from bureau.payments.money import yuan
from bureau.people.models import Area

# Anybody may ask as often as he likes: it is counted once in ten minutes.
SECONDS = 600


@require_safe
def funds(request: HttpRequest) -> HttpResponse:
    """一个县区的公开内容; `?county=` where there are several."""
    language = request.GET.get("lang", "")
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
    codes = cache.get_or_set("disclosure", disclosure.counties, SECONDS) or []
    names = dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
    asked = request.GET.get("county", "")
    county = asked if asked in codes else codes[0] if len(codes) == 1 else ""
    programmes, years = _told(county) if county else ([], [])
    answer = render(
        request,
        "public/funds.html",
        {
            "title": _("资助资金公开"),
            "counties": [(code, names.get(code, code)) for code in codes],
            "county": county,
            "county_name": names.get(county, ""),
            "programmes": [(one, None if one.fen is None else yuan(one.fen)) for one in programmes],
            "years": [
                (
                    one,
                    *(
                        None if fen is None else yuan(fen)
                        for fen in (one.carried, one.given, one.paid, one.held)
                    ),
                )
                for one in years
            ],
            "few": disclosure.FEW,
            "today": localdate(),
            "demo": settings.DEMO,
        },
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _told(county: str) -> tuple[list[disclosure.Programme], list[disclosure.Year]]:
    """Kept a while; a sum that is ten minutes old is still a sum of today."""
    found = cache.get_or_set(
        f"disclosure:{county}", lambda: (disclosure.programmes(county), disclosure.years(county)), SECONDS
    )
    return found or ([], [])
