"""责任单位: the register of units that plans name, their other names, and who acts for them."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_GET, require_POST

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.cells import Row
from bureau.pages.context import current, show
from bureau.pages.export import download
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people import organisation_import, organisation_sheet
from bureau.people import organisations as actions
from bureau.people.models import Area, Organisation, User
from bureau.people.organisation_rules import KINDS
from bureau.people.rules import Permission, Refused


def unit_address(row: Row) -> str:
    """The page of one unit."""
    return reverse("organisation", args=[row["id"]])


def columns() -> tuple[Column, ...]:
    """The columns of the register."""
    flags = {"True": N("在用"), "False": N("停用")}
    return (
        Column("name", _("单位名称"), link=unit_address),
        Column("kind", _("类别"), "code", codes=KINDS, choices=KINDS),
        Column("aliases", _("别名"), sort=None, text=lambda row: "、".join(row["aliases"]) or "–"),
        Column("parent__name", _("上级单位"), text=lambda row: row["parent__name"] or "–"),
        Column("area__name", _("乡镇"), hidden=True, text=lambda row: row["area__name"] or "–"),
        Column("head", _("负责人"), text=lambda row: row["head"] or "–"),
        Column("accounts", _("账号"), "number", unit="个"),
        Column("active", _("状态"), "code", codes=flags, choices=flags),
    )


def units_of(request: SignedIn) -> Any:
    """The units of the current county."""
    return Organisation.objects.filter(county_code=current(request).county_code)


@require_GET
@page(Permission.MANAGE_ORGANISATIONS)
def organisations(request: SignedIn) -> HttpResponse:
    """The register; Excel in the layout that is read back."""
    here = current(request)
    if request.GET.get("format") == "xlsx":
        units = units_of(request).select_related("parent", "area")
        obj = ("listing", "organisations")
        detail = {"county": here.county_code, "rows": units.count()}
        read_access(
            by=request.user,
            verb=Verb.EXPORT,
            obj=obj,
            detail=detail,
            at=now(),
            address=client_address(request),
        )
        return download(organisation_sheet.workbook(units), f"{here.county_name}责任单位.xlsx")
    table = Table(
        request,
        "organisations",
        columns(),
        units_of(request).annotate(accounts=Count("user")),
        what=_("个单位"),
        search=("name", "aliases", "head"),
        search_hint=_("名称、别名或负责人"),
        order="position,id",
        row_link=unit_address,
        empty=_("还没有登记责任单位。可以逐个登记，或下载空表填好后导入；核对计划时也能直接登记文中的单位。"),
        caption=_("责任单位"),
    )
    return show(request, "plans/organisations.html", title=_("责任单位"), table=table)


def _asked(request: SignedIn) -> dict[str, str]:
    names = ("name", "kind", "aliases", "parent", "area", "head")
    return {name: request.POST.get(name, "").strip() for name in names}


def _values(request: SignedIn, asked: dict[str, str]) -> dict[str, Any]:
    county = current(request).county_code
    parent = units_of(request).filter(name=asked["parent"]).first() if asked["parent"] else None
    if asked["parent"] and parent is None:
        raise Refused(_("登记里没有上级单位“%(name)s”，请从列表里选择") % {"name": asked["parent"]})
    area = (
        Area.objects.filter(code=asked["area"], path__startswith=f"{county}/").first()
        if asked["area"]
        else None
    )
    aliases = asked["aliases"].replace("、", "\n").replace("，", "\n").splitlines()
    return {**asked, "aliases": aliases, "parent": parent, "area": area}


@page(Permission.MANAGE_ORGANISATIONS)
def create(request: SignedIn) -> HttpResponse:
    """登记责任单位."""
    asked, refusal = _asked(request), ""
    if request.method == "POST":
        try:
            made = actions.create_organisation(
                county_code=current(request).county_code, **_values(request, asked), by=request.user, at=now(),
                address=client_address(request),
            )  # fmt: skip
        except Refused as wrong:
            refusal = str(wrong)
        else:
            messages.success(request, _("已登记“%(name)s”。") % {"name": made.name})
            return HttpResponseRedirect(reverse("organisations"))
    return _form(request, None, asked, refusal)


@page(Permission.MANAGE_ORGANISATIONS)
def organisation(request: SignedIn, pk: int) -> HttpResponse:
    """One unit: change it, merge another into it, and the accounts that act for it."""
    one = units_of(request).select_related("parent", "area").filter(pk=pk).first()
    if one is None:
        raise not_found(_("没有这个责任单位，或它不在您的辖区。"))
    asked = {
        "name": one.name, "kind": one.kind, "aliases": "\n".join(one.aliases), "head": one.head,
        "parent": one.parent.name if one.parent else "", "area": one.area.code if one.area else "",
    }  # fmt: skip
    refusal = ""
    if request.method == "POST":
        asked = _asked(request)
        try:
            actions.change_organisation(
                organisation=one, **_values(request, asked), active=request.POST.get("active") == "1", by=request.user,
                at=now(), address=client_address(request),
            )  # fmt: skip
        except Refused as wrong:
            refusal = str(wrong)
        else:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("organisation", args=[one.pk]))
    return _form(request, one, asked, refusal)


def _form(request: SignedIn, one: Organisation | None, asked: dict[str, str], refusal: str) -> HttpResponse:
    county = current(request).county_code
    others = units_of(request).exclude(pk__in=[one.pk] if one else [])
    return show(
        request,
        "plans/organisation.html",
        title=one.name if one else _("登记责任单位"),
        crumbs=[(_("责任单位"), reverse("organisations"))],
        unit=one,
        asked=asked,
        refusal=refusal,
        kinds=KINDS,
        others=others,
        townships=Area.objects.filter(path__startswith=f"{county}/", kind="township"),
        accounts=User.objects.filter(organisation=one, is_active=True) if one else (),
        parts=one.parts.all() if one else (),
        status=422 if refusal else 200,
    )


@require_POST
@page(Permission.MANAGE_ORGANISATIONS)
def merge(request: SignedIn, pk: int) -> HttpResponse:
    """合并: the other one's names become aliases of this one, and whatever names it names this one."""
    keep = units_of(request).filter(pk=pk).first()
    gone = units_of(request).filter(name=request.POST.get("gone", "").strip()).first()
    try:
        if keep is None or gone is None:
            raise Refused(_("请从列表里选择要并入的单位"))
        actions.merge_organisations(
            keep=keep, gone=gone, by=request.user, at=now(), address=client_address(request)
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("“%(gone)s”已并入“%(keep)s”，它的任务、账号和计划里的名称都归到这里。")
        messages.success(request, said % {"gone": gone.name, "keep": keep.name})
    return HttpResponseRedirect(reverse("organisation", args=[pk]))


@page(Permission.MANAGE_ORGANISATIONS)
def upload(request: SignedIn) -> HttpResponse:
    """导入责任单位表: first the differences, then saving them; all rows or none."""
    here = current(request)
    problems: list[str] = []
    found: organisation_import.Differences | None = None
    file = request.FILES.get("file")
    if request.method == "POST" and file is None:
        problems = [_("没有选择文件，请先选择填好的责任单位表")]
    elif file is not None:
        too_large = (file.size or 0) > organisation_sheet.LARGEST
        rows, problems = organisation_sheet.read(b"" if too_large else file.read())
        if too_large:
            problems = [_("文件超过 5 MB，请检查是否选错文件")]
        found = organisation_import.differences(here.county_code, rows)
        problems += found.problems
        if not problems and request.POST.get("apply") == "1":
            try:
                made, changed = organisation_import.import_units(
                    county_code=here.county_code,
                    rows=rows,
                    by=request.user,
                    at=now(),
                    address=client_address(request),
                )
            except Refused as refusal:
                problems = str(refusal).splitlines()
            else:
                said = _("已导入：新登记 %(made)s 个，修改 %(changed)s 个。")
                messages.success(request, said % {"made": made, "changed": changed})
                return HttpResponseRedirect(reverse("organisations"))
    return show(
        request,
        "plans/organisations_upload.html",
        title=_("导入责任单位表"),
        crumbs=[(_("责任单位"), reverse("organisations"))],
        problems=problems,
        found=found,
        status=422 if problems else 200,
    )
