"""儿童卡: printable cards of the children among one's cases, one a household; its code says nothing to anybody who has not the child on the phone."""

import io
from functools import lru_cache

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

MASK = 3
A_PART = 24  # three sheets of A4


@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """Cards of A4 sheets, eight a page, three sheets at a time. The look is logged."""
    user = user_of(request)
    cases = {(one.county_code, one.subject, one.subject_key): one for one in casework.mine(user, localdate())}
    codes = queries.codes(list(cases.values()))
    # Children of one household stand on one card.
    households: dict[str, list[Case]] = {}
    for who, one in cases.items():
        households.setdefault(codes[who], []).append(one)
    parts = max(1, -(-len(households) // A_PART))
    asked = request.GET.get("part", "")
    part = min(parts, max(1, int(asked))) if asked.isdecimal() and len(asked) < 6 else 1
    chosen = list(households.items())[(part - 1) * A_PART : part * A_PART]
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
        for code, members in chosen
    ]
    read_access(
        by=user, verb=Verb.VIEW, obj=("phone_cards", user.username), detail={"cards": len(made), "children": sum(len(one["children"]) for one in made)}, at=now(),
        address=address_of(request),
    )  # fmt: skip
    return show(
        request,
        "phone/cards.html",
        title=_("儿童卡"),
        cards=made,
        all=len(households),
        part=part,
        parts=range(1, parts + 1) if parts > 1 else (),
    )


@lru_cache(maxsize=1_000)
def picture(text: str) -> str:
    """二维码 as SVG that stands in the page."""
    drawn = io.BytesIO()
    # Every mask can be read; to look for the best of the eight takes four fifths of the time.
    segno.make(text, error="m", micro=False, mask=MASK).save(
        drawn, kind="svg", scale=3, border=2, light="#ffffff", xmldecl=False, svgns=True, omitsize=True
    )
    return drawn.getvalue().decode()
