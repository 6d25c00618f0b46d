"""核对队列: one card at a time by keyboard; the next cards come before they are needed. A desk for doubtful pairs, one for the second person, for the
missing list and for the sample of automatic links."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.links import queries
from bureau.links.models import Link
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.pairs_card import Card, cards
from bureau.pages.record import REASONS
from bureau.pages.registers import in_force, source_words
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, may

BATCH = 5


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk of the queue."""

    code: str
    title: str
    left: int
    address: str
    here: bool


def titles() -> dict[str, str]:
    """The desks in words."""
    return {"check": _("待核对"), "second": _("待我复核"), "missing": _("未对上（看最像的）"), "sample": _("抽查自动对上的")}  # fmt: skip


@require_GET
@page(Permission.CHECK_MATCHES)
def queue(request: SignedIn) -> HttpResponse:
    """The first cards of a desk; the script asks for more and sends decisions."""
    name, source = _asked(request)
    links = _links(request, source)
    found = queries.desk(links, name, user=request.user)
    first = _cards(request, _first(links, found))
    words, names = titles(), source_words()
    present = {one.source for one in in_force(current(request))}

    def address(desk: str) -> str:
        return f"{reverse('pairs')}?desk={desk}" + (f"&source={source}" if source else "")

    desks = [
        Desk(
            code,
            words[code],
            queries.desk(links, code, user=request.user).count(),
            address(code),
            code == name,
        )
        for code in words
    ]
    return show(
        request,
        "links/queue.html",
        title=_("核对：%(desk)s") % {"desk": words[name]},
        crumbs=[(_("名册比对"), reverse("registers"))],
        cards=first,
        desk=name,
        desks=desks,
        source=source,
        sources=[(code, words) for code, words in names.items() if code in present],
        left=next(one.left for one in desks if one.here),
        may_decide=may(request.user.role, Permission.MATCH_REGISTERS),
    )


@require_GET
@page(Permission.CHECK_MATCHES)
def more_cards(request: SignedIn) -> HttpResponse:
    """Further cards of the desk, without those that the page already holds (`?seen=`); or one card again (`?only=`)."""
    name, source = _asked(request)
    seen = [int(part) for part in request.GET.get("seen", "").split(",") if part.isdigit() and len(part) < 16]
    only = request.GET.get("only", "")
    if only.isdecimal() and len(only) < 16:
        found_cards = _cards(request, [found_link(request, int(only))])
    else:
        links = _links(request, source)
        found = queries.desk(links, name, user=request.user).exclude(pk__in=seen[-500:])
        found_cards = _cards(request, _first(links, found))
    return render(
        request,
        "links/cards.html",
        {
            "cards": found_cards,
            "desk": name,
            "hidden": True,
            "may_decide": may(request.user.role, Permission.MATCH_REGISTERS),
        },
    )


@require_GET
@page(Permission.SEE_AID)
def one_pair(request: SignedIn, pk: int) -> HttpResponse:
    """One line with its pupil, its decisions so far and what may be done."""
    return pair_page(request, found_link(request, pk))


def pair_page(request: SignedIn, link: Link, *, clear: bool = False, problem: str = "") -> HttpResponse:
    """The page of one pair; `clear` shows numbers for this answer only."""
    (card,) = _cards(request, [link], clear=clear)
    earlier = queries.decisions_of(link)
    return show(
        request,
        "links/pair.html",
        title=_("%(name)s：名册第 %(place)s 行") % {"name": link.line.name or _("（没有姓名）"), "place": link.line.place},
        crumbs=[(_("名册比对"), reverse("registers"))],
        card=card,
        earlier=earlier,
        clear=clear,
        problem=problem,
        reasons=REASONS,
        can_reveal=may(request.user.role, Permission.REVEAL),
        may_decide=may(request.user.role, Permission.MATCH_REGISTERS)
        and queries.in_county(request.user, link.of.county_code),
        status=422 if problem else 200,
    )  # fmt: skip


def found_link(request: SignedIn, pk: int) -> Link:
    """The link, or 404 when the account may not see it."""
    here = current(request)
    found = queries.links_for(request.user, here.county_code).filter(pk=pk)
    link = found.select_related("line", "of", "decision__by", "decision__second").first()
    if link is None:
        raise not_found(_("没有这一行，或它不在您的辖区；名册重新比对后请从名单重新打开。"))
    return link


def _asked(request: SignedIn) -> tuple[str, str]:
    name = request.GET.get("desk", "check")
    source = request.GET.get("source", "")
    return (name if name in queries.DESKS else "check"), (source if source in source_words() else "")


def _links(request: SignedIn, source: str) -> QuerySet[Link]:
    here = current(request)
    registers = in_force(here)
    wanted = [one for one in registers if source in ("", one.source)]
    links = queries.links_for(request.user, here.county_code, wanted)
    return links.select_related("line", "of", "decision__by")


def _first(links: QuerySet[Link], found: QuerySet[Link]) -> list[Link]:
    """The most urgent pairs: found by the index alone, then read with their lines."""
    wanted = list(found.values_list("pk", flat=True)[:BATCH])
    rows = {link.pk: link for link in links.filter(pk__in=wanted)}
    return [rows[pk] for pk in wanted if pk in rows]


def _cards(request: SignedIn, links: list[Link], *, clear: bool = False) -> list[Card]:
    """The cards, with one line in the log for the children that are shown."""
    here = current(request)
    if links:
        read_access(
            by=request.user,
            verb=Verb.VIEW,
            obj=("pairs", here.county_code),
            detail={"lines": [link.pk for link in links], "pupils": [link.student_key or link.near_key for link in links]},
            at=now(),
            address=client_address(request),
        )  # fmt: skip
    return cards(
        links, county_code=here.county_code, day=here.on or localdate(), role=request.user.role, by=request.user.pk, clear=clear
    )  # fmt: skip
