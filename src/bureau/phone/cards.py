"""儿童卡: a printable card for each child among one's cases; its code says nothing to anybody who has not the child on the phone."""

import io

import segno
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.phone import casework, queries
from bureau.phone.serving import address_of, show, user_of

MOST = 200


@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """Cards of A4 sheets, eight a page. The look is logged."""
    user = user_of(request)
    cases = {(one.county_code, one.subject, one.subject_key): one for one in casework.mine(user, localdate())}
    made = []
    for (county, subject, key), one in list(cases.items())[:MOST]:
        code = queries.card(county, subject, key)
        made.append(
            {
                "name": one.label,
                "class": one.class_name,
                "code": code,
                "picture": picture(request.build_absolute_uri(f"/phone/c/{code}/")),
            }
        )
    read_access(
        by=user, verb=Verb.VIEW, obj=("phone_cards", user.username), detail={"cards": len(made)}, at=now(),
        address=address_of(request),
    )  # fmt: skip
    return show(request, "phone/cards.html", title=_("儿童卡"), cards=made, left_out=len(cases) - len(made))


def picture(text: str) -> str:
    """二维码 as SVG that stands in the page."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", scale=3, border=2, light="#ffffff", xmldecl=False, svgns=True, omitsize=True
    )
    return drawn.getvalue().decode()
