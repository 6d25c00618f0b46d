"""供餐投诉: anybody may complain of a school's meals without an account, and ask with the number how far it is.

Only what the sender types is kept: no name is asked for, no address, and no cookie is needed. What is asked by number comes by
POST, so that the number stands in no address or history.
"""

from secrets import token_bytes

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from bureau.nutrition import complaints, programme, queries, supply_rules
from bureau.nutrition.models import Complaint
from bureau.nutrition.states import COMPLAINT_WORDS
from bureau.people.models import Area
from bureau.people.rules import Refused
from bureau.public.limit import why_not_ask, why_not_send
from bureau.registry.queries import counties

TOPICS = {str(code): str(words) for code, words in Complaint.Topic.choices}


# Anybody may send anything here anyway: there is nothing to forge, and a token would need a cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """The form; and after it the number."""
    county = _county(request)
    typed = {name: request.POST.get(name, "").strip() for name in ("school", "topic", "text")}
    if request.method != "POST" or not county:
        return _shown(request, county, typed=typed)
    schools = programme.complaint_schools(county, localdate())
    problems = supply_rules.why_not_send(
        school=typed["school"] in schools, topic=typed["topic"], topics=TOPICS, text=typed["text"]
    )
    if problems:
        return _shown(request, county, typed=typed, problems=problems, status=422)
    if refusal := why_not_send(page="meals", address=_client(request), hour=int(now().timestamp()) // 3600):
        return _shown(request, county, typed=typed, refusal=refusal, status=429)
    try:
        made = complaints.send_complaint(
            county_code=county,
            school_code=typed["school"],
            topic=typed["topic"],
            text=typed["text"],
            number=supply_rules.number_of(token_bytes(8)),
            at=now(),
            today=localdate(),
        )
    except Refused as refused:
        return _shown(request, county, typed=typed, refusal=str(refused), status=422)
    return _shown(request, county, made=made, school=schools[made.school_code][0])


@csrf_exempt
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """办到哪一步 of the complaint with a number, and the answer once it is settled."""
    county, typed = _county(request), request.POST.get("number", "").strip()[:40]
    refusal = why_not_ask(page="meals", address=_client(request), minute=int(now().timestamp()) // 60)
    if refusal:
        return _shown(request, county, asked=typed, refusal=refusal, status=429)
    one = queries.complaint_of(supply_rules.bare_number(typed))
    if one is None:
        words = _("没有编号“%(number)s”的投诉，请核对 10 位数字") % {"number": typed}
        return _shown(request, county, asked=typed, unknown=words, status=404)
    school = programme.complaint_schools(one.county_code, localdate()).get(one.school_code, ("", ""))[0]
    return _shown(request, county, asked=typed, one=one, school=school)


def _shown(request: HttpRequest, county: str, *, status: int = 200, **context: object) -> HttpResponse:
    found = _counties()
    one = context.get("one")
    answer = render(
        request,
        "public/meals.html",
        {
            "title": _("学生用餐投诉"),
            "demo": settings.DEMO,
            "county": county,
            "county_name": found.get(county, ""),
            "counties": found,
            "schools": _schools(county) if county and not context.get("made") else [],
            "topics": [(code, _(words)) for code, words in TOPICS.items()],
            "days": programme.complaint_days(county)[0] if county else 0,
            "longest": supply_rules.LONGEST_TEXT,
            "state": _(COMPLAINT_WORDS[one.state]) if isinstance(one, Complaint) else "",
            "topic": _(TOPICS[one.topic]) if isinstance(one, Complaint) else "",
            **context,
        },
        status=status,
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _client(request: HttpRequest) -> str:
    return get_adapter(request).get_client_ip(request) or ""


def _counties() -> dict[str, str]:
    """{code: name} of the counties with schools."""
    return dict(Area.objects.filter(code__in=counties(), kind="county").values_list("code", "name"))


def _county(request: HttpRequest) -> str:
    """The county asked for, or the only one; "" while it must be chosen."""
    found = _counties()
    asked = request.POST.get("county") or request.GET.get("county", "")
    return asked if asked in found else next(iter(found)) if len(found) == 1 else ""


def _schools(county: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """[(township, [(code, name)])] in the order of the register."""
    towns = dict(Area.objects.filter(kind="township", code__startswith=county).values_list("code", "name"))
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, (name, township) in programme.complaint_schools(county, localdate()).items():
        groups.setdefault(towns.get(township, ""), []).append((code, name))
    return list(groups.items())
