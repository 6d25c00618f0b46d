"""异议: what was said against published awards, by staff or from the public page, and how it was handled."""

from typing import Any

from django.db.models import Case, When
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.awards_round import found_round
from bureau.pages.awards_shared import BUREAU_ONLY, looked, performed
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.payments import award_queries as queries
from bureau.payments import award_rules as rules
from bureau.payments import publication
from bureau.payments.models import Award, Objection
from bureau.people.rules import Permission, Refused, why_not
from bureau.people.secret import unseal

WORDS = {"": "待处理", "True": "成立", "False": "不成立"}


def _address(row: Row) -> str:
    return reverse("objection", args=[row["id"]])


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def listing(request: SignedIn) -> HttpResponseBase:
    """全部异议, open ones first."""
    here = current(request)
    rows = Objection.objects.filter(round__county_code=here.county_code)
    rows = rows.annotate(settled=Case(When(upheld=None, then=0), default=1))

    def fill(lines: list[dict[str, Any]]) -> None:
        for line in lines:
            line["standing"] = WORDS[str(line["upheld"]) if line["upheld"] is not None else ""]
            line["whom"] = line["award__person_name"] or line["about"] or _("（没有指明）")

    table = Table(
        request,
        "objections",
        (
            Column("at", _("时间"), kind="time"),
            Column("round__title", _("名单"), link=_address),
            Column("whom", _("涉及的人"), computed=True),
            Column("text", _("内容"), sort=None, text=lambda row: row["text"][:60]),
            Column(
                "public",
                _("来源"),
                codes={"True": _("公示页"), "False": _("工作人员登记")},
                text=lambda row: _("公示页") if row["public"] else _("工作人员登记"),
            ),
            Column("standing", _("处理"), kind="verdict", computed=True),
        ),
        rows,
        what=_("条"),
        search=("text", "about", "award__person_name", "round__title"),
        search_hint=_("内容、姓名、名单"),
        order="settled,-at",
        extra=("upheld", "about", "award__person_name"),
        row_link=_address,
        fill=fill,
        empty=_("没有异议。公示期内，公示页和工作人员都可以提。"),
        caption=_("异议"),
    )
    if table.wants_export:
        return export(request, table, title=_("公示异议"))
    return show(
        request,
        "payments/objections.html",
        title=_("公示异议"),
        crumbs=[(_("评审与公示"), reverse("awards"))],
        table=table,
    )


def _found(request: SignedIn, pk: int) -> Objection:
    found = Objection.objects.filter(pk=pk, round__county_code=current(request).county_code)
    one = found.select_related("round", "award", "received_by", "handled_by").first()
    if one is None:
        raise not_found(_("没有这条异议。"))
    return one


@require_GET
@page(Permission.SEE_AID, but=BUREAU_ONLY)
def objection(request: SignedIn, pk: int) -> HttpResponse:
    """一条异议."""
    one, by = _found(request, pk), request.user
    looked(request, ("objection", str(pk)), {"award": one.award_id})
    wanted = request.GET.get("name", "").strip()
    candidates = one.round.awards.filter(person_name__contains=wanted)[:20] if wanted else []
    return show(
        request,
        "payments/objection.html",
        title=_("异议"),
        crumbs=[(_("评审与公示"), reverse("awards")), (_("公示异议"), reverse("objections"))],
        objection=one,
        standing=WORDS[str(one.upheld) if one.upheld is not None else ""],
        contact="" if why_not(by.role, Permission.REVIEW_AWARDS) else unseal(one.contact),
        wanted=wanted,
        candidates=candidates,
        why_not=rules.why_not_handle(
            role=by.role,
            handled=one.upheld is not None,
            answer="-",
            reviewed=publication.reviewed(one, by),
            upheld=False,
            known=True,
        ),
    )


@require_POST
@page(Permission.REVIEW_AWARDS)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """指明, 成立, 不成立."""
    one, by, at, address = _found(request, pk), request.user, now(), client_address(request)
    to = reverse("objection", args=[pk])
    if action == "name":
        return performed(
            request,
            lambda: publication.name_award(
                objection=one, award=_award(request, one), by=by, at=at, address=address
            ),
            _("已指明"),
            to,
        )
    if action not in ("uphold", "dismiss"):
        raise not_found(_("没有这个操作。"))
    answer = request.POST.get("answer", "")
    return performed(
        request,
        lambda: publication.handle(
            objection=one, upheld=action == "uphold", answer=answer, by=by, at=at, address=address
        ),
        _("已处理"),
        to,
    )


def _award(request: SignedIn, one: Objection) -> Award:
    typed = request.POST.get("award", "")
    found = one.round.awards.filter(pk=int(typed) if typed.isdecimal() and len(typed) < 12 else 0).first()
    if found is None:
        raise Refused("请选择名单里的一位")
    return found


@require_POST
@page(Permission.REPORT_AID)
def record(request: SignedIn, pk: int) -> HttpResponse:
    """登记收到的异议, for who came or called."""
    one = found_round(request, pk)
    name = request.POST.get("about", "").strip()
    same = queries.published_awards(one).filter(person_name=name)

    def do() -> str:
        award = same.first() if same.count() == 1 else None
        publication.object_to(
            round=one,
            award=award,
            about=name,
            text=request.POST.get("text", ""),
            name=request.POST.get("name", ""),
            contact=request.POST.get("contact", ""),
            by=request.user,
            at=now(),
            today=localdate(),
            address=client_address(request),
        )
        return _("已登记异议") if award else _("已登记异议；还没有认出是名单里的哪一位，请在异议页指明")

    return performed(request, do, "", reverse("award-round", args=[pk]))
