"""到货: every delivery in scope; registering one, and its acceptance by two persons."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau.nutrition import deliveries, queries, supply_rules
from bureau.nutrition.models import Delivery
from bureau.nutrition.states import DELIVERY_WORDS
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import current, show
from bureau.pages.export import export
from bureau.pages.nutrition import month_address
from bureau.pages.people_columns import school_names, with_school
from bureau.pages.sign_in import client_address
from bureau.pages.table import Bulk, Column, Table
from bureau.people.rules import Permission, Refused, why_not

# A class teacher is the second at the door; lists of deliveries are not theirs.
ACCEPTING = ("leader", "office", "school", "teacher", "township", "inspector", "auditor")
FIELDS = ("school", "supplier", "day", "goods", "quantity", "unit", "yuan", "meals", "ticket", "temperature")


@require_http_methods(["GET", "POST"])
@page(Permission.SEE_AID)
def listing(request: SignedIn) -> HttpResponse:
    """The list, and the form for one more."""
    here = current(request)
    names = school_names(here)
    asked = {name: request.POST.get(name, "").strip() for name in FIELDS}
    refusal = ""
    if request.method == "POST":
        try:
            made = deliveries.record_deliveries(
                county_code=here.county_code, entries=[_typed(asked, here.county_code)], by=request.user, at=now(),
                today=localdate(), address=client_address(request),
            )  # fmt: skip
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("已登记到货，请两人验收"))
            return HttpResponseRedirect(reverse("nutrition-delivery", args=[made[0].pk]))
    else:
        asked |= {"school": request.GET.get("school", ""), "day": localdate().isoformat()}
    if len(names) == 1:
        asked["school"] = next(iter(names))
    table = _table(request, names)
    if table.wants_export:
        return export(request, table, title=_("营养改善到货"))
    return show(
        request,
        "nutrition/deliveries.html",
        title=_("到货"),
        crumbs=[(_("营养改善"), reverse("nutrition"))],
        status=422 if refusal else 200,
        table=table,
        asked=asked,
        refusal=refusal,
        schools=names,
        suppliers=queries.suppliers(here.county_code).filter(active=True),
        why_not_add=why_not(request.user.role, Permission.REPORT_AID),
    )


def _table(request: SignedIn, names: Any) -> Table:
    here = current(request)
    rows = queries.deliveries(here.county_code).filter(school_code__in=list(names))
    if school := request.GET.get("school", ""):
        rows = rows.filter(school_code=school)
    beside = with_school(names)

    def fill(found: list[dict[str, Any]]) -> None:
        beside(found)
        for row in found:
            row["yuan"] = row["fen"] / 100
            row["standing"] = DELIVERY_WORDS[row["state"]]

    return Table(
        request,
        "deliveries",
        (
            Column("day", _("日期"), "date"),
            Column("school_name", _("学校"), computed=True, sort="school_code"),
            Column("school_code", _("学校标识码"), "code", choices=names, hidden=True),
            Column("supplier__name", _("供应单位")),
            Column("goods", _("品名")),
            Column("quantity", _("数量"), "number"),
            Column("unit", _("单位")),
            Column("yuan", _("金额"), "number", unit=_("元"), digits=2, computed=True, sort="fen"),
            Column("meals", _("折合份数"), "number"),
            Column("temperature", _("温度"), "number", unit="℃", hidden=True),
            Column("ticket", _("票证号"), hidden=True),
            Column("inspected_by__display_name", _("第一验收人"), hidden=True),
            Column("second_by__display_name", _("第二验收人"), hidden=True),
            Column(
                "standing",
                _("状态"),
                "verdict",
                computed=True,
                sort="state",
                lookup="state",
                choices={state: _(words) for state, words in DELIVERY_WORDS.items()},
            ),
            Column("reason", _("拒收原因"), text=lambda row: row["reason"] or "–"),
        ),
        rows,
        what=_("批"),
        search=("goods", "supplier__name", "ticket"),
        search_hint=_("品名、供应单位、票证号"),
        order="-day,-id",
        extra=("school_code", "fen", "state"),
        fill=fill,
        bulk=(Bulk(_("验收"), reverse("nutrition-deliveries-accept")),)
        if request.user.role in supply_rules.ACCEPTING
        else (),
        row_link=lambda row: reverse("nutrition-delivery", args=[row["id"]]),
        empty=_("还没有登记到货。可以在下面逐批登记，或用 Excel 一次登记。"),
        caption=_("到货名单"),
    )


def _typed(asked: dict[str, str], county_code: str) -> deliveries.DeliveryEntry:
    supplier = queries.suppliers(county_code).filter(pk=int(asked["supplier"])).first() if asked["supplier"].isdecimal() else None  # fmt: skip
    yuan, meals = _number(asked["yuan"]), _number(asked["meals"])
    fen = yuan * 100 if yuan is not None else None
    if fen is not None and fen != fen.to_integral_value():
        raise Refused(f"金额“{asked['yuan']}”最多两位小数")
    return deliveries.DeliveryEntry(
        school_code=asked["school"],
        supplier=supplier,
        day=_day(asked["day"]),
        goods=asked["goods"],
        quantity=_number(asked["quantity"]),
        unit=asked["unit"],
        fen=int(fen) if fen is not None else None,
        meals=int(meals) if meals is not None else None,
        ticket=asked["ticket"],
        temperature=_number(asked["temperature"]),
    )


def _number(typed: str) -> Decimal | None:
    text = typed.replace(",", "").replace("，", "")
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found.adjusted() > 9:
        raise Refused(f"“{typed[:20]}”不是数，请改成数字，例如 120")
    return found


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return None


def _found(request: SignedIn, pk: int) -> Delivery:
    here = current(request)
    one = (
        queries.deliveries(here.county_code)
        .select_related("supplier", "by", "inspected_by", "second_by")
        .filter(pk=pk, school_code__in=here.schools().values("school_code"))
        .first()
    )
    if one is None:
        raise not_found(_("没有这批到货，或学校不在您的辖区。"))
    return one


@require_GET
@page(roles=ACCEPTING)
def delivery(request: SignedIn, pk: int) -> HttpResponse:
    """一批到货."""
    one = _found(request, pk)
    by = request.user
    name = (
        current(request)
        .schools()
        .filter(school_code=one.school_code)
        .values_list("school_name", flat=True)
        .first()
    )
    ended = supply_rules.supplier_ended(
        day=one.day,
        active=one.supplier.active,
        licence_until=one.supplier.licence_until,
        contract_until=one.supplier.contract_until,
    )
    crumbs = [(_("营养改善"), reverse("nutrition")), (_("到货"), reverse("nutrition-deliveries"))]
    return show(
        request,
        "nutrition/delivery.html",
        title=_("%(goods)s，%(day)s到货") % {"goods": one.goods, "day": one.day},
        crumbs=[] if by.role == "teacher" else crumbs,
        delivery=one,
        school=name,
        account=month_address(one.school_code, one.day.replace(day=1)) if by.role != "teacher" else "",
        state=DELIVERY_WORDS[one.state],
        ended=ended,
        why_not_inspect=supply_rules.why_not_inspect(by=by, mine=True, state=one.state, ended=ended),
        why_not_second=supply_rules.why_not_second(
            by=by, mine=True, state=one.state, inspected_by=one.inspected_by_id
        ),
        why_not_reject=supply_rules.why_not_reject(by=by, mine=True, state=one.state, reason="-"),
    )


@require_POST
@page(Permission.SEE_AID)
def accept_chosen(request: SignedIn) -> HttpResponse:
    """成批验收 of the chosen deliveries: as first or second person, as each stands."""
    here = current(request)
    keys = [int(key) for key in request.POST.getlist("ids") if key.isdecimal() and len(key) < 15]
    rows = queries.deliveries(here.county_code).filter(
        pk__in=keys, school_code__in=here.schools().values("school_code")
    )
    try:
        first, second = deliveries.accept_many(
            deliveries=list(rows), by=request.user, at=now(), address=client_address(request)
        )
        messages.success(request, _("第一人验收 %(a)s 批，第二人验收 %(b)s 批") % {"a": first, "b": second})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("nutrition-deliveries"))


@require_POST
@page(roles=ACCEPTING)
def change(request: SignedIn, pk: int, action: str) -> HttpResponse:
    """验收、第二人验收、拒收."""
    one = _found(request, pk)
    by, at, address = request.user, now(), client_address(request)
    try:
        match action:
            case "inspect":
                deliveries.inspect(delivery=one, by=by, at=at, address=address)
                messages.success(request, _("已验收，请第二人签"))
            case "accept":
                deliveries.accept(delivery=one, by=by, at=at, address=address)
                messages.success(request, _("两人已验收，计入本月支出"))
            case "reject":
                reason = request.POST.get("reason", "")
                deliveries.reject(delivery=one, reason=reason, by=by, at=at, address=address)
                messages.success(request, _("已拒收"))
            case _:
                raise not_found(_("没有这个操作。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("nutrition-delivery", args=[pk]))
