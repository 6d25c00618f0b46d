"""二维码卡: sheets of household cards for a school, class or village; each opens its children's files for those who may see them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.http.request import split_domain_port, validate_host
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.entitlements import cards, rules
from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.classes import class_name
from bureau.pages.context import Page, current, show
from bureau.pages.export import download
from bureau.pages.later import later, tell
from bureau.pages.people_columns import school_names
from bureau.pages.remember import remembered
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, Refused, may
from bureau.registry.bulk import chunks
from junheng.documents.cards import A_SHEET, Card, Child, cards_pdf
from junheng.documents.official.fonts import NoChineseFont

# More cards than this take longer than two seconds.
_AT_ONCE = 120
_IN_SCHOOL = "在读"
_PRINTED = ("key", "person_name", "school_code", "grade", "class_number")


def _chosen(request: SignedIn) -> dict[str, str]:
    asked = request.POST if request.method == "POST" else request.GET
    return {name: str(asked.get(name, ""))[:60] for name in ("school", "grade", "number", "village")}


def _pupils(request: SignedIn, chosen: Mapping[str, str]) -> QuerySet[Any, Any]:
    """The pupils asked for; those of a household one after another within a village."""
    here = current(request)
    found = here.rows("students").filter(enrolment_status=_IN_SCHOOL)
    if not chosen["school"] and not chosen["village"]:
        return found.none()
    if chosen["school"]:
        found = found.filter(school_code=chosen["school"])
    if chosen["grade"]:
        found = found.filter(grade=chosen["grade"])
    if chosen["number"].isdecimal():
        found = found.filter(class_number=int(chosen["number"]))
    if chosen["village"]:
        return found.filter(home_village=chosen["village"]).order_by("guardian_id_lookup", "pinyin", "key")
    return found.order_by("school_code", "grade", "class_number", "pinyin", "key")


@page(Permission.SEE_CHILDREN)
def listing(request: SignedIn) -> HttpResponseBase:
    """Choose a school, class or village; see who is meant and who has a card."""
    here, chosen = current(request), _chosen(request)
    names = school_names(here)
    if len(names) == 1 and not chosen["village"]:
        chosen["school"] = next(iter(names))
    pupils = _pupils(request, chosen)
    given: set[str] = set()
    shown_rows: list[dict[str, Any]] = []

    def fill(rows: list[dict[str, Any]]) -> None:
        given.update(cards.holders(here.county_code, [row["key"] for row in rows]))
        shown_rows.extend(rows)
        for row in rows:
            row["school_name"] = names.get(row["school_code"], row["school_code"])
            row["class_name"] = class_name({"grade": row["grade"], "class_number": row["class_number"]})
            row["card"] = _("已有卡") if row["key"] in given else _("还没有")

    table = Table(
        request,
        "cards",
        (
            Column("person_name", _("姓名"), link=lambda row: reverse("student", args=[row["id"]])),
            Column("school_name", _("学校"), computed=True),
            Column("class_name", _("班级"), computed=True),
            Column("home_village", _("现住村")),
            Column("card", _("二维码卡"), computed=True),
        ),
        pupils,
        what=_("名学生"),
        extra=("key", "school_code", "grade", "class_number"),
        fill=fill,
        can_export=False,
        empty=_("请先选择学校或村。"),
        caption=_("要印卡的学生"),
    )
    shown_lines = len(table.lines)  # fills `given` and `shown_rows`
    base = here.rows("students").filter(enrolment_status=_IN_SCHOOL)
    villages: list[str] = remembered(
        here.version("students"),
        f"villages {here.on} {here.scope}",
        lambda: sorted(filter(None, base.order_by().values_list("home_village", flat=True).distinct())),
    )
    of_school = base.filter(school_code=chosen["school"]) if chosen["school"] else base.none()
    classes = of_school.values_list("grade", "class_number").distinct().order_by("grade", "class_number")
    answer = show(
        request,
        "aid/cards.html",
        title=_("家庭二维码卡"),
        table=table,
        chosen=chosen,
        schools=names,
        classes=[
            (grade or "", number, class_name({"grade": grade, "class_number": number}))
            for grade, number in classes
        ],
        villages=villages,
        sheets=-(-table.count // A_SHEET),
        why_not=rules.why_not_give_cards(role=request.user.role, cards=table.count, most=cards.MOST),
        shown_pupils=[
            (row["id"], f"{row['person_name']}　{row['class_name']}")
            for row in shown_rows
            if row["key"] in given
        ],
    )
    if table.count:
        detail = {"day": here.on, "found": table.count, "shown": shown_lines, "chosen": chosen}
        read_access(by=request.user, verb=Verb.VIEW, obj=("cards", here.county_code), detail=detail, at=now(), address=client_address(request))  # fmt: skip
    return answer


@require_POST
@page(Permission.SEE_CHILDREN)
def give(request: SignedIn) -> HttpResponse:
    """Tokens for those who have none yet; then the sheets."""
    here, chosen = current(request), _chosen(request)
    keys = list(_pupils(request, chosen).values_list("key", flat=True)[: cards.MOST + 1])
    try:
        cards.give(county_code=here.county_code, student_keys=keys, day=here.on, by=request.user, at=now(), address=client_address(request))  # fmt: skip
    except Refused as refusal:
        return _back(request, chosen, str(refusal))
    # The worker who makes a long file knows of no request, so the address names the site.
    site = f"{request.scheme}://{request.get_host()}"
    return HttpResponseRedirect(f"{reverse('cards-print')}?{urlencode({**chosen, 'site': site})}")


@page(Permission.SEE_CHILDREN)
def sheets(request: SignedIn) -> HttpResponse:
    """The sheets as PDF; long ones are made by the worker."""
    here, chosen = current(request), _chosen(request)
    rows = list(_pupils(request, chosen).values(*_PRINTED)[: cards.MOST])
    refusal = rules.why_not_give_cards(role=request.user.role, cards=len(rows), most=cards.MOST)
    if refusal:
        return _back(request, chosen, refusal)
    if len(rows) > _AT_ONCE and not hasattr(request, "making"):
        return later(request, title=f"{here.county_name}{_('家庭二维码卡')}", rows=len(rows))
    made, children = _printed(here, rows, _site(request))
    if not made:
        return _back(request, chosen, _("这些学生还没有卡，请点“生成卡片”。"))
    try:
        content = cards_pdf(
            made,
            title=_("家庭二维码卡"),
            footer=_("演示数据") if settings.DEMO else "",
            progress=tell(request),
        )
    except NoChineseFont as error:
        return _back(request, chosen, str(error))
    read_access(by=request.user, verb=Verb.EXPORT, obj=("cards", here.county_code), detail={"children": children, "cards": len(made), "chosen": chosen}, at=now(), address=client_address(request))  # fmt: skip
    return download(content, f"{here.county_name}{_('家庭二维码卡')}.pdf", "application/pdf")


def _printed(here: Page, rows: list[dict[str, Any]], site: str) -> tuple[list[Card], int]:
    """(one card a household, in the order of the pupils asked for; children on them): brothers and sisters of other classes
    and schools stand on it as far as the account sees them."""
    names = school_names(here)
    known = {row["key"]: row for row in rows}
    tokens = cards.tokens_of(here.county_code, known)
    others = [key for key in cards.beside(here.county_code, tokens) if key not in known]
    for part in chunks(others, 500):
        siblings = here.rows("students").filter(enrolment_status=_IN_SCHOOL, key__in=part)
        known |= {row["key"]: row for row in siblings.values(*_PRINTED)}
    tokens |= cards.tokens_of(here.county_code, [key for key in others if key in known])
    households: dict[str, list[Child]] = {}
    for key, row in known.items():
        if key in tokens:
            child = Child(row["person_name"], names.get(row["school_code"], ""), class_name(row))
            households.setdefault(tokens[key], []).append(child)
    made = [
        Card(tuple(children), f"{site}{reverse('phone-card', args=[token])}", token)
        for token, children in households.items()
    ]
    return made, sum(len(card.children) for card in made)


def _back(request: SignedIn, chosen: Mapping[str, str], sentence: str) -> HttpResponse:
    """To the page where pupils are chosen, with what is wrong; the worker has nobody to tell, and its file is not made."""
    if not hasattr(request, "making"):
        messages.error(request, sentence)
    return HttpResponseRedirect(f"{reverse('cards')}?{urlencode(chosen)}")


def _site(request: SignedIn) -> str:
    """Scheme and host to print, as the page that asked for the cards had them."""
    scheme, _colon, host = request.GET.get("site", "").partition("://")
    domain, _port = split_domain_port(host)
    if (
        scheme in ("http", "https")
        and domain
        and validate_host(domain, settings.ALLOWED_HOSTS or ["localhost", "127.0.0.1"])
    ):
        return f"{scheme}://{host}"
    if hasattr(request, "making"):
        raise not_found(_("没有这个网站地址。"))
    return f"{request.scheme}://{request.get_host()}"


@require_POST
@page(Permission.SEE_CHILDREN)
def renew(request: SignedIn) -> HttpResponse:
    """A lost card opens nothing any more; a new one is printed."""
    here, chosen = current(request), _chosen(request)
    asked = request.POST.get("identity", "")
    identity = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    key = here.rows("students").filter(pk=identity).values_list("key", flat=True).first()
    if key is None:
        raise not_found(_("没有这名学生，或不在您的辖区。"))
    try:
        cards.renew(county_code=here.county_code, student_key=key, reason=request.POST.get("reason", ""), day=here.on, by=request.user, at=now(), address=client_address(request))  # fmt: skip
        messages.success(request, _("已换发，旧卡从现在起打不开；请重新印这张卡"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(f"{reverse('cards')}?{urlencode(chosen)}")


@page(Permission.SEE_CHILDREN)
def household(request: SignedIn, token: str) -> HttpResponse:
    """The children of one card, those that the account sees; where there is only one, its file at once. Each look is logged."""
    here, found = current(request), cards.children_of(token)
    if found is None or found[0] != here.county_code:
        raise not_found(_("您的账号看不到这张卡的内容：卡片可能已经换发，或学生不在您的辖区。"))
    names = school_names(here)
    rows = list(
        here.rows("students")
        .filter(key__in=found[1], school_code__in=names)
        .values("id", "key", "person_name", "school_code", "grade", "class_number", "enrolment_status")
    )
    if not rows:
        raise not_found(_("您的账号看不到这张卡的内容：卡片可能已经换发，或学生不在您的辖区。"))
    read_access(by=request.user, verb=Verb.VIEW, obj=("card", rows[0]["key"]), detail={"county": found[0], "children": len(rows)}, at=now(), address=client_address(request))  # fmt: skip
    if len(rows) == 1:
        return HttpResponseRedirect(f"{reverse('student', args=[rows[0]['id']])}?on={here.on}")
    return show(
        request,
        "aid/cards_household.html",
        title=_("这一户的 %(n)s 个孩子") % {"n": len(rows)},
        children=[
            {
                **row,
                "school": names[row["school_code"]],
                "class": class_name(row),
                "file": reverse("student", args=[row["id"]]),
                "aid": reverse("aid-child", args=[row["key"]]),
            }
            for row in rows
        ],
        may_aid=may(request.user.role, Permission.SEE_AID),
    )
