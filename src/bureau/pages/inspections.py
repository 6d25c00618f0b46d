"""督查: planned visits, their findings as rectification notices, and the report that issues them."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.sign_in import client_address
from bureau.people.queries import organisations
from bureau.people.rules import Permission, Refused, why_not
from bureau.supervision import inspections, queries
from bureau.supervision.models import Inspection

FIELDS = ("title", "basis", "starts", "ends", "team")
BLANK_FINDINGS = 3


@require_http_methods(["GET", "POST"])
@page(Permission.SEE_PLANS, but=("unit", "school", "township"))
def listing(request: SignedIn) -> HttpResponse:
    """督查: all of the county, and the form for a new one."""
    here = current(request)
    asked: dict[str, str] = {}
    refusal = ""
    if request.method == "POST":
        asked = {name: request.POST.get(name, "").strip() for name in FIELDS}
        try:
            made = inspections.begin(
                county_code=here.county_code,
                title=asked["title"],
                basis=asked["basis"],
                starts=_day(asked["starts"]),
                ends=_day(asked["ends"]),
                team=asked["team"],
                by=request.user,
                at=now(),
                address=client_address(request),
            )
        except Refused as error:
            refusal = str(error)
        else:
            messages.success(request, _("已立项，请记录发现的问题"))
            return HttpResponseRedirect(reverse("inspection", args=[made.pk]))
    rows = [
        (one, one.slips.count(), one.slips.filter(state="closed").count())
        for one in queries.inspections(here.county_code)
    ]
    return show(
        request,
        "supervision/inspections.html",
        title=_("督查"),
        crumbs=[(_("督办"), reverse("slips"))],
        status=422 if refusal else 200,
        rows=rows,
        asked=asked,
        refusal=refusal,
        why_not_begin=why_not(request.user.role, Permission.SUPERVISE),
    )


@require_http_methods(["GET", "POST"])
@page(Permission.SEE_PLANS, but=("unit", "school", "township"))
def one_inspection(request: SignedIn, pk: int) -> HttpResponse:
    """一次督查: its findings, and more of them at once."""
    here = current(request)
    one = _found(request, pk)
    units = {str(unit.pk): unit for unit in organisations(here.county_code)}
    asked: list[dict[str, str]] = []
    refusal = ""
    if request.method == "POST":
        asked = _typed(request)
        findings = [
            inspections.Finding(
                organisation=units.get(row["organisation"]),
                title=row["title"],
                problem=row["problem"],
                requirement=row["requirement"],
                working_days=int(row["working_days"]) if row["working_days"].isdecimal() else None,
            )
            for row in asked
        ]
        try:
            made = inspections.record(
                inspection=one, findings=findings, by=request.user, at=now(), address=client_address(request)
            )
        except Refused as error:
            refusal = str(error)
        else:
            messages.success(request, _("已记录 %(n)s 个问题，报告后一并发出整改通知书") % {"n": len(made)})
            return HttpResponseRedirect(request.path)
    lines: list[dict[str, Any]] = [*asked] or [{} for _number in range(BLANK_FINDINGS)]
    return show(
        request,
        "supervision/inspection.html",
        title=one.title,
        crumbs=[(_("督办"), reverse("slips")), (_("督查"), reverse("inspections"))],
        status=422 if refusal else 200,
        inspection=one,
        slips=[
            (slip, queries.number_of(slip), slip.get_state_display())
            for slip in one.slips.select_related("organisation").order_by("id")
        ],
        units=units.values(),
        lines=list(enumerate(lines, 1)),
        refusal=refusal,
        why_not_record=why_not(request.user.role, Permission.SUPERVISE)
        or (_("督查已报告，不能再加发现") if one.reported_at else None),
    )


@require_POST
@page(Permission.SUPERVISE)
def report(request: SignedIn, pk: int) -> HttpResponse:
    """报告: issue all findings."""
    one = _found(request, pk)
    try:
        count = inspections.report(
            inspection=one, by=request.user, at=now(), today=localdate(), address=client_address(request)
        )
        messages.success(request, _("督查已报告，发出整改通知书 %(n)s 份") % {"n": count})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("inspection", args=[pk]))


def _found(request: SignedIn, pk: int) -> Inspection:
    one = queries.inspections(current(request).county_code).filter(pk=pk).first()
    if one is None:
        raise not_found(_("没有这次督查。"))
    return one


def _typed(request: SignedIn) -> list[dict[str, str]]:
    """The findings as typed; a line with nothing but its ordinary deadline is not a finding."""
    names = ("organisation", "title", "problem", "requirement", "working_days")
    columns = [request.POST.getlist(name) for name in names]
    rows = [
        dict(zip(names, (value.strip() for value in row), strict=True)) for row in zip(*columns, strict=False)
    ]
    return [row for row in rows if any(row[name] for name in names[:4])]


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return None
