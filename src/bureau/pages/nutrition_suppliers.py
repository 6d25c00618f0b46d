"""供应单位: who may deliver, until when their licence and contract hold, and what they delivered."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bureau.nutrition import queries, rules, suppliers, supply_rules
from bureau.nutrition.models import Supplier
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.people_columns import opened
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.rules import Permission, Refused
from bureau.people.secret import mask_phone

SOON = timedelta(days=30)
FIELDS = (
    "name",
    "goods",
    "credit_code",
    "licence",
    "licence_until",
    "contract",
    "contract_until",
    "contact",
    "phone",
)


def _address(row: Row) -> str:
    return reverse("nutrition-supplier", args=[row["id"]])


@require_GET
@page(Permission.SEE_AID)
def listing(request: SignedIn) -> HttpResponse:
    """The list: those whose licence ends soon first."""
    here, today = current(request), localdate()
    accepted = Q(deliveries__state="accepted")
    rows = queries.suppliers(here.county_code).annotate(
        accepted=Count("deliveries", filter=accepted),
        rejected=Count("deliveries", filter=Q(deliveries__state="rejected")),
        fen=Sum("deliveries__fen", filter=accepted),
    )

    def fill(found: list[dict[str, Any]]) -> None:
        for row in found:
            row["yuan"] = (row["fen"] or 0) / 100
            row["standing"] = _standing(row, today)

    table = Table(
        request,
        "suppliers",
        (
            Column("name", _("单位名称"), link=_address),
            Column("goods", _("供应内容")),
            Column("licence", _("食品经营许可证号"), hidden=True),
            Column("licence_until", _("许可证有效期至"), "date"),
            Column("contract_until", _("合同有效期至"), "date"),
            Column("accepted", _("已验收"), "number", unit=_("批"), total=False),
            Column("rejected", _("拒收"), "number", unit=_("批"), total=False),
            Column("yuan", _("已验收金额"), "number", unit=_("元"), digits=2, computed=True, sort="fen"),
            Column("standing", _("状态"), "verdict", computed=True, sort="licence_until"),
        ),
        rows,
        what=_("家"),
        search=("name", "goods", "licence"),
        search_hint=_("名称、供应内容、许可证号"),
        order="licence_until,name",
        extra=("fen", "active"),
        fill=fill,
        row_link=_address,
        empty=_("还没有供应单位。登记以后，学校才能登记到货。"),
        caption=_("供应单位名单"),
    )
    if table.wants_export:
        return export(request, table, title=_("营养改善供应单位"))
    return show(
        request,
        "nutrition/suppliers.html",
        title=_("供应单位"),
        crumbs=[(_("营养改善"), reverse("nutrition"))],
        table=table,
        why_not_set=rules.why_not_set(by=request.user),
    )


def _standing(row: Row, today: date) -> str:
    ended = supply_rules.supplier_ended(
        day=today,
        active=row["active"],
        licence_until=row["licence_until"],
        contract_until=row["contract_until"],
    )
    if ended:
        return "已停用" if not row["active"] else "已到期"
    soon = min(day for day in (row["licence_until"], row["contract_until"]) if day) <= today + SOON
    return "即将到期" if soon else "有效"


@require_http_methods(["GET", "POST"])
@page(Permission.SEE_AID)
def supplier(request: SignedIn, pk: int = 0) -> HttpResponse:
    """One supplier, or a new one (pk 0)."""
    here = current(request)
    one = queries.suppliers(here.county_code).filter(pk=pk).first() if pk else None
    if pk and one is None:
        raise not_found(_("没有这家供应单位。"))
    why_not = rules.why_not_set(by=request.user)
    asked = _begin(one)
    refusal = ""
    if request.method == "POST":
        asked = {name: request.POST.get(name, "").strip() for name in FIELDS}
        try:
            saved = suppliers.save_supplier(
                county_code=here.county_code,
                entry=suppliers.SupplierEntry(
                    name=asked["name"], goods=asked["goods"], licence=asked["licence"], licence_until=_day(asked["licence_until"]),
                    credit_code=asked["credit_code"], contract=asked["contract"], contract_until=_day(asked["contract_until"]),
                    contact=asked["contact"], phone=asked["phone"], active=not one or request.POST.get("active") == "1",
                ),
                by=request.user,
                at=now(),
                supplier=one,
                address=client_address(request),
            )  # fmt: skip
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("nutrition-supplier", args=[saved.pk]))
    crumbs = [(_("营养改善"), reverse("nutrition")), (_("供应单位"), reverse("nutrition-suppliers"))]
    recent = one.deliveries.filter(school_code__in=here.schools().values("school_code")) if one else None
    return show(
        request,
        "nutrition/supplier.html",
        title=one.name if one else _("登记供应单位"),
        crumbs=crumbs,
        status=422 if refusal else 200,
        supplier=one,
        asked=asked,
        refusal=refusal,
        why_not_set=why_not,
        deliveries=recent.order_by("-day", "-id")[:30] if recent is not None else (),
        ended=supply_rules.supplier_ended(
            day=localdate(),
            active=one.active,
            licence_until=one.licence_until,
            contract_until=one.contract_until,
        )
        if one
        else None,
    )


def _begin(one: Supplier | None) -> dict[str, str]:
    if one is None:
        return dict.fromkeys(FIELDS, "")
    return {
        **{name: str(getattr(one, name) or "") for name in FIELDS if name != "phone"},
        "phone": mask_phone(opened(one.phone)),
    }


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return None
