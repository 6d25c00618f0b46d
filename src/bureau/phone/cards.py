"""儿童卡: printable cards of the children among one's cases, one a household; its code says nothing to anybody who has not the child on the phone."""

import io

import segno
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.cases.models import Case
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.phone import casework, queries
from bureau.phone.serving import address_of, show, user_of
from bureau.phone.shell import SHORT

MOST = 200


@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """Cards of A4 sheets, eight a page. The look is logged."""
    user = user_of(request)
    cases = {(one.county_code, one.subject, one.subject_key): one for one in casework.mine(user, localdate())}
    chosen = list(cases.items())[:MOST]
    codes = queries.codes([one for _who, one in chosen])
    # Children of one household stand on one card.
    households: dict[str, list[Case]] = {}
    for who, one in chosen:
        households.setdefault(codes[who], []).append(one)
    made = [
        {
            "children": [(one.label, one.class_name) for one in members],
            "code": code,
            "parts": [
                code[place : place + size]
                for size in [4 if len(code) > SHORT else 3]
                for place in range(0, len(code), size)
            ],
            "picture": picture(request.build_absolute_uri(f"/phone/c/{code}/")),
        }
        for code, members in households.items()
    ]
    read_access(
        by=user, verb=Verb.VIEW, obj=("phone_cards", user.username), detail={"cards": len(made), "children": len(chosen)}, at=now(),
        address=address_of(request),
    )  # fmt: skip
    return show(request, "phone/cards.html", title=_("儿童卡"), cards=made, left_out=len(cases) - len(chosen))


def picture(text: str) -> str:
    """二维码 as SVG that stands in the page."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", scale=3, border=2, light="#ffffff", xmldecl=False, svgns=True, omitsize=True
    )
    return drawn.getvalue().decode()
